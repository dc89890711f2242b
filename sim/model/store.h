/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cache stores: values and how long they are fresh, the room for them, nodes that come and go.
 *
 * TTL. A value stored at t is fresh until t + ttl; with `ttl_align` until the last multiple of it by then (if there is
 * one after t); then `ttl_jitter` shortens what is left by up to that part of it. Fresh means before that instant.
 * A ttl of none never ends. What has expired stays, as a stale value, until it is overwritten, evicted or flushed.
 *
 * Nodes. All nodes are alike and share keys and capacity, so one order of eviction stands for them all: with keys
 * spread by a hash, each node's oldest value is about as old. A ring change forgets the keys that move, for nobody
 * copies them to their new node, and scales the capacity.
 *
 * Every change of a key costs O(1); a flush and a ring change look at all keys. */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "model/world.h"

static inline bool store_has(const struct cache *cache, uint32_t key)
{
    return cache->keys[key].fresh_until_ns != INT64_MIN;
}

static inline bool store_is_fresh(const struct cache *cache, uint32_t key, int64_t now_ns)
{
    return now_ns < cache->keys[key].fresh_until_ns;
}

void store_put(const struct world *world, struct cache *cache, uint32_t key);       /* a new value, now */
/* The value was read: moves it in the order of eviction, and starts its TTL anew if it is fresh and that slides. */
void store_read(const struct world *world, struct cache *cache, uint32_t key);
void store_forget(const struct world *world, struct cache *cache, uint32_t key);    /* the value is gone */
/* Value, token and remembered failure are gone. */
void store_invalidate(const struct world *world, struct cache *cache, uint32_t key);

/* Which keys a flush forgets: this part, picked at random, of those that the other two leave. */
struct flush {
    const char *cache;            /* a fault's first parameter is its target's name */
    double fraction;
    int64_t hottest, node;        /* the so many most popular keys; those of one node. INT64_MAX: any */
};
/* `number` tells the draws of several flushes of one run apart. */
void store_flush(const struct world *world, struct cache *cache, const struct flush *flush, uint32_t number);
void store_set_nodes(const struct world *world, struct cache *cache, uint32_t nodes);

/* The sum over all keys of the time for which they stay fresh, up to the end of the run. */
area_t store_fresh_left_ns(const struct world *world, const struct cache *cache);

void store_build(const struct world *world, struct cache *cache);
/* What is there at time 0 (store_fill.c), by the cache's `start`: what fits of the most popular keys, with all their
 * TTL before them, or what a cache in long use would have, with ages spread over the TTL. */
void store_fill(const struct world *world, struct cache *cache);
/* For that: a value that is fresh until then; when one that is stored now expires (`item` numbers the draw). */
void store_put_until(const struct world *world, struct cache *cache, uint32_t key, int64_t until_ns);
int64_t store_expiry_ns(const struct cache *cache, int64_t now_ns, uint64_t item);
void store_free(struct cache *cache);

#endif
