/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/caller.h"

#include <string.h>

#include "model/cache.h"
#include "model/guard.h"
#include "model/hedging.h"
#include "model/network.h"
#include "model/outcome.h"
#include "model/pool.h"
#include "model/service.h"

/* ---- sending ---- */

static inline void callee_arrive(struct world *world, const struct edge *edge, uint32_t attempt)
{
    if (edge->callee.kind == TARGET_CACHE)
        cache_lookup(world, edge->callee.index, attempt);
    else
        service_arrive(world, world->attempts[attempt].service, attempt);
}

int64_t caller_deadline_ns(const struct world *world, const struct request *request)
{
    const struct edge *edge = &world->edges[request->edge];
    int64_t own_ns = edge->policy->deadline_ns, ends_ns = own_ns == INT64_MAX ? own_ns : request->born_ns + own_ns;
    if (!(edge->features & EDGE_DEADLINE_PASSED_ON))
        return ends_ns;
    int64_t passed_on_ns = world->lineage[request - world->requests].deadline_ns;
    return passed_on_ns < ends_ns ? passed_on_ns : ends_ns;
}

/* Of attempt `number`, sent at `sent_ns`. INT64_MAX: none. */
static int64_t timeout_ns(const struct world *world, const struct edge *edge, const struct request *request,
                          uint32_t number, int64_t sent_ns)
{
    const struct policy *policy = edge->policy;
    if (!policy->last_timeout && number >= edge->limit_attempts)
        return INT64_MAX;
    struct stream stream = stream_of_id(edge->timeout_key, request->id, number);
    int64_t drawn_ns = law_draw_ns(policy->timeout, &stream, world->zig);
    if (!(edge->features & EDGE_VARIED_TIMEOUT))
        return drawn_ns;
    int64_t deadline_ns = caller_deadline_ns(world, request);
    int64_t left_ns = deadline_ns == INT64_MAX ? INT64_MAX : deadline_ns - sent_ns;
    return policy_timeout_ns(policy, number, drawn_ns, left_ns);
}

static uint32_t arm_timeout(struct world *world, const struct edge *edge, uint32_t index)
{
    const struct request *request = &world->requests[index];
    uint32_t handle = handle_of(EVENT_TIMEOUT, index);
    if (edge->timeout_lane >= 0)
        return event_push_lane(world->events, edge->timeout_lane, world->now_ns, handle);
    int64_t wait_ns = timeout_ns(world, edge, request, request->attempts, world->now_ns);
    return wait_ns == INT64_MAX ? 0 : event_push(world->events, world->now_ns + wait_ns, RANK_TIMEOUT, handle);
}

static void arm_deadline(struct world *world, const struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    uint32_t handle = handle_of(EVENT_DEADLINE, index);
    int64_t ends_ns = caller_deadline_ns(world, request);
    if (edge->deadline_lane >= 0)
        request->deadline_timer = event_push_lane(world->events, edge->deadline_lane, world->now_ns, handle);
    else if (ends_ns > world->now_ns && ends_ns < INT64_MAX)
        request->deadline_timer = event_push(world->events, ends_ns, RANK_TIMEOUT, handle);
}

static inline int64_t latency_ns(const struct world *world, const struct edge *edge, const struct attempt *message,
                                 enum direction direction)
{
    const struct network_config *network = edge->network;
    const struct law *latency = direction == TO_SERVICE ? &network->request_latency : &network->response_latency;
    struct stream stream = stream_of_id(edge->network_key, message->id, message->number * 4u + 2u + direction);
    int64_t drawn_ns = law_draw_ns(latency, &stream, world->zig);
    return edge->features & EDGE_DELAYED ? drawn_ns + network_delay_ns(world, edge, direction, &stream) : drawn_ns;
}

void caller_travel(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction)
{
    bool there = direction == TO_SERVICE;
    uint32_t handle = handle_of(there ? EVENT_REACH : EVENT_ANSWER, attempt);
    int64_t then_ns = world->now_ns + latency_ns(world, edge, &world->attempts[attempt], direction);
    event_push(world->events, then_ns, there ? RANK_ARRIVAL : RANK_RESPONSE, handle);
}

static int64_t sent_ns(const struct world *world, const struct edge *edge, const struct attempt *attempt)
{
    if (edge->features & EDGE_DETOURS && attempt->number == world->requests[attempt->request].attempts)
        return world_more(world, attempt->request)->sent_ns;
    return attempt->arrived_ns - latency_ns(world, edge, attempt, TO_SERVICE);
}

