/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the backoffs of client libraries differ although they are called the same, one test for each trap: the first
 * wait, and the cap. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP "{shape: exponential, base: 100ms, cap: 2s"

/* How many different values the waits before retry n have. */
static size_t distinct(const char *text, uint32_t n)
{
    struct draws waits = draws_of(text, n);
    struct sample sample = draws_before(&waits, n);
    size_t count = sample_distinct(&sample);
    draws_free(&waits);
    return count;
}

/* ---- the first wait ---- */

/* "Exponential, base b": the wait before the first retry is b, 2b, (2^1 - 1) b. */
static void test_pitfall_first_exponent(void **state)
{
    (void)state;
    /* Polly, gRPC, botocore, seed 0; seed 1; redis-py; AWS SDK for Go v2. */
    assert_range_ms("{shape: exponential, base: 100ms}", 1, 100, 100);
    assert_range_ms("{shape: exponential, base: 100ms, offset: 1}", 1, 200, 200);
    assert_range_ms("{shape: exponential, base: 10ms, offset: 1, jitter: full}", 1, 0, 20);
    assert_range_ms("{shape: exponential, base: 1s, offset: 1, cap: 20s, jitter: full}", 1, 0, 2000);
    /* Azure SDK for Go: b, and then 3 b where others have 2 b. */
    assert_range_ms("{shape: exponential-less-1, base: 800ms}", 1, 800, 800);
    assert_range_ms("{shape: exponential-less-1, base: 800ms}", 2, 2400, 2400);
}

/* A first wait of 0 comes in two kinds: the shape goes on as if the first wait had been (urllib3, Azure SDK for
 * Python), or starts after it (Polly fastFirst). */
static void test_pitfall_first_wait_is_zero(void **state)
{
    static const double kept_ms[] = {0, 1000, 2000, 4000}, shifted_ms[] = {0, 500, 1000, 2000};
    (void)state;
    for (uint32_t n = 1; n <= 4; n++) {
        assert_range_ms("{shape: exponential, base: 500ms, first: zero}", n, kept_ms[n - 1], kept_ms[n - 1]);
        assert_range_ms("{shape: exponential, base: 500ms, first: extra-zero}", n, shifted_ms[n - 1],
                        shifted_ms[n - 1]);
    }
}

/* Jitter that starts at the second retry: everybody's first retry is in step. Finagle's three, and gRPC-Go. */
static void test_pitfall_first_wait_without_jitter(void **state)
{
    static const char *const texts[] = {EXP ", jitter: compound}", EXP ", jitter: finagle-equal}",
                                        EXP
                                        ", jitter: {kind: decorrelated, lower: previous, limit: soft, first: base}}",
                                        EXP ", first: exact, jitter: {kind: proportional, ratio: 20%}}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(distinct(texts[i], 1), 1);
        assert_int_equal(backoff_case_wait_of(texts[i], 1), 100 * MS);
        assert_true(distinct(texts[i], 2) > 100000);
    }
}

/* ---- the cap ---- */

/* Before the jitter only: waits longer than the cap. gRPC, cenkalti, seed 4, ioredis 6. */
static void test_pitfall_cap_before_jitter_is_exceeded(void **state)
{
    (void)state;
    assert_range_ms(EXP ", jitter: {kind: proportional, ratio: 20%}}", 9, 1600, 2400);
    assert_range_ms(EXP ", jitter: {kind: proportional, ratio: 50%}}", 9, 1000, 3000);
    assert_range_ms(EXP ", jitter: {kind: proportional, side: added, ratio: 100%}}", 9, 2000, 4000);
    assert_range_ms(EXP ", round_to: 1ms, jitter: {kind: additive, amount: 200ms}}", 9, 2000, 2199);
}

/* After the jitter only: all mass above the cap is at the cap, and grows with the retries. */
static void test_pitfall_cap_after_jitter_has_an_atom(void **state)
{
    static const double atoms[] = {0, 0, 0, 0, 0, 0.375, 0.6875, 0.84375};
    (void)state;
    struct draws waits = draws_of("{shape: exponential, base: 100ms, max_wait: 2s, jitter: full}", 8);
    for (uint32_t n = 1; n <= 8; n++) {
        struct sample sample = draws_before(&waits, n);
        sample_check_atom(&sample, 2000, atoms[n - 1]);
    }
    draws_free(&waits);
}

/* Before and after: half the mass at the cap for good (Kafka), or all of it (Linkerd, tower, Spring). */
static void test_pitfall_cap_on_both_sides(void **state)
{
    (void)state;
    struct draws kafka = draws_of(EXP ", max_wait: 2s, jitter: {kind: proportional, ratio: 20%}}", 9);
    struct draws linkerd = draws_of(EXP ", max_wait: 2s, jitter: {kind: proportional, side: added, ratio: 100%}}", 9);
    for (uint32_t n = 6; n <= 9; n++) {
        struct sample half = draws_before(&kafka, n), all = draws_before(&linkerd, n);
        sample_check_atom(&half, 2000, 0.5);
        sample_check_atom(&all, 2000, 1);
    }
    draws_free(&kafka);
    draws_free(&linkerd);
}

