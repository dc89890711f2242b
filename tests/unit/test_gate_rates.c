/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates that limit a rate: published traces, bursts at the edges of windows, the laws of random arrivals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gate_case.h"

/* ---- leaky: nginx limit_req ---- */

#define LEAKY(...) P(gate_leaky, .rate_per_s = 10, .burst = 5, __VA_ARGS__)

/* 100 at once at 10/s with burst 5: exactly 6, in both clocks and with both kinds of delay. */
static void test_nginx_lets_burst_and_one_through(void **state)
{
    (void)state;
    for (int clock = LEAKY_EXACT; clock <= LEAKY_MS; clock++)
        for (int nodelay = 0; nodelay < 2; nodelay++) {
            struct gate_case c = gate_start(&gate_leaky, LEAKY(.clock = clock, .delay = nodelay ? INT64_MAX : 0));
            int let_in = 0;
            for (int i = 0; i < 100; i++)
                let_in += gate_ask(&c, 3 * S).verdict != GATE_REFUSE;
            assert_int_equal(let_in, 6);
        }
}

/* What exceeds `delay` goes out one an interval apart. */
static void test_nginx_delays(void **state)
{
    (void)state;
    for (int clock = LEAKY_EXACT; clock <= LEAKY_MS; clock++) {
        struct gate_case c = gate_start(&gate_leaky, LEAKY(.clock = clock));
        for (int i = 0; i < 6; i++)
            assert_int_equal(gate_wait_ns(&c, S), i * 100 * MS);
        assert_int_equal(gate_wait_ns(&c, S), GATE_REFUSED);
        c = gate_start(&gate_leaky, LEAKY(.clock = clock, .delay = 3));
        for (int i = 0; i < 6; i++)
            assert_int_equal(gate_wait_ns(&c, S), i <= 3 ? 0 : (i - 3) * 100 * MS);
        c = gate_start(&gate_leaky, LEAKY(.clock = clock, .delay = INT64_MAX));
        for (int i = 0; i < 6; i++)
            assert_int_equal(gate_wait_ns(&c, S), 0);
    }
}

/* 3/s is 333.3 ms an attempt. Exactly: not before 333.3 ms. nginx: 3000 * 333 / 1000 = 999 thousandths have leaked after
 * 333 ms, one is left; and 0.9 ms of a millisecond count as nothing. */
static void test_nginx_counts_in_milliseconds(void **state)
{
    (void)state;
    struct gate_case exact = gate_start(&gate_leaky, P(gate_leaky, .rate_per_s = 3, .delay = INT64_MAX));
    struct gate_case ms = gate_start(&gate_leaky, P(gate_leaky, .rate_per_s = 3, .delay = INT64_MAX, .clock = LEAKY_MS));
    assert_true(gate_admits(&exact, 0) && gate_admits(&ms, 0));
    assert_false(gate_admits(&exact, 333333333));
    assert_true(gate_admits(&exact, 333333334));
    assert_false(gate_admits(&ms, 333999999));
    assert_true(gate_admits(&ms, 334000000));
    struct gate_case same = gate_start(&gate_leaky, P(gate_leaky, .rate_per_s = 1000, .delay = INT64_MAX, .clock = LEAKY_MS));
    assert_true(gate_admits(&same, 0));
    assert_false(gate_admits(&same, MS - 1));
    assert_true(gate_admits(&same, MS));
}

/* An hour later the excess is gone, in both clocks. */
static void test_nginx_forgets(void **state)
{
    (void)state;
    for (int clock = LEAKY_EXACT; clock <= LEAKY_MS; clock++) {
        struct gate_case c = gate_start(&gate_leaky, LEAKY(.clock = clock, .delay = INT64_MAX));
        assert_int_equal(gate_burst(&c, 0), 6);
        assert_int_equal(gate_burst(&c, 300 * MS), 3);
        assert_int_equal(gate_burst(&c, 3600 * S), 6);
        assert_int_equal(gate_burst(&c, INT64_C(4000000000) * S), 6);
    }
}

