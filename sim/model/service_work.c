/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers: who starts, how long it takes, what is freed when it ends. */
#include "model/drop.h"
#include "model/program.h"
#include "model/service_parts.h"

/* ---- starting at a speed of its own ---- */

static inline int64_t draw_demand_ns(struct world *world, const struct service *service, struct attempt *attempt)
{
    struct stream stream = stream_of_id(service->demand_key, attempt->id, attempt->number);
    int64_t demand = law_draw_ns(service->config->service_time, &stream, world->zig);
    if (error_is_possible(service))
        demand = error_plan(service, attempt, demand);
    return demand;
}

int64_t work_demand_ns(struct world *world, const struct service *service, struct attempt *attempt)
{
    return service->program ? program_begin_ns(world, service, attempt) : draw_demand_ns(world, service, attempt);
}

static int64_t at_speed_ns(const struct service *service, int64_t work_ns)
{
    return service->speed == 1 ? work_ns : law_round_ns((double)work_ns / service->speed);
}

static void occupy(struct service *service, struct attempt *attempt, int64_t clock_ns)
{
    attempt->phase = ATTEMPT_RUNNING;
    level_add(&service->busy, clock_ns, 1);
    service->place.counts[COUNT_STARTED]++;
    if (attempt->flags & ATTEMPT_DEAD) {
        service->place.counts[COUNT_STARTED_DEAD]++;
        level_add(&service->dead_busy, clock_ns, 1);
    }
}

static void plan_end(struct world *world, uint32_t index, int64_t done_ns)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->done_ns = done_ns;
    attempt->timer = event_push(world->events, done_ns, RANK_COMPLETION, handle_of(EVENT_DONE, index));
}

/* A worker takes the attempt, which waited since then: it pays the rejections' debt, then serves. */
static inline void start(struct world *world, struct service *service, uint32_t index, int64_t since_ns,
                         int64_t work_ns)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t now_ns = world->now_ns, clock_ns = now_ns - service->frozen_ns, debt_ns = 0;
    if (service->reject_debt_ns > 0) {
        debt_ns = at_speed_ns(service, service->reject_debt_ns);
        service->reject_debt_ns = 0;
        service->reject_ns += (area_t)(uint64_t)debt_ns;
    }
    occupy(service, attempt, clock_ns);
    attempt->started_clock_ns = clock_ns + debt_ns;
    hist_add(service->wait, now_ns + debt_ns - since_ns);
    plan_end(world, index, now_ns + debt_ns + at_speed_ns(service, work_ns));
}

/* ---- the same where something is out of the ordinary ---- */

static int64_t work_ns(struct world *world, struct service *service, struct attempt *attempt)
{
    if (program_has_begun(world, service, attempt))
        return program_due_ns(world, attempt);
    return service->dedup ? keyed_work_ns(world, service, attempt) : work_demand_ns(world, service, attempt);
}

static void serve_shared(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->started_clock_ns = service_clock_ns(service, world->now_ns);
    hist_add(service->wait, world->now_ns - program_waits_since_ns(world, service, attempt));
    shared_begin(world, service, index, work_ns(world, service, attempt));
}

static void start_shared(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t clock_ns = service_clock_ns(service, world->now_ns);
    occupy(service, attempt, clock_ns);
    if (service->reject_debt_ns > 0) {
        attempt->flags |= ATTEMPT_PAYING;
        attempt->started_clock_ns = clock_ns;
        shared_begin(world, service, index, service->reject_debt_ns);
        service->reject_debt_ns = 0;
    } else {
        serve_shared(world, service, index);
    }
    shared_settle(world, service);
}

static void finish_paying(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->flags &= (uint8_t)~ATTEMPT_PAYING;
    service->reject_ns += (area_t)(service_clock_ns(service, world->now_ns) - attempt->started_clock_ns);
    serve_shared(world, service, index);
}

void service_shared_done(struct world *world, uint32_t service_index, uint32_t sequence)
{
    struct service *service = &world->services[service_index];
    uint32_t index = shared_done(world, service, sequence);
    if (index == NONE)
        return;
    if (world->attempts[index].flags & ATTEMPT_PAYING)
        finish_paying(world, service, index);
    else
        service_worked(world, service, index);
    shared_settle(world, service);
}

/* ---- who starts ---- */

void work_set_slots(struct service *service)
{
    int64_t workers = service->workers, capacity = service->queue_capacity;
    if (service->discipline->shares)
        service->slots = workers > INT64_MAX - capacity ? INT64_MAX : workers + capacity;
    else
        service->slots = service->paused_since_ns < 0 ? workers : 0;
}

static void take_special(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t since_ns = program_waits_since_ns(world, service, attempt);
    if (service->drop && !program_has_begun(world, service, attempt) &&
        service->drop->drops(world, service, attempt)) {
        waiting_drop(world, service, index);
        return;
    }
    program_waited(world, service, attempt, since_ns);
    if (service->shared)
        start_shared(world, service, index);
    else
        start(world, service, index, since_ns, work_ns(world, service, attempt));
}

void work_take(struct world *world, struct service *service, uint32_t index)
{
    if (service->special)
        take_special(world, service, index);
    else
        start(world, service, index, world->attempts[index].arrived_ns,
              draw_demand_ns(world, service, &world->attempts[index]));
}

void work_go_on(struct world *world, struct service *service, uint32_t index, int64_t work_ns)
{
    struct attempt *attempt = &world->attempts[index];
    if (service->shared) {
        shared_begin(world, service, index, work_ns);
    } else if (service->paused_since_ns < 0) {
        plan_end(world, index, world->now_ns + at_speed_ns(service, work_ns));
    } else {
        attempt->done_ns = at_speed_ns(service, work_ns);
        attempt->timer = 0;
    }
}

void work_again(struct world *world, struct service *service, uint32_t index)
{
    world->visits[index].since_ns = world->now_ns;
    if (work_has_room(service))
        take_special(world, service, index);
    else
        waiting_again(world, service, index);
}

void work_occupy(struct world *world, struct service *service, struct attempt *attempt)
{
    attempt->phase = ATTEMPT_RUNNING;
    attempt->started_clock_ns = service_clock_ns(service, world->now_ns);
    level_add(&service->busy, attempt->started_clock_ns, 1);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead_busy, attempt->started_clock_ns, 1);
}

void work_start_waiting(struct world *world, struct service *service)
{
    while (service->in_queue.value > 0 && work_has_room(service)) {
        uint32_t index = service->discipline->pick(world, service);
        waiting_leave(world, service, index);
        work_take(world, service, index);
    }
}

void work_enter_system(struct world *world, struct service *service, const struct attempt *attempt)
{
    level_add(&service->in_system, world->now_ns, 1);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead, world->now_ns, 1);
}

void work_leave_system(struct world *world, struct service *service, const struct attempt *attempt)
{
    level_add(&service->in_system, world->now_ns, -1);
    service->sojourn_sum_ns += (area_t)(uint64_t)(world->now_ns - attempt->arrived_ns);
    if (service->drained_ns < 0 && service->in_system.value == 0)
        service->drained_ns = world->now_ns;
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead, world->now_ns, -1);
}

int64_t work_leave_worker(struct world *world, struct service *service, const struct attempt *attempt)
{
    int64_t clock_ns = service_clock_ns(service, world->now_ns);
    level_add(&service->busy, clock_ns, -1);
    if (attempt->flags & ATTEMPT_DEAD)
        level_add(&service->dead_busy, clock_ns, -1);
    return clock_ns - attempt->started_clock_ns;
}
