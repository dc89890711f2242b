/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate adaptive-throttle: refuse by chance what would be refused anyway.
 *
 *     p = min(p_max, max(0, (asked - K x accepted) / (asked + 1)) ^ (1 / aggression))     over the last window
 *
 * In overload K times as much is sent as is accepted. With `counts: asked` (SRE) what wants to pass is counted at once,
 * refused or not; with `counts: answered` (Envoy, failsafe-go) only what was sent, when it is over. After an outage as
 * long as the window nothing accepted is left in it, and without p_max one attempt in `asked` goes out: the throttle
 * latches shut for as long as it takes the window to fill with successes again.
 *
 * SRE: k 2, window 2min. Envoy admission control: success_threshold 95%, p_max 80%, window 30s, slices 30, counts
 * answered. failsafe-go: success_threshold 90%, p_max 90%, window 1min, slices 20, counts answered. */
#include "policy/gate/rows.h"

#include <math.h>

enum { ASKED, ACCEPTED, SUMS };

static size_t state_size(const void *parameters)
{
    return rolling_size(&((const struct gate_adaptive_throttle *)parameters)->shape);
}

static double refusal_probability(const struct gate_adaptive_throttle *p, const int64_t *sums)
{
    double asked = (double)sums[ASKED];
    double over = (asked - p->accepted_weight * (double)sums[ACCEPTED]) / (asked + 1);
    if (over <= 0 || asked < p->min_count)
        return 0;
    double chance = p->aggression == 1 ? over : pow(over, 1 / p->aggression);
    return chance < p->p_max ? chance : p->p_max;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_adaptive_throttle *p = parameters;
    rolling_move(&p->shape, self, in->now_ns);
    double chance = refusal_probability(p, rolling_sums(self));
    if (p->counts == COUNTS_ASKED)
        rolling_add(&p->shape, self, ASKED, 1);
    return chance > 0 && stream_uniform(in->stream) < chance ? gate_refuse() : gate_admit();
}

static bool is_accepted(const struct gate_adaptive_throttle *p, const struct gate_out *out)
{
    return out->good || !failure_in(p->failures, out->failure);
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_adaptive_throttle *p = parameters;
    rolling_move(&p->shape, self, out->now_ns);
    if (out->sent)
        rolling_add(&p->shape, self, ACCEPTED, is_accepted(p, out));
    if (p->counts == COUNTS_ANSWERED && out->sent)
        rolling_add(&p->shape, self, ASKED, 1);
    if (p->counts == COUNTS_ASKED && !out->sent)
        rolling_add(&p->shape, self, ASKED, -1);
}

static const char *prepare(void *parameters)
{
    struct gate_adaptive_throttle *p = parameters;
    if (p->slices > p->window_ns)
        return "more slices than window has nanoseconds";
    p->shape = (struct rolling_shape){p->window_ns / p->slices, (uint32_t)p->slices, SUMS};
    p->accepted_weight = isinf(p->success_threshold) ? p->k : 1 / p->success_threshold;
    p->min_count = p->min_rate_per_s * ((double)p->window_ns / 1e9);
    return NULL;
}

static const char *const counts_names[] = {"asked", "answered", NULL};

static const struct field fields[] = {
    {"k", FIELD_REAL, offsetof(struct gate_adaptive_throttle, k), .min = 1, .max = 1000, .text = "2",
     .help = "attempts to send for each that is accepted; less is harder on the callers, and slower to notice that "
             "things are better"},
    {"success_threshold", FIELD_RATIO, offsetof(struct gate_adaptive_throttle, success_threshold), .min = 0.001,
     .max = 1, .text = "none", .word = "none", .help = "in place of k: share of successes below which it throttles"},
    {"aggression", FIELD_REAL, offsetof(struct gate_adaptive_throttle, aggression), .min = 1, .max = 100, .text = "1",
     .help = "the probability's root: 2 refuses more of the first failures"},
    {"p_max", FIELD_RATIO, offsetof(struct gate_adaptive_throttle, p_max), .min = 0, .max = 1, .text = "100%",
     .help = "largest probability to refuse: what is left finds out that things are better"},
    {"min_rate", FIELD_RATE, offsetof(struct gate_adaptive_throttle, min_rate_per_s), .min = 0, .max = 1e9,
     .text = "0/s", .help = "below this rate nothing is refused"},
    {"window", FIELD_DURATION, offsetof(struct gate_adaptive_throttle, window_ns), .min = 1e6, .max = 1e15,
     .text = "2min", .help = "time over which is counted"},
    {"slices", FIELD_COUNT, offsetof(struct gate_adaptive_throttle, slices), .min = 1, .max = 1000, .text = "24",
     .help = "parts of the window; it moves on by one of them at a time"},
    {"counts", FIELD_ENUM, offsetof(struct gate_adaptive_throttle, counts), .names = counts_names, .text = "asked",
     .help = "what wants to pass, at once, refusals included; or what was sent, when it is over"},
    {"failures", FIELD_SET, offsetof(struct gate_adaptive_throttle, failures), .names = failure_names,
     .masks = failure_masks, .text = "all",
     .help = "failures that count as not accepted; with [rejected] an error of a service that has room is accepted"},
    {0},
};

const struct gate_row gate_adaptive_throttle = {
    .row = {.name = "adaptive-throttle",
            .summary = "refuses by chance what would be refused anyway",
            .formula = "p = min(p_max, max(0, (asked - k x accepted) / (asked + 1)) ^ (1 / aggression))",
            .source = "SRE book, Handling overload; Envoy admission control; failsafe-go",
            .fields = fields,
            .size = sizeof(struct gate_adaptive_throttle),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
};
