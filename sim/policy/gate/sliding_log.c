/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate sliding-log: remembers when each of the last `limit` attempts was admitted.
 *
 * Exact in every window, wherever it begins, at the price of 8 bytes for each attempt that may be in it. What is
 * refused is not remembered. */
#include "policy/gate/rows.h"

enum { NEXT, TIMES };   /* the words: the place of the oldest time, then the times */

static size_t state_size(const void *parameters)
{
    return (TIMES + (size_t)((const struct gate_window_limit *)parameters)->limit) * sizeof(int64_t);
}

static void init(const void *parameters, void *self)
{
    const struct gate_window_limit *p = parameters;
    int64_t *words = self;
    for (int64_t i = 0; i < p->limit; i++)
        words[TIMES + i] = -p->window_ns;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_window_limit *p = parameters;
    int64_t *words = self, *oldest = &words[TIMES + words[NEXT]];
    if (in->now_ns - *oldest < p->window_ns)
        return gate_refuse_for(*oldest + p->window_ns - in->now_ns);
    *oldest = in->now_ns;
    words[NEXT] = (words[NEXT] + 1) % p->limit;
    return gate_admit();
}

static const struct field fields[] = {
    {"limit", FIELD_COUNT, offsetof(struct gate_window_limit, limit), .min = 1, .max = 1e6,
     .help = "attempts admitted in any window"},
    {"window", FIELD_DURATION, offsetof(struct gate_window_limit, window_ns), .min = 1, .max = 1e15,
     .help = "its length"},
    {0},
};

const struct gate_row gate_sliding_log = {
    .row = {.name = "sliding-log",
            .summary = "at most so many in any window, exactly: remembers every time",
            .formula = "admitted if fewer than limit were admitted in (now - window, now]",
            .source = "rate limiting by a sliding window log",
            .fields = fields,
            .size = sizeof(struct gate_window_limit)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
};
