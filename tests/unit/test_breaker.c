/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers: the state machine step by step. What trips them is test_breaker_windows.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "breaker_case.h"
#include "policy/breaker/rows.h"

#define ONE_FAILURE(rest) "{kind: consecutive, failures: 1, open_for: 10s, " rest "}"

/* Opens a breaker of one failure at time 0. */
static struct breaker_case opened(const char *yaml)
{
    struct breaker_case c = breaker_start(yaml);
    assert_true(breaker_call(&c, 0, false));
    assert_phase(&c, BREAKER_OPEN);
    return c;
}

/* The longest time open that the breaker of the test refuses calls for, in whole steps of 1 s. */
static int refused_s(struct breaker_case *c, int from_s)
{
    uint32_t permit;
    int at_s = from_s;
    while (!breaker_asks(c, at_s, &permit))
        at_s++;
    breaker_return(&c->breaker, c->state, permit);
    return at_s - from_s;
}

/* ---- closed, open, half-open ---- */

static void test_cycle(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 3, open_for: 10s}");
    assert_true(breaker_call(&c, 0, false));
    assert_true(breaker_call(&c, 1, false));
    assert_phase(&c, BREAKER_CLOSED);
    assert_true(breaker_call(&c, 2, false));
    assert_phase(&c, BREAKER_OPEN);
    assert_false(breaker_call(&c, 3, true));
    assert_false(breaker_call(&c, 11.999999999, true));
    assert_true(breaker_call(&c, 12, true));
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(c.state->generation, 3);
    assert_int_equal(c.openings, 1);
    breaker_stop(&c);
}

/* A closed breaker forgets: it takes the whole number of failures again. */
static void test_closing_forgets(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 2, open_for: 10s}");
    breaker_calls(&c, 0, 2, false);
    assert_true(breaker_call(&c, 10, true));
    assert_true(breaker_call(&c, 10, false));
    assert_phase(&c, BREAKER_CLOSED);
    assert_true(breaker_call(&c, 10, false));
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

static void test_failed_probe_opens_for_the_whole_time(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 1"));
    assert_true(breaker_asks(&c, 12, &permit));
    breaker_bad(&c, 15, permit);
    assert_phase(&c, BREAKER_OPEN);
    assert_false(breaker_asks(&c, 24.999999999, &permit));
    assert_true(breaker_asks(&c, 25, &permit));
    assert_int_equal(c.openings, 2);
    breaker_stop(&c);
}

/* Nobody asked for a long time: still open until somebody does, then half-open. */
static void test_end_of_open_is_lazy(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 1"));
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_asks(&c, 1000, &permit));
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_stop(&c);
}

static void test_none_admits_everything(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("none");
    assert_int_equal(c.state_size, 0);
    struct breaker_answer answer = breaker_allow(&c.breaker, NULL, 0, 1);
    assert_true(answer.allowed && !answer.opened);
    assert_false(breaker_result(&c.breaker, NULL, 1, answer.permit, &(struct breaker_sample){.good = false}));
    breaker_return(&c.breaker, NULL, answer.permit);
    breaker_stop(&c);
}

/* Everything is sent; results of what would have been refused are like those from before the trip. */
static void test_fail_open(void **state)
{
    uint32_t permit, probe;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("fail_open: true"));
    assert_true(breaker_asks(&c, 1, &permit));
    breaker_good(&c, 1, permit);
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_asks(&c, 10, &probe));
    assert_true(breaker_asks(&c, 10, &permit));
    assert_int_equal(c.state->probes_out, 1);
    breaker_good(&c, 10, permit);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_return(&c.breaker, c.state, permit);
    breaker_good(&c, 11, probe);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* ---- how long it is open ---- */

static void test_open_ends_strictly_after(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("open_ends: after"));
    assert_false(breaker_asks(&c, 10, &permit));
    assert_true(breaker_asks(&c, 10.000000001, &permit));
    breaker_stop(&c);
}

