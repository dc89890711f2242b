/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What trips a breaker: each way of counting, each rule, and when they are looked at. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "breaker_case.h"
#include "policy/breaker/rows.h"

/* The number of the result that opens a new breaker, of a pattern of 'x' failed and '.' good, all at time 0. */
static int trips_at(const char *yaml, const char *pattern)
{
    struct breaker_case c = breaker_start(yaml);
    int trip = breaker_opens_at(&c, 0, pattern);
    breaker_stop(&c);
    return trip;
}

static void call_slowly(struct breaker_case *c, double time_s, double latency_s, bool good)
{
    uint32_t permit;
    assert_true(breaker_asks(c, time_s, &permit));
    breaker_tells(c, time_s, permit, &(struct breaker_sample){.latency_ns = breaker_ns(latency_s), .good = good});
}

/* ---- consecutive, cumulative ---- */

static void test_success_ends_the_run(void **state)
{
    (void)state;
    assert_int_equal(trips_at("{kind: consecutive, failures: 3}", "xx.xx.xx.xx.xxx"), 15);
    assert_int_equal(trips_at("{kind: consecutive, failures: 3, compare: above}", "xxx.xxxx"), 8);
    assert_int_equal(trips_at("1", "...x"), 4);
}

static void test_cumulative_never_forgives(void **state)
{
    (void)state;
    assert_int_equal(trips_at("{kind: cumulative, failures: 3}", "x....x....x"), 11);
    assert_int_equal(trips_at("{kind: cumulative, failures: 3, compare: above}", "x....x....x.x"), 13);
    assert_int_equal(trips_at("{kind: cumulative, ratio: 50%, min_calls: 4}", "x.xx"), 4);
    assert_int_equal(trips_at("{kind: cumulative, ratio: 50%, min_calls: 4}", "....xxx.xx"), 10);
}

/* ---- count-window ---- */

static void test_count_window(void **state)
{
    (void)state;
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 50%}", "xx.."), 4);
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 50%}", "x...x....x...x..."), 0);
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 50%}", "......x.x"), 9);
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 50%, min_calls: 1}", "x"), 1);
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 100%, min_calls: 2}", "x.xxxx"), 6);
    assert_int_equal(trips_at("{kind: count-window, window: 1, ratio: 100%}", "..x"), 3);
    assert_int_equal(trips_at("{kind: count-window, window: 3, ratio: 1e-9}", "......x"), 7);
    assert_int_equal(trips_at("{kind: count-window, window: 5, failures: 3}", "x.x....xx.x"), 11);
    assert_int_equal(trips_at("{kind: count-window, window: 4, ratio: 50%, compare: above}", "xx..xxx"), 7);
}

/* 7 failures of 100 are 7 %, 6 are not, and with `above` 8 are needed; also across the words of the ring and after it
 * wrapped. */
static void test_shares_are_exact(void **state)
{
    char pattern[320];
    (void)state;
    for (int failures = 6; failures <= 8; failures++) {
        memset(pattern, '.', 310);
        pattern[310] = 0;
        for (int i = 0; i < failures; i++)
            pattern[210 + i * 13] = 'x';
        assert_int_equal(trips_at("{kind: count-window, window: 100, ratio: 7%}", pattern), failures >= 7 ? 289 : 0);
        assert_int_equal(trips_at("{kind: count-window, window: 100, ratio: 7%, compare: above}", pattern),
                         failures == 8 ? 302 : 0);
    }
}

/* The ring against a plain recount of the last results. */
static void test_count_window_matches_a_recount(void **state)
{
    enum { WINDOW = 130, CALLS = 5000 };
    static bool bad[CALLS];
    struct breaker_case c = breaker_start("{kind: count-window, window: 130, ratio: 50%}");
    struct stream stream = stream_at(4, 0, 0);
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        int failures = 0;
        bad[i] = stream_uniform(&stream) < 0.35 + 0.02 * sin(i / 300.0);
        for (int k = i; k >= 0 && k > i - WINDOW; k--)
            failures += bad[k];
        assert_true(breaker_call(&c, 0, !bad[i]));
        bool expected = i + 1 >= WINDOW && failures * 2 >= WINDOW;
        assert_int_equal(c.state->phase == BREAKER_OPEN, expected);
        if (expected)
            break;
    }
    breaker_stop(&c);
}

