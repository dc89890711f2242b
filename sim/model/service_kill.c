/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service loses when it, or a part of its workers, dies. */
#include "model/service.h"
#include "model/service_parts.h"
#include "model/warm_up.h"

static void lose(struct world *world, struct service *service, uint32_t index, enum death death)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->flags &= (uint8_t)~ATTEMPT_PAYING;
    attempt->hint_ns = HINT_NONE;
    service->place.counts[death == DEATH_RESETS ? COUNT_FAILED : COUNT_LOST]++;
    if (death == DEATH_RESETS)
        service_hand_back(world, index, (enum outcome)FAILURE_RESET);
    else
        service_swallow(world, index);
}

/* Those that wait for the result of a dying execution die with it. */
static void lose_twins(struct world *world, struct service *service, uint32_t index, enum death death)
{
    for (uint32_t twin; (twin = keyed_twin(service, &world->attempts[index])) != NONE;) {
        keyed_leave_twin(world, service, twin);
        work_leave_system(world, service, &world->attempts[twin]);
        lose(world, service, twin, death);
    }
}

/* What was to be paid for rejections is forgotten with the rest; results that are stored outlive the process. */
static void stop_work(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (service->shared)
        shared_end(world, service, index);
    int64_t work_ns = work_leave_worker(world, service, attempt);
    work_leave_system(world, service, attempt);
    keyed_cancelled(service, attempt);
    if (attempt->flags & ATTEMPT_PAYING || work_ns < 0)
        service->reject_ns += (area_t)work_ns;
    else
        service->wasted_ns += (area_t)work_ns;
    attempt->timer = 0;
}

static bool is_here(const struct attempt *attempt, uint32_t service, enum attempt_phase phase)
{
    return attempt->service == service && attempt->phase == phase;
}

void service_kill(struct world *world, uint32_t service_index, enum death death)
{
    struct service *service = &world->services[service_index];
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        if (is_here(&world->attempts[i], service_index, ATTEMPT_RUNNING)) {
            lose_twins(world, service, i, death);
            stop_work(world, service, i);
        } else if (is_here(&world->attempts[i], service_index, ATTEMPT_QUEUED)) {
            waiting_leave(world, service, i);
            work_leave_system(world, service, &world->attempts[i]);
        } else {
            continue;
        }
        lose(world, service, i, death);
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
        if (!is_here(attempt, service_index, ATTEMPT_RUNNING) || stream_uniform(&stream) >= part)
            continue;
        lose_twins(world, service, i, DEATH_RESETS);
        stop_work(world, service, i);
        lose(world, service, i, DEATH_RESETS);
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
