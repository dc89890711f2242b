/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of one size, handed out and taken back.
 *
 * A block is as aligned as it is large (a power of two), so that an address tells how full a block is.
 * Blocks come from slabs that double up to 1 MiB; nothing is ever copied, and nothing goes back to the
 * system before blocks_free. The block given back last is given out first: it is still in the cache. */
#ifndef ENGINE_BLOCKS_H
#define ENGINE_BLOCKS_H

#include <stddef.h>

struct free_block {
    struct free_block *next;
};

struct blocks {
    size_t block_bytes;
    struct free_block *free;
    char *fresh, *fresh_end;        /* the part of the newest slab that was never given out */
    struct slab *slabs;
    size_t slab_bytes, total_bytes;
};

void blocks_init(struct blocks *blocks, size_t block_bytes, size_t first_slab_bytes);
void blocks_free(struct blocks *blocks);
void *blocks_take_fresh(struct blocks *blocks);

/* Not zeroed. */
static inline void *blocks_take(struct blocks *blocks)
{
    struct free_block *block = blocks->free;
    if (__builtin_expect(!block, 0))
        return blocks_take_fresh(blocks);
    blocks->free = block->next;
    return block;
}

static inline void blocks_give(struct blocks *blocks, void *memory)
{
    struct free_block *block = memory;
    block->next = blocks->free;
    blocks->free = block;
}

#endif