static void test_count_window_forgets_on_closing(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: count-window, window: 4, ratio: 50%, open_for: 10s}");
    breaker_calls(&c, 0, 4, false);
    assert_true(breaker_call(&c, 10, true));
    assert_int_equal(breaker_calls(&c, 10, 10, false), 4);
    breaker_stop(&c);
}

/* ---- tumbling ---- */

/* Windows of 1 s by the clock: two failures at its end and two at the next one's begin are never three in one. */
static void test_tumbling_window_on_the_grid(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: tumbling, window: 1s, failures: 3, grid: clock}");
    assert_int_equal(breaker_calls(&c, 5.999999999, 2, false), 2);
    assert_int_equal(breaker_calls(&c, 6, 2, false), 2);
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(breaker_calls(&c, 6.999999999, 2, false), 1);
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* Spring: a window begins with a call and lasts until a call comes more than 5 s later. An answer that arrives after
 * that time, but before such a call, still belongs to it. */
static void test_tumbling_window_from_a_call(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = breaker_start("{kind: tumbling, window: 5s, starts: call, failures: 3}");
    assert_int_equal(breaker_calls(&c, 3, 1, false), 1);
    assert_int_equal(breaker_calls(&c, 8, 1, false), 1);
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(breaker_calls(&c, 8.000000001, 2, false), 2);
    assert_true(breaker_asks(&c, 9, &permit));
    breaker_bad(&c, 20, permit);
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* ---- rolling ---- */

/* Ten buckets of 1 s: what was counted at 0.5 s is still there at 9.9 s, and gone at 10 s. */
static void test_rolling_window_forgets_by_buckets(void **state)
{
    (void)state;
    for (int gone = 0; gone < 2; gone++) {
        struct breaker_case c = breaker_start("{kind: rolling, window: 10s, failures: 4, grid: clock}");
        assert_int_equal(breaker_calls(&c, 0.5, 2, false), 2);
        assert_int_equal(breaker_calls(&c, 1.5, 1, false), 1);
        assert_int_equal(breaker_calls(&c, gone ? 10 : 9.999999999, 1, false), 1);
        assert_phase(&c, gone ? BREAKER_CLOSED : BREAKER_OPEN);
        breaker_stop(&c);
    }
}

static void test_rolling_window_after_a_long_time(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: rolling, window: 10s, ratio: 50%, min_calls: 4}");
    breaker_calls(&c, 0, 100, true);
    breaker_calls(&c, 0, 2, false);
    assert_int_equal(breaker_calls(&c, 1e8, 10, false), 4);
    breaker_stop(&c);
}

/* Against a plain recount: results in the present bucket and the four before it, shifted by the breaker's own phase. */
static void test_rolling_window_matches_a_recount(void **state)
{
    enum { CALLS = 4000, TRIPS = 20 };
    static int64_t at_ns[CALLS];
    static bool bad[CALLS];
    int trips = 0;
    (void)state;
    struct breaker_case c = breaker_start("{kind: rolling, window: 5s, buckets: 5, ratio: 60%, min_calls: 8}");
    struct stream phase = stream_at(c.key, UINT64_MAX, 0), stream = stream_at(8, 0, 0);
    int64_t shift_ns = (int64_t)(stream_next(&phase) >> 14), now_ns = 0, second = breaker_ns(1);
    for (int i = 0, first = 0; i < CALLS && trips < TRIPS; i++) {
        double gap = stream_uniform(&stream), u = stream_uniform(&stream);
        now_ns += breaker_ns(gap * gap);
        at_ns[i] = now_ns;
        bad[i] = u < 0.4;
        int calls = 0, failures = 0;
        for (int k = i; k >= first; k--)
            if ((at_ns[k] + shift_ns) / second > (now_ns + shift_ns) / second - 5) {
                calls++;
                failures += bad[k];
            }
        assert_true(breaker_call(&c, (double)now_ns * 1e-9, !bad[i]));
        bool expected = calls >= 8 && failures * 10 >= calls * 6;
        assert_int_equal(c.state->phase == BREAKER_OPEN, expected);
        if (expected) {
            now_ns = c.state->mark_ns + 1;
            assert_true(breaker_call(&c, (double)now_ns * 1e-9, true));
            first = i + 1;
            trips++;
        }
    }
    assert_int_equal(trips, TRIPS);
    breaker_stop(&c);
}

/* ---- a moving average ---- */