/* No cap: the waits of litl and node-retry double for ever, those of go-retryablehttp's linear jitter grow. */
static void test_pitfall_no_cap(void **state)
{
    (void)state;
    assert_range_ms("{shape: exponential, base: 1s, jitter: full}", 10, 0, 512000);
    assert_range_ms("{shape: linear, base: 1s, jitter: {kind: factor, low: 1, high: 2}}", 10, 10000, 20000);
}

/* A cap without jitter puts the herd together again that jitter had spread out. */
static void test_pitfall_caps_that_synchronise_again(void **state)
{
    static const struct {
        const char *text;
        uint32_t spread, together; /* retries */
    } cases[] = {
        {EXP ", jitter: finagle-equal}", 5, 7},
        /* AWS SDK for Go v2, Linkerd, Azure SDK for Java */
        {"{shape: exponential, base: 1s, offset: 1, cap: 20s, at_cap: exact, jitter: full}", 4, 5},
        {"{shape: exponential, base: 25ms, cap: 250ms, max_wait: 250ms, jitter: {kind: factor, low: 1, high: 2}}", 4,
         5},
        {"{shape: exponential, base: 800ms, max_wait: 8s, jitter: {kind: proportional, ratio: 5%}}", 4, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(distinct(cases[i].text, cases[i].spread) > 1000);
        assert_int_equal(distinct(cases[i].text, cases[i].together), 1);
    }
    assert_true(distinct(EXP ", jitter: equal}", 12) > 100000);
}

/* Finagle's compound jitter, too, for nearly all: by the sixth wait 94 % are at the cap. */
static void test_pitfall_compound_jitter_ends_in_step(void **state)
{
    (void)state;
    struct draws waits = draws_of(EXP ", jitter: compound}", 12);
    struct sample sixth = draws_before(&waits, 6), last = draws_before(&waits, 12);
    sample_check_atom(&sixth, 2000, 0.944953);
    assert_true(sample_mean(&last) > 0.99 * 2000);
    draws_free(&waits);
}

/* The AWS SDK for Go v1 draws a wait beyond the cap anew, from the cap's upper half: spread out for ever. */
static void test_pitfall_redraw_goes_on_spreading(void **state)
{
    (void)state;
    struct draws waits = draws_of(EXP ", at_cap: redraw, jitter: {kind: factor, low: 1, high: 2}}", 9);
    struct sample sample = draws_before(&waits, 9);
    sample_check_range(&sample, 1000, 2000, 0);
    sample_check_mean(&sample, 1500, 1e6 / 12);
    sample_check_atom(&sample, 2000, 0);
    draws_free(&waits);
}

/* Envoy doubles its interval while it is less than half of the cap, and then takes the cap. For a whole, even cap that
 * is nothing but min(2^(n-1) b, C): no rule of its own is needed. (An odd cap of C ms can make it C where the minimum
 * is C - 1.) */
static void test_pitfall_envoy_doubling_is_the_plain_cap(void **state)
{
    (void)state;
    for (int64_t base = 1; base <= 40; base++)
        for (int64_t cap = 2 * base; cap <= 400; cap += 2) {
            char text[80];
            snprintf(text, sizeof text, "{shape: exponential, base: %dms, cap: %dms}", (int)base, (int)cap);
            int64_t interval = base;
            for (uint32_t n = 1; n <= 10; n++) {
                assert_int_equal(backoff_case_wait_of(text, n), interval * MS);
                interval = interval < cap / 2 ? 2 * interval : cap;
            }
        }
}

/* Kubernetes: the step that reaches beyond the cap ends the loop, after one more sleep. */
static void test_pitfall_kubernetes_gives_up_at_the_cap(void **state)
{
    static const int64_t waits_ms[] = {10, 20, 40};
    struct arena arena = {0};
    (void)state;
    struct backoff backoff = backoff_case("{shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}", &arena);
    for (uint32_t n = 1; n <= 3; n++) {
        assert_int_equal(backoff_case_wait(&backoff, n), waits_ms[n - 1] * MS);
        assert_int_equal(backoff_is_last(&backoff, n), n == 3);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitfall_first_exponent),
        cmocka_unit_test(test_pitfall_first_wait_is_zero),
        cmocka_unit_test(test_pitfall_first_wait_without_jitter),
        cmocka_unit_test(test_pitfall_cap_before_jitter_is_exceeded),
        cmocka_unit_test(test_pitfall_cap_after_jitter_has_an_atom),
        cmocka_unit_test(test_pitfall_cap_on_both_sides),
        cmocka_unit_test(test_pitfall_no_cap),
        cmocka_unit_test(test_pitfall_caps_that_synchronise_again),
        cmocka_unit_test(test_pitfall_compound_jitter_ends_in_step),
        cmocka_unit_test(test_pitfall_redraw_goes_on_spreading),
        cmocka_unit_test(test_pitfall_envoy_doubling_is_the_plain_cap),
        cmocka_unit_test(test_pitfall_kubernetes_gives_up_at_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
