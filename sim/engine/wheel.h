/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The radix wheel: the upper room of the event set.
 *
 * The key (time * 8 + rank) is cut into digits: 3 bits of rank, then six times 10 bits of time. An event's
 * level is that of the highest digit in which its key differs from the wheel's position, its slot that
 * digit. So:
 *   - a lower level holds earlier events than a higher one, and a lower slot than a higher one;
 *   - all events of one key are in one slot, always: the position moves only to the base of the earliest
 *     slot, which changes the level of no event outside that slot;
 *   - a slot is a queue, and spreading a slot keeps the order; so equal keys leave in the order they came,
 *     and the sequence is never looked at.
 * Level 0 (the "instant") holds events of the single time at the position, one slot a rank: these need no
 * sorting and are popped from there.
 *
 * A level that a few hundred events are spread over uses only every 2^k-th slot, which then stands for 2^k
 * of them, so that a slot holds about a dozen events and is not half empty. Should such a slot become too
 * full, the whole level is refined to single slots. This happens at most once before the level is empty
 * again.
 *
 * A slot is a list of chunks; `end` is where the next event goes, and stands on a chunk boundary when a new
 * chunk is needed. A bitmap and a word of summary per level find the earliest slot. */
#ifndef ENGINE_WHEEL_H
#define ENGINE_WHEEL_H

#include "engine/event_set.h"
#include "engine/blocks.h"

enum { WHEEL_CHUNK_BYTES = 256, WHEEL_CHUNK_EVENTS = WHEEL_CHUNK_BYTES / 16 - 1 };
enum { WHEEL_BITS = 10, WHEEL_RANK_BITS = 3, WHEEL_SLOTS = 1 << WHEEL_BITS, WHEEL_LEVELS = 7 };

struct wheel_chunk {
    struct wheel_chunk *next;
    uint64_t first;                 /* popped already are those before this one; only in the instant */
    struct event events[WHEEL_CHUNK_EVENTS];
};

struct wheel_slot {
    struct wheel_chunk *head;
    struct event *end;
};

struct wheel_level {
    uint64_t words_used, used[WHEEL_SLOTS / 64];
    struct wheel_slot slots[WHEEL_SLOTS];
};

struct wheel {
    unsigned slot_mask[WHEEL_LEVELS];   /* the bits of a level's digit that choose the slot */
    uint64_t position;              /* a key that no event of the wheel and no later push is before */
    uint64_t levels_used;
    size_t count;
    struct blocks chunks;
    struct wheel_level levels[WHEEL_LEVELS];
};

struct wheel_place {
    unsigned level, slot;
};

void wheel_init(struct wheel *wheel);
void wheel_free(struct wheel *wheel);

/* event.key >= wheel->position. */
void wheel_push(struct wheel *wheel, struct event event);

/* The earliest slot; the wheel must not be empty. */
struct wheel_place wheel_first(const struct wheel *wheel);
/* The earliest slot of a level; the level must not be empty. */
struct wheel_place wheel_first_of(const struct wheel *wheel, unsigned level);
static inline bool wheel_level_used(const struct wheel *wheel, unsigned level)
{
    return wheel->levels_used >> level & 1;
}

/* The first key of a slot and the first key behind it. */
uint64_t wheel_base(const struct wheel *wheel, struct wheel_place place);
uint64_t wheel_limit(const struct wheel *wheel, struct wheel_place place);

/* Whether a slot holds at most `most` events (looks at no more than these). Level > 0. */
bool wheel_holds_at_most(const struct wheel *wheel, struct wheel_place place, size_t most);
/* Starts loading a slot's first chunk. */
void wheel_prefetch(const struct wheel *wheel, struct wheel_place place);
/* Moves a slot's events to `to` in the order they came; returns how many. Level > 0. */
size_t wheel_take(struct wheel *wheel, struct wheel_place place, struct event *to);
/* Makes the earliest slot smaller: refines its level or, if it is fine, moves the position to the slot's
 * base and its events to the levels below. Level > 0. */
void wheel_spread(struct wheel *wheel, struct wheel_place place);

/* The instant's earliest event; the instant must not be empty. */
const struct event *wheel_instant(const struct wheel *wheel);
void wheel_instant_drop(struct wheel *wheel);

#endif
