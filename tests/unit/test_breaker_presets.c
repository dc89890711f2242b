/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the breakers of real libraries do, step by step: windows, half-open phases and times open of the presets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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

static double opened_until_s(const struct breaker_case *c)
{
    assert_phase(c, BREAKER_OPEN);
    return (double)c->state->mark_ns * 1e-9;
}

static void assert_open_until(const struct breaker_case *c, double time_s)
{
    assert_phase(c, BREAKER_OPEN);
    assert_int_equal(c->state->mark_ns, breaker_ns(time_s));
}

/* ---- the snippets ---- */

/* Five failures open it at 7 s; at 67 s exactly it is still open, the first call after passes; it fails, and with the
 * sixth failure in a row it is open again at once. A success ends that. */
static void test_seed0(void **state)
{
    (void)state;
    struct breaker_case c = start("seed0");
    assert_int_equal(breaker_opens_at(&c, 7, "xxxxx"), 5);
    assert_false(breaker_call(&c, 67, true));
    assert_true(breaker_call(&c, 67.000000001, false));
    assert_true(opened_until_s(&c) > 127 && opened_until_s(&c) < 127.1);
    assert_true(breaker_call(&c, 128, true));
    assert_int_equal(breaker_opens_at(&c, 128, "xxxx.xxxxx"), 10);
    breaker_stop(&c);
}

/* More than five failures ever open it, successes in between or not. Half-open it lets all through and counts anew; a
 * success closes it while fewer than three failed, and those still count then. The sixth failed probe opens it. */
