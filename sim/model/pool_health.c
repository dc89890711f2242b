/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is taken out of a pool, and comes back: active checks, and ejection for what callers saw.
 *
 *              fall checks fail in a row
 *   healthy ----------------------------> failing --- on_failure: remove, rise checks succeed in a row ---> healthy
 *                                            +------- on_failure: restart, killed, `restart` later -------> healthy
 *
 *              `after` failures in a row, and max_ratio leaves room
 *   in ---------------------------------------------------------------> ejected ----- its time is over -----> in
 */
#include "model/caller.h"
#include "model/pool_parts.h"
#include "model/service.h"

/* ---- checks ---- */

static struct replica *replica_at(const struct world *world, uint32_t service)
{
    struct pool *pool = pool_around(world, service);
    return &pool->replicas[service - pool->first];
}

/* The process is there. One that stands still (pause) has its port open. */
static bool port_answers(const struct service *service)
{
    return service->away == 0;
}

static void take_out(struct world *world, struct pool *pool, uint32_t number)
{
    struct replica *replica = &pool->replicas[number];
    const struct checks_config *checks = pool->config->checks;
    replica->failing = true;
    pool_look(world, pool);
    if (checks->on_failure != CHECK_FAILURE_RESTARTS)
        return;
    replica->restarting = true;
    pool_plan(world, pool->first + number, POOL_DIES, 0); /* not from within what the check is part of */
}

void pool_dies(struct world *world, uint32_t service)
{
    const struct checks_config *checks = pool_around(world, service)->config->checks;
    service_outage(world, service, OUTAGE_REFUSE, 1);
    service_kill(world, service, DEATH_RESETS);
    pool_plan(world, service, POOL_RESTARTED, checks->restart_ns);
}

static void take_in(struct world *world, struct pool *pool, uint32_t number)
{
    pool->replicas[number].failing = false;
    pool_joins(world, pool, number);
    pool_look(world, pool);
}

static void note_check(struct world *world, struct pool *pool, uint32_t number, bool good)
{
    struct replica *replica = &pool->replicas[number];
    if (replica->state != REPLICA_UP || replica->restarting)
        return;
    replica->streak = good == replica->failing ? replica->streak + 1 : 0;
    if (replica->streak < (replica->failing ? pool->config->checks->rise : pool->config->checks->fall))
        return;
    replica->streak = 0;
    if (replica->failing)
        take_in(world, pool, number);
    else
        take_out(world, pool, number);
}

void pool_restarted(struct world *world, uint32_t service)
{
    struct pool *pool = pool_around(world, service);
    struct replica *replica = replica_at(world, service);
    replica->restarting = false;
    service_outage(world, service, OUTAGE_REFUSE, -1);
    service_restarted(world, service);
    if (replica->failing)
        take_in(world, pool, service - pool->first);
}

void pool_checked(struct world *world, uint32_t edge, uint32_t replica, bool good)
{
    note_check(world, pool_at(world, world->edges[edge].callee.index), replica, good);
}

/* A check goes on for ever, except of a replica that is gone. */
void pool_check_due(struct world *world, uint32_t service, uint32_t sequence)
{
    struct pool *pool = pool_around(world, service);
    struct replica *replica = replica_at(world, service);
    uint32_t number = service - pool->first;
    if (replica->state != REPLICA_UP || replica->check_timer != sequence)
        return;
    replica->check_timer = pool_plan(world, service, POOL_CHECK, pool->config->checks->interval_ns);
    if (pool->config->checks->kind == CHECK_PORT)
        note_check(world, pool, number, port_answers(&world->services[service]));
    else if (!replica->restarting)
        caller_open(world, pool->check_edge, (uint64_t)replica->checks++ << 16 | number, 0);
}

/* Spread over an interval, so that checks are no herd of their own. */
void pool_check_begins(struct world *world, uint32_t service)
{
    struct pool *pool = pool_around(world, service);
    const struct checks_config *checks = pool->config->checks;
    if (!checks)
        return;
    double part = (double)(service - pool->first + 1) / pool->room;
    int64_t wait_ns = law_round_ns((double)checks->interval_ns * part);
    replica_at(world, service)->check_timer = pool_plan(world, service, POOL_CHECK, wait_ns);
}

void pool_health_start(struct world *world, struct pool *pool)
{
    for (uint32_t i = 0; i < pool->up; i++)
        pool_check_begins(world, pool->first + i);
    if (pool->config->ejection && pool->config->ejection->sweep_ns > 0)
        pool_plan(world, pool->service, POOL_SWEEP, pool->config->ejection->sweep_ns);
}

/* ---- ejection ---- */

static int64_t ejection_ns(const struct ejection_config *config, uint32_t times)
{
    double factor = config->growth == EJECTION_CONSTANT ? 1
                    : config->growth == EJECTION_LINEAR ? times
                                                        : (double)(UINT64_C(1) << (times < 60 ? times - 1 : 59));
    double time_ns = (double)config->time_ns * factor;
    return time_ns < (double)config->max_time_ns ? law_round_ns(time_ns) : config->max_time_ns;
}

static uint32_t ejected_count(const struct pool *pool)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < pool->room; i++)
        count += pool->replicas[i].ejected;
    return count;
}

static void eject(struct world *world, struct pool *pool, uint32_t number)
{
    const struct ejection_config *config = pool->config->ejection;
    struct replica *replica = &pool->replicas[number];
    if (replica->ejected || ejected_count(pool) + 1 > config->max_ratio * pool->up + 1e-9)
        return;
    replica->ejected = true;
    replica->ejections++;
    replica->failures = 0;
    int64_t time_ns = ejection_ns(config, replica->ejections);
    replica->ejected_until_ns = world->now_ns + time_ns;
    if (config->sweep_ns == 0)
        pool_plan(world, pool->first + number, POOL_RETURN, time_ns);
    pool_look(world, pool);
}

void pool_heard(struct world *world, uint32_t service, enum outcome outcome)
{
    struct pool *pool = pool_around(world, service);
    const struct ejection_config *config = pool->config->ejection;
    struct replica *replica = replica_at(world, service);
    if (outcome != OUTCOME_GOOD && config->on & FAILURE_BIT(outcome)) {
        replica->failures++;
        if (replica->failures >= config->after)
            eject(world, pool, service - pool->first);
        return;
    }
    replica->failures = 0;
    if (config->sweep_ns == 0 && !replica->ejected)
        replica->ejections = 0;
}

static void come_back(struct world *world, struct pool *pool, uint32_t number)
{
    pool->replicas[number].ejected = false;
    pool->replicas[number].failures = 0;
    pool_joins(world, pool, number);
}

void pool_returns(struct world *world, uint32_t service)
{
    struct pool *pool = pool_around(world, service);
    const struct replica *replica = replica_at(world, service);
    if (!replica->ejected || world->now_ns < replica->ejected_until_ns)
        return; /* of an ejection before it was taken away */
    come_back(world, pool, service - pool->first);
    pool_look(world, pool);
}

void pool_sweep(struct world *world, struct pool *pool)
{
    for (uint32_t i = 0; i < pool->room; i++) {
        struct replica *replica = &pool->replicas[i];
        if (replica->ejected && replica->ejected_until_ns <= world->now_ns)
            come_back(world, pool, i);
        else if (!replica->ejected && replica->ejections > 0)
            replica->ejections--;
    }
    pool_look(world, pool);
    pool_plan(world, pool->service, POOL_SWEEP, pool->config->ejection->sweep_ns);
}
