/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/service.h"

#include <math.h>

#include "model/cache.h"
#include "model/caller.h"
#include "model/discipline.h"
#include "model/measure.h"
#include "model/queue.h"

int64_t service_clock_ns(const struct service *service, int64_t now_ns)
{
    int64_t wall_ns = service->paused_since_ns >= 0 ? service->paused_since_ns : now_ns;
    return wall_ns - service->frozen_ns;
}

struct service_areas service_areas_now(const struct service *service, int64_t now_ns)
{
    int64_t clock_ns = service_clock_ns(service, now_ns);
    return (struct service_areas){
        .in_system = level_area(&service->in_system, now_ns), .in_queue = level_area(&service->in_queue, now_ns),
        .dead = level_area(&service->dead, now_ns), .busy = level_area(&service->busy, clock_ns),
        .dead_busy = level_area(&service->dead_busy, clock_ns), .useful = service->useful_ns,
        .wasted = service->wasted_ns, .reject = service->reject_ns, .at_ns = now_ns};
}

double service_capacity_per_s(const struct service *service)
{
    const int64_t *outages = service->outages;
    if (outages[OUTAGE_PAUSE] + outages[OUTAGE_REFUSE] + outages[OUTAGE_BLACKHOLE] > 0)
        return 0;
    return config_capacity_per_s(service->config, service->workers, service->speed);
}

static bool has_free_worker(const struct service *service)
{
    return service->paused_since_ns < 0 && service->busy.value < service->workers;
}

/* The attempt leaves the service: for its caller, for the cache it came through, or for nowhere. */
static void hand_back(struct world *world, uint32_t index, enum outcome outcome)
{
    if (world->attempts[index].cache != NONE)
        cache_fetched(world, index, outcome);
    else
        caller_answer(world, index, outcome);
}

static void drop(struct world *world, uint32_t index)
{
    if (world->attempts[index].cache != NONE)
        cache_fetched(world, index, OUTCOME_ERROR);
    else
        caller_forget(world, index);
}

/* ---- workers ---- */

static int64_t demand_ns(struct world *world, const struct service *service, struct attempt *attempt)
{
    struct stream stream = stream_of_id(service->demand_key, attempt->id, attempt->number);
    int64_t demand = law_draw_ns(&service->config->service_time, &stream, world->zig);
    if (service->error_ratio > 0) {
        struct stream errors = stream_of_id(service->error_key, attempt->id, attempt->number);
        if (stream_uniform(&errors) < service->error_ratio) {
            attempt->flags |= ATTEMPT_ERROR;
            if (service->config->error_after_ns != INT64_MAX)
                demand = service->config->error_after_ns;
        }
    }
    return demand;
}

static int64_t at_speed_ns(const struct service *service, int64_t work_ns)
{
    return service->speed == 1 ? work_ns : law_round_ns((double)work_ns / service->speed);
}

/* A free worker takes the attempt: it pays the rejections' debt, then serves. */
static void start(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t now_ns = world->now_ns, clock_ns = now_ns - service->frozen_ns, debt_ns = 0;
    if (service->reject_debt_ns > 0) {
        debt_ns = at_speed_ns(service, service->reject_debt_ns);
        service->reject_debt_ns = 0;
        service->reject_ns += (area_t)(uint64_t)debt_ns;
    }
    attempt->phase = ATTEMPT_RUNNING;
    attempt->started_clock_ns = clock_ns + debt_ns;
    level_add(&service->busy, clock_ns, 1);
    service->place.counts[COUNT_STARTED]++;
    if (attempt->flags & ATTEMPT_DEAD) {
        service->place.counts[COUNT_STARTED_DEAD]++;
        level_add(&service->dead_busy, clock_ns, 1);
    }
    hist_add(service->wait, now_ns + debt_ns - attempt->arrived_ns);
    attempt->done_ns = now_ns + debt_ns + at_speed_ns(service, demand_ns(world, service, attempt));
    attempt->timer =
        event_push(world->events, attempt->done_ns, RANK_COMPLETION, handle_of(EVENT_DONE, index));
}

static void leave_queue(struct world *world, struct service *service, uint32_t index)
{
    queue_remove(world->attempts, &service->waiting, index);
    level_add(&service->in_queue, world->now_ns, -1);
}

static void start_waiting(struct world *world, struct service *service)
{
    while (service->waiting.length > 0 && has_free_worker(service)) {
        uint32_t index = service->discipline->pick(world->attempts, &service->waiting,
                                                   service->config->queue.discipline.parameters);
        leave_queue(world, service, index);
        start(world, service, index);
    }
}

static void leave_system(struct world *world, struct service *service, const struct attempt *attempt)
{
    level_add(&service->in_system, world->now_ns, -1);
    service->sojourn_sum_ns += (area_t)(uint64_t)(world->now_ns - attempt->arrived_ns);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead, world->now_ns, -1);
}