/* Without a burst a limiter refuses much of what it allows: of Poisson arrivals at lambda it accepts 1 / (1 + x), x =
 * lambda / r, two thirds at half of its rate. Each accepted one is followed by Poisson(x) refused ones, so of N arrivals
 * the number accepted has the variance N x / (1 + x)^3. Within 5 standard errors. */
static void test_zero_burst_refuses_compliant_traffic(void **state)
{
    static const double loads[] = {0.1, 0.5, 1, 3};
    enum { ARRIVALS = 200000 };
    (void)state;
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        struct gate_case c = gate_start(&gate_leaky, P(gate_leaky, .rate_per_s = 100, .delay = INT64_MAX));
        struct stream stream = stream_at(5, i, 0);
        double load = loads[i], now = 0, accepted = 0;
        for (int k = 0; k < ARRIVALS; k++) {
            now += -log(stream_uniform_open(&stream)) / (load * 100);
            accepted += gate_admits(&c, (int64_t)(now * 1e9));
        }
        double error = sqrt(load / pow(1 + load, 3) / ARRIVALS);
        if (fabs(accepted / ARRIVALS - 1 / (1 + load)) > 5 * error)
            fail_msg("load %g: %g accepted, expected %g +- %g", load, accepted / ARRIVALS, 1 / (1 + load), 5 * error);
    }
}

/* ---- cycle: resilience4j ---- */

#define CYCLE(count, length, longest) P(gate_cycle, .permits = count, .period_ns = length, .max_wait_ns = longest)

/* Two a second, seven at 0.3 s: two at once, two at 1 s, two at 2 s, one at 3 s; then 3 s has one left. */
static void test_cycle_reserves_later_periods(void **state)
{
    static const int64_t waits[] = {0, 0, 700 * MS, 700 * MS, 1700 * MS, 1700 * MS, 2700 * MS};
    (void)state;
    struct gate_case c = gate_start(&gate_cycle, CYCLE(2, S, 5 * S));
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        assert_int_equal(gate_wait_ns(&c, 300 * MS), waits[i]);
    assert_int_equal(gate_wait_ns(&c, 2500 * MS), 500 * MS);
    assert_int_equal(gate_wait_ns(&c, 2500 * MS), 1500 * MS);
    assert_int_equal(gate_wait_ns(&c, 4 * S), 0);
    assert_int_equal(gate_wait_ns(&c, 4 * S), S);
    assert_int_equal(gate_wait_ns(&c, 10 * S), 0);
    assert_int_equal(gate_wait_ns(&c, 10 * S), 0);
    assert_int_equal(gate_wait_ns(&c, 10 * S), S);
}

/* Beyond max_wait it is refused, and nothing is taken. */
static void test_cycle_refuses_long_waits(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_cycle, CYCLE(1, S, 1500 * MS));
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), S);
    for (int i = 0; i < 5; i++)
        assert_int_equal(gate_ask(&c, 0).retry_after_ns, 500 * MS);
    assert_int_equal(gate_wait_ns(&c, 500 * MS), 1500 * MS);
    assert_int_equal(gate_wait_ns(&c, 500 * MS), GATE_REFUSED);
}

/* The defaults of resilience4j, 50 for each 500 ns, are no limit: a hundred million a second. */
static void test_pitfall_resilience4j_default_limits_nothing(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_cycle, CYCLE(50, 500, 5 * S));
    int64_t longest_ns = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t wait_ns = gate_wait_ns(&c, 0);
        assert_true(wait_ns != GATE_REFUSED);
        longest_ns = wait_ns > longest_ns ? wait_ns : longest_ns;
    }
    assert_int_equal(longest_ns, MS - 500);
    gate_wait_ns(&c, INT64_C(1) << 60);
    assert_int_equal(gate_burst(&c, (INT64_C(1) << 60) + 500), 50);
}

