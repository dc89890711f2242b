/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digits, slots and chunks. */
#include "engine/wheel.h"

#include <string.h>

static unsigned level_shift(unsigned level)
{
    return level ? WHEEL_RANK_BITS + (level - 1) * WHEEL_BITS : 0;
}

/* Measured: 6 to 24 are alike; fewer than that and half the slots are empty, more and sorting them costs
 * more. */
enum { EVENTS_A_SLOT = 12, COARSEST = 8 };

void wheel_init(struct wheel *wheel)
{
    for (unsigned level = 0; level < WHEEL_LEVELS; level++)
        wheel->slot_mask[level] = WHEEL_SLOTS - 1;
    blocks_init(&wheel->chunks, WHEEL_CHUNK_BYTES, 64 * WHEEL_CHUNK_BYTES);
}

void wheel_free(struct wheel *wheel)
{
    blocks_free(&wheel->chunks);
}

static void mark_used(struct wheel *wheel, unsigned level, unsigned slot)
{
    struct wheel_level *at = &wheel->levels[level];
    at->used[slot / 64] |= UINT64_C(1) << slot % 64;
    at->words_used |= UINT64_C(1) << slot / 64;
    wheel->levels_used |= UINT64_C(1) << level;
}

static void mark_empty(struct wheel *wheel, unsigned level, unsigned slot)
{
    struct wheel_level *at = &wheel->levels[level];
    at->slots[slot] = (struct wheel_slot){0};
    if (at->used[slot / 64] &= ~(UINT64_C(1) << slot % 64))
        return;
    if (at->words_used &= ~(UINT64_C(1) << slot / 64))
        return;
    wheel->levels_used &= ~(UINT64_C(1) << level);
}

/* Out of line: the registers it needs would be saved by every push. */
static __attribute__((noinline)) struct event *add_chunk(struct wheel *wheel, unsigned level, unsigned slot)
{
    struct wheel_slot *at = &wheel->levels[level].slots[slot];
    struct wheel_chunk *chunk = blocks_take(&wheel->chunks);
    chunk->next = NULL;
    chunk->first = 0;
    if (at->head) {
        struct wheel_chunk *last = (struct wheel_chunk *)at->end - 1;
        last->next = chunk;
    } else {
        at->head = chunk;
        mark_used(wheel, level, slot);
    }
    return chunk->events;
}

static inline void place_event(struct wheel *wheel, struct event event)
{
    unsigned top_bit = 63 - (unsigned)__builtin_clzll((event.key ^ wheel->position) | 1);
    unsigned level = (top_bit + WHEEL_BITS - WHEEL_RANK_BITS) / WHEEL_BITS;
    /* The instant's slot is the rank and seven bits of its time, which are the same for all of them. */
    unsigned slot = (unsigned)(event.key >> level_shift(level)) & wheel->slot_mask[level];
    struct wheel_slot *at = &wheel->levels[level].slots[slot];
    struct event *end = at->end;
    if (__builtin_expect((uintptr_t)end % WHEEL_CHUNK_BYTES == 0, 0))
        end = add_chunk(wheel, level, slot);
    *end = event;
    at->end = end + 1;
}

void wheel_push(struct wheel *wheel, struct event event)
{
    place_event(wheel, event);
    wheel->count++;
}

struct wheel_place wheel_first_of(const struct wheel *wheel, unsigned level)
{
    const struct wheel_level *at = &wheel->levels[level];
    unsigned word = (unsigned)__builtin_ctzll(at->words_used);
    return (struct wheel_place){level, word * 64 + (unsigned)__builtin_ctzll(at->used[word])};
}

struct wheel_place wheel_first(const struct wheel *wheel)
{
    return wheel_first_of(wheel, (unsigned)__builtin_ctzll(wheel->levels_used));
}

uint64_t wheel_base(const struct wheel *wheel, struct wheel_place place)
{
    unsigned shift = level_shift(place.level);
    uint64_t above = wheel->position >> shift >> WHEEL_BITS << WHEEL_BITS;
    return (above | place.slot) << shift;
}

uint64_t wheel_limit(const struct wheel *wheel, struct wheel_place place)
{
    uint64_t width = wheel->slot_mask[place.level] & -wheel->slot_mask[place.level];
    return wheel_base(wheel, place) + (width << level_shift(place.level));
}

static size_t chunk_end(const struct wheel_chunk *chunk, const struct event *slot_end)
{
    return chunk->next ? WHEEL_CHUNK_EVENTS : (size_t)(slot_end - chunk->events);
}