/* Finagle: w = exp(-dt / window), the first result is the average. A failure every 2 s of 10: 1, then with one success
 * between, e^-0.1 + ... step by step in doubles. */
static void test_ema_is_the_formula(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: ema, window: 10s, ratio: 90%, compare: above}");
    struct stream stream = stream_at(9, 0, 0);
    double average = 0, last_s = 0, now_s = 3;
    for (int i = 0; i < 1000; i++) {
        double gap = stream_uniform(&stream), u = stream_uniform(&stream);
        bool bad = u < 0.7;
        double weight = i == 0 ? 0 : exp(-(now_s - last_s) / 10);
        average = average * weight + bad * (1 - weight);
        assert_true(breaker_call(&c, now_s, !bad));
        if (fabs(average - 0.9) > 1e-6)
            assert_int_equal(c.state->phase == BREAKER_OPEN, average > 0.9);
        if (c.state->phase == BREAKER_OPEN)
            break;
        last_s = now_s;
        now_s += 2 * gap;
    }
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* Everything fails, once a second. The average passes 20 % at window x ln(1 / 0.8) = 6.7 s if it began as good (the
 * failure at 0 s has no weight then), at once if it begins with the first result; not before five results are in, nor
 * before an age of 8 s. */
static void test_ema_needs_results_and_age(void **state)
{
    static const struct {
        const char *more;
        int trip_s;
    } cases[] = {{"start: good", 7}, {"start: first-result", 0}, {"min_calls: 5", 4}, {"min_calls: 5, min_age: 8s", 8}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c =
            breaker_start_with("{kind: ema, window: 30s, ratio: 20%, compare: above, %s}", cases[i].more);
        int now_s = 0;
        while (breaker_call(&c, now_s, false) && c.openings == 0)
            now_s++;
        assert_int_equal(now_s, cases[i].trip_s);
        breaker_stop(&c);
    }
}

/* Five slices of 6 s: at 30 s the results of the first slice no longer count as calls, but still in the average. */
static void test_ema_counts_calls_in_slices(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: ema, window: 30s, ratio: 20%, min_calls: 5, grid: clock}");
    breaker_calls(&c, 1, 4, false);
    assert_true(breaker_call(&c, 30, false));
    assert_phase(&c, BREAKER_CLOSED);
    assert_int_equal(breaker_calls(&c, 31, 10, false), 4);
    breaker_stop(&c);
}

/* ---- several at once ---- */

static void test_any_trips_with_one_of_its_parts(void **state)
{
    static const char yaml[] = "{kind: any, of: [3, {kind: count-window, window: 6, ratio: 50%}]}";
    (void)state;
    assert_int_equal(trips_at(yaml, "xxx"), 3);
    assert_int_equal(trips_at(yaml, "x.x.x."), 6);
    assert_int_equal(trips_at(yaml, "x..x..x....x.xx"), 15);
}

/* A throttled call is bad for the share and for a probe, but does not make a run. */
static void test_parts_forgive(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = breaker_start("{kind: any, open_for: 10s, of: [{kind: consecutive, failures: 3, forgives: "
                                          "throttled}, {kind: count-window, window: 8, ratio: 50%}]}");
    for (int i = 0; i < 8; i++) {
        assert_true(breaker_asks(&c, 0, &permit));
        breaker_tells(&c, 0, permit, &(struct breaker_sample){.failure = FAILURE_THROTTLED});
        assert_phase(&c, i < 7 ? BREAKER_CLOSED : BREAKER_OPEN);
    }
    assert_true(breaker_asks(&c, 10, &permit));
    breaker_tells(&c, 10, permit, &(struct breaker_sample){.failure = FAILURE_THROTTLED});
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
}

/* ---- rules ---- */

/* Slow is longer than slow_after; slow successes count, and whatever else happened does not matter. */
static void test_slow_calls(void **state)
{
    static const char *const kinds[] = {"kind: count-window, window: 4", "kind: rolling, window: 10s, min_calls: 4",
                                        "kind: tumbling, window: 10s, min_calls: 4, grid: clock",
                                        "kind: cumulative, min_calls: 4"};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct breaker_case c = breaker_start_with("{%s, slow_ratio: 50%, slow_after: 2s}", kinds[i]);
        call_slowly(&c, 1, 3, true);
        call_slowly(&c, 1, 2, true);
        call_slowly(&c, 1, 2, false);
        assert_phase(&c, BREAKER_CLOSED);
        call_slowly(&c, 1, 2.000000001, true);
        assert_phase(&c, BREAKER_OPEN);
        breaker_stop(&c);
    }
}

