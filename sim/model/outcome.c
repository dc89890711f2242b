/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/outcome.h"

#include "model/call.h"
#include "model/caller.h"
#include "model/guard.h"
#include "model/measure.h"
#include "model/pool.h"
#include "model/source.h"

/* ---- the end of a request ---- */

void outcome_release(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (request->phase == REQUEST_FINISHED && request->zombies == 0)
        world_close_request(world, index);
}

/* `tells` false: its end says nothing. */
__attribute__((noinline)) static void tell_guards(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    uint32_t features = edge_of(world, &world->requests[index])->features;
    if (features & EDGE_DOORS)
        guard_over(world, index, outcome, tells);
    if (features & EDGE_BUDGET)
        guard_budget_over(world, index, outcome);
}

static inline void close_request(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    request->phase = REQUEST_FINISHED;
    request->timer = 0;
    request->deadline_timer = 0;
    outcome_release(world, index);
}

static inline void finish(struct world *world, uint32_t index, enum outcome outcome)
{
    struct request *request = &world->requests[index];
    uint32_t edge = request->edge, client = request->client, number = request->number;
    if (world->edges[edge].features & EDGE_GUARDS)
        tell_guards(world, index, outcome, true);
    if (world->edges[edge].features & (EDGE_CALL | EDGE_CHECK)) {
        if (world->edges[edge].features & EDGE_CALL)
            call_over(world, index, outcome);
        else
            pool_checked(world, edge, number & UINT16_MAX, outcome == OUTCOME_GOOD);
        close_request(world, index);
        return;
    }
    close_request(world, index);
    if (world->edges[edge].features & EDGE_REPORTS)
        source_finished(world, edge, client, number, outcome == OUTCOME_GOOD);
}

/* The attempt that was under way, sent by itself, not as one of several. */
void outcome_attempt_over(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    const struct request *request = &world->requests[index];
    struct guard_end end = {.outcome = outcome, .tells = tells, .number = request->attempts, .permit = request->permit,
                            .endpoint = world_more(world, index)->endpoint,
                            .sent_ns = world_more(world, index)->sent_ns};
    guard_attempt_over(world, index, &end);
}

void outcome_good(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    edge->place.counts[COUNT_SERVED]++;
    edge->place.counts[COUNT_GOOD]++;
    latency_add(edge->place.latency, world->now_ns - request->born_ns);
    if (world->now_ns > edge->last_good_ns) /* answers ahead of time may come out of order */
        edge->last_good_ns = world->now_ns;
    if (edge->features & EDGE_DOORS && !(request->flags & REQUEST_HEDGED))
        outcome_attempt_over(world, index, OUTCOME_GOOD, true);
    finish(world, index, OUTCOME_GOOD);
}

void outcome_failed(struct world *world, uint32_t index, enum outcome outcome)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    edge->place.counts[COUNT_FAILED]++;
    hist_add(edge->failed_latency, world->now_ns - request->born_ns);
    finish(world, index, outcome);
}

void outcome_called_off(struct world *world, uint32_t index)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    edge->place.counts[COUNT_CALLED_OFF]++;
    if (edge->features & EDGE_GUARDS)
        tell_guards(world, index, OUTCOME_TIMEOUT, false);
    close_request(world, index);
}

/* ---- a failed attempt: retry or not ---- */

static void count_failure(struct edge *edge, const struct request *request, enum failure failure)
{
    static const enum count counter[FAILURE_KINDS] = {
        [FAILURE_TIMEOUT] = COUNT_TIMED_OUT, [FAILURE_CONNECT_TIMEOUT] = COUNT_TIMED_OUT,
        [FAILURE_REFUSED] = COUNT_REJECTED, [FAILURE_UNPROCESSED] = COUNT_REJECTED, [FAILURE_RESET] = COUNT_ERRORS,
        [FAILURE_THROTTLED] = COUNT_REJECTED, [FAILURE_OVERLOADED] = COUNT_REJECTED, [FAILURE_SHED] = COUNT_REJECTED,
        [FAILURE_GATEWAY] = COUNT_ERRORS, [FAILURE_SERVER_ERROR] = COUNT_ERRORS,
        [FAILURE_CLIENT_ERROR] = COUNT_ERRORS, [FAILURE_CONFLICT] = COUNT_ERRORS,
        [FAILURE_BREAKER_OPEN] = COUNT_LOCAL_REJECTIONS, [FAILURE_LIMITED] = COUNT_LOCAL_REJECTIONS,
        [FAILURE_BULKHEAD_FULL] = COUNT_LOCAL_REJECTIONS};
    edge->place.counts[counter[failure]]++;
    if (failure_in(FAILURES_REJECTED, failure))
        edge->place.counts[COUNT_THROTTLED + (failure - FAILURE_THROTTLED)]++;
    if (counter[failure] == COUNT_REJECTED && request->attempts == 1)
        edge->place.counts[COUNT_FIRST_REJECTED]++;
}

/* Whether the rule for this failure leaves a retry; counts it. */
static bool rule_allows(struct world *world, const struct edge *edge, uint32_t index, enum failure failure)
{
    const struct failure_rule *rule = edge->features & EDGE_RULES ? policy_rule(edge->policy, failure) : NULL;
    if (!rule)
        return true;
    uint16_t *used = &world_more(world, index)->retries[edge->policy->rule_of[failure]];
    if (*used >= rule->retries)
        return false;
    if (*used < UINT16_MAX)
        ++*used;
    return true;
}

static bool is_safe(const struct edge *edge, const struct request *request, enum failure failure)
{
    return !(request->flags & REQUEST_UNSAFE) || edge->policy->unsafe == UNSAFE_RETRY ||
           !failure_in(FAILURES_PERHAPS_EXECUTED, failure);
}

