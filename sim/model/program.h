/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service with a program does for an attempt: work steps, and calls of other services.
 *
 *     waiting --worker--> RUNNING --work over--> next step? --none--> answered
 *        ^                   ^                      |  call
 *        |                   | next step is work    v
 *        +--hold_worker: false-- CALLING <--- calls under way
 *
 * A work step takes worker time. Calls are requests like any other, with the policy of their edge; their caller is the
 * attempt. When a step has as many good ones as it needs, the program goes on and calls off the rest of the step; when
 * so many have failed that it cannot have them any more, the rest is called off as well, and the attempt fails at once
 * (failure `gateway`), or, where the step is optional, does the fallback work and goes on: its answer is degraded. A
 * degraded answer to a call makes the caller's own answer degraded.
 *
 * While it waits for calls an attempt keeps its worker (`hold_worker`, a thread: busy, and in service.held), or gives
 * it back (an event loop). Then it queues again for its next work, behind the others: as in an event loop's queue, and
 * so that exponential services keep their product form. It was admitted before, so neither the queue's bound nor the
 * drop rule is asked again. A next call, or the answer, needs no worker.
 *
 * In a pause a program does not go on until the pause is over. An attempt that will end in an error does so after the
 * work that `error_after` says, in whichever step that is.
 *
 * An attempt whose caller gave up goes on, unless the service's `cancel` stops it: then its calls are called off. If it
 * goes on, the work of those that it calls is for nobody, too, and counts as wasted there.
 *
 * No handler re-enters a service: an attempt whose calls are over waits in world.ready until the event that ended them
 * has been handled. Draws are named by step, place in the step, request and attempt, so they do not depend on what else
 * happens. Cost: 56 bytes an attempt, 32 a call; nothing where no service has a program. */
#ifndef MODEL_PROGRAM_H
#define MODEL_PROGRAM_H

#include "model/world.h"

enum visit_flags {
    VISIT_BEGUN = 1,              /* had a worker */
    VISIT_DEGRADED = 2,
    VISIT_FAILED = 4,             /* a call failed that had to succeed */
    VISIT_MAKING = 8,             /* is about to make its calls */
    VISIT_READY = 16,             /* in world.ready */
    VISIT_BROWN = 32              /* leaves out its optional steps */
};

/* The attempt has arrived. */
void program_arrived(struct world *world, uint32_t attempt);
/* A worker takes it for the first time: the work of its first step, 0 if that is a call. */
int64_t program_begin_ns(struct world *world, const struct service *service, struct attempt *attempt);
/* A worker takes it again: the work that it waited for. */
int64_t program_due_ns(struct world *world, const struct attempt *attempt);
/* That work is done. */
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

static inline struct visit *program_visit(const struct world *world, const struct attempt *attempt)
{
    return &world->visits[attempt - world->attempts];
}

/* Whether what its worker does is a step of the program (and not a look-up of its key). */
static inline bool program_runs(const struct service *service, const struct attempt *attempt)
{
    return service->program && !(attempt->flags & ATTEMPT_REPEATS);
}

static inline bool program_has_worker(const struct service *service, const struct attempt *attempt)
{
    return attempt->phase == ATTEMPT_RUNNING || (attempt->phase == ATTEMPT_CALLING && service->config->hold_worker);
}

/* Whether it had a worker before. */
static inline bool program_has_begun(const struct world *world, const struct service *service,
                                     const struct attempt *attempt)
{
    return service->program && program_visit(world, attempt)->flags & VISIT_BEGUN;
}

/* When it began to wait for the worker that it waits for, or that it has just got. */
static inline int64_t program_waits_since_ns(const struct world *world, const struct service *service,
                                             const struct attempt *attempt)
{
    return program_has_begun(world, service, attempt) ? program_visit(world, attempt)->since_ns : attempt->arrived_ns;
}

static inline void program_waited(struct world *world, const struct service *service, const struct attempt *attempt,
                                  int64_t since_ns)
{
    if (service->program)
        program_visit(world, attempt)->waited_ns += world->now_ns - since_ns;
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
