/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/miss/token.h"

bool token_is_free(const struct cache *cache, uint32_t key, int64_t now_ns)
{
    return now_ns >= cache->memory[key].held_until_ns;
}

void token_take(struct cache *cache, uint32_t key, uint32_t attempt, int64_t until_ns)
{
    cache->fetches[key].holder = attempt;
    cache->memory[key].held_until_ns = until_ns;
}

bool token_is_held_by(const struct cache *cache, uint32_t key, uint32_t attempt)
{
    return cache->fetches[key].holder == attempt;
}

void token_leave(struct cache *cache, uint32_t key, bool at_once)
{
    cache->fetches[key].holder = NONE;
    if (at_once)
        cache->memory[key].held_until_ns = 0;
}
