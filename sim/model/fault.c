/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fault.h"

#include <math.h>
#include <string.h>

void fault_schedule(struct world *world)
{
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct fault_config *config = world->faults[i].config;
        event_push(world->events, config->at_ns, RANK_FAULT, handle_of(EVENT_FAULT, i * 2));
        if (!world->faults[i].row->instant && config->for_ns < INT64_MAX)
            event_push(world->events, config->at_ns + config->for_ns, RANK_FAULT, handle_of(EVENT_FAULT, i * 2 + 1));
    }
}

void fault_event(struct world *world, uint32_t index)
{
    struct fault *fault = &world->faults[index / 2];
    fault->on = index % 2 == 0;
    fault->row->apply(world, fault, fault->on);
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
