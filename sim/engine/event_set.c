/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the bottom, the wheel and the lanes work together.
 *
 * `horizon` parts bottom and wheel: keys before it are in the bottom, all others in the wheel, whose
 * position is never after the time of the last popped event. An empty wheel has its horizon at the end of
 * time: the bottom holds all. */
#include "engine/event_set.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/check.h"
#include "engine/bottom.h"
#include "engine/lane.h"
#include "engine/wheel.h"

enum {
    LOAD_MAX = 48,                  /* a slot with more events is spread, not sorted */
    GATHER = 24,                    /* sparse slots are loaded together until there are so many events */
    DRAIN_MAX = 24,                 /* a wheel with no more than these is emptied into the bottom */
    KEEP = 24,                      /* what an overgrown bottom keeps */
    BOTTOM_AHEAD = 8,               /* the record of an event is asked for this many pops before */
};
#define NO_HORIZON UINT64_MAX
/* Kept out of the hot functions, whose registers it would cost. */
#define COLD __attribute__((noinline))

struct event_set {
    struct bottom bottom;
    uint64_t horizon;
    uint64_t lane_key;              /* of the earliest lane head, or LANE_EMPTY */
    int64_t now_ns;                 /* of the last popped event */
    uint32_t sequence;
    int lane_first, lane_count;
    event_alive *alive;
    event_prefetch *prefetch;
    const void *owner;
    struct lane lanes[EVENT_LANES];
    struct blocks blocks;
    struct wheel wheel;
};

struct event_set *event_set_new(event_alive *alive, event_prefetch *prefetch, const void *owner)
{
    struct event_set *set = memory_zeroed(1, sizeof *set);
    set->alive = alive;
    set->prefetch = prefetch;
    set->owner = owner;
    set->horizon = NO_HORIZON;
    set->lane_key = LANE_EMPTY;
    bottom_clear(&set->bottom);
    blocks_init(&set->blocks, LANE_BLOCK_BYTES, LANE_BLOCK_BYTES);
    wheel_init(&set->wheel);
    return set;
}

void event_set_free(struct event_set *set)
{
    if (!set)
        return;
    wheel_free(&set->wheel);
    blocks_free(&set->blocks);
    free(set);
}

void event_set_start_sequence(struct event_set *set, uint32_t sequence)
{
    set->sequence = sequence;
}

static bool goes_before(uint64_t key, uint32_t sequence, struct event other)
{
    return key < other.key || (key == other.key && (int32_t)(sequence - other.sequence) < 0);
}

/* The bottom's room is used up: move it down, or give all but its first events back to the wheel. */
static COLD void bottom_make_room(struct event_set *set)
{
    struct bottom *bottom = &set->bottom;
    size_t count = bottom_count(bottom);
    if (count > BOTTOM_MAX) {
        if (!set->wheel.count)
            set->wheel.position = (uint64_t)set->now_ns << WHEEL_RANK_BITS;
        size_t keep = KEEP;
        while (keep && bottom->head[keep].key == bottom->head[keep - 1].key)
            keep--;
        for (size_t i = keep; i < count; i++)
            wheel_push(&set->wheel, bottom->head[i]);
        set->horizon = bottom->head[keep].key;
        bottom->tail = bottom->head + keep;
    }
    bottom_slide(bottom);
}

static uint32_t next_sequence(struct event_set *set)
{
    uint32_t sequence = set->sequence + 1;
    sequence += !sequence;
    set->sequence = sequence;
    return sequence;
}

static uint64_t key_of(int64_t time_ns, enum rank rank)
{
    int64_t clamped = time_ns < EVENT_TIME_MAX ? time_ns : EVENT_TIME_MAX;
    return (uint64_t)clamped << WHEEL_RANK_BITS | (uint64_t)rank;
}

uint32_t event_push(struct event_set *set, int64_t time_ns, enum rank rank, uint32_t handle)
{
    CHECK(time_ns >= set->now_ns, "an event was pushed into the past");
    struct event event = {key_of(time_ns, rank), next_sequence(set), handle};
    if (event.key < set->horizon && __builtin_expect(bottom_at_end(&set->bottom), 0))
        bottom_make_room(set);
    if (event.key < set->horizon)
        bottom_insert(&set->bottom, event);
    else
        wheel_push(&set->wheel, event);
    return event.sequence;
}

int event_lane(struct event_set *set, int64_t delay_ns, enum rank rank)
{
    CHECK(delay_ns >= 0, "a lane's delay is negative");
    for (int i = 0; i < set->lane_count; i++)
        if (set->lanes[i].delay_ns == delay_ns && set->lanes[i].rank == rank)
            return i;
    if (set->lane_count == EVENT_LANES)
        return -1;
    set->lanes[set->lane_count] = (struct lane){.key = LANE_EMPTY, .delay_ns = delay_ns, .rank = rank};
    return set->lane_count++;
}

static void find_first_lane(struct event_set *set)
{
    int first = 0;
    for (int i = 1; i < set->lane_count; i++) {
        const struct lane *lane = &set->lanes[i], *best = &set->lanes[first];
        bool tie = lane->key == best->key && lane->count;
        if (lane->key < best->key || (tie && goes_before(lane->key, lane->head->sequence, *best->head)))
            first = i;
    }
    set->lane_first = first;
    set->lane_key = set->lanes[first].key;
}

uint32_t event_push_lane(struct event_set *set, int lane, int64_t now_ns, uint32_t handle)
{
    struct lane *to = &set->lanes[lane];
    int64_t delay_ns = to->delay_ns < EVENT_TIME_MAX ? to->delay_ns : EVENT_TIME_MAX;
    struct event event = {key_of(now_ns + delay_ns, to->rank), next_sequence(set), handle};
    CHECK(now_ns >= set->now_ns && event.key >= to->last_key, "a lane's clock ran backwards");
    lane_push(to, &set->blocks, event);
    if (to->count == 1)
        find_first_lane(set);
    return event.sequence;
}

