/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service loses when it, or a part of its workers, dies. */
#include "model/program.h"
#include "model/service.h"
#include "model/service_parts.h"
#include "model/warm_up.h"

static void lose(struct world *world, struct service *service, uint32_t index, enum death death)
{
    struct attempt *attempt = &world->attempts[index];
    work_leave_system(world, service, attempt);
    attempt->flags &= (uint8_t)~ATTEMPT_PAYING;
    attempt->hint_ns = HINT_NONE;
    service->place.counts[death == DEATH_RESETS ? COUNT_FAILED : COUNT_LOST]++;
    if (death == DEATH_RESETS)
        service_hand_back(world, index, (enum outcome)FAILURE_RESET);
    else
        service_swallow(world, index);
}

/* What was to be paid for rejections is forgotten with the rest. */
static void stop_work(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (service->shared && attempt->phase == ATTEMPT_RUNNING)
        shared_end(world, service, index);
    if (service->program)
        service->wasted_ns += (area_t)program_leaves(world, service, index);
    int64_t work_ns = work_leave_worker(world, service, attempt);
    if (attempt->flags & ATTEMPT_PAYING || work_ns < 0)
        service->reject_ns += (area_t)work_ns;
    else
        service->wasted_ns += (area_t)work_ns;
    attempt->timer = 0;
}

/* An attempt that a worker has dies, and with it those that wait for its result. */
static void kill_at_work(struct world *world, struct service *service, uint32_t index, enum death death)
{
    const struct attempt *attempt = &world->attempts[index];
    while (keyed_is_awaited(world, service, attempt)) {
        uint32_t twin = keyed_first_twin(world, service, attempt);
        keyed_leave_twin(world, service, twin);
        lose(world, service, twin, death);
    }
    stop_work(world, service, index);
    keyed_cancelled(world, service, attempt);
    lose(world, service, index, death);
}

static bool is_here(const struct attempt *attempt, uint32_t service, enum attempt_phase phase)
{
    return attempt->service == service && attempt->phase == phase;
}

static bool is_at_work(const struct attempt *attempt, uint32_t service)
{
    return is_here(attempt, service, ATTEMPT_RUNNING) || is_here(attempt, service, ATTEMPT_CALLING);
}

void service_kill(struct world *world, uint32_t service_index, enum death death)
{
    struct service *service = &world->services[service_index];
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        if (is_at_work(&world->attempts[i], service_index)) {
            kill_at_work(world, service, i, death);
        } else if (is_here(&world->attempts[i], service_index, ATTEMPT_QUEUED)) {
            waiting_leave(world, service, i);
            service->wasted_ns += (area_t)program_work_ns(world, service, i);
            lose(world, service, i, death);
        }
    }
    service->reject_debt_ns = 0;
    work_settle(world, service);
}

void service_kill_workers(struct world *world, uint32_t service_index, double part, uint32_t number)
{
    struct service *service = &world->services[service_index];
    uint64_t key = stream_key(world->seed, world->replication, "killed workers", service->place.path);
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        const struct attempt *attempt = &world->attempts[i];
        struct stream stream = stream_of_id(key, attempt->id, attempt->number + (uint64_t)number * UINT32_MAX);
        if (!is_at_work(attempt, service_index) || !program_has_worker(service, attempt) ||
            stream_uniform(&stream) >= part)
            continue;
        kill_at_work(world, service, i, DEATH_RESETS);
    }
    work_start_waiting(world, service);
    work_settle(world, service);
}

void service_part_restarted(struct world *world, uint32_t index, double part)
{
    struct service *service = &world->services[index];
    const struct warm_up_config *config = service->config->warm_up;
    if (!config)
        return;
    shared_settle(world, service); /* to here with the speed of before */
    double from = warm_up_at(&service->warm_up, world->now_ns) - part * (1 - config->from);
    service->warm_up = (struct warm_up){from > config->from ? from : config->from, world->now_ns,
                                        world->now_ns + config->over_ns};
    shared_settle(world, service);
}
