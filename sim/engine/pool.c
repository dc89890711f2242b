/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slabs: cut into aligned blocks as they are asked for. */
#include "engine/pool.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

enum { LARGEST_SLAB = 1 << 20 };

struct pool_slab {
    struct pool_slab *next;
    void *memory;
};

void pool_init(struct pool *pool, size_t block_bytes, size_t first_slab_bytes)
{
    *pool = (struct pool){.block_bytes = block_bytes, .slab_bytes = first_slab_bytes};
}

void pool_free(struct pool *pool)
{
    while (pool->slabs) {
        struct pool_slab *slab = pool->slabs;
        pool->slabs = slab->next;
        free(slab->memory);
        free(slab);
    }
}

static void add_slab(struct pool *pool)
{
    struct pool_slab *slab = memory_zeroed(1, sizeof *slab);
    size_t bytes = pool->slab_bytes + pool->block_bytes;
    slab->memory = memory_resize(NULL, 1, bytes);
    slab->next = pool->slabs;
    pool->slabs = slab;
    pool->total_bytes += bytes;

    size_t past = (uintptr_t)slab->memory % pool->block_bytes;
    pool->fresh = (char *)slab->memory + (past ? pool->block_bytes - past : 0);
    pool->fresh_end = pool->fresh + pool->slab_bytes;
    if (pool->slab_bytes < LARGEST_SLAB)
        pool->slab_bytes *= 2;
}

void *pool_take_fresh(struct pool *pool)
{
    if (pool->fresh == pool->fresh_end)
        add_slab(pool);
    void *block = pool->fresh;
    pool->fresh += pool->block_bytes;
    return block;
}
