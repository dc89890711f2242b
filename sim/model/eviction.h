/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eviction: which value goes when a full cache stores another one. Everything is O(1), amortised.
 *
 * Capacity counts values, expired ones included: they stay until they are overwritten or evicted, as in memcached and
 * Redis, which look at a TTL when the key is asked for. Each row keeps the stored keys in cache->order, a ring with
 * room for four times the capacity or more, and each key knows its place there. */
#ifndef MODEL_EVICTION_H
#define MODEL_EVICTION_H

#include "base/table.h"
#include "model/world.h"

struct eviction_row {
    struct row row;
    void (*add)(struct cache *cache, uint32_t key);       /* a key gets a value */
    void (*remove)(struct cache *cache, uint32_t key);    /* it loses it */
    void (*touch)(struct cache *cache, uint32_t key);     /* it is read or overwritten; NULL: no matter */
    uint32_t (*victim)(struct cache *cache, struct stream *stream);
    /* Of a cache in long use, for each key in units of the mean time between two lookups of it: the keys with the least
     * ages are there (store_fill.c). */
    double (*draw_age)(struct stream *stream);
};

extern const struct table eviction_table;

#endif
