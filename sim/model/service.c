/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/service.h"

#include "model/cache.h"
#include "model/caller.h"
#include "model/measure.h"
#include "model/pool.h"
#include "model/program.h"
#include "model/service_gates.h"
#include "model/service_parts.h"
#include "model/tenant.h"
#include "model/warm_up.h"

int64_t service_clock_ns(const struct service *service, int64_t now_ns)
{
    if (!service->own_clock)
        return now_ns - service->frozen_ns;
    if (service->discipline->shares)
        return shared_clock_ns(service->shared, now_ns);
    return service->paused_since_ns - service->frozen_ns;
}

struct service_areas service_areas_now(const struct service *service, int64_t now_ns)
{
    int64_t clock_ns = service_clock_ns(service, now_ns);
    return (struct service_areas){
        .in_system = level_area(&service->in_system, now_ns), .in_queue = level_area(&service->in_queue, now_ns),
        .dead = level_area(&service->dead, now_ns), .busy = level_area(&service->busy, clock_ns),
        .held = level_area(&service->held, clock_ns), .dead_busy = level_area(&service->dead_busy, clock_ns),
        .useful = service->useful_ns, .wasted = service->wasted_ns, .reject = service->reject_ns, .at_ns = now_ns};
}

double service_capacity_per_s(const struct service *service, int64_t now_ns)
{
    const int64_t *outages = service->outages;
    if (outages[OUTAGE_PAUSE] + outages[OUTAGE_REFUSE] + outages[OUTAGE_BLACKHOLE] > 0)
        return 0;
    return config_capacity_per_s(service->config, service->workers,
                                 service->speed * warm_up_at(&service->warm_up, now_ns));
}

/* A pool hears from the callers how their attempts end, and from here how the fetches of caches do. */
static void fetch_over(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    bool lost_before = world->attempts[index].phase == ATTEMPT_LOST;
    if (!lost_before)
        pool_over(world, world->attempts[index].service, outcome, tells);
}

static void hand_back_to_cache(struct world *world, uint32_t index, enum outcome outcome)
{
    fetch_over(world, index, outcome, true);
    cache_fetched(world, index, outcome);
}

/* The attempt leaves the service: for its caller, for the cache it came through, or for nowhere. */
static inline void hand_back(struct world *world, uint32_t index, enum outcome outcome, int64_t hint_ns)
{
    world->attempts[index].hint_ns = hint_ns;
    if (world->attempts[index].cache != NONE)
        hand_back_to_cache(world, index, outcome);
    else
        caller_answer(world, index, outcome);
}

void service_hand_back(struct world *world, uint32_t index, enum outcome outcome)
{
    hand_back(world, index, outcome, HINT_NONE);
}

static void leave_gates(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    if (world->attempts[index].flags & ATTEMPT_ADMITTED)
        service_gates_left(world, service, index, outcome);
}

void service_drop(struct world *world, uint32_t index)
{
    leave_gates(world, &world->services[world->attempts[index].service], index, OUTCOME_TIMEOUT);
    if (world->attempts[index].cache != NONE) {
        fetch_over(world, index, OUTCOME_TIMEOUT, false);
        cache_dropped(world, index);
    } else {
        caller_forget(world, index);
    }
}

void service_swallow(struct world *world, uint32_t index)
{
    if (world->attempts[index].cache != NONE) {
        fetch_over(world, index, OUTCOME_TIMEOUT, true);
        cache_lost(world, index);
    } else {
        caller_lost(world, index);
    }
}

/* ---- arrivals ---- */

void service_reject(struct world *world, struct service *service, uint32_t index, const struct rejection *rejection)
{
    leave_gates(world, service, index, rejection->outcome);
    service->place.counts[COUNT_REJECTED]++;
    if (service->first_reject_ns < 0)
        service->first_reject_ns = world->now_ns;
    if (service->reject_debt_ns < EVENT_TIME_MAX)
        service->reject_debt_ns += rejection->cost_ns; /* from there on it can never be paid anyway */
    if (service->outages[OUTAGE_LOSE_RESPONSE] > 0)
        service_swallow(world, index);
    else
        hand_back(world, index, rejection->outcome, rejection->hint_ns);
}

