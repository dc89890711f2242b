/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/outcome.h"

#include "model/measure.h"
#include "model/source.h"

/* ---- the end of a request ---- */

void outcome_release(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (request->phase == REQUEST_FINISHED && request->zombies == 0)
        world_close_request(world, index);
}

static void finish(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    uint32_t edge = request->edge, client = request->client, number = request->number;
    request->phase = REQUEST_FINISHED;
    request->timer = 0;
    request->deadline_timer = 0;
    outcome_release(world, index);
    source_finished(world, edge, client, number);
}

static void tell_policy_success(struct world *world, const struct edge *edge, const struct request *request)
{
    if (edge->features & EDGE_BREAKER)
        breaker_result(&edge->policy->breaker, breaker_of(edge, request), world->now_ns, request->permit, true);
    if (edge->features & EDGE_BUDGET && budget_row(edge)->on_success)
        budget_row(edge)->on_success(edge->policy->budget.choice.parameters, budget_of(edge, request), world->now_ns,
                                     request->attempts);
}

void outcome_good(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    edge->place.counts[COUNT_SERVED]++;
    edge->place.counts[COUNT_GOOD]++;
    latency_add(edge->place.latency, world->now_ns - request->born_ns);
    if (edge->features & (EDGE_BREAKER | EDGE_BUDGET))
        tell_policy_success(world, edge, request);
    finish(world, index);
}

void outcome_failed(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    edge->place.counts[COUNT_FAILED]++;
    hist_add(edge->failed_latency, world->now_ns - request->born_ns);
    finish(world, index);
}

/* ---- a failed attempt: retry or not ---- */

static void count_failure(struct edge *edge, const struct request *request, enum outcome outcome)
{
    static const enum count counter[] = {
        [OUTCOME_TIMEOUT] = COUNT_TIMED_OUT, [OUTCOME_REJECTED] = COUNT_REJECTED, [OUTCOME_REFUSED] = COUNT_REJECTED,
        [OUTCOME_ERROR] = COUNT_ERRORS, [OUTCOME_LOCAL] = COUNT_LOCAL_REJECTIONS};
    edge->place.counts[counter[outcome]]++;
    if (counter[outcome] == COUNT_REJECTED && request->attempts == 1)
        edge->place.counts[COUNT_FIRST_REJECTED]++;
}

static bool persists(const struct edge *edge, const struct request *request)
{
    if (!(edge->features & EDGE_PERSISTENCE))
        return true;
    struct stream stream = stream_of_id(edge->persistence_key, request->id, request->attempts);
    return stream_uniform(&stream) < edge->policy->persistence;
}

static bool budget_grants(struct world *world, struct edge *edge, const struct request *request)
{
    if (!(edge->features & EDGE_BUDGET) || !budget_row(edge)->try_retry)
        return true;
    if (budget_row(edge)->try_retry(edge->policy->budget.choice.parameters, budget_of(edge, request), world->now_ns))
        return true;
    edge->place.counts[COUNT_DENIED_RETRIES]++;
    return false;
}

static bool before_deadline(const struct edge *edge, const struct request *request, int64_t when_ns)
{
    return !(edge->features & EDGE_DEADLINE) || when_ns - request->born_ns < edge->policy->deadline_ns;
}

/* Tells breaker and budget about a failure. What was never sent is no news to the breaker. */
static void tell_policy_failure(struct world *world, struct edge *edge, const struct request *request,
                                enum outcome outcome)
{
    if (edge->features & EDGE_BREAKER && outcome != OUTCOME_LOCAL)
        breaker_result(&edge->policy->breaker, breaker_of(edge, request), world->now_ns, request->permit, false);
    if (edge->features & EDGE_BUDGET && budget_row(edge)->on_failure &&
        policy_retries(edge->policy, (enum failure)outcome))
        budget_row(edge)->on_failure(edge->policy->budget.choice.parameters, budget_of(edge, request), world->now_ns);
}

static bool may_retry(struct world *world, struct edge *edge, const struct request *request, enum outcome outcome)
{
    return request->attempts < edge->limit_attempts && policy_retries(edge->policy, (enum failure)outcome) &&
           before_deadline(edge, request, world->now_ns) && persists(edge, request) &&
           budget_grants(world, edge, request);
}

void outcome_attempt_failed(struct world *world, uint32_t index, enum outcome outcome)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    request->timer = 0;
    count_failure(edge, request, outcome);
    if (edge->features & (EDGE_BREAKER | EDGE_BUDGET))
        tell_policy_failure(world, edge, request, outcome);
    if (!may_retry(world, edge, request, outcome)) {
        outcome_failed(world, index);
        return;
    }
    struct stream stream = stream_of_id(edge->backoff_key, request->id, request->attempts);
    int64_t wait_ns =
        backoff_wait_ns(&edge->policy->backoff, request->attempts, &request->previous_wait_ns, &stream);
    if (!before_deadline(edge, request, world->now_ns + wait_ns)) {
        outcome_failed(world, index);
        return;
    }
    request->phase = REQUEST_BACKING_OFF;
    level_add(&edge->backing_off, world->now_ns, 1);
    request->timer = event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle_of(EVENT_SEND, index));
}
