/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/gate/limit.h"

void gate_limit_init(const struct gate_limit *limit, struct gate_limit_state *state)
{
    state->limit = (double)limit->start;
}

struct gate_answer gate_limit_ask(struct gate_limit_state *state)
{
    if (state->in_flight >= (int64_t)state->limit)
        return gate_refuse();
    state->in_flight++;
    return gate_admit();
}

static bool is_drop(const struct gate_limit *limit, const struct gate_out *out)
{
    return !out->good && failure_in(limit->drop_on, out->failure);
}

static void begin_window(const struct gate_limit *limit, struct gate_limit_state *state, int64_t now_ns)
{
    state->window_end_ns = now_ns + limit->window_ns;
    state->samples = state->served = state->most_in_flight = 0;
    state->latency_sum_ns = 0;
    state->dropped = false;
}

/* Adds the sample to its window; when that is over, turns it into the window's. */
static bool windowed(const struct gate_limit *limit, struct gate_limit_state *state, int64_t now_ns,
                     struct gate_sample *sample)
{
    state->samples++;
    state->served += !sample->dropped;
    state->latency_sum_ns += sample->latency_ns;
    state->dropped |= sample->dropped;
    if (sample->in_flight > state->most_in_flight)
        state->most_in_flight = sample->in_flight;
    if (now_ns <= state->window_end_ns)
        return false;
    bool enough = state->samples >= limit->window_samples;
    double mean_ns = state->served > 0 ? state->latency_sum_ns / (double)state->served : 0;
    *sample = (struct gate_sample){mean_ns, state->most_in_flight, state->dropped};
    begin_window(limit, state, now_ns);
    return enough;
}

bool gate_limit_leave(const struct gate_limit *limit, struct gate_limit_state *state, const struct gate_out *out,
                      struct gate_sample *sample)
{
    int64_t in_flight = state->in_flight--;
    if (!out->sent || (!out->good && !is_drop(limit, out)))
        return false;
    double latency_ns = out->latency_ns > 0 ? (double)out->latency_ns : 1;
    *sample = (struct gate_sample){out->good ? latency_ns : 0, in_flight, !out->good};
    return limit->window_ns == 0 || windowed(limit, state, out->now_ns, sample);
}

const char *gate_limit_check(const struct gate_limit *limit)
{
    if (limit->min > limit->max)
        return "min is above max";
    return limit->start < limit->min || limit->start > limit->max ? "start is not between min and max" : NULL;
}
