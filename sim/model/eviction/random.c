/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any value. The stored keys fill the ring from 0 to end - 1, in no order. */
#include "model/eviction/rows.h"

static void put_at(struct cache *cache, uint32_t place, uint32_t key)
{
    cache->order.ring[place] = key;
    cache->keys[key].place = place;
}

static void add(struct cache *cache, uint32_t key) { put_at(cache, cache->order.end++, key); }

/* The last one takes its place. */
static void remove_key(struct cache *cache, uint32_t key)
{
    put_at(cache, cache->keys[key].place, cache->order.ring[--cache->order.end]);
}

static uint32_t victim(struct cache *cache, struct stream *stream)
{
    return cache->order.ring[(uint32_t)(((stream_next(stream) >> 32) * cache->order.end) >> 32)];
}

const struct eviction_row eviction_random = {
    .row = {.name = "random", .summary = "any value, all alike",
            .formula = "hit ratio of key i: a_i t / (1 + a_i t), where sum over i of that = capacity",
            .source = "Gelenbe (1973): exactly that of fifo; the formula after Fricker, Robert and Roberts (2012)"},
    .add = add, .remove = remove_key, .victim = victim,
    .draw_age = eviction_draw_odds,
};
