/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pool.h"

#include <math.h>
#include <stdlib.h>

#include "model/pool_parts.h"

/* ---- who is available ---- */

static void gather(struct pool *pool, bool everybody)
{
    pool->available_count = 0;
    for (uint32_t i = 0; i < pool->room; i++)
        if (pool->replicas[i].state == REPLICA_UP && (everybody || !replica_is_out(&pool->replicas[i])))
            pool->available[pool->available_count++] = i;
}

void pool_look(struct world *world, struct pool *pool)
{
    gather(pool, false);
    uint32_t out = pool->up - pool->available_count;
    bool panics = pool->up > 0 && pool->available_count < pool->config->panic * pool->up;
    if (panics)
        gather(pool, true);
    level_set(&pool->up_level, world->now_ns, pool->up);
    level_set(&pool->out_level, world->now_ns, out);
    level_set(&pool->panic_level, world->now_ns, panics);
}

void pool_joins(struct world *world, struct pool *pool, uint32_t replica)
{
    pool->replicas[replica].joined_ns = world->now_ns;
}

double pool_weight(const struct pool *pool, uint32_t number, int64_t now_ns)
{
    const struct slow_start_config *slow = pool->config->slow_start;
    int64_t joined_ns = pool->replicas[number].joined_ns;
    if (!slow || joined_ns == INT64_MIN || now_ns - joined_ns >= slow->over_ns)
        return 1;
    double part = pow((double)(now_ns - joined_ns) / (double)slow->over_ns, 1 / slow->aggression);
    return part > slow->from ? part : slow->from;
}

/* ---- choosing ---- */

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

/* Puts the one to be avoided behind the others; returns its place, or NONE if it is not there, or alone. */
static uint32_t hide(struct pool *pool, uint32_t avoid)
{
    uint32_t last = pool->available_count - 1;
    for (uint32_t i = 0; i <= last && last > 0; i++)
        if (pool->first + pool->available[i] == avoid) {
            swap(&pool->available[i], &pool->available[last]);
            pool->available_count--;
            return i;
        }
    return NONE;
}

static void show_again(struct pool *pool, uint32_t place)
{
    swap(&pool->available[place], &pool->available[pool->available_count]);
    pool->available_count++;
}

uint32_t pool_choose(struct world *world, uint32_t service, const struct pool_call *call)
{
    struct pool *pool = pool_at(world, service);
    struct stream stream = stream_of_id(pool->choose_key, call->id, call->number);
    uint64_t key = stream_mix(call->key + UINT64_C(0x9e3779b97f4a7c15));
    struct chooser_in in = {.stream = &stream, .key = key, .now_ns = world->now_ns};
    if (pool->available_count == 0)
        return service;
    uint32_t hidden = call->avoid == NONE ? NONE : hide(pool, call->avoid);
    uint32_t replica = pool->chooser->choose(pool->config->chooser.choice.parameters, pool, &in);
    if (hidden != NONE)
        show_again(pool, hidden);
    return pool->first + replica;
}

bool pool_has(const struct world *world, const struct service *service)
{
    const struct pool *pool = world->services[service->pool_service].pool;
    return pool->replicas[service - world->services - pool->first].state == REPLICA_UP;
}

void pool_sent(struct world *world, uint32_t service)
{
    if (!pool_is_replica(&world->services[service]))
        return;
    struct pool *pool = pool_around(world, service);
    pool->replicas[service - pool->first].outstanding++;
}

void pool_over(struct world *world, uint32_t service, enum outcome outcome, bool tells)
{
    if (!pool_is_replica(&world->services[service]))
        return;
    struct pool *pool = pool_around(world, service);
    pool->replicas[service - pool->first].outstanding--;
    if (tells && pool->config->ejection)
        pool_heard(world, service, outcome);
}

/* ---- events ---- */

uint32_t pool_plan(struct world *world, uint32_t service, enum pool_matter matter, int64_t wait_ns)
{
    return event_push(world->events, world->now_ns + wait_ns, RANK_FAULT,
                      handle_of(EVENT_POOL, service * POOL_MATTERS + matter));
}

void pool_event(struct world *world, uint32_t index, uint32_t sequence)
{
    uint32_t service = index / POOL_MATTERS;
    switch ((enum pool_matter)(index % POOL_MATTERS)) {
    case POOL_CHECK: pool_check_due(world, service, sequence); break;
    case POOL_DIES: pool_dies(world, service); break;
    case POOL_RESTARTED: pool_restarted(world, service); break;
    case POOL_RETURN: pool_returns(world, service); break;
    case POOL_SWEEP: pool_sweep(world, pool_at(world, service)); break;
    case POOL_SCALE: pool_scale_due(world, pool_at(world, service)); break;
    case POOL_STARTED: pool_scale_started(world, service, sequence); break;
    default: break;
    }
}

/* ---- building ---- */

void pool_build(struct world *world, uint32_t service, uint32_t first)
{
    const struct pool_config *config = world->services[service].config->pool;
    const char *path = world->services[service].place.path;
    struct pool *pool = memory_zeroed(1, sizeof *pool);
    pool->config = config;
    pool->chooser = (const struct chooser_row *)config->chooser.choice.row;
    pool->service = service;
    pool->first = first;
    pool->room = config_replicas_room(world->services[service].config);
    pool->replicas = memory_zeroed(pool->room, sizeof *pool->replicas);
    pool->available = memory_zeroed(pool->room, sizeof *pool->available);
    pool->choose_key = stream_key(world->seed, world->replication, "choose", path);
    pool->start_key = stream_key(world->seed, world->replication, "start", path);
    pool->check_edge = NONE;
    pool->up = (uint32_t)config->replicas;
    for (uint32_t i = 0; i < pool->room; i++) {
        pool->replicas[i].state = i < pool->up ? REPLICA_UP : REPLICA_ABSENT;
        pool->replicas[i].joined_ns = INT64_MIN;
    }
    pool_look(world, pool);
    if (config->autoscale)
        pool_scale_build(pool);
    world->services[service].pool = pool;
}

void pool_start(struct world *world, uint32_t service)
{
    struct pool *pool = pool_at(world, service);
    pool_health_start(world, pool);
    if (pool->autoscaler)
        pool_scale_start(world, pool);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pool_scale_free(pool);
    free(pool->replicas);
    free(pool->available);
    free(pool);
}
