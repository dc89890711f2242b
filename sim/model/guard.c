/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breakers and gates. The budgets are in guard_budget.c, building in guard_build.c. */
#include "model/guard.h"

#include "base/check.h"
#include "model/outcome.h"

static const struct gate_signals no_signals;

/* ---- the breaker ---- */

static uint64_t breaker_key(const struct edge *edge, const struct request *request)
{
    return edge->breaker_key + (edge->breaker.per_client ? request->client : 0);
}

static bool has_breaker(const struct edge *edge, enum breaker_per per)
{
    return edge->features & EDGE_BREAKER && edge->policy->breaker.per == (int)per;
}

static bool breaker_passes(const struct world *world, struct edge *edge, const struct request *request,
                           uint32_t *permit)
{
    struct breaker_answer answer =
        breaker_allow(&edge->policy->breaker, states_at(&edge->breaker, request->client), world->now_ns,
                      breaker_key(edge, request));
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
    struct breaker_state *state = states_at(&edge->breaker, request->client);
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
    else if (breaker_result(breaker, state, breaker_key(edge, request), end->permit, &sample))
        edge->place.counts[COUNT_BREAKER_OPENINGS]++;
}

/* ---- gates ---- */

static const struct gate *gate_of(const struct edge *edge, uint32_t index)
{
    return &((const struct gate *)edge->policy->gates.items)[index];
}

static const struct gate_row *row_of(const struct gate *gate) { return (const struct gate_row *)gate->choice.row; }

/* Whether the gate is passed by attempt `number` of a request; 0: by the request itself. */
static bool concerns(const struct gate *gate, uint32_t number)
{
    if (gate->per == GATE_PER_REQUEST)
        return number == 0;
    return number > (gate->per == GATE_PER_RETRY ? 1 : 0);
}

static struct line *line_of(const struct edge *edge, uint32_t gate, const struct request *request)
{
    if (!edge->lines || !row_of(gate_of(edge, gate))->waits)
        return NULL;
    return &edge->lines[edge->line_of[gate] + (edge->gates[gate].per_client ? request->client : 0)];
}

static void line_append(struct world *world, struct line *line, uint32_t index)
{
    struct request_more *more = world_more(world, index);
    more->previous = line->tail;
    more->next = NONE;
    if (line->tail == NONE)
        line->head = index;
    else
        world_more(world, line->tail)->next = index;
    line->tail = index;
    line->length++;
}

static void line_remove(struct world *world, struct line *line, uint32_t index)
{
    const struct request_more *more = world_more(world, index);
    if (more->previous == NONE)
        line->head = more->next;
    else
        world_more(world, more->previous)->next = more->next;
    if (more->next == NONE)
        line->tail = more->previous;
    else
        world_more(world, more->next)->previous = more->previous;
    line->length--;
}

/* What the request brings to the gates on this side of retry: an attempt's number, or itself. */
static uint32_t number_of(const struct request *request)
{
    return request->flags & REQUEST_INSIDE ? request->attempts : 0;
}

/* A gate's draw about a request: one when it asks, one more when it is asked again, one when it leaves. */
enum draw { DRAW_ASKED, DRAW_AGAIN, DRAW_LEFT, DRAWS };

static struct stream stream_for(const struct edge *edge, uint64_t id, uint32_t number, uint32_t gate, enum draw draw)
{
    return stream_of_id(edge->gate_key, id, ((uint64_t)number << 8 | gate) * DRAWS + draw);
}

static struct gate_answer ask(const struct world *world, const struct edge *edge, uint32_t gate, uint32_t index,
                              uint32_t number, bool again)
{
    const struct request *request = &world->requests[index];
    const struct line *line = line_of(edge, gate, request);
    struct stream stream = stream_for(edge, request->id, number, gate, again ? DRAW_AGAIN : DRAW_ASKED);
    struct gate_in in = {.now_ns = world->now_ns, .priority = edge->priority, .caller = request->client, .again = again,
                         .stream = &stream, .waiting = line ? line->length - again : 0, .signals = &no_signals};
    return row_of(gate_of(edge, gate))->ask(gate_of(edge, gate)->choice.parameters,
                                            states_at(&edge->gates[gate], request->client), &in);
}

/* Lets in whoever waits at the gate, as far as it goes. They go on in events of their own, not from within this one. */
static void let_in(struct world *world, struct edge *edge, uint32_t gate, struct line *line)
{
    while (line->head != NONE) {
        uint32_t index = line->head;
        struct request *request = &world->requests[index];
        struct gate_answer answer = ask(world, edge, gate, index, number_of(request), true);
        if (answer.verdict == GATE_WAIT)
            return;
        CHECK(answer.verdict != GATE_REFUSE, "a gate refused what waits in its line");
        line_remove(world, line, index);
        request->phase = REQUEST_PACED;
        request->gate = (uint8_t)(gate + 1);
        request->timer = event_push(world->events, world->now_ns + answer.wait_ns, RANK_ARRIVAL,
                                    handle_of(EVENT_SEND, index));
    }
}

