/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a world from its configuration, and taking it apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/cache.h"
#include "model/arrival.h"
#include "model/fault.h"
#include "model/guard.h"
#include "model/hedging.h"
#include "model/measure.h"
#include "model/network.h"
#include "model/pool.h"
#include "model/program.h"
#include "model/service.h"
#include "model/session.h"
#include "model/source.h"
#include "model/tenant.h"
#include "model/world.h"
#include "policy/script.h"

/* ---- what the event set asks ---- */

static bool is_waited_for(const struct world *world, uint32_t index, uint32_t sequence)
{
    const struct request *request = &world->requests[index];
    return request->timer == sequence ||
           (world->edges[request->edge].features & EDGE_HEDGE && hedging_expects(world, index, sequence));
}

static bool alive(const void *owner, struct event event)
{
    const struct world *world = owner;
    uint32_t index = handle_index(event.handle);
    switch (handle_kind(event.handle)) {
    case EVENT_TIMEOUT: return is_waited_for(world, index, event.sequence);
    case EVENT_DEADLINE: return world->requests[index].deadline_timer == event.sequence;
    default: return true;
    }
}

static void prefetch(const void *owner, struct event event)
{
    const struct world *world = owner;
    uint32_t index = handle_index(event.handle);
    switch (handle_kind(event.handle)) {
    case EVENT_TIMEOUT:
    case EVENT_DEADLINE:
    case EVENT_SEND: __builtin_prefetch(&world->requests[index]); break;
    case EVENT_DONE:
    case EVENT_REACH:
    case EVENT_CACHE:
    case EVENT_ANSWER: __builtin_prefetch(&world->attempts[index]); break;
    case EVENT_THOUGHT: __builtin_prefetch(&world->requests_of[index]); break;
    default: break;
    }
}

/* ---- edges ---- */

static bool is_row(const struct choice *choice, const char *name)
{
    return choice->row == NULL || strcmp(choice->row->name, name) == 0;
}

static bool is_zero(const struct law *law) { return law_mean_ns(law) <= 0; }

static bool is_fixed(const struct law *law)
{
    return ((const struct law_row *)law->choice.row)->speed == LAW_FIXED;
}

static bool has_timer_for_deadline(const struct policy *policy)
{
    return policy->deadline_ns < INT64_MAX && (policy->deadline_cuts || policy->deadline_rule == DEADLINE_CUT);
}

static bool varies_timeout(const struct policy *policy)
{
    return policy->timeout && (policy->timeout_growth != 1 || policy->timeout_cap_ns < INT64_MAX ||
                               policy->timeout_clip || !policy->last_timeout);
}

static bool asks_sent_time(const struct policy *policy)
{
    return policy->deadline_from == DEADLINE_FROM_ATTEMPT || policy->connect_timeout_ns < INT64_MAX;
}

static bool has_script(const struct policy *policy)
{
    const struct failure_rule *rules = policy->rules.items;
    bool found = backoff_is_script(&policy->backoff);
    for (size_t i = 0; i < policy->rules.count; i++)
        found |= rules[i].backoff && backoff_is_script(rules[i].backoff);
    return found;
}

static bool limits_requests(const struct policy *policy)
{
    const struct budget *budgets = policy->budgets.items;
    for (size_t i = 0; i < policy->budgets.count; i++) {
        const struct budget_row *row = (const struct budget_row *)budgets[i].choice.row;
        if (row->limits_requests && row->limits_requests(budgets[i].choice.parameters))
            return true;
    }
    return false;
}

static uint32_t features_of_call(const struct call_config *call)
{
    uint32_t features = EDGE_CALL;
    features |= call->propagate_deadline ? EDGE_DEADLINE | EDGE_DEADLINE_TIMER | EDGE_DEADLINE_PASSED_ON : 0;
    features |= call->propagate_cancel ? 0 : EDGE_SILENT;
    return features;
}

