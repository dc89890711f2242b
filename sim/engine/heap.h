/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference heaps on (time, rank, sequence): what the event set is compared with, in order and in speed.
 *
 * A plain binary heap and a 4-ary heap in one growing array. The caller gives the sequence; it is compared
 * by wrapped difference, so the events that are in the heap together must be less than 2^31 pushes apart. */
#ifndef ENGINE_HEAP_H
#define ENGINE_HEAP_H

#include "engine/event_set.h"

struct heap {
    struct event *events;
    size_t count, capacity;
};

void heap_free(struct heap *heap);      /* a zeroed heap is empty */

void heap_push(struct heap *heap, struct event event);
bool heap_pop(struct heap *heap, struct event *event);

void heap4_push(struct heap *heap, struct event event);
bool heap4_pop(struct heap *heap, struct event *event);

#endif
