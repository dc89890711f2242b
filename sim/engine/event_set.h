/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event set: what happens next.
 *
 * Order. Events leave by (time, rank, insertion). `rank` orders the kinds that meet in one instant (see
 * enum rank); among equals the one pushed first leaves first. This is exactly the order of a binary heap on
 * (time, rank, sequence); tests/unit/test_event_set.c compares the two on random programs. (The sequence is
 * 32 bits and wraps: two events of equal time and rank, one of them in a lane, keep their order as long as
 * fewer than 2^31 pushes lie between them.)
 *
 * Shape. Three rooms:
 *   - The bottom: the next few events, sorted (bottom.h). While few are pending it holds them all.
 *   - A radix wheel for the others (wheel.h): 2^10 slots a level, 1 ns slots at the lowest, so that the
 *     levels span 1 us, 1 ms, 1 s, 18 min, 13 days, 36 years. An event goes to the level of the highest bit
 *     in which its time differs from the wheel's position. When a slot comes up it is sorted into the
 *     bottom if it holds few events, else spread over the next lower level; so an event moves at most about
 *     as often as there are levels, and usually twice. A push before the bottom's horizon is inserted
 *     there; a bottom that grows too large goes back to the wheel but for its first events. Slots are lists
 *     of chunks, so growth never copies. A crowd at one single time is popped from a queue for each rank.
 *   - Lanes (lane.h): a queue for each constant delay, in issue order. Only a lane's head competes for the
 *     next event. A cancelled lane event is never an event: when it reaches the head it is dropped, at the
 *     cost of one look at its owner. No lane costs nothing.
 *
 * Cancel. A push returns the event's sequence number. The owner of a cancellable event keeps it and forgets
 * it to cancel; whoever pops compares (`event.sequence` against what the owner keeps). Lanes ask the owner
 * themselves, through `alive`, so that dead entries are dropped without being popped.
 *
 * Cost. Push and pop are O(1) amortised; 16 bytes an event in the wheel and in a lane, and 100 kB for a
 * start. Memory is used again, and returned to the system only by event_set_free.
 *
 * Limits. Times are int64 ns from 0 to EVENT_TIME_MAX (36 years); a push beyond that goes there. A push
 * before the time of the last popped event is a programmer's error (CHECK). */
#ifndef ENGINE_EVENT_SET_H
#define ENGINE_EVENT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rank { RANK_FAULT, RANK_COMPLETION, RANK_RESPONSE, RANK_TIMEOUT, RANK_ARRIVAL, RANK_COUNT };

#define EVENT_TIME_MAX (INT64_MAX >> 3)

/* 16 bytes. key = time * 8 + rank; `handle` is the caller's (a kind and an index). */
struct event {
    uint64_t key;
    uint32_t sequence;
    uint32_t handle;
};

static inline int64_t event_time_ns(struct event event) { return (int64_t)(event.key >> 3); }
static inline enum rank event_rank(struct event event) { return (enum rank)(event.key & 7); }

struct event_set;

/* Whether the owner of a lane event still waits for it. Called when the event, at the head of its lane, is
 * due to be popped: everything before it was popped by then. NULL: it always does. */
typedef bool event_alive(const void *owner, struct event event);
/* Called about a dozen entries ahead of need, to start loading what `alive` or the handler will read. A
 * hint: some events are never announced, some twice, and one that is announced is still pending. May be
 * NULL. */
typedef void event_prefetch(const void *owner, struct event event);

struct event_set *event_set_new(event_alive *alive, event_prefetch *prefetch, const void *owner);
void event_set_free(struct event_set *set);

/* Pushes an event at `time_ns` >= the time of the last popped event; returns its sequence, never 0. */
uint32_t event_push(struct event_set *set, int64_t time_ns, enum rank rank, uint32_t handle);

/* The lane of a constant delay and rank, made on first use. At most EVENT_LANES: then -1, and the caller uses
 * event_push. */
enum { EVENT_LANES = 4 };
int event_lane(struct event_set *set, int64_t delay_ns, enum rank rank);
/* Pushes at now_ns + the lane's delay; now_ns is the time of the event being handled (never decreases). */
uint32_t event_push_lane(struct event_set *set, int lane, int64_t now_ns, uint32_t handle);

/* The next event that is alive, removed; its key is EVENT_NONE when none is left. (By value: it stays in registers.) */
#define EVENT_NONE UINT64_MAX
struct event event_next(struct event_set *set);

static inline bool event_pop(struct event_set *set, struct event *event)
{
    *event = event_next(set);
    return event->key != EVENT_NONE;
}

size_t event_pending(const struct event_set *set);      /* dead lane entries included */
size_t event_bytes(const struct event_set *set);        /* memory held */

/* For tests: the sequence number before the next one, to come near the wrap-around at once. */
void event_set_start_sequence(struct event_set *set, uint32_t sequence);

#endif
