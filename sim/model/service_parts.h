/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the service share and nobody else needs: service.c (arrivals, completions), service_work.c
 * (workers), service_queue.c (waiting), service_gates.c (who may come in), service_cancel.c (callers that give up),
 * service_error.c (what goes wrong), service_fault.c (faults). */
#ifndef MODEL_SERVICE_PARTS_H
#define MODEL_SERVICE_PARTS_H

#include "model/discipline.h"
#include "model/queue.h"
#include "model/service.h"
#include "model/shared.h"

/* Whether the caller gave up, and the service is told and then stops what waits. */
bool service_may_cancel(const struct world *world, const struct service *service, const struct attempt *attempt);

/* The attempt leaves the service: for its caller, or for the cache it came through; */
void service_hand_back(struct world *world, uint32_t attempt, enum outcome outcome);
/* nobody hears of it any more; */
void service_drop(struct world *world, uint32_t attempt);
/* it, or its answer, is lost. */
void service_swallow(struct world *world, uint32_t attempt);
/* Turns the attempt away, which is not in the system (any more): with that answer, worker time, advice. */
struct rejection {
    enum outcome outcome;
    int64_t cost_ns, hint_ns;     /* hint: HINT_NONE or when to come back */
};
void service_reject(struct world *world, struct service *service, uint32_t attempt, const struct rejection *rejection);
/* The same because there is no room, or not enough time. */
void service_turn_away(struct world *world, struct service *service, uint32_t attempt);
/* What is said about when to come back; `gate_ns`: what a gate knows of it, below 0: nothing. */
int64_t service_advice_ns(const struct world *world, const struct service *service, uint32_t attempt,
                          const struct advice *advice, int64_t gate_ns);

/* Lets the attempt wait, if there is room for it. */
bool waiting_join(struct world *world, struct service *service, uint32_t attempt);
/* The same without being asked: it was admitted before. */
void waiting_again(struct world *world, struct service *service, uint32_t attempt);
/* It is turned away although it was in the system: it has left the queue, and no worker has it. */
void waiting_drop(struct world *world, struct service *service, uint32_t attempt);

/* An attempt has got the work that it was to get now. */
void service_worked(struct world *world, struct service *service, uint32_t attempt);
/* There is no more to do for it. */
void service_finish(struct world *world, struct service *service, uint32_t attempt);
/* Its end: it leaves its worker and the system, is counted, is answered. `useful`: somebody wants its result. */
void service_end(struct world *world, struct service *service, uint32_t attempt, enum outcome outcome, bool useful);
void service_count_done(struct world *world, struct service *service, const struct attempt *attempt);
void service_answer(struct world *world, struct service *service, uint32_t attempt, enum outcome outcome);

/* Idempotency keys (service_dedup.c). The work of an attempt that starts; its end, if it EXECUTES or REPEATS. */
int64_t keyed_work_ns(struct world *world, struct service *service, struct attempt *attempt);
void keyed_finish(struct world *world, struct service *service, uint32_t attempt);
/* Whether another attempt waits for this one's result, and which; it is cancelled; it waits for another one no more. */
bool keyed_is_awaited(const struct world *world, const struct service *service, const struct attempt *attempt);
uint32_t keyed_first_twin(const struct world *world, const struct service *service, const struct attempt *attempt);
void keyed_cancelled(const struct world *world, struct service *service, const struct attempt *attempt);
void keyed_leave_twin(struct world *world, struct service *service, uint32_t attempt);

/* Draws the service time. */
int64_t work_demand_ns(struct world *world, const struct service *service, struct attempt *attempt);
/* An attempt that has got all its work gets more, from the same worker. */
void work_go_on(struct world *world, struct service *service, uint32_t attempt, int64_t work_ns);
/* An attempt that gave its worker back needs one again. */
void work_again(struct world *world, struct service *service, uint32_t attempt);
/* An attempt gets a worker, and is RUNNING, to leave in the same instant. */
void work_occupy(struct world *world, struct service *service, struct attempt *attempt);

/* How many may be in service now. */
void work_set_slots(struct service *service);
/* A free worker takes the attempt, which is in the system and no longer in the queue. */
void work_take(struct world *world, struct service *service, uint32_t attempt);
/* Free workers take what waits, but for what the drop rule turns away. */
void work_start_waiting(struct world *world, struct service *service);
void work_enter_system(struct world *world, struct service *service, const struct attempt *attempt);
void work_leave_system(struct world *world, struct service *service, const struct attempt *attempt);
/* Frees the worker; returns the worker time that went into the attempt since it started (that is, not into rejections
 * before). */
int64_t work_leave_worker(struct world *world, struct service *service, const struct attempt *attempt);

/* service_error.c. Whether an attempt may fail by itself at all. */
static inline bool error_is_possible(const struct service *service)
{
    return service->error_ratio > 0 || service->config->permanent_error_ratio > 0;
}
/* When a worker takes an attempt: plans whether it will fail, and returns its work until then; */
int64_t error_plan(const struct service *service, struct attempt *attempt, int64_t demand_ns);
/* when it is done: how it ends. Sets ATTEMPT_ERROR where it lost an optimistic update. */
enum outcome error_outcome(const struct world *world, struct service *service, struct attempt *attempt);

/* Shared speed: what happened may have changed it. */
static inline void work_settle(struct world *world, struct service *service)
{
    if (service->shared)
        shared_settle(world, service);
}

/* It leaves the queue, but not yet the system. */
static inline void waiting_leave(struct world *world, struct service *service, uint32_t index)
{
    if (!service->waiting.simple && service->discipline->leaves)
        service->discipline->leaves(world, service, index);
    queue_remove(world->attempts, &service->waiting.lanes[world->attempts[index].timer], index);
    level_add(&service->in_queue, world->now_ns, -1);
}

static inline bool work_has_room(const struct service *service)
{
    return service->busy.value < service->slots;
}

#endif
