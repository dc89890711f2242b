/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's side: what comes back, or does not. Beginning and sending are in caller.c. */
#include "model/cache.h"
#include "model/caller.h"
#include "model/guard.h"
#include "model/hedging.h"
#include "model/network.h"
#include "model/outcome.h"
#include "model/service.h"

static void bury(struct world *world, uint32_t attempt)
{
    uint32_t index = world->attempts[attempt].request;
    world->requests[index].zombies--;
    world_close_attempt(world, attempt);
    outcome_release(world, index);
}

void caller_forget(struct world *world, uint32_t attempt)
{
    edge_of(world, &world->requests[world->attempts[attempt].request])->place.counts[COUNT_CANCELLED]++;
    bury(world, attempt);
}

void caller_lost(struct world *world, uint32_t attempt)
{
    struct attempt *message = &world->attempts[attempt];
    struct request *request = &world->requests[message->request];
    edge_of(world, request)->place.counts[COUNT_LOST]++;
    if (message->flags & ATTEMPT_ABANDONED) {
        bury(world, attempt);
        return;
    }
    if (request->flags & REQUEST_HEDGED)
        hedging_lost(world, attempt);
    request->attempt = NONE;
    world_close_attempt(world, attempt);
}

void caller_unreached(struct world *world, uint32_t attempt)
{
    const struct attempt *message = &world->attempts[attempt];
    uint32_t index = message->request;
    struct request *request = &world->requests[index];
    const struct edge *edge = edge_of(world, request);
    if (edge->features & EDGE_CONNECT_TIMEOUT && !(message->flags & ATTEMPT_ABANDONED)) {
        request->flags |= REQUEST_UNREACHED;
        int64_t wait_ns = edge->policy->connect_timeout_ns - (world->now_ns - world_more(world, index)->sent_ns);
        request->timer = event_push(world->events, world->now_ns + (wait_ns > 0 ? wait_ns : 0), RANK_TIMEOUT,
                                    handle_of(EVENT_TIMEOUT, index));
    }
    caller_lost(world, attempt);
}

static void note_degraded(struct world *world, struct request *request)
{
    request->flags |= REQUEST_DEGRADED;
    edge_of(world, request)->place.counts[COUNT_DEGRADED]++;
}

/* The answer is here. */
static void deliver(struct world *world, uint32_t attempt, enum outcome outcome)
{
    struct attempt *message = &world->attempts[attempt];
    uint32_t index = message->request;
    struct request *request = &world->requests[index];
    if (message->flags & ATTEMPT_ABANDONED) {
        edge_of(world, request)->place.counts[COUNT_LATE]++;
        bury(world, attempt);
        return;
    }
    if (outcome == OUTCOME_GOOD && message->flags & ATTEMPT_DEGRADED)
        note_degraded(world, request);
    if (request->flags & REQUEST_HEDGED && !hedging_delivered(world, attempt, outcome))
        return;
    request->attempt = NONE;
    world_close_attempt(world, attempt);
    if (outcome == OUTCOME_GOOD)
        outcome_good(world, index);
    else
        outcome_attempt_failed(world, index, outcome, world->attempts[attempt].hint_ns);
}

/* Whether it is certain now that a good answer will be taken at `then_ns`, and that nothing which happens until then
 * can see or change what it does: no timeout, no end of a bin, no fault, no state shared with other requests. */
static bool is_certain(const struct world *world, const struct edge *edge, const struct request *request,
                       int64_t then_ns)
{
    if (then_ns >= world->calm_until_ns || edge->features & EDGE_UNCERTAIN)
        return false;
    if (edge->features & EDGE_TIMEOUT && (request->attempts != 1 || then_ns >= request->born_ns + edge->timeout_ns))
        return false;
    return !(edge->features & EDGE_DEADLINE) || then_ns < request->born_ns + edge->policy->deadline_ns;
}

/* A good answer that is certain to be taken needs no event of its own: it takes effect at once, with the clock set to
 * its time. This saves a quarter of the events of a healthy closed loop. */
static bool deliver_ahead(struct world *world, const struct edge *edge, uint32_t attempt)
{
    int64_t now_ns = world->now_ns, then_ns = now_ns + edge->response_ns;
    const struct attempt *message = &world->attempts[attempt];
    if (edge->response_ns < 0 || message->flags & ATTEMPT_ABANDONED ||
        !is_certain(world, edge, &world->requests[message->request], then_ns))
        return false;
    world->now_ns = then_ns;
    deliver(world, attempt, OUTCOME_GOOD);
    world->now_ns = now_ns;
    return true;
}

