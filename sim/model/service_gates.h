/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates at a service's end: each arriving attempt passes them before the queue.
 *
 *     arrive --> gate 1 --> gate 2 --> ... --> worker or queue --> done, dropped, given up --> all gates hear of it
 *                  |  ^
 *           refused|  | held: comes back when its permit is there, and goes on behind that gate
 *                  v
 *               rejected: the earlier gates hear that it never came in
 *
 * An attempt that passed all has ATTEMPT_ADMITTED. What finds the queue full, or is dropped from it, has passed the
 * gates and failed. A service without gates pays one test of a pointer for each arrival. Gates that look at the service
 * see the longest wait among all lanes of the queue, which costs a look at each of them. */
#ifndef MODEL_SERVICE_GATES_H
#define MODEL_SERVICE_GATES_H

#include "model/service_parts.h"

void service_gates_build(struct world *world, struct service *service);
void service_gates_free(struct service *service);
/* Whether a gate needs to know which client it is that calls. */
bool service_gates_tell_clients_apart(const struct service *service);

/* Whether the attempt may go on now. If not it is rejected, or held for EVENT_LET_IN. */
bool service_gates_pass(struct world *world, struct service *service, uint32_t attempt);
/* An attempt that is held does not come in after all: the gates before hear that. */
void service_gates_called_off(struct world *world, struct service *service, uint32_t attempt);
/* An attempt that passed is over. */
void service_gates_left(struct world *world, struct service *service, uint32_t attempt, enum outcome outcome);

#endif
