/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service does when a caller gives up. */
#include "model/program.h"
#include "model/service_parts.h"

/* What it costs from here on is for nobody. */
static void mark_dead(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (attempt->flags & ATTEMPT_DEAD)
        return;
    attempt->flags |= ATTEMPT_DEAD;
    level_add(&service->dead, world->now_ns, 1);
    if (program_has_worker(service, attempt))
        level_add(&service->dead_busy, service_clock_ns(service, world->now_ns), 1);
    if (attempt->phase == ATTEMPT_CALLING)
        program_unwanted(world, index);
}

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
    bool shares = service->shared && attempt->phase == ATTEMPT_RUNNING;
    int64_t left_ns = shares ? shared_end(world, service, index) : 0;
    if (service->program)
        service->wasted_ns += (area_t)program_leaves(world, service, index);
    int64_t work_ns = work_leave_worker(world, service, attempt);
    work_leave_system(world, service, attempt);
    keyed_cancelled(world, service, attempt);
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
    service->wasted_ns += (area_t)program_work_ns(world, service, index);
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

static enum cancel_mode cancel_mode_for(const struct world *world, const struct service *service,
                                        const struct attempt *attempt)
{
    bool silent = world->edges[world->requests[attempt->request].edge].features & EDGE_SILENT;
    return silent ? CANCEL_NONE : (enum cancel_mode)service->config->cancel;
}

bool service_may_cancel(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    return attempt->flags & ATTEMPT_ABANDONED && cancel_mode_for(world, service, attempt) != CANCEL_NONE;
}

static bool is_here(const struct attempt *attempt)
{
    return attempt->phase == ATTEMPT_QUEUED || attempt->phase == ATTEMPT_RUNNING ||
           attempt->phase == ATTEMPT_CALLING || attempt->phase == ATTEMPT_WAITING_FOR_TWIN;
}

void service_unwanted(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    if (is_here(attempt))
        mark_dead(world, &world->services[attempt->service], index);
    else if (attempt->phase != ATTEMPT_ANSWERING)
        attempt->flags |= ATTEMPT_DEAD;
}

void service_abandoned(struct world *world, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    struct service *service = &world->services[attempt->service];
    enum cancel_mode cancel = cancel_mode_for(world, service, attempt);
    if (attempt->phase == ATTEMPT_LOST)
        service_drop(world, index);
    if (!is_here(attempt))
        return; /* on its way: it is met as abandoned where it arrives */
    mark_dead(world, service, index);
    service->place.counts[COUNT_TIMED_OUT]++;
    if (cancel == CANCEL_NONE)
        return;
    if (attempt->phase == ATTEMPT_QUEUED)
        cancel_queued(world, service, index);
    else if (attempt->phase == ATTEMPT_WAITING_FOR_TWIN)
        cancel_twin(world, service, index);
    else if (cancel == CANCEL_RUNNING && !keyed_is_awaited(world, service, attempt))
        cancel_running(world, service, index);
}
