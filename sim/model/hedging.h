/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests with several attempts under way (policy/hedge.h says when and why).
 *
 * The attempts under way of a hedged request are the flights of its request_more; request.attempt and request.timer
 * are those of the last send and only passed on. A lost attempt stays a flight without a record (attempt NONE) until
 * it times out. */
#ifndef MODEL_HEDGING_H
#define MODEL_HEDGING_H

#include "base/hist.h"
#include "model/world.h"

/* Of a hedged edge: what `after: quantile` has seen. */
struct hedging {
    struct hist latencies;        /* of good requests since the last look */
    int64_t looked_ns, delay_ns;  /* delay INT64_MAX: not known yet */
};

/* The attempt in request.attempt was opened: keeps it, plans the next hedge. */
void hedging_sent(struct world *world, uint32_t request);
/* An answer to an attempt that is under way. True: it is good, all others are called off, and the caller of this
 * function closes the attempt and ends the request; false: all that is left to do is done. */
bool hedging_delivered(struct world *world, uint32_t attempt, enum outcome outcome);
void hedging_lost(struct world *world, uint32_t attempt);
/* Gives up every attempt under way; `tells`: breaker and gates hear of it as that outcome. */
void hedging_call_off(struct world *world, uint32_t request, enum outcome outcome, bool tells);

/* Events. */
void hedging_timeout(struct world *world, uint32_t request, uint32_t sequence);
void hedging_due(struct world *world, uint32_t request, uint32_t sequence);
/* Whether a timeout event is still waited for. */
bool hedging_expects(const struct world *world, uint32_t request, uint32_t sequence);

void hedging_build(struct edge *edge);

#endif