/* The answer carries its outcome. */
static void seal(struct attempt *message, enum outcome outcome)
{
    message->phase = ATTEMPT_ANSWERING;
    uint8_t kept = message->flags & (ATTEMPT_ABANDONED | ATTEMPT_DEGRADED);
    message->flags = (uint8_t)(kept | outcome << ATTEMPT_OUTCOME_SHIFT);
}

static void answer_through_network(struct world *world, const struct edge *edge, uint32_t attempt,
                                   enum outcome outcome)
{
    if (edge->features & EDGE_RESPONSE_LOSS) {
        seal(&world->attempts[attempt], outcome);
        if (network_loses(world, edge, attempt, TO_CALLER))
            return;
    }
    if (!(edge->features & EDGE_LATENCY)) {
        deliver(world, attempt, outcome);
        return;
    }
    if (outcome == OUTCOME_GOOD && deliver_ahead(world, edge, attempt))
        return;
    seal(&world->attempts[attempt], outcome);
    caller_travel(world, edge, attempt, TO_CALLER);
}

void caller_answer(struct world *world, uint32_t attempt, enum outcome outcome)
{
    const struct edge *edge = edge_of(world, &world->requests[world->attempts[attempt].request]);
    if (edge->features & EDGE_NETWORK)
        answer_through_network(world, edge, attempt, outcome);
    else
        deliver(world, attempt, outcome);
}

void caller_answered(struct world *world, uint32_t attempt)
{
    deliver(world, attempt, (enum outcome)(world->attempts[attempt].flags >> ATTEMPT_OUTCOME_SHIFT));
}

void caller_abandon(struct world *world, uint32_t attempt)
{
    world->requests[world->attempts[attempt].request].zombies++;
    world->attempts[attempt].flags |= ATTEMPT_ABANDONED;
    if (world->attempts[attempt].cache != NONE)
        cache_abandoned(world, attempt);
    else
        service_abandoned(world, attempt);
}

static void unwanted(struct world *world, uint32_t attempt)
{
    if (attempt != NONE && !cache_wants(world, &world->attempts[attempt]))
        service_unwanted(world, attempt);
}

void caller_unwanted(struct world *world, uint32_t index)
{
    const struct request *request = &world->requests[index];
    if (!(request->flags & REQUEST_HEDGED)) {
        unwanted(world, request->attempt);
        return;
    }
    const struct request_more *more = world_more(world, index);
    for (uint32_t i = 0; i < more->flight_count; i++)
        unwanted(world, more->flights[i].attempt);
}

/* Turns away from the attempt in flight, which may go on without its caller. */
static void give_up_attempt(struct world *world, struct request *request)
{
    uint32_t attempt = request->attempt;
    if (attempt == NONE)
        return;
    request->attempt = NONE;
    caller_abandon(world, attempt);
}

void caller_timeout(struct world *world, uint32_t index, uint32_t sequence)
{
    struct request *request = &world->requests[index];
    if (request->flags & REQUEST_HEDGED) {
        hedging_timeout(world, index, sequence);
        return;
    }
    if (request->timer != sequence)
        return;
    bool unreached = request->flags & REQUEST_UNREACHED;
    request->flags &= (uint8_t)~REQUEST_UNREACHED;
    give_up_attempt(world, request);
    outcome_attempt_failed(world, index, unreached ? (enum outcome)FAILURE_CONNECT_TIMEOUT : OUTCOME_TIMEOUT,
                           HINT_NONE);
}

/* Whatever the request is doing, it does it no more; `tells`: breaker and gates hear of it as a timeout. */
static void stop(struct world *world, uint32_t index, bool tells)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    if (request->phase == REQUEST_BACKING_OFF)
        level_add(&edge->backing_off, world->now_ns, -1);
    else if (request->phase == REQUEST_PACED || request->phase == REQUEST_WAITING)
        guard_called_off(world, index);
    else if (edge->features & EDGE_HEDGE)
        hedging_call_off(world, index, OUTCOME_TIMEOUT, tells);
    else if (edge->features & EDGE_DOORS)
        outcome_attempt_over(world, index, OUTCOME_TIMEOUT, tells);
    give_up_attempt(world, request);
}

void caller_abort(struct world *world, uint32_t index)
{
    stop(world, index, true);
    outcome_failed(world, index, OUTCOME_TIMEOUT);
}

void caller_call_off(struct world *world, uint32_t index)
{
    stop(world, index, false);
    outcome_called_off(world, index);
}

void caller_deadline(struct world *world, uint32_t index, uint32_t sequence)
{
    if (world->requests[index].deadline_timer == sequence)
        caller_abort(world, index);
}
