/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pipeline around shape and jitter: first, cap, at_cap, max_wait, min_wait, round_to; and what a row does alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP "shape: exponential, base: 100ms"

/* ---- shapes ---- */

static void test_shapes(void **state)
{
    (void)state;
    assert_waits_ms("none", 0, 0, 0);
    assert_waits_ms("250ms", 250, 250, 250);
    assert_waits_ms("{shape: linear, base: 1s}", 1000, 2000, 3000);
    assert_waits_ms("{shape: incremental, start: 1s, increment: 3s}", 1000, 4000, 7000);
    assert_waits_ms("{" EXP "}", 100, 200, 400, 800);
    assert_waits_ms("{" EXP ", offset: 1}", 200, 400, 800);
    assert_waits_ms("{" EXP ", multiplier: 1.5}", 100, 150, 225, 337.5);
    assert_waits_ms("{shape: exponential-less-1, base: 100ms}", 100, 300, 700, 1500);
    assert_waits_ms("{shape: exponential-less-1, base: 100ms, multiplier: 3}", 200, 800, 2600);
    assert_waits_ms("{shape: fibonacci, base: 1ms}", 1, 1, 2, 3, 5, 8, 13, 21, 34, 55);
    assert_waits_ms("{shape: fibonacci, base: 1ms, offset: 1}", 1, 2, 3, 5, 8, 13, 21, 34, 55);
    assert_waits_ms("{shape: slots}", 0.1024, 0.2048, 0.4096, 0.8192);
    assert_waits_ms("{shape: slots, slot: 1ms, most: 3}", 2, 4, 8, 8, 8);
    assert_waits_ms("{shape: table, delays: [5s, 1s, 7s]}", 5000, 1000, 7000, 7000, 7000);
}

static void test_far_retries(void **state)
{
    (void)state;
    assert_int_equal(backoff_case_wait_of("{shape: fibonacci, base: 1ms}", 50), INT64_C(12586269025) * MS);
    assert_int_equal(backoff_case_wait_of("{" EXP "}", 11), 102400 * MS);
    assert_int_equal(backoff_case_wait_of("{shape: slots}", 4000000000u), 1024 * 51200);
    assert_int_equal(backoff_case_wait_of("{shape: table, delays: [5s, 7s]}", 4000000000u), 7 * S);
}

/* ---- caps ---- */

static void test_overflow_meets_the_cap(void **state)
{
    static const char *const texts[] = {"{" EXP ", cap: 3s}", "{" EXP ", max_wait: 3s}",
                                        "{" EXP ", cap: 3s, max_wait: 3s}", "{" EXP ", cap: 3s, at_cap: exact}"};
    static const uint32_t retries[] = {6, 64, 5000, UINT32_MAX};
    (void)state;
    for (size_t t = 0; t < 4; t++)
        for (size_t r = 0; r < 4; r++)
            assert_int_equal(backoff_case_wait_of(texts[t], retries[r]), 3 * S);
    assert_int_equal(backoff_case_wait_of("{" EXP "}", UINT32_MAX), BACKOFF_LONGEST_NS);
}

/* Before and after with values of their own: d is cut to 400 ms, what full jitter adds to that to 600 ms. */
static void test_two_caps(void **state)
{
    (void)state;
    struct draws waits =
        draws_of("{" EXP ", cap: 400ms, max_wait: 600ms, jitter: {kind: proportional, side: added, ratio: 100%}}", 5);
    struct sample sample = draws_before(&waits, 5);
    sample_check_range(&sample, 400, 600, 0);
    sample_check_atom(&sample, 600, 0.5);
    draws_free(&waits);
}

static void test_min_wait(void **state)
{
    (void)state;
    assert_waits_ms("{" EXP ", min_wait: 150ms}", 150, 200, 400);
    assert_waits_ms("{" EXP ", first: zero, min_wait: 150ms}", 0, 200, 400);
    assert_waits_ms("{" EXP ", min_wait: 150ms, max_wait: 150ms}", 150, 150, 150);
}

