/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets: what guard.h says of them. */
#include "model/guard.h"
#include "model/outcome.h"

/* Whose budget it is. One that is kept for each endpoint is that of the request's first attempt, for all of it: what is
 * granted, held and given back is so in one place. */
struct payer {
    uint32_t client, endpoint;
};

static struct payer payer_of(const struct world *world, uint32_t request)
{
    const struct edge *edge = &world->edges[world->requests[request].edge];
    return (struct payer){world->requests[request].client, guard_asks_about(world, edge, request, 0)};
}

typedef void budget_hear(const void *parameters, void *state, const struct budget_event *event);

static struct budget_event event_of(const struct world *world, const struct request *request)
{
    return (struct budget_event){.now_ns = world->now_ns, .attempts = request->attempts,
                                 .failure = (enum failure)request->last_failure};
}

static const struct budget *budget_of(const struct edge *edge, size_t index)
{
    return &((const struct budget *)edge->policy->budgets.items)[index];
}

static const struct budget_row *row_of(const struct edge *edge, size_t index)
{
    return (const struct budget_row *)budget_of(edge, index)->choice.row;
}

static void *state_of(const struct edge *edge, size_t index, struct payer payer)
{
    return states_at(&edge->budgets[index], payer.client, payer.endpoint);
}

/* Calls one function of the row of budget `index`, if it has that function. */
static void tell(const struct edge *edge, size_t index, budget_hear *hear, struct payer payer,
                 const struct budget_event *event)
{
    if (hear)
        hear(budget_of(edge, index)->choice.parameters, state_of(edge, index, payer), event);
}

static uint32_t request_limit(const struct edge *edge, size_t index, struct payer payer,
                              const struct budget_event *event)
{
    const void *parameters = budget_of(edge, index)->choice.parameters;
    const struct budget_row *row = row_of(edge, index);
    if (!row->limits_requests || !row->limits_requests(parameters))
        return UINT32_MAX;
    return row->request_limit(parameters, state_of(edge, index, payer), event);
}

static void set_request_limit(struct world *world, uint32_t index, const struct budget_event *event)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct payer payer = payer_of(world, index);
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < edge->policy->budgets.count; i++) {
        uint32_t limit = request_limit(edge, i, payer, event);
        least = limit < least ? limit : least;
    }
    world_more(world, index)->retry_limit = least;
}

void guard_budget_opened(struct world *world, uint32_t index)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    for (size_t i = 0; i < edge->policy->budgets.count; i++)
        tell(edge, i, row_of(edge, i)->on_request, payer, &event);
    if (edge->features & EDGE_REQUEST_LIMIT)
        set_request_limit(world, index, &event);
}

void guard_failure(struct world *world, uint32_t index, enum failure failure)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    event.failure = failure;
    event.retryable = policy_retries(edge->policy, failure);
    for (size_t i = 0; i < edge->policy->budgets.count; i++)
        tell(edge, i, row_of(edge, i)->on_failure, payer, &event);
}

static bool grants(const struct edge *edge, size_t index, struct payer payer, const struct budget_event *event)
{
    const struct budget_row *row = row_of(edge, index);
    return !row->try_retry || row->try_retry(budget_of(edge, index)->choice.parameters,
                                             state_of(edge, index, payer), event);
}

enum { WHEN_ANY = -1 };

static bool is_asked(const struct edge *edge, size_t index, int when)
{
    return when == WHEN_ANY || budget_of(edge, index)->when == when;
}

/* All budgets of this time grant it, or none is charged. */
static bool each_grants(const struct edge *edge, struct payer payer, const struct budget_event *event, int when)
{
    for (size_t i = 0; i < edge->policy->budgets.count; i++) {
        if (!is_asked(edge, i, when) || grants(edge, i, payer, event))
            continue;
        while (i-- > 0)
            if (is_asked(edge, i, when))
                tell(edge, i, row_of(edge, i)->undo, payer, event);
        return false;
    }
    return true;
}

static bool is_within_request_limit(const struct world *world, const struct edge *edge, uint32_t index)
{
    return !(edge->features & EDGE_REQUEST_LIMIT) ||
           world->requests[index].attempts <= world_more(world, index)->retry_limit;
}

static bool all_grant(struct world *world, uint32_t index, enum failure failure, int when)
{
    const struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    event.failure = failure;
    if ((when == BUDGET_AFTER_WAIT || is_within_request_limit(world, edge, index)) &&
        each_grants(edge, payer, &event, when))
        return true;
    edge->place.counts[COUNT_DENIED_RETRIES]++;
    return false;
}

/* Those that hold what they grant hear that it is sent. */
static void tell_sent(struct world *world, uint32_t index)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    for (size_t i = 0; edge->guards & GUARD_HOLDS && i < edge->policy->budgets.count; i++)
        tell(edge, i, row_of(edge, i)->on_retry_sent, payer, &event);
}

bool guard_grants_retry(struct world *world, uint32_t index, enum failure failure, enum budget_when when)
{
    if (!all_grant(world, index, failure, (int)when))
        return false;
    world->requests[index].flags |= when == BUDGET_BEFORE_WAIT ? REQUEST_RETRY_BEFORE : REQUEST_RETRY_AFTER;
    if (when == BUDGET_AFTER_WAIT)
        tell_sent(world, index);
    return true;
}

bool guard_grants_hedge(struct world *world, uint32_t index)
{
    if (!all_grant(world, index, FAILURE_TIMEOUT, WHEN_ANY))
        return false;
    world_more(world, index)->hedge_grants++;
    tell_sent(world, index);
    return true;
}

static void end_grants(struct world *world, uint32_t index, int when, bool sent)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    event.sent = sent;
    for (size_t i = 0; i < edge->policy->budgets.count; i++)
        if (is_asked(edge, i, when))
            tell(edge, i, row_of(edge, i)->on_retry_end, payer, &event);
}

void guard_retry_over(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (!(edge_of(world, request)->guards & GUARD_HOLDS))
        return;
    bool sent = request->flags & REQUEST_RETRY_AFTER;
    if (request->flags & REQUEST_RETRY_BEFORE)
        end_grants(world, index, BUDGET_BEFORE_WAIT, sent);
    if (sent)
        end_grants(world, index, BUDGET_AFTER_WAIT, true);
    request->flags &= (uint8_t)~(REQUEST_RETRY_BEFORE | REQUEST_RETRY_AFTER);
    if (!(edge_of(world, request)->features & EDGE_HEDGE))
        return;
    for (struct request_more *more = world_more(world, index); more->hedge_grants > 0; more->hedge_grants--)
        end_grants(world, index, WHEN_ANY, true);
}

void guard_budget_over(struct world *world, uint32_t index, enum outcome outcome)
{
    const struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    struct budget_event event = event_of(world, request);
    struct payer payer = payer_of(world, index);
    guard_retry_over(world, index);
    for (size_t i = 0; i < edge->policy->budgets.count; i++) {
        if (outcome == OUTCOME_GOOD)
            tell(edge, i, row_of(edge, i)->on_success, payer, &event);
        tell(edge, i, row_of(edge, i)->on_end, payer, &event);
    }
}
