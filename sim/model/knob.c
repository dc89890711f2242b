/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/knob.h"

#include <math.h>

#include "model/fault.h"
#include "model/network.h"
#include "model/service.h"
#include "model/source.h"

/* ---- the knobs: the scenario's value, and how the world follows ---- */

static double of_count(int64_t count) { return count == INT64_MAX ? INFINITY : (double)count; }

static int64_t to_count(double value)
{
    const double most = 1e15;     /* factors beyond anything real must not overflow */
    return isinf(value) ? INT64_MAX : (int64_t)fmin(value, most);
}

static double always_one(const struct world *world, uint32_t index)
{
    (void)world, (void)index;
    return 1;
}

static double workers(const struct world *world, uint32_t index)
{
    return of_count(world->services[index].config->workers);
}

static void set_workers(struct world *world, uint32_t index, double value)
{
    service_set_workers(world, index, to_count(value));
}

static double queue_capacity(const struct world *world, uint32_t index)
{
    return of_count(world->services[index].config->queue.capacity);
}

static void set_queue_capacity(struct world *world, uint32_t index, double value)
{
    service_set_queue_capacity(world, index, to_count(value));
}

static double reject_cost(const struct world *world, uint32_t index)
{
    return (double)world->services[index].config->reject_cost_ns;
}

static void set_reject_cost(struct world *world, uint32_t index, double value)
{
    world->services[index].reject_cost_ns = to_count(value);
}

static double error_ratio(const struct world *world, uint32_t index)
{
    return world->services[index].config->error_ratio;
}

static void set_error_ratio(struct world *world, uint32_t index, double value)
{
    world->services[index].error_ratio = value;
}

static double attempts(const struct world *world, uint32_t index)
{
    return of_count(world->edges[index].policy->attempts);
}

static void set_attempts(struct world *world, uint32_t index, double value)
{
    world->edges[index].limit_attempts = value >= UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static double request_loss(const struct world *world, uint32_t index)
{
    return world->edges[index].network->request_loss;
}

static void set_request_loss(struct world *world, uint32_t index, double value)
{
    network_set_loss(world, index, TO_SERVICE, value);
}

static double response_loss(const struct world *world, uint32_t index)
{
    return world->edges[index].network->response_loss;
}

static void set_response_loss(struct world *world, uint32_t index, double value)
{
    network_set_loss(world, index, TO_CALLER, value);
}

static const struct {
    double (*scenario)(const struct world *world, uint32_t index);
    void (*follow)(struct world *world, uint32_t index, double value);
    double most;
    bool whole;
} knobs[] = {
    [KNOB_WORKERS] = {workers, set_workers, INFINITY, true},
    [KNOB_SPEED] = {always_one, service_set_speed, INFINITY, false},
    [KNOB_QUEUE] = {queue_capacity, set_queue_capacity, INFINITY, true},
    [KNOB_REJECT_COST] = {reject_cost, set_reject_cost, INFINITY, true},
    [KNOB_ERRORS] = {error_ratio, set_error_ratio, 1, false},
    [KNOB_LOAD] = {always_one, source_set_factor, INFINITY, false},
    [KNOB_ATTEMPTS] = {attempts, set_attempts, INFINITY, true},
    [KNOB_REQUEST_LOSS] = {request_loss, set_request_loss, 1, false},
    [KNOB_RESPONSE_LOSS] = {response_loss, set_response_loss, 1, false},
};

/* ---- from the faults to a value ---- */

static bool turns(const struct fault *fault, enum turn turn, enum knob knob, struct target target)
{
    return fault->on && fault->turn == turn && fault->knob == knob && fault->target.kind == target.kind &&
           target.index >= fault->target.index && target.index - fault->target.index < fault->targets;
}

static double set_value(const struct world *world, enum knob knob, struct target target)
{
    const struct fault *latest = NULL;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct fault *fault = &world->faults[i];
        if (turns(fault, TURN_SET, knob, target) && (!latest || fault->times.begins_ns >= latest->times.begins_ns))
            latest = fault;
    }
    return latest ? latest->amount : knobs[knob].scenario(world, target.index);
}

void knob_turn(struct world *world, enum knob knob, struct target target)
{
    double value = set_value(world, knob, target);
    for (uint32_t i = 0; i < world->fault_count && !isinf(value); i++)
        if (turns(&world->faults[i], TURN_SCALE, knob, target))
            value *= world->faults[i].amount;
    if (knobs[knob].whole && !isinf(value))
        value = floor(value + 1e-9);
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (turns(&world->faults[i], TURN_AT_LEAST, knob, target))
            value = fmax(value, world->faults[i].amount);
    knobs[knob].follow(world, target.index, fmin(value, knobs[knob].most));
}
