/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breaker, and the order in which breaker and gates are passed. The gates are in guard_gates.c, the budgets in
 * guard_budget.c, building in guard_build.c. */
#include "model/call.h"
#include "model/guard_gates.h"
#include "model/outcome.h"
#include "model/pool.h"

/* ---- the endpoint ---- */

void guard_choose(struct world *world, uint32_t index, uint32_t number)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct request_more *more = world_more(world, index);
    bool elsewhere = world->services[edge->entry].pool->config->retry_elsewhere;
    uint64_t client = (uint64_t)call_first_edge(world, index)->population << 32 | request->client;
    struct pool_call call = {.id = request->id, .key = client, .number = number,
                             .avoid = elsewhere ? more->endpoint : NONE};
    more->endpoint = pool_choose(world, edge->entry, &call);
    if (more->entered == NONE)
        more->entered = more->endpoint;
}

/* ---- the breaker ---- */

static uint64_t breaker_key(const struct edge *edge, const struct request *request, uint32_t endpoint)
{
    return edge->breaker_key + states_index(&edge->breaker, request->client, endpoint);
}

static bool has_breaker(const struct edge *edge, enum breaker_per per)
{
    return edge->features & EDGE_BREAKER && edge->policy->breaker.per == (int)per;
}

static bool breaker_passes(const struct world *world, struct edge *edge, const struct request *request,
                           uint32_t endpoint, uint32_t *permit)
{
    struct breaker_answer answer =
        breaker_allow(&edge->policy->breaker, states_at(&edge->breaker, request->client, endpoint), world->now_ns,
                      breaker_key(edge, request, endpoint));
    if (answer.opened)
        edge->place.counts[COUNT_BREAKER_OPENINGS]++;
    *permit = answer.permit;
    return answer.allowed;
}

/* The breaker gets its permit back, with the news if there are any. */
static void breaker_hears(const struct world *world, struct edge *edge, const struct request *request,
                          const struct guard_end *end)
{
    const struct breaker *breaker = &edge->policy->breaker;
    uint32_t endpoint = guard_endpoint(edge, end->endpoint);
    struct breaker_state *state = states_at(&edge->breaker, request->client, endpoint);
    struct breaker_sample sample = {world->now_ns, world->now_ns - end->sent_ns, end->outcome == OUTCOME_GOOD,
                                    (enum failure)end->outcome};
    bool tells = end->tells;
    if (tells && !sample.good) {
        enum breaker_view view = breaker_view(breaker, (enum failure)end->outcome);
        tells = view != BREAKER_IGNORED;
        sample.good = view == BREAKER_GOOD;
    }
    if (!tells)
        breaker_return(breaker, state, end->permit);
    else if (breaker_result(breaker, state, breaker_key(edge, request, endpoint), end->permit, &sample))
        edge->place.counts[COUNT_BREAKER_OPENINGS]++;
}

/* ---- passing ---- */

static const struct guard_end never_sent = {.outcome = OUTCOME_GOOD, .tells = false};

/* Gives back what was taken on this side of retry: nothing was sent. To the breaker a gate's refusal may be a failure
 * like any other (Hystrix counts a full pool), unless it ignores it. `refusal` NULL: it was called off. */
static void give_back(struct world *world, struct edge *edge, uint32_t index, const enum failure *refusal)
{
    struct request *request = &world->requests[index];
    bool inside = request->flags & REQUEST_INSIDE;
    struct guard_end end = never_sent;
    end.sent_ns = world->now_ns;
    end.number = gates_number_of(request);
    end.endpoint = guard_meant_for(world, edge, index, end.number);
    gates_hear(world, edge, index, request->gate, &end);
    request->gate = 0;
    if (!(request->flags & REQUEST_PERMIT))
        return;
    end.permit = inside ? request->permit : world_more(world, index)->permit;
    end.outcome = refusal ? (enum outcome)*refusal : end.outcome;
    end.tells = refusal != NULL;
    breaker_hears(world, edge, request, &end);
    request->flags &= (uint8_t)~REQUEST_PERMIT;
}

static enum guard_pass refused_by_gate(struct world *world, struct edge *edge, uint32_t index, enum failure *refusal)
{
    *refusal = gates_refusal(edge, world->requests[index].gate);
    give_back(world, edge, index, refusal);
    return GUARD_REFUSED;
}

