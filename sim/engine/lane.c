/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of a lane's blocks. */
#include "engine/lane.h"

struct event *lane_add_block(struct lane *lane, struct blocks *blocks)
{
    struct lane_block *block = blocks_take(blocks);
    block->next = NULL;
    if (lane->tail) {
        struct lane_block *last = (struct lane_block *)lane->tail - 1;
        last->next = block;
    } else {
        lane->head = block->events;
    }
    return block->events;
}

void lane_leave_block(struct lane *lane, struct blocks *blocks)
{
    struct lane_block *block = (struct lane_block *)lane->head - 1;
    if (block->next)
        lane->head = block->next->events;
    else
        lane->head = lane->tail = NULL;
    blocks_give(blocks, block);
}
