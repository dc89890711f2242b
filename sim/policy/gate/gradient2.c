/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate gradient2: a concurrency limit that follows long-term latency / present latency.
 *
 *     long: the mean of the first 10 samples, then an exponential average over long_window; x 0.95 where it is above
 *           twice the present one
 *     g = clamp(tolerance x long / latency, 0.5, 1)
 *     L <- (1 - smoothing) L + smoothing (L g + queue)        not where 2 x under way < L
 *
 * In a long overload it learns the overload as the normal state and drifts up to its largest limit. Drops are no
 * samples here. */
#include "policy/gate/rows.h"

enum { WARM_SAMPLES = 10 };

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_gradient2_state);
}

static void init(const void *parameters, void *self)
{
    struct gate_gradient2_state *state = self;
    gate_limit_init(&((const struct gate_gradient2 *)parameters)->limit, &state->limit);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    (void)parameters, (void)in;
    return gate_limit_ask(&((struct gate_gradient2_state *)self)->limit);
}

/* The long-term latency with this sample. */
static double long_term_ns(const struct gate_gradient2 *p, struct gate_gradient2_state *state, double latency_ns)
{
    double weight = 2 / (double)(p->long_window + 1);
    if (state->samples < WARM_SAMPLES) {
        state->samples++;
        state->warm_sum_ns += latency_ns;
        state->long_ns = state->warm_sum_ns / (double)state->samples;
    } else {
        state->long_ns = state->long_ns * (1 - weight) + latency_ns * weight;
    }
    double long_ns = state->long_ns;
    if (long_ns > 2 * latency_ns)
        state->long_ns *= 0.95;
    return long_ns;
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_gradient2 *p = parameters;
    struct gate_gradient2_state *state = self;
    struct gate_sample sample;
    if (!gate_limit_leave(&p->limit, &state->limit, out, &sample) || sample.latency_ns == 0)
        return;
    double long_ns = long_term_ns(p, state, sample.latency_ns), limit = state->limit.limit;
    if (2 * (double)sample.in_flight < limit)
        return;
    double gradient = gate_between(p->tolerance * long_ns / sample.latency_ns, 0.5, 1);
    double next = limit * (1 - p->smoothing) + (limit * gradient + (double)p->queue) * p->smoothing;
    state->limit.limit = gate_between(next, (double)p->limit.min, (double)p->limit.max);
}

static const char *prepare(void *parameters)
{
    return gate_limit_check(&((struct gate_gradient2 *)parameters)->limit);
}

static const struct field fields[] = {
    GATE_LIMIT_FIELDS("20", "20", "200"),
    {"tolerance", FIELD_REAL, offsetof(struct gate_gradient2, tolerance), .min = 1, .max = 100, .text = "1.5",
     .help = "latency that is still taken for no queue / long-term latency"},
    {"smoothing", FIELD_RATIO, offsetof(struct gate_gradient2, smoothing), .min = 0.01, .max = 1, .text = "0.2",
     .help = "weight of the new limit"},
    {"queue", FIELD_COUNT, offsetof(struct gate_gradient2, queue), .min = 0, .max = 1e6, .text = "4",
     .help = "queue that it aims at"},
    {"long_window", FIELD_COUNT, offsetof(struct gate_gradient2, long_window), .min = 1, .max = 1e9, .text = "600",
     .help = "samples over which the long-term latency is averaged"},
    {0},
};

const struct gate_row gate_gradient2 = {
    .row = {.name = "gradient2",
            .summary = "a concurrency limit that follows long-term latency / present latency",
            .formula = "0.8 L + 0.2 (L g + queue), g = clamp(tolerance x long / latency, 0.5, 1)",
            .source = "Netflix concurrency-limits, Gradient2Limit",
            .fields = fields,
            .size = sizeof(struct gate_gradient2),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
