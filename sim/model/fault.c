/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fault.h"

#include <math.h>
#include <string.h>

static int64_t end_ns(const struct fault *fault)
{
    bool ends = !fault->row->instant && fault->config->for_ns < INT64_MAX;
    return ends ? fault->config->at_ns + fault->config->for_ns : INT64_MAX;
}

void fault_schedule(struct world *world)
{
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct fault *fault = &world->faults[i];
        event_push(world->events, fault->config->at_ns, RANK_FAULT, handle_of(EVENT_FAULT, i * 2));
        if (end_ns(fault) < INT64_MAX)
            event_push(world->events, end_ns(fault), RANK_FAULT, handle_of(EVENT_FAULT, i * 2 + 1));
    }
}

void fault_find_calm(struct world *world)
{
    int64_t next_ns = world->bin_end_ns;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        int64_t times_ns[2] = {world->faults[i].config->at_ns, end_ns(&world->faults[i])};
        for (int k = 0; k < 2; k++)
            if (times_ns[k] > world->now_ns && times_ns[k] < next_ns)
                next_ns = times_ns[k];
    }
    world->calm_until_ns = next_ns;
}

void fault_event(struct world *world, uint32_t index)
{
    struct fault *fault = &world->faults[index / 2];
    fault->on = index % 2 == 0;
    fault->row->apply(world, fault, fault->on);
    fault_find_calm(world);
}

static bool is_like(const struct fault *fault, const struct fault *like)
{
    return fault->on && fault->row == like->row && fault->target.index == like->target.index;
}

static double parameter(const struct fault *fault, size_t offset)
{
    double value;
    memcpy(&value, fault->config->choice.parameters + offset, sizeof value);
    return value;
}

double fault_product(const struct world *world, const struct fault *like, size_t offset)
{
    double product = 1;
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (is_like(&world->faults[i], like))
            product *= parameter(&world->faults[i], offset);
    return product;
}

double fault_most(const struct world *world, const struct fault *like, size_t offset, double none)
{
    double most = none;
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (is_like(&world->faults[i], like))
            most = fmax(most, parameter(&world->faults[i], offset));
    return most;
}