static void test_at_cap_exact(void **state)
{
    (void)state;
    struct draws waits = draws_of("{" EXP ", cap: 400ms, at_cap: exact, jitter: full}", 5);
    for (uint32_t n = 1; n <= 3; n++) {
        struct sample sample = draws_before(&waits, n);
        sample_check_range(&sample, 0, 50 << n, 0);
        sample_check_atom(&sample, 400, 0);
    }
    for (uint32_t n = 4; n <= 5; n++) {
        struct sample sample = draws_before(&waits, n);
        sample_check_atom(&sample, 400, 1);
    }
    draws_free(&waits);
}

/* X = U(400, 800) against a cap of 500: U(400, 500) with probability 1/4, else U(250, 500).
 * Mean 0.25 * 450 + 0.75 * 375 = 393.75; E X^2 = 0.25 * (500^3 - 400^3)/300 + 0.75 * (500^3 - 250^3)/750. */
static void test_at_cap_redraw(void **state)
{
    (void)state;
    double mean = 393.75, variance = 0.25 * 61e6 / 300 + 0.75 * 109.375e6 / 750 - mean * mean;
    struct draws waits = draws_of("{" EXP ", cap: 500ms, at_cap: redraw, jitter: {kind: factor, low: 1, high: 2}}", 6);
    struct sample third = draws_before(&waits, 3), sixth = draws_before(&waits, 6);
    sample_check_range(&third, 250, 500, 0);
    sample_check_mean(&third, mean, variance);
    sample_check_variance(&third, mean, variance);
    sample_check_atom(&third, 500, 0);
    sample_check_range(&sixth, 250, 500, 0);
    sample_check_mean(&sixth, 375, 250.0 * 250 / 12);
    draws_free(&waits);
}

static void test_at_cap_stop(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct backoff backoff = backoff_case("{shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}", &arena);
    const int64_t waits_ms[] = {10, 20, 40};
    for (uint32_t n = 1; n <= 3; n++) {
        assert_int_equal(backoff_case_wait(&backoff, n), waits_ms[n - 1] * MS);
        assert_int_equal(backoff_is_last(&backoff, n), n == 3);
    }
    assert_true(backoff_case_wait(&backoff, 4) == BACKOFF_GIVE_UP);
    assert_true(backoff_case_wait(&backoff, UINT32_MAX) == BACKOFF_GIVE_UP);
    backoff.cap_ns = 40 * MS; /* reached, not exceeded: goes on */
    assert_false(backoff_is_last(&backoff, 2));
    assert_true(backoff_is_last(&backoff, 3));
    backoff.cap_ns = 5 * MS; /* the base itself exceeds it: waited all the same, as Kubernetes does */
    assert_true(backoff_is_last(&backoff, 1));
    assert_int_equal(backoff_case_wait(&backoff, 1), 10 * MS);
    backoff.at_cap = AT_CAP_CLAMP;
    assert_false(backoff_is_last(&backoff, 3));
    arena_free(&arena);
}

/* ---- first ---- */

static void test_first(void **state)
{
    (void)state;
    assert_waits_ms("{" EXP ", first: zero}", 0, 200, 400);
    assert_waits_ms("{" EXP ", first: extra-zero}", 0, 100, 200);
    assert_waits_ms("{" EXP ", first: exact, jitter: {kind: additive, amount: 0s}}", 100, 200, 400);
}

static void test_first_exact_has_no_jitter(void **state)
{
    (void)state;
    struct draws waits = draws_of("{" EXP ", first: exact, jitter: full}", 2);
    struct sample first = draws_before(&waits, 1), second = draws_before(&waits, 2);
    sample_check_atom(&first, 100, 1);
    sample_check_range(&second, 0, 200, 0);
    draws_free(&waits);
}

/* A first zero is no link of a decorrelated chain. */
static void test_first_zero_starts_no_chain(void **state)
{
    (void)state;
    struct draws waits = draws_of("{" EXP ", first: extra-zero, jitter: decorrelated}", 3);
    struct sample first = draws_before(&waits, 1), second = draws_before(&waits, 2), third = draws_before(&waits, 3);
    sample_check_atom(&first, 0, 1);
    sample_check_range(&second, 100, 300, 0);
    sample_check_mean(&third, 350, 30833.33);
    draws_free(&waits);
}

/* ---- jitters ---- */

