/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `describe` says about waits: exact ends, sums over the right number of retries, honest histograms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "cli/sample_waits.h"

#define EXP    "{shape: exponential, base: 100ms, cap: 2s"
#define SIGMAS 5.0

static struct waits sampled(const char *text, uint32_t retries)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(text, &arena);
    struct waits waits;
    char why[SCRIPT_ERROR_SIZE];
    bool good = sample_waits(&backoff, retries, &waits, why);
    arena_free(&arena);
    if (!good)
        fail_msg("%s", why);
    return waits;
}

static void near(double got, double expected, double error)
{
    if (fabs(got - expected) > error)
        fail_msg("%.9g is not %.9g +- %.3g", got, expected, error);
}

/* 100, 200, 400, 800, 1600, 2000 ms: the sum is uniform in its parts, variance d^2 / 12 each. */
static void test_sums(void **state)
{
    (void)state;
    struct waits waits = sampled(EXP ", jitter: full}", 6);
    assert_int_equal(waits.rows, 6);
    assert_int_equal(waits.retries, 6);
    assert_false(waits.forever || waits.stops);
    assert_true(waits.laws[5].least_s == 0 && waits.laws[5].most_s == 2);
    near(waits.total_most_s, 5.1, 1e-9);
    near(waits.total_mean_s, 2.55, SIGMAS * sqrt((0.01 + 0.04 + 0.16 + 0.64 + 2.56 + 4) / 12 / waits.requests));
    near(waits.laws[5].mean_s, 1, SIGMAS * sqrt(4.0 / 12 / waits.requests));
    near(waits.laws[5].p99_s, 1.98, SIGMAS * 2 * sqrt(0.99 * 0.01 / waits.requests));
}

