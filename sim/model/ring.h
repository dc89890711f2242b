/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round robin over the lanes in which somebody waits: each lane's turn comes after all the others'.
 *
 * A lane enters when an attempt joins it. One that has become empty meanwhile loses its turn when that comes, so every
 * step is O(1), amortised. */
#ifndef MODEL_RING_H
#define MODEL_RING_H

#include "model/world.h"

struct ring {
    uint32_t head, tail;          /* the lane whose turn is next; the last one */
    uint32_t next[];              /* of each lane; NONE: the last one; RING_OUTSIDE: not in the ring */
};

#define RING_OUTSIDE (NONE - 1)

static inline size_t ring_bytes(uint32_t lanes) { return sizeof(struct ring) + lanes * sizeof(uint32_t); }

static inline void ring_init(struct ring *ring, uint32_t lanes)
{
    ring->head = ring->tail = NONE;
    for (uint32_t i = 0; i < lanes; i++)
        ring->next[i] = RING_OUTSIDE;
}

static inline void ring_enter(struct ring *ring, uint32_t lane)
{
    if (ring->next[lane] != RING_OUTSIDE)
        return;
    ring->next[lane] = NONE;
    if (ring->head == NONE)
        ring->head = lane;
    else
        ring->next[ring->tail] = lane;
    ring->tail = lane;
}

static inline uint32_t ring_leave(struct ring *ring)
{
    uint32_t lane = ring->head;
    ring->head = ring->next[lane];
    ring->next[lane] = RING_OUTSIDE;
    return lane;
}

/* The lane whose turn it is; its oldest attempt is about to be taken. Some lane is not empty. */
static inline uint32_t ring_turn(struct ring *ring, const struct queue *lanes)
{
    uint32_t lane = ring_leave(ring);
    while (lanes[lane].length == 0)
        lane = ring_leave(ring);
    if (lanes[lane].length > 1)
        ring_enter(ring, lane);
    return lane;
}

#endif