/* Frees the worker; returns the worker time that went into the attempt. */
static int64_t leave_worker(struct world *world, struct service *service, const struct attempt *attempt)
{
    int64_t clock_ns = service_clock_ns(service, world->now_ns);
    level_add(&service->busy, clock_ns, -1);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead_busy, clock_ns, -1);
    leave_system(world, service, attempt);
    return clock_ns - attempt->started_clock_ns;
}

/* ---- arrivals ---- */

/* A fetch that is lost stays known to its cache until its caller gives up; anything else is gone. */
static void swallow(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (attempt->cache == NONE) {
        caller_lost(world, index);
        return;
    }
    attempt->phase = ATTEMPT_LOST;
    if (attempt->flags & ATTEMPT_ABANDONED)
        drop(world, index);
}

static void reject(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    service->place.counts[COUNT_REJECTED]++;
    if (service->first_reject_ns < 0)
        service->first_reject_ns = world->now_ns;
    if (outcome == OUTCOME_REJECTED && service->reject_debt_ns < EVENT_TIME_MAX)
        service->reject_debt_ns += service->config->reject_cost_ns; /* from there on it can never be paid anyway */
    if (service->outages[OUTAGE_LOSE_RESPONSE] > 0)
        swallow(world, index);
    else
        hand_back(world, index, outcome);
}

static void enqueue(struct world *world, struct service *service, uint32_t index)
{
    world->attempts[index].phase = ATTEMPT_QUEUED;
    service->place.counts[COUNT_WAITED]++;
    queue_append(world->attempts, &service->waiting, index);
    level_add(&service->in_queue, world->now_ns, 1);
    if (service->waiting.length > service->queue_peak)
        service->queue_peak = service->waiting.length;
}

static void enter_system(struct world *world, struct service *service, const struct attempt *attempt)
{
    level_add(&service->in_system, world->now_ns, 1);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead, world->now_ns, 1);
}

static void admit(struct world *world, struct service *service, uint32_t index)
{
    const struct attempt *attempt = &world->attempts[index];
    if (has_free_worker(service)) {
        enter_system(world, service, attempt);
        start(world, service, index);
    } else if (service->waiting.length < service->config->queue.capacity) {
        enter_system(world, service, attempt);
        enqueue(world, service, index);
    } else {
        reject(world, service, index, OUTCOME_REJECTED);
    }
}

