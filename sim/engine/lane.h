/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lane: a queue of events that all have the same delay and rank, so that they come in order.
 *
 * The queue is a list of 64 KiB blocks; growth copies nothing. `key` is the head's, or LANE_EMPTY. */
#ifndef ENGINE_LANE_H
#define ENGINE_LANE_H

#include "engine/event_set.h"
#include "engine/blocks.h"

enum { LANE_BLOCK_BYTES = 1 << 16, LANE_BLOCK_EVENTS = LANE_BLOCK_BYTES / 16 - 1 };
#define LANE_EMPTY UINT64_MAX

struct lane_block {
    struct lane_block *next;
    uint64_t unused;
    struct event events[LANE_BLOCK_EVENTS];
};

struct lane {
    uint64_t key;
    struct event *head, *tail;      /* tail: the next free place, or a block's end */
    size_t count;
    uint64_t last_key;
    int64_t delay_ns;
    enum rank rank;
};

/* Ahead of the head by this many entries, the owner's record is asked for. */
enum { LANE_AHEAD = 12 };

struct event *lane_add_block(struct lane *lane, struct blocks *blocks);
void lane_leave_block(struct lane *lane, struct blocks *blocks);

static inline void lane_push(struct lane *lane, struct blocks *blocks, struct event event)
{
    struct event *tail = lane->tail;
    if (__builtin_expect((uintptr_t)tail % LANE_BLOCK_BYTES == 0, 0))
        tail = lane_add_block(lane, blocks);
    *tail = event;
    lane->tail = tail + 1;
    lane->last_key = event.key;
    if (!lane->count++)
        lane->key = event.key;
}

/* Removes the head; the lane must not be empty. */
static inline void lane_drop(struct lane *lane, struct blocks *blocks)
{
    lane->head++;
    lane->count--;
    if (__builtin_expect((uintptr_t)lane->head % LANE_BLOCK_BYTES == 0, 0))
        lane_leave_block(lane, blocks);
    lane->key = lane->count ? lane->head->key : LANE_EMPTY;
}

/* Asks for what comes LANE_AHEAD entries behind the head; for all up to there where a block begins. */
static inline void lane_prefetch(const struct lane *lane, event_prefetch *prefetch, const void *owner)
{
    const struct event *head = lane->head;
    size_t place = (uintptr_t)head % LANE_BLOCK_BYTES / sizeof *head;
    if (place == 1) {
        for (size_t i = 0; i < LANE_AHEAD && i < lane->count; i++)
            prefetch(owner, head[i]);
    }
    if (lane->count > LANE_AHEAD && place + LANE_AHEAD <= LANE_BLOCK_EVENTS)
        prefetch(owner, head[LANE_AHEAD]);
}

#endif
