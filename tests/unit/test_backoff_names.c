/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitters whose names mislead, and whose chain the state belongs to. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP          "{shape: exponential, base: 100ms, cap: 2s"
#define DECORRELATED EXP ", jitter: {kind: decorrelated"

/* ---- names ---- */

/* "Full jitter" of Finagle multiplies its randomness. The third wait has the mean of full jitter, 200 ms, but goes up
 * to 800 ms, and half of all are below 150; the means are b 2^((n-1)(n-2)/2), so the fourth has 800 ms, full jitter
 * 400. */
static void test_pitfall_full_jitter_that_compounds(void **state)
{
    (void)state;
    struct draws waits = draws_of("{shape: exponential, base: 100ms, jitter: compound}", 4);
    struct sample third = draws_before(&waits, 3), fourth = draws_before(&waits, 4);
    sample_check_range(&third, 0, 800, 0);
    sample_check_mean(&third, 200, 31111.11);
    sample_check_quantile(&third, 0.5, 149.3458);
    sample_check_mean(&fourth, 800, sample_variance(&fourth));
    draws_free(&waits);
    assert_range_ms("{shape: exponential, base: 100ms, jitter: full}", 3, 0, 400);
}

/* Four recurrences called decorrelated jitter. Means of waits 2 and 6 tell them apart (base 100 ms, cap 2 s). */
static void test_pitfall_four_decorrelated_jitters(void **state)
{
    static const struct {
        const char *text;
        double second_ms, sixth_ms;
    } cases[] = {
        {DECORRELATED "}}", 350, 1118.198},                                          /* AWS */
        {DECORRELATED ", limit: soft}}", 350, 816.6865},                             /* Polly.Contrib */
        {DECORRELATED ", limit: soft, lower: previous, first: base}}", 200, 1591.3}, /* Finagle */
        {DECORRELATED ", first: base}}", 200, 1000.693}, /* redis-py: that of AWS, one wait behind */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct draws waits = draws_of(cases[i].text, 6);
        struct sample second = draws_before(&waits, 2), sixth = draws_before(&waits, 6);
        sample_check_mean(&second, cases[i].second_ms, sample_variance(&second));
        sample_check_mean(&sixth, cases[i].sixth_ms, sample_variance(&sixth));
        draws_free(&waits);
    }
}

/* redis-py starts from a previous wait of 0: U(base, max(base, 3 * 0)) = base, then as AWS. */
static void test_pitfall_decorrelated_from_zero(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct backoff backoff = backoff_case(DECORRELATED ", first: base}}", &arena);
    for (uint64_t number = 0; number < 1000; number++) {
        struct backoff_request request = backoff_request(&backoff, 9, number);
        double previous_ns = 0;
        for (uint32_t n = 1; n <= 8; n++) {
            struct stream stream = stream_at(9, number, n);
            double high_ns = fmax(100e6, 3 * previous_ns);
            double expected_ns = fmin(2e9, 100e6 + (high_ns - 100e6) * stream_uniform(&stream));
            previous_ns = (double)backoff_request_wait(&request);
            assert_true(fabs(previous_ns - expected_ns) <= 1);
        }
    }
    arena_free(&arena);
}

/* The one called decorrelated jitter V2 is another algorithm: after n retries the total is (b / 1.4) F(n - 1 + U), of
 * the last draw alone, to the nanosecond. */
static void test_pitfall_polly_v2_telescopes(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct backoff backoff = backoff_case("{shape: exponential, base: 100ms, jitter: polly-v2}", &arena);
    for (uint64_t number = 0; number < 1000; number++) {
        struct backoff_request request = backoff_request(&backoff, 5, number);
        int64_t total_ns = 0;
        for (uint32_t n = 1; n <= 10; n++) {
            struct stream stream = stream_at(5, number, n);
            double t = n - 1 + stream_uniform(&stream);
            total_ns += backoff_request_wait(&request);
            assert_true(fabs((double)total_ns - 100e6 / 1.4 * pow(2, t) * tanh(sqrt(4 * t))) <= 1);
        }
    }
    arena_free(&arena);
}

/* A cap on the waits does not cap the curve: the total stays behind it, later waits are as before. */
static void test_pitfall_polly_v2_limits_waits(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct backoff free_one = backoff_case("{shape: exponential, base: 100ms, jitter: polly-v2}", &arena);
    struct backoff capped =
        backoff_case("{shape: exponential, base: 100ms, max_wait: 300ms, jitter: polly-v2}", &arena);
    for (uint64_t number = 0; number < 1000; number++) {
        struct backoff_request a = backoff_request(&free_one, 5, number), b = backoff_request(&capped, 5, number);
        for (uint32_t n = 1; n <= 8; n++) {
            int64_t wait_ns = backoff_request_wait(&a);
            assert_int_equal(backoff_request_wait(&b), wait_ns < 300 * MS ? wait_ns : 300 * MS);
        }
    }
    arena_free(&arena);
}

