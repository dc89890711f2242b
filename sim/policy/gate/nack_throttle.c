/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate nack-throttle: the adaptive throttle with a moving average in place of counts.
 *
 *     accepted <- x (1 - w) + accepted w,  w = exp(-elapsed / window)     each answer: x = 0 for a nack, else 1
 *     p = min(p_max, 1 - accepted / (1 - threshold))     where accepted < 1 - threshold
 *
 * While fewer than min_rate ask (in the last second) every answer counts as accepted, so that a caller with little to
 * do never throttles itself. */
#include "policy/gate/rows.h"

#include <math.h>

static const struct rolling_shape last_second = {100000000, NACK_SLICES, 1};

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_nack_throttle_state);
}

static void init(const void *parameters, void *self)
{
    (void)parameters;
    ((struct gate_nack_throttle_state *)self)->accepted = 1;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_nack_throttle *p = parameters;
    struct gate_nack_throttle_state *state = self;
    rolling_move(&last_second, state->asked, in->now_ns);
    rolling_add(&last_second, state->asked, 0, 1);
    double chance = 1 - state->accepted / (1 - p->threshold);
    if (chance <= 0)
        return gate_admit();
    return stream_uniform(in->stream) < fmin(p->p_max, chance) ? gate_refuse() : gate_admit();
}

static bool is_nack(const struct gate_nack_throttle *p, struct gate_nack_throttle_state *state,
                    const struct gate_out *out)
{
    rolling_move(&last_second, state->asked, out->now_ns);
    return (double)rolling_sums(state->asked)[0] >= p->min_rate_per_s && !out->good &&
           failure_in(p->failures, out->failure);
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_nack_throttle *p = parameters;
    struct gate_nack_throttle_state *state = self;
    if (!out->sent)
        return;
    double weight = exp(-(double)(out->now_ns - state->updated_ns) / (double)p->window_ns);
    double answer = is_nack(p, state, out) ? 0 : 1;
    state->accepted = answer * (1 - weight) + state->accepted * weight;
    state->updated_ns = out->now_ns;
}

static const struct field fields[] = {
    {"threshold", FIELD_RATIO, offsetof(struct gate_nack_throttle, threshold), .min = 0.001, .max = 0.999,
     .text = "50%", .help = "share of nacks above which it throttles"},
    {"p_max", FIELD_RATIO, offsetof(struct gate_nack_throttle, p_max), .min = 0, .max = 1, .text = "75%",
     .help = "largest probability to refuse"},
    {"window", FIELD_DURATION, offsetof(struct gate_nack_throttle, window_ns), .min = 1e6, .max = 1e15,
     .text = "2min", .help = "time after which an answer counts by 1/e"},
    {"min_rate", FIELD_RATE, offsetof(struct gate_nack_throttle, min_rate_per_s), .min = 0, .max = 1e9, .text = "5/s",
     .help = "below this rate every answer counts as accepted"},
    {"failures", FIELD_SET, offsetof(struct gate_nack_throttle, failures), .names = failure_names,
     .masks = failure_masks, .text = "rejected", .help = "failures that are nacks"},
    {0},
};

const struct gate_row gate_nack_throttle = {
    .row = {.name = "nack-throttle",
            .summary = "refuses by chance while a moving average says that too much is refused",
            .formula = "p = min(p_max, 1 - accepted / (1 - threshold)), accepted an average over about one window",
            .source = "Finagle NackAdmissionFilter",
            .fields = fields,
            .size = sizeof(struct gate_nack_throttle)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
};
