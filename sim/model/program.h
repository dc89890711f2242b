/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service with a program does for an attempt: work steps, and calls of other services.
 *
 *     waiting --worker--> RUNNING --work over--> next step? --none--> answered
 *        ^                   ^                      |  call
 *        |                   | next step is work    v
 *        +--hold_worker: false-- CALLING <--- calls under way
 *
 * A worker step takes worker time. Calls are requests like any other, with the policy of their edge; their caller is
 * the attempt. When a step has as many good ones as it needs, the program goes on and calls off the rest of the step;
 * when so many have failed that it cannot have them any more, the rest is called off as well, and the attempt fails at
 * once (failure `gateway`), or, where the step is optional, does the fallback work and goes on: its answer is
 * degraded. A degraded answer to a call makes the caller's own answer degraded.
 *
 * While it waits for calls an attempt keeps its worker (`hold_worker`, a thread: busy, and in service.held), or gives
 * it back (an event loop). Then it queues again for its next work, behind the others: as in an event loop's queue, and
 * so that exponential services keep their product form. It was admitted before, so neither the queue's bound nor the
 * drop rule is asked again. A next call, or the answer, needs no worker.
 *
 * In a pause a program does not go on until the pause is over.
 *
 * Whose attempt is abandoned (its caller gave up) goes on, unless the service's `cancel` stops it: then its calls are
 * called off. If it goes on, the work of those that it calls is for nobody, too, and counts as wasted there.
 *
 * No handler re-enters a service: an attempt whose calls are over waits in world.ready until the event that ended them
 * has been handled. Calls are numbered by step, place in the step, and attempt, so their draws do not depend on what
 * else happens. Cost: 40 bytes an attempt, 32 a request; nothing where no service has a program. */
#ifndef MODEL_PROGRAM_H
#define MODEL_PROGRAM_H

#include "model/world.h"

enum visit_flags {
    VISIT_WORKER = 1,             /* has a worker */
    VISIT_BEGUN = 2,              /* had one before */
    VISIT_DEGRADED = 4,
    VISIT_FAILED = 8,             /* a call failed that had to succeed */
    VISIT_MAKING = 16,            /* is about to make its calls */
    VISIT_READY = 32              /* in world.ready */
};

/* The attempt has arrived. */
void program_arrived(struct world *world, uint32_t attempt);
/* A worker has taken it: it begins, or goes on. */
void program_taken(struct world *world, struct service *service, uint32_t attempt);
/* The work that program_taken or a step asked for is done. */
void program_worked(struct world *world, struct service *service, uint32_t attempt);
/* It will leave, with its answer or cancelled: its calls are called off, and it has a worker and is RUNNING like any
 * attempt whose work ends in this instant. Returns the worker time of its steps before. */
int64_t program_leaves(struct world *world, struct service *service, uint32_t attempt);
/* Its caller does not want its answer any more, nor does it want those of its calls. */
void program_unwanted(struct world *world, uint32_t attempt);

/* A call of this attempt is over (call.h); it is no longer among the attempt's calls. */
void program_call_over(struct world *world, uint32_t attempt, bool good, bool degraded);
/* After each event that left something in world.ready. */
void program_go_on(struct world *world);

static inline bool program_has_worker(const struct world *world, const struct service *service, uint32_t attempt)
{
    return !service->program || world->visits[attempt].flags & VISIT_WORKER;
}

/* Whether it had a worker before. */
static inline bool program_has_begun(const struct world *world, const struct service *service, uint32_t attempt)
{
    return service->program && world->visits[attempt].flags & VISIT_BEGUN;
}

/* When it began to wait for the worker that it waits for, or that it has just got. */
static inline int64_t program_waits_since_ns(const struct world *world, const struct service *service,
                                             uint32_t attempt)
{
    return program_has_begun(world, service, attempt) ? world->visits[attempt].since_ns
                                                      : world->attempts[attempt].arrived_ns;
}

/* Whether it is getting work done, with an end that is planned. */
static inline bool program_is_working(const struct world *world, const struct service *service, uint32_t attempt)
{
    return world->attempts[attempt].phase == ATTEMPT_RUNNING &&
           !(service->program && world->visits[attempt].flags & VISIT_READY);
}

/* Worker time of its steps so far, the present one left out. */
static inline int64_t program_work_ns(const struct world *world, const struct service *service, uint32_t attempt)
{
    return service->program ? world->visits[attempt].worked_ns : 0;
}

/* Building. */
void program_build(struct world *world, uint32_t service, uint32_t first_edge);
void program_free(struct program *program);

#endif
