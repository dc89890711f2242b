/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate sliding-window: two counters that pretend the last window's attempts came evenly.
 *
 *     estimate = last window x (its part that (now - window, now] still covers) + this window
 *
 * Admitted if the estimate with this one is not above the limit. What is refused is not counted. It smooths the edge of
 * a fixed window away, and errs by as much as the last window was uneven. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_window_state);
}

static void begin_window(const struct gate_window_limit *p, struct gate_window_state *state, int64_t now_ns)
{
    bool adjacent = now_ns - state->end_ns < p->window_ns;
    int64_t begin_ns = now_ns - now_ns % p->window_ns;
    *state = (struct gate_window_state){.end_ns = begin_ns + p->window_ns, .last = adjacent ? state->count : 0};
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_window_limit *p = parameters;
    struct gate_window_state *state = self;
    if (in->now_ns >= state->end_ns)
        begin_window(p, state, in->now_ns);
    double covered = (double)(state->end_ns - in->now_ns) / (double)p->window_ns;
    if ((double)state->last * covered + (double)(state->count + 1) > (double)p->limit)
        return gate_refuse();
    state->count++;
    return gate_admit();
}

static const struct field fields[] = {
    {"limit", FIELD_COUNT, offsetof(struct gate_window_limit, limit), .min = 1, .max = 1e9,
     .help = "attempts admitted in any window, about"},
    {"window", FIELD_DURATION, offsetof(struct gate_window_limit, window_ns), .min = 1, .max = 1e15,
     .help = "its length"},
    {0},
};

const struct gate_row gate_sliding_window = {
    .row = {.name = "sliding-window",
            .summary = "at most so many in any window, about: two counters",
            .formula = "last x (1 - elapsed / window) + this + 1 <= limit",
            .source = "Cloudflare's rate limiting; Redis modules",
            .fields = fields,
            .size = sizeof(struct gate_window_limit)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .ask = ask,
};
