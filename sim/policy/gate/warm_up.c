/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate warm-up: a rate that begins low after a quiet time and rises with use.
 *
 *     interval ^                 .. cold = cold_factor / rate
 *              |              ../
 *              |          .../          a permit that is stored is paid by the time under the line: the more are
 *     1 / rate +---------+              stored (the longer it was quiet), the more it costs
 *              +---------+-------+--> stored permits
 *              0       half      most = half + 2 warm_up / (1 / rate + cold), half = warm_up x rate / 2
 *
 * Storage fills in warm_up when idle and starts full, that is cold. The price of a permit is paid by the next one: the
 * first is free at once. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_warm_up_state);
}

static void init(const void *parameters, void *self)
{
    ((struct gate_warm_up_state *)self)->stored = ((const struct gate_warm_up *)parameters)->most;
}

static void resync(const struct gate_warm_up *p, struct gate_warm_up_state *state, int64_t now_ns)
{
    if (now_ns <= state->next_free_ns)
        return;
    double stored = state->stored + (double)(now_ns - state->next_free_ns) * p->most / (double)p->warm_up_ns;
    state->stored = stored < p->most ? stored : p->most;
    state->next_free_ns = now_ns;
}

/* The area under the line between stored - taken and stored. */
static double price_ns(const struct gate_warm_up *p, double stored, double taken)
{
    double above = stored - p->half, price = 0;
    if (above > 0) {
        double slanted = above < taken ? above : taken;
        price = slanted * (p->stable_ns + p->slope_ns * (above - slanted / 2));
        taken -= slanted;
    }
    return price + taken * p->stable_ns;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_warm_up *p = parameters;
    struct gate_warm_up_state *state = self;
    resync(p, state, in->now_ns);
    int64_t wait_ns = state->next_free_ns - in->now_ns;
    if (wait_ns > p->max_wait_ns)
        return gate_refuse_for(wait_ns - p->max_wait_ns);
    double taken = state->stored < 1 ? state->stored : 1;
    state->next_free_ns += (int64_t)(price_ns(p, state->stored, taken) + (1 - taken) * p->stable_ns);
    state->stored -= taken;
    return gate_hold(wait_ns);
}

static const char *prepare(void *parameters)
{
    struct gate_warm_up *p = parameters;
    double cold_ns = p->cold_factor * 1e9 / p->rate_per_s;
    p->stable_ns = 1e9 / p->rate_per_s;
    p->half = 0.5 * (double)p->warm_up_ns / p->stable_ns;
    p->most = p->half + 2 * (double)p->warm_up_ns / (p->stable_ns + cold_ns);
    p->slope_ns = (cold_ns - p->stable_ns) / (p->most - p->half);
    return NULL;
}

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct gate_warm_up, rate_per_s), .min = 1e-3, .max = 1e9,
     .help = "permits in the long run"},
    {"warm_up", FIELD_DURATION, offsetof(struct gate_warm_up, warm_up_ns), .min = 1, .max = 1e15,
     .help = "time from cold to the full rate, when it is asked for all it gives"},
    {"cold_factor", FIELD_REAL, offsetof(struct gate_warm_up, cold_factor), .min = 1, .max = 1000, .text = "3",
     .help = "interval when cold / interval at the full rate"},
    {"max_wait", FIELD_DURATION, offsetof(struct gate_warm_up, max_wait_ns), .min = 0, .max = 1e15, .text = "none",
     .word = "none", .help = "longest wait for a permit; beyond it the attempt fails at once"},
    {0},
};

const struct gate_row gate_warm_up = {
    .row = {.name = "warm-up",
            .summary = "a rate that begins low after a quiet time",
            .formula = "a permit costs the area under the line from 1 / rate to cold_factor / rate; paid by the next one",
            .source = "Guava SmoothWarmingUp",
            .fields = fields,
            .size = sizeof(struct gate_warm_up),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
};
