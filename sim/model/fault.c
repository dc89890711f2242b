/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fault/rows.h"
#include "model/pool.h"

#include <string.h>

/* ---- building ---- */

static double double_at(const struct fault *fault, size_t offset)
{
    double value;
    memcpy(&value, fault->config->choice.parameters + offset, sizeof value);
    return value;
}

static struct target target_of(const struct model_config *config, enum target_kind kind, const char *name)
{
    return kind == TARGET_EDGE ? config_edge(config, name) : config_target(config, kind, name);
}

/* What it does to a parameter that its path names. The texts were found good by fault_link. */
static void aim_at_parameter(struct world *world, struct fault *fault)
{
    struct parameter parameter;
    const struct fault_row *row = fault->row;
    const void *amount = fault->config->choice.parameters + row->amount;
    knob_find(world->config, fault_target_name(fault->config), &parameter);
    fault->target = parameter.target;
    fault->knob = parameter.knob;
    if (row->turn == TURN_SET) {
        struct diag *none = diag_new();
        fault->amount = knob_set_amount(&parameter, *(const char *const *)amount, (struct origin){0}, none);
        diag_free(none);
    } else {
        fault->amount = knob_scale_amount(&parameter, double_at(fault, row->amount));
    }
}

/* From a service of the scenario to those of its replicas that the fault hits. */
static void aim_at_replicas(const struct world *world, struct fault *fault)
{
    fault->targets = 1;
    if (fault->target.kind != TARGET_SERVICE || !world->services[fault->target.index].pool)
        return;
    const struct pool *pool = world->services[fault->target.index].pool;
    uint32_t from = (uint32_t)fault->config->first_replica;
    int64_t wanted = fault->config->replicas, most = pool->room - from;
    fault->target.index = pool->first + from;
    fault->targets = (uint32_t)(wanted < most ? wanted : most);
}

void fault_build(struct world *world, uint32_t index)
{
    struct fault *fault = &world->faults[index];
    fault->config = &((const struct fault_config *)world->config->faults.items)[index];
    fault->row = (const struct fault_row *)fault->config->choice.row;
    fault->times = fault_plan_first(world->config, index, world->seed, world->replication);
    fault->first_ns = fault->times.begins_ns;
    fault->last_end_ns = -1;
    fault->turn = fault->row->turn;
    if (fault->row->target == TARGET_PARAMETER) {
        aim_at_parameter(world, fault);
        aim_at_replicas(world, fault);
        return;
    }
    fault->target = target_of(world->config, fault->row->target, fault_target_name(fault->config));
    fault->knob = fault->row->knob;
    if (fault->row->picks_clients && fault->target.index < world->config->clients.count)
        world->populations[fault->target.index].tells_clients_apart = true;
    if (fault->row == &fault_latency)
        world->edges[fault->target.index].features |= EDGE_DETOURS;
    if (fault->turn != TURN_NOT)
        fault->amount = double_at(fault, fault->row->amount);
    aim_at_replicas(world, fault);
}

/* ---- events ---- */

static void schedule(struct world *world, uint32_t index)
{
    const struct fault *fault = &world->faults[index];
    if (fault->times.begins_ns == INT64_MAX)
        return;
    event_push(world->events, fault->times.begins_ns, RANK_FAULT, handle_of(EVENT_FAULT, index * 2));
    if (fault->times.ends_ns < INT64_MAX && !fault->row->instant)
        event_push(world->events, fault->times.ends_ns, RANK_FAULT, handle_of(EVENT_FAULT, index * 2 + 1));
}

void fault_schedule(struct world *world)
{
    for (uint32_t i = 0; i < world->fault_count; i++)
        schedule(world, i);
}

void fault_find_calm(struct world *world)
{
    int64_t next_ns = world->bin_end_ns;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        int64_t times_ns[2] = {world->faults[i].times.begins_ns, world->faults[i].times.ends_ns};
        for (int k = 0; k < 2; k++)
            if (times_ns[k] > world->now_ns && times_ns[k] < next_ns)
                next_ns = times_ns[k];
    }
    world->calm_until_ns = next_ns;
}

static void change(struct world *world, struct fault *fault, bool begins)
{
    fault->on = begins && !fault->row->instant;
    if (begins)
        fault->last_end_ns = fault->times.ends_ns;
    for (uint32_t i = 0; i < fault->targets; i++) {
        struct target target = {fault->target.kind, fault->target.index + i};
        if (fault->turn != TURN_NOT)
            knob_turn(world, fault->knob, target);
        if (fault->row->apply)
            fault->row->apply(world, fault, target.index, begins);
    }
}

static bool is_background(const struct world *world, const struct fault *fault)
{
    return fault_plan_is_endless(world->config, fault->config);
}

static bool all_background(const struct world *world)
{
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (!is_background(world, &world->faults[i]))
            return false;
    return true;
}

/* The backlog that the incident leaves is looked at from here. */
static void watch_drains(struct world *world)
{
    for (uint32_t i = 0; i < world->service_count; i++) {
        struct service *service = &world->services[i];
        service->drained_ns = service->in_system.value == 0 ? world->now_ns : -1;
    }
}

void fault_event(struct world *world, uint32_t index)
{
    struct fault *fault = &world->faults[index / 2];
    bool begins = index % 2 == 0;
    change(world, fault, begins);
    if (!begins || fault->row->instant) {
        if (!is_background(world, fault) || all_background(world))
            watch_drains(world);
        fault->times = fault_plan_next(fault->config, fault->times);
        schedule(world, index / 2);
    }
    fault_find_calm(world);
}

/* ---- what others ask ---- */

uint32_t fault_number(const struct world *world, const struct fault *fault)
{
    return (uint32_t)(fault - world->faults) + fault->times.number * world->fault_count;
}

static bool happened(const struct world *world, const struct fault *fault)
{
    return fault->first_ns < world->config->duration_ns;
}

bool fault_incident(const struct world *world, int64_t *begins_ns, int64_t *ends_ns)
{
    bool background = all_background(world);
    *begins_ns = INT64_MAX;
    *ends_ns = -1;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct fault *fault = &world->faults[i];
        if (!happened(world, fault) || is_background(world, fault) != background)
            continue;
        *begins_ns = fault->first_ns < *begins_ns ? fault->first_ns : *begins_ns;
        *ends_ns = fault->last_end_ns > *ends_ns ? fault->last_end_ns : *ends_ns;
    }
    return *begins_ns < INT64_MAX;
}