/* Clients of the attempt's population without a session; below 0: these clients have none. */
static double without_session(const struct world *world, const struct attempt *attempt)
{
    const struct population *population = population_of(world, attempt);
    return population->config->connect ? (double)(population->clients - population->connected.value) : -1;
}

int64_t service_advice_ns(const struct world *world, const struct service *service, uint32_t index,
                          const struct advice *advice, int64_t gate_ns)
{
    const struct attempt *attempt = &world->attempts[index];
    double per_s = service_capacity_per_s(service, world->now_ns), waiting = (double)service->in_queue.value;
    double out = without_session(world, attempt);
    struct stream stream = stream_of_id(service->advice_key, attempt->id, attempt->number);
    struct advice_in in = {waiting > 0 ? waiting / per_s : 0, out > 0 ? out / per_s : out, gate_ns, &stream};
    return advice_ns(advice, &in);
}

void service_turn_away(struct world *world, struct service *service, uint32_t index)
{
    const struct service_config *config = service->config;
    struct rejection rejection = {(enum outcome)(FAILURE_THROTTLED + config->reject_class), service->reject_cost_ns,
                                  service_advice_ns(world, service, index, &config->retry_after, -1)};
    service_reject(world, service, index, &rejection);
}

static void admit(struct world *world, struct service *service, uint32_t index)
{
    if (work_has_room(service)) {
        work_enter_system(world, service, &world->attempts[index]);
        work_take(world, service, index);
    } else if (!waiting_join(world, service, index)) {
        service->place.counts[COUNT_REJECTED_FULL]++;
        service_turn_away(world, service, index);
    }
}

enum fate { FATE_LOST, FATE_REFUSED, FATE_CANCELLED, FATE_COMES_IN };

static enum fate fate_of(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    if (service->away > 0)
        return service->outages[OUTAGE_BLACKHOLE] > 0 ? FATE_LOST : FATE_REFUSED;
    bool cancelled = attempt->flags & ATTEMPT_DEAD && service_may_cancel(world, service, attempt);
    return cancelled ? FATE_CANCELLED : FATE_COMES_IN;
}

/* An attempt comes in where the service is away, or has gates, or something is known of the attempt. */
static void come_in_with_care(struct world *world, struct service *service, uint32_t index)
{
    static const struct rejection refused = {OUTCOME_REFUSED, 0, HINT_NONE};
    struct attempt *attempt = &world->attempts[index];
    if (attempt->flags & ATTEMPT_ABANDONED && !cache_wants(world, attempt))
        attempt->flags |= ATTEMPT_DEAD;
    enum fate fate = fate_of(world, service, attempt);
    if (fate != FATE_COMES_IN && attempt->phase == ATTEMPT_HELD)
        service_gates_called_off(world, service, index);
    switch (fate) {
    case FATE_LOST:
        service->place.counts[COUNT_LOST]++;
        service_swallow(world, index);
        break;
    case FATE_REFUSED: service_reject(world, service, index, &refused); break;
    case FATE_CANCELLED:
        service->place.counts[COUNT_CANCELLED]++;
        service_drop(world, index);
        break;
    case FATE_COMES_IN:
        if (!service->gates || service_gates_pass(world, service, index))
            admit(world, service, index);
        break;
    }
}

/* An attempt that has arrived, or that a gate has held until now. */
static inline void come_in(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->arrived_ns = world->now_ns;
    if (service->away > 0 || service->gates || attempt->flags != 0)
        come_in_with_care(world, service, index);
    else
        admit(world, service, index);
}