static void test_seed3_code(void **state)
{
    (void)state;
    struct breaker_case c = start("seed3-code");
    assert_int_equal(breaker_opens_at(&c, 0, "x..x.xx.x..x"), 12);
    assert_false(breaker_call(&c, 30, true));
    assert_int_equal(breaker_calls(&c, 30.1, 1, false), 1);
    assert_phase(&c, BREAKER_HALF_OPEN);
    assert_true(breaker_call(&c, 30.1, true));
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(breaker_opens_at(&c, 31, "xxx.xx"), 6);
    assert_int_equal(breaker_calls(&c, 62, 3, false), 3);
    assert_int_equal(breaker_calls(&c, 62, 3, true), 3);
    assert_phase(&c, BREAKER_HALF_OPEN);
    assert_int_equal(breaker_calls(&c, 62, 5, false), 3);
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

static void test_seed3_prose(void **state)
{
    uint32_t permits[3], refused;
    (void)state;
    struct breaker_case c = start("seed3-prose");
    assert_int_equal(breaker_opens_at(&c, 0, "xxxxx.xxxxxx"), 12);
    for (int i = 0; i < 3; i++)
        assert_true(breaker_asks(&c, 30, &permits[i]));
    assert_false(breaker_asks(&c, 30, &refused));
    for (int i = 0; i < 3; i++)
        breaker_good(&c, 31, permits[i]);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* ---- libraries ---- */

/* Opens with the 100th call if 10 failed and that one did. Ten failures before 90 successes do nothing until the next
 * failure; nine of 100 do nothing. */
static void test_polly_v8(void **state)
{
    (void)state;
    struct breaker_case c = start("polly-v8");
    breaker_calls(&c, 1, 90, true);
    breaker_calls(&c, 1, 9, false);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_calls(&c, 1, 1, false);
    assert_open_until(&c, 6);
    breaker_renew(&c, 2);
    breaker_calls(&c, 1, 10, false);
    breaker_calls(&c, 1, 90, true);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_calls(&c, 1, 1, false);
    assert_phase(&c, BREAKER_OPEN);
    breaker_renew(&c, 3);
    breaker_calls(&c, 1, 91, true);
    breaker_calls(&c, 1, 9, false);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* Half-open: one probe, and another one each 30 s that none came back. */
static void test_polly_v7(void **state)
{
    uint32_t first, second;
    (void)state;
    struct breaker_case c = start("polly-v7-classic");
    assert_int_equal(breaker_opens_at(&c, 0, "xxxx.xxxxx"), 10);
    assert_true(breaker_asks(&c, 30, &first));
    assert_false(breaker_call(&c, 59, true));
    assert_true(breaker_asks(&c, 60, &second));
    breaker_bad(&c, 61, first);
    assert_open_until(&c, 91);
    breaker_stop(&c);
}

/* Opens with the 100th call although that one succeeds; not with 49 of them. */
static void test_resilience4j(void **state)
{
    static const char *const names[] = {"resilience4j", "resilience4j-time"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct breaker_case c = start(names[i]);
        breaker_calls(&c, 1, 50, false);
        assert_int_equal(breaker_calls(&c, 1, 49, true), 49);
        assert_phase(&c, BREAKER_CLOSED);
        assert_true(breaker_call(&c, 1, true));
        assert_open_until(&c, 61);
        breaker_renew(&c, 1);
        breaker_calls(&c, 1, 49, false);
        breaker_calls(&c, 1, 51, true);
        assert_phase(&c, BREAKER_CLOSED);
        breaker_stop(&c);
    }
}

/* Ten probes; 4 bad ones close it, 5 open it; before the tenth answer nothing is decided. All slow: open. */
static void test_resilience4j_half_open(void **state)
{
    uint32_t permits[10], refused;
    (void)state;
    struct breaker_case c = start("resilience4j");
    for (int bad = 4; bad <= 5; bad++) {
        breaker_renew(&c, 1);
        breaker_calls(&c, 0, 100, false);
        assert_false(breaker_call(&c, 60, true));
        for (int i = 0; i < 10; i++)
            assert_true(breaker_asks(&c, 61, &permits[i]));
        assert_false(breaker_asks(&c, 61, &refused));
        for (int i = 0; i < 10; i++) {
            assert_phase(&c, BREAKER_HALF_OPEN);
            if (i < bad)
                breaker_bad(&c, 62, permits[i]);
            else
                breaker_good(&c, 62, permits[i]);
        }
        assert_phase(&c, bad == 4 ? BREAKER_CLOSED : BREAKER_OPEN);
    }
    breaker_renew(&c, 1);
    for (int i = 0; i < 100; i++) {
        assert_true(breaker_asks(&c, 0, &permits[0]));
        breaker_tells(&c, 100, permits[0], &(struct breaker_sample){.latency_ns = breaker_ns(60.1), .good = true});
    }
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* Opens within the 500 ms after the call that made it 10 of 20, at a tick of its own; until then all are let out. */
static void test_hystrix(void **state)
{
    static const struct {
        int bad, calls;
        bool opens;
    } cases[] = {{10, 20, true}, {9, 20, false}, {499, 1000, false}, {500, 1000, true}, {10, 19, false}};
    uint32_t permit;
    (void)state;
    struct breaker_case c = start("hystrix");
    for (uint64_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        breaker_renew(&c, i + 1);
        assert_int_equal(breaker_calls(&c, 3, cases[i].bad, false), cases[i].bad);
        assert_int_equal(breaker_calls(&c, 3, cases[i].calls - cases[i].bad, true), cases[i].calls - cases[i].bad);
        assert_phase(&c, BREAKER_CLOSED);
        assert_int_equal(breaker_asks(&c, 3.5, &permit), !cases[i].opens);
        if (cases[i].opens)
            assert_true(opened_until_s(&c) > 8 && opened_until_s(&c) <= 8.5);
    }
    breaker_stop(&c);
}

/* Twenty buckets of 500 ms, looked at when one of them is just complete: a failure counts for 10 s, not for 9.5 s. */
static void test_hystrix_window(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: rolling, window: 10s, buckets: 20, ratio: 50%, min_calls: 20, "
                                          "eval: ticker, tick: 500ms, open_for: 5s, grid: clock}");
    breaker_calls(&c, 1, 10, false);
    breaker_calls(&c, 10.9, 10, true);
    breaker_call(&c, 11, true);
    assert_phase(&c, BREAKER_OPEN);
    breaker_renew(&c, 1);
    breaker_calls(&c, 0.9, 10, false);
    breaker_calls(&c, 10.9, 10, true);
    breaker_call(&c, 11, true);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* A full pool is a failure, a short circuit is nothing. */
static void test_hystrix_counts_local_rejections(void **state)
{
    (void)state;
    struct breaker_case c = start("hystrix");
    assert_int_equal(breaker_view(&c.breaker, FAILURE_BULKHEAD_FULL), BREAKER_BAD);
    assert_int_equal(breaker_view(&c.breaker, FAILURE_BREAKER_OPEN), BREAKER_IGNORED);
    assert_int_equal(breaker_view(&c.breaker, FAILURE_CLIENT_ERROR), BREAKER_GOOD);
    breaker_stop(&c);
}

/* The sixth failure of a run; at 60 s exactly still open. */
static void test_gobreaker(void **state)
{
    (void)state;
    struct breaker_case c = start("gobreaker");
    assert_int_equal(breaker_opens_at(&c, 0, "xxxxx.xxxxxx"), 12);
    assert_false(breaker_call(&c, 60, true));
    assert_true(breaker_call(&c, 60.000000001, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

static void test_failsafe(void **state)
{
    (void)state;
    struct breaker_case c = start("failsafe");
    assert_int_equal(breaker_opens_at(&c, 0, "....x"), 5);
    assert_true(breaker_call(&c, 60, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* The first failure of one call; with 50 % it stays closed, above it opens. */
static void test_opossum(void **state)
{
    (void)state;
    struct breaker_case c = start("opossum");
    assert_int_equal(breaker_opens_at(&c, 0, "x"), 1);
    breaker_renew(&c, 1);
    assert_int_equal(breaker_opens_at(&c, 0, ".x.x.xx"), 7);
    breaker_stop(&c);
}

/* Five calls in the same second of the clock, more than half of them failed: three of six are not. */
static void test_sentinel(void **state)
{
    (void)state;
    struct breaker_case c = start("sentinel");
    assert_int_equal(breaker_opens_at(&c, 4.9, "xxxx"), 0);
    assert_int_equal(breaker_opens_at(&c, 5.0, "..xx.xx"), 7);
    assert_true(breaker_call(&c, 15, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

static void test_sentinel_slow(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = start("sentinel-slow");
    for (int i = 0; i < 5; i++) {
        assert_phase(&c, BREAKER_CLOSED);
        assert_true(breaker_asks(&c, 1, &permit));
        breaker_tells(&c, 1.5, permit,
                      &(struct breaker_sample){.latency_ns = breaker_ns(i < 2 ? 0.2 : 0.21), .good = 1});
    }
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_asks(&c, 11.5, &permit));
    breaker_tells(&c, 12, permit, &(struct breaker_sample){.latency_ns = breaker_ns(0.3), .good = true});
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* Three failures in one window do nothing by themselves: the next call finds them, is refused, and starts the 20 s. */
static void test_spring(void **state)
{
    (void)state;
    struct breaker_case c = start("spring");
    assert_int_equal(breaker_calls(&c, 1, 3, false), 3);
    assert_phase(&c, BREAKER_CLOSED);
    assert_false(breaker_call(&c, 3, true));
    assert_open_until(&c, 23);
    assert_false(breaker_call(&c, 23, true));
    assert_int_equal(breaker_calls(&c, 23.1, 2, false), 2);
    assert_int_equal(breaker_calls(&c, 28.2, 2, false), 2);
    assert_int_equal(breaker_calls(&c, 28.2, 3, false), 1);
    assert_false(breaker_call(&c, 28.2, true));
    breaker_stop(&c);
}

/* ---- proxies, one breaker for an endpoint ---- */

/* Five in a row open it at any age, for 5 s and then for 5 to 10 s. It lets all through: there is no other endpoint. A
 * third of failures is above 20 %, but does not matter in the first 30 s. */
static void test_finagle_accrual(void **state)
{
    (void)state;
    struct breaker_case c = start("finagle-accrual");
    assert_int_equal(breaker_opens_at(&c, 1, "xxxx.xxxxx"), 10);
    assert_open_until(&c, 6);
    assert_true(breaker_call(&c, 2, true));
    assert_true(breaker_call(&c, 6, false));
    assert_true(opened_until_s(&c) > 11 && opened_until_s(&c) < 16);
    breaker_renew(&c, 1);
    double now_s = 0;
    for (int i = 0; c.openings == 0 && now_s < 100; i++, now_s += 0.5)
        breaker_call(&c, now_s, i % 3 != 0);
    assert_true(now_s > 30 && now_s <= 32);
    breaker_stop(&c);
}

/* 30 s x the number of the ejection, until the first sweep (each 10 s) after it; 10 s of health make up for one. */
static void test_envoy_outlier(void **state)
{
    (void)state;
    struct breaker_case c = start("envoy-outlier");
    assert_int_equal(breaker_opens_at(&c, 1, "xxxxx"), 5);
    double until_s = opened_until_s(&c);
    assert_true(until_s >= 31 && until_s < 41);
    assert_int_equal(breaker_opens_at(&c, until_s, "xxxx.xxxxx"), 10);
    assert_true(opened_until_s(&c) >= until_s + 60 - 1e-6 && opened_until_s(&c) < until_s + 70);
    until_s = opened_until_s(&c);
    assert_true(breaker_call(&c, until_s, true));
    assert_int_equal(breaker_opens_at(&c, until_s + 25, "xxxxx"), 5);
    assert_true(opened_until_s(&c) < until_s + 25 + 40);
    breaker_stop(&c);
}

/* Seven in a row: 1 to 1.5 s, then twice that with each failed probe, never more than 60 s. */
static void test_linkerd_consecutive(void **state)
{
    (void)state;
    struct breaker_case c = start("linkerd-consecutive");
    assert_int_equal(breaker_opens_at(&c, 0, "xxxxxx.xxxxxxx"), 14);
    double now_s = 0, base_s = 1;
    for (int i = 0; i < 10; i++) {
        double wait_s = opened_until_s(&c) - now_s;
        assert_true(wait_s >= (base_s < 60 ? base_s : 60) - 1e-6 && wait_s <= (base_s < 40 ? 1.5 * base_s : 60) + 1e-6);
        now_s += wait_s;
        assert_true(breaker_call(&c, now_s, false));
        base_s *= 2;
    }
    assert_int_equal(breaker_view(&c.breaker, FAILURE_THROTTLED), BREAKER_GOOD);
    breaker_stop(&c);
}

/* 429 makes no run of failures, but counts for the success rate: the fifth result opens it. And for a probe. */
static void test_linkerd_unified(void **state)
{
    static const struct breaker_sample throttled = {.failure = FAILURE_THROTTLED};
    uint32_t permit;
    (void)state;
    struct breaker_case c = start("linkerd-unified");
    for (int i = 0; i < 5; i++) {
        assert_phase(&c, BREAKER_CLOSED);
        assert_true(breaker_asks(&c, 1, &permit));
        breaker_tells(&c, 1, permit, &throttled);
    }
    double until_s = opened_until_s(&c);
    assert_true(breaker_asks(&c, until_s, &permit));
    breaker_tells(&c, until_s, permit, &throttled);
    assert_int_equal(c.openings, 2);
    breaker_renew(&c, 1);
    breaker_calls(&c, 1, 40, true);
    assert_int_equal(breaker_opens_at(&c, 1, "xxxxxxx"), 7);
    breaker_stop(&c);
}

/* ---- all ---- */

/* Nothing ever answers in time: what it lets out of five calls a second, for an hour. */
static int sent_in_an_outage(struct breaker_case *c, int from_s)
{
    int sent = 0;
    for (int i = 0; i < 3600 * 5; i++) {
        uint32_t permit;
        if (!breaker_asks(c, from_s + i * 0.2, &permit))
            continue;
        sent++;
        breaker_tells(c, from_s + i * 0.2, permit,
                      &(struct breaker_sample){.latency_ns = breaker_ns(0.3), .failure = FAILURE_TIMEOUT});
    }
    return sent;
}

/* A healthy service opens none of them; an outage all, and what they let out then is a small part. */
static void test_every_preset(void **state)
{
    const char *names[32];
    (void)state;
    size_t count = preset_names(PRESET_BREAKER, names, 32);
    assert_in_range(count, 15, 30);
    for (size_t i = 0; i < count; i++) {
        struct breaker_case c = start(names[i]);
        for (int s = 0; s < 3600; s++)
            assert_int_equal(breaker_calls(&c, s, 5, true), 5);
        assert_int_equal(c.openings, 0);
        int sent = sent_in_an_outage(&c, 3600);
        if (c.openings < 10 || (!c.breaker.fail_open && sent > 2500))
            fail_msg("%s opened %u times and sent %d", names[i], c.openings, sent);
        breaker_stop(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seed0),
        cmocka_unit_test(test_seed3_code),
        cmocka_unit_test(test_seed3_prose),
        cmocka_unit_test(test_polly_v8),
        cmocka_unit_test(test_polly_v7),
        cmocka_unit_test(test_resilience4j),
        cmocka_unit_test(test_resilience4j_half_open),
        cmocka_unit_test(test_hystrix),
        cmocka_unit_test(test_hystrix_window),
        cmocka_unit_test(test_hystrix_counts_local_rejections),
        cmocka_unit_test(test_gobreaker),
        cmocka_unit_test(test_failsafe),
        cmocka_unit_test(test_opossum),
        cmocka_unit_test(test_sentinel),
        cmocka_unit_test(test_sentinel_slow),
        cmocka_unit_test(test_spring),
        cmocka_unit_test(test_finagle_accrual),
        cmocka_unit_test(test_envoy_outlier),
        cmocka_unit_test(test_linkerd_consecutive),
        cmocka_unit_test(test_linkerd_unified),
        cmocka_unit_test(test_every_preset),
    };
    return cmocka_run_group_tests_name("breaker_presets", tests, NULL, NULL);
}
