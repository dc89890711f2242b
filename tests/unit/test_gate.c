/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token bucket: bursts, the bound over any interval, drift, waiting in line; and what holds for every gate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "gate_case.h"

#define BUCKET(per_s, most) \
    P(gate_token_bucket, .rate_per_s = per_s, .burst = most, .max_wait_ns = INT64_MAX, .queue = INT64_MAX)
#define WAITING(per_s, most, longest) \
    P(gate_token_bucket, .rate_per_s = per_s, .burst = most, .on_empty = ON_EMPTY_WAIT, .max_wait_ns = longest, \
      .queue = INT64_MAX)

static void test_starts_full(void **state)
{
    (void)state;
    for (int64_t burst = 1; burst <= 1000; burst = burst * 3 + 1) {
        struct gate_case c = gate_start(&gate_token_bucket, BUCKET(7, burst));
        assert_int_equal(gate_burst(&c, 0), burst);
        assert_int_equal(gate_wait_ns(&c, 0), GATE_REFUSED);
    }
}

static void test_refills_at_the_rate(void **state)
{
    struct gate_case c = gate_start(&gate_token_bucket, BUCKET(10, 5));
    (void)state;
    assert_int_equal(gate_burst(&c, 3 * S), 5);
    assert_int_equal(gate_burst(&c, 3 * S + S / 10 - 1), 0);
    assert_int_equal(gate_burst(&c, 3 * S + S / 10), 1);
    assert_int_equal(gate_burst(&c, 3 * S + 4 * S / 10), 3);
    assert_int_equal(gate_burst(&c, 1000 * S), 5);
}

/* 3 a second: intervals of 333333333.33 ns, yet three permits every whole second. */
static void test_fractions_of_a_nanosecond(void **state)
{
    struct gate_case c = gate_start(&gate_token_bucket, WAITING(3, 1, INT64_MAX));
    (void)state;
    for (int64_t k = 0; k < 3000000; k++) {
        int64_t at_ns = gate_wait_ns(&c, 0);
        /* Exactly ceil(k / 3 s), or 1 ns later where the exact time is whole. */
        assert_in_range(at_ns - (k * S + 2) / 3, 0, 1);
    }
}

/* Never early, and late by at most 2^-32 ns a token: 0.24 ns after a billion, whatever the rate. */
static void test_no_drift_over_a_billion_tokens(void **state)
{
    static const double rates[] = {3, 7, 1000, 1e6, 1.0 / 3, 12345.678, 999999999, 1e9};
    enum { TOKENS = 1000000 };
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct gate_case c = gate_start(&gate_token_bucket, WAITING(rates[i], 1, INT64_MAX));
        for (int k = 0; k < TOKENS; k++)
            gate_wait_ns(&c, 0);
        struct fine next = ((const struct gate_spacing_state *)c.state)->next_free;
        long double per_token = 1e9L / (long double)rates[i];
        long double late =
            (long double)next.ns + (long double)next.fraction * 0x1p-32L - per_token * TOKENS;
        /* 2^-32 ns a token; the long double sum itself is good to 2^-63 of its value. */
        long double slack = per_token * TOKENS * 0x1p-62L;
        if (!(late >= -slack && late * 1000 <= 0.24L + 1000 * slack))
            fail_msg("rate %g: a million tokens are %Lg ns late", rates[i], late);
    }
}

/* Random arrivals, many rates and bursts: in any interval at most burst + rate * t permits. The worst
 * intervals begin and end with a permit, so only those are looked at. */
static void check_any_interval(double rate_per_s, int64_t burst, uint64_t seed)
{
    enum { ARRIVALS = 3000 };
    static int64_t granted_ns[ARRIVALS];
    struct gate_case c = gate_start(&gate_token_bucket, BUCKET(rate_per_s, burst));
    struct stream stream = stream_at(seed, 0, 0);
    size_t granted = 0;
    int64_t now_ns = 0;
    for (int i = 0; i < ARRIVALS; i++) {
        double u = stream_uniform(&stream);
        double gap_ns = -1e9 / rate_per_s * log(1 - u) * (i / 500 % 2 ? 0.2 : 2);
        now_ns += (int64_t)gap_ns;
        if (gate_wait_ns(&c, now_ns) == 0)
            granted_ns[granted++] = now_ns;
    }
    assert_true(granted > 100);
    for (size_t from = 0; from < granted; from++)
        for (size_t to = from; to < granted; to++) {
            long double allowed = (long double)burst + (long double)rate_per_s *
                                                           (long double)(granted_ns[to] - granted_ns[from]) /
                                                           1e9L;
            if ((long double)(to - from + 1) > allowed + 1e-12L)
                fail_msg("rate %g burst %lld: %zu permits, %Lg allowed", rate_per_s, (long long)burst,
                         to - from + 1, allowed);
        }
}

