/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store.h"

#include <math.h>
#include <stdlib.h>

#include "model/eviction.h"
#include "model/placement.h"

/* ---- time ---- */

static int64_t fresh_left_ns(const struct world *world, const struct cache *cache, uint32_t key)
{
    int64_t until_ns = cache->keys[key].fresh_until_ns, end_ns = world->config->duration_ns;
    if (until_ns <= world->now_ns)
        return 0;
    return (until_ns < end_ns ? until_ns : end_ns) - world->now_ns;
}

static void set_fresh_until(const struct world *world, struct cache *cache, uint32_t key, int64_t until_ns)
{
    cache->fresh_ns -= (area_t)(uint64_t)fresh_left_ns(world, cache, key);
    cache->keys[key].fresh_until_ns = until_ns;
    cache->fresh_ns += (area_t)(uint64_t)fresh_left_ns(world, cache, key);
}

area_t store_fresh_left_ns(const struct world *world, const struct cache *cache)
{
    area_t sum = 0;
    for (uint32_t key = 0; key < cache->config->keys; key++)
        sum += (area_t)(uint64_t)fresh_left_ns(world, cache, key);
    return sum;
}

/* When a value stored now expires; `item` numbers the draw. */
int64_t store_expiry_ns(const struct cache *cache, int64_t now_ns, uint64_t item)
{
    const struct cache_config *config = cache->config;
    if (config->ttl_ns == INT64_MAX)
        return INT64_MAX;
    int64_t left_ns = config->ttl_ns;
    int64_t past_ns = config->ttl_align_ns == INT64_MAX ? 0 : (now_ns + left_ns) % config->ttl_align_ns;
    if (past_ns < left_ns)
        left_ns -= past_ns;
    if (config->ttl_jitter > 0) {
        struct stream stream = stream_at(cache->ttl_key, item, 0);
        left_ns = law_round_ns((double)left_ns * (1 - config->ttl_jitter * stream_uniform(&stream)));
    }
    return now_ns + left_ns;
}

/* ---- room ---- */

void store_forget(const struct world *world, struct cache *cache, uint32_t key)
{
    if (!store_has(cache, key))
        return;
    if (cache->eviction)
        cache->eviction->remove(cache, key);
    cache->stored--;
    set_fresh_until(world, cache, key, INT64_MIN);
}

static void make_room(const struct world *world, struct cache *cache, uint32_t capacity)
{
    while (cache->stored > capacity) {
        struct stream stream = stream_at(cache->evict_key, cache->evictions++, 0);
        store_forget(world, cache, cache->eviction->victim(cache, &stream));
        cache->place.counts[COUNT_EVICTIONS]++;
    }
}

void store_put_until(const struct world *world, struct cache *cache, uint32_t key, int64_t until_ns)
{
    if (!store_has(cache, key)) {
        if (cache->eviction) {
            make_room(world, cache, cache->capacity - 1);
            cache->eviction->add(cache, key);
        }
        cache->stored++;
    } else if (cache->features & CACHE_TOUCH) {
        cache->eviction->touch(cache, key);
    }
    set_fresh_until(world, cache, key, until_ns);
    cache->keys[key].expiry_seen = false;
}

void store_put(const struct world *world, struct cache *cache, uint32_t key)
{
    store_put_until(world, cache, key, store_expiry_ns(cache, world->now_ns, cache->fills++));
    if (cache->features & CACHE_FAILURES)
        cache->memory[key].failed_until_ns = 0;
}

void store_read(const struct world *world, struct cache *cache, uint32_t key)
{
    if (cache->features & CACHE_TOUCH)
        cache->eviction->touch(cache, key);
    if (cache->features & CACHE_SLIDING && store_is_fresh(cache, key, world->now_ns))
        set_fresh_until(world, cache, key, store_expiry_ns(cache, world->now_ns, cache->fills++));
}

void store_invalidate(const struct world *world, struct cache *cache, uint32_t key)
{
    store_forget(world, cache, key);
    cache->fetches[key].holder = NONE;
    if (cache->memory) {
        cache->memory[key].held_until_ns = 0;
        cache->memory[key].failed_until_ns = 0;
    }
}

/* ---- flushes, nodes ---- */

static uint32_t node_of(const struct cache *cache, int64_t key, uint32_t nodes)
{
    struct stream stream = stream_at(cache->ring_key, (uint64_t)key, 0);
    return placement_node((enum placement)cache->config->placement, stream_next(&stream), nodes);
}

void store_flush(const struct world *world, struct cache *cache, const struct flush *flush, uint32_t number)
{
    uint64_t flush_key = stream_key(world->seed, world->replication, "flush", cache->place.path);
    int64_t keys = flush->hottest < cache->config->keys ? flush->hottest : cache->config->keys;
    for (int64_t i = 0; i < keys; i++) {
        struct stream stream = stream_at(flush_key, (uint64_t)i, number);
        bool is_meant = flush->node == INT64_MAX || node_of(cache, i, cache->nodes) == flush->node;
        if (is_meant && stream_uniform(&stream) < flush->fraction)
            store_invalidate(world, cache, (uint32_t)i);
    }
}

static uint32_t capacity_of(const struct cache *cache, uint32_t nodes)
{
    double scaled = (double)cache->config->capacity * nodes / (double)cache->config->nodes;
    return (uint32_t)fmin(fmax(1, floor(scaled)), (double)cache->config->keys);
}

void store_set_nodes(const struct world *world, struct cache *cache, uint32_t nodes)
{
    for (int64_t i = 0; i < cache->config->keys && nodes != cache->nodes; i++)
        if (node_of(cache, i, nodes) != node_of(cache, i, cache->nodes))
            store_invalidate(world, cache, (uint32_t)i);
    cache->nodes = nodes;
    cache->capacity = capacity_of(cache, nodes);
    if (cache->eviction)
        make_room(world, cache, cache->capacity);
}

/* ---- building ---- */

/* Ring changes may make room for all keys. */
static void build_ring(struct cache *cache)
{
    uint64_t entries = 64;
    while (entries < 4 * (uint64_t)(cache->config->nodes > 1 ? cache->config->keys : cache->config->capacity))
        entries *= 2;
    cache->order.ring = memory_zeroed(entries, sizeof *cache->order.ring);
    cache->order.mask = (uint32_t)(entries - 1);
}

void store_build(const struct world *world, struct cache *cache)
{
    int64_t keys = cache->config->keys;
    cache->nodes = (uint32_t)cache->config->nodes;
    cache->keys = memory_zeroed((size_t)keys, sizeof *cache->keys);
    cache->fetches = memory_zeroed((size_t)keys, sizeof *cache->fetches);
    for (int64_t i = 0; i < keys; i++) {
        cache->keys[i] = (struct cache_key){.fresh_until_ns = INT64_MIN};
        cache->fetches[i] = (struct cache_fetches){.waiters = NONE, .holder = NONE};
    }
    cache->capacity = capacity_of(cache, cache->nodes);
    if (cache->eviction)
        build_ring(cache);
    if (cache->config->start != CACHE_COLD)
        store_fill(world, cache);
}

void store_free(struct cache *cache)
{
    free(cache->keys);
    free(cache->fetches);
    free(cache->memory);
    free(cache->order.ring);
}
