/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/caller.h"

#include "model/cache.h"
#include "model/outcome.h"
#include "model/service.h"

/* ---- sending ---- */

static void callee_arrive(struct world *world, const struct edge *edge, uint32_t attempt)
{
    if (edge->callee.kind == TARGET_CACHE)
        cache_lookup(world, edge->callee.index, attempt);
    else
        service_arrive(world, edge->callee.index, attempt);
}

static int64_t draw_timeout_ns(const struct world *world, const struct edge *edge, uint64_t id, uint32_t number)
{
    struct stream stream = stream_of_id(edge->timeout_key, id, number);
    return law_draw_ns(edge->policy->timeout, &stream, world->zig);
}

static void arm_timeout(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (edge->timeout_lane >= 0) {
        request->timer = event_push_lane(world->events, edge->timeout_lane, world->now_ns,
                                         handle_of(EVENT_TIMEOUT, index));
        return;
    }
    int64_t timeout_ns = draw_timeout_ns(world, edge, request->id, request->attempts);
    request->timer =
        event_push(world->events, world->now_ns + timeout_ns, RANK_TIMEOUT, handle_of(EVENT_TIMEOUT, index));
}

static void arm_deadline(struct world *world, const struct edge *edge, uint32_t index)
{
    uint32_t handle = handle_of(EVENT_DEADLINE, index);
    world->requests[index].deadline_timer =
        edge->deadline_lane >= 0
            ? event_push_lane(world->events, edge->deadline_lane, world->now_ns, handle)
            : event_push(world->events, world->now_ns + edge->policy->deadline_ns, RANK_TIMEOUT, handle);
}

enum direction { TO_SERVICE, TO_CALLER };

static bool is_lost(const struct edge *edge, const struct attempt *attempt, enum direction direction)
{
    double loss = direction == TO_SERVICE ? edge->network->request_loss : edge->network->response_loss;
    struct stream stream = stream_of_id(edge->network_key, attempt->id, attempt->number * 4u + direction);
    return stream_uniform(&stream) < loss;
}

static int64_t latency_ns(const struct world *world, const struct edge *edge, const struct attempt *message,
                          enum direction direction)
{
    const struct network_config *network = edge->network;
    const struct law *latency = direction == TO_SERVICE ? &network->request_latency : &network->response_latency;
    struct stream stream = stream_of_id(edge->network_key, message->id, message->number * 4u + 2u + direction);
    return law_draw_ns(latency, &stream, world->zig);
}

/* Sets a message on its way; what it starts on arrival is up to `event`. */
static void travel(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction)
{
    bool there = direction == TO_SERVICE;
    uint32_t handle = handle_of(there ? EVENT_REACH : EVENT_ANSWER, attempt);
    int64_t then_ns = world->now_ns + latency_ns(world, edge, &world->attempts[attempt], direction);
    event_push(world->events, then_ns, there ? RANK_ARRIVAL : RANK_RESPONSE, handle);
}

/* Timeout and latency are drawn by name, so they can be drawn again: no record has to keep them. */
int64_t caller_gives_up_ns(const struct world *world, const struct attempt *attempt)
{
    const struct request *request = &world->requests[attempt->request];
    const struct edge *edge = &world->edges[request->edge];
    int64_t end_ns = INT64_MAX;
    if (attempt->flags & ATTEMPT_ABANDONED)
        return attempt->arrived_ns;
    if (edge->features & EDGE_DEADLINE)
        end_ns = request->born_ns + edge->policy->deadline_ns;
    if (!(edge->features & EDGE_TIMEOUT))
        return end_ns;
    int64_t sent_ns = attempt->arrived_ns - latency_ns(world, edge, attempt, TO_SERVICE);
    int64_t timeout_ns = sent_ns + draw_timeout_ns(world, edge, attempt->id, attempt->number);
    return timeout_ns < end_ns ? timeout_ns : end_ns;
}

static uint32_t open_attempt(struct world *world, uint32_t index)
{
    uint32_t attempt = world_open_attempt(world);
    struct request *request = &world->requests[index];
    world->attempts[attempt] = (struct attempt){
        .id = request->id, .request = index, .number = request->attempts, .cache = NONE, .phase = ATTEMPT_TRAVELLING};
    request->attempt = attempt;
    request->phase = REQUEST_IN_FLIGHT;
    return attempt;
}

static void send_through_network(struct world *world, const struct edge *edge, uint32_t attempt)
{
    if (edge->features & EDGE_REQUEST_LOSS && is_lost(edge, &world->attempts[attempt], TO_SERVICE))
        caller_lost(world, attempt);
    else if (edge->features & EDGE_LATENCY)
        travel(world, edge, attempt, TO_SERVICE);
    else
        callee_arrive(world, edge, attempt);
}

static void send(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    edge->place.counts[COUNT_ATTEMPTS]++;
    edge->place.counts[request->attempts == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    uint32_t attempt = open_attempt(world, index);
    if (edge->features & EDGE_TIMEOUT)
        arm_timeout(world, edge, index);
    if (edge->features & EDGE_NETWORK)
        send_through_network(world, edge, attempt);
    else
        callee_arrive(world, edge, attempt);
}

/* The breaker let this attempt out, but it was not sent. */
static void return_permit(const struct edge *edge, const struct request *request)
{
    if (edge->features & EDGE_BREAKER)
        breaker_return(&edge->policy->breaker, breaker_of(edge, request), request->permit);
}

/* Waits for its permit, is sent, or is refused here and now. */
static void send_limited(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    const struct limiter *limiter = &edge->policy->limiter;
    const struct limiter_row *row = (const struct limiter_row *)limiter->choice.row;
    int64_t wait_ns = row->acquire_ns(limiter->choice.parameters,
                                      &edge->limiters[scope_index(limiter->scope, request)], world->now_ns);
    if (wait_ns == LIMITER_REFUSED) {
        return_permit(edge, request);
        outcome_attempt_failed(world, index, OUTCOME_LOCAL);
    } else if (wait_ns > 0) {
        request->phase = REQUEST_PACED;
        request->timer =
            event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle_of(EVENT_SEND, index));
    } else {
        send(world, index);
    }
}

