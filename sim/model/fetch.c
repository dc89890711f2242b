/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fetch.h"

#include "model/cache.h"
#include "model/call.h"
#include "model/caller.h"
#include "model/miss.h"
#include "model/pool.h"
#include "model/service.h"
#include "model/store.h"

/* ---- it begins ---- */

bool fetch_is_allowed(const struct world *world, const struct cache *cache, uint32_t key)
{
    return !cache->miss->may_fetch || cache->miss->may_fetch(cache, key, world->now_ns);
}

static void count_start(const struct world *world, struct cache *cache, uint32_t key)
{
    uint64_t *counts = cache->place.counts;
    struct cache_fetches *fetches = &cache->fetches[key];
    bool first = fetches->under_way++ == 0, early = store_is_fresh(cache, key, world->now_ns);
    counts[COUNT_FETCHES]++;
    counts[COUNT_REFILLS] += first;
    counts[COUNT_EARLY] += early;
    if (first && early) {
        counts[COUNT_EARLY_REFILLS]++;
        hist_add(cache->lead, cache->keys[key].fresh_until_ns - world->now_ns);
    }
    if (fetches->under_way > cache->herd_most)
        cache->herd_most = fetches->under_way;
}

/* The replica that it is sent to, or the origin itself. */
static uint32_t replica_for(struct world *world, const struct cache *cache, const struct attempt *attempt)
{
    if (!world->services[cache->origin.index].pool)
        return cache->origin.index;
    struct pool_call call = {.id = attempt->id, .key = attempt->key, .number = attempt->number, .avoid = NONE};
    uint32_t replica = pool_choose(world, cache->origin.index, &call);
    pool_sent(world, replica);
    return replica;
}

void fetch_start(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    struct cache *cache = &world->caches[attempt->cache];
    if (cache->miss->began && fetch_is_allowed(world, cache, attempt->key))
        cache->miss->began(cache, attempt->key, index, world->now_ns);
    count_start(world, cache, attempt->key);
    attempt->flags |= ATTEMPT_FETCH;
    if (cache->config->fill == FILL_ALWAYS)
        attempt->flags &= (uint8_t)~ATTEMPT_DEAD; /* the cache wants it */
    attempt->phase = ATTEMPT_TRAVELLING;
    service_arrive(world, replica_for(world, cache, attempt), index);
}

/* A queue that tells callers apart takes the fetch for one of the reader's. */
void fetch_in_background(struct world *world, uint32_t reader)
{
    uint32_t index = world_open_attempt(world), request = world_open_request(world);
    const struct attempt *lookup = &world->attempts[reader];
    const struct edge *first = call_first_edge(world, lookup->request);
    struct cache *cache = &world->caches[lookup->cache];
    uint64_t id = stream_mix(cache->fetch_key + cache->own_fetches++ * UINT64_C(0x9e3779b97f4a7c15));
    world->requests[request] = (struct request){.id = id, .born_ns = world->now_ns, .attempt = index, .attempts = 1,
                                                .client = world->requests[lookup->request].client,
                                                .edge = (uint16_t)(first - world->edges), .phase = REQUEST_OF_CACHE};
    world->attempts[index] =
        (struct attempt){.id = id, .request = request, .number = 1, .cache = lookup->cache, .key = lookup->key};
    cache->place.counts[COUNT_BACKGROUND]++;
    fetch_start(world, index);
}

static bool is_of_cache(const struct world *world, uint32_t index)
{
    return world->requests[world->attempts[index].request].phase == REQUEST_OF_CACHE;
}

static void close_own(struct world *world, uint32_t index)
{
    world_close_request(world, world->attempts[index].request);
    world_close_attempt(world, index);
}

void fetch_join(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    uint32_t *waiters = &world->caches[attempt->cache].fetches[attempt->key].waiters;
    attempt->phase = ATTEMPT_WAITING_FOR_FETCH;
    attempt->next = *waiters;
    *waiters = index;
}

/* ---- what the readers get ---- */

void fetch_count_stale(const struct world *world, struct cache *cache, uint32_t key)
{
    int64_t age_ns = world->now_ns - cache->keys[key].fresh_until_ns;
    cache->place.counts[COUNT_STALE]++;
    cache->stale_ns += (area_t)(uint64_t)age_ns;
    if (age_ns > cache->stalest_ns)
        cache->stalest_ns = age_ns;
}

enum outcome fetch_outcome(const struct world *world, struct cache *cache, uint32_t key,
                           enum outcome outcome)
{
    if (outcome == OUTCOME_GOOD || !(cache->features & CACHE_FALLBACK) || !store_has(cache, key))
        return outcome;
    if (store_is_fresh(cache, key, world->now_ns))
        return OUTCOME_GOOD;
    if (world->now_ns - cache->keys[key].fresh_until_ns >= cache->config->stale_if_error_ns)
        return outcome;
    fetch_count_stale(world, cache, key);
    return OUTCOME_GOOD;
}

static void answer(struct world *world, struct cache *cache, uint32_t key, uint32_t index,
                   enum outcome outcome)
{
    struct attempt *attempt = &world->attempts[index];
    if (outcome != OUTCOME_GOOD)
        attempt->flags &= (uint8_t)~ATTEMPT_DEGRADED; /* the same bit said that it would fail */
    if (is_of_cache(world, index))
        close_own(world, index);
    else if (attempt->phase == ATTEMPT_LOST)
        caller_lost(world, index);
    else if (attempt->flags & ATTEMPT_ABANDONED && outcome != OUTCOME_GOOD)
        caller_forget(world, index);
    else
        caller_answer(world, index, fetch_outcome(world, cache, key, outcome));
}

