/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How attempts that a worker took go wrong: by chance, for good, or because another one came first. */
#include "model/service.h"
#include "model/program.h"
#include "model/service_parts.h"

/* The same for every attempt of a request: number 0 is nobody's. */
static bool is_wrong_for_good(const struct service *service, const struct attempt *attempt)
{
    if (service->config->permanent_error_ratio <= 0)
        return false;
    struct stream stream = stream_of_id(service->error_key, attempt->id, 0);
    return stream_uniform(&stream) < service->config->permanent_error_ratio;
}

static bool fails_by_chance(const struct service *service, const struct attempt *attempt)
{
    if (service->error_ratio <= 0)
        return false;
    struct stream stream = stream_of_id(service->error_key, attempt->id, attempt->number);
    return stream_uniform(&stream) < service->error_ratio;
}

int64_t error_plan(const struct service *service, struct attempt *attempt, int64_t demand_ns)
{
    if (!is_wrong_for_good(service, attempt) && !fails_by_chance(service, attempt))
        return demand_ns;
    attempt->flags |= ATTEMPT_ERROR;
    return service->config->error_after_ns == INT64_MAX ? demand_ns : service->config->error_after_ns;
}

/* What an attempt read when it started is stale if another committed since; one that commits in the very instant in
 * which it starts counts as before. */
static bool commits(const struct world *world, struct service *service, const struct attempt *attempt)
{
    if (service->committed_clock_ns > attempt->started_clock_ns)
        return false;
    service->committed_clock_ns = service_clock_ns(service, world->now_ns);
    return true;
}

enum outcome error_outcome(const struct world *world, struct service *service, struct attempt *attempt)
{
    if (service->program && world->visits[attempt - world->attempts].flags & VISIT_FAILED)
        return (enum outcome)FAILURE_GATEWAY;
    if (attempt->flags & ATTEMPT_ERROR)
        return is_wrong_for_good(service, attempt) ? (enum outcome)FAILURE_CLIENT_ERROR
                                                   : (enum outcome)service->config->error_class;
    if (service->config->contention == CONTENTION_NONE || commits(world, service, attempt))
        return OUTCOME_GOOD;
    attempt->flags |= ATTEMPT_ERROR;
    return (enum outcome)FAILURE_CONFLICT;
}