static enum guard_pass pass_gates(struct world *world, uint32_t index, enum failure *refusal)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    enum guard_pass pass = gates_pass(world, edge, index);
    return pass == GUARD_REFUSED ? refused_by_gate(world, edge, index, refusal) : pass;
}

static enum guard_pass pass_all(struct world *world, uint32_t index, enum breaker_per per, uint32_t *permit,
                                enum failure *refusal)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    request->gate = 0;
    if (has_breaker(edge, per)) {
        uint32_t endpoint = guard_asks_about(world, edge, index, gates_number_of(request));
        if (!breaker_passes(world, edge, request, endpoint, permit)) {
            *refusal = FAILURE_BREAKER_OPEN;
            return GUARD_REFUSED;
        }
        request->flags |= REQUEST_PERMIT;
    }
    return pass_gates(world, index, refusal);
}

enum guard_pass guard_enter(struct world *world, uint32_t index, enum failure *refusal)
{
    if (!(edge_of(world, &world->requests[index])->guards & GUARD_OUTER))
        return GUARD_PASSED;
    return pass_all(world, index, BREAKER_PER_REQUEST, &world_more(world, index)->permit, refusal);
}

enum guard_pass guard_attempt(struct world *world, uint32_t index, enum failure *refusal)
{
    struct request *request = &world->requests[index];
    request->flags |= REQUEST_INSIDE;
    if (edge_of(world, request)->per_endpoint && request->attempts > 1)
        guard_choose(world, index, request->attempts);
    return pass_all(world, index, BREAKER_PER_ATTEMPT, &request->permit, refusal);
}

enum guard_pass guard_resumed(struct world *world, uint32_t index, enum failure *refusal)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    if (world->requests[index].phase != REQUEST_WAITING)
        return pass_gates(world, index, refusal);
    enum guard_pass pass = gates_wake(world, edge, index);
    return pass == GUARD_REFUSED ? refused_by_gate(world, edge, index, refusal) : pass;
}

void guard_called_off(struct world *world, uint32_t index)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    if (world->requests[index].phase == REQUEST_WAITING)
        gates_leave_line(world, edge, index);
    give_back(world, edge, index, NULL);
}

bool guard_hedge(struct world *world, uint32_t index, uint32_t *permit)
{
    const struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct guard_end end = never_sent;
    end.number = request->attempts + 1;
    if (edge->per_endpoint)
        guard_choose(world, index, end.number);
    end.endpoint = guard_meant_for(world, edge, index, end.number);
    if (has_breaker(edge, BREAKER_PER_ATTEMPT) &&
        !breaker_passes(world, edge, request, guard_endpoint(edge, end.endpoint), permit))
        return false;
    end.sent_ns = world->now_ns;
    end.permit = *permit;
    if (gates_pass_hedge(world, edge, index, &end))
        return true;
    if (has_breaker(edge, BREAKER_PER_ATTEMPT))
        breaker_hears(world, edge, request, &end);
    return false;
}

/* ---- the end ---- */

void guard_attempt_over(struct world *world, uint32_t index, const struct guard_end *end)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    if (has_breaker(edge, BREAKER_PER_ATTEMPT)) {
        breaker_hears(world, edge, request, end);
        request->flags &= (uint8_t)~REQUEST_PERMIT;
    }
    if (edge->features & EDGE_GATES)
        gates_hear(world, edge, index, (uint32_t)edge->policy->gates.count, end);
    request->gate = 0;
    if (edge->features & EDGE_POOL)
        pool_over(world, end->endpoint, end->outcome, end->tells);
}

/* What was passed once a request hears of its end, if the request was let in. */
void guard_over(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    const struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct guard_end end = {.outcome = outcome, .tells = tells, .sent_ns = request->born_ns,
                            .endpoint = guard_meant_for(world, edge, index, 0)};
    if (!(request->flags & REQUEST_INSIDE && edge->guards & GUARD_OUTER))
        return;
    if (has_breaker(edge, BREAKER_PER_REQUEST)) {
        end.permit = world_more(world, index)->permit;
        breaker_hears(world, edge, request, &end);
    }
    if (edge->features & EDGE_GATES)
        gates_hear(world, edge, index, (uint32_t)edge->policy->gates.count, &end);
}