/* Slow calls leave the window again. */
static void test_slow_calls_are_forgotten(void **state)
{
    (void)state;
    struct breaker_case c = breaker_start("{kind: count-window, window: 4, slow_ratio: 50%, slow_after: 2s}");
    call_slowly(&c, 1, 3, true);
    for (int i = 0; i < 4; i++)
        call_slowly(&c, 1, 1, false);
    call_slowly(&c, 1, 3, true);
    assert_phase(&c, BREAKER_CLOSED);
    call_slowly(&c, 1, 3, true);
    assert_phase(&c, BREAKER_OPEN);
    breaker_stop(&c);
    struct breaker_case r =
        breaker_start("{kind: rolling, window: 10s, slow_ratio: 50%, slow_after: 2s, min_calls: 2, grid: clock}");
    call_slowly(&r, 1, 3, true);
    call_slowly(&r, 11, 1, true);
    call_slowly(&r, 11, 1, true);
    call_slowly(&r, 11, 3, true);
    assert_phase(&r, BREAKER_CLOSED);
    call_slowly(&r, 11, 3, true);
    assert_phase(&r, BREAKER_OPEN);
    breaker_stop(&r);
}

/* 499 of 1000 are 49 whole percents, 500 are 50. */
static void test_whole_percents(void **state)
{
    (void)state;
    for (int bad = 499; bad <= 500; bad++) {
        struct breaker_case c = breaker_start("{kind: count-window, window: 1000, ratio: 49.5%, whole_percent: true}");
        breaker_calls(&c, 0, bad, false);
        breaker_calls(&c, 0, 1000 - bad, true);
        assert_phase(&c, bad == 500 ? BREAKER_OPEN : BREAKER_CLOSED);
        breaker_stop(&c);
    }
}

static void test_min_age(void **state)
{
    static const char *const kinds[] = {"kind: count-window, window: 1", "kind: rolling, window: 1s",
                                        "kind: tumbling, window: 1s", "kind: cumulative"};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct breaker_case c = breaker_start_with("{%s, failures: 1, min_age: 5s, open_for: 10s}", kinds[i]);
        assert_int_equal(breaker_calls(&c, 4.999999999, 9, false), 9);
        assert_int_equal(breaker_calls(&c, 5, 9, false), 1);
        assert_true(breaker_call(&c, 15, true));
        assert_int_equal(breaker_calls(&c, 19.999999999, 9, false), 9);
        assert_int_equal(breaker_calls(&c, 20, 9, false), 1);
        breaker_stop(&c);
    }
}

/* out_of: calls. Those under way count: three bad ones are the only results, but not 40 % of the eight that asked. */
static void test_share_of_all_calls(void **state)
{
    static const char *const kinds[] = {"kind: cumulative", "kind: rolling, window: 10s",
                                        "kind: tumbling, window: 10s, grid: clock",
                                        "kind: any, of: [{kind: cumulative, ratio: 40%, out_of: calls}]"};
    uint32_t permits[8];
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool parts = strncmp(kinds[i], "kind: any", 9) == 0;
        struct breaker_case c = breaker_start_with(parts ? "{%s}" : "{%s, ratio: 40%, out_of: calls}", kinds[i]);
        for (int k = 0; k < 8; k++)
            assert_true(breaker_asks(&c, 1, &permits[k]));
        for (int k = 0; k < 3; k++)
            breaker_bad(&c, 2, permits[k]);
        assert_phase(&c, BREAKER_CLOSED);
        breaker_bad(&c, 2, permits[3]);
        assert_phase(&c, BREAKER_OPEN);
        breaker_stop(&c);
    }
}

/* ---- when they are looked at ---- */

/* Five of ten failed when the tenth succeeds: only on-any opens then; on-failure waits for the next failure, on-call
 * for the next call, which it refuses. */