static uint32_t features_of(const struct hop_config *config)
{
    const struct policy *policy = &config->policy;
    const struct network_config *network = &config->network;
    uint32_t features = 0;
    features |= policy->timeout ? EDGE_TIMEOUT : 0;
    features |= varies_timeout(policy) ? EDGE_VARIED_TIMEOUT : 0;
    features |= policy->connect_timeout_ns < INT64_MAX ? EDGE_CONNECT_TIMEOUT : 0;
    features |= policy->deadline_ns < INT64_MAX ? EDGE_DEADLINE : 0;
    features |= asks_sent_time(policy) ? EDGE_SENT_TIME : 0;
    features |= has_script(policy) ? EDGE_SCRIPT : 0;
    features |= has_timer_for_deadline(policy) ? EDGE_DEADLINE_TIMER : 0;
    features |= policy->persistence < 1 ? EDGE_PERSISTENCE : 0;
    features |= policy->rules.count > 0 ? EDGE_RULES : 0;
    features |= policy->hint.rule != HINT_IGNORE ? EDGE_HINT : 0;
    features |= policy->budgets.count > 0 ? EDGE_BUDGET : 0;
    features |= limits_requests(policy) ? EDGE_REQUEST_LIMIT : 0;
    features |= policy->gates.count > 0 ? EDGE_GATES : 0;
    features |= is_row(&policy->breaker.choice, "none") ? 0 : EDGE_BREAKER;
    features |= policy->hedge ? EDGE_HEDGE : 0;
    features |= config->idempotent_ratio < 1 ? EDGE_UNSAFE : 0;
    features |= is_zero(&network->request_latency) && is_zero(&network->response_latency) ? 0 : EDGE_LATENCY;
    features |= network->rto_ns < INT64_MAX ? EDGE_DETOURS : 0;
    features |= network->request_loss > 0 ? EDGE_REQUEST_LOSS : 0;
    features |= network->response_loss > 0 ? EDGE_RESPONSE_LOSS : 0;
    return features;
}

static int64_t fixed_ns(const struct law *law)
{
    return law && is_fixed(law) ? (int64_t)law_mean_ns(law) : -1;
}

static void name_streams(const struct world *world, struct edge *edge)
{
    const char *path = edge->place.path;
    edge->id_key = stream_key(world->seed, world->replication, "request", path);
    edge->backoff_key = stream_key(world->seed, world->replication, "backoff", path);
    edge->network_key = stream_key(world->seed, world->replication, "network", path);
    edge->timeout_key = stream_key(world->seed, world->replication, "timeout", path);
    edge->persistence_key = stream_key(world->seed, world->replication, "persistence", path);
    edge->breaker_key = stream_key(world->seed, world->replication, "breaker", path);
    edge->gate_key = stream_key(world->seed, world->replication, "gate", path);
    edge->hint_key = stream_key(world->seed, world->replication, "hint", path);
    edge->unsafe_key = stream_key(world->seed, world->replication, "unsafe", path);
}

static int lane_for(struct world *world, const struct law *law, enum rank rank)
{
    if (!law || !is_fixed(law) || is_zero(law))
        return -1;
    return event_lane(world->events, (int64_t)law_mean_ns(law), rank);
}

/* Lanes are for timeouts and deadlines, most of which are cancelled. Constant latencies gain nothing from one. */
static void choose_lanes(struct world *world)
{
    for (uint32_t i = 0; i < world->edge_count; i++) {
        struct edge *edge = &world->edges[i];
        edge->timeout_lane =
            edge->features & EDGE_VARIED_TIMEOUT ? -1 : lane_for(world, edge->policy->timeout, RANK_TIMEOUT);
        bool fixed = edge->features & EDGE_DEADLINE_TIMER && !(edge->features & EDGE_DEADLINE_PASSED_ON);
        edge->deadline_lane = fixed
                                  ? event_lane(world->events, edge->policy->deadline_ns, RANK_TIMEOUT)
                                  : -1;
    }
}

/* Whose edge it is: a population's, or a service's, which counts as one client. Returns the number of clients. Where
 * callers are told apart, a check is taken for one of the first client of all. */
static uint32_t build_owner(const struct world *world, struct edge *edge, uint32_t index)
{
    const struct client_config *clients = world->config->clients.items;
    const struct service_config *service;
    edge->call = config_edge_call(world->config, index, &service);
    if (edge->call || index >= world->first_check) {
        edge->population = edge->call ? NO_POPULATION : 0;
        return 1;
    }
    edge->population = (uint16_t)config_edge_clients(world->config, index);
    return (uint32_t)clients[edge->population].count;
}

/* Where its attempts go. Checks go to a replica each. */
static void build_way(struct world *world, struct edge *edge, uint32_t index)
{
    edge->entry = edge->callee.kind == TARGET_SERVICE ? edge->callee.index : 0;
    edge->endpoints = 1;
    struct pool *pool = edge->callee.kind == TARGET_SERVICE ? world->services[edge->entry].pool : NULL;
    if (!pool)
        return;
    edge->first_endpoint = pool->first;
    if (index >= world->first_check) {
        edge->features |= EDGE_CHECK;
        pool->check_edge = index;
    } else {
        edge->features |= EDGE_POOL;
        edge->endpoints = pool->room + 1;
    }
}