/* A sweep every 4 s ends it: 10 s after an opening at 0 s is at 12 s; at 22 s again it is 24 s. */
static void test_open_ends_with_a_tick(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("open_ends: tick, tick: 4s, grid: clock"));
    assert_false(breaker_asks(&c, 11.999999999, &permit));
    assert_true(breaker_asks(&c, 12, &permit));
    breaker_bad(&c, 14, permit);
    assert_false(breaker_asks(&c, 23.999999999, &permit));
    assert_true(breaker_asks(&c, 24, &permit));
    breaker_stop(&c);
}

/* 1, 2, 4, 5, 5 s with the failed probes; back to 1 s once it was closed. */
static void test_open_time_grows_until_it_closes(void **state)
{
    static const int expected[] = {1, 2, 4, 5, 5};
    (void)state;
    struct breaker_case c =
        breaker_start("{kind: consecutive, failures: 1, open_for: {shape: exponential, base: 1s, cap: 5s}}");
    int now_s = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_true(breaker_call(&c, now_s, false));
        assert_int_equal(refused_s(&c, now_s), expected[i]);
        now_s += expected[i];
    }
    assert_true(breaker_call(&c, now_s, true));
    assert_true(breaker_call(&c, now_s, false));
    assert_int_equal(refused_s(&c, now_s), 1);
    breaker_stop(&c);
}

/* Envoy: 30 s times the openings, at most 300 s; it closes by itself and does not forget. */
static void test_open_time_counts_openings_for_ever(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 1, probes: 0, forget_opening: never, "
                                          "open_for: {shape: linear, base: 30s, cap: 300s}}");
    int now_s = 0;
    for (int i = 1; i <= 12; i++) {
        int expected = i < 10 ? 30 * i : 300;
        assert_true(breaker_call(&c, now_s, false));
        assert_int_equal(refused_s(&c, now_s), expected);
        assert_phase(&c, BREAKER_CLOSED);
        now_s += expected;
    }
    breaker_stop(&c);
}

/* Three openings, then closed for 25 s: two of them are forgotten at 10 s each, so the next is the second. */
static void test_openings_are_forgotten_one_by_one(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 1, probes: 0, forget_opening: 10s, "
                                          "open_for: {shape: linear, base: 1s}}");
    int now_s = 0;
    for (int i = 1; i <= 3; i++) {
        assert_true(breaker_call(&c, now_s, false));
        assert_int_equal(refused_s(&c, now_s), i);
        now_s += i;
    }
    now_s += 25;
    assert_true(breaker_call(&c, now_s, false));
    assert_int_equal(refused_s(&c, now_s), 2);
    now_s += 2 + 1000;
    assert_true(breaker_call(&c, now_s, false));
    assert_int_equal(refused_s(&c, now_s), 1);
    breaker_stop(&c);
}

static double open_s(struct breaker_case *c, uint64_t key)
{
    breaker_renew(c, key);
    breaker_call(c, 0, false);
    return (double)c->state->mark_ns * 1e-9;
}

/* Uniform on [0, 10) s: mean 5, sd 10 / sqrt(12); of 10000 keys the mean is within 5 standard errors, 0.144 s. */
static void test_open_time_is_drawn_from_the_key(void **state)
{
    enum { KEYS = 10000 };
    double sum_s = 0, least = 10, most = 0;
    (void)state;
    struct breaker_case c =
        breaker_start("{kind: consecutive, failures: 1, open_for: {shape: fixed, base: 10s, jitter: full}}");
    for (uint64_t key = 1; key <= KEYS; key++) {
        double s = open_s(&c, key);
        sum_s += s;
        least = fmin(least, s);
        most = fmax(most, s);
    }
    assert_true(fabs(sum_s / KEYS - 5) < 0.144);
    assert_true(least >= 0 && least < 0.02 && most > 9.98 && most < 10);
    assert_true(open_s(&c, 7) == open_s(&c, 7));
    breaker_call(&c, 10, false);
    assert_true((double)c.state->mark_ns * 1e-9 - 10 != open_s(&c, 7));
    breaker_stop(&c);
}