/* The earliest key that is not in lane `first`. */
static uint64_t rival_key(const struct event_set *set)
{
    uint64_t key = bottom_empty(&set->bottom) ? set->horizon : set->bottom.head->key;
    for (int i = 0; i < set->lane_count; i++)
        if (i != set->lane_first && set->lanes[i].key < key)
            key = set->lanes[i].key;
    return key;
}

/* Takes the earliest lane head, and the dead ones behind it that are due before anything else; false when all were
 * dead. */
static bool pop_lane(struct event_set *set, struct event *event)
{
    struct lane *lane = &set->lanes[set->lane_first];
    uint64_t rival = rival_key(set);
    bool alive;
    do {
        *event = *lane->head;
        lane_drop(lane, &set->blocks);
        if (set->prefetch)
            lane_prefetch(lane, set->prefetch, set->owner);
        alive = !set->alive || set->alive(set->owner, *event);
    } while (!alive && lane->key < rival);
    find_first_lane(set);
    if (alive)
        set->now_ns = event_time_ns(*event);
    return alive;
}

static void load_slot(struct event_set *set, struct wheel_place place)
{
    struct event *from = set->bottom.tail;
    set->bottom.tail += wheel_take(&set->wheel, place, from);
    bottom_sort(&set->bottom, from);
}

static void load_all(struct event_set *set)
{
    while (set->wheel.count)
        load_slot(set, wheel_first(&set->wheel));
    set->horizon = NO_HORIZON;
}

/* The earliest slot, and those behind it at its level while they are sparse. */
static void load_slots(struct event_set *set, struct wheel_place place)
{
    struct wheel *wheel = &set->wheel;
    size_t count;
    wheel->position = wheel_base(wheel, place);
    do {
        load_slot(set, place);
        set->horizon = wheel_limit(wheel, place);
        count = bottom_count(&set->bottom);
        if (!wheel_level_used(wheel, place.level))
            break;
        place = wheel_first_of(wheel, place.level);
    } while (count < GATHER && wheel_holds_at_most(wheel, place, LOAD_MAX - count));
    if (!wheel->count)
        set->horizon = NO_HORIZON;
    else if (wheel_level_used(wheel, place.level))
        wheel_prefetch(wheel, place);
}

/* Fills the empty bottom from the wheel, which is not empty. Does less in two cases: the next event is in a
 * lane, or in the wheel's instant. The position must not pass a lane's head: its handler may push right
 * behind it. */
static void refill(struct event_set *set)
{
    struct wheel *wheel = &set->wheel;
    bottom_clear(&set->bottom);
    while (!wheel_level_used(wheel, 0)) {
        if (wheel->count <= DRAIN_MAX) {
            load_all(set);
            break;
        }
        struct wheel_place place = wheel_first(wheel);
        uint64_t base = wheel_base(wheel, place);
        set->horizon = base;
        if (base > set->lane_key)
            return;
        if (wheel_holds_at_most(wheel, place, LOAD_MAX)) {
            load_slots(set, place);
            break;
        }
        wheel_spread(wheel, place);
    }
    if (set->prefetch)
        for (size_t i = 0; i < BOTTOM_AHEAD && i < bottom_count(&set->bottom); i++)
            set->prefetch(set->owner, set->bottom.head[i]);
}

static struct event pop_bottom(struct event_set *set)
{
    struct bottom *bottom = &set->bottom;
    struct event event = bottom_pop(bottom);
    set->now_ns = event_time_ns(event);
    if (set->prefetch && bottom_count(bottom) >= BOTTOM_AHEAD)
        set->prefetch(set->owner, bottom->head[BOTTOM_AHEAD - 1]);
    return event;
}

/* Whether `event` is due before the earliest lane head. */
static bool before_lanes(const struct event_set *set, struct event event)
{
    return set->lane_key == LANE_EMPTY ||
           goes_before(event.key, event.sequence, *set->lanes[set->lane_first].head);
}

/* The bottom is empty or a lane's head is not after its head. */
static __attribute__((noinline)) struct event pop_any(struct event_set *set)
{
    struct event event;
    for (;;) {
        if (!bottom_empty(&set->bottom)) {
            if (before_lanes(set, *set->bottom.head))
                return pop_bottom(set);
        } else if (set->lane_key >= set->horizon) {
            if (!set->wheel.count && set->lane_key == LANE_EMPTY)
                return (struct event){.key = EVENT_NONE};
            if (!wheel_level_used(&set->wheel, 0)) {
                refill(set);
                continue;
            }
            if (before_lanes(set, *wheel_instant(&set->wheel))) {
                event = *wheel_instant(&set->wheel);
                set->now_ns = event_time_ns(event);
                wheel_instant_drop(&set->wheel);
                return event;
            }
        }
        if (pop_lane(set, &event))
            return event;
    }
}

struct event event_next(struct event_set *set)
{
    if (bottom_empty(&set->bottom) || set->bottom.head->key >= set->lane_key)
        return pop_any(set);
    return pop_bottom(set);
}

size_t event_pending(const struct event_set *set)
{
    size_t count = bottom_count(&set->bottom) + set->wheel.count;
    for (int i = 0; i < set->lane_count; i++)
        count += set->lanes[i].count;
    return count;
}

size_t event_bytes(const struct event_set *set)
{
    return sizeof *set + set->blocks.total_bytes + set->wheel.chunks.total_bytes;
}
