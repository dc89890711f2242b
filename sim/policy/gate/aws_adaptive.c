/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate aws-adaptive: a send rate that falls when the service throttles and grows like TCP CUBIC.
 *
 *     throttled:  w = measured rate (at most the present one), K = (w (1 - beta) / scale)^(1/3),  rate = beta w
 *     otherwise:  rate = scale (t - K)^3 + w            t: seconds since the last throttling
 *     then:       fill = max(min_rate, min(rate, 2 x measured)), capacity = max(1, the same without min_rate)
 *
 *     rate ^          ......w (t = K)......___/     back to w, slower and slower, then beyond it, faster and faster
 *          |      .-''
 *          |   .'
 *     beta w  /
 *          +-----------------------------------> t
 *
 * Open until the first throttling. The measured rate counts answers in slots of half a second, smoothed. Each send
 * takes a token; without one it waits in line until there is one, as fast or slow as the rate is by then. */
#include "policy/gate/rows.h"

#include <math.h>

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_aws_adaptive_state);
}

static void init(const void *parameters, void *self)
{
    struct gate_aws_adaptive_state *state = self;
    state->fill_per_s = ((const struct gate_aws_adaptive *)parameters)->min_rate_per_s;
    state->capacity = 1;
}

static void refill(struct gate_aws_adaptive_state *state, int64_t now_ns)
{
    double earned = (double)(now_ns - state->refilled_ns) * 1e-9 * state->fill_per_s;
    state->tokens = fmin(state->capacity, state->tokens + earned);
    state->refilled_ns = now_ns;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_aws_adaptive *p = parameters;
    struct gate_aws_adaptive_state *state = self;
    if (!state->active)
        return gate_admit();
    refill(state, in->now_ns);
    bool first = in->again || in->waiting == 0;
    int64_t wait_ns = (int64_t)ceil((1 - state->tokens) / state->fill_per_s * 1e9);
    if (!first || wait_ns > 0)
        return (struct gate_answer){GATE_WAIT, p->max_wait_ns, wait_ns > 0 ? wait_ns : 0};
    state->tokens -= 1;
    return gate_admit();
}

static const char *not_at_service(const void *parameters)
{
    (void)parameters;
    return "it makes callers wait in front of it, and learns from answers: it stands at a client";
}

/* Counts an answer; closes the slot before it. */
static void measure(const struct gate_aws_adaptive *p, struct gate_aws_adaptive_state *state, int64_t now_ns)
{
    int64_t slot = now_ns / p->slot_ns;
    state->count++;
    if (slot == state->slot)
        return;
    double rate = (double)state->count / ((double)(slot - state->slot) * (double)p->slot_ns * 1e-9);
    state->measured_per_s = rate * p->smoothing + state->measured_per_s * (1 - p->smoothing);
    state->slot = slot;
    state->count = 0;
}

static double after_throttling(const struct gate_aws_adaptive *p, struct gate_aws_adaptive_state *state,
                               int64_t now_ns)
{
    state->last_max_per_s =
        state->active ? fmin(state->measured_per_s, state->fill_per_s) : state->measured_per_s;
    state->time_to_max_s = cbrt(state->last_max_per_s * (1 - p->beta) / p->scale);
    state->throttled_ns = now_ns;
    state->active = true;
    return state->last_max_per_s * p->beta;
}

static double after_success(const struct gate_aws_adaptive *p, const struct gate_aws_adaptive_state *state,
                            int64_t now_ns)
{
    double t = (double)(now_ns - state->throttled_ns) * 1e-9 - state->time_to_max_s;
    return p->scale * t * t * t + state->last_max_per_s;
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_aws_adaptive *p = parameters;
    struct gate_aws_adaptive_state *state = self;
    if (!out->sent)
        return;
    measure(p, state, out->now_ns);
    bool throttled = !out->good && failure_in(p->on, out->failure);
    if (!throttled && !state->active)
        return;
    refill(state, out->now_ns);
    double rate = throttled ? after_throttling(p, state, out->now_ns) : after_success(p, state, out->now_ns);
    rate = fmin(rate, 2 * state->measured_per_s);
    state->fill_per_s = fmax(p->min_rate_per_s, rate);
    state->capacity = fmax(1, rate);
    state->tokens = fmin(state->tokens, state->capacity);
}

static const struct field fields[] = {
    {"beta", FIELD_RATIO, offsetof(struct gate_aws_adaptive, beta), .min = 0.01, .max = 1, .text = "0.7",
     .help = "the rate after a throttling / the rate before"},
    {"scale", FIELD_REAL, offsetof(struct gate_aws_adaptive, scale), .min = 0.001, .max = 1000, .text = "0.4",
     .help = "how fast it grows: attempts per second, per cubic second"},
    {"min_rate", FIELD_RATE, offsetof(struct gate_aws_adaptive, min_rate_per_s), .min = 1e-3, .max = 1e6,
     .text = "0.5/s", .help = "least rate"},
    {"smoothing", FIELD_RATIO, offsetof(struct gate_aws_adaptive, smoothing), .min = 0.01, .max = 1, .text = "0.8",
     .help = "weight of the last slot in the measured rate"},
    {"slot", FIELD_DURATION, offsetof(struct gate_aws_adaptive, slot_ns), .min = 1e6, .max = 1e12, .text = "500ms",
     .help = "time over which the rate is measured"},
    {"on", FIELD_SET, offsetof(struct gate_aws_adaptive, on), .names = failure_names, .masks = failure_masks,
     .text = "throttled", .help = "failures that are throttling"},
    {"max_wait", FIELD_DURATION, offsetof(struct gate_aws_adaptive, max_wait_ns), .min = 0, .max = 1e15,
     .text = "none", .word = "none", .help = "longest wait for a token"},
    {0},
};

const struct gate_row gate_aws_adaptive = {
    .row = {.name = "aws-adaptive",
            .summary = "a send rate that falls when the service throttles and grows like TCP CUBIC",
            .formula = "throttled: beta w; else scale (t - K)^3 + w, K = (w (1 - beta) / scale)^(1/3); <= 2 x measured",
            .source = "AWS SDKs, retry mode adaptive",
            .fields = fields,
            .size = sizeof(struct gate_aws_adaptive)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
    .waits = true,
    .not_at_service = not_at_service,
};
