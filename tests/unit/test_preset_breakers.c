/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The presets' breakers, call by call: with which one they open, when they let a probe through, what late results
 * do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "breaker_case.h"
#include "policy/preset.h"

static struct breaker_case start(const char *name)
{
    const struct preset_row *preset = preset_find(PRESET_BREAKER, name);
    if (!preset)
        fail_msg("no breaker preset '%s'", name);
    return breaker_start(preset->text);
}

/* Calls all at 100 s, old enough for any. */
static int opens_at(const char *name, const char *pattern)
{
    struct breaker_case c = start(name);
    int call = breaker_opens_at(&c, 100, pattern);
    breaker_stop(&c);
    return call;
}

/* `count` calls of which the first `failures` fail; then `last`. */
static char *pattern_of(int count, int failures, const char *last)
{
    char *pattern = memory_zeroed((size_t)count + strlen(last) + 1, 1);
    memset(pattern, 'x', (size_t)failures);
    memset(pattern + failures, '.', (size_t)(count - failures));
    strcpy(pattern + count, last);
    return pattern;
}

static int opens_after(const char *name, int count, int failures, const char *last)
{
    char *pattern = pattern_of(count, failures, last);
    int call = opens_at(name, pattern);
    free(pattern);
    return call;
}

/* ---- with which call it opens ---- */

static void test_runs_of_failures(void **state)
{
    (void)state;
    assert_int_equal(opens_at("gobreaker", "xxxxxxxxxx"), 6);
    assert_int_equal(opens_at("gobreaker", "xxxxx.xxxxxx"), 12);
    assert_int_equal(opens_at("polly-v7-classic", "xxxx.xxxxx"), 10);
    assert_int_equal(opens_at("linkerd-consecutive", "xxxxxxxx"), 7);
    assert_int_equal(opens_at("envoy-outlier", "xxxxxx"), 5);
    assert_int_equal(opens_at("seed0", "xxxxxx"), 5);
    assert_int_equal(opens_at("seed3-prose", "xxxxxxx"), 6);
}

static void test_single_failures(void **state)
{
    (void)state;
    assert_int_equal(opens_at("failsafe", ".x"), 2);
    assert_int_equal(opens_at("opossum", "x"), 1);
    assert_int_equal(opens_at("opossum", ".x"), 0); /* 50 % is not more than 50 % */
    assert_int_equal(opens_at("opossum", ".xx"), 3);
}

/* Polly looks at failures only, Resilience4j at every result. */
static void test_shares_of_many_calls(void **state)
{
    (void)state;
    assert_int_equal(opens_after("polly-v8", 99, 10, "x"), 100);
    assert_int_equal(opens_after("polly-v8", 99, 10, "."), 0);
    assert_int_equal(opens_after("polly-v8", 99, 10, ".x"), 101);
    assert_int_equal(opens_after("polly-v8", 99, 8, "x"), 0);
    assert_int_equal(opens_after("resilience4j", 99, 50, "."), 100);
    assert_int_equal(opens_after("resilience4j", 99, 49, "."), 0);
    assert_int_equal(opens_after("resilience4j", 99, 99, ""), 0);
    assert_int_equal(opens_at("sentinel", "xxxxx"), 5);
    assert_int_equal(opens_at("sentinel", "xx..x"), 5);
    assert_int_equal(opens_at("sentinel", "xx...x"), 0);
}

/* A success does not make up for a failure. */
static void test_cumulative(void **state)
{
    (void)state;
    assert_int_equal(opens_at("seed3-code", "x.x.x.x.x.x"), 11);
}

/* 429 does not end a run there, but it is a failure for the rate. */
static void test_linkerd_unified(void **state)
{
    (void)state;
    struct breaker_case c = start("linkerd-unified");
    uint32_t permit;
    for (int i = 0; i < 4; i++) {
        assert_true(breaker_asks(&c, 100, &permit));
        breaker_tells(&c, 100, permit, &(struct breaker_sample){.failure = FAILURE_THROTTLED});
    }
    assert_int_equal(c.openings, 0);
    assert_true(breaker_asks(&c, 100, &permit));
    breaker_tells(&c, 100, permit, &(struct breaker_sample){.failure = FAILURE_THROTTLED});
    assert_int_equal(c.openings, 1);
    assert_true(failure_in(c.breaker.counts, FAILURE_THROTTLED));
    breaker_stop(&c);
    c = start("linkerd-consecutive");
    assert_false(failure_in(c.breaker.counts, FAILURE_THROTTLED));
    breaker_stop(&c);
}