/* The chain of a decorrelated jitter is the breaker's: with the base 1 s the n-th opening lasts between 1 s and three
 * times the one before, and a new run begins with U(1, 3). */
static void test_open_time_has_a_chain(void **state)
{
    (void)state;
    struct breaker_case c =
        breaker_start("{kind: consecutive, failures: 1, open_for: {shape: fixed, base: 1s, cap: 1h, "
                      "jitter: decorrelated}}");
    bool passed_three = false;
    for (uint64_t key = 1; key < 200; key++) {
        double now_s = 0, last_s = 1;
        breaker_renew(&c, key);
        for (int i = 0; i < 6; i++) {
            assert_true(breaker_call(&c, now_s, false));
            double wait_s = (double)c.state->mark_ns * 1e-9 - now_s;
            assert_true(wait_s > 0.999 && wait_s < 3 * last_s + 1e-6);
            passed_three |= wait_s > 3;
            now_s += wait_s + 1e-6;
            last_s = wait_s;
        }
        assert_true(breaker_call(&c, now_s, true));
        assert_true(breaker_call(&c, now_s, false));
        assert_true((double)c.state->mark_ns * 1e-9 - now_s < 3 + 1e-6);
    }
    assert_true(passed_three);
    breaker_stop(&c);
}

/* 1, 2, 4 s and then no more: a backoff that gives up leaves it open. */
static void test_open_for_ever(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = breaker_start(
        "{kind: consecutive, failures: 1, open_for: {shape: exponential, base: 1s, cap: 5s, at_cap: stop}}");
    assert_true(breaker_call(&c, 0, false));
    assert_true(breaker_call(&c, 1, false));
    assert_true(breaker_call(&c, 3, false));
    assert_true(breaker_call(&c, 7, false));
    assert_false(breaker_asks(&c, 1e9, &permit));
    breaker_stop(&c);
}

/* ---- probes ---- */

