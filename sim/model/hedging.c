/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/hedging.h"

#include "base/check.h"
#include "model/caller.h"
#include "model/guard.h"
#include "model/outcome.h"

static struct flight *find_flight(struct request_more *more, uint32_t attempt)
{
    for (uint32_t i = 0; i < more->flight_count; i++)
        if (more->flights[i].attempt == attempt)
            return &more->flights[i];
    CHECK(false, "an attempt of a hedged request is not under way");
    return NULL;
}

/* ---- when the next hedge is due ---- */

/* Reads the quantile anew every `refresh_ns`, of what was seen since. */
static int64_t quantile_delay_ns(const struct world *world, struct hedging *hedging, const struct hedge *hedge)
{
    if (world->now_ns - hedging->looked_ns < hedge->refresh_ns)
        return hedging->delay_ns;
    hedging->looked_ns = world->now_ns;
    if (hedging->latencies.count > 0) {
        double delay_ns = hist_quantile(&hedging->latencies, hedge->quantile);
        hedging->delay_ns = law_round_ns(delay_ns);
        hist_clear(&hedging->latencies);
    }
    return hedging->delay_ns;
}

static int64_t delay_ns(const struct world *world, struct edge *edge)
{
    const struct hedge *hedge = edge->policy->hedge;
    if (hedge->after == HEDGE_AFTER_TIMEOUT)
        return INT64_MAX;
    if (hedge->after == HEDGE_AFTER_DELAY)
        return hedge->delay_ns;
    int64_t delay_ns = quantile_delay_ns(world, edge->hedging, hedge);
    return delay_ns > hedge->delay_ns ? delay_ns : hedge->delay_ns;
}

static bool has_hedges(const struct edge *edge, const struct request_more *more)
{
    return more->hedges < edge->policy->hedge->extra;
}

static void plan_hedge(struct world *world, struct edge *edge, uint32_t index)
{
    struct request_more *more = world_more(world, index);
    int64_t wait_ns = has_hedges(edge, more) ? delay_ns(world, edge) : INT64_MAX;
    more->hedge_timer = wait_ns == INT64_MAX ? 0
                                             : event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL,
                                                          handle_of(EVENT_HEDGE, index));
}

/* ---- sending ---- */

void hedging_sent(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct request_more *more = world_more(world, index);
    CHECK(more->flight_count <= HEDGES_MAX, "more attempts under way than a request has room for");
    more->flights[more->flight_count++] = (struct flight){
        .sent_ns = world->now_ns, .attempt = request->attempt, .timer = request->timer, .permit = request->permit,
        .number = request->attempts, .endpoint = more->endpoint};
    request->attempt = NONE;
    request->timer = 0;
    plan_hedge(world, edge, index);
}

/* Sends one more, if breaker, gates and budgets let it. */
static bool send_hedge(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct request_more *more = world_more(world, index);
    more->hedge_timer = 0;
    if (!has_hedges(edge, more))
        return false;
    bool asks = edge->features & EDGE_BUDGET && edge->policy->hedge->ask_budget;
    if ((asks && !guard_grants_hedge(world, index)) ||
        (edge->features & EDGE_DOORS && !guard_hedge(world, index, &request->permit))) {
        more->hedges = (uint8_t)edge->policy->hedge->extra;
        return false;
    }
    more->hedges++;
    request->attempts++;
    caller_send(world, index);
    return true;
}

void hedging_due(struct world *world, uint32_t index, uint32_t sequence)
{
    if (world->requests[index].phase == REQUEST_IN_FLIGHT && world_more(world, index)->hedge_timer == sequence)
        send_hedge(world, index);
}

/* ---- endings ---- */

static struct flight take_flight(struct world *world, uint32_t index, struct flight *at)
{
    struct request_more *more = world_more(world, index);
    struct flight flight = *at;
    *at = more->flights[--more->flight_count];
    return flight;
}

static void tell_guards(struct world *world, uint32_t index, const struct flight *flight, enum outcome outcome,
                        bool tells)
{
    struct guard_end end = {.outcome = outcome, .tells = tells, .number = flight->number,
                            .permit = flight->permit, .endpoint = flight->endpoint, .sent_ns = flight->sent_ns};
    if (edge_of(world, &world->requests[index])->features & EDGE_DOORS)
        guard_attempt_over(world, index, &end);
}

