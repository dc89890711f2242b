/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service does when a caller gives up. */
#include "model/service.h"
#include "model/service_parts.h"

/* A cancelled running attempt: its worker is free at once; debt that it had not paid yet is owed again. */
static void cancel_running(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    level_add(&service->dead, world->now_ns, 1);
    level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
    int64_t work_ns = work_leave_worker(world, service, attempt);
    if (work_ns < 0) {
        service->reject_debt_ns += law_round_ns(-(double)work_ns * service->speed);
        service->reject_ns += (area_t)work_ns;
        work_ns = 0;
    }
    service->wasted_ns += (area_t)work_ns;
    attempt->timer = 0;
    service->place.counts[COUNT_CANCELLED]++;
    service_drop(world, index);
    work_start_waiting(world, service);
}

static void cancel_queued(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    waiting_leave(world, service, index);
    level_add(&service->dead, world->now_ns, 1);
    work_leave_system(world, service, attempt);
    service->place.counts[COUNT_CANCELLED]++;
    service->place.counts[COUNT_CANCELLED_QUEUED]++;
    service_drop(world, index);
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
    case ATTEMPT_LOST: service_drop(world, index); break;
    default: break; /* on its way: it is met as abandoned where it arrives */
    }
}