static void gate_hears(struct world *world, struct edge *edge, uint32_t gate, uint32_t index,
                       const struct guard_end *end)
{
    const struct request *request = &world->requests[index];
    const struct gate_row *row = row_of(gate_of(edge, gate));
    struct stream stream = stream_for(edge, request->id, end->number, gate, DRAW_LEFT);
    struct gate_out out = {.now_ns = world->now_ns, .latency_ns = world->now_ns - end->sent_ns,
                           .priority = edge->priority, .caller = request->client, .sent = end->tells,
                           .good = end->outcome == OUTCOME_GOOD, .failure = (enum failure)end->outcome,
                           .queue_wait_ns = -1, .stream = &stream, .signals = &no_signals};
    if (row->leave)
        row->leave(gate_of(edge, gate)->choice.parameters, states_at(&edge->gates[gate], request->client), &out);
    struct line *line = line_of(edge, gate, request);
    if (line)
        let_in(world, edge, gate, line);
}

/* Tells the first `count` gates, those among them that it concerns. */
static void gates_hear(struct world *world, struct edge *edge, uint32_t index, uint32_t count,
                       const struct guard_end *end)
{
    if (!(edge->guards & GUARD_LISTENS))
        return;
    for (uint32_t gate = 0; gate < count; gate++)
        if (concerns(gate_of(edge, gate), end->number))
            gate_hears(world, edge, gate, index, end);
}

static enum guard_pass pass_gate(struct world *world, struct edge *edge, uint32_t gate, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct gate_answer answer = ask(world, edge, gate, index, number_of(request), false);
    if (answer.verdict == GATE_REFUSE)
        return GUARD_REFUSED;
    if (answer.verdict == GATE_ADMIT) {
        request->gate++;
        return GUARD_PASSED;
    }
    bool waits = answer.verdict == GATE_WAIT;
    request->phase = waits ? REQUEST_WAITING : REQUEST_PACED;
    request->timer = 0;
    if (waits)
        line_append(world, line_of(edge, gate, request), index);
    else
        request->gate++;
    if (answer.wait_ns < INT64_MAX)
        request->timer = event_push(world->events, world->now_ns + answer.wait_ns, RANK_ARRIVAL,
                                    handle_of(EVENT_SEND, index));
    return GUARD_HELD;
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
    end.number = number_of(request);
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

static enum guard_pass pass_gates(struct world *world, uint32_t index, enum failure *refusal)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    uint32_t number = number_of(request);
    while (request->gate < edge->policy->gates.count) {
        const struct gate *gate = gate_of(edge, request->gate);
        enum guard_pass pass = GUARD_PASSED;
        if (concerns(gate, number))
            pass = pass_gate(world, edge, request->gate, index);
        else
            request->gate++;
        if (pass == GUARD_HELD)
            return pass;
        if (pass == GUARD_REFUSED) {
            *refusal = row_of(gate)->refusal;
            give_back(world, edge, index, refusal);
            return pass;
        }
    }
    return GUARD_PASSED;
}

static enum guard_pass pass_all(struct world *world, uint32_t index, enum breaker_per per, uint32_t *permit,
                                enum failure *refusal)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    request->gate = 0;
    if (has_breaker(edge, per)) {
        if (!breaker_passes(world, edge, request, permit)) {
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
    return pass_all(world, index, BREAKER_PER_ATTEMPT, &request->permit, refusal);
}

enum guard_pass guard_resumed(struct world *world, uint32_t index, enum failure *refusal)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    if (request->phase == REQUEST_WAITING) {
        line_remove(world, line_of(edge, request->gate, request), index);
        *refusal = row_of(gate_of(edge, request->gate))->refusal;
        give_back(world, edge, index, refusal);
        return GUARD_REFUSED;
    }
    return pass_gates(world, index, refusal);
}

void guard_called_off(struct world *world, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    if (request->phase == REQUEST_WAITING)
        line_remove(world, line_of(edge, request->gate, request), index);
    give_back(world, edge, index, NULL);
}

/* Passes the gates of a hedge without waiting, or none of them. */
static bool hedge_passes_gates(struct world *world, struct edge *edge, uint32_t index, const struct guard_end *never)
{
    for (uint32_t gate = 0; gate < edge->policy->gates.count; gate++) {
        if (!concerns(gate_of(edge, gate), never->number))
            continue;
        struct gate_answer answer = ask(world, edge, gate, index, never->number, false);
        if (answer.verdict == GATE_ADMIT)
            continue;
        gates_hear(world, edge, index, gate + (answer.verdict == GATE_HOLD), never);
        return false;
    }
    return true;
}

bool guard_hedge(struct world *world, uint32_t index, uint32_t *permit)
{
    const struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct guard_end end = never_sent;
    if (has_breaker(edge, BREAKER_PER_ATTEMPT) && !breaker_passes(world, edge, request, permit))
        return false;
    end.sent_ns = world->now_ns;
    end.number = request->attempts + 1;
    end.permit = *permit;
    if (hedge_passes_gates(world, edge, index, &end))
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
}

/* What was passed once a request hears of its end, if the request was let in. */
void guard_over(struct world *world, uint32_t index, enum outcome outcome, bool tells)
{
    const struct request *request = &world->requests[index];
    struct edge *edge = edge_of(world, request);
    struct guard_end end = {.outcome = outcome, .tells = tells, .sent_ns = request->born_ns};
    if (!(request->flags & REQUEST_INSIDE && edge->guards & GUARD_OUTER))
        return;
    if (has_breaker(edge, BREAKER_PER_REQUEST)) {
        end.permit = world_more(world, index)->permit;
        breaker_hears(world, edge, request, &end);
    }
    if (edge->features & EDGE_GATES)
        gates_hear(world, edge, index, (uint32_t)edge->policy->gates.count, &end);
}
