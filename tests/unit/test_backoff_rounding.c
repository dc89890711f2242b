/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole milliseconds, percents and slots: round_to, rounding, cut_to, step; and what libraries do with them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP "shape: exponential, base: 100ms"

/* ---- the keys ---- */

/* All of so many whole milliseconds, from the least on, are equally often, and nothing else is. */
static void check_steps(const char *text, double least, double steps)
{
    struct draws waits = draws_of(text, 1);
    struct sample sample = draws_before(&waits, 1);
    assert_range_ms(text, 1, least, least + steps - 1);
    assert_int_equal(sample_distinct(&sample), steps);
    for (double step = 0; step < steps; step++)
        sample_check_atom(&sample, least + step, 1 / steps);
    draws_free(&waits);
}

static void test_rounding_of_draws(void **state)
{
    (void)state;
    check_steps("{shape: fixed, base: 4700us, jitter: full, round_to: 1ms}", 0, 4);
    check_steps("{shape: fixed, base: 4700us, jitter: full, round_to: 1ms, rounding: inclusive}", 0, 5);
    check_steps("{shape: fixed, base: 8ms, jitter: equal, round_to: 1ms, rounding: inclusive}", 4, 5);
    check_steps("{shape: fixed, base: 4ms, jitter: {kind: additive, amount: 6ms}, round_to: 1ms}", 4, 6);
}

static void test_rounding_of_waits(void **state)
{
    (void)state;
    assert_waits_ms("{" EXP ", multiplier: 1.5, round_to: 1ms}", 100, 150, 225, 337, 506, 759);
    assert_waits_ms("{" EXP ", multiplier: 1.5, round_to: 1ms, rounding: nearest}", 100, 150, 225, 338, 506, 759);
    assert_waits_ms("{" EXP ", multiplier: 1.5, round_to: 1ms, rounding: inclusive}", 100, 150, 225, 337, 506, 759);
    assert_waits_ms("{" EXP ", round_to: 30ms}", 90, 180, 390);
    assert_waits_ms("{" EXP ", max_wait: 350ms, round_to: 200ms}", 0, 200, 200);
}

/* Half of the draws round to the upper end's step only half as often: 0 and 4 have 1/8, 1, 2, 3 have 1/4. */
static void test_rounding_to_nearest(void **state)
{
    (void)state;
    struct draws waits = draws_of("{shape: fixed, base: 4ms, jitter: full, round_to: 1ms, rounding: nearest}", 1);
    struct sample sample = draws_before(&waits, 1);
    for (int step = 0; step <= 4; step++)
        sample_check_atom(&sample, step, step % 4 ? 0.25 : 0.125);
    draws_free(&waits);
}

/* Each step is cut before the next: (int)(337 * 1.5), not (int)(100 * 1.5^4). */
static void test_cut_to(void **state)
{
    (void)state;
    assert_waits_ms("{" EXP ", multiplier: 1.5, cut_to: 1ms}", 100, 150, 225, 337, 505, 757);
    assert_waits_ms("{shape: exponential, base: 1ms, multiplier: 1.5, cut_to: 1ms}", 1, 1, 1);
    assert_int_equal(backoff_case_wait_of("{" EXP ", multiplier: 1.01, cut_to: 1ms}", UINT32_MAX), BACKOFF_LONGEST_NS);
    assert_int_equal(
        backoff_case_wait_of("{shape: exponential, base: 50ms, multiplier: 1.01, cut_to: 1ms}", UINT32_MAX), 50 * MS);
}

/* ---- the libraries ---- */