static void test_probes_are_limited(void **state)
{
    uint32_t permits[3], refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 3"));
    for (int i = 0; i < 3; i++)
        assert_true(breaker_asks(&c, 10, &permits[i]));
    assert_false(breaker_asks(&c, 10, &refused));
    breaker_good(&c, 11, permits[0]);
    assert_false(breaker_asks(&c, 11, &refused));
    breaker_good(&c, 12, permits[1]);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_good(&c, 13, permits[2]);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* One at a time, three successes in a row. */
static void test_probes_one_at_a_time(void **state)
{
    uint32_t permit, refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 3, probes_at_once: 1"));
    for (int i = 0; i < 3; i++) {
        assert_phase(&c, i == 0 ? BREAKER_OPEN : BREAKER_HALF_OPEN);
        assert_true(breaker_asks(&c, 10 + i, &permit));
        assert_false(breaker_asks(&c, 10 + i, &refused));
        breaker_good(&c, 10 + i, permit);
    }
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* Ten at once, the first answer decides. */
static void test_first_of_many_probes_decides(void **state)
{
    uint32_t permits[10];
    (void)state;
    for (int good = 0; good < 2; good++) {
        struct breaker_case c = opened(ONE_FAILURE("probes: 10, close_after: 1"));
        for (int i = 0; i < 10; i++)
            assert_true(breaker_asks(&c, 10, &permits[i]));
        breaker_tells(&c, 11, permits[4], &(struct breaker_sample){.good = good});
        assert_phase(&c, good ? BREAKER_CLOSED : BREAKER_OPEN);
        breaker_stop(&c);
    }
}

/* Two failures re-open it; a failure ends the run of successes and frees its place. */
static void test_several_failures_reopen(void **state)
{
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 2, reopen_after: 3"));
    assert_true(breaker_call(&c, 10, true));
    assert_true(breaker_call(&c, 10, false));
    assert_true(breaker_call(&c, 10, true));
    assert_phase(&c, BREAKER_HALF_OPEN);
    assert_true(breaker_call(&c, 10, false));
    assert_true(breaker_call(&c, 10, false));
    assert_phase(&c, BREAKER_OPEN);
    assert_int_equal(c.state->mark_ns, breaker_ns(20));
    assert_int_equal(breaker_calls(&c, 20, 2, true), 2);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* Half of four results bad opens it, fewer close it; before the fourth nothing happens. */
static void test_share_of_probes_decides(void **state)
{
    static const struct {
        const char *results;
        enum breaker_phase then;
    } cases[] = {{"x..", BREAKER_HALF_OPEN}, {"x...", BREAKER_CLOSED}, {"..xx", BREAKER_OPEN}, {"xxxx", BREAKER_OPEN}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c = opened(ONE_FAILURE("probes: 4, reopen_ratio: 50%"));
        for (const char *result = cases[i].results; *result; result++)
            assert_true(breaker_call(&c, 10, *result == '.'));
        assert_phase(&c, cases[i].then);
        breaker_stop(&c);
    }
}

/* Ten may be under way, five answers are enough: resilience4j with a minimum of five calls. */
static void test_share_of_fewer_results_than_probes(void **state)
{
    uint32_t permits[10], refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 10, close_after: 5, reopen_ratio: 50%"));
    for (int i = 0; i < 10; i++)
        assert_true(breaker_asks(&c, 10, &permits[i]));
    assert_false(breaker_asks(&c, 10, &refused));
    for (int i = 0; i < 5; i++) {
        assert_phase(&c, BREAKER_HALF_OPEN);
        if (i < 2)
            breaker_bad(&c, 11, permits[i]);
        else
            breaker_good(&c, 11, permits[i]);
    }
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

static void test_slow_probe_is_bad(void **state)
{
    uint32_t permit;
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct breaker_case c = opened(ONE_FAILURE("slow_probe: 1s"));
        assert_true(breaker_asks(&c, 10, &permit));
        breaker_tells(&c, 11, permit, &(struct breaker_sample){.good = true, .latency_ns = breaker_ns(1) + over});
        assert_phase(&c, over ? BREAKER_OPEN : BREAKER_CLOSED);
        breaker_stop(&c);
    }
}

/* A probe that never comes back: for ever (Polly v8), until another is tried (v7), or until it opens again. */
static void test_hung_probe_for_ever(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 1"));
    assert_true(breaker_asks(&c, 10, &permit));
    assert_false(breaker_asks(&c, 1e6, &permit));
    breaker_stop(&c);
}

static void test_hung_probe_another(void **state)
{
    uint32_t first, second, third, refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probe_timeout: 10s"));
    assert_true(breaker_asks(&c, 10, &first));
    assert_false(breaker_asks(&c, 19.9, &refused));
    assert_true(breaker_asks(&c, 20, &second));
    assert_false(breaker_asks(&c, 29.9, &refused));
    assert_true(breaker_asks(&c, 30, &third));
    breaker_return(&c.breaker, c.state, second);
    assert_false(breaker_asks(&c, 31, &refused));
    breaker_good(&c, 32, first);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* Counted from the begin of the phase; what the late probe then says is stale. It opens with the timer's time, although
 * nobody asked then. */
static void test_hung_probe_reopens(void **state)
{
    uint32_t first, second, refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 2, probe_timeout: 5s, on_probe_timeout: reopen"));
    assert_true(breaker_asks(&c, 10, &first));
    assert_true(breaker_asks(&c, 14, &second));
    breaker_good(&c, 14.5, second);
    breaker_good(&c, 16, first);
    assert_phase(&c, BREAKER_OPEN);
    assert_int_equal(c.openings, 2);
    assert_false(breaker_asks(&c, 24.9, &refused));
    assert_true(breaker_asks(&c, 25, &refused));
    assert_true(breaker_asks(&c, 41, &refused));
    assert_int_equal(c.openings, 3);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_stop(&c);
}

/* seed3: everybody may probe; a success closes while fewer than two failed, the fourth failure opens. */
static void test_unlimited_probes(void **state)
{
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: unlimited, close_after: 1, close_below: 2, reopen_after: 4"));
    assert_int_equal(breaker_calls(&c, 10, 2, false), 2);
    assert_int_equal(breaker_calls(&c, 10, 50, true), 50);
    assert_phase(&c, BREAKER_HALF_OPEN);
    assert_int_equal(breaker_calls(&c, 10, 5, false), 2);
    assert_phase(&c, BREAKER_OPEN);
    assert_true(breaker_call(&c, 20, false));
    assert_true(breaker_call(&c, 20, true));
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* Without a half-open phase it closes by itself. Its counts are forgotten, or not: then one failure is enough. */
static void test_closes_by_itself(void **state)
{
    (void)state;
    for (int never = 0; never < 2; never++) {
        struct breaker_case c = breaker_start_with("{kind: consecutive, failures: 3, open_for: 10s, probes: 0, %s}",
                                                   never ? "reset: never" : "reset: on-close");
        assert_int_equal(breaker_calls(&c, 0, 5, false), 3);
        assert_int_equal(breaker_calls(&c, 9.9, 5, false), 0);
        assert_int_equal(breaker_calls(&c, 10, 5, false), never ? 1 : 3);
        breaker_stop(&c);
    }
}

/* The counts of a half-open phase go on in the closed one that follows, if they are forgotten before it. */
static void test_reset_on_half_open(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: cumulative, failures: 3, open_for: 10s, probes: unlimited, "
                                          "close_after: 1, reopen_after: 3, reset: on-half-open}");
    assert_int_equal(breaker_calls(&c, 0, 5, false), 3);
    assert_int_equal(breaker_calls(&c, 10, 1, false), 1);
    assert_int_equal(breaker_calls(&c, 10, 1, true), 1);
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(breaker_calls(&c, 11, 5, false), 2);
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* ---- permits ---- */

static void test_unused_permits_come_back(void **state)
{
    uint32_t permit, other;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 1"));
    assert_true(breaker_asks(&c, 10, &permit));
    assert_false(breaker_asks(&c, 10, &other));
    breaker_return(&c.breaker, c.state, permit);
    assert_phase(&c, BREAKER_HALF_OPEN);
    assert_true(breaker_asks(&c, 10, &other));
    breaker_good(&c, 10, other);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_return(&c.breaker, c.state, permit);
    assert_int_equal(c.state->probes_out, 0);
    breaker_stop(&c);
}

/* A permit of an earlier half-open phase frees no place in the next one; old good probes are forgotten. */
static void test_half_open_starts_afresh(void **state)
{
    uint32_t first, second, third, fourth, refused;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 2"));
    assert_true(breaker_call(&c, 10, true));
    assert_true(breaker_asks(&c, 10, &first));
    breaker_return(&c.breaker, c.state, first);
    assert_true(breaker_asks(&c, 10, &second));
    breaker_bad(&c, 10, second);
    assert_true(breaker_asks(&c, 20, &third));
    assert_true(breaker_asks(&c, 20, &fourth));
    breaker_return(&c.breaker, c.state, first);
    assert_false(breaker_asks(&c, 20, &refused));
    breaker_good(&c, 21, third);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_good(&c, 21, fourth);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* One bad probe opens; what the other probes say later belongs to the past. */
static void test_late_probes_are_ignored(void **state)
{
    uint32_t permits[3], next;
    (void)state;
    struct breaker_case c = opened(ONE_FAILURE("probes: 3"));
    for (int i = 0; i < 3; i++)
        assert_true(breaker_asks(&c, 10, &permits[i]));
    breaker_bad(&c, 11, permits[1]);
    breaker_bad(&c, 12, permits[0]);
    breaker_good(&c, 13, permits[2]);
    assert_phase(&c, BREAKER_OPEN);
    assert_int_equal(c.state->mark_ns, breaker_ns(21));
    assert_true(breaker_asks(&c, 21, &next));
    breaker_good(&c, 22, permits[2]);
    assert_int_equal(c.state->good, 0);
    breaker_stop(&c);
}

/* Attempts sent while closed that fail after the trip, during the probe or after it: none of them counts. */
static void test_results_from_before_the_trip_are_ignored(void **state)
{
    uint32_t old[4], probe, fresh;
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 2, open_for: 10s}");
    for (int i = 0; i < 4; i++)
        assert_true(breaker_asks(&c, 0, &old[i]));
    breaker_bad(&c, 1, old[0]);
    breaker_bad(&c, 2, old[1]);
    assert_phase(&c, BREAKER_OPEN);
    breaker_bad(&c, 3, old[2]);
    assert_int_equal(c.state->mark_ns, breaker_ns(12));
    assert_true(breaker_asks(&c, 12, &probe));
    breaker_bad(&c, 12, old[3]);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_good(&c, 13, probe);
    assert_true(breaker_asks(&c, 13, &fresh));
    breaker_bad(&c, 14, old[2]);
    breaker_bad(&c, 14, old[3]);
    breaker_bad(&c, 14, fresh);
    assert_phase(&c, BREAKER_CLOSED);
    breaker_stop(&c);
}

/* ---- what it takes in memory, and what cannot be said ---- */

static void test_state_size(void **state)
{
    static const struct {
        const char *yaml;
        size_t size;
    } cases[] = {
        {"none", 0},
        {"5", 24 + 4},
        {"{kind: consecutive, failures: 5, open_for: {shape: exponential, base: 1s}}", 24 + 4},
        {"{kind: consecutive, failures: 5, open_for: {shape: fixed, base: 1s, jitter: full}}", 24 + 16 + 4},
        {"{kind: cumulative, failures: 5}", 24 + 24},
        {"{kind: count-window, window: 100, ratio: 50%}", 24 + 16 + 2 * 8},
        {"{kind: count-window, window: 100, ratio: 50%, slow_ratio: 1, slow_after: 1s}", 24 + 16 + 4 * 8},
        {"{kind: tumbling, window: 1s, ratio: 50%}", 24 + 32},
        {"{kind: rolling, window: 10s, ratio: 50%}", 24 + 32 + 10 * 8},
        {"{kind: rolling, window: 10s, ratio: 50%, slow_ratio: 1, slow_after: 1s}", 24 + 32 + 10 * 12},
        {"{kind: rolling, window: 10s, ratio: 50%, eval: ticker}", 24 + 16 + 32 + 10 * 8},
        {"{kind: ema, window: 30s, ratio: 20%}", 24 + 24},
        {"{kind: ema, window: 30s, ratio: 20%, min_calls: 5}", 24 + 24 + 32 + 5 * 8},
        {"{kind: any, of: [5, {kind: ema, window: 30s, ratio: 20%}]}", 24 + 8 + 24},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c = breaker_start(cases[i].yaml);
        if (c.state_size != cases[i].size)
            fail_msg("%s: %zu bytes, expected %zu", cases[i].yaml, c.state_size, cases[i].size);
        breaker_stop(&c);
    }
}

static void test_contradictions_are_refused(void **state)
{
    static const struct {
        const char *yaml, *error;
    } cases[] = {
        {"{kind: count-window, window: 10, min_calls: 11, ratio: 50%}",
         "b:1:8: error: count-window: min_calls is above window: so many calls are never in it"},
        {"{kind: rolling, window: 10s}",
         "b:1:8: error: rolling: it would never trip: give it 'failures', a 'ratio' or a "
         "'slow_ratio'"},
        {"{kind: cumulative, slow_ratio: 50%}",
         "b:1:8: error: cumulative: slow_ratio needs slow_after: how long is slow?"},
        {"{kind: tumbling, window: 1s, ratio: 50%, slow_after: 1s}",
         "b:1:8: error: tumbling: slow_after needs slow_ratio: the share of slow calls that trips it"},
        {"{kind: tumbling, window: 1s, ratio: 100%, compare: above}",
         "b:1:8: error: tumbling: a share is never above 100%: use 'compare: at-least'"},
        {"{kind: ema, window: 1s, ratio: 100%, compare: above}",
         "b:1:8: error: ema: an average is never above 100%: use 'compare: at-least'"},
        {"{kind: ema, window: 4ns, ratio: 50%}",
         "b:1:8: error: ema: the window is shorter than its five slices of 1 ns"},
        {"{kind: rolling, window: 5ns, ratio: 50%}",
         "b:1:8: error: rolling: a bucket of the window would be shorter than 1 ns"},
        {"{kind: any}", "b:1:8: error: any: of: at least one part is needed"},
        {"{kind: any, of: [none]}", "b:1:18: error: unknown breaker 'none'; there are: consecutive, cumulative, "
                                    "count-window, tumbling, rolling, ema"},
        {"{kind: consecutive, failures: 1, probes: 0, close_after: 2}",
         "b:1:1: error: a circuit breaker: 'probes: 0' means that there is no half-open phase: say nothing more about "
         "it"},
        {"{kind: consecutive, failures: 1, probes: 0, reset: on-half-open}",
         "b:1:1: error: a circuit breaker: 'probes: 0' means that there is no half-open phase: say nothing more about "
         "it"},
        {"{kind: consecutive, failures: 1, probes: unlimited}",
         "b:1:1: error: a circuit breaker: 'probes: unlimited' needs close_after: how many successes close it?"},
        {"{kind: consecutive, failures: 1, probes: 2, close_after: 3}",
         "b:1:1: error: a circuit breaker: close_after is above probes: it could never close"},
        {"{kind: consecutive, failures: 1, probes: 2, close_below: 3}",
         "b:1:1: error: a circuit breaker: close_below is for 'probes: unlimited': with a limit nothing would be left "
         "to close "
         "it"},
        {"{kind: consecutive, failures: 1, reopen_ratio: 50%, reopen_after: 2}",
         "b:1:1: error: a circuit breaker: with reopen_ratio only the share decides: leave out reopen_after and "
         "close_below"},
        {"{kind: consecutive, failures: 1, open_for: {shape: exponential, base: 1s, jitter: sorted}}",
         "b:1:1: error: a circuit breaker: open_for: this jitter must know how many waits there will be; a breaker "
         "does not"},
        {"{kind: consecutive, failures: 1, open_for: {shape: script, script: scenarios/full-jitter.lua}}",
         "b:1:1: error: a circuit breaker: open_for: scripts are for the waits of requests: give it a shape"},
        {"{kind: consecutive, failures: 1, eval: on_any}", "b:1:40: error: unknown eval 'on_any'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *errors = breaker_errors(cases[i].yaml);
        if (strncmp(errors, cases[i].error, strlen(cases[i].error)) != 0)
            fail_msg("%s\nsays     %s\nexpected %s", cases[i].yaml, errors, cases[i].error);
        free(errors);
    }
}

/* ---- every row ---- */

struct pinned {
    const char *name, *yaml;
    int sent; /* of 1000 attempts 0.1 s apart, all failing, open for 10 s */
};

static const struct pinned pins[] = {
    {"none", "none", 1000},
    {"consecutive", "{kind: consecutive, failures: 5, open_for: 10s}", 14},
    {"cumulative", "{kind: cumulative, failures: 6, compare: above, open_for: 10s}", 16},
    {"count-window", "{kind: count-window, window: 20, min_calls: 10, ratio: 50%, open_for: 10s}", 19},
    {"tumbling", "{kind: tumbling, window: 1s, min_calls: 10, ratio: 50%, open_for: 10s, grid: clock}", 19},
    {"rolling", "{kind: rolling, window: 3s, min_calls: 10, ratio: 50%, open_for: 10s}", 19},
    {"ema", "{kind: ema, window: 1s, ratio: 50%, start: good, open_for: 10s}", 17},
    {"any", "{kind: any, of: [8, {kind: count-window, window: 7, ratio: 50%}], open_for: 10s}", 16},
    {0},
};

static void test_every_breaker(void **state)
{
    (void)state;
    for (size_t i = 0; breaker_table.rows[i]; i++) {
        const struct breaker_row *row = (const struct breaker_row *)breaker_table.rows[i];
        const struct pinned *pin = pins;
        while (pin->name && strcmp(pin->name, row->row.name) != 0)
            pin++;
        if (!pin->name)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
        assert_true(row->row.summary && row->row.size <= CHOICE_BYTES);
        assert_true(!row->add == !row->reset && !row->add == !row->is_bad && !row->add == !row->counts_size);
        assert_true(!row->asked == !row->hears_calls);
        struct breaker_case c = breaker_start(pin->yaml);
        int sent = 0;
        for (int k = 0; k < 1000; k++)
            sent += breaker_call(&c, k * 0.1, false);
        breaker_stop(&c);
        if (sent != pin->sent)
            fail_msg("%s sends %d, pinned is %d", pin->name, sent, pin->sent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cycle),
        cmocka_unit_test(test_closing_forgets),
        cmocka_unit_test(test_failed_probe_opens_for_the_whole_time),
        cmocka_unit_test(test_end_of_open_is_lazy),
        cmocka_unit_test(test_none_admits_everything),
        cmocka_unit_test(test_fail_open),
        cmocka_unit_test(test_open_ends_strictly_after),
        cmocka_unit_test(test_open_ends_with_a_tick),
        cmocka_unit_test(test_open_time_grows_until_it_closes),
        cmocka_unit_test(test_open_time_counts_openings_for_ever),
        cmocka_unit_test(test_openings_are_forgotten_one_by_one),
        cmocka_unit_test(test_open_time_is_drawn_from_the_key),
        cmocka_unit_test(test_open_time_has_a_chain),
        cmocka_unit_test(test_open_for_ever),
        cmocka_unit_test(test_probes_are_limited),
        cmocka_unit_test(test_probes_one_at_a_time),
        cmocka_unit_test(test_first_of_many_probes_decides),
        cmocka_unit_test(test_several_failures_reopen),
        cmocka_unit_test(test_share_of_probes_decides),
        cmocka_unit_test(test_share_of_fewer_results_than_probes),
        cmocka_unit_test(test_slow_probe_is_bad),
        cmocka_unit_test(test_hung_probe_for_ever),
        cmocka_unit_test(test_hung_probe_another),
        cmocka_unit_test(test_hung_probe_reopens),
        cmocka_unit_test(test_unlimited_probes),
        cmocka_unit_test(test_closes_by_itself),
        cmocka_unit_test(test_reset_on_half_open),
        cmocka_unit_test(test_unused_permits_come_back),
        cmocka_unit_test(test_half_open_starts_afresh),
        cmocka_unit_test(test_late_probes_are_ignored),
        cmocka_unit_test(test_results_from_before_the_trip_are_ignored),
        cmocka_unit_test(test_state_size),
        cmocka_unit_test(test_contradictions_are_refused),
        cmocka_unit_test(test_every_breaker),
    };
    return cmocka_run_group_tests_name("breaker", tests, NULL, NULL);
}