/* Timeout and latency are drawn by name, so they can be drawn again: no record has to keep them. */
int64_t caller_gives_up_ns(const struct world *world, const struct attempt *attempt)
{
    const struct request *request = &world->requests[attempt->request];
    const struct edge *edge = &world->edges[request->edge];
    int64_t end_ns = INT64_MAX;
    if (request->phase == REQUEST_OF_CACHE)
        return INT64_MAX;
    if (attempt->flags & ATTEMPT_ABANDONED)
        return attempt->arrived_ns;
    if (edge->features & EDGE_DEADLINE_TIMER)
        end_ns = caller_deadline_ns(world, request);
    if (!(edge->features & EDGE_TIMEOUT))
        return end_ns;
    int64_t from_ns = sent_ns(world, edge, attempt);
    int64_t patience_ns = timeout_ns(world, edge, request, attempt->number, from_ns);
    return patience_ns < end_ns - from_ns ? from_ns + patience_ns : end_ns;
}

static void send_through_network(struct world *world, const struct edge *edge, uint32_t attempt)
{
    if (edge->features & EDGE_REQUEST_LOSS && network_loses(world, edge, attempt, TO_SERVICE))
        return;
    if (edge->features & EDGE_LATENCY)
        caller_travel(world, edge, attempt, TO_SERVICE);
    else
        callee_arrive(world, edge, attempt);
}

/* What some edges have to remember or decide when they send an attempt. Returns the service that it goes to. */
static uint32_t prepare_send(struct world *world, const struct edge *edge, uint32_t index)
{
    if (edge->features & EDGE_CHECK)
        return edge->first_endpoint + (world->requests[index].number & UINT16_MAX);
    struct request_more *more = world_more(world, index);
    more->sent_ns = world->now_ns;
    if (!(edge->features & EDGE_POOL))
        return edge->entry;
    if (!edge->per_endpoint)
        guard_choose(world, index, world->requests[index].attempts);
    pool_sent(world, more->endpoint);
    return more->endpoint;
}

static inline uint32_t open_attempt(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    edge->place.counts[COUNT_ATTEMPTS]++;
    edge->place.counts[request->attempts == 1 ? COUNT_FIRST_ATTEMPTS : COUNT_RETRIES]++;
    uint32_t to = edge->features & (EDGE_MORE | EDGE_CHECK) ? prepare_send(world, edge, index) : edge->entry;
    uint32_t attempt = world_open_attempt(world);
    world->attempts[attempt] =
        (struct attempt){.id = request->id, .request = index, .number = request->attempts, .cache = NONE,
                         .service = (uint16_t)to, .phase = ATTEMPT_TRAVELLING};
    if (edge->features & EDGE_CALL)
        world->attempts[attempt].flags = world->attempts[request->number].flags & ATTEMPT_DEAD;
    request->attempt = attempt;
    request->phase = REQUEST_IN_FLIGHT;
    return attempt;
}

static inline void send(struct world *world, uint32_t index)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    uint32_t attempt = open_attempt(world, edge, index);
    if (edge->features & EDGE_TIMEOUT)
        world->requests[index].timer = arm_timeout(world, edge, index);
    if (edge->features & EDGE_HEDGE)
        hedging_sent(world, index);
    if (edge->features & EDGE_NETWORK)
        send_through_network(world, edge, attempt);
    else
        callee_arrive(world, edge, attempt);
}

void caller_send(struct world *world, uint32_t index)
{
    send(world, index);
}

/* Sends the attempt if breaker and gates let it out. */
static void go_on(struct world *world, uint32_t index, enum guard_pass pass, enum failure refusal)
{
    if (pass == GUARD_PASSED)
        caller_send(world, index);
    else if (pass == GUARD_REFUSED)
        outcome_attempt_refused(world, index, refusal);
}

static void next_attempt(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    enum failure refusal = FAILURE_LIMITED;
    request->attempts++;
    if (!(edge_of(world, request)->features & EDGE_DOORS)) {
        caller_send(world, index);
        return;
    }
    enum guard_pass pass = guard_attempt(world, index, &refusal);
    go_on(world, index, pass, refusal);
}

/* Begins its first attempt if what is asked once a request lets it in. */
static void come_in(struct world *world, uint32_t index, enum guard_pass pass, enum failure refusal)
{
    if (pass == GUARD_PASSED) {
        next_attempt(world, index);
    } else if (pass == GUARD_REFUSED) {
        outcome_note_failure(world, index, (enum outcome)refusal);
        outcome_failed(world, index, (enum outcome)refusal);
    }
}

static void enter(struct world *world, uint32_t index)
{
    enum failure refusal = FAILURE_LIMITED;
    enum guard_pass pass = guard_enter(world, index, &refusal);
    come_in(world, index, pass, refusal);
}

static bool is_unsafe(const struct edge *edge, const struct request *request)
{
    struct stream stream = stream_of_id(edge->unsafe_key, request->id, 0);
    return stream_uniform(&stream) >= edge->idempotent_ratio;
}