/* ---- Hystrix: a timer looks ---- */

static bool hystrix_opens(int calls, int failures)
{
    struct breaker_case c = start("hystrix");
    for (int i = 0; i < calls; i++)
        breaker_call(&c, 100, i >= failures);
    assert_phase(&c, BREAKER_CLOSED);
    uint32_t permit;
    bool refused = !breaker_asks(&c, 100.6, &permit); /* after a tick, whatever its phase */
    breaker_stop(&c);
    return refused;
}

static void test_hystrix_percents(void **state)
{
    (void)state;
    assert_true(hystrix_opens(20, 10));
    assert_false(hystrix_opens(20, 9));
    assert_false(hystrix_opens(19, 19));
    assert_false(hystrix_opens(1000, 499));
    assert_true(hystrix_opens(1000, 500));
}

static void test_hystrix_lets_calls_through_until_the_tick(void **state)
{
    (void)state;
    struct breaker_case c = start("hystrix");
    breaker_calls(&c, 100, 20, false);
    double opened_s = 0;
    for (int ms = 0; ms <= 500 && opened_s == 0; ms++)
        opened_s = breaker_call(&c, 100 + ms / 1000.0, false) ? 0 : 100 + ms / 1000.0;
    assert_true(opened_s > 100 && opened_s <= 100.5);
    assert_false(breaker_call(&c, opened_s + 4.998, true));
    assert_true(breaker_call(&c, opened_s + 5.001, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* ---- the end of the open time ---- */

struct timing {
    const char *name;
    int failures;    /* that open it, at 100 s */
    double open_s;
    bool strict;     /* at its very end it is still open */
    int probes;      /* let through then, of 100 that ask at once; 100: all */
};

/* Finagle only watches, Linkerd's and Envoy's times are drawn or swept: not here. */
static void test_open_times_and_probes(void **state)
{
    static const struct timing timings[] = {
        {"polly-v8", 100, 5, false, 1},      {"polly-v7-classic", 5, 30, false, 1},
        {"resilience4j", 100, 60, true, 10}, {"gobreaker", 6, 60, true, 1},
        {"failsafe", 1, 60, false, 1},       {"opossum", 1, 30, false, 1},
        {"sentinel", 5, 10, false, 1},       {"seed0", 5, 60, true, 100},
        {"seed3-code", 6, 30, true, 100},    {"seed3-prose", 6, 30, false, 3},
        {"ms-http-standard", 100, 5, false, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++) {
        const struct timing *t = &timings[i];
        struct breaker_case c = start(t->name);
        uint32_t permit;
        int let_through = 0;
        breaker_calls(&c, 100, t->failures, false);
        if (c.openings != 1 || breaker_asks(&c, 100 + t->open_s - 1e-6, &permit))
            fail_msg("%s: not open until its time is over", t->name);
        double end_s = 100 + t->open_s + (t->strict ? 1e-6 : 0);
        if (t->strict && breaker_asks(&c, 100 + t->open_s, &permit))
            fail_msg("%s: lets a call through at the very end", t->name);
        for (int k = 0; k < 100; k++)
            let_through += breaker_asks(&c, end_s, &permit);
        if (let_through != t->probes)
            fail_msg("%s: %d probes, not %d", t->name, let_through, t->probes);
        breaker_stop(&c);
    }
}

/* Five failures; closed again after more than 60 s with its count: one failure opens it again. */
static void test_seed0_keeps_its_count(void **state)
{
    (void)state;
    struct breaker_case c = start("seed0");
    breaker_calls(&c, 100, 5, false);
    assert_false(breaker_call(&c, 160, false));
    assert_true(breaker_call(&c, 160.001, false));
    assert_int_equal(c.openings, 2);
    assert_false(breaker_call(&c, 160.002, true));
    breaker_stop(&c);
}

/* Three within 5 s of the first call; the next call is refused; after more than 20 s everything is let through. */
static void test_spring_closes_by_itself(void **state)
{
    (void)state;
    struct breaker_case c = start("spring");
    assert_int_equal(breaker_calls(&c, 100, 4, false), 3);
    assert_false(breaker_call(&c, 120, true));
    assert_int_equal(breaker_calls(&c, 120.001, 3, false), 3);
    breaker_stop(&c);
    c = start("spring");
    assert_int_equal(breaker_calls(&c, 100, 2, false), 2);
    assert_int_equal(breaker_calls(&c, 105.001, 3, false), 3);
    breaker_stop(&c);
}

/* 30 s x times, seen by a sweep every 10 s. */
static void test_envoy_ejects_for_longer_each_time(void **state)
{
    (void)state;
    struct breaker_case c = start("envoy-outlier");
    breaker_calls(&c, 100, 5, false);
    assert_false(breaker_call(&c, 129.9, true));
    assert_true(breaker_call(&c, 140.1, true));
    breaker_calls(&c, 140.1, 5, false);
    assert_int_equal(c.openings, 2);
    assert_false(breaker_call(&c, 200, true));
    assert_true(breaker_call(&c, 210.2, true));
    breaker_stop(&c);
}

/* 5 s, then 5 to 10 s, 10 to 20 s .. but it goes on sending: there is no other endpoint. */
static void test_finagle_accrual_watches(void **state)
{
    (void)state;
    struct breaker_case c = start("finagle-accrual");
    assert_int_equal(breaker_calls(&c, 100, 5, false), 5);
    assert_int_equal(c.openings, 1);
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_call(&c, 101, true));
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_call(&c, 105, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* ---- late results ---- */

/* A call from before the trip that fails while the breaker is half-open. */
static bool late_failure_reopens(const char *name, int failures, double open_s)
{
    struct breaker_case c = start(name);
    uint32_t late, probe;
    assert_true(breaker_asks(&c, 99, &late));
    breaker_calls(&c, 100, failures, false);
    assert_true(breaker_asks(&c, 100 + open_s + 0.001, &probe));
    uint32_t before = c.openings;
    breaker_bad(&c, 100 + open_s + 0.002, late);
    bool reopened = c.openings > before;
    breaker_stop(&c);
    return reopened;
}

static void test_pitfall_late_results(void **state)
{
    (void)state;
    assert_true(late_failure_reopens("polly-v8", 100, 5));
    assert_true(late_failure_reopens("opossum", 1, 30));
    assert_true(late_failure_reopens("failsafe", 1, 60));
    assert_false(late_failure_reopens("gobreaker", 6, 60));
}

/* A probe that never comes back: Polly 8 waits for ever, Polly 7 sends another. */
static void test_pitfall_hung_probes(void **state)
{
    (void)state;
    struct breaker_case c = start("polly-v8");
    uint32_t permit;
    breaker_calls(&c, 100, 100, false);
    assert_true(breaker_asks(&c, 105, &permit));
    assert_false(breaker_asks(&c, 100000, &permit));
    breaker_stop(&c);
    c = start("polly-v7-classic");
    breaker_calls(&c, 100, 5, false);
    assert_true(breaker_asks(&c, 130, &permit));
    assert_false(breaker_asks(&c, 159.9, &permit));
    assert_true(breaker_asks(&c, 160, &permit));
    breaker_stop(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_of_failures),
        cmocka_unit_test(test_single_failures),
        cmocka_unit_test(test_shares_of_many_calls),
        cmocka_unit_test(test_cumulative),
        cmocka_unit_test(test_linkerd_unified),
        cmocka_unit_test(test_hystrix_percents),
        cmocka_unit_test(test_hystrix_lets_calls_through_until_the_tick),
        cmocka_unit_test(test_open_times_and_probes),
        cmocka_unit_test(test_seed0_keeps_its_count),
        cmocka_unit_test(test_spring_closes_by_itself),
        cmocka_unit_test(test_envoy_ejects_for_longer_each_time),
        cmocka_unit_test(test_finagle_accrual_watches),
        cmocka_unit_test(test_pitfall_late_results),
        cmocka_unit_test(test_pitfall_hung_probes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
