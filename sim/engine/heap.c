/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One textbook d-ary heap, compiled for d = 2 and d = 4. */
#include "engine/heap.h"

#include <stdlib.h>

#include "base/arena.h"

void heap_free(struct heap *heap)
{
    free(heap->events);
    *heap = (struct heap){0};
}

static inline bool before(struct event a, struct event b)
{
    return a.key < b.key || (a.key == b.key && (int32_t)(a.sequence - b.sequence) < 0);
}

static inline void push(struct heap *heap, struct event event, size_t arity)
{
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity ? 2 * heap->capacity : 64;
        heap->events = memory_resize(heap->events, heap->capacity, sizeof *heap->events);
    }
    size_t hole = heap->count++;
    while (hole) {
        size_t parent = (hole - 1) / arity;
        if (!before(event, heap->events[parent]))
            break;
        heap->events[hole] = heap->events[parent];
        hole = parent;
    }
    heap->events[hole] = event;
}

static inline size_t earliest_child(const struct heap *heap, size_t first, size_t arity)
{
    size_t end = first + arity < heap->count ? first + arity : heap->count;
    size_t best = first;
    for (size_t child = first + 1; child < end; child++)
        if (before(heap->events[child], heap->events[best]))
            best = child;
    return best;
}

static inline bool pop(struct heap *heap, struct event *event, size_t arity)
{
    if (!heap->count)
        return false;
    *event = heap->events[0];
    struct event last = heap->events[--heap->count];
    size_t hole = 0;
    for (size_t first = 1; first < heap->count; first = hole * arity + 1) {
        size_t child = earliest_child(heap, first, arity);
        if (!before(heap->events[child], last))
            break;
        heap->events[hole] = heap->events[child];
        hole = child;
    }
    heap->events[hole] = last;
    return true;
}

void heap_push(struct heap *heap, struct event event)
{
    push(heap, event, 2);
}

bool heap_pop(struct heap *heap, struct event *event)
{
    return pop(heap, event, 2);
}

void heap4_push(struct heap *heap, struct event event)
{
    push(heap, event, 4);
}

bool heap4_pop(struct heap *heap, struct event *event)
{
    return pop(heap, event, 4);
}