static void build_edge(struct world *world, uint32_t index)
{
    const struct hop_config *config = config_hop(world->config, index);
    struct edge *edge = &world->edges[index];
    uint32_t clients = build_owner(world, edge, index);
    char path[PATH_SIZE];
    config_edge_path(world->config, index, path);
    measure_place(&edge->place, TARGET_CLIENTS, path, world->bins, true);
    edge->priority = (uint8_t)config->priority;
    edge->sends_key = config->idempotency_key;
    edge->policy = &config->policy;
    edge->network = &config->network;
    edge->loss[TO_SERVICE] = edge->network->request_loss;
    edge->loss[TO_CALLER] = edge->network->response_loss;
    edge->callee = config_callee(world->config, config->calls);
    edge->features = features_of(config) | (edge->call ? features_of_call(edge->call) : 0);
    build_way(world, edge, index);
    edge->idempotent_ratio = config->idempotent_ratio;
    edge->limit_attempts = config->policy.attempts >= UINT32_MAX ? UINT32_MAX : (uint32_t)config->policy.attempts;
    edge->timeout_ns = fixed_ns(edge->policy->timeout);
    edge->response_ns = fixed_ns(&edge->network->response_latency);
    edge->failed_latency = memory_zeroed(1, sizeof *edge->failed_latency);
    hist_init(edge->failed_latency);
    edge->last_good_ns = -1;
    name_streams(world, edge);
    guard_build(edge, clients);
    if (edge->policy->hedge)
        hedging_build(edge);
}

static bool has_states_per_client(const struct states *states, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (states[i].per_client)
            return true;
    return false;
}

static bool keeps_state_per_client(const struct edge *edge)
{
    return edge->breaker.per_client || has_states_per_client(edge->budgets, edge->policy->budgets.count) ||
           has_states_per_client(edge->gates, edge->policy->gates.count);
}

static uint32_t build_population(struct world *world, uint32_t index, uint32_t first_client)
{
    const struct client_config *config = &((const struct client_config *)world->config->clients.items)[index];
    struct edge *edge = &world->edges[index];
    struct population *population = &world->populations[index];
    edge->features |= config->closed ? EDGE_REPORTS : 0;
    population->config = config;
    population->clients = (uint32_t)config->count;
    population->first_client = first_client;
    population->arrivals.state = stream_key(world->seed, world->replication, "arrival", edge->place.path);
    population->think_key = stream_key(world->seed, world->replication, "think", edge->place.path);
    population->client_key = stream_key(world->seed, world->replication, "client", edge->place.path);
    population->factor = 1;
    population->state.clients = config->count;
    population->tells_clients_apart = keeps_state_per_client(edge);
    if (config->arrival)
        population->arrival = (const struct arrival_row *)config->arrival->choice.row;
    return config->closed ? first_client + population->clients : first_client;
}

/* ---- caches, faults, all together ---- */

static void build_cache(struct world *world, uint32_t index)
{
    const struct cache_config *config = &((const struct cache_config *)world->config->caches.items)[index];
    struct cache *cache = &world->caches[index];
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "caches.%s", config->name);
    measure_place(&cache->place, TARGET_CACHE, path, world->bins, false);
    cache->config = config;
    cache_build(world, index);
}

/* The programs; the calls of the services are edges one after the other. */
static void build_programs(struct world *world)
{
    const struct service_config *services = world->config->services.items;
    uint32_t edge = world->first_call;
    for (uint32_t i = 0; i < world->own_services; i++) {
        const struct pool *pool = world->services[i].pool;
        for (uint32_t k = 0; services[i].program.count > 0 && k < (pool ? pool->room : 1); k++)
            program_build(world, pool ? pool->first + k : i, edge);
        world->has_programs |= services[i].program.count > 0;
        edge += (uint32_t)services[i].calls.count;
    }
    world->has_calls = world->first_check > world->first_call;
}

/* Those of the scenario, then the replicas of those that have any. */
static void build_services(struct world *world)
{
    const struct service_config *services = world->config->services.items;
    uint32_t replica = world->own_services = (uint32_t)world->config->services.count;
    world->service_count = world->own_services;
    for (uint32_t i = 0; i < world->own_services; i++)
        world->service_count += config_replicas_room(&services[i]);
    world->services = memory_zeroed(world->service_count, sizeof *world->services);
    for (uint32_t i = 0; i < world->own_services; i++) {
        service_build(world, i);
        if (!services[i].pool)
            continue;
        pool_build(world, i, replica);
        for (uint32_t k = 0; k < world->services[i].pool->room; k++)
            service_build_replica(world, replica++, i);
    }
}

