/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory behind guard.h: states of budgets, breakers and gates, as many as their scope asks for. */
#include <stdlib.h>

#include "model/guard.h"

static size_t count_of(const struct states *states, uint32_t clients)
{
    return (states->per_client ? (size_t)clients : 1) * states->endpoints;
}

static struct states make_states(struct edge *edge, size_t size, int scope, uint32_t clients)
{
    bool client = scope == SCOPE_CLIENT || scope == SCOPE_CLIENT_ENDPOINT;
    bool endpoint = scope == SCOPE_ENDPOINT || scope == SCOPE_CLIENT_ENDPOINT;
    struct states states = {.size = (size + 7) / 8 * 8, .per_client = client && clients > 1,
                            .endpoints = endpoint ? edge->endpoints : 1};
    states.memory = memory_zeroed(count_of(&states, clients), states.size ? states.size : 8);
    edge->per_endpoint |= states.endpoints > 1;
    return states;
}

static void init_states(const struct states *states, uint32_t clients,
                        void (*init)(const void *parameters, void *state), const void *parameters)
{
    for (size_t i = 0; init && i < count_of(states, clients); i++)
        init(parameters, states->memory + i * states->size);
}

static size_t size_of(size_t (*state_size)(const void *parameters), const void *parameters)
{
    return state_size ? state_size(parameters) : 0;
}

static void build_budgets(struct edge *edge, uint32_t clients)
{
    const struct list *list = &edge->policy->budgets;
    edge->budgets = memory_zeroed(list->count, sizeof *edge->budgets);
    for (size_t i = 0; i < list->count; i++) {
        const struct budget *budget = &((const struct budget *)list->items)[i];
        const struct budget_row *row = (const struct budget_row *)budget->choice.row;
        edge->budgets[i] =
            make_states(edge, size_of(row->state_size, budget->choice.parameters), budget->scope, clients);
        init_states(&edge->budgets[i], clients, row->init, budget->choice.parameters);
    }
}

/* A line for each state of each gate that lets requests wait. */
static void build_lines(struct edge *edge, uint32_t clients)
{
    const struct gate *gates = edge->policy->gates.items;
    uint32_t count = 0;
    edge->line_of = memory_zeroed(edge->policy->gates.count, sizeof *edge->line_of);
    for (size_t i = 0; i < edge->policy->gates.count; i++) {
        edge->line_of[i] = count;
        if (((const struct gate_row *)gates[i].choice.row)->waits)
            count += (uint32_t)count_of(&edge->gates[i], clients);
    }
    if (count == 0)
        return;
    edge->lines = memory_zeroed(count, sizeof *edge->lines);
    for (uint32_t i = 0; i < count; i++)
        edge->lines[i] = (struct line){NONE, NONE, 0};
}

static void build_gates(struct edge *edge, uint32_t clients)
{
    const struct list *list = &edge->policy->gates;
    edge->gates = memory_zeroed(list->count, sizeof *edge->gates);
    for (size_t i = 0; i < list->count; i++) {
        const struct gate *gate = &((const struct gate *)list->items)[i];
        const struct gate_row *row = (const struct gate_row *)gate->choice.row;
        edge->gates[i] = make_states(edge, size_of(row->state_size, gate->choice.parameters), gate->scope, clients);
        init_states(&edge->gates[i], clients, row->init, gate->choice.parameters);
    }
    build_lines(edge, clients);
}

static void build_breaker(struct edge *edge, uint32_t clients)
{
    const struct breaker *breaker = &edge->policy->breaker;
    edge->breaker = make_states(edge, breaker_state_size(breaker), breaker->scope, clients);
}

static uint8_t uses_of_gate(const struct gate *gate)
{
    const struct gate_row *row = (const struct gate_row *)gate->choice.row;
    uint8_t uses = gate->per == GATE_PER_REQUEST ? GUARD_OUTER : 0;
    return row->leave || row->waits ? uses | GUARD_LISTENS : uses;
}

static void find_uses(struct edge *edge)
{
    const struct policy *policy = edge->policy;
    const struct gate *gates = policy->gates.items;
    const struct budget *budgets = policy->budgets.items;
    if (edge->features & EDGE_BREAKER && policy->breaker.per == BREAKER_PER_REQUEST)
        edge->guards |= GUARD_OUTER;
    for (size_t i = 0; i < policy->gates.count; i++)
        edge->guards |= uses_of_gate(&gates[i]);
    for (size_t i = 0; i < policy->budgets.count; i++)
        if (((const struct budget_row *)budgets[i].choice.row)->on_retry_end)
            edge->guards |= GUARD_HOLDS;
}

void guard_build(struct edge *edge, uint32_t clients)
{
    find_uses(edge);
    if (edge->features & EDGE_BUDGET)
        build_budgets(edge, clients);
    if (edge->features & EDGE_GATES)
        build_gates(edge, clients);
    if (edge->features & EDGE_BREAKER)
        build_breaker(edge, clients);
}

void guard_free(struct edge *edge)
{
    for (size_t i = 0; edge->budgets && i < edge->policy->budgets.count; i++)
        free(edge->budgets[i].memory);
    for (size_t i = 0; edge->gates && i < edge->policy->gates.count; i++)
        free(edge->gates[i].memory);
    free(edge->budgets);
    free(edge->gates);
    free(edge->breaker.memory);
    free(edge->lines);
    free(edge->line_of);
}
