/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate aimd: a concurrency limit that grows by one and shrinks by a factor.
 *
 *     drop, or latency > timeout:          L <- floor(L x backoff)
 *     otherwise, if 2 x under way >= L:    L <- L + 1
 *
 * A sawtooth: it finds the limit at which something breaks, again and again. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_limit_state);
}

static void init(const void *parameters, void *self)
{
    gate_limit_init(&((const struct gate_aimd *)parameters)->limit, self);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    (void)parameters, (void)in;
    return gate_limit_ask(self);
}

static void learn(const struct gate_aimd *p, struct gate_limit_state *state, const struct gate_sample *sample)
{
    double limit = state->limit;
    if (sample->dropped || sample->latency_ns > (double)p->timeout_ns)
        limit = (double)(int64_t)(limit * p->backoff);
    else if (2 * (double)sample->in_flight >= limit)
        limit += 1;
    state->limit = gate_between(limit, (double)p->limit.min, (double)p->limit.max);
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_aimd *p = parameters;
    struct gate_sample sample;
    if (gate_limit_leave(&p->limit, self, out, &sample))
        learn(p, self, &sample);
}

static const char *prepare(void *parameters) { return gate_limit_check(&((struct gate_aimd *)parameters)->limit); }

static const struct field fields[] = {
    GATE_LIMIT_FIELDS("20", "20", "200"),
    {"backoff", FIELD_RATIO, offsetof(struct gate_aimd, backoff), .min = 0.1, .max = 1, .text = "0.9",
     .help = "factor after a drop or a timeout"},
    {"timeout", FIELD_DURATION, offsetof(struct gate_aimd, timeout_ns), .min = 1, .max = 1e15, .text = "5s",
     .help = "latency that is too much"},
    {0},
};

const struct gate_row gate_aimd = {
    .row = {.name = "aimd",
            .summary = "a concurrency limit that grows by one and shrinks by a factor",
            .formula = "drop or latency > timeout: L x backoff; else L + 1 if 2 x under way >= L",
            .source = "Netflix concurrency-limits, AIMDLimit",
            .fields = fields,
            .size = sizeof(struct gate_aimd),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
