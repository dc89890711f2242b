/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cache has at time 0.
 *
 * A full cache in long use, asked for key i with probability p_i each time: with LRU it has the C keys whose last use
 * is the shortest time ago, and these times are independent and exponential with means 1 / p_i. So drawing them all
 * gives a sample of exactly that. FIFO and random have any C keys with a probability in proportion to the product of
 * their p_i, in any order. With t so that C of them are expected, these are the keys with U / (1 - U) < p_i t, if they
 * happen to be C; the C least of U / (1 - U) / p_i differ from that by a place or so. */
#include <math.h>
#include <stdlib.h>

#include "model/eviction.h"
#include "model/store.h"

struct candidate {
    double age;
    uint32_t key;
};

static int by_age(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->age != y->age ? (x->age > y->age) - (x->age < y->age) : (x->key > y->key) - (x->key < y->key);
}

static struct candidate *draw_ages(const struct cache *cache)
{
    struct candidate *all = memory_zeroed((size_t)cache->config->keys, sizeof *all);
    for (uint32_t key = 0; key < cache->config->keys; key++) {
        struct stream stream = stream_at(cache->evict_key, key, 1);
        all[key] = (struct candidate){cache->eviction->draw_age(&stream) * pow(key + 1, cache->config->zipf), key};
    }
    qsort(all, (size_t)cache->config->keys, sizeof *all, by_age);
    return all;
}

/* Where age does not tell, those that are there come in any order. */
static void shuffle(const struct cache *cache, struct candidate *some, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct stream stream = stream_at(cache->evict_key, some[i].key, 2);
        some[i].age = stream_uniform(&stream);
    }
    qsort(some, count, sizeof *some, by_age);
}

static void put_aged(const struct world *world, struct cache *cache, uint32_t key)
{
    int64_t until_ns = store_expiry_ns(cache, 0, UINT64_MAX - key);
    struct stream stream = stream_at(cache->ttl_key, key, 1);
    if (until_ns < INT64_MAX)
        until_ns = law_round_ns((double)until_ns * stream_uniform_open(&stream));
    store_put_until(world, cache, key, until_ns);
}

static void fill_as_in_use(const struct world *world, struct cache *cache)
{
    struct candidate *all = draw_ages(cache);
    if (!cache->eviction->touch)
        shuffle(cache, all, cache->capacity);
    for (uint32_t i = cache->capacity; i-- > 0;)
        put_aged(world, cache, all[i].key);
    free(all);
}

/* The most popular last, so that it is the newest. */
static void fill_with_popular(const struct world *world, struct cache *cache)
{
    for (uint32_t key = cache->capacity; key-- > 0;)
        store_put_until(world, cache, key, store_expiry_ns(cache, 0, UINT64_MAX - key));
}

void store_fill(const struct world *world, struct cache *cache)
{
    if (cache->config->start == CACHE_FILLED)
        fill_with_popular(world, cache);
    else if (cache->eviction)
        fill_as_in_use(world, cache);
    else
        for (uint32_t key = 0; key < cache->config->keys; key++)
            put_aged(world, cache, key);
}
