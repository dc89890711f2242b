/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate cycle: so many permits each period; whoever comes too late reserves one of a later period.
 *
 *     period 0        period 1        period 2           permits 2, five attempts at once:
 *     1 2             3 4             5                  two go on, two wait for period 1, one for period 2
 *
 * Periods begin at whole multiples of `period`. A permit that is not used is lost with its period; one that is reserved
 * is missing in its own. Refused if the wait would be longer than max_wait. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_cycle_state);
}

static void init(const void *parameters, void *self)
{
    ((struct gate_cycle_state *)self)->permits = ((const struct gate_cycle *)parameters)->permits;
}

static void begin_cycle(const struct gate_cycle *p, struct gate_cycle_state *state, int64_t cycle)
{
    int64_t passed = cycle - state->cycle, missing = p->permits - state->permits;
    state->permits = passed > missing / p->permits ? p->permits : state->permits + passed * p->permits;
    state->cycle = cycle;
}

/* Periods to wait until one has a permit left: reserved ones count below 0. */
static int64_t full_periods(const struct gate_cycle *p, const struct gate_cycle_state *state)
{
    return state->permits > 0 ? 0 : -state->permits / p->permits + 1;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_cycle *p = parameters;
    struct gate_cycle_state *state = self;
    int64_t cycle = in->now_ns / p->period_ns;
    if (cycle != state->cycle)
        begin_cycle(p, state, cycle);
    int64_t periods = full_periods(p, state);
    int64_t wait_ns = periods == 0 ? 0 : (cycle + periods) * p->period_ns - in->now_ns;
    if (wait_ns > p->max_wait_ns)
        return gate_refuse_for(wait_ns - p->max_wait_ns);
    state->permits--;
    return gate_hold(wait_ns);
}

static const struct field fields[] = {
    {"permits", FIELD_COUNT, offsetof(struct gate_cycle, permits), .min = 1, .max = 1e9,
     .help = "attempts that may start in each period"},
    {"period", FIELD_DURATION, offsetof(struct gate_cycle, period_ns), .min = 1, .max = 1e15, .help = "its length"},
    {"max_wait", FIELD_DURATION, offsetof(struct gate_cycle, max_wait_ns), .min = 0, .max = 1e15, .text = "0s",
     .help = "longest wait for a permit of a later period"},
    {0},
};

const struct gate_row gate_cycle = {
    .row = {.name = "cycle",
            .summary = "so many permits a period; late comers reserve those of later periods",
            .formula = "waits ceil((reserved + 1) / permits) periods, from the start of this one",
            .source = "resilience4j RateLimiter (50 per 500 ns, waits up to 5 s: no limit at all, by default)",
            .fields = fields,
            .size = sizeof(struct gate_cycle)},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
};