static void build_parts(struct world *world)
{
    const struct model_config *config = world->config;
    world->edge_count = (uint32_t)config_edge_count(config);
    world->first_call = (uint32_t)config_first_call(config);
    world->first_check = (uint32_t)config_first_check(config);
    world->population_count = (uint32_t)config->clients.count;
    world->cache_count = (uint32_t)config->caches.count;
    world->fault_count = (uint32_t)config->faults.count;
    world->edges = memory_zeroed(world->edge_count, sizeof *world->edges);
    world->populations = memory_zeroed(world->population_count, sizeof *world->populations);
    world->caches = memory_zeroed(world->cache_count, sizeof *world->caches);
    world->faults = memory_zeroed(world->fault_count, sizeof *world->faults);
    uint32_t clients = 0;
    build_services(world);
    build_programs(world);
    for (uint32_t i = 0; i < world->cache_count; i++)
        build_cache(world, i);
    for (uint32_t i = 0; i < world->edge_count; i++)
        build_edge(world, i);
    for (uint32_t i = 0; i < world->population_count; i++)
        clients = build_population(world, i, clients);
    tenant_number_clients(world);
    for (uint32_t i = 0; i < world->fault_count; i++)
        fault_build(world, i);
    world->requests_of = memory_zeroed(clients, sizeof *world->requests_of);
    session_build(world);
}

/* How much of request_more the edges need: nothing, the fixed part, or the flights of hedges, too. */
static void choose_more(struct world *world)
{
    uint32_t features = 0;
    for (uint32_t i = 0; i < world->edge_count; i++)
        features |= world->edges[i].features;
    if (features & EDGE_SCRIPT)
        world->scripts = scripts_new();
    if (features & EDGE_MORE)
        world->more_bytes = sizeof(struct request_more);
    if (features & EDGE_HEDGE)
        world->more_bytes += (HEDGES_MAX + 1) * sizeof(struct flight);
}

struct world *world_new(const struct model_config *config, uint64_t seed, uint32_t replication)
{
    struct world *world = memory_zeroed(1, sizeof *world);
    world->config = config;
    world->seed = seed;
    world->replication = replication;
    world->zig = stream_ziggurat();
    world->events = event_set_new(alive, prefetch, world);
    world->free_request = world->free_attempt = NONE;
    world->ready = (struct queue){NONE, NONE, 0};
    world->bins = config_bins(config);
    world->bin_end_ns = config->bin_ns < config->duration_ns ? config->bin_ns : config->duration_ns;
    build_parts(world);
    choose_lanes(world);
    choose_more(world);
    fault_schedule(world);
    fault_find_calm(world);
    for (uint32_t i = 0; i < world->own_services; i++)
        if (world->services[i].pool)
            pool_start(world, i);
    for (uint32_t i = 0; i < world->population_count; i++)
        source_start(world, i);
    return world;
}

static void free_edge(struct edge *edge)
{
    measure_free_place(&edge->place);
    free(edge->failed_latency);
    free(edge->hedging);
    guard_free(edge);
}

void world_free(struct world *world)
{
    for (uint32_t i = 0; i < world->edge_count; i++)
        free_edge(&world->edges[i]);
    for (uint32_t i = 0; i < world->cache_count; i++) {
        cache_free(&world->caches[i]);
    }
    for (uint32_t i = 0; i < world->service_count; i++)
        service_free(&world->services[i]);
    event_set_free(world->events);
    scripts_free(world->scripts);
    void *arrays[] = {world->edges, world->populations, world->services, world->caches, world->faults,
                      world->requests_of, world->sessions, world->requests, world->more, world->attempts,
                      world->lineage, world->visits};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(world);
}

size_t world_bytes(const struct world *world)
{
    size_t clients = 0;
    for (uint32_t i = 0; i < world->population_count; i++) {
        const struct population *population = &world->populations[i];
        clients += population->config->closed ? population->clients * sizeof *world->requests_of : 0;
        clients += population->keeps_sessions ? population->clients * sizeof *world->sessions : 0;
    }
    size_t request = sizeof *world->requests + world->more_bytes + (world->has_calls ? sizeof *world->lineage : 0);
    size_t attempt = sizeof *world->attempts + (world->has_programs ? sizeof *world->visits : 0);
    return event_bytes(world->events) + world->requests_room * request + world->attempts_room * attempt + clients;
}
