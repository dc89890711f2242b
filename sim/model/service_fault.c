/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What faults do to a service: outages, speed, number of workers. */
#include "model/service_parts.h"

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
 * whether it stood still until now, and does from now on. Faults are rare, so a walk over all attempts will do. (At a
 * shared speed there is nothing to do: work_settle does it.) */
static void replan_running(struct world *world, uint32_t service, double ratio, bool was_paused, bool is_paused)
{
    if (world->services[service].shared)
        return;
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
    service->own_clock = true;
    work_set_slots(service);
    work_settle(world, service);
}

static void resume(struct world *world, uint32_t index)
{
    struct service *service = &world->services[index];
    service->frozen_ns += world->now_ns - service->paused_since_ns;
    service->paused_since_ns = -1;
    service->own_clock = service->discipline->shares;
    work_set_slots(service);
    replan_running(world, index, 1, true, false);
    work_start_waiting(world, service);
    work_settle(world, service);
}

void service_outage(struct world *world, uint32_t index, enum outage_mode mode, int change)
{
    struct service *service = &world->services[index];
    int64_t before = service->outages[mode];
    service->outages[mode] += change;
    service->away = service->outages[OUTAGE_BLACKHOLE] + service->outages[OUTAGE_REFUSE];
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
    work_settle(world, service);
}

void service_set_workers(struct world *world, uint32_t index, int64_t workers)
{
    struct service *service = &world->services[index];
    service->workers = workers;
    work_set_slots(service);
    work_start_waiting(world, service);
    work_settle(world, service);
}

/* Those who wait already stay. */
void service_set_queue_capacity(struct world *world, uint32_t index, int64_t capacity)
{
    struct service *service = &world->services[index];
    service->queue_capacity = capacity;
    service->waiting.capacity = service->discipline->shares ? 0 : capacity;
    work_set_slots(service);
    work_settle(world, service);
}

void service_restarted(struct world *world, uint32_t index)
{
    struct service *service = &world->services[index];
    const struct warm_up_config *config = service->config->warm_up;
    if (!config)
        return;
    shared_settle(world, service); /* to here with the speed of before */
    service->warm_up = (struct warm_up){config->from, world->now_ns, world->now_ns + config->over_ns};
    shared_settle(world, service);
}
