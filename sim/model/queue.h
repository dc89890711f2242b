/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service's waiting attempts: a doubly linked list inside the attempts, so that any of them leaves in O(1). */
#ifndef MODEL_QUEUE_H
#define MODEL_QUEUE_H

#include "model/world.h"

static inline void queue_append(struct attempt *attempts, struct queue *queue, uint32_t index)
{
    attempts[index].previous = queue->tail;
    attempts[index].next = NONE;
    if (queue->tail == NONE)
        queue->head = index;
    else
        attempts[queue->tail].next = index;
    queue->tail = index;
    queue->length++;
}

static inline void queue_remove(struct attempt *attempts, struct queue *queue, uint32_t index)
{
    uint32_t previous = attempts[index].previous, next = attempts[index].next;
    if (previous == NONE)
        queue->head = next;
    else
        attempts[previous].next = next;
    if (next == NONE)
        queue->tail = previous;
    else
        attempts[next].previous = previous;
    queue->length--;
}

#endif
