/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bottom: the next few events, sorted.
 *
 * A small array in ascending order, popped at its head. Equal keys stay in the order they came: an
 * insertion goes behind its equals, and the sort is stable. What an insertion moves is the shorter side.
 * The array slides down when it reaches the end of its room; its owner takes events away before it holds
 * more than BOTTOM_MAX at that moment. */
#ifndef ENGINE_BOTTOM_H
#define ENGINE_BOTTOM_H

#include <string.h>

#include "engine/event_set.h"

enum { BOTTOM_MAX = 64, BOTTOM_ROOM = 2 * BOTTOM_MAX, BOTTOM_START = BOTTOM_MAX / 4 };

struct bottom {
    struct event *head, *tail;
    struct event room[BOTTOM_ROOM];
};

static inline void bottom_clear(struct bottom *bottom)
{
    bottom->head = bottom->tail = bottom->room + BOTTOM_START;
}

static inline bool bottom_empty(const struct bottom *bottom)
{
    return bottom->head == bottom->tail;
}

static inline size_t bottom_count(const struct bottom *bottom)
{
    return (size_t)(bottom->tail - bottom->head);
}

/* No room behind the tail: slide, or take events away, before the next insertion. */
static inline bool bottom_at_end(const struct bottom *bottom)
{
    return bottom->tail == bottom->room + BOTTOM_ROOM;
}

void bottom_slide(struct bottom *bottom);
/* Sorts the events from `from` to the tail, stable. They must be later than those before `from`. */
void bottom_sort(struct bottom *bottom, struct event *from);
/* The insertion when the event is not the last. */
void bottom_insert_within(struct bottom *bottom, struct event event);

/* Two pending events are the whole of a small queueing model, and which is first is a coin toss: so without
 * a branch. */
static inline void bottom_insert_second(struct event *first, struct event event)
{
    uint64_t rest, first_rest;
    memcpy(&rest, &event.sequence, sizeof rest);
    memcpy(&first_rest, &first->sequence, sizeof first_rest);
    uint64_t swap = -(uint64_t)(event.key < first->key);
    uint64_t key_change = (event.key ^ first->key) & swap, rest_change = (rest ^ first_rest) & swap;
    first[1].key = event.key ^ key_change;
    first[0].key ^= key_change;
    rest ^= rest_change;
    first_rest ^= rest_change;
    memcpy(&first[1].sequence, &rest, sizeof rest);
    memcpy(&first[0].sequence, &first_rest, sizeof first_rest);
}

static inline void bottom_insert(struct bottom *bottom, struct event event)
{
    struct event *tail = bottom->tail;
    size_t count = (size_t)(tail - bottom->head);
    if (count > 1 && event.key < tail[-1].key) {
        bottom_insert_within(bottom, event);
        return;
    }
    bottom->tail = tail + 1;
    if (count == 1)
        bottom_insert_second(tail - 1, event);
    else
        *tail = event;
}

/* The head, removed. The key is kept from being loaded together with the rest: one wide load would have to
 * wait until the narrow stores of an insertion just before are through. */
static inline struct event bottom_pop(struct bottom *bottom)
{
    const struct event *head = bottom->head++;
    struct event event = *head;
    __asm__("" : "+r"(event.key));
    return event;
}

#endif
