/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What requests of an edge share: breaker, gates, budgets. Here they are asked and told on a request's behalf.
 *
 *     guard_enter        once a request: breaker and gates with `per: request`
 *     guard_attempt      before each attempt: breaker and gates with `per: attempt`
 *        PASSED          go on
 *        HELD            a gate makes it wait; caller_wake calls guard_resumed, which goes on where it was, or waits on
 *        REFUSED         *refusal says how; nothing is held any more
 *     guard_attempt_over each attempt that passed, once: its outcome, or that its end says nothing
 *     guard_over         once a request
 *
 * Only edges with EDGE_GUARDS need to call any of this; others pay one test of a bit. */
#ifndef MODEL_GUARD_H
#define MODEL_GUARD_H

#include "model/world.h"

enum guard_pass { GUARD_PASSED, GUARD_HELD, GUARD_REFUSED };

enum guard_pass guard_enter(struct world *world, uint32_t request, enum failure *refusal);
enum guard_pass guard_attempt(struct world *world, uint32_t request, enum failure *refusal);
/* The request's timer says that it need not wait any longer: its permit is there (PASSED), or it waited in vain for
 * one (REFUSED). */
enum guard_pass guard_resumed(struct world *world, uint32_t request, enum failure *refusal);

/* A further attempt beside the one under way: passes without waiting, or not at all. */
bool guard_hedge(struct world *world, uint32_t request, uint32_t *permit);

/* How an attempt ended. */
struct guard_end {
    enum outcome outcome;
    bool tells;                   /* false: given up or called off, so that its end says nothing */
    uint32_t number;              /* of the attempt; 0: it is the request that ends */
    uint32_t permit;
    int64_t sent_ns;
};
void guard_attempt_over(struct world *world, uint32_t request, const struct guard_end *end);
/* The request is over before the attempt that it prepares was sent: paced, or waiting in a line. */
void guard_called_off(struct world *world, uint32_t request);

/* `tells` false: it was called off, so its end says nothing. */
void guard_over(struct world *world, uint32_t request, enum outcome outcome, bool tells);

/* Budgets hear of a request's begin, its failed attempts, and its end; they grant its retries and hedges. */
void guard_budget_opened(struct world *world, uint32_t request);
void guard_failure(struct world *world, uint32_t request, enum failure failure);
bool guard_grants_retry(struct world *world, uint32_t request, enum failure failure, enum budget_when when);
bool guard_grants_hedge(struct world *world, uint32_t request);
/* The retry under way, if any, has its outcome: what budgets held for it is free. */
void guard_retry_over(struct world *world, uint32_t request);
void guard_budget_over(struct world *world, uint32_t request, enum outcome outcome);

/* Building: the states that the policy needs. */
void guard_build(struct edge *edge, uint32_t clients);
void guard_free(struct edge *edge);

#endif