static void send_through_gates(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (edge->features & EDGE_BREAKER &&
        !breaker_allow(&edge->policy->breaker, breaker_of(edge, request), world->now_ns, &request->permit))
        outcome_attempt_failed(world, index, OUTCOME_LOCAL);
    else if (edge->features & EDGE_LIMITER)
        send_limited(world, edge, index);
    else
        send(world, index);
}

static void next_attempt(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    request->attempts++;
    if (edge->features & EDGE_GATES)
        send_through_gates(world, edge, index);
    else
        send(world, index);
}

void caller_open(struct world *world, uint32_t edge_index, uint64_t number, uint32_t client)
{
    uint32_t index = world_open_request(world);
    struct edge *edge = &world->edges[edge_index];
    struct request *request = &world->requests[index];
    *request = (struct request){.id = stream_mix(edge->id_key + number * UINT64_C(0x9e3779b97f4a7c15)),
                                .born_ns = world->now_ns, .client = client, .attempt = NONE,
                                .number = (uint32_t)number, .edge = (uint16_t)edge_index,
                                .phase = REQUEST_IN_FLIGHT};
    edge->place.counts[COUNT_REQUESTS]++;
    if (edge->features & EDGE_DEADLINE)
        arm_deadline(world, edge, index);
    if (edge->features & EDGE_BUDGET && budget_row(edge)->on_request)
        budget_row(edge)->on_request(edge->policy->budget.choice.parameters, budget_of(edge, request), world->now_ns);
    next_attempt(world, index);
}

/* ---- what comes back, or does not ---- */

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
    request->attempt = NONE;
    world_close_attempt(world, attempt);
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
    request->attempt = NONE;
    world_close_attempt(world, attempt);
    if (outcome == OUTCOME_GOOD)
        outcome_good(world, index);
    else
        outcome_attempt_failed(world, index, outcome);
}

/* Whether it is certain now that a good answer will be taken at `then_ns`, and that nothing which happens until then
 * can see or change what it does: no timeout, no end of a bin, no fault, no state shared with other requests. */
static bool is_certain(const struct world *world, const struct edge *edge, const struct request *request,
                       int64_t then_ns)
{
    if (then_ns >= world->calm_until_ns || edge->features & (EDGE_BUDGET | EDGE_GATES))
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

static void answer_through_network(struct world *world, const struct edge *edge, uint32_t attempt,
                                   enum outcome outcome)
{
    struct attempt *message = &world->attempts[attempt];
    if (edge->features & EDGE_RESPONSE_LOSS && is_lost(edge, message, TO_CALLER)) {
        caller_lost(world, attempt);
        return;
    }
    if (!(edge->features & EDGE_LATENCY)) {
        deliver(world, attempt, outcome);
        return;
    }
    if (outcome == OUTCOME_GOOD && deliver_ahead(world, edge, attempt))
        return;
    message->phase = ATTEMPT_ANSWERING;
    message->flags = (uint8_t)((message->flags & ATTEMPT_ABANDONED) | (outcome << ATTEMPT_OUTCOME_SHIFT));
    travel(world, edge, attempt, TO_CALLER);
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

void caller_reach(struct world *world, uint32_t attempt)
{
    callee_arrive(world, edge_of(world, &world->requests[world->attempts[attempt].request]), attempt);
}

/* Turns away from the attempt in flight, which may go on without its caller. */
static void give_up_attempt(struct world *world, struct request *request)
{
    uint32_t attempt = request->attempt;
    if (attempt == NONE)
        return;
    request->attempt = NONE;
    request->zombies++;
    world->attempts[attempt].flags |= ATTEMPT_ABANDONED;
    if (world->attempts[attempt].cache != NONE)
        cache_abandoned(world, attempt);
    else
        service_abandoned(world, attempt);
}

void caller_timeout(struct world *world, uint32_t index, uint32_t sequence)
{
    struct request *request = &world->requests[index];
    if (request->timer != sequence)
        return;
    give_up_attempt(world, request);
    outcome_attempt_failed(world, index, OUTCOME_TIMEOUT);
}

void caller_deadline(struct world *world, uint32_t index, uint32_t sequence)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    if (request->deadline_timer != sequence)
        return;
    if (request->phase == REQUEST_BACKING_OFF)
        level_add(&edge->backing_off, world->now_ns, -1);
    if (request->phase == REQUEST_PACED)
        return_permit(edge, request);
    if (request->phase == REQUEST_IN_FLIGHT && edge->features & EDGE_BREAKER)
        breaker_result(&edge->policy->breaker, breaker_of(edge, request), world->now_ns, request->permit, false);
    give_up_attempt(world, request);
    outcome_failed(world, index);
}

void caller_wake(struct world *world, uint32_t index, uint32_t sequence)
{
    struct request *request = &world->requests[index];
    if (request->timer != sequence)
        return;
    request->timer = 0;
    if (request->phase == REQUEST_PACED) {
        send(world, index);
        return;
    }
    level_add(&edge_of(world, request)->backing_off, world->now_ns, -1);
    request->phase = REQUEST_IN_FLIGHT;
    next_attempt(world, index);
}
