/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the end of an attempt means for its request: success, a retry after a wait, or failure.
 *
 * A failed attempt is retried if its kind is in retry_on, attempts are left, the deadline is ahead (the wait included),
 * a draw says so (persistence) and the budget grants it, asked in this order. Breaker and budget hear of every result,
 * but the breaker not of what was never sent. */
#ifndef MODEL_OUTCOME_H
#define MODEL_OUTCOME_H

#include "model/world.h"

void outcome_good(struct world *world, uint32_t request);
void outcome_attempt_failed(struct world *world, uint32_t request, enum outcome outcome);
/* The request fails for good. */
void outcome_failed(struct world *world, uint32_t request);
/* Frees the record of a finished request that has no attempt left at a service. */
void outcome_release(struct world *world, uint32_t request);

static inline struct edge *edge_of(struct world *world, const struct request *request)
{
    return &world->edges[request->edge];
}

static inline uint32_t scope_index(int scope, const struct request *request)
{
    return scope == SCOPE_CLIENT ? request->client : 0;
}

static inline struct breaker_state *breaker_of(const struct edge *edge, const struct request *request)
{
    size_t index = scope_index(edge->policy->breaker.scope, request);
    return (struct breaker_state *)(void *)(edge->breakers + index * edge->breaker_size);
}

/* The budget hears of every request that is opened. */
static inline const struct budget_row *budget_row(const struct edge *edge)
{
    return (const struct budget_row *)edge->policy->budget.choice.row;
}

static inline struct budget_state *budget_of(const struct edge *edge, const struct request *request)
{
    return &edge->budgets[scope_index(edge->policy->budget.scope, request)];
}

#endif
