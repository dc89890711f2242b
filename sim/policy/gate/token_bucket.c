/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate token-bucket, kept as a single time (GCRA) instead of a level.
 *
 * Each permit moves the theoretical arrival time (TAT) one interval = 1 / rate ahead, from now at the
 * earliest; a permit may be used once TAT - (burst - 1) * interval has come. That is a bucket of `burst`
 * tokens, full at the start. With `on_empty: wait` attempts go out in the order in which they came, one an interval:
 * whoever would wait longer than max_wait, or find `queue` others waiting, is refused. `per: retry` makes it the
 * FIFO queue in which failed requests are replayed at the token rate. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_spacing_state);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_token_bucket *p = parameters;
    struct gate_spacing_state *state = self;
    struct fine tat = fine_later(state->next_free, in->now_ns);
    int64_t wait_ns = fine_round_up(fine_less(tat, p->slack)) - in->now_ns;
    if (wait_ns > p->longest_ns)
        return gate_refuse_for(wait_ns - p->longest_ns);
    state->next_free = fine_add(tat, p->step);
    return gate_hold(wait_ns);
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static const char *prepare(void *parameters)
{
    struct gate_token_bucket *p = parameters;
    if ((double)p->burst * 1e9 / p->rate_per_s > (double)SPACING_LONGEST_NS)
        return "burst / rate is over 31 years: the bucket would never refill";
    if (p->on_empty == ON_EMPTY_REJECT && (p->queue < INT64_MAX || p->max_wait_ns < INT64_MAX))
        return "queue and max_wait are for attempts that wait: add 'on_empty: wait'";
    p->step = fine_interval(p->rate_per_s);
    p->slack = fine_times(p->step, p->burst - 1);
    p->longest_ns = least(least(p->max_wait_ns, fine_round_up(fine_times(p->step, p->queue))), SPACING_LONGEST_NS);
    if (p->on_empty == ON_EMPTY_REJECT)
        p->longest_ns = 0;
    return NULL;
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
     .max = (double)SPACING_LONGEST_NS, .text = "none", .word = "none",
     .help = "longest wait for a permit (on_empty: wait); beyond it the attempt fails at once"},
    {"queue", FIELD_COUNT, offsetof(struct gate_token_bucket, queue), .min = 1, .max = 1e9, .text = "unlimited",
     .word = "unlimited", .help = "attempts that wait at most (on_empty: wait); the next one fails at once"},
    {0},
};

const struct gate_row gate_token_bucket = {
    .row = {.name = "token-bucket",
            .summary = "a long-run rate with room for bursts; rejects, or makes wait in line",
            .formula = "at most burst + rate * t permits in any time t",
            .source = "GCRA, ITU-T I.371; Turner (1986)",
            .fields = fields,
            .size = sizeof(struct gate_token_bucket),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .state_size = state_size,
    .ask = ask,
};