bool wheel_holds_at_most(const struct wheel *wheel, struct wheel_place place, size_t most)
{
    const struct wheel_slot *at = &wheel->levels[place.level].slots[place.slot];
    size_t count = 0;
    for (const struct wheel_chunk *chunk = at->head; chunk; chunk = chunk->next) {
        count += chunk_end(chunk, at->end);
        if (count > most)
            return false;
    }
    return true;
}

size_t wheel_take(struct wheel *wheel, struct wheel_place place, struct event *to)
{
    struct wheel_slot at = wheel->levels[place.level].slots[place.slot];
    mark_empty(wheel, place.level, place.slot);
    struct event *start = to;
    for (struct wheel_chunk *chunk = at.head, *next; chunk; chunk = next) {
        next = chunk->next;
        for (size_t i = 0, end = chunk_end(chunk, at.end); i < end; i++)
            *to++ = chunk->events[i];
        blocks_give(&wheel->chunks, chunk);
    }
    wheel->count -= (size_t)(to - start);
    return (size_t)(to - start);
}

static void prefetch_chunk(const struct wheel_chunk *chunk)
{
    for (size_t i = 0; i < WHEEL_CHUNK_EVENTS; i += 4)
        __builtin_prefetch(&chunk->events[i]);
}

void wheel_prefetch(const struct wheel *wheel, struct wheel_place place)
{
    prefetch_chunk(wheel->levels[place.level].slots[place.slot].head);
}

static void place_all(struct wheel *wheel, struct wheel_slot from)
{
    for (struct wheel_chunk *chunk = from.head, *next; chunk; chunk = next) {
        next = chunk->next;
        if (next)
            prefetch_chunk(next);
        for (size_t i = 0, end = chunk_end(chunk, from.end); i < end; i++)
            place_event(wheel, chunk->events[i]);
        blocks_give(&wheel->chunks, chunk);
    }
}

/* The events of a coarse slot go to it and to the empty ones before the next coarse one: order is kept. */
static void refine_level(struct wheel *wheel, unsigned level)
{
    struct wheel_level *at = &wheel->levels[level];
    uint64_t used[WHEEL_SLOTS / 64];
    memcpy(used, at->used, sizeof used);
    wheel->slot_mask[level] = WHEEL_SLOTS - 1;
    for (unsigned word = 0; word < WHEEL_SLOTS / 64; word++) {
        for (; used[word]; used[word] &= used[word] - 1) {
            unsigned slot = word * 64 + (unsigned)__builtin_ctzll(used[word]);
            struct wheel_slot from = at->slots[slot];
            mark_empty(wheel, level, slot);
            place_all(wheel, from);
        }
    }
}

/* The mask with which so many events, spread evenly over a level, come to about EVENTS_A_SLOT in a slot. */
static unsigned mask_for(size_t events)
{
    unsigned coarse = 0;
    while (coarse < COARSEST && events << coarse < (size_t)EVENTS_A_SLOT * WHEEL_SLOTS)
        coarse++;
    return (WHEEL_SLOTS - 1) >> coarse << coarse;
}

static void choose_masks(struct wheel *wheel, unsigned level, const struct wheel_slot *from)
{
    size_t events = 0;
    for (const struct wheel_chunk *chunk = from->head; chunk; chunk = chunk->next) {
        events += WHEEL_CHUNK_EVENTS;
        if (events >= (size_t)EVENTS_A_SLOT * WHEEL_SLOTS)
            break;
    }
    while (--level > 0) {
        wheel->slot_mask[level] = mask_for(events);
        events /= WHEEL_SLOTS;
    }
}

void wheel_spread(struct wheel *wheel, struct wheel_place place)
{
    if (wheel->slot_mask[place.level] != WHEEL_SLOTS - 1) {
        refine_level(wheel, place.level);
        return;
    }
    struct wheel_slot from = wheel->levels[place.level].slots[place.slot];
    wheel->position = wheel_base(wheel, place);
    mark_empty(wheel, place.level, place.slot);
    choose_masks(wheel, place.level, &from);
    place_all(wheel, from);
}

const struct event *wheel_instant(const struct wheel *wheel)
{
    const struct wheel_chunk *chunk = wheel->levels[0].slots[wheel_first_of(wheel, 0).slot].head;
    return &chunk->events[chunk->first];
}

void wheel_instant_drop(struct wheel *wheel)
{
    unsigned slot = wheel_first_of(wheel, 0).slot;
    struct wheel_slot *at = &wheel->levels[0].slots[slot];
    struct wheel_chunk *chunk = at->head;
    wheel->count--;
    if (++chunk->first < chunk_end(chunk, at->end))
        return;
    if (chunk->next)
        at->head = chunk->next;
    else
        mark_empty(wheel, 0, slot);
    blocks_give(&wheel->chunks, chunk);
}
