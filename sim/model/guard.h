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

/* Chooses the replica of attempt `number`. Where breaker, budgets or gates are kept for each endpoint it is chosen
 * before these are asked, otherwise when the attempt is sent. */
void guard_choose(struct world *world, uint32_t request, uint32_t number);

/* A further attempt beside the one under way: passes without waiting, or not at all. */
bool guard_hedge(struct world *world, uint32_t request, uint32_t *permit);

/* How an attempt ended. */
struct guard_end {
    enum outcome outcome;
    bool tells;                   /* false: given up or called off, so that its end says nothing */
    uint32_t number;              /* of the attempt; 0: it is the request that ends */
    uint32_t permit;
    uint32_t endpoint;            /* the replica that it was sent to; of a request: that of its first attempt */
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
void guard_build(struct edge *edge, uint32_t clients);     /* sets edge.per_endpoint, too */
void guard_free(struct edge *edge);

/* The place of an endpoint's states. */
static inline uint32_t guard_endpoint(const struct edge *edge, uint32_t service)
{
    if (!edge->per_endpoint)
        return 0;
    bool is_replica = service >= edge->first_endpoint && service - edge->first_endpoint < edge->endpoints - 1;
    return is_replica ? service - edge->first_endpoint : edge->endpoints - 1;
}

/* The replica that attempt `number` is meant for; of the request itself (0): that of its first attempt. */
static inline uint32_t guard_meant_for(const struct world *world, const struct edge *edge, uint32_t request,
                                       uint32_t number)
{
    if (!edge->per_endpoint)
        return NONE;
    const struct request_more *more = world_more(world, request);
    return number == 0 ? more->entered : more->endpoint;
}

/* The place of its states. */
static inline uint32_t guard_asks_about(const struct world *world, const struct edge *edge, uint32_t request,
                                        uint32_t number)
{
    return guard_endpoint(edge, guard_meant_for(world, edge, request, number));
}

#endif
