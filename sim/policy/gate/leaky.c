/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate leaky: a bucket that leaks at a rate; what is in it beyond the present attempt is the excess.
 *
 *     excess = max(0, excess - rate * elapsed + 1)     refused if > burst; else waits (excess - delay) / rate
 *
 * The first after a quiet time has excess 0, so burst + 1 come through at once. `delay` of them go on immediately, the
 * others one an interval apart: nginx's default is `delay: 0`, its nodelay is `delay: none`.
 *
 * clock: ms does it as nginx does, in thousandths of a request and whole milliseconds: arrivals within one millisecond
 * are simultaneous, and leaks are rounded down. */
#include "policy/gate/rows.h"

enum { MS_NS = 1000000 };

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_spacing_state);
}

/* The millisecond clock keeps its excess in next_free.ns, the time in next_free.fraction. */
static void init(const void *parameters, void *self)
{
    struct gate_spacing_state *state = self;
    if (((const struct gate_leaky *)parameters)->clock == LEAKY_MS)
        state->next_free = (struct fine){-1000, 0};
}

static struct gate_answer ask_exactly(const struct gate_leaky *p, struct gate_spacing_state *state, int64_t now_ns)
{
    struct fine tat = fine_later(state->next_free, now_ns);
    int64_t over_ns = fine_round_up(fine_less(tat, p->most)) - now_ns;
    if (over_ns > 0)
        return gate_refuse_for(over_ns);
    state->next_free = fine_add(tat, p->step);
    return p->delay == INT64_MAX ? gate_admit() : gate_hold(fine_round_up(fine_less(tat, p->undelayed)) - now_ns);
}

/* In thousandths; leaks 0 .. what is there. */
static int64_t excess_after(const struct gate_leaky *p, int64_t excess, int64_t elapsed_ms)
{
    int64_t empty_after_ms = (excess + 1000) * 1000 / p->thousandths_per_s + 1;
    if (elapsed_ms >= empty_after_ms)
        return 0;
    excess += 1000 - p->thousandths_per_s * elapsed_ms / 1000;
    return excess > 0 ? excess : 0;
}

static struct gate_answer ask_in_ms(const struct gate_leaky *p, struct gate_spacing_state *state, int64_t now_ns)
{
    int64_t now_ms = now_ns / MS_NS;
    int64_t excess = excess_after(p, state->next_free.ns, now_ms - state->next_free.fraction);
    if (excess > p->burst * 1000)
        return gate_refuse_for((excess - p->burst * 1000) * 1000 / p->thousandths_per_s * MS_NS);
    state->next_free = (struct fine){excess, now_ms};
    if (p->delay == INT64_MAX || excess <= p->delay * 1000)
        return gate_admit();
    return gate_hold((excess - p->delay * 1000) * 1000 / p->thousandths_per_s * MS_NS);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_leaky *p = parameters;
    return p->clock == LEAKY_MS ? ask_in_ms(p, self, in->now_ns) : ask_exactly(p, self, in->now_ns);
}

static const char *prepare(void *parameters)
{
    struct gate_leaky *p = parameters;
    if ((double)p->burst * 1e9 / p->rate_per_s > (double)SPACING_LONGEST_NS)
        return "burst / rate is over 31 years: the bucket would never be empty";
    p->step = fine_interval(p->rate_per_s);
    p->most = fine_times(p->step, p->burst);
    p->undelayed = fine_times(p->step, p->delay);
    p->thousandths_per_s = (int64_t)(p->rate_per_s * 1000 + 1e-6);
    return p->thousandths_per_s == 0 ? "rate is below 0.001/s, the least that nginx can say" : NULL;
}

static const char *const clock_names[] = {"exact", "ms", NULL};

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct gate_leaky, rate_per_s), .min = 1e-3, .max = 1e9,
     .help = "what leaks: attempts in the long run"},
    {"burst", FIELD_COUNT, offsetof(struct gate_leaky, burst), .min = 0, .max = 1e6, .text = "0",
     .help = "largest excess; burst + 1 come through at once"},
    {"delay", FIELD_COUNT, offsetof(struct gate_leaky, delay), .min = 0, .max = 1e6, .text = "0", .word = "none",
     .help = "excess up to which nobody waits; none: nobody ever does"},
    {"clock", FIELD_ENUM, offsetof(struct gate_leaky, clock), .names = clock_names, .text = "exact",
     .help = "exact, or as nginx counts: in milliseconds and thousandths of an attempt"},
    {0},
};

const struct gate_row gate_leaky = {
    .row = {.name = "leaky",
            .summary = "a leaking bucket: delays what exceeds the rate, refuses what exceeds the burst",
            .formula = "excess = max(0, excess - rate * elapsed + 1); refused if > burst; waits (excess - delay) / rate",
            .source = "nginx, ngx_http_limit_req_module",
            .fields = fields,
            .size = sizeof(struct gate_leaky),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
};
