/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/cache.h"

#include <stdlib.h>

#include "model/caller.h"
#include "model/config_program.h"
#include "model/eviction.h"
#include "model/fetch.h"
#include "model/measure.h"
#include "model/miss.h"
#include "model/refresh.h"
#include "model/service.h"
#include "model/store.h"

enum { ONLY_KEY = 0 };

static uint32_t draw_key(const struct cache *cache, uint64_t request_id)
{
    if (cache->config->keys == 1)
        return ONLY_KEY;
    struct stream stream = stream_of_id(cache->key_key, request_id, 0);
    return zipf_draw(&cache->popularity, &stream);
}

/* ---- answers out of the cache ---- */

static void answer(struct world *world, const struct cache *cache, uint32_t index, enum outcome outcome)
{
    world->attempts[index].hint_ns = HINT_NONE;
    if (!(cache->features & CACHE_LATENCY)) {
        caller_answer(world, index, outcome);
        return;
    }
    struct attempt *attempt = &world->attempts[index];
    struct stream stream = stream_of_id(cache->latency_key, attempt->id, attempt->number);
    int64_t latency_ns = law_draw_ns(&cache->config->hit_latency, &stream, world->zig);
    attempt->phase = ATTEMPT_AT_CACHE;
    attempt->flags |= (uint8_t)(outcome << ATTEMPT_OUTCOME_SHIFT);
    event_push(world->events, world->now_ns + latency_ns, RANK_RESPONSE, handle_of(EVENT_CACHE, index));
}

static bool is_failing(const struct world *world, const struct cache *cache, uint32_t key)
{
    return cache->features & CACHE_FAILURES && world->now_ns < cache->memory[key].failed_until_ns;
}

static bool is_due(const struct world *world, const struct cache *cache, uint32_t key,
                   const struct attempt *attempt)
{
    if (cache->refresh->one_winner && cache->fetches[key].under_way > 0)
        return false;
    int64_t left_ns = cache->keys[key].fresh_until_ns - world->now_ns;
    struct stream stream = stream_of_id(cache->refresh_key, attempt->id, attempt->number);
    return cache->refresh->is_due(cache->config->refresh.choice.parameters, left_ns, cache->memory[key].fetch_ns,
                                  &stream) &&
           !is_failing(world, cache, key) && fetch_is_allowed(world, cache, key);
}

/* True if the reader makes the fetch. */
static bool refresh_ahead(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    if (!is_due(world, cache, key, &world->attempts[index]))
        return false;
    if (cache->config->refresh.background)
        fetch_in_background(world, index);
    else
        fetch_start(world, index);
    return !cache->config->refresh.background;
}

static void count_hit(struct cache *cache, const struct attempt *attempt)
{
    cache->place.counts[COUNT_SERVED]++;
    cache->place.counts[COUNT_HOTTEST_HITS] += attempt->key == 0;
}

static void hit(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    count_hit(cache, &world->attempts[index]);
    if (cache->features & CACHE_ON_HIT) {
        store_read(world, cache, key);
        if (cache->features & CACHE_REFRESH && refresh_ahead(world, cache, key, index))
            return;
    }
    answer(world, cache, index, OUTCOME_GOOD);
}

static void hit_stale(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    count_hit(cache, &world->attempts[index]);
    fetch_count_stale(world, cache, key);
    store_read(world, cache, key);
    if (!is_failing(world, cache, key) && fetch_is_allowed(world, cache, key))
        fetch_in_background(world, index);
    answer(world, cache, index, OUTCOME_GOOD);
}

/* A lookup without a fresh value; false: it is a miss. */
static bool answer_stale_or_failed(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    const struct cache_config *config = cache->config;
    int64_t age_ns = store_has(cache, key) ? world->now_ns - cache->keys[key].fresh_until_ns : INT64_MAX;
    bool failing = is_failing(world, cache, key);
    if (age_ns < config->stale_while_revalidate_ns || (failing && age_ns < config->stale_if_error_ns)) {
        hit_stale(world, cache, key, index);
        return true;
    }
    if (!failing)
        return false;
    cache->place.counts[COUNT_NEGATIVE_HITS]++;
    answer(world, cache, index, (enum outcome)cache->keys[key].failure);
    return true;
}

