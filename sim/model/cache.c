/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/cache.h"

#include <math.h>
#include <stdlib.h>

#include "model/caller.h"
#include "model/service.h"

enum { ONE_KEY = 0 };

static uint32_t draw_key(const struct cache *cache, uint64_t request_id)
{
    if (!cache->popularity)
        return ONE_KEY;
    struct stream stream = stream_of_id(cache->key_key, request_id, 0);
    gsl_rng rng = stream_gsl(&stream);
    return (uint32_t)gsl_ran_discrete(&rng, cache->popularity);
}

static int64_t draw_ttl_ns(struct cache *cache, uint64_t item)
{
    double ttl_ns = (double)cache->config->ttl_ns;
    if (cache->config->ttl_jitter > 0) {
        struct stream stream = stream_at(cache->ttl_key, item, 0);
        ttl_ns *= 1 - cache->config->ttl_jitter * stream_uniform(&stream);
    }
    return law_round_ns(ttl_ns);
}

static void note_expiry(struct cache *cache, struct cache_key *key)
{
    if (key->fresh_until_ns == INT64_MIN || key->expired_seen)
        return;
    key->expired_seen = 1;
    cache->place.counts[COUNT_EXPIRIES]++;
}

static void wait_for_fetch(struct world *world, struct cache *cache, struct cache_key *key, uint32_t index)
{
    cache->place.counts[COUNT_COALESCED]++;
    world->attempts[index].phase = ATTEMPT_WAITING_FOR_FETCH;
    world->attempts[index].next = key->waiters;
    key->waiters = index;
}

static void fetch(struct world *world, struct cache *cache, struct cache_key *key, uint32_t index)
{
    cache->place.counts[COUNT_FETCHES]++;
    key->fetches++;
    world->attempts[index].flags |= ATTEMPT_FETCH;
    if (cache->config->fill == FILL_ALWAYS)
        world->attempts[index].flags &= (uint8_t)~ATTEMPT_DEAD; /* the cache wants it */
    service_arrive(world, cache->origin.index, index);
}

