/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Insertion and sorting of a few events. */
#include "engine/bottom.h"

#include <string.h>

enum { RUN = 16 };

void bottom_slide(struct bottom *bottom)
{
    size_t count = bottom_count(bottom);
    struct event *start = bottom->room + BOTTOM_START;
    memmove(start, bottom->head, count * sizeof *start);
    bottom->head = start;
    bottom->tail = start + count;
}

__attribute__((noinline)) void bottom_insert_within(struct bottom *bottom, struct event event)
{
    struct event *head = bottom->head, *tail = bottom->tail;
    if (head > bottom->room && event.key < head[(tail - head) / 2].key) {
        struct event *at = head;
        for (; at->key <= event.key; at++)
            at[-1] = *at;
        at[-1] = event;
        bottom->head = head - 1;
    } else {
        struct event *at = tail;
        for (; at > head && at[-1].key > event.key; at--)
            *at = at[-1];
        *at = event;
        bottom->tail = tail + 1;
    }
}

/* Sorts by counting for each event how many go before it: many comparisons, but no branch that could be
 * guessed wrong, which is what sorting a dozen events costs otherwise. */
static void sort_run(struct event *events, size_t count)
{
    struct event copy[RUN];
    uint32_t rank[RUN];
    for (size_t j = 0; j < count; j++) {
        copy[j] = events[j];
        uint32_t before_it = 0;
        for (size_t i = 0; i < j; i++) {
            uint32_t earlier = copy[j].key < copy[i].key;
            rank[i] += earlier;
            before_it += 1 - earlier;
        }
        rank[j] = before_it;
    }
    for (size_t i = 0; i < count; i++)
        events[rank[i]] = copy[i];
}

/* The first half waits in `copy`; what is left of the second is in its place already. */
static void merge(struct event *events, size_t half, size_t count)
{
    struct event copy[BOTTOM_ROOM];
    memcpy(copy, events, half * sizeof *events);
    const struct event *a = copy, *a_end = copy + half, *b = events + half, *b_end = events + count;
    while (a < a_end && b < b_end) {
        bool from_b = b->key < a->key;
        *events++ = *(from_b ? b : a);
        b += from_b;
        a += !from_b;
    }
    memcpy(events, a, (size_t)(a_end - a) * sizeof *a);
}

static void sort(struct event *events, size_t count)
{
    if (count <= RUN) {
        sort_run(events, count);
        return;
    }
    size_t half = count / 2;
    sort(events, half);
    sort(events + half, count - half);
    merge(events, half, count);
}

void bottom_sort(struct bottom *bottom, struct event *from)
{
    sort(from, (size_t)(bottom->tail - from));
}