/* The bounds of that total are F(n) / 1.4 bases; a wait is at most F(n) - F(n-2). */
static void test_pitfall_polly_v2_bounds(void **state)
{
    static const double f[] = {0, 1.377182, 2.837250, 5.703099, 11.420906, 22.851179, 45.709206};
    struct arena arena = {0};
    struct backoff_range range = {0};
    (void)state;
    struct backoff backoff = backoff_case("{shape: exponential, base: 100ms, jitter: polly-v2}", &arena);
    for (uint32_t n = 1; n <= 6; n++) {
        backoff_next_range(&backoff, n, 6, &range);
        assert_true(range.low_ns == 0 && fabs(range.high_ns / 1e8 - (f[n] - (n > 1 ? f[n - 2] : 0))) <= 1e-6);
    }
    arena_free(&arena);
}

/* "Exponential backoff and jitter (AWS)" in seed 4 adds up to the whole wait; AWS draws from 0 to it. */
static void test_pitfall_added_is_not_full(void **state)
{
    (void)state;
    assert_range_ms(EXP ", jitter: {kind: proportional, side: added, ratio: 100%}}", 3, 400, 800);
    assert_range_ms(EXP ", jitter: full}", 3, 0, 400);
}

/* "Jitter 0.5" is 50 % around (cenkalti, resilience4j) or up to 50 % added (Kubernetes, Linkerd). */
static void test_pitfall_half_a_jitter_of_two_kinds(void **state)
{
    (void)state;
    assert_range_ms(EXP ", jitter: {kind: proportional, ratio: 50%}}", 1, 50, 150);
    assert_range_ms(EXP ", jitter: {kind: proportional, side: added, ratio: 50%}}", 1, 100, 150);
}

/* ---- the chain's state ---- */

/* Interleaved requests wait as if each was alone: the previous wait is the request's own. */
static void test_pitfall_chain_state_is_the_requests(void **state)
{
    static const char *const texts[] = {DECORRELATED "}}", EXP ", jitter: compound}", EXP ", jitter: polly-v2}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena arena = {0};
        struct backoff backoff = backoff_case(texts[i], &arena);
        struct backoff_request a = backoff_request(&backoff, 2, 1), b = backoff_request(&backoff, 2, 2), alone = a;
        int64_t waits_ns[5];
        for (int n = 0; n < 5; n++) {
            waits_ns[n] = backoff_request_wait(&a);
            backoff_request_wait(&b);
        }
        for (int n = 0; n < 5; n++)
            assert_int_equal(waits_ns[n], backoff_request_wait(&alone));
        arena_free(&arena);
    }
}

/* A client that hands its last wait on to its next request has another policy: first waits with a mean of 200 ms
 * become ones as long as those of the chain's end, over a second. */
static void test_pitfall_inherited_state_is_slower(void **state)
{
    struct arena arena = {0};
    double own_ms = 0, inherited_ms = 0, count = 20000;
    int64_t chain_ns = 0;
    (void)state;
    struct backoff backoff = backoff_case(DECORRELATED "}}", &arena);
    for (uint64_t number = 0; number < (uint64_t)count; number++) {
        struct backoff_request request = backoff_request(&backoff, 4, number), heir = request;
        heir.chain_ns = chain_ns;
        own_ms += (double)backoff_request_wait(&request) / 1e6;
        inherited_ms += (double)backoff_request_wait(&heir) / 1e6;
        chain_ns = heir.chain_ns;
    }
    assert_true(fabs(own_ms / count - 200) < SIGMAS * sqrt(3333.333 / count));
    assert_true(inherited_ms / count > 1000);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitfall_full_jitter_that_compounds),
        cmocka_unit_test(test_pitfall_four_decorrelated_jitters),
        cmocka_unit_test(test_pitfall_decorrelated_from_zero),
        cmocka_unit_test(test_pitfall_polly_v2_telescopes),
        cmocka_unit_test(test_pitfall_polly_v2_limits_waits),
        cmocka_unit_test(test_pitfall_polly_v2_bounds),
        cmocka_unit_test(test_pitfall_added_is_not_full),
        cmocka_unit_test(test_pitfall_half_a_jitter_of_two_kinds),
        cmocka_unit_test(test_pitfall_chain_state_is_the_requests),
        cmocka_unit_test(test_pitfall_inherited_state_is_slower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