void hedging_call_off(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    struct request_more *more = world_more(world, index);
    more->hedge_timer = 0;
    while (more->flight_count > 0) {
        struct flight flight = take_flight(world, index, &more->flights[more->flight_count - 1]);
        tell_guards(world, index, &flight, outcome, tells);
        if (flight.attempt != NONE)
            caller_abandon(world, flight.attempt);
    }
}

/* One attempt failed; others may still be under way, or due. */
static void flight_failed(struct world *world, uint32_t index, enum outcome outcome, int64_t hint_ns)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct request_more *more = world_more(world, index);
    outcome_note_failure(world, index, outcome);
    if (!policy_retries(edge->policy, (enum failure)outcome)) {
        hedging_call_off(world, index, OUTCOME_TIMEOUT, false);
        outcome_failed(world, index, outcome);
        return;
    }
    if (edge->policy->hedge->on_failure == HEDGE_NEXT && send_hedge(world, index))
        return;
    if (more->flight_count == 0 && more->hedge_timer == 0)
        outcome_decide(world, index, (enum failure)outcome, hint_ns);
}

/* The request's latency, not the attempt's: whatever hedges do after the delay, they leave the part of requests that
 * take longer than it as it is, so that the quantile is not its own cause. */
static void remember_latency(struct world *world, const struct request *request)
{
    const struct edge *edge = edge_of(world, request);
    if (edge->policy->hedge->after == HEDGE_AFTER_QUANTILE)
        hist_add(&edge->hedging->latencies, world->now_ns - request->born_ns);
}

bool hedging_delivered(struct world *world, uint32_t attempt, enum outcome outcome)
{
    uint32_t index = world->attempts[attempt].request;
    int64_t hint_ns = world->attempts[attempt].hint_ns;
    struct flight flight = take_flight(world, index, find_flight(world_more(world, index), attempt));
    tell_guards(world, index, &flight, outcome, true);
    if (outcome != OUTCOME_GOOD) {
        world_close_attempt(world, attempt);
        flight_failed(world, index, outcome, hint_ns);
        return false;
    }
    remember_latency(world, &world->requests[index]);
    hedging_call_off(world, index, OUTCOME_TIMEOUT, false);
    return true;
}

void hedging_lost(struct world *world, uint32_t attempt)
{
    find_flight(world_more(world, world->attempts[attempt].request), attempt)->attempt = NONE;
}

static struct flight *flight_of_timer(struct request_more *more, uint32_t sequence)
{
    for (uint32_t i = 0; i < more->flight_count; i++)
        if (more->flights[i].timer == sequence)
            return &more->flights[i];
    return NULL;
}

bool hedging_expects(const struct world *world, uint32_t index, uint32_t sequence)
{
    return world->requests[index].phase == REQUEST_IN_FLIGHT &&
           flight_of_timer(world_more(world, index), sequence) != NULL;
}

/* `after: attempt-timeout`: the attempt goes on beside the hedge; when no hedge is left, all are given up. */
static void timeout_hedges(struct world *world, uint32_t index, struct flight *flight)
{
    flight->timer = 0;
    if (send_hedge(world, index))
        return;
    hedging_call_off(world, index, OUTCOME_TIMEOUT, true);
    outcome_note_failure(world, index, OUTCOME_TIMEOUT);
    outcome_decide(world, index, FAILURE_TIMEOUT, HINT_NONE);
}

void hedging_timeout(struct world *world, uint32_t index, uint32_t sequence)
{
    if (!hedging_expects(world, index, sequence))
        return;
    struct flight *at = flight_of_timer(world_more(world, index), sequence);
    if (edge_of(world, &world->requests[index])->policy->hedge->after == HEDGE_AFTER_TIMEOUT) {
        timeout_hedges(world, index, at);
        return;
    }
    struct flight flight = take_flight(world, index, at);
    tell_guards(world, index, &flight, OUTCOME_TIMEOUT, true);
    if (flight.attempt != NONE)
        caller_abandon(world, flight.attempt);
    flight_failed(world, index, OUTCOME_TIMEOUT, HINT_NONE);
}

void hedging_build(struct edge *edge)
{
    edge->hedging = memory_zeroed(1, sizeof *edge->hedging);
    hist_init(&edge->hedging->latencies);
    edge->hedging->delay_ns = INT64_MAX;
}