static void test_moments_of_evaluation(void **state)
{
    (void)state;
    for (enum breaker_eval eval = EVAL_ON_ANY; eval <= EVAL_ON_CALL; eval++) {
        static const char *const names[] = {"eval: on-any", "eval: on-failure", "eval: on-call"};
        struct breaker_case c = breaker_start_with("{kind: count-window, window: 10, ratio: 50%, %s}", names[eval]);
        breaker_calls(&c, 0, 5, false);
        breaker_calls(&c, 0, 5, true);
        assert_int_equal(c.openings, eval == EVAL_ON_ANY);
        assert_int_equal(breaker_call(&c, 1, false), eval == EVAL_ON_FAILURE);
        assert_int_equal(c.openings, 1);
        assert_int_equal(c.state->mark_ns, breaker_ns(eval == EVAL_ON_ANY ? 30 : 31));
        breaker_stop(&c);
    }
}

/* A tick sees what happened before it, not what happens at its instant; it opens with its own time. */
static void test_ticker(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = breaker_start("{kind: consecutive, failures: 2, eval: ticker, tick: 500ms, grid: clock}");
    assert_int_equal(breaker_calls(&c, 1.2, 50, false), 50);
    assert_int_equal(breaker_calls(&c, 1.499999999, 50, false), 50);
    assert_int_equal(breaker_calls(&c, 1.5, 50, false), 0);
    assert_int_equal(c.openings, 1);
    assert_int_equal(c.state->mark_ns, breaker_ns(31.5));
    breaker_renew(&c, 1);
    assert_int_equal(breaker_calls(&c, 1.5, 50, false), 50);
    assert_int_equal(breaker_calls(&c, 1.999999999, 1, false), 1);
    assert_true(breaker_asks(&c, 1000, &permit));
    assert_int_equal(c.openings, 1);
    assert_phase(&c, BREAKER_HALF_OPEN);
    breaker_stop(&c);
}

/* Nothing happens after 1.3 s. The successes of the first bucket are forgotten at 10 s, so the tick at 10.25 s finds
 * only failures; whoever asks much later learns that it opened then. */
static void test_ticker_sees_what_is_forgotten(void **state)
{
    uint32_t permit;
    (void)state;
    struct breaker_case c = breaker_start("{kind: rolling, window: 10s, ratio: 50%, min_calls: 10, eval: ticker, tick: "
                                          "250ms, open_for: 60s, grid: clock}");
    breaker_calls(&c, 0.5, 40, true);
    breaker_calls(&c, 1.3, 10, false);
    assert_true(breaker_asks(&c, 10.249999999, &permit));
    assert_false(breaker_asks(&c, 15, &permit));
    assert_int_equal(c.state->mark_ns, breaker_ns(70.25));
    breaker_stop(&c);
}

/* A breaker that hears only of its calls, and one that is also woken at each tick (by a result of long ago, which says
 * nothing): they open at the same times, whatever the window. */
static bool compare_with_a_timer(const char *yaml, uint64_t seed)
{
    struct breaker_case lazy = breaker_start(yaml), eager = breaker_start(yaml);
    struct stream stream = stream_at(31, seed, 0), phase = stream_at(seed, UINT64_MAX, 0);
    int64_t shift_ns = (int64_t)(stream_next(&phase) >> 14), now_ns = 0, tick_ns = lazy.breaker.tick_ns;
    lazy.key = eager.key = seed;
    for (int i = 0; i < 300 && eager.openings == 0; i++) {
        double gap = stream_uniform(&stream), u = stream_uniform(&stream);
        int64_t next_ns = now_ns + breaker_ns(5 * gap * gap * gap * gap);
        for (int64_t t = now_ns + tick_ns - (now_ns + shift_ns) % tick_ns; t <= next_ns; t += tick_ns)
            breaker_bad(&eager, (double)t * 1e-9, UINT32_MAX);
        now_ns = next_ns;
        bool lazily = breaker_call(&lazy, (double)now_ns * 1e-9, u > 0.5);
        bool eagerly = breaker_call(&eager, (double)now_ns * 1e-9, u > 0.5);
        assert_int_equal(lazily, eagerly);
        assert_int_equal(lazy.openings, eager.openings);
    }
    assert_int_equal(lazy.state->phase, eager.state->phase);
    if (lazy.state->phase == BREAKER_OPEN)
        assert_int_equal(lazy.state->mark_ns, eager.state->mark_ns);
    breaker_stop(&lazy);
    breaker_stop(&eager);
    return lazy.openings > 0;
}