/* ---- windows ---- */

#define WINDOW(most, length) P(gate_window_limit, .limit = most, .window_ns = length)

/* Twice the limit within 2 ms around the edge of a fixed window; a sliding log lets the limit through, no more. */
static void test_pitfall_fixed_windows_let_twice_the_limit_through(void **state)
{
    (void)state;
    struct gate_case fixed = gate_start(&gate_fixed_window, WINDOW(10, S));
    struct gate_case log = gate_start(&gate_sliding_log, WINDOW(10, S));
    struct gate_case counter = gate_start(&gate_sliding_window, WINDOW(10, S));
    assert_int_equal(gate_burst(&fixed, S - MS) + gate_burst(&fixed, S + MS), 20);
    assert_int_equal(gate_burst(&log, S - MS) + gate_burst(&log, S + MS), 10);
    assert_int_equal(gate_burst(&counter, S - MS) + gate_burst(&counter, S + MS), 10);
}

static void test_fixed_windows_start(void **state)
{
    (void)state;
    struct gate_case clock = gate_start(&gate_fixed_window, WINDOW(2, S));
    struct gate_case first = gate_start(&gate_fixed_window, P(gate_window_limit, 2, S, STARTS_FIRST));
    int64_t at_ns = 1700 * MS;
    assert_int_equal(gate_burst(&clock, at_ns), 2);
    assert_int_equal(gate_burst(&first, at_ns), 2);
    assert_int_equal(gate_ask(&clock, at_ns).retry_after_ns, 300 * MS);
    assert_int_equal(gate_ask(&first, at_ns).retry_after_ns, S);
    assert_int_equal(gate_burst(&clock, 2 * S), 2);
    assert_int_equal(gate_burst(&first, 2 * S), 0);
    assert_int_equal(gate_burst(&first, 2700 * MS - 1), 0);
    assert_int_equal(gate_burst(&first, 2700 * MS), 2);
}

/* Never more than the limit in any window, wherever it begins, and as many as that if it is asked for more. */
static void test_sliding_log_is_exact(void **state)
{
    enum { LIMIT_OF_LOG = 7, ASKED = 5000 };
    static int64_t admitted_ns[ASKED];
    struct gate_case c = gate_start(&gate_sliding_log, WINDOW(LIMIT_OF_LOG, S));
    struct stream stream = stream_at(8, 0, 0);
    int64_t now_ns = 0;
    int admitted = 0;
    (void)state;
    for (int i = 0; i < ASKED; i++) {
        double u = stream_uniform(&stream);
        now_ns += (int64_t)(u * 0.2e9);
        if (gate_admits(&c, now_ns))
            admitted_ns[admitted++] = now_ns;
        else
            assert_true(now_ns - admitted_ns[admitted - LIMIT_OF_LOG] < S);
    }
    for (int i = LIMIT_OF_LOG; i < admitted; i++)
        assert_true(admitted_ns[i] - admitted_ns[i - LIMIT_OF_LOG] >= S);
}

/* Timestamps with now - t < window count: the one that is exactly a window old does not. */
static void test_sliding_log_edge(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_sliding_log, WINDOW(2, S));
    assert_true(gate_admits(&c, 0) && gate_admits(&c, 500 * MS));
    assert_int_equal(gate_ask(&c, 600 * MS).retry_after_ns, 400 * MS);
    assert_false(gate_admits(&c, S - 1));
    assert_true(gate_admits(&c, S));
    assert_false(gate_admits(&c, 1500 * MS - 1));
    assert_true(gate_admits(&c, 1500 * MS));
}

/* 8 in the last window; a quarter into this one three quarters of them count, 6: with a limit of 10 four more fit. */
static void test_sliding_window_estimates(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_sliding_window, WINDOW(10, S));
    for (int i = 0; i < 8; i++)
        assert_true(gate_admits(&c, 900 * MS));
    assert_int_equal(gate_burst(&c, 1250 * MS), 4);
    assert_int_equal(gate_burst(&c, 1250 * MS + 124 * MS), 0);
    assert_int_equal(gate_burst(&c, 1250 * MS + 125 * MS), 1);
    assert_int_equal(gate_burst(&c, 3500 * MS), 10);
}

