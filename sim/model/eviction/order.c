/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/eviction/order.h"

enum { AHEAD = 16 };              /* entries between the one looked at and the one whose key is being loaded */

static uint32_t *entry(const struct order *order, uint32_t place) { return &order->ring[place & order->mask]; }

/* Whether the entry is its key's last; loads a later one's key. */
static bool is_last(const struct cache *cache, uint32_t place)
{
    uint32_t key = *entry(&cache->order, place), ahead = *entry(&cache->order, place + AHEAD);
    __builtin_prefetch(&cache->keys[ahead != NONE ? ahead : 0]);
    return key != NONE && cache->keys[key].place == place;
}

static void squeeze(struct cache *cache)
{
    struct order *order = &cache->order;
    uint32_t to = order->begin;
    for (uint32_t from = order->begin; from != order->end; from++) {
        if (!is_last(cache, from))
            continue;
        uint32_t key = *entry(order, from);
        *entry(order, to) = key;
        cache->keys[key].place = to++;
    }
    order->end = to;
}

void order_mention(struct cache *cache, uint32_t key)
{
    struct order *order = &cache->order;
    if (order->end - order->begin > order->mask)
        squeeze(cache);
    *entry(order, order->end) = key;
    cache->keys[key].place = order->end++;
}

void order_remove(struct cache *cache, uint32_t key) { *entry(&cache->order, cache->keys[key].place) = NONE; }

uint32_t order_oldest(struct cache *cache, struct stream *stream)
{
    (void)stream;
    while (!is_last(cache, cache->order.begin))
        cache->order.begin++;
    return *entry(&cache->order, cache->order.begin);
}