/* UI{0..k-1}: mean (k-1)/2, half a millisecond less than the continuous law; variance (k^2-1)/12; 0 is possible. */
static void test_pitfall_whole_milliseconds(void **state)
{
    static const double steps[] = {25, 50, 100, 200, 250, 250}; /* Envoy */
    (void)state;
    struct draws waits = draws_of("{shape: exponential, base: 25ms, cap: 250ms, round_to: 1ms, jitter: full}", 6);
    for (uint32_t n = 1; n <= 6; n++) {
        struct sample sample = draws_before(&waits, n);
        double k = steps[n - 1];
        sample_check_range(&sample, 0, k - 1, 0);
        sample_check_mean(&sample, (k - 1) / 2, (k * k - 1) / 12);
        sample_check_variance(&sample, (k - 1) / 2, (k * k - 1) / 12);
        sample_check_atom(&sample, 0, 1 / k);
        assert_int_equal(sample_distinct(&sample), k);
    }
    draws_free(&waits);
}

/* resilience4j cuts each step to a millisecond before the next: 1687 = (int)(1125 * 1.5), 2530 = (int)(1687 * 1.5). */
static void test_pitfall_resilience4j_cuts_each_step(void **state)
{
    (void)state;
    assert_waits_ms("{shape: exponential, base: 500ms, multiplier: 1.5, cut_to: 1ms}", 500, 750, 1125, 1687, 2530,
                    3795);
}

/* DataStax draws whole percents from 85 to 115 with both ends: 31 waits, and after its floor of 1 s, 16 in one. */
static void test_pitfall_datastax_whole_percents(void **state)
{
    (void)state;
    struct draws waits =
        draws_of("{shape: exponential, base: 1s, cap: 60s, max_wait: 60s, min_wait: 1s, jitter: {kind: "
                 "proportional, ratio: 15%, step: 1%}}",
                 2);
    struct sample first = draws_before(&waits, 1), second = draws_before(&waits, 2);
    sample_check_atom(&first, 1000, 16.0 / 31);
    assert_int_equal(sample_distinct(&first), 16);
    assert_int_equal(sample_distinct(&second), 31);
    for (int percent = 85; percent <= 115; percent++)
        sample_check_atom(&second, 20.0 * percent, 1.0 / 31);
    draws_free(&waits);
}

/* Kafka cuts after the jitter: 40 .. 59 ms for 50 ms plus or minus 20 %, the mean half a millisecond below 50. */
static void test_pitfall_kafka_cuts_the_product(void **state)
{
    (void)state;
    struct draws waits =
        draws_of("{shape: exponential, base: 50ms, cap: 1s, max_wait: 1s, round_to: 1ms, jitter: {kind: "
                 "proportional, ratio: 20%}}",
                 1);
    struct sample sample = draws_before(&waits, 1);
    sample_check_mean(&sample, 49.5, (20.0 * 20 - 1) / 12);
    assert_int_equal(sample_distinct(&sample), 20);
    draws_free(&waits);
}

/* Ethernet: UI{0..2^min(n,10)-1} slots of 51.2 us. */
static void test_pitfall_ethernet_slots(void **state)
{
    (void)state;
    struct draws waits = draws_of("{shape: slots, jitter: full, round_to: 51200ns}", 12);
    for (uint32_t n = 1; n <= 12; n++) {
        struct sample sample = draws_before(&waits, n);
        double k = n < 10 ? 1 << n : 1024, slot_ms = 0.0512;
        sample_check_range(&sample, 0, slot_ms * (k - 1), 0);
        sample_check_mean(&sample, slot_ms * (k - 1) / 2, slot_ms * slot_ms * (k * k - 1) / 12);
        assert_int_equal(sample_distinct(&sample), k);
    }
    draws_free(&waits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounding_of_draws),
        cmocka_unit_test(test_rounding_of_waits),
        cmocka_unit_test(test_rounding_to_nearest),
        cmocka_unit_test(test_cut_to),
        cmocka_unit_test(test_pitfall_whole_milliseconds),
        cmocka_unit_test(test_pitfall_resilience4j_cuts_each_step),
        cmocka_unit_test(test_pitfall_datastax_whole_percents),
        cmocka_unit_test(test_pitfall_kafka_cuts_the_product),
        cmocka_unit_test(test_pitfall_ethernet_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