static bool persists(const struct edge *edge, const struct request *request)
{
    if (!(edge->features & EDGE_PERSISTENCE))
        return true;
    struct stream stream = stream_of_id(edge->persistence_key, request->id, request->attempts);
    return stream_uniform(&stream) < edge->policy->persistence;
}

/* From now, or where the policy reads the clock then, from the send of the attempt that failed. */
static int64_t left_ns(const struct world *world, const struct edge *edge, uint32_t index)
{
    int64_t read_ns = edge->policy->deadline_from == DEADLINE_FROM_ATTEMPT ? world_more(world, index)->sent_ns
                                                                           : world->now_ns;
    int64_t ends_ns = caller_deadline_ns(world, &world->requests[index]);
    return ends_ns == INT64_MAX ? INT64_MAX : ends_ns - read_ns;
}

static int64_t within_deadline_ns(const struct world *world, const struct edge *edge, uint32_t index, int64_t wait_ns)
{
    if (!(edge->features & EDGE_DEADLINE))
        return wait_ns;
    return policy_deadline_wait_ns(edge->policy, left_ns(world, edge, index), wait_ns);
}

static bool may_retry(struct world *world, struct edge *edge, uint32_t index, enum failure failure)
{
    const struct request *request = &world->requests[index];
    return request->attempts < edge->limit_attempts && policy_retries(edge->policy, failure) &&
           rule_allows(world, edge, index, failure) && is_safe(edge, request, failure) &&
           within_deadline_ns(world, edge, index, 0) != POLICY_STOP && persists(edge, request) &&
           (!(edge->features & EDGE_BUDGET) || guard_grants_retry(world, index, failure, BUDGET_BEFORE_WAIT));
}

static int64_t backoff_ns(struct world *world, const struct edge *edge, uint32_t index, enum failure failure)
{
    struct request *request = &world->requests[index];
    uint32_t restarted = edge->features & EDGE_HINT ? world_more(world, index)->restarted : 0;
    struct stream stream = stream_of_id(edge->backoff_key, request->id, request->attempts);
    struct backoff_call call = {.retry = request->attempts - restarted,
                                .retries = edge->limit_attempts == UINT32_MAX ? UINT32_MAX : edge->limit_attempts - 1,
                                .failure = failure, .chain_ns = &request->chain_ns, .stream = &stream,
                                .chain = stream_of_id(edge->backoff_key, request->id, 0)};
    const struct backoff *backoff = policy_backoff(edge->policy, failure);
    if (edge->features & EDGE_SCRIPT) {
        call.scripts = world->scripts;
        call.script_state = &world_more(world, index)->script_state;
    }
    if (backoff->at_cap == AT_CAP_STOP && backoff_is_last(backoff, call.retry))
        request->flags |= REQUEST_LAST_WAIT;
    return backoff_wait_ns(backoff, &call);
}

/* The wait as the service's hint changes it. */
static int64_t hinted_ns(struct world *world, const struct edge *edge, uint32_t index, enum failure failure,
                         int64_t wait_ns, int64_t hint_ns)
{
    struct request *request = &world->requests[index];
    bool used;
    if (!(edge->features & EDGE_HINT) || wait_ns == BACKOFF_GIVE_UP)
        return wait_ns;
    struct stream stream = stream_of_id(edge->hint_key, request->id, request->attempts);
    wait_ns = hint_apply_ns(&edge->policy->hint, failure, wait_ns, hint_ns, &stream, &used);
    if (used && edge->policy->hint.restarts) {
        world_more(world, index)->restarted = request->attempts;
        request->chain_ns = 0;
        request->flags &= (uint8_t)~REQUEST_LAST_WAIT;
    }
    return wait_ns;
}

/* Until the next send, or POLICY_STOP. */
static int64_t next_wait_ns(struct world *world, const struct edge *edge, uint32_t index, enum failure failure,
                            int64_t hint_ns)
{
    int64_t wait_ns = backoff_ns(world, edge, index, failure);
    wait_ns = hinted_ns(world, edge, index, failure, wait_ns, hint_ns);
    return wait_ns < 0 ? POLICY_STOP : within_deadline_ns(world, edge, index, wait_ns);
}

void outcome_decide(struct world *world, uint32_t index, enum failure failure, int64_t hint_ns)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    int64_t wait_ns = POLICY_STOP;
    if (edge->features & EDGE_BUDGET)
        guard_retry_over(world, index);
    if (may_retry(world, edge, index, failure))
        wait_ns = next_wait_ns(world, edge, index, failure, hint_ns);
    if (wait_ns == POLICY_STOP) {
        outcome_failed(world, index, (enum outcome)failure);
        return;
    }
    request->phase = REQUEST_BACKING_OFF;
    level_add(&edge->backing_off, world->now_ns, 1);
    request->timer = event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle_of(EVENT_SEND, index));
}

void outcome_note_failure(struct world *world, uint32_t index, enum outcome outcome)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    request->timer = 0;
    request->last_failure = (uint8_t)outcome;
    count_failure(edge, request, (enum failure)outcome);
    if (edge->features & EDGE_BUDGET)
        guard_failure(world, index, (enum failure)outcome);
}

void outcome_attempt_refused(struct world *world, uint32_t index, enum failure failure)
{
    outcome_note_failure(world, index, (enum outcome)failure);
    outcome_decide(world, index, failure, HINT_NONE);
}

void outcome_attempt_failed(struct world *world, uint32_t index, enum outcome outcome, int64_t hint_ns)
{
    outcome_note_failure(world, index, outcome);
    if (edge_of(world, &world->requests[index])->features & EDGE_DOORS)
        outcome_attempt_over(world, index, outcome, true);
    outcome_decide(world, index, (enum failure)outcome, hint_ns);
}