void cache_lookup(struct world *world, uint32_t cache_index, uint32_t index)
{
    struct cache *cache = &world->caches[cache_index];
    struct attempt *attempt = &world->attempts[index];
    attempt->cache = cache_index;
    attempt->key = draw_key(cache, attempt->id);
    struct cache_key *key = &cache->keys[attempt->key];
    cache->place.counts[COUNT_ATTEMPTS]++;
    cache->place.counts[attempt->number == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    if (world->now_ns < key->fresh_until_ns) {
        cache->place.counts[COUNT_SERVED]++;
        caller_answer(world, index, OUTCOME_GOOD);
        return;
    }
    cache->place.counts[COUNT_MISSES]++;
    note_expiry(cache, key);
    if (cache->config->coalesce && key->fetches > 0)
        wait_for_fetch(world, cache, key, index);
    else
        fetch(world, cache, key, index);
}

static bool anyone_waits(const struct world *world, uint32_t waiter)
{
    for (; waiter != NONE; waiter = world->attempts[waiter].next)
        if (!(world->attempts[waiter].flags & ATTEMPT_ABANDONED))
            return true;
    return false;
}

static void answer_or_forget(struct world *world, uint32_t index, enum outcome outcome)
{
    if (world->attempts[index].phase == ATTEMPT_LOST)
        caller_lost(world, index);
    else if (world->attempts[index].flags & ATTEMPT_ABANDONED && outcome != OUTCOME_GOOD)
        caller_forget(world, index);
    else
        caller_answer(world, index, outcome);
}

/* Answers those who waited, oldest first: the list is newest first. */
static void answer_waiters(struct world *world, uint32_t newest, enum outcome outcome)
{
    uint32_t oldest = NONE;
    while (newest != NONE) {
        uint32_t next = world->attempts[newest].next;
        world->attempts[newest].next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != NONE) {
        uint32_t next = world->attempts[oldest].next;
        answer_or_forget(world, oldest, outcome);
        oldest = next;
    }
}

void cache_fetched(struct world *world, uint32_t index, enum outcome outcome)
{
    const struct attempt *attempt = &world->attempts[index];
    struct cache *cache = &world->caches[attempt->cache];
    struct cache_key *key = &cache->keys[attempt->key];
    bool alive = !(attempt->flags & ATTEMPT_ABANDONED) || anyone_waits(world, key->waiters);
    key->fetches--;
    if (outcome == OUTCOME_GOOD && (alive || cache->config->fill == FILL_ALWAYS)) {
        key->fresh_until_ns = world->now_ns + draw_ttl_ns(cache, cache->fills++);
        key->expired_seen = 0;
    }
    uint32_t waiters = key->waiters;
    if (key->fetches == 0)
        key->waiters = NONE;
    else
        waiters = NONE;
    answer_or_forget(world, index, outcome);
    answer_waiters(world, waiters, outcome);
}

bool cache_wants(const struct world *world, const struct attempt *attempt)
{
    return attempt->cache != NONE && world->caches[attempt->cache].config->fill == FILL_ALWAYS;
}

/* A read-through cache fetches for itself: its fetch does not stop because one caller left, unless it was lost. */
void cache_abandoned(struct world *world, uint32_t index)
{
    const struct attempt *attempt = &world->attempts[index];
    const struct cache *cache = &world->caches[attempt->cache];
    if (!(attempt->flags & ATTEMPT_FETCH))
        return;
    if (cache->config->fill == FILL_CALLER_ALIVE || attempt->phase == ATTEMPT_LOST)
        service_abandoned(world, index);
}

void cache_flush(struct world *world, uint32_t index, double fraction, uint32_t number)
{
    struct cache *cache = &world->caches[index];
    uint64_t flush_key = stream_key(world->seed, world->replication, "flush", cache->place.path);
    for (int64_t i = 0; i < cache->config->keys; i++) {
        struct stream stream = stream_at(flush_key, (uint64_t)i, number);
        if (stream_uniform(&stream) >= fraction)
            continue;
        cache->keys[i].fresh_until_ns = INT64_MIN;
        cache->keys[i].expired_seen = 0;
    }
}

static gsl_ran_discrete_t *zipf_table(int64_t keys, double exponent)
{
    double *weights = memory_zeroed((size_t)keys, sizeof *weights);
    for (int64_t i = 0; i < keys; i++)
        weights[i] = pow((double)(i + 1), -exponent);
    gsl_ran_discrete_t *table = gsl_ran_discrete_preproc((size_t)keys, weights);
    free(weights);
    return table;
}

/* The time until which a value is fresh at the start; INT64_MIN where nothing is stored. */
static int64_t start_fresh_until(struct cache *cache, uint64_t key_index)
{
    if (cache->config->start == CACHE_COLD)
        return INT64_MIN;
    int64_t ttl_ns = draw_ttl_ns(cache, UINT64_MAX - key_index);
    if (cache->config->start == CACHE_FILLED)
        return ttl_ns;
    struct stream stream = stream_at(cache->ttl_key, key_index, 1);
    return law_round_ns((double)ttl_ns * stream_uniform_open(&stream));
}

void cache_build(struct world *world, uint32_t index)
{
    struct cache *cache = &world->caches[index];
    int64_t keys = cache->config->keys;
    cache->key_key = stream_key(world->seed, world->replication, "key", cache->place.path);
    cache->ttl_key = stream_key(world->seed, world->replication, "ttl", cache->place.path);
    cache->keys = memory_zeroed((size_t)keys, sizeof *cache->keys);
    if (keys > 1)
        cache->popularity = zipf_table(keys, cache->config->zipf);
    for (int64_t i = 0; i < keys; i++)
        cache->keys[i] = (struct cache_key){.fresh_until_ns = start_fresh_until(cache, (uint64_t)i), .waiters = NONE};
}

void cache_free(struct cache *cache)
{
    free(cache->keys);
    if (cache->popularity)
        gsl_ran_discrete_free(cache->popularity);
}
