/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate vegas: a concurrency limit from the queue that latencies betray, as TCP Vegas does it.
 *
 *     queue = ceil(L (1 - base / latency))        base: the least latency seen since the last probe
 *     l = max(1, floor(log10 L))
 *
 *     drop:                 L - l                 queue < 3 l:   L + l
 *     2 x under way < L:    L                     queue > 6 l:   L - l
 *     queue <= l:           L + 6 l               otherwise:     L
 *
 * Every probe x L x U(0.5, 1) samples the next latency becomes the new base. The base is a minimum, so latencies that
 * vary make it look as if there were a queue: feed it windows. */
#include "policy/gate/rows.h"

#include <math.h>

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_vegas_state);
}

static void init(const void *parameters, void *self)
{
    struct gate_vegas_state *state = self;
    gate_limit_init(&((const struct gate_vegas *)parameters)->limit, &state->limit);
    state->probe_jitter = 1;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    (void)parameters, (void)in;
    return gate_limit_ask(&((struct gate_vegas_state *)self)->limit);
}

static double step_of(double limit)
{
    double step = floor(log10(floor(limit)));
    return step > 1 ? step : 1;
}

static double next_limit(double limit, double base_ns, const struct gate_sample *sample)
{
    double step = step_of(limit);
    if (sample->dropped)
        return limit - step;
    if (2 * (double)sample->in_flight < limit)
        return limit;
    double queue = ceil(limit * (1 - base_ns / sample->latency_ns));
    if (queue <= step)
        return limit + 6 * step;
    if (queue < 3 * step)
        return limit + step;
    return queue > 6 * step ? limit - step : limit;
}

/* Whether the sample is only a new base. */
static bool finds_base(const struct gate_vegas *p, struct gate_vegas_state *state, const struct gate_sample *sample,
                       struct stream *stream)
{
    state->samples++;
    if (state->probe_jitter * (double)p->probe * state->limit.limit <= (double)state->samples) {
        double u = stream_uniform(stream);
        state->probe_jitter = 0.5 + 0.5 * u;
        state->samples = 0;
    } else if (state->base_ns > 0 && sample->latency_ns >= state->base_ns) {
        return false;
    }
    state->base_ns = sample->latency_ns;
    return true;
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_vegas *p = parameters;
    struct gate_vegas_state *state = self;
    struct gate_sample sample;
    if (!gate_limit_leave(&p->limit, &state->limit, out, &sample))
        return;
    if (!sample.dropped && finds_base(p, state, &sample, out->stream))
        return;
    double limit = state->limit.limit;
    double next = gate_between(next_limit(limit, state->base_ns, &sample), (double)p->limit.min, (double)p->limit.max);
    state->limit.limit = (1 - p->smoothing) * limit + p->smoothing * next;
}

static const char *prepare(void *parameters) { return gate_limit_check(&((struct gate_vegas *)parameters)->limit); }

static const struct field fields[] = {
    GATE_LIMIT_FIELDS("20", "1", "1000"),
    {"smoothing", FIELD_RATIO, offsetof(struct gate_vegas, smoothing), .min = 0.01, .max = 1, .text = "1",
     .help = "weight of the new limit"},
    {"probe", FIELD_COUNT, offsetof(struct gate_vegas, probe), .min = 1, .max = 1e6, .text = "30",
     .help = "a new base latency after about this x limit samples"},
    {0},
};

const struct gate_row gate_vegas = {
    .row = {.name = "vegas",
            .summary = "a concurrency limit from the queue that latencies betray",
            .formula = "queue = ceil(L (1 - base / latency)), kept between 3 log10 L and 6 log10 L",
            .source = "Netflix concurrency-limits, VegasLimit; TCP Vegas",
            .fields = fields,
            .size = sizeof(struct gate_vegas),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
