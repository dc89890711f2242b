/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool's own service is the sum of its replicas: counters, levels and their integrals, worker time. Latencies and
 * waits they add to the pool's histograms themselves, unless results show each of them. What no sum can say: the
 * longest queue is that of one replica, the first rejection the first of any, and it is drained when each replica has
 * been empty once. */
#include "model/pool_parts.h"
#include "model/service.h"

static void add_counts(const struct world *world, struct pool *pool, struct place *place)
{
    for (int k = 0; k < COUNT_KINDS; k++) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < pool->room; i++)
            sum += world->services[pool->first + i].place.counts[k];
        place->counts[k] += sum - pool->added[k];
        pool->added[k] = sum;
    }
}

static void add_level(struct level *sum, const struct level *level, int64_t now_ns, int64_t level_now_ns)
{
    sum->value += level->value;
    sum->area += level_area(level, level_now_ns);
    sum->since_ns = now_ns;
}

/* The pool's own clock is the wall's. */
static void add_replica(struct service *sum, const struct service *replica, int64_t now_ns)
{
    int64_t clock_ns = service_clock_ns(replica, now_ns);
    add_level(&sum->in_system, &replica->in_system, now_ns, now_ns);
    add_level(&sum->in_queue, &replica->in_queue, now_ns, now_ns);
    add_level(&sum->dead, &replica->dead, now_ns, now_ns);
    add_level(&sum->busy, &replica->busy, now_ns, clock_ns);
    add_level(&sum->held, &replica->held, now_ns, clock_ns);
    add_level(&sum->dead_busy, &replica->dead_busy, now_ns, clock_ns);
    sum->useful_ns += replica->useful_ns;
    sum->wasted_ns += replica->wasted_ns;
    sum->reject_ns += replica->reject_ns;
    sum->sojourn_sum_ns += replica->sojourn_sum_ns;
}

static void add_marks(struct service *sum, const struct service *replica)
{
    if (replica->queue_peak > sum->queue_peak)
        sum->queue_peak = replica->queue_peak;
    if (replica->first_reject_ns >= 0 && (sum->first_reject_ns < 0 || replica->first_reject_ns < sum->first_reject_ns))
        sum->first_reject_ns = replica->first_reject_ns;
    if (replica->drained_ns < 0 || sum->drained_ns < 0)
        sum->drained_ns = -1;
    else if (replica->drained_ns > sum->drained_ns)
        sum->drained_ns = replica->drained_ns;
}

void pool_add_up(const struct world *world, struct service *sum)
{
    static const struct level nothing;
    struct pool *pool = sum->pool;
    add_counts(world, pool, &sum->place);
    sum->in_system = sum->in_queue = sum->dead = sum->busy = sum->held = sum->dead_busy = nothing;
    sum->useful_ns = sum->wasted_ns = sum->reject_ns = sum->sojourn_sum_ns = 0;
    sum->drained_ns = 0;
    for (uint32_t i = 0; i < pool->room; i++) {
        add_replica(sum, &world->services[pool->first + i], world->now_ns);
        add_marks(sum, &world->services[pool->first + i]);
    }
}

void pool_add_up_latencies(const struct world *world, struct service *sum)
{
    for (uint32_t i = 0; i < config_replicas_shown(sum->config); i++)
        hist_merge(&sum->place.latency->bin, &world->services[sum->pool->first + i].place.latency->bin);
}

void pool_add_up_waits(const struct world *world, struct service *sum)
{
    if (config_replicas_shown(sum->config))
        hist_clear(sum->wait);
    for (uint32_t i = 0; i < config_replicas_shown(sum->config); i++)
        hist_merge(sum->wait, world->services[sum->pool->first + i].wait);
}

void pool_warmed_up(const struct world *world, struct pool *pool)
{
    pool->up_at_warmup = level_area(&pool->up_level, world->now_ns);
    pool->out_at_warmup = level_area(&pool->out_level, world->now_ns);
    pool->panic_at_warmup = level_area(&pool->panic_level, world->now_ns);
}

double pool_capacity_per_s(const struct world *world, const struct pool *pool)
{
    double sum = 0;
    for (uint32_t i = 0; i < pool->room; i++)
        if (pool->replicas[i].state == REPLICA_UP)
            sum += service_capacity_per_s(&world->services[pool->first + i], world->now_ns);
    return sum;
}