static void open_more(struct world *world, uint32_t index)
{
    memset(world_more(world, index), 0, world->more_bytes);
    world_more(world, index)->endpoint = world_more(world, index)->entered = NONE;
}

/* What only some edges need of a new request. */
static void prepare(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    if (edge->features & EDGE_MORE)
        open_more(world, index);
    if (edge->features & EDGE_HEDGE)
        request->flags |= REQUEST_HEDGED;
    if (edge->features & EDGE_UNSAFE && is_unsafe(edge, request))
        request->flags |= REQUEST_UNSAFE;
    if (edge->features & EDGE_DEADLINE_TIMER)
        arm_deadline(world, edge, index);
    if (edge->per_endpoint)
        guard_choose(world, index, 1);
    if (edge->features & EDGE_BUDGET)
        guard_budget_opened(world, index);
}

static inline uint32_t new_request(struct world *world, uint32_t edge_index, uint64_t number, uint32_t client)
{
    uint32_t index = world_open_request(world);
    struct edge *edge = &world->edges[edge_index];
    world->requests[index] = (struct request){.id = stream_mix(edge->id_key + number * UINT64_C(0x9e3779b97f4a7c15)),
                                              .born_ns = world->now_ns, .client = client, .attempt = NONE,
                                              .number = (uint32_t)number, .edge = (uint16_t)edge_index,
                                              .phase = REQUEST_IN_FLIGHT};
    edge->place.counts[COUNT_REQUESTS]++;
    return index;
}

static bool is_too_late(const struct world *world, const struct edge *edge, const struct request *request)
{
    return edge->features & EDGE_DEADLINE_PASSED_ON && caller_deadline_ns(world, request) <= world->now_ns;
}

/* Begins a request of an edge with EDGE_CARE. */
static void begin_with_care(struct world *world, struct edge *edge, uint32_t index)
{
    if (edge->features & (EDGE_MORE | EDGE_UNSAFE | EDGE_DEADLINE_TIMER | EDGE_BUDGET))
        prepare(world, edge, index);
    if (is_too_late(world, edge, &world->requests[index]))
        outcome_failed(world, index, OUTCOME_TIMEOUT);
    else if (edge->features & EDGE_DOORS)
        enter(world, index);
    else
        next_attempt(world, index);
}

static inline void begin(struct world *world, uint32_t index)
{
    struct edge *edge = edge_of(world, &world->requests[index]);
    if (edge->features & EDGE_CARE) {
        begin_with_care(world, edge, index);
    } else {
        world->requests[index].attempts = 1;
        send(world, index);
    }
}

uint32_t caller_new_request(struct world *world, uint32_t edge, uint64_t number, uint32_t client)
{
    return new_request(world, edge, number, client);
}

void caller_begin(struct world *world, uint32_t index)
{
    begin(world, index);
}

/* The two in one: nearly all requests come through here. */
void caller_open(struct world *world, uint32_t edge, uint64_t number, uint32_t client)
{
    uint32_t index = new_request(world, edge, number, client);
    begin(world, index);
}

/* ---- it goes on ---- */

void caller_reach(struct world *world, uint32_t attempt)
{
    callee_arrive(world, edge_of(world, &world->requests[world->attempts[attempt].request]), attempt);
}

/* Whether the wait was not the last thing it did, and the budgets that are asked now say yes. */
static bool may_go_on(struct world *world, const struct edge *edge, uint32_t index)
{
    const struct request *request = &world->requests[index];
    enum failure failure = (enum failure)request->last_failure;
    if (request->flags & REQUEST_LAST_WAIT)
        return false;
    return !(edge->features & EDGE_BUDGET) || guard_grants_retry(world, index, failure, BUDGET_AFTER_WAIT);
}

static void waited(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    level_add(&edge->backing_off, world->now_ns, -1);
    request->phase = REQUEST_IN_FLIGHT;
    if (may_go_on(world, edge, index))
        next_attempt(world, index);
    else
        outcome_failed(world, index, (enum outcome)request->last_failure);
}

static void let_go_on(struct world *world, uint32_t index)
{
    enum failure refusal = FAILURE_LIMITED;
    enum guard_pass pass = guard_resumed(world, index, &refusal);
    if (world->requests[index].flags & REQUEST_INSIDE)
        go_on(world, index, pass, refusal);
    else
        come_in(world, index, pass, refusal);
}

void caller_wake(struct world *world, uint32_t index, uint32_t sequence)
{
    struct request *request = &world->requests[index];
    if (request->timer != sequence)
        return;
    request->timer = 0;
    if (request->phase == REQUEST_BACKING_OFF)
        waited(world, index);
    else
        let_go_on(world, index);
}
