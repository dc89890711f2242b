/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate fixed-window: a counter that starts again with each window.
 *
 * Cheap, and open to twice the limit in the blink in which one window ends and the next begins. Aligned windows
 * (`starts: clock`) begin at whole multiples of their length, for all callers at once; `starts: first` begins one with
 * the first attempt after the last one ended (a counter with an expiry time). */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_window_state);
}

static void begin_window(const struct gate_window_limit *p, struct gate_window_state *state, int64_t now_ns)
{
    int64_t begin_ns = p->starts == STARTS_CLOCK ? now_ns - now_ns % p->window_ns : now_ns;
    *state = (struct gate_window_state){.end_ns = begin_ns + p->window_ns};
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_window_limit *p = parameters;
    struct gate_window_state *state = self;
    if (in->now_ns >= state->end_ns)
        begin_window(p, state, in->now_ns);
    if (state->count >= p->limit)
        return gate_refuse_for(state->end_ns - in->now_ns);
    state->count++;
    return gate_admit();
}

static const char *const starts_names[] = {"clock", "first", NULL};

static const struct field fields[] = {
    {"limit", FIELD_COUNT, offsetof(struct gate_window_limit, limit), .min = 1, .max = 1e9,
     .help = "attempts admitted in each window"},
    {"window", FIELD_DURATION, offsetof(struct gate_window_limit, window_ns), .min = 1, .max = 1e15,
     .help = "its length"},
    {"starts", FIELD_ENUM, offsetof(struct gate_window_limit, starts), .names = starts_names, .text = "clock",
     .help = "when a window starts: at whole multiples of its length, or with the first attempt after the last one"},
    {0},
};

const struct gate_row gate_fixed_window = {
    .row = {.name = "fixed-window",
            .summary = "a counter that starts again with each window; twice the limit at its edge",
            .formula = "admitted if fewer than limit were admitted in this window",
            .source = "INCR and EXPIRE of Redis; GitHub's hourly limit",
            .fields = fields,
            .size = sizeof(struct gate_window_limit)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .ask = ask,
};
