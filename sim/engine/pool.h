/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of one size, handed out and taken back.
 *
 * A block is as aligned as it is large (a power of two), so that an address tells how full a block is.
 * Blocks come from slabs that double up to 1 MiB; nothing is ever copied, and nothing goes back to the
 * system before pool_free. The block given back last is given out first: it is still in the cache. */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include <stddef.h>

struct pool_free_block {
    struct pool_free_block *next;
};

struct pool {
    size_t block_bytes;
    struct pool_free_block *free;
    char *fresh, *fresh_end;        /* the part of the newest slab that was never given out */
    struct pool_slab *slabs;
    size_t slab_bytes, total_bytes;
};

void pool_init(struct pool *pool, size_t block_bytes, size_t first_slab_bytes);
void pool_free(struct pool *pool);
void *pool_take_fresh(struct pool *pool);

/* Not zeroed. */
static inline void *pool_take(struct pool *pool)
{
    struct pool_free_block *block = pool->free;
    if (__builtin_expect(!block, 0))
        return pool_take_fresh(pool);
    pool->free = block->next;
    return block;
}

static inline void pool_give(struct pool *pool, void *memory)
{
    struct pool_free_block *block = memory;
    block->next = pool->free;
    pool->free = block;
}

#endif
