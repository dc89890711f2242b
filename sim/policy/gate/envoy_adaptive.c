/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate envoy-adaptive: a concurrency limit from a base latency that is measured now and then with hardly any load.
 *
 *       .-- probing: limit = probe_limit, until probe_requests have answered: base = their quantile --.
 *       |                                                                                             v
 *       '--- after `every`, and by chance up to jitter longer; --- every `update`: g = clamp(base (1 + buffer) /
 *            or when 5 updates in a row end at probe_limit                latency, 0.5, 2), L <- g L + sqrt(g L)
 *
 * `latency` is the quantile of what was answered since the last update; L is a whole number, rounded down. On c workers
 * it comes to rest at c (1 + buffer) + sqrt(c (1 + buffer)), 136 for 100 workers. (Envoy's documentation speaks of
 * sqrt(L), its code takes sqrt(g L); with the former it would be c (1 + buffer) / (1 - 1 / sqrt(L)), 136.7.) A probe
 * refuses nearly everything while it lasts. */
#include "policy/gate/rows.h"

#include <math.h>

enum { LEAST_IN_A_ROW = 5 };

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_envoy_adaptive_state);
}

static void begin_probe(const struct gate_envoy_adaptive *p, struct gate_envoy_adaptive_state *state, int64_t now_ns)
{
    state->deferred = state->limit;
    state->limit = (double)p->probe_limit;
    state->probing = true;
    state->probe_began_ns = now_ns;
    state->at_least_in_row = 0;
    gate_quantile_clear(&state->latencies);
}

static void end_probe(const struct gate_envoy_adaptive *p, struct gate_envoy_adaptive_state *state,
                      const struct gate_out *out)
{
    double u = stream_uniform(out->stream);
    state->base_ns = gate_quantile_ns(&state->latencies, p->quantile);
    gate_quantile_clear(&state->latencies);
    state->limit = state->deferred;
    state->probing = false;
    state->next_ns = out->now_ns + p->update_ns;
    state->next_probe_ns = out->now_ns + (int64_t)((double)p->probe_ns * (1 + p->jitter * u));
}

static void init(const void *parameters, void *self)
{
    struct gate_envoy_adaptive_state *state = self;
    state->limit = (double)((const struct gate_envoy_adaptive *)parameters)->probe_limit;
    begin_probe(parameters, state, 0);
}

static void update(const struct gate_envoy_adaptive *p, struct gate_envoy_adaptive_state *state)
{
    if (state->latencies.count == 0)
        return;
    double limit = state->limit, latency_ns = gate_quantile_ns(&state->latencies, p->quantile);
    double gradient = gate_between(state->base_ns * (1 + p->buffer) / latency_ns, 0.5, 2);
    gate_quantile_clear(&state->latencies);
    double next = floor(limit * gradient + sqrt(limit * gradient));
    state->limit = gate_between(next, (double)p->probe_limit, (double)p->max);
    bool least = limit == (double)p->probe_limit && state->limit == limit;
    state->at_least_in_row = least ? state->at_least_in_row + 1 : 0;
}

/* What Envoy's timers would have done by now. */
static void catch_up(const struct gate_envoy_adaptive *p, struct gate_envoy_adaptive_state *state, int64_t now_ns)
{
    if (state->probing)
        return;
    if (now_ns >= state->next_ns) {
        update(p, state);
        state->next_ns += ((now_ns - state->next_ns) / p->update_ns + 1) * p->update_ns;
    }
    if (now_ns >= state->next_probe_ns || state->at_least_in_row >= LEAST_IN_A_ROW)
        begin_probe(p, state, now_ns);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    struct gate_envoy_adaptive_state *state = self;
    catch_up(parameters, state, in->now_ns);
    if (state->in_flight >= (int64_t)state->limit)
        return gate_refuse();
    state->in_flight++;
    return gate_admit();
}

static bool tells_latency(const struct gate_envoy_adaptive_state *state, const struct gate_out *out)
{
    bool answered = out->sent && (out->good || out->failure != FAILURE_TIMEOUT);
    return answered && out->now_ns - out->latency_ns >= state->probe_began_ns;
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_envoy_adaptive *p = parameters;
    struct gate_envoy_adaptive_state *state = self;
    catch_up(p, state, out->now_ns);
    state->in_flight--;
    if (!tells_latency(state, out))
        return;
    gate_quantile_add(&state->latencies, out->latency_ns);
    if (state->probing && state->latencies.count >= p->probe_requests)
        end_probe(p, state, out);
}

static const char *prepare(void *parameters)
{
    const struct gate_envoy_adaptive *p = parameters;
    return p->probe_limit > p->max ? "probe_limit is above max" : NULL;
}

static const struct field fields[] = {
    {"quantile", FIELD_RATIO, offsetof(struct gate_envoy_adaptive, quantile), .min = 0.01, .max = 1, .text = "50%",
     .help = "of the latencies, for the base and for each update"},
    {"buffer", FIELD_RATIO, offsetof(struct gate_envoy_adaptive, buffer), .min = 0, .max = 100, .text = "25%",
     .help = "latency above the base that is still fine"},
    {"update", FIELD_DURATION, offsetof(struct gate_envoy_adaptive, update_ns), .min = 1e6, .max = 1e12,
     .text = "100ms", .help = "time between updates of the limit"},
    {"every", FIELD_DURATION, offsetof(struct gate_envoy_adaptive, probe_ns), .min = 1e6, .max = 1e15, .text = "60s",
     .help = "time between probes"},
    {"jitter", FIELD_RATIO, offsetof(struct gate_envoy_adaptive, jitter), .min = 0, .max = 1, .text = "15%",
     .help = "up to this share later, by chance"},
    {"probe_requests", FIELD_COUNT, offsetof(struct gate_envoy_adaptive, probe_requests), .min = 1, .max = 1e6,
     .text = "50", .help = "answers that a probe waits for"},
    {"probe_limit", FIELD_COUNT, offsetof(struct gate_envoy_adaptive, probe_limit), .min = 1, .max = 1e6, .text = "3",
     .help = "limit in a probe; also the least limit"},
    {"max", FIELD_COUNT, offsetof(struct gate_envoy_adaptive, max), .min = 1, .max = 1e6, .text = "1000",
     .help = "largest limit"},
    {0},
};

const struct gate_row gate_envoy_adaptive = {
    .row = {.name = "envoy-adaptive",
            .summary = "a concurrency limit from a base latency that is probed now and then",
            .formula = "L <- g L + sqrt(g L), g = clamp(base (1 + buffer) / latency, 0.5, 2)",
            .source = "Envoy, adaptive concurrency filter, gradient controller",
            .fields = fields,
            .size = sizeof(struct gate_envoy_adaptive),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
