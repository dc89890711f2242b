/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/shared.h"

#include <stdlib.h>

#include "base/arena.h"
#include "model/discipline.h"
#include "model/ordered.h"
#include "model/rate.h"
#include "model/service.h"
#include "model/warm_up.h"

bool shared_is_needed(const struct service_config *config)
{
    return ((const struct discipline_row *)config->queue.discipline.row)->shares || config->warm_up ||
           ((const struct rate_row *)config->rate.choice.row)->speed;
}

struct shared *shared_new(void)
{
    return memory_zeroed(1, sizeof(struct shared));
}

void shared_free(struct shared *shared)
{
    if (shared)
        ordered_free(&shared->ends);
    free(shared);
}

static double first_end_ns(const struct shared *shared)
{
    return shared->ends.entries[0].key;
}

static void advance(const struct world *world, const struct service *service)
{
    struct shared *shared = service->shared;
    if (shared->since_ns == world->now_ns)
        return;
    double worth_ns = warm_up_worth_ns(&service->warm_up, shared->since_ns, world->now_ns);
    shared->work_ns += shared->speed * worth_ns;
    if (shared->ends.count > 0 && shared->work_ns > first_end_ns(shared))
        shared->work_ns = first_end_ns(shared); /* an end is rounded to the nanosecond */
    shared->share_ns += shared->share * (double)(world->now_ns - shared->since_ns);
    shared->since_ns = world->now_ns;
}

/* ---- the speed ---- */

static double share_now(const struct service *service)
{
    double workers = (double)service->workers, n = (double)service->shared->ends.count;
    if (service->paused_since_ns >= 0)
        return 0;
    return service->discipline->shares && n > workers ? workers / n : 1;
}

static double curve_now(const struct service *service)
{
    const struct rate_config *rate = &service->config->rate;
    const struct rate_row *row = (const struct rate_row *)rate->choice.row;
    if (!row->speed)
        return 1;
    int64_t n = row->counts_waiting ? service->in_system.value : service->shared->ends.count;
    return n > 0 ? row->speed(rate->choice.parameters, (double)n) : 1;
}

/* When the first will have got its work; INT64_MAX: never, as things are. */
static int64_t first_due_ns(const struct world *world, const struct service *service)
{
    const struct shared *shared = service->shared;
    if (shared->ends.count == 0 || shared->speed <= 0)
        return INT64_MAX;
    double worth_ns = (first_end_ns(shared) - shared->work_ns) / shared->speed;
    return world->now_ns + law_round_ns(warm_up_time_ns(&service->warm_up, world->now_ns, worth_ns));
}

/* Sees to it that the event comes at `due_ns` or before. */
static void plan(struct world *world, const struct service *service, int64_t due_ns)
{
    struct shared *shared = service->shared;
    if (due_ns == INT64_MAX || (shared->event != 0 && shared->event_ns <= due_ns))
        return;
    shared->event_ns = due_ns;
    shared->event = event_push(world->events, due_ns, RANK_COMPLETION,
                               handle_of(EVENT_SHARED_DONE, (uint32_t)(service - world->services)));
}

void shared_settle(struct world *world, struct service *service)
{
    struct shared *shared = service->shared;
    advance(world, service);
    shared->share = share_now(service);
    shared->speed = shared->share * curve_now(service) * service->speed;
    plan(world, service, first_due_ns(world, service));
}

/* ---- attempts ---- */

void shared_begin(struct world *world, struct service *service, uint32_t index, int64_t work_ns)
{
    struct shared *shared = service->shared;
    advance(world, service);
    if (shared->ends.count == 0)
        shared->work_ns = 0;
    ordered_push(&shared->ends, world->attempts, index, shared->work_ns + (double)work_ns);
}

int64_t shared_end(struct world *world, struct service *service, uint32_t index)
{
    struct shared *shared = service->shared;
    advance(world, service);
    double left_ns = ordered_key(&shared->ends, &world->attempts[index]) - shared->work_ns;
    ordered_remove(&shared->ends, world->attempts, index);
    return law_round_ns(left_ns);
}

uint32_t shared_done(struct world *world, struct service *service, uint32_t sequence)
{
    struct shared *shared = service->shared;
    if (shared->event != sequence)
        return NONE;
    shared->event = 0;
    advance(world, service);
    int64_t due = first_due_ns(world, service);
    if (due > world->now_ns) {
        plan(world, service, due);
        return NONE;
    }
    uint32_t index = ordered_first(&shared->ends);
    shared->work_ns = first_end_ns(shared);
    ordered_remove(&shared->ends, world->attempts, index);
    return index;
}