/* Eight rows at most; up to 100 retries are added up, of more only the rows. */
static void test_how_many(void **state)
{
    static const struct {
        uint32_t retries, rows, added;
        bool forever;
    } cases[] = {{0, 0, 0, false},   {1, 1, 1, false},  {8, 8, 8, false},
                 {50, 8, 50, false}, {101, 8, 8, true}, {UINT32_MAX, 8, 8, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct waits waits = sampled("1s", cases[i].retries);
        assert_int_equal(waits.rows, cases[i].rows);
        assert_int_equal(waits.retries, cases[i].added);
        assert_int_equal(waits.forever, cases[i].forever);
        near(waits.total_mean_s, cases[i].added, 1e-9);
        near(waits.total_most_s, cases[i].added, 1e-9);
    }
}

static void test_stops_at_the_cap(void **state)
{
    (void)state;
    struct waits waits = sampled("{shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}", UINT32_MAX);
    assert_int_equal(waits.rows, 3);
    assert_true(waits.stops && !waits.forever);
    near(waits.total_mean_s, 0.07, 1e-9);
}

/* A schedule is drawn for all retries, so fewer requests do. */
static void test_schedules(void **state)
{
    (void)state;
    struct waits few = sampled("{shape: fixed, base: 1s, jitter: sorted}", 8);
    struct waits many = sampled("{shape: fixed, base: 1s, jitter: sorted}", 90);
    assert_true(many.requests < few.requests && many.requests >= 200);
    near(few.total_mean_s, 12, SIGMAS * sqrt(8.0 / 12 / few.requests));
    near(many.total_mean_s, 135, SIGMAS * sqrt(90.0 / 12 / many.requests));
    near(many.laws[0].mean_s, 1 + 1.0 / 91, SIGMAS / 91 / sqrt(many.requests));
}

static void test_constant(void **state)
{
    (void)state;
    struct waits waits = sampled(EXP "}", 7);
    for (uint32_t i = 0; i < 7; i++) {
        const struct waits_law *law = &waits.laws[i];
        assert_true(law->least_s == law->most_s && law->mean_s == law->most_s && law->p99_s == law->most_s);
        assert_int_equal(law->bins, 0);
    }
}

static void test_without_limit(void **state)
{
    (void)state;
    struct waits waits = sampled("{shape: fixed, base: 1s, jitter: exponential}", 2);
    assert_true(isinf(waits.laws[1].most_s) && isinf(waits.total_most_s));
    near(waits.laws[1].mean_s, 1, SIGMAS / sqrt(waits.requests));
    /* The histogram ends at the 99.9 % quantile: density 1 / 0.001 there. */
    near(waits.laws[1].to_s, log(1000), SIGMAS * 1000 * sqrt(0.001 / waits.requests));
}

/* The mass at the cap stands beside the histogram; the rest is flat. */
static void test_mass_at_an_end(void **state)
{
    (void)state;
    struct waits waits = sampled(EXP ", max_wait: 2s, jitter: {kind: proportional, ratio: 20%}}", 6);
    const struct waits_law *law = &waits.laws[5];
    near(law->at_most, 0.5, SIGMAS * sqrt(0.25 / waits.requests));
    assert_true(law->at_least == 0 && law->bins == WAITS_BINS);
    for (uint32_t bin = 0; bin < law->bins; bin++)
        near(law->density[bin], waits.requests / 2.0 / WAITS_BINS, SIGMAS * sqrt(waits.requests / 2.0 / WAITS_BINS));
    assert_true(waits.laws[4].at_most == 0);
}

static void test_mass_at_the_start(void **state)
{
    (void)state;
    struct waits waits =
        sampled("{shape: fixed, base: 1s, min_wait: 900ms, jitter: {kind: proportional, ratio: 20%}}", 1);
    near(waits.laws[0].at_least, 0.25, SIGMAS * sqrt(0.1875 / waits.requests));
    assert_true(waits.laws[0].at_most == 0);
}

/* Whole milliseconds: 25 values are 25 bins, 100 values 34 bins of three, the last of one but as high. */
static void test_whole_milliseconds(void **state)
{
    (void)state;
    static const uint32_t bins[] = {25, 25, 34};
    struct waits waits = sampled("{shape: exponential, base: 25ms, round_to: 1ms, jitter: full}", 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct waits_law *law = &waits.laws[i];
        double steps = 25 << i, per_bin = i == 2 ? 3 : 1 << i, expected = waits.requests / steps * per_bin;
        assert_int_equal(law->bins, bins[i]);
        assert_true(law->at_least == 0 && law->at_most == 0);
        for (uint32_t bin = 0; bin + 1 < law->bins; bin++)
            near(law->density[bin], expected, SIGMAS * sqrt(expected));
        near(law->density[law->bins - 1], expected, SIGMAS * per_bin * sqrt(waits.requests / steps));
    }
}

/* ---- what is written ---- */

static void test_text(void **state)
{
    (void)state;
    struct text text = text_in_memory();
    struct waits waits = sampled("{shape: table, delays: [1s, 3s]}", 2);
    waits_table(&waits, &text);
    waits_bars(&waits, false, &text);
    assert_non_null(strstr(text.bytes, "2 waits are 4 s in all\n"));
    assert_non_null(strstr(text.bytes, "  2          3 s always\n"));
    text_free(&text);
    text = text_in_memory();
    waits = sampled("{shape: fixed, base: 1s, jitter: exponential}", UINT32_MAX);
    waits_table(&waits, &text);
    assert_non_null(strstr(text.bytes, "  the first 8 waits are "));
    assert_non_null(strstr(text.bytes, " on average, without limit\n"));
    text_free(&text);
}

static void test_script_holds_the_laws(void **state)
{
    (void)state;
    struct text script = text_in_memory();
    struct waits waits = sampled(EXP ", max_wait: 2s, jitter: {kind: proportional, ratio: 20%}}", 6);
    waits.title = "it's";
    waits.backoff = "{...}";
    waits_script(&waits, FIGURE_SVG, &script);
    assert_non_null(strstr(script.bytes, "title = 'it\xe2\x80\x99s'\n"));
    assert_non_null(strstr(script.bytes, "rows = 6\n"));
    assert_non_null(strstr(script.bytes, "most[6] = 2\n"));
    assert_non_null(strstr(script.bytes, "at_most[4] = ''\n"));
    assert_non_null(strstr(script.bytes, "x_high = 2\n"));
    text_free(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_how_many),
        cmocka_unit_test(test_stops_at_the_cap),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_without_limit),
        cmocka_unit_test(test_mass_at_an_end),
        cmocka_unit_test(test_mass_at_the_start),
        cmocka_unit_test(test_whole_milliseconds),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_script_holds_the_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
