/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/service_gates.h"

#include <stdlib.h>

#include "base/check.h"
#include "model/config_program.h"
#include "model/discipline.h"
#include "model/program.h"
#include "model/tenant.h"

struct service_gates {
    const struct service_gate *gates;
    uint32_t count;
    struct states *states; /* of each gate: one, or one for each tenant */
    uint64_t key;
    bool looks; /* a gate looks at the service */
    struct gate_signals signals;
};

static const struct gate_row *row_of(const struct service_gate *gate)
{
    return (const struct gate_row *)gate->choice.row;
}

/* ---- asking and telling ---- */

static const void *parameters_of(const struct service_gates *gates, uint32_t gate)
{
    return gates->gates[gate].choice.parameters;
}

static void *state_of(const struct world *world, const struct service_gates *gates, uint32_t gate,
                      const struct attempt *attempt)
{
    int key = gates->gates[gate].key;
    uint32_t tenant =
        key == GATE_KEY_NONE ? 0 : tenant_of(world, attempt, key == GATE_KEY_CLIENT ? BY_CLIENT : BY_POPULATION);
    return states_at(&gates->states[gate], tenant, 0);
}

static int64_t oldest_wait_ns(const struct world *world, const struct service *service)
{
    int64_t oldest_ns = world->now_ns;
    for (uint32_t i = 0; service->in_queue.value > 0 && i < service->waiting.lane_count; i++) {
        uint32_t head = service->waiting.lanes[i].head;
        if (head != NONE && program_waits_since_ns(world, service, &world->attempts[head]) < oldest_ns)
            oldest_ns = program_waits_since_ns(world, service, &world->attempts[head]);
    }
    return world->now_ns - oldest_ns;
}

static void look(const struct world *world, const struct service *service)
{
    if (!service->gates->looks)
        return;
    service->gates->signals = (struct gate_signals){
        .in_service = service->busy.value - service->held.value, .queued = service->in_queue.value,
        .workers = service->workers,
        .oldest_wait_ns = oldest_wait_ns(world, service),
        .mean_service_ns = config_work_ns(service->config) / service->speed};
}

/* A gate's draws about an attempt: one when it asks, one when it leaves. */
static struct stream stream_for(const struct service_gates *gates, const struct attempt *attempt, uint32_t gate,
                                int draw)
{
    return stream_of_id(gates->key, attempt->id, ((uint64_t)attempt->number << 8 | gate) * 2 + (uint32_t)draw);
}

static struct gate_answer ask(const struct world *world, const struct service *service, const struct attempt *attempt,
                              uint32_t gate)
{
    const struct service_gates *gates = service->gates;
    struct stream stream = stream_for(gates, attempt, gate, 0);
    struct gate_in in = {.now_ns = world->now_ns,
                         .priority = priority_of(world, attempt),
                         .caller = tenant_of(world, attempt, BY_CLIENT),
                         .stream = &stream,
                         .signals = &gates->signals};
    return row_of(&gates->gates[gate])->ask(parameters_of(gates, gate), state_of(world, gates, gate, attempt), &in);
}

/* The first `count` gates hear how it ended. */
static void tell(const struct world *world, const struct service *service, const struct attempt *attempt,
                 uint32_t count, struct gate_out *out)
{
    const struct service_gates *gates = service->gates;
    out->now_ns = world->now_ns;
    out->latency_ns = world->now_ns - attempt->arrived_ns;
    out->priority = priority_of(world, attempt);
    out->caller = tenant_of(world, attempt, BY_CLIENT);
    out->signals = &gates->signals;
    for (uint32_t gate = 0; gate < count; gate++) {
        const struct gate_row *row = row_of(&gates->gates[gate]);
        struct stream stream = stream_for(gates, attempt, gate, 1);
        out->stream = &stream;
        if (row->leave)
            row->leave(parameters_of(gates, gate), state_of(world, gates, gate, attempt), out);
    }
}

/* ---- passing ---- */

static enum outcome class_of(const struct service_gate *gate)
{
    static const enum failure classes[] = {[GATE_CLASS_THROTTLED] = FAILURE_THROTTLED,
                                           [GATE_CLASS_OVERLOADED] = FAILURE_OVERLOADED,
                                           [GATE_CLASS_SHED] = FAILURE_SHED};
    return (enum outcome)(gate->class == GATE_CLASS_OF_KIND ? row_of(gate)->rejection : classes[gate->class]);
}

void service_gates_called_off(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    struct gate_out out = {.sent = false, .queue_wait_ns = -1};
    attempt->phase = ATTEMPT_TRAVELLING;
    tell(world, service, attempt, attempt->timer, &out);
}