/* ---- misses ---- */

static void wait_for_fetch(struct world *world, const struct cache *cache, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (!cache->miss->wait_ns) {
        fetch_join(world, index);
        return;
    }
    int64_t wait_ns =
        cache->miss->wait_ns(cache->config->miss.choice.parameters, world->now_ns - attempt->arrived_ns);
    if (wait_ns <= 0) {
        fetch_start(world, index);
        return;
    }
    attempt->phase = ATTEMPT_WAITING_FOR_FETCH;
    event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle_of(EVENT_CACHE, index));
}

static void note_expiry(struct cache *cache, uint32_t key)
{
    if (!store_has(cache, key) || cache->keys[key].expiry_seen)
        return;
    cache->keys[key].expiry_seen = true;
    cache->place.counts[COUNT_EXPIRIES]++;
}

static void miss(struct world *world, struct cache *cache, uint32_t key, uint32_t index)
{
    cache->place.counts[COUNT_MISSES]++;
    if (fetch_is_allowed(world, cache, key)) {
        fetch_start(world, index);
        return;
    }
    cache->place.counts[COUNT_COALESCED]++;
    world->attempts[index].arrived_ns = world->now_ns;
    wait_for_fetch(world, cache, index);
}

void cache_lookup(struct world *world, uint32_t cache_index, uint32_t index)
{
    struct cache *cache = &world->caches[cache_index];
    struct attempt *attempt = &world->attempts[index];
    attempt->cache = cache_index;
    attempt->key = draw_key(cache, attempt->id);
    uint32_t key = attempt->key;
    cache->place.counts[COUNT_ATTEMPTS]++;
    cache->place.counts[attempt->number == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    cache->place.counts[COUNT_HOTTEST] += attempt->key == 0;
    if (store_is_fresh(cache, key, world->now_ns)) {
        hit(world, cache, key, index);
        return;
    }
    note_expiry(cache, key);
    if (cache->features & CACHE_ON_MISS && answer_stale_or_failed(world, cache, key, index))
        return;
    miss(world, cache, key, index);
}

/* It was a miss; it is none of the lookups that count any more. */
static void look_again(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    struct cache *cache = &world->caches[attempt->cache];
    uint32_t key = attempt->key;
    if (attempt->flags & ATTEMPT_ABANDONED)
        caller_forget(world, index);
    else if (store_is_fresh(cache, key, world->now_ns))
        answer(world, cache, index, OUTCOME_GOOD);
    else if (is_failing(world, cache, key))
        answer(world, cache, index, fetch_outcome(world, cache, key, (enum outcome)cache->keys[key].failure));
    else if (fetch_is_allowed(world, cache, key))
        fetch_start(world, index);
    else
        wait_for_fetch(world, cache, index);
}

/* The outcome that the attempt brings; from now on the flags are flags again. */
static enum outcome take_outcome(struct attempt *attempt)
{
    enum outcome outcome = (enum outcome)(attempt->flags >> ATTEMPT_OUTCOME_SHIFT);
    attempt->flags &= ATTEMPT_ABANDONED | ATTEMPT_FETCH | ATTEMPT_DEGRADED;
    return outcome;
}

void cache_event(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    switch ((enum attempt_phase)attempt->phase) {
    case ATTEMPT_AT_CACHE: caller_answer(world, index, take_outcome(attempt)); break;
    case ATTEMPT_WAITING_FOR_FETCH: look_again(world, index); break;
    case ATTEMPT_FETCHED: fetch_end(world, index, take_outcome(attempt)); break;
    default: cache_dropped(world, index); break;
    }
}

/* ---- callers that give up ---- */

bool cache_wants(const struct world *world, const struct attempt *attempt)
{
    return attempt->cache != NONE && world->caches[attempt->cache].config->fill == FILL_ALWAYS;
}

/* A read-through cache fetches for itself: its fetch does not stop because one caller left, unless it was lost. With a
 * look-aside one it was the caller's, who takes its own giving up for a failure. */
void cache_abandoned(struct world *world, uint32_t index)
{
    const struct attempt *attempt = &world->attempts[index];
    struct cache *cache = &world->caches[attempt->cache];
    if (!(attempt->flags & ATTEMPT_FETCH))
        return;
    if (cache->config->fill == FILL_CALLER_ALIVE)
        fetch_note_failure(world, cache, attempt->key, (enum outcome)FAILURE_GATEWAY);
    if (cache->config->fill == FILL_CALLER_ALIVE || attempt->phase == ATTEMPT_LOST)
        service_abandoned(world, index);
}

/* ---- building ---- */

static uint32_t features_of(const struct cache *cache)
{
    const struct cache_config *config = cache->config;
    bool refreshes = cache->refresh->is_due;
    uint32_t features = 0;
    features |= cache->eviction && cache->eviction->touch ? CACHE_TOUCH : 0;
    features |= config->sliding ? CACHE_SLIDING : 0;
    features |= refreshes ? CACHE_REFRESH : 0;
    features |= law_mean_ns(&config->hit_latency) > 0 ? CACHE_LATENCY : 0;
    features |= law_mean_ns(&config->fetch_latency) > 0 ? CACHE_FETCH_LATENCY : 0;
    features |= config->stale_while_revalidate_ns > 0 ? CACHE_STALE : 0;
    features |= config->negative_ttl_ns > 0 ? CACHE_FAILURES : 0;
    features |= config->stale_if_error_ns > 0 || (refreshes && !config->refresh.background) ? CACHE_FALLBACK : 0;
    return features;
}

static void name_streams(const struct world *world, struct cache *cache)
{
    const struct {
        const char *purpose;
        uint64_t *key;
    } streams[] = {{"key", &cache->key_key}, {"ttl", &cache->ttl_key}, {"refresh", &cache->refresh_key},
                   {"fetch", &cache->fetch_key}, {"hit latency", &cache->latency_key},
                   {"evict", &cache->evict_key}, {"ring", &cache->ring_key}};
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        *streams[i].key = stream_key(world->seed, world->replication, streams[i].purpose, cache->place.path);
}

/* Before its first fetch, a key's fetch is taken to last as long as a worker of the origin has it, on average. */
static void build_memory(const struct world *world, struct cache *cache)
{
    const struct service_config *origin = world->services[cache->origin.index].config;
    int64_t fetch_ns = law_round_ns(config_work_ns(origin));
    cache->memory = memory_zeroed((size_t)cache->config->keys, sizeof *cache->memory);
    for (int64_t i = 0; i < cache->config->keys; i++)
        cache->memory[i].fetch_ns = fetch_ns;
}

void cache_build(struct world *world, uint32_t index)
{
    struct cache *cache = &world->caches[index];
    const struct cache_config *config = cache->config;
    cache->origin = config_target(world->config, TARGET_SERVICE, config->origin);
    cache->miss = (const struct miss_row *)config->miss.choice.row;
    cache->refresh = (const struct refresh_row *)config->refresh.choice.row;
    cache->eviction = config->capacity < INT64_MAX ? (const struct eviction_row *)config->eviction.row : NULL;
    cache->features = features_of(cache);
    cache->popularity = zipf_of((uint32_t)config->keys, config->zipf);
    name_streams(world, cache);
    if (cache->miss->remembers || cache->features & (CACHE_REFRESH | CACHE_FAILURES))
        build_memory(world, cache);
    if (cache->features & CACHE_REFRESH) {
        cache->lead = memory_zeroed(1, sizeof *cache->lead);
        hist_init(cache->lead);
    }
    store_build(world, cache);
}

void cache_free(struct cache *cache)
{
    measure_free_place(&cache->place);
    store_free(cache);
    free(cache->lead);
}

void cache_warmed_up(const struct world *world, struct cache *cache)
{
    cache->fresh_at_warmup = cache->fresh_ns - store_fresh_left_ns(world, cache);
    cache->stale_ns = 0;
    cache->stalest_ns = 0;
    cache->herd_most = 0;
    if (cache->lead)
        hist_clear(cache->lead);
}
