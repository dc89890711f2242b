/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How attempts that a worker took go wrong: by chance, for good, or because another one came first. */
#include "model/service.h"
#include "model/service_parts.h"

void error_set(struct attempt *attempt, enum failure failure)
{
    attempt->flags &= (uint8_t)((1 << ATTEMPT_OUTCOME_SHIFT) - 1);
    attempt->flags |= (uint8_t)(ATTEMPT_ERROR | failure << ATTEMPT_OUTCOME_SHIFT);
}

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
    if (is_wrong_for_good(service, attempt))
        error_set(attempt, FAILURE_CLIENT_ERROR);
    else if (fails_by_chance(service, attempt))
        error_set(attempt, (enum failure)service->config->error_class);
    else
        return demand_ns;
    return service->config->error_after_ns == INT64_MAX ? demand_ns : service->config->error_after_ns;
}

/* What an attempt read when it started is stale if another committed since; one that commits in the very instant in
 * which it starts counts as before. */
void error_commit(const struct world *world, struct service *service, struct attempt *attempt)
{
    if (attempt->flags & ATTEMPT_ERROR)
        return;
    if (service->committed_clock_ns > attempt->started_clock_ns)
        error_set(attempt, FAILURE_CONFLICT);
    else
        service->committed_clock_ns = service_clock_ns(service, world->now_ns);
}

enum outcome error_outcome(const struct attempt *attempt)
{
    return attempt->flags & ATTEMPT_ERROR ? (enum outcome)(attempt->flags >> ATTEMPT_OUTCOME_SHIFT) : OUTCOME_GOOD;
}