static void refuse(struct world *world, struct service *service, uint32_t index, uint32_t gate, int64_t gate_ns)
{
    const struct service_gate *config = &service->gates->gates[gate];
    int64_t cost_ns = config->reject_cost_ns == INT64_MAX ? service->reject_cost_ns : config->reject_cost_ns;
    world->attempts[index].timer = gate;
    service_gates_called_off(world, service, index);
    service->place.counts[COUNT_REJECTED_BY_GATES]++;
    struct rejection rejection = {class_of(config), cost_ns,
                                  service_advice_ns(world, service, index, &config->retry_after, gate_ns)};
    service_reject(world, service, index, &rejection);
}

static void hold(struct world *world, uint32_t index, uint32_t gate, int64_t wait_ns)
{
    world->attempts[index].phase = ATTEMPT_HELD;
    world->attempts[index].timer = gate + 1;
    event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle_of(EVENT_LET_IN, index));
}

bool service_gates_pass(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    uint32_t gate = attempt->phase == ATTEMPT_HELD ? attempt->timer : 0;
    look(world, service);
    for (; gate < service->gates->count; gate++) {
        struct gate_answer answer = ask(world, service, attempt, gate);
        CHECK(answer.verdict != GATE_WAIT, "a gate at a service told an attempt to wait in line");
        if (answer.verdict == GATE_ADMIT)
            continue;
        if (answer.verdict == GATE_HOLD)
            hold(world, index, gate, answer.wait_ns);
        else
            refuse(world, service, index, gate, answer.retry_after_ns);
        return false;
    }
    attempt->phase = ATTEMPT_TRAVELLING;
    attempt->flags |= ATTEMPT_ADMITTED;
    return true;
}

/* Time it was here and no worker did anything for it; below 0: none ever did. */
static int64_t queue_wait_ns(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    if (attempt->phase != ATTEMPT_RUNNING)
        return -1;
    if (service->discipline->shares)
        return 0;
    if (service->program)
        return world->visits[attempt - world->attempts].waited_ns;
    int64_t worked_ns = service_clock_ns(service, world->now_ns) - attempt->started_clock_ns;
    int64_t wait_ns = world->now_ns - attempt->arrived_ns - (worked_ns > 0 ? worked_ns : 0);
    return wait_ns > 0 ? wait_ns : 0;
}

void service_gates_left(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    struct attempt *attempt = &world->attempts[index];
    struct gate_out out = {.sent = true,
                           .good = outcome == OUTCOME_GOOD,
                           .failure = (enum failure)outcome,
                           .queue_wait_ns = queue_wait_ns(world, service, attempt)};
    attempt->flags &= (uint8_t)~ATTEMPT_ADMITTED;
    look(world, service);
    tell(world, service, attempt, service->gates->count, &out);
}

/* ---- building ---- */

static struct states make_states(const struct world *world, const struct service_gate *gate)
{
    const struct gate_row *row = row_of(gate);
    size_t size = row->state_size ? row->state_size(gate->choice.parameters) : 0;
    uint32_t count = gate->key == GATE_KEY_NONE
                         ? 1
                         : tenant_count(world->config, gate->key == GATE_KEY_CLIENT ? BY_CLIENT : BY_POPULATION);
    struct states states = {.size = (size + 7) / 8 * 8, .endpoints = 1, .per_client = gate->key != GATE_KEY_NONE};
    states.memory = memory_zeroed(count, states.size ? states.size : 8);
    for (uint32_t i = 0; row->init && i < count; i++)
        row->init(gate->choice.parameters, states_at(&states, i, 0));
    return states;
}

void service_gates_build(struct world *world, struct service *service)
{
    const struct list *list = &service->config->gates;
    if (list->count == 0)
        return;
    struct service_gates *gates = memory_zeroed(1, sizeof *gates);
    gates->gates = list->items;
    gates->count = (uint32_t)list->count;
    gates->key = stream_key(world->seed, world->replication, "gate", service->place.path);
    gates->states = memory_zeroed(list->count, sizeof *gates->states);
    for (uint32_t i = 0; i < gates->count; i++) {
        gates->states[i] = make_states(world, &gates->gates[i]);
        gates->looks |= row_of(&gates->gates[i])->looks_at_service;
    }
    service->gates = gates;
}

void service_gates_free(struct service *service)
{
    if (!service->gates)
        return;
    for (uint32_t i = 0; i < service->gates->count; i++)
        free(service->gates->states[i].memory);
    free(service->gates->states);
    free(service->gates);
}

bool service_gates_tell_clients_apart(const struct service *service)
{
    for (uint32_t i = 0; service->gates && i < service->gates->count; i++) {
        const struct service_gate *gate = &service->gates->gates[i];
        if (gate->key == GATE_KEY_CLIENT || row_of(gate)->tells_clients_apart)
            return true;
    }
    return false;
}
