/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idempotency keys: what a worker does with an attempt whose request was, or is being, executed already.
 *
 *     taken by a worker --> look-up (cost) --> new: executed, flag EXECUTES --> result stored; twins answered
 *                                 |
 *                                 +--> known: flag REPEATS; at the end of the look-up:
 *                                      stored  --> answered with the result
 *                                      running --> wait: WAITING_FOR_TWIN, without a worker
 *                                                  conflict: rejected        (execute: it was executed)
 *                                      neither --> the other failed, or its result is gone: executed after all
 *
 * An execution somebody waits for is not cancelled, and its work is not wasted even if its own caller is gone. Work
 * whose caller is gone and whose result is only asked for later, from the store, counts as wasted: nobody knew. A
 * conflict's look-up counts as a rejection's work. A failure is not stored; those that waited for it share it. */
#include "model/call.h"
#include "model/dedup.h"
#include "model/measure.h"
#include "model/service_parts.h"

/* By what the attempt's request is known here. */
static uint64_t key_of(const struct world *world, const struct attempt *attempt)
{
    return call_operation(world, attempt->request);
}

int64_t keyed_work_ns(struct world *world, struct service *service, struct attempt *attempt)
{
    const struct dedup_config *config = service->config->dedup;
    if (!world->edges[world->requests[attempt->request].edge].sends_key)
        return work_demand_ns(world, service, attempt);
    enum dedup_state state = dedup_look(service->dedup, key_of(world, attempt), world->now_ns);
    if (state == DEDUP_STORED || (state == DEDUP_RUNNING && config->running != RUNNING_EXECUTE)) {
        attempt->flags |= ATTEMPT_REPEATS;
        return config->cost_ns;
    }
    if (state == DEDUP_ABSENT && config->running != RUNNING_EXECUTE)
        dedup_begin(service->dedup, key_of(world, attempt));
    attempt->flags |= ATTEMPT_EXECUTES;
    int64_t demand_ns = work_demand_ns(world, service, attempt);
    return demand_ns < EVENT_TIME_MAX ? config->cost_ns + demand_ns : demand_ns;
}

/* ---- a repetition, at the end of its look-up ---- */

static void execute_after_all(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    dedup_begin(service->dedup, key_of(world, attempt));
    attempt->flags = (uint8_t)((attempt->flags & ~ATTEMPT_REPEATS) | ATTEMPT_EXECUTES);
    work_go_on(world, service, index, work_demand_ns(world, service, attempt));
}

static void wait_for_twin(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t work_ns = work_leave_worker(world, service, attempt);
    *(attempt->flags & ATTEMPT_DEAD ? &service->wasted_ns : &service->useful_ns) += (area_t)work_ns;
    attempt->phase = ATTEMPT_WAITING_FOR_TWIN;
    attempt->timer = 0;
    queue_append(world->attempts, dedup_twins(service->dedup, key_of(world, attempt)), index);
    work_start_waiting(world, service);
}

static void reject_conflict(struct world *world, struct service *service, uint32_t index)
{
    static const struct rejection conflict = {(enum outcome)FAILURE_CONFLICT, 0, HINT_NONE};
    const struct attempt *attempt = &world->attempts[index];
    service->reject_ns += (area_t)work_leave_worker(world, service, attempt);
    work_leave_system(world, service, attempt);
    service->place.counts[COUNT_CONFLICTS]++;
    work_start_waiting(world, service);
    service_reject(world, service, index, &conflict);
}

static void finish_look_up(struct world *world, struct service *service, uint32_t index)
{
    const struct attempt *attempt = &world->attempts[index];
    switch (dedup_look(service->dedup, key_of(world, attempt), world->now_ns)) {
    case DEDUP_STORED: service_end(world, service, index, OUTCOME_GOOD, !(attempt->flags & ATTEMPT_DEAD)); break;
    case DEDUP_ABSENT: execute_after_all(world, service, index); break;
    case DEDUP_RUNNING:
        if (service->config->dedup->running == RUNNING_WAIT)
            wait_for_twin(world, service, index);
        else
            reject_conflict(world, service, index);
    }
}

/* ---- an execution ---- */

static bool anyone_waits(const struct world *world, const struct queue *twins)
{
    for (uint32_t i = twins->head; i != NONE; i = world->attempts[i].next)
        if (!(world->attempts[i].flags & ATTEMPT_DEAD))
            return true;
    return false;
}

/* The result of another one, good or bad. */
static void answer_twin(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    struct attempt *attempt = &world->attempts[index];
    if (outcome != OUTCOME_GOOD)
        attempt->flags |= ATTEMPT_ERROR;
    work_leave_system(world, service, attempt);
    service_count_done(world, service, attempt);
    service_answer(world, service, index, outcome);
}

static void finish_execution(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    const struct queue *waiting = dedup_twins(service->dedup, key_of(world, attempt));
    struct queue twins = waiting ? *waiting : (struct queue){NONE, NONE, 0};
    enum outcome outcome = error_outcome(world, service, attempt);
    if (outcome != OUTCOME_GOOD)
        dedup_forget(service->dedup, key_of(world, attempt));
    else
        dedup_store(service->dedup, key_of(world, attempt), world->now_ns);
    bool useful = !(attempt->flags & ATTEMPT_DEAD) || anyone_waits(world, &twins);
    service_end(world, service, index, outcome, useful);
    for (uint32_t twin = twins.head, next; twin != NONE; twin = next) {
        next = world->attempts[twin].next;
        answer_twin(world, service, twin, outcome);
    }
}

void keyed_finish(struct world *world, struct service *service, uint32_t index)
{
    if (world->attempts[index].flags & ATTEMPT_REPEATS)
        finish_look_up(world, service, index);
    else
        finish_execution(world, service, index);
}

/* ---- callers that give up ---- */

bool keyed_is_awaited(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    if (!(attempt->flags & ATTEMPT_EXECUTES))
        return false;
    const struct queue *twins = dedup_twins(service->dedup, key_of(world, attempt));
    return twins && twins->length > 0;
}

uint32_t keyed_first_twin(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    return dedup_twins(service->dedup, key_of(world, attempt))->head;
}

void keyed_cancelled(const struct world *world, struct service *service, const struct attempt *attempt)
{
    if (attempt->flags & ATTEMPT_EXECUTES)
        dedup_forget(service->dedup, key_of(world, attempt));
}

void keyed_leave_twin(struct world *world, struct service *service, uint32_t index)
{
    queue_remove(world->attempts, dedup_twins(service->dedup, key_of(world, &world->attempts[index])), index);
}
