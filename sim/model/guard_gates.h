/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of an edge and the lines in front of them: the part of guard.h that is about gates.
 *
 * request.gate is the next gate that the request must pass; those before it, as far as they concern it, wait to hear how
 * it ends. A request that waits in a line is asked about again when it is the first and something left, or the gate said
 * when. */
#ifndef MODEL_GUARD_GATES_H
#define MODEL_GUARD_GATES_H

#include "model/guard.h"

/* What the request brings to the gates on this side of retry: an attempt's number, or (0) itself. */
static inline uint32_t gates_number_of(const struct request *request)
{
    return request->flags & REQUEST_INSIDE ? request->attempts : 0;
}

/* Passes gates from request.gate on. REFUSED: by gate request.gate. */
enum guard_pass gates_pass(struct world *world, struct edge *edge, uint32_t request);
/* The timer of a request that waits in a line. */
enum guard_pass gates_wake(struct world *world, struct edge *edge, uint32_t request);
/* It waits in a line, and does so no longer. */
void gates_leave_line(struct world *world, struct edge *edge, uint32_t request);
/* Passes the gates of a hedge without waiting, or none of them; `never` is what they hear then. */
bool gates_pass_hedge(struct world *world, struct edge *edge, uint32_t request, const struct guard_end *never);
/* Tells the first `count` gates, those among them that it concerns. */
void gates_hear(struct world *world, struct edge *edge, uint32_t request, uint32_t count, const struct guard_end *end);
/* What a refusal by this gate is to the caller. */
enum failure gates_refusal(const struct edge *edge, uint32_t gate);

#endif
