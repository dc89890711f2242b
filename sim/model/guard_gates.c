/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/guard_gates.h"

#include "base/check.h"
#include "model/outcome.h"

static const struct gate_signals no_signals;

static const struct gate *gate_of(const struct edge *edge, uint32_t index)
{
    return &((const struct gate *)edge->policy->gates.items)[index];
}

static const struct gate_row *row_of(const struct gate *gate) { return (const struct gate_row *)gate->choice.row; }

enum failure gates_refusal(const struct edge *edge, uint32_t gate) { return row_of(gate_of(edge, gate))->refusal; }

/* Whether the gate is passed by attempt `number` of a request; 0: by the request itself. */
static bool concerns(const struct gate *gate, uint32_t number)
{
    if (gate->per == GATE_PER_REQUEST)
        return number == 0;
    return number > (gate->per == GATE_PER_RETRY ? 1 : 0);
}

/* ---- lines ---- */

static struct line *line_of(const struct edge *edge, uint32_t gate, const struct request *request, uint32_t endpoint)
{
    if (!edge->lines || !row_of(gate_of(edge, gate))->waits)
        return NULL;
    return &edge->lines[edge->line_of[gate] + states_index(&edge->gates[gate], request->client, endpoint)];
}

/* The line that a request waits in, and the endpoint that it asks about. */
static uint32_t endpoint_of(const struct world *world, const struct edge *edge, uint32_t index)
{
    return guard_asks_about(world, edge, index, gates_number_of(&world->requests[index]));
}

static struct line *line_at(const struct world *world, const struct edge *edge, uint32_t index)
{
    const struct request *request = &world->requests[index];
    return line_of(edge, request->gate, request, endpoint_of(world, edge, index));
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

/* ---- asking ---- */

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
    uint32_t endpoint = guard_asks_about(world, edge, index, number);
    const struct line *line = line_of(edge, gate, request, endpoint);
    struct stream stream = stream_for(edge, request->id, number, gate, again ? DRAW_AGAIN : DRAW_ASKED);
    struct gate_in in = {.now_ns = world->now_ns, .priority = edge->priority, .caller = request->client, .again = again,
                         .stream = &stream, .waiting = line ? line->length - again : 0, .signals = &no_signals};
    return row_of(gate_of(edge, gate))->ask(gate_of(edge, gate)->choice.parameters,
                                            states_at(&edge->gates[gate], request->client, endpoint), &in);
}

static void set_timer(struct world *world, uint32_t index, int64_t at_ns)
{
    world->requests[index].timer =
        at_ns == INT64_MAX ? 0 : event_push(world->events, at_ns, RANK_ARRIVAL, handle_of(EVENT_SEND, index));
}

static int64_t later_ns(const struct world *world, int64_t wait_ns)
{
    return wait_ns < INT64_MAX - world->now_ns ? world->now_ns + wait_ns : INT64_MAX;
}

/* Wakes the first in line when it has waited long enough, or when its gate wants to be asked again. */
static void set_line_timer(struct world *world, uint32_t index, const struct gate_answer *answer)
{
    int64_t at_ns = world_more(world, index)->wait_until_ns;
    int64_t again_ns = answer->retry_after_ns < 0 ? INT64_MAX : later_ns(world, answer->retry_after_ns);
    set_timer(world, index, again_ns < at_ns ? again_ns : at_ns);
}

static void pace(struct world *world, uint32_t index, int64_t wait_ns)
{
    world->requests[index].phase = REQUEST_PACED;
    world->requests[index].gate++;
    set_timer(world, index, world->now_ns + wait_ns);
}

/* Lets in whoever waits at the gate, as far as it goes. They go on in events of their own, not from within this one. */
static void serve_line(struct world *world, struct edge *edge, uint32_t gate, struct line *line)
{
    while (line->head != NONE) {
        uint32_t index = line->head;
        struct gate_answer answer = ask(world, edge, gate, index, gates_number_of(&world->requests[index]), true);
        CHECK(answer.verdict != GATE_REFUSE, "a gate refused what waits in its line");
        if (answer.verdict == GATE_WAIT) {
            set_line_timer(world, index, &answer);
            return;
        }
        line_remove(world, line, index);
        pace(world, index, answer.wait_ns);
    }
}

static void wait_in_line(struct world *world, struct edge *edge, uint32_t gate, uint32_t index,
                         const struct gate_answer *answer)
{
    struct line *line = line_of(edge, gate, &world->requests[index], endpoint_of(world, edge, index));
    world->requests[index].phase = REQUEST_WAITING;
    world_more(world, index)->wait_until_ns = later_ns(world, answer->wait_ns);
    line_append(world, line, index);
    if (line->head == index)
        set_line_timer(world, index, answer);
    else
        set_timer(world, index, world_more(world, index)->wait_until_ns);
}

static enum guard_pass pass_gate(struct world *world, struct edge *edge, uint32_t gate, uint32_t index)
{
    struct gate_answer answer = ask(world, edge, gate, index, gates_number_of(&world->requests[index]), false);
    switch (answer.verdict) {
    case GATE_ADMIT: world->requests[index].gate++; return GUARD_PASSED;
    case GATE_HOLD: pace(world, index, answer.wait_ns); return GUARD_HELD;
    case GATE_WAIT: wait_in_line(world, edge, gate, index, &answer); return GUARD_HELD;
    default: return GUARD_REFUSED;
    }
}

enum guard_pass gates_pass(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    uint32_t number = gates_number_of(request);
    while (request->gate < edge->policy->gates.count) {
        if (!concerns(gate_of(edge, request->gate), number)) {
            request->gate++;
            continue;
        }
        enum guard_pass pass = pass_gate(world, edge, request->gate, index);
        if (pass != GUARD_PASSED)
            return pass;
    }
    return GUARD_PASSED;
}

void gates_leave_line(struct world *world, struct edge *edge, uint32_t index)
{
    const struct request *request = &world->requests[index];
    struct line *line = line_at(world, edge, index);
    bool was_first = line->head == index;
    line_remove(world, line, index);
    if (was_first)
        serve_line(world, edge, request->gate, line);
}

enum guard_pass gates_wake(struct world *world, struct edge *edge, uint32_t index)
{
    struct request *request = &world->requests[index];
    struct line *line = line_at(world, edge, index);
    if (world->now_ns >= world_more(world, index)->wait_until_ns) {
        gates_leave_line(world, edge, index);
        return GUARD_REFUSED;
    }
    serve_line(world, edge, request->gate, line);
    return GUARD_HELD;
}

bool gates_pass_hedge(struct world *world, struct edge *edge, uint32_t index, const struct guard_end *never)
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

/* ---- telling ---- */

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
    uint32_t endpoint = guard_endpoint(edge, end->endpoint);
    if (row->leave)
        row->leave(gate_of(edge, gate)->choice.parameters, states_at(&edge->gates[gate], request->client, endpoint),
                   &out);
    struct line *line = line_of(edge, gate, request, endpoint);
    if (line)
        serve_line(world, edge, gate, line);
}

void gates_hear(struct world *world, struct edge *edge, uint32_t index, uint32_t count, const struct guard_end *end)
{
    if (!(edge->guards & GUARD_LISTENS))
        return;
    for (uint32_t gate = 0; gate < count; gate++)
        if (concerns(gate_of(edge, gate), end->number))
            gate_hears(world, edge, gate, index, end);
}
