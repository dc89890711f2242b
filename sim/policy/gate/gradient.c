/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate gradient: a concurrency limit that follows the ratio of the least to the present latency.
 *
 *     g = clamp(tolerance x base / latency, 0.5, 1), room = max(4, sqrt(L))
 *
 *     drop:                 L x backoff
 *     2 x under way < L:    L
 *     otherwise:            L x g + room          of a decrease only the share `smoothing` happens at once
 *
 * Every probe .. 2 probe samples the base is forgotten and L falls to `room`, so that the base is measured without a
 * queue. Superseded by gradient2, which does without. */
#include "policy/gate/rows.h"

#include <math.h>

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_gradient_state);
}

static void init(const void *parameters, void *self)
{
    const struct gate_gradient *p = parameters;
    struct gate_gradient_state *state = self;
    gate_limit_init(&p->limit, &state->limit);
    state->until_probe = p->probe;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    (void)parameters, (void)in;
    return gate_limit_ask(&((struct gate_gradient_state *)self)->limit);
}

static double room_of(double limit) { return fmax(4, floor(sqrt(floor(limit)))); }

static double next_limit(const struct gate_gradient *p, const struct gate_gradient_state *state,
                         const struct gate_sample *sample)
{
    double limit = state->limit.limit, room = room_of(limit), next;
    if (sample->dropped)
        next = limit * p->backoff;
    else if (2 * (double)sample->in_flight < limit)
        return limit;
    else
        next = limit * gate_between(p->tolerance * state->base_ns / sample->latency_ns, 0.5, 1) + room;
    if (next < limit)
        next = fmax((double)p->limit.min, limit * (1 - p->smoothing) + next * p->smoothing);
    return fmax(room, fmin((double)p->limit.max, next));
}

/* Whether it is time to look for the base again. */
static bool probes(const struct gate_gradient *p, struct gate_gradient_state *state, struct stream *stream)
{
    if (p->probe == INT64_MAX || state->until_probe-- > 0)
        return false;
    double u = stream_uniform(stream);
    state->until_probe = p->probe + (int64_t)(u * (double)p->probe);
    state->limit.limit = fmax((double)p->limit.min, room_of(state->limit.limit));
    state->base_ns = 0;
    return true;
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_gradient *p = parameters;
    struct gate_gradient_state *state = self;
    struct gate_sample sample;
    if (!gate_limit_leave(&p->limit, &state->limit, out, &sample) || probes(p, state, out->stream))
        return;
    if (!sample.dropped && (state->base_ns == 0 || sample.latency_ns < state->base_ns))
        state->base_ns = sample.latency_ns;
    state->limit.limit = next_limit(p, state, &sample);
}

static const char *prepare(void *parameters) { return gate_limit_check(&((struct gate_gradient *)parameters)->limit); }

static const struct field fields[] = {
    GATE_LIMIT_FIELDS("50", "1", "1000"),
    {"tolerance", FIELD_REAL, offsetof(struct gate_gradient, tolerance), .min = 1, .max = 100, .text = "2",
     .help = "latency that is still taken for no queue / base latency"},
    {"smoothing", FIELD_RATIO, offsetof(struct gate_gradient, smoothing), .min = 0.01, .max = 1, .text = "0.2",
     .help = "share of a decrease that happens at once"},
    {"backoff", FIELD_RATIO, offsetof(struct gate_gradient, backoff), .min = 0.1, .max = 1, .text = "0.9",
     .help = "factor after a drop"},
    {"probe", FIELD_COUNT, offsetof(struct gate_gradient, probe), .min = 1, .max = 1e9, .text = "1000",
     .word = "never", .help = "samples after which the base is measured anew, up to twice as many by chance"},
    {0},
};

const struct gate_row gate_gradient = {
    .row = {.name = "gradient",
            .summary = "a concurrency limit that follows least latency / present latency",
            .formula = "L g + max(4, sqrt(L)), g = clamp(tolerance x base / latency, 0.5, 1)",
            .source = "Netflix concurrency-limits, GradientLimit",
            .fields = fields,
            .size = sizeof(struct gate_gradient),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