static void test_bound_over_any_interval(void **state)
{
    static const double rates[] = {1, 3, 7.7, 1000, 333333.3, 5e8};
    static const int64_t bursts[] = {1, 2, 10, 300};
    (void)state;
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        for (size_t b = 0; b < sizeof bursts / sizeof *bursts; b++)
            check_any_interval(rates[r], bursts[b], 10 * r + b);
}

/* An overloaded bucket gives all that it may: burst + rate * t, less at most one. */
static void test_overload_gets_the_whole_rate(void **state)
{
    struct gate_case c = gate_start(&gate_token_bucket, BUCKET(7, 20));
    int64_t granted = 0;
    (void)state;
    for (int64_t now_ns = 0; now_ns <= 100 * S; now_ns += S / 1000)
        granted += gate_wait_ns(&c, now_ns) == 0;
    assert_in_range(granted, 719, 720);
}

static void test_waiting_is_first_come_first_served(void **state)
{
    struct gate_case c = gate_start(&gate_token_bucket, WAITING(10, 2, INT64_MAX));
    struct stream stream = stream_at(2, 0, 0);
    int64_t now_ns = 0, last_ns = -1;
    (void)state;
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), S / 10);
    assert_int_equal(gate_wait_ns(&c, S / 20), 3 * S / 20);
    assert_int_equal(gate_wait_ns(&c, S / 10), 2 * S / 10);
    c = gate_start(&gate_token_bucket, WAITING(10, 2, INT64_MAX));
    for (int i = 0; i < 10000; i++) {
        double u = stream_uniform(&stream);
        now_ns += (int64_t)(u * 0.18e9);
        int64_t wait_ns = gate_wait_ns(&c, now_ns);
        assert_true(wait_ns >= 0 && now_ns + wait_ns >= last_ns);
        last_ns = now_ns + wait_ns;
    }
}

/* Sends of waiting attempts keep the bound as well: the gap to the send `burst` places on is burst intervals.
 */
static void test_waiting_keeps_the_rate(void **state)
{
    enum { SENDS = 5000, BURST = 4 };
    static int64_t sent_ns[SENDS];
    struct gate_case c = gate_start(&gate_token_bucket, WAITING(1000, BURST, INT64_MAX));
    struct stream stream = stream_at(3, 0, 0);
    int64_t now_ns = 0;
    (void)state;
    for (int i = 0; i < SENDS; i++) {
        double u = stream_uniform(&stream);
        now_ns += (int64_t)(u * 1.9e6);
        sent_ns[i] = now_ns + gate_wait_ns(&c, now_ns);
    }
    for (int i = BURST; i < SENDS; i++)
        assert_true(sent_ns[i] - sent_ns[i - BURST] >= S / 1000);
}

static void test_max_wait_refuses_and_takes_nothing(void **state)
{
    struct gate_case c = gate_start(&gate_token_bucket, WAITING(10, 1, S / 4));
    (void)state;
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), S / 10);
    assert_int_equal(gate_wait_ns(&c, 0), 2 * S / 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(gate_wait_ns(&c, 0), GATE_REFUSED);
    assert_int_equal(gate_wait_ns(&c, S / 10), 2 * S / 10);
    assert_int_equal(gate_wait_ns(&c, S / 10), GATE_REFUSED);
}

static void test_extremes_do_not_overflow(void **state)
{
    struct gate_case slow = gate_start(&gate_token_bucket, WAITING(1e-6, 1, INT64_MAX));
    struct gate_case wide = gate_start(&gate_token_bucket, BUCKET(1e9, 1000000000));
    int64_t last_ns = 0;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        int64_t wait_ns = gate_wait_ns(&slow, 3 * S * 1000000000);
        assert_true(wait_ns == GATE_REFUSED || wait_ns >= last_ns);
        last_ns = wait_ns == GATE_REFUSED ? last_ns : wait_ns;
    }
    assert_in_range(last_ns, 998 * S * 1000000, S * 1000000000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(gate_wait_ns(&wide, 0), 0);
}

/* Three may wait: the fourth is refused until one has gone, whatever it would be willing to wait. */
static void test_queue_is_bounded(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_token_bucket,
                                    P(gate_token_bucket, .rate_per_s = 10, .burst = 1, .on_empty = ON_EMPTY_WAIT,
                                      .max_wait_ns = INT64_MAX, .queue = 3));
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(gate_wait_ns(&c, 0), i * S / 10);
    assert_int_equal(gate_wait_ns(&c, 0), GATE_REFUSED);
    assert_int_equal(gate_wait_ns(&c, S / 10 - 1), GATE_REFUSED);
    assert_int_equal(gate_wait_ns(&c, S / 10), 3 * S / 10);
    assert_int_equal(gate_wait_ns(&c, S / 10), GATE_REFUSED);
}

