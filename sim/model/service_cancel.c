/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service does when a caller gives up. */
#include "model/service_parts.h"

/* The attempt was to pay for rejections and did not come to the end of that. `paid_ns`: worker time that it has paid;
 * less than 0: what it has not paid of all that was booked when it started. */
static void owe_again(struct service *service, int64_t left_ns, int64_t paid_ns)
{
    service->reject_debt_ns += left_ns;
    service->reject_ns += (area_t)paid_ns;
}

/* A cancelled running attempt: its worker is free at once; debt that it had not paid yet is owed again. */
static void cancel_running(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    level_add(&service->dead, world->now_ns, 1);
    level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
    int64_t left_ns = service->shared ? shared_end(world, service, index) : 0;
    int64_t work_ns = work_leave_worker(world, service, attempt);
    work_leave_system(world, service, attempt);
    keyed_cancelled(service, attempt);
    if (attempt->flags & ATTEMPT_PAYING)
        owe_again(service, left_ns, work_ns);
    else if (work_ns < 0)
        owe_again(service, law_round_ns(-(double)work_ns * service->speed), work_ns);
    else
        service->wasted_ns += (area_t)work_ns;
    attempt->timer = 0;
    service->place.counts[COUNT_CANCELLED]++;
    service_drop(world, index);
    work_start_waiting(world, service);
    work_settle(world, service);
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
    work_settle(world, service);
}

static void cancel_twin(struct world *world, struct service *service, uint32_t index)
{
    keyed_leave_twin(world, service, index);
    work_leave_system(world, service, &world->attempts[index]);
    service->place.counts[COUNT_CANCELLED]++;
    service_drop(world, index);
    work_settle(world, service);
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
        if (cancel == CANCEL_RUNNING && !keyed_is_awaited(service, attempt)) {
            cancel_running(world, service, index);
        } else {
            level_add(&service->dead, world->now_ns, 1);
            level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
        }
        break;
    case ATTEMPT_WAITING_FOR_TWIN:
        attempt->flags |= ATTEMPT_DEAD;
        service->place.counts[COUNT_TIMED_OUT]++;
        level_add(&service->dead, world->now_ns, 1);
        if (cancel != CANCEL_NONE)
            cancel_twin(world, service, index);
        break;
    case ATTEMPT_LOST: service_drop(world, index); break;
    default: break; /* on its way: it is met as abandoned where it arrives */
    }
}
