/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the end of an attempt means for its request: success, a retry after a wait, or failure.
 *
 * A failed attempt is retried if its kind is in retry_on, attempts and the kind's rule leave a retry, doing the work
 * twice is allowed, the deadline is ahead, a draw says so (persistence) and the budgets grant it, asked in this
 * order; and then if the wait, as hint and deadline change it, is allowed. Breaker, gates and budgets hear of every
 * result, but breaker and gates not of what was never sent. */
#ifndef MODEL_OUTCOME_H
#define MODEL_OUTCOME_H

#include "model/world.h"

void outcome_good(struct world *world, uint32_t request);
/* `hint_ns`: the wait the service asks for; HINT_NONE without one. */
void outcome_attempt_failed(struct world *world, uint32_t request, enum outcome outcome, int64_t hint_ns);
/* It was never sent: the breaker or a gate refused it. */
void outcome_attempt_refused(struct world *world, uint32_t request, enum failure failure);
/* Breaker and gates hear how the attempt under way ended (not of a hedged edge); `tells` false: its end says
 * nothing. */
void outcome_attempt_over(struct world *world, uint32_t request, enum outcome outcome, bool tells);
/* Counts a failed attempt of a request and tells the budgets. */
void outcome_note_failure(struct world *world, uint32_t request, enum outcome outcome);
/* All attempts sent so far have failed, this one last: retry or fail. */
void outcome_decide(struct world *world, uint32_t request, enum failure failure, int64_t hint_ns);
/* The request fails for good. `outcome`: how its last attempt ended. */
void outcome_failed(struct world *world, uint32_t request, enum outcome outcome);
/* The request is over without an outcome: its caller does not need it any more. */
void outcome_called_off(struct world *world, uint32_t request);
/* Frees the record of a finished request that has no attempt left at a service. */
void outcome_release(struct world *world, uint32_t request);

static inline struct edge *edge_of(struct world *world, const struct request *request)
{
    return &world->edges[request->edge];
}

#endif