void service_arrive(struct world *world, uint32_t service_index, uint32_t index)
{
    struct service *service = &world->services[service_index];
    struct attempt *attempt = &world->attempts[index];
    attempt->service = (uint16_t)service_index;
    if (service->program)
        program_arrived(world, index);
    service->place.counts[COUNT_ATTEMPTS]++;
    service->place.counts[attempt->number == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    come_in(world, service, index);
}

void service_let_in(struct world *world, uint32_t index)
{
    come_in(world, &world->services[world->attempts[index].service], index);
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

static inline void count_done(struct world *world, struct service *service, const struct attempt *attempt)
{
    uint64_t *counts = service->place.counts;
    latency_add(service->place.latency, world->now_ns - attempt->arrived_ns);
    if (attempt->flags & ATTEMPT_ERROR) {
        counts[COUNT_FAILED]++;
        return;
    }
    counts[COUNT_SERVED]++;
    counts[attempt->flags & ATTEMPT_DEAD ? COUNT_LATE : COUNT_GOOD]++;
    if (attempt->flags & ATTEMPT_REPEATS)
        counts[COUNT_DEDUP_HITS]++;
    else
        count_execution(world, service, attempt);
}

void service_count_done(struct world *world, struct service *service, const struct attempt *attempt)
{
    count_done(world, service, attempt);
}

static inline void answer(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    leave_gates(world, service, index, outcome);
    if (service->outages[OUTAGE_LOSE_RESPONSE] > 0) {
        service->place.counts[COUNT_ANSWERS_LOST]++;
        service_swallow(world, index);
    } else {
        hand_back(world, index, outcome, HINT_NONE);
    }
}

void service_answer(struct world *world, struct service *service, uint32_t index, enum outcome outcome)
{
    answer(world, service, index, outcome);
}

static void note_degraded(struct world *world, struct service *service, uint32_t index)
{
    if (!(world->visits[index].flags & VISIT_DEGRADED))
        return;
    world->attempts[index].flags |= ATTEMPT_DEGRADED;
    service->place.counts[COUNT_DEGRADED]++;
}

static inline void end(struct world *world, struct service *service, uint32_t index, enum outcome outcome, bool useful)
{
    const struct attempt *attempt = &world->attempts[index];
    int64_t work_ns = service->program ? program_leaves(world, service, index) : 0;
    work_ns += work_leave_worker(world, service, attempt);
    *(useful && outcome == OUTCOME_GOOD ? &service->useful_ns : &service->wasted_ns) += (area_t)work_ns;
    work_leave_system(world, service, attempt);
    count_done(world, service, attempt);
    if (service->program && outcome == OUTCOME_GOOD)
        note_degraded(world, service, index);
    work_start_waiting(world, service);
    answer(world, service, index, outcome);
}

void service_end(struct world *world, struct service *service, uint32_t index, enum outcome outcome, bool useful)
{
    end(world, service, index, outcome, useful);
}

static inline void finish(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (attempt->flags & (ATTEMPT_EXECUTES | ATTEMPT_REPEATS)) {
        keyed_finish(world, service, index);
    } else {
        bool may_fail = attempt->flags & ATTEMPT_ERROR || service->special ||
                        service->config->contention != CONTENTION_NONE;
        enum outcome outcome = may_fail ? error_outcome(world, service, attempt) : OUTCOME_GOOD;
        end(world, service, index, outcome, !(attempt->flags & ATTEMPT_DEAD));
    }
}

void service_finish(struct world *world, struct service *service, uint32_t index)
{
    finish(world, service, index);
}

static inline void worked(struct world *world, struct service *service, uint32_t index)
{
    if (program_runs(service, &world->attempts[index]))
        program_worked(world, service, index);
    else
        finish(world, service, index);
}

void service_worked(struct world *world, struct service *service, uint32_t index)
{
    worked(world, service, index);
}

void service_done(struct world *world, uint32_t index, uint32_t sequence)
{
    const struct attempt *attempt = &world->attempts[index];
    if (attempt->timer != sequence || attempt->phase != ATTEMPT_RUNNING)
        return;
    worked(world, &world->services[attempt->service], index);
}