/* Those who joined share outcome, hint, and whether the value is a degraded one; oldest first: the list is newest
 * first. */
static void answer_waiters(struct world *world, struct cache *cache, uint32_t key, enum outcome outcome,
                           const struct attempt *fetch)
{
    uint32_t newest = cache->fetches[key].waiters, oldest = NONE;
    cache->fetches[key].waiters = NONE;
    while (newest != NONE) {
        uint32_t next = world->attempts[newest].next;
        world->attempts[newest].next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != NONE) {
        uint32_t next = world->attempts[oldest].next;
        world->attempts[oldest].hint_ns = fetch->hint_ns;
        world->attempts[oldest].flags |= fetch->flags & ATTEMPT_DEGRADED;
        answer(world, cache, key, oldest, outcome);
        oldest = next;
    }
}

/* ---- it ends ---- */

static bool anyone_waits(const struct world *world, uint32_t waiter)
{
    for (; waiter != NONE; waiter = world->attempts[waiter].next)
        if (!(world->attempts[waiter].flags & ATTEMPT_ABANDONED))
            return true;
    return false;
}

static bool is_granted(const struct cache *cache, uint32_t key, uint32_t index)
{
    return !cache->miss->granted || cache->miss->granted(cache, key, index);
}

/* Whether the value that the fetch brings is stored. */
static bool is_kept(const struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    if (!is_granted(cache, key, index)) {
        cache->place.counts[COUNT_REFUSED]++;
        return false;
    }
    return cache->config->fill == FILL_ALWAYS || !(world->attempts[index].flags & ATTEMPT_ABANDONED) ||
           anyone_waits(world, cache->fetches[key].waiters);
}

static void end(struct world *world, struct cache *cache, uint32_t key, uint32_t index, enum outcome outcome,
                bool stored)
{
    bool last = --cache->fetches[key].under_way == 0;
    cache->place.counts[COUNT_FETCHES_ENDED]++;
    if (cache->miss->ended && is_granted(cache, key, index))
        cache->miss->ended(cache, key, stored);
    const struct attempt fetch = world->attempts[index];
    answer(world, cache, key, index, outcome);
    if (last)
        answer_waiters(world, cache, key, outcome, &fetch);
}

static void take_value(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    bool stored = is_kept(world, cache, key, index);
    if (cache->memory)
        cache->memory[key].fetch_ns = world->now_ns - world->attempts[index].arrived_ns;
    if (stored)
        store_put(world, cache, key);
    end(world, cache, key, index, OUTCOME_GOOD, stored);
}

void fetch_note_failure(const struct world *world, struct cache *cache, uint32_t key, enum outcome outcome)
{
    if (cache->config->error_as_miss)
        store_invalidate(world, cache, key);
    if (cache->features & CACHE_FAILURES) {
        cache->memory[key].failed_until_ns = world->now_ns + cache->config->negative_ttl_ns;
        cache->keys[key].failure = (uint8_t)outcome;
    }
}

void fetch_end(struct world *world, uint32_t index, enum outcome outcome)
{
    struct cache *cache = &world->caches[world->attempts[index].cache];
    uint32_t key = world->attempts[index].key;
    if (outcome == OUTCOME_GOOD) {
        take_value(world, cache, key, index);
    } else {
        fetch_note_failure(world, cache, key, outcome);
        end(world, cache, key, index, outcome, false);
    }
}

static void come_back(struct world *world, const struct cache *cache, uint32_t index, enum outcome outcome)
{
    struct attempt *attempt = &world->attempts[index];
    struct stream stream = stream_of_id(cache->latency_key, attempt->id, attempt->number);
    int64_t latency_ns = law_draw_ns(&cache->config->fetch_latency, &stream, world->zig);
    attempt->phase = ATTEMPT_FETCHED;
    attempt->flags &= ATTEMPT_ABANDONED | ATTEMPT_FETCH | ATTEMPT_DEGRADED;
    attempt->flags |= (uint8_t)(outcome << ATTEMPT_OUTCOME_SHIFT);
    event_push(world->events, world->now_ns + latency_ns, RANK_RESPONSE, handle_of(EVENT_CACHE, index));
}

void cache_fetched(struct world *world, uint32_t index, enum outcome outcome)
{
    const struct cache *cache = &world->caches[world->attempts[index].cache];
    if (cache->features & CACHE_FETCH_LATENCY)
        come_back(world, cache, index, outcome);
    else
        fetch_end(world, index, outcome);
}

void cache_dropped(struct world *world, uint32_t index)
{
    struct cache *cache = &world->caches[world->attempts[index].cache];
    world->attempts[index].hint_ns = HINT_NONE;
    end(world, cache, world->attempts[index].key, index, OUTCOME_ERROR, false);
}

/* The cache learns of a loss only when somebody gives up waiting. */
void cache_lost(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->phase = ATTEMPT_LOST;
    if (is_of_cache(world, index))
        event_push(world->events, world->now_ns + world->caches[attempt->cache].config->fetch_timeout_ns, RANK_TIMEOUT,
                   handle_of(EVENT_CACHE, index));
    else if (attempt->flags & ATTEMPT_ABANDONED)
        cache_dropped(world, index);
}
