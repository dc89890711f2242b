/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const char *gate_contradiction(const struct gate_row *row, const void *parameters)
{
    struct choice choice = {.row = &row->row};
    memcpy(choice.parameters, parameters, row->row.size);
    return row->row.prepare ? row->row.prepare(choice.parameters) : NULL;
}

struct gate_case gate_start(const struct gate_row *row, const void *parameters)
{
    struct gate_case c = {.row = row, .stream = stream_at(stream_key(1, 0, "gate", row->row.name), 0, 0)};
    if (row->row.size > 0)
        memcpy(c.choice.parameters, parameters, row->row.size);
    const char *error = row->row.prepare ? row->row.prepare(c.choice.parameters) : NULL;
    if (error)
        fail_msg("%s: %s", row->row.name, error);
    assert_true(!row->state_size || row->state_size(c.choice.parameters) <= sizeof c.state);
    if (row->init)
        row->init(c.choice.parameters, c.state);
    return c;
}

struct gate_answer gate_ask(struct gate_case *c, int64_t now_ns)
{
    struct gate_in in = c->in;
    in.now_ns = now_ns;
    in.stream = &c->stream;
    in.signals = &c->signals;
    return c->row->ask(c->choice.parameters, c->state, &in);
}

bool gate_admits(struct gate_case *c, int64_t now_ns) { return gate_ask(c, now_ns).verdict == GATE_ADMIT; }

int64_t gate_wait_ns(struct gate_case *c, int64_t now_ns)
{
    struct gate_answer answer = gate_ask(c, now_ns);
    assert_true(answer.verdict != GATE_WAIT);
    return answer.verdict == GATE_REFUSE ? GATE_REFUSED : answer.wait_ns;
}

int gate_burst(struct gate_case *c, int64_t now_ns)
{
    int admitted = 0;
    while (admitted < 1000000 && gate_wait_ns(c, now_ns) == 0)
        admitted++;
    return admitted;
}

static void leave(struct gate_case *c, struct gate_out out)
{
    out.priority = c->in.priority;
    out.caller = c->in.caller;
    out.stream = &c->stream;
    out.signals = &c->signals;
    if (c->row->leave)
        c->row->leave(c->choice.parameters, c->state, &out);
}

void gate_good(struct gate_case *c, int64_t now_ns, int64_t latency_ns)
{
    leave(c, (struct gate_out){.now_ns = now_ns, .latency_ns = latency_ns, .sent = true, .good = true,
                               .queue_wait_ns = c->queue_wait_ns});
}

void gate_failed(struct gate_case *c, int64_t now_ns, int64_t latency_ns, enum failure failure)
{
    leave(c, (struct gate_out){.now_ns = now_ns, .latency_ns = latency_ns, .sent = true, .failure = failure,
                               .queue_wait_ns = -1});
}

void gate_unsent(struct gate_case *c, int64_t now_ns)
{
    leave(c, (struct gate_out){.now_ns = now_ns, .queue_wait_ns = -1});
}