/* A refusal says when a permit will be there. */
static void test_refusals_say_when(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_token_bucket, BUCKET(10, 1));
    gate_ask(&c, 0);
    assert_int_equal(gate_ask(&c, S / 50).retry_after_ns, 4 * S / 50);
}

/* ---- every row ---- */

struct pinned {
    const char *name;
    const void *parameters;
    int let_in;  /* of 1000 attempts 10 ms apart, each over 35 ms later, every third one a rejection */
};

#define LIMIT(from, least, most) {.start = from, .min = least, .max = most, .drop_on = FAILURES_ALL}
static const struct gate_busy_threshold busy_half[] = {{0.5}};
static const struct gate_delay_threshold delay_10_ms[] = {{10 * MS}};

static const struct pinned pins[] = {
    {"none", NULL, 1000},
    {"token-bucket", BUCKET(10, 20), 119},
    {"leaky", P(gate_leaky, .rate_per_s = 10, .burst = 5), 105},
    {"cycle", P(gate_cycle, .permits = 3, .period_ns = S), 30},
    {"fixed-window", P(gate_window_limit, .limit = 7, .window_ns = S), 70},
    {"sliding-window", P(gate_window_limit, .limit = 7, .window_ns = S), 61},
    {"sliding-log", P(gate_window_limit, .limit = 7, .window_ns = S), 70},
    {"warm-up", P(gate_warm_up, .rate_per_s = 10, .warm_up_ns = 2 * S, .cold_factor = 3), 90},
    {"adaptive-throttle", P(gate_adaptive_throttle, .k = 1, .success_threshold = INFINITY, .aggression = 1, .p_max = 1,
                            .window_ns = S, .slices = 10, .failures = FAILURES_ALL), 97},
    {"nack-throttle", P(gate_nack_throttle, .threshold = 0.1, .p_max = 0.75, .window_ns = S,
                        .failures = FAILURES_REJECTED), 731},
    {"aws-adaptive", P(gate_aws_adaptive, .beta = 0.7, .scale = 0.4, .min_rate_per_s = 0.5, .smoothing = 0.8,
                       .slot_ns = S / 2, .on = FAILURES_REJECTED), 21},
    {"bulkhead", P(gate_bulkhead, .max = 2), 500},
    {"concurrency", P(gate_concurrency, .limit = 3), 750},
    {"aimd", P(gate_aimd, .limit = LIMIT(4, 1, 9), .backoff = 0.5, .timeout_ns = S), 338},
    {"vegas", P(gate_vegas, .limit = LIMIT(2, 1, 9), .smoothing = 1, .probe = 30), 998},
    {"gradient", P(gate_gradient, .limit = LIMIT(2, 1, 9), .tolerance = 1, .smoothing = 1, .backoff = 0.1,
                   .probe = 1000), 998},
    {"gradient2", P(gate_gradient2, .limit = LIMIT(2, 1, 9), .tolerance = 1, .smoothing = 1, .long_window = 60), 258},
    {"envoy-adaptive", P(gate_envoy_adaptive, .quantile = 0.5, .buffer = 0.25, .jitter = 0.15, .update_ns = S / 10,
                         .probe_ns = 3 * S, .probe_requests = 9, .probe_limit = 2, .max = 9), 962},
    {"bbr", P(gate_bbr, .busy = 0.5, .decay = 0.9, .window_ns = S, .slices = 10, .average_ns = S, .cool_off_ns = S), 654},
    {"credits", P(gate_credits, .target_ns = 50 * MS, .every_ns = S, .start = 1, .max = 9, .clients = 1,
                  .increase = 0.001, .decrease = 0.5, .drop_at = 9), 550},
    {"cpu", P(gate_cpu, .thresholds = {(void *)busy_half, 1}, .average_ns = S), 480},
    {"queue-delay", P(gate_queue_delay, .thresholds = {(void *)delay_10_ms, 1}, .window_ns = S, .slices = 10), 631},
    {"priority-cutoff", P(gate_priority_cutoff, .threshold_ns = 10 * MS, .window_ns = S / 2, .window_requests = 1000,
                          .priorities = 2, .users = 16, .rehash_ns = S, .alpha = 0.3, .beta = 0.1), 560},
    {0},
};

/* A service of four workers that is more and less busy, by turns of two seconds. */
static void look_busy(struct gate_case *c, int64_t now_ns)
{
    bool busy = now_ns / (2 * S) % 2;
    c->signals = (struct gate_signals){.in_service = busy ? 4 : 1, .workers = 4, .queued = busy ? 3 : 0,
                                       .oldest_wait_ns = busy ? 60 * MS : 0, .mean_service_ns = 35e6};
    c->queue_wait_ns = busy ? 60 * MS : 0;
}