void service_arrive(struct world *world, uint32_t service_index, uint32_t index)
{
    struct service *service = &world->services[service_index];
    struct attempt *attempt = &world->attempts[index];
    attempt->service = (uint16_t)service_index;
    attempt->arrived_ns = world->now_ns;
    if (attempt->flags & ATTEMPT_ABANDONED && !cache_wants(world, attempt))
        attempt->flags |= ATTEMPT_DEAD;
    service->place.counts[COUNT_ATTEMPTS]++;
    service->place.counts[attempt->number == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    if (service->outages[OUTAGE_BLACKHOLE] > 0) {
        service->place.counts[COUNT_LOST]++;
        swallow(world, index);
    } else if (service->outages[OUTAGE_REFUSE] > 0) {
        reject(world, service, index, OUTCOME_REFUSED);
    } else if (attempt->flags & ATTEMPT_DEAD && service->config->cancel != CANCEL_NONE) {
        service->place.counts[COUNT_CANCELLED]++;
        drop(world, index);
    } else {
        admit(world, service, index);
    }
}

/* ---- the end of an attempt ---- */

/* Whether this execution of its request is one more than needed. */
static void count_execution(struct world *world, struct service *service, const struct attempt *attempt)
{
    struct request *request = &world->requests[attempt->request];
    if (request->executions < UINT16_MAX)
        request->executions++;
    if (request->executions > 1)
        service->place.counts[COUNT_DUPLICATES]++;
}

static void count_done(struct world *world, struct service *service, const struct attempt *attempt, int64_t work_ns)
{
    uint64_t *counts = service->place.counts;
    bool error = attempt->flags & ATTEMPT_ERROR, dead = attempt->flags & ATTEMPT_DEAD;
    if (error) {
        counts[COUNT_FAILED]++;
    } else {
        counts[COUNT_SERVED]++;
        counts[dead ? COUNT_LATE : COUNT_GOOD]++;
        count_execution(world, service, attempt);
    }
    if (error || dead)
        service->wasted_ns += (area_t)work_ns;
    else
        service->useful_ns += (area_t)work_ns;
    latency_add(service->place.latency, world->now_ns - attempt->arrived_ns);
}

void service_done(struct world *world, uint32_t index, uint32_t sequence)
{
    struct attempt *attempt = &world->attempts[index];
    if (attempt->timer != sequence || attempt->phase != ATTEMPT_RUNNING)
        return;
    struct service *service = &world->services[attempt->service];
    int64_t work_ns = leave_worker(world, service, attempt);
    count_done(world, service, attempt, work_ns);
    start_waiting(world, service);
    if (service->outages[OUTAGE_LOSE_RESPONSE] > 0) {
        service->place.counts[COUNT_ANSWERS_LOST]++;
        swallow(world, index);
    } else {
        hand_back(world, index, attempt->flags & ATTEMPT_ERROR ? OUTCOME_ERROR : OUTCOME_GOOD);
    }
}

/* A cancelled running attempt: its worker is free at once; debt that it had not paid yet is owed again. */
static void cancel_running(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    level_add(&service->dead, world->now_ns, 1);
    level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
    int64_t work_ns = leave_worker(world, service, attempt);
    if (work_ns < 0) {
        service->reject_debt_ns += law_round_ns(-(double)work_ns * service->speed);
        service->reject_ns += (area_t)work_ns;
        work_ns = 0;
    }
    service->wasted_ns += (area_t)work_ns;
    attempt->timer = 0;
    service->place.counts[COUNT_CANCELLED]++;
    drop(world, index);
    start_waiting(world, service);
}

static void cancel_queued(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    leave_queue(world, service, index);
    level_add(&service->dead, world->now_ns, 1);
    leave_system(world, service, attempt);
    service->place.counts[COUNT_CANCELLED]++;
    service->place.counts[COUNT_CANCELLED_QUEUED]++;
    drop(world, index);
}

void service_abandoned(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    struct service *service = &world->services[attempt->service];
    enum cancel_mode cancel = (enum cancel_mode)service->config->cancel;
    switch ((enum attempt_phase)attempt->phase) {
    case ATTEMPT_QUEUED:
        attempt->flags |= ATTEMPT_DEAD;
        service->place.counts[COUNT_TIMED_OUT]++;
        if (cancel != CANCEL_NONE)
            cancel_queued(world, service, index);
        else
            level_add(&service->dead, world->now_ns, 1);
        break;
    case ATTEMPT_RUNNING:
        attempt->flags |= ATTEMPT_DEAD;
        service->place.counts[COUNT_TIMED_OUT]++;
        if (cancel == CANCEL_RUNNING) {
            cancel_running(world, service, index);
        } else {
            level_add(&service->dead, world->now_ns, 1);
            level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
        }
        break;
    case ATTEMPT_LOST: drop(world, index); break;
    default: break; /* on its way: it is met as abandoned where it arrives */
    }
}

/* ---- faults ---- */

/* The debt that a running attempt has not paid yet takes `ratio` times as long, too. */
static void replan_debt(const struct world *world, struct service *service, struct attempt *attempt, double ratio)
{
    int64_t left_ns = attempt->started_clock_ns - service_clock_ns(service, world->now_ns);
    if (left_ns <= 0)
        return;
    int64_t change_ns = law_round_ns((double)left_ns * ratio) - left_ns;
    attempt->started_clock_ns += change_ns;
    service->reject_ns += (area_t)change_ns;
}

/* Plans the rest of every running attempt anew: `ratio` times as long as planned; `was_paused` and `is_paused` say
 * whether it stood still until now, and does from now on. Faults are rare, so a walk over all attempts will do. */
static void replan_running(struct world *world, uint32_t service, double ratio, bool was_paused, bool is_paused)
{
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        struct attempt *attempt = &world->attempts[i];
        if (attempt->phase != ATTEMPT_RUNNING || attempt->service != service)
            continue;
        int64_t left_ns = was_paused ? attempt->done_ns : attempt->done_ns - world->now_ns;
        if (ratio != 1) {
            left_ns = law_round_ns((double)left_ns * ratio);
            replan_debt(world, &world->services[service], attempt, ratio);
        }
        attempt->done_ns = is_paused ? left_ns : world->now_ns + left_ns;
        attempt->timer =
            is_paused ? 0 : event_push(world->events, attempt->done_ns, RANK_COMPLETION, handle_of(EVENT_DONE, i));
    }
}

static void pause(struct world *world, uint32_t index)
{
    struct service *service = &world->services[index];
    replan_running(world, index, 1, false, true);
    service->paused_since_ns = world->now_ns;
}

static void resume(struct world *world, uint32_t index)
{
    struct service *service = &world->services[index];
    service->frozen_ns += world->now_ns - service->paused_since_ns;
    service->paused_since_ns = -1;
    replan_running(world, index, 1, true, false);
    start_waiting(world, service);
}

void service_outage(struct world *world, uint32_t index, enum outage_mode mode, int change)
{
    struct service *service = &world->services[index];
    int64_t before = service->outages[mode];
    service->outages[mode] += change;
    if (mode != OUTAGE_PAUSE)
        return;
    if (before == 0)
        pause(world, index);
    else if (service->outages[mode] == 0)
        resume(world, index);
}

void service_set_speed(struct world *world, uint32_t index, double speed)
{
    struct service *service = &world->services[index];
    bool paused = service->paused_since_ns >= 0;
    replan_running(world, index, service->speed / speed, paused, paused);
    service->speed = speed;
}

void service_set_workers(struct world *world, uint32_t index, int64_t workers)
{
    struct service *service = &world->services[index];
    service->workers = workers;
    start_waiting(world, service);
}