static void test_ticker_is_as_exact_as_a_timer(void **state)
{
    static const char *const yamls[] = {
        "{kind: rolling, window: 5s, buckets: 5, ratio: 70%, min_calls: 6, eval: ticker, tick: 500ms, open_for: 1h}",
        "{kind: rolling, window: 3s, buckets: 7, failures: 8, min_age: 4s, eval: ticker, tick: 170ms, open_for: 1h}",
        "{kind: tumbling, window: 4s, ratio: 80%, min_calls: 5, eval: ticker, tick: 300ms, open_for: 1h}",
        "{kind: tumbling, window: 4s, starts: call, failures: 7, min_age: 9s, eval: ticker, tick: 1s, open_for: 1h}",
        "{kind: count-window, window: 9, ratio: 80%, min_age: 15s, eval: ticker, tick: 1s, open_for: 1h}",
        "{kind: ema, window: 5s, ratio: 85%, min_calls: 4, min_age: 7s, eval: ticker, tick: 700ms, open_for: 1h}",
        "{kind: cumulative, failures: 9, min_age: 20s, eval: ticker, tick: 1s, open_for: 1h}",
        "{kind: any, of: [6, {kind: rolling, window: 4s, buckets: 4, ratio: 75%, min_calls: 7}], eval: ticker, tick: "
        "1s, "
        "open_for: 1h}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof yamls / sizeof *yamls; i++) {
        int opened = 0;
        for (uint64_t seed = 1; seed <= 100; seed++)
            opened += compare_with_a_timer(yamls[i], seed);
        if (opened < 50)
            fail_msg("%s opens in %d of 100 cases: it tests little", yamls[i], opened);
    }
}

/* ---- results needed to trip, against renewal theory and an absorbing chain ---- */

static void check_mean_to_open(const char *yaml, double p, double mean, double variance)
{
    enum { RUNS = 40000 };
    double sum = 0;
    struct breaker_case c = breaker_start(yaml);
    for (uint64_t run = 0; run < RUNS; run++) {
        struct stream stream = stream_at(stream_key(6, 0, "breaker", c.breaker.choice.row->name), run, 0);
        breaker_renew(&c, 1);
        while (c.state->phase == BREAKER_CLOSED) {
            double u = stream_uniform(&stream);
            breaker_call(&c, 0, u >= p);
            sum += 1.0 / RUNS;
        }
    }
    breaker_stop(&c);
    if (!(fabs(sum - mean) <= 5 * sqrt(variance / RUNS)))
        fail_msg("%s: %.6g results to open, expected %.6g", yaml, sum, mean);
}

static void test_results_to_open(void **state)
{
    (void)state;
    check_mean_to_open("5", 0.5, 62, 3390);
    check_mean_to_open("{kind: count-window, window: 10, ratio: 50%}", 0.3, 34.8016146448,
                       28.6188747202 * 28.6188747202);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success_ends_the_run),
        cmocka_unit_test(test_cumulative_never_forgives),
        cmocka_unit_test(test_count_window),
        cmocka_unit_test(test_shares_are_exact),
        cmocka_unit_test(test_count_window_matches_a_recount),
        cmocka_unit_test(test_count_window_forgets_on_closing),
        cmocka_unit_test(test_tumbling_window_on_the_grid),
        cmocka_unit_test(test_tumbling_window_from_a_call),
        cmocka_unit_test(test_rolling_window_forgets_by_buckets),
        cmocka_unit_test(test_rolling_window_after_a_long_time),
        cmocka_unit_test(test_rolling_window_matches_a_recount),
        cmocka_unit_test(test_ema_is_the_formula),
        cmocka_unit_test(test_ema_needs_results_and_age),
        cmocka_unit_test(test_ema_counts_calls_in_slices),
        cmocka_unit_test(test_any_trips_with_one_of_its_parts),
        cmocka_unit_test(test_parts_forgive),
        cmocka_unit_test(test_slow_calls),
        cmocka_unit_test(test_slow_calls_are_forgotten),
        cmocka_unit_test(test_whole_percents),
        cmocka_unit_test(test_min_age),
        cmocka_unit_test(test_share_of_all_calls),
        cmocka_unit_test(test_moments_of_evaluation),
        cmocka_unit_test(test_ticker),
        cmocka_unit_test(test_ticker_sees_what_is_forgotten),
        cmocka_unit_test(test_ticker_is_as_exact_as_a_timer),
        cmocka_unit_test(test_results_to_open),
    };
    return cmocka_run_group_tests_name("breaker_windows", tests, NULL, NULL);
}