static void end_one(struct gate_case *c, int number, int64_t now_ns)
{
    if (number % 3 == 0)
        gate_failed(c, now_ns, 35 * MS, FAILURE_OVERLOADED);
    else
        gate_good(c, now_ns, 35 * MS);
}

static int admitted_of_1000(struct gate_case *c)
{
    bool under_way[1004] = {false};
    int admitted = 0;
    for (int k = 0; k < 1000; k++) {
        int64_t now_ns = k * 10 * MS;
        look_busy(c, now_ns);
        if (k >= 4 && under_way[k - 4])
            end_one(c, k, now_ns - 5 * MS);
        c->in.caller = (uint32_t)k;
        enum gate_verdict verdict = gate_ask(c, now_ns).verdict;
        under_way[k] = verdict == GATE_ADMIT || verdict == GATE_HOLD;
        admitted += under_way[k];
    }
    return admitted;
}

static void test_every_gate(void **state)
{
    (void)state;
    for (size_t i = 0; gate_table.rows[i]; i++) {
        const struct gate_row *row = (const struct gate_row *)gate_table.rows[i];
        const struct pinned *pin = pins;
        while (pin->name && strcmp(pin->name, row->row.name) != 0)
            pin++;
        if (!pin->name)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
        assert_true(row->row.summary && row->ask && row->row.size <= CHOICE_BYTES);
        struct gate_case c = gate_start(row, pin->parameters), again = gate_start(row, pin->parameters);
        int admitted = admitted_of_1000(&c);
        if (admitted != pin->let_in)
            fail_msg("%s lets %d in, pinned is %d", pin->name, admitted, pin->let_in);
        assert_int_equal(admitted_of_1000(&again), admitted);
    }
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_non_null(gate_contradiction(&gate_token_bucket, BUCKET(1e-6, 2000)));
    assert_null(gate_contradiction(&gate_token_bucket, BUCKET(1e-6, 1000)));
    assert_non_null(gate_contradiction(&gate_token_bucket, P(gate_token_bucket, .rate_per_s = 1, .max_wait_ns = INT64_MAX, .queue = 5)));
    assert_non_null(gate_contradiction(&gate_token_bucket, P(gate_token_bucket, .rate_per_s = 1, .max_wait_ns = 5, .queue = INT64_MAX)));
    assert_non_null(gate_contradiction(&gate_aimd, P(gate_aimd, .limit = LIMIT(5, 6, 7))));
    assert_non_null(gate_contradiction(&gate_vegas, P(gate_vegas, .limit = LIMIT(8, 6, 7))));
    assert_non_null(gate_contradiction(&gate_gradient, P(gate_gradient, .limit = LIMIT(6, 7, 6))));
    assert_null(gate_contradiction(&gate_gradient2, P(gate_gradient2, .limit = LIMIT(6, 6, 6))));
    assert_non_null(gate_contradiction(&gate_cpu, P(gate_cpu, .average_ns = S)));
    assert_non_null(gate_contradiction(&gate_queue_delay, P(gate_queue_delay, .window_ns = S, .slices = 1)));
    assert_non_null(gate_contradiction(&gate_envoy_adaptive, P(gate_envoy_adaptive, .probe_limit = 4, .max = 3)));
    assert_non_null(gate_contradiction(&gate_credits, P(gate_credits, .start = 4, .max = 3)));
    assert_non_null(gate_contradiction(&gate_priority_cutoff, P(gate_priority_cutoff, .priorities = 1000, .users = 1001)));
    assert_non_null(gate_contradiction(&gate_leaky, P(gate_leaky, .rate_per_s = 1e-4)));
    static const struct gate_share shares[] = {{0.7}, {0.4}};
    assert_non_null(gate_contradiction(&gate_concurrency, P(gate_concurrency, 9, {(void *)shares, 2}, false)));
    assert_null(gate_contradiction(&gate_concurrency, P(gate_concurrency, 9, {(void *)shares, 1}, true)));
    assert_non_null(gate_contradiction(&gate_concurrency, P(gate_concurrency, .limit = 9, .hard = true)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_full),
        cmocka_unit_test(test_refills_at_the_rate),
        cmocka_unit_test(test_fractions_of_a_nanosecond),
        cmocka_unit_test(test_no_drift_over_a_billion_tokens),
        cmocka_unit_test(test_bound_over_any_interval),
        cmocka_unit_test(test_overload_gets_the_whole_rate),
        cmocka_unit_test(test_waiting_is_first_come_first_served),
        cmocka_unit_test(test_waiting_keeps_the_rate),
        cmocka_unit_test(test_max_wait_refuses_and_takes_nothing),
        cmocka_unit_test(test_extremes_do_not_overflow),
        cmocka_unit_test(test_queue_is_bounded),
        cmocka_unit_test(test_refusals_say_when),
        cmocka_unit_test(test_every_gate),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