/* ---- warm-up: Guava ---- */

/* 10/s, 2 s to warm up: 10 permits below the line's knee, 10 above it, where an interval grows from 0.1 s to 0.3 s by
 * 20 ms a permit. From cold: the first at once, then 0.29, 0.27, ... 0.11 s apart, then 0.1 s: 2 s for the first ten. */
static void test_guava_warms_up(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_warm_up, P(gate_warm_up, .rate_per_s = 10, .warm_up_ns = 2 * S, .cold_factor = 3,
                                                     .max_wait_ns = INT64_MAX));
    int64_t expected_ns = 0;
    for (int i = 0; i < 40; i++) {
        int64_t wait_ns = gate_wait_ns(&c, 0);
        if (wait_ns < expected_ns - 40 || wait_ns > expected_ns + 40)
            fail_msg("permit %d after %lld ns, expected %lld", i, (long long)wait_ns, (long long)expected_ns);
        expected_ns += i < 10 ? (290 - 20 * i) * MS : 100 * MS;
    }
}

/* Idle for half of the warm-up it is half cold: 10 permits are stored, the knee; then the rate is there at once. */
static void test_guava_cools_down(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_warm_up, P(gate_warm_up, .rate_per_s = 10, .warm_up_ns = 2 * S, .cold_factor = 3,
                                                     .max_wait_ns = INT64_MAX));
    int64_t last_ns = 0;
    for (int i = 0; i < 40; i++)
        last_ns = gate_wait_ns(&c, 0);
    int64_t idle_ns = last_ns + 100 * MS + S;
    assert_int_equal(gate_wait_ns(&c, idle_ns), 0);
    int64_t next_ns = gate_wait_ns(&c, idle_ns);
    assert_in_range(next_ns, 100 * MS - 40, 100 * MS + 40);
    idle_ns += 10 * S;
    assert_int_equal(gate_wait_ns(&c, idle_ns), 0);
    next_ns = gate_wait_ns(&c, idle_ns);
    assert_in_range(next_ns, 290 * MS - 40, 290 * MS + 40);
}

static void test_guava_refuses_long_waits(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_warm_up, P(gate_warm_up, .rate_per_s = 10, .warm_up_ns = 2 * S, .cold_factor = 1,
                                                     .max_wait_ns = 150 * MS));
    assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_in_range(gate_wait_ns(&c, 0), 100 * MS - 1, 100 * MS);
    assert_int_equal(gate_wait_ns(&c, 0), GATE_REFUSED);
    assert_in_range(gate_wait_ns(&c, 50 * MS), 150 * MS - 2, 150 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nginx_lets_burst_and_one_through),
        cmocka_unit_test(test_nginx_delays),
        cmocka_unit_test(test_nginx_counts_in_milliseconds),
        cmocka_unit_test(test_nginx_forgets),
        cmocka_unit_test(test_zero_burst_refuses_compliant_traffic),
        cmocka_unit_test(test_cycle_reserves_later_periods),
        cmocka_unit_test(test_cycle_refuses_long_waits),
        cmocka_unit_test(test_pitfall_resilience4j_default_limits_nothing),
        cmocka_unit_test(test_pitfall_fixed_windows_let_twice_the_limit_through),
        cmocka_unit_test(test_fixed_windows_start),
        cmocka_unit_test(test_sliding_log_is_exact),
        cmocka_unit_test(test_sliding_log_edge),
        cmocka_unit_test(test_sliding_window_estimates),
        cmocka_unit_test(test_guava_warms_up),
        cmocka_unit_test(test_guava_cools_down),
        cmocka_unit_test(test_guava_refuses_long_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