/* Mean d, variance d^2, and the 86.5 % quantile 2 d. */
static void test_exponential_law(void **state)
{
    (void)state;
    struct draws waits = draws_of("{shape: fixed, base: 1s, jitter: exponential}", 1);
    struct sample sample = draws_before(&waits, 1);
    sample_check_mean(&sample, 1000, 1e6);
    sample_check_variance(&sample, 1000, 1e6);
    sample_check_quantile(&sample, 1 - exp(-2), 2000);
    draws_free(&waits);
}

/* X = 7 + d U(0.5, 2) + U(0, 60): the sum of two uniform parts. */
static void test_factor(void **state)
{
    (void)state;
    struct draws waits =
        draws_of("{shape: fixed, base: 100ms, jitter: {kind: factor, low: 0.5, high: 2, constant: 7ms, add: 60ms}}", 1);
    struct sample sample = draws_before(&waits, 1);
    double mean = 7 + 125 + 30, variance = (150.0 * 150 + 60.0 * 60) / 12;
    sample_check_range(&sample, 57, 267, 0);
    sample_check_mean(&sample, mean, variance);
    sample_check_variance(&sample, mean, variance);
    sample_check_quantile(&sample, 0.5, mean);
    draws_free(&waits);
}

/* The named rows are points of it: same draws, same waits. */
static void test_factor_is_the_general_one(void **state)
{
    static const char *const pairs[][2] = {
        {"none", "{kind: factor, low: 1, high: 1}"},
        {"full", "{kind: factor, low: 0, high: 1}"},
        {"{kind: full, floor: 3ms}", "{kind: factor, low: 0, high: 1, constant: 3ms}"},
        {"equal", "{kind: factor, low: 0.5, high: 1}"},
        {"{kind: proportional, ratio: 25%}", "{kind: factor, low: 0.75, high: 1.25}"},
        {"{kind: proportional, side: added, ratio: 50%}", "{kind: factor, low: 1, high: 1.5}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int64_t waits_ns[2];
        for (int side = 0; side < 2; side++) {
            struct arena arena = {0};
            char *text = arena_printf(&arena, "{" EXP ", jitter: %s}", pairs[i][side]);
            waits_ns[side] = backoff_case_wait_of(text, 5);
            arena_free(&arena);
        }
        if (llabs(waits_ns[0] - waits_ns[1]) > 1)
            fail_msg("%s: %lld ns, %s: %lld ns", pairs[i][0], (long long)waits_ns[0], pairs[i][1],
                     (long long)waits_ns[1]);
    }
}

/* Four waits, all U(100, 200) and sorted: the mean of the n-th of N is 100 + 100 n / (N + 1), its variance that of the
 * Beta(n, N + 1 - n) law. Together they are the four draws: their sum has the plain mean. */
static void test_sorted(void **state)
{
    (void)state;
    struct draws waits = draws_of("{shape: fixed, base: 100ms, jitter: sorted}", 4);
    for (uint32_t n = 1; n <= 4; n++) {
        struct sample sample = draws_before(&waits, n);
        double share = n / 5.0, mean = 100 + 100 * share, variance = 1e4 * share * (1 - share) / 6;
        sample_check_mean(&sample, mean, variance);
        sample_check_variance(&sample, mean, variance);
    }
    for (size_t i = 0; i < waits.count; i++)
        for (size_t n = 1; n < 4; n++)
            assert_true(waits.ms[(n - 1) * waits.count + i] <= waits.ms[n * waits.count + i]);
    draws_free(&waits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_far_retries),
        cmocka_unit_test(test_overflow_meets_the_cap),
        cmocka_unit_test(test_two_caps),
        cmocka_unit_test(test_min_wait),
        cmocka_unit_test(test_at_cap_exact),
        cmocka_unit_test(test_at_cap_redraw),
        cmocka_unit_test(test_at_cap_stop),
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_first_exact_has_no_jitter),
        cmocka_unit_test(test_first_zero_starts_no_chain),
        cmocka_unit_test(test_exponential_law),
        cmocka_unit_test(test_factor),
        cmocka_unit_test(test_factor_is_the_general_one),
        cmocka_unit_test(test_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
