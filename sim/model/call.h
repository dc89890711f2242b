/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls: requests that a service makes for an attempt, and what they inherit from it.
 *
 * A call's client is the one that made the first request of all, and so are its edge (priority, tenant) and,
 * with `same_operation_id`, its operation: the same for every attempt that its caller makes of the same request. With
 * `propagate_deadline` it has to be over when the caller of the attempt gives up (timeout, deadline, or what that one
 * was passed on itself), less the margin. */
#ifndef MODEL_CALL_H
#define MODEL_CALL_H

#include "model/world.h"

/* Makes a call for the attempt; `step`, `place`: which one of its program. It may be over at once. */
void call_open(struct world *world, uint32_t edge, uint32_t attempt, uint32_t step, uint32_t place);
/* It has its outcome: tells the attempt. */
void call_over(struct world *world, uint32_t request, enum outcome outcome);
/* Nobody needs it any more. */
void call_off_all(struct world *world, uint32_t attempt);

/* The edge of the request, or of the one that it is made for in the end: a client's. */
static inline const struct edge *call_first_edge(const struct world *world, uint32_t request)
{
    const struct edge *edge = &world->edges[world->requests[request].edge];
    return edge->call ? &world->edges[world->lineage[request].edge] : edge;
}

/* What a service that remembers operations knows the request by. */
static inline uint64_t call_operation(const struct world *world, uint32_t request)
{
    const struct edge *edge = &world->edges[world->requests[request].edge];
    return edge->call ? world->lineage[request].operation : world->requests[request].id;
}

#endif
