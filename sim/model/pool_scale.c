/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The autoscaler: every interval the number of replicas follows their busy workers, as Kubernetes' HPA has it.
 *
 *     wanted = ceil(busy / (workers of a replica x target))     busy: average over the interval, of those that are up;
 *                                                               one that still starts counts as idle
 *     nothing, while wanted / present is within the tolerance of 1
 *     up:   at most max(growth x present, present + step), at once; each takes attempts after start_delay
 *     down: to the most that was wanted within `stabilization`; the newest go first, and finish what they have
 *
 * A worker that waits for a call is not busy here: it uses no CPU. That is how an autoscaler can take servers away
 * while they are out of threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/pool_parts.h"
#include "model/service.h"

struct autoscaler {
    area_t busy_before;           /* at the last look */
    uint32_t *wanted;             /* at the last looks, a ring */
    uint32_t looks, kept;
};

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

void pool_scale_build(struct pool *pool)
{
    const struct autoscale_config *config = pool->config->autoscale;
    struct autoscaler *scaler = memory_zeroed(1, sizeof *scaler);
    scaler->kept = (uint32_t)(config->stabilization_ns / config->interval_ns) + 1;
    scaler->wanted = memory_zeroed(scaler->kept, sizeof *scaler->wanted);
    pool->autoscaler = scaler;
}

void pool_scale_free(struct pool *pool)
{
    if (!pool->autoscaler)
        return;
    free(pool->autoscaler->wanted);
    free(pool->autoscaler);
}

void pool_scale_start(struct world *world, struct pool *pool)
{
    pool_plan(world, pool->service, POOL_SCALE, pool->config->autoscale->interval_ns);
}

/* Worker time at work so far, of all replicas. */
static area_t busy_area(const struct world *world, const struct pool *pool)
{
    area_t sum = 0;
    for (uint32_t i = 0; i < pool->room; i++) {
        struct service_areas areas = service_areas_now(&world->services[pool->first + i], world->now_ns);
        sum += areas.busy - areas.held;
    }
    return sum;
}

/* By the busy workers of the last interval; `present` if that is near enough. */
static uint32_t wanted_now(const struct world *world, struct pool *pool, uint32_t present)
{
    const struct autoscale_config *config = pool->config->autoscale;
    struct autoscaler *scaler = pool->autoscaler;
    area_t area = busy_area(world, pool);
    double busy = (double)(area - scaler->busy_before) / (double)config->interval_ns;
    double workers = (double)world->services[pool->service].config->workers;
    scaler->busy_before = area;
    double exact = busy / (workers * config->target);
    if (fabs(exact / present - 1) <= config->tolerance)
        return present;
    double most = (double)config->most, least = (double)config->least;
    return (uint32_t)fmin(most, fmax(least, ceil(exact - 1e-9)));
}

static uint32_t remember(struct autoscaler *scaler, uint32_t wanted)
{
    uint32_t most = 0;
    scaler->wanted[scaler->looks++ % scaler->kept] = wanted;
    for (uint32_t i = 0; i < smaller(scaler->kept, scaler->looks); i++)
        most = larger(most, scaler->wanted[i]);
    return most;
}

static void add(struct world *world, struct pool *pool)
{
    uint32_t number = 0;
    while (pool->replicas[number].state != REPLICA_ABSENT)
        number++;
    struct replica *replica = &pool->replicas[number];
    replica->state = REPLICA_STARTING;
    pool->starting++;
    struct stream stream = stream_at(pool->start_key, number, replica->starts++);
    int64_t delay_ns = law_draw_ns(&pool->config->autoscale->start_delay, &stream, world->zig);
    replica->start_timer = pool_plan(world, pool->first + number, POOL_STARTED, delay_ns);
}

/* One that still starts, or else the one with the highest number. */
static uint32_t newest(const struct pool *pool)
{
    for (uint32_t i = pool->room; i-- > 0;)
        if (pool->replicas[i].state == REPLICA_STARTING)
            return i;
    for (uint32_t i = pool->room; i-- > 0;)
        if (pool->replicas[i].state == REPLICA_UP)
            return i;
    return NONE;
}

static void take_away(struct pool *pool)
{
    struct replica *replica = &pool->replicas[newest(pool)];
    pool->starting -= replica->state == REPLICA_STARTING;
    pool->up -= replica->state == REPLICA_UP;
    replica->start_timer = 0;
    replica->state = REPLICA_ABSENT;
    replica->failing = replica->ejected = false;
}

void pool_scale_due(struct world *world, struct pool *pool)
{
    const struct autoscale_config *config = pool->config->autoscale;
    uint32_t present = pool->up + pool->starting, wanted = wanted_now(world, pool, present);
    uint32_t floor = remember(pool->autoscaler, wanted);
    double reach = fmax(config->growth * present, present + (double)config->step);
    uint32_t goal = wanted > present ? (uint32_t)fmin(reach, wanted) : smaller(present, floor);
    for (; present < goal; present++)
        add(world, pool);
    for (; present > goal; present--)
        take_away(pool);
    pool_look(world, pool);
    pool_plan(world, pool->service, POOL_SCALE, config->interval_ns);
}

void pool_scale_started(struct world *world, uint32_t service, uint32_t sequence)
{
    struct pool *pool = pool_around(world, service);
    uint32_t number = service - pool->first;
    struct replica *replica = &pool->replicas[number];
    if (replica->start_timer != sequence)
        return;
    replica->start_timer = 0;
    replica->state = REPLICA_UP;
    replica->failing = replica->ejected = false;
    replica->streak = replica->failures = replica->ejections = 0;
    pool->starting--;
    pool->up++;
    service_restarted(world, service);
    pool_joins(world, pool, number);
    pool_look(world, pool);
    pool_check_begins(world, service);
}
