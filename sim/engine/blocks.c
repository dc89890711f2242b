/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slabs: cut into aligned blocks as they are asked for. */
#include "engine/blocks.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

enum { LARGEST_SLAB = 1 << 20 };

struct slab {
    struct slab *next;
    void *memory;
};

void blocks_init(struct blocks *blocks, size_t block_bytes, size_t first_slab_bytes)
{
    *blocks = (struct blocks){.block_bytes = block_bytes, .slab_bytes = first_slab_bytes};
}

void blocks_free(struct blocks *blocks)
{
    while (blocks->slabs) {
        struct slab *slab = blocks->slabs;
        blocks->slabs = slab->next;
        free(slab->memory);
        free(slab);
    }
}

static void add_slab(struct blocks *blocks)
{
    struct slab *slab = memory_zeroed(1, sizeof *slab);
    size_t bytes = blocks->slab_bytes + blocks->block_bytes;
    slab->memory = memory_resize(NULL, 1, bytes);
    slab->next = blocks->slabs;
    blocks->slabs = slab;
    blocks->total_bytes += bytes;

    size_t past = (uintptr_t)slab->memory % blocks->block_bytes;
    blocks->fresh = (char *)slab->memory + (past ? blocks->block_bytes - past : 0);
    blocks->fresh_end = blocks->fresh + blocks->slab_bytes;
    if (blocks->slab_bytes < LARGEST_SLAB)
        blocks->slab_bytes *= 2;
}

void *blocks_take_fresh(struct blocks *blocks)
{
    if (blocks->fresh == blocks->fresh_end)
        add_slab(blocks);
    void *block = blocks->fresh;
    blocks->fresh += blocks->block_bytes;
    return block;
}
