/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate token-bucket, kept as a single time (GCRA) instead of a level.
 *
 * Each permit moves the theoretical arrival time (TAT) one interval = 1 / rate ahead, from now at the
 * earliest; a permit may be used once TAT - (burst - 1) * interval has come. That is a bucket of `burst`
 * tokens, full at the start. Times carry 32 bits below the nanosecond and the interval is rounded up to them:
 * never more than burst + rate * t permits in any time t, and 1e9 permits are late by at most 0.24 ns. */
#include "policy/gate/rows.h"

#include <math.h>

/* Also the longest wait: three of them still fit an int64_t. */
#define LONGEST_NS INT64_C(1000000000000000000)

/* Nanoseconds and a fraction in 2^-32 ns. */
struct fine {
    int64_t ns, fraction;
};

static struct fine fine_carry(int64_t ns, int64_t fraction)
{
    return (struct fine){ns + (fraction >> 32), fraction & INT64_C(0xffffffff)};
}

/* 1e9 / rate, rounded up. The remainder of the division (exact, by fma) gives the digits a double has no room
 * for. */
static struct fine interval(double rate_per_s)
{
    double quotient = 1e9 / rate_per_s;
    double rest = fma(-quotient, rate_per_s, 1e9) / rate_per_s;
    double whole = floor(quotient);
    double fraction = ceil(((quotient - whole) + rest) * 0x1p32);
    return fine_carry((int64_t)whole, (int64_t)fraction);
}

static struct fine times(struct fine step, int64_t count)
{
    if (count > LONGEST_NS / (step.ns + 1))
        return (struct fine){LONGEST_NS, 0};
    return fine_carry(step.ns * count, step.fraction * count);
}

static int64_t longest_wait_ns(const struct gate_token_bucket *p)
{
    if (p->on_empty == ON_EMPTY_REJECT)
        return 0;
    return p->max_wait_ns < LONGEST_NS ? p->max_wait_ns : LONGEST_NS;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_token_bucket *p = parameters;
    struct gate_token_bucket_state *state = self;
    int64_t now_ns = in->now_ns;
    struct fine step = interval(p->rate_per_s);
    struct fine slack = times(step, p->burst - 1);
    struct fine tat = {state->next_free_ns, state->spare};
    if (tat.ns < now_ns)
        tat = (struct fine){now_ns, 0};
    struct fine usable = fine_carry(tat.ns - slack.ns, tat.fraction - slack.fraction);
    int64_t wait_ns = usable.ns + (usable.fraction > 0) - now_ns;
    if (wait_ns > longest_wait_ns(p))
        return gate_refuse();
    tat = fine_carry(tat.ns + step.ns, tat.fraction + step.fraction);
    state->next_free_ns = tat.ns;
    state->spare = tat.fraction;
    return gate_hold(wait_ns);
}

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_token_bucket_state);
}

static const char *prepare(void *parameters)
{
    const struct gate_token_bucket *p = parameters;
    return (double)p->burst * 1e9 / p->rate_per_s > (double)LONGEST_NS
               ? "burst / rate is over 31 years: the bucket would never refill"
               : NULL;
}

static const char *const on_empty_names[] = {"reject", "wait", NULL};

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct gate_token_bucket, rate_per_s), .min = 1e-6, .max = 1e9,
     .help = "permits in the long run"},
    {"burst", FIELD_COUNT, offsetof(struct gate_token_bucket, burst), .min = 1, .max = 1e9, .text = "1",
     .help = "permits at once after a quiet time; the bucket starts full"},
    {"on_empty", FIELD_ENUM, offsetof(struct gate_token_bucket, on_empty), .names = on_empty_names,
     .text = "reject",
     .help = "without a permit: fail the attempt at once, or wait in line for the next one"},
    {"max_wait", FIELD_DURATION, offsetof(struct gate_token_bucket, max_wait_ns), .min = 0,
     .max = (double)LONGEST_NS, .text = "none", .word = "none",
     .help = "longest wait for a permit (on_empty: wait); beyond it the attempt fails at once"},
    {0},
};

const struct gate_row gate_token_bucket = {
    .row = {.name = "token-bucket",
            .summary = "a long-run rate with room for bursts",
            .formula = "at most burst + rate * t permits in any time t",
            .source = "GCRA, ITU-T I.371; Turner (1986)",
            .fields = fields,
            .size = sizeof(struct gate_token_bucket),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .state_size = state_size,
    .ask = ask,
};
