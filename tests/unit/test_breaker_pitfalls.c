/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where breakers that look alike differ: each pitfall is a test of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "breaker_case.h"
#include "model_case.h"

/* ---- strictness ---- */

/* "5 failures" is the fifth one with >=, the sixth with >. */
static void test_pitfall_strictness_of_the_count(void **state)
{
    (void)state;
    struct breaker_case at_least = breaker_start("{kind: consecutive, failures: 5}");
    struct breaker_case above = breaker_start("{kind: consecutive, failures: 5, compare: above}");
    assert_int_equal(breaker_opens_at(&at_least, 0, "xxxxxxx"), 5);
    assert_int_equal(breaker_opens_at(&above, 0, "xxxxxxx"), 6);
    breaker_stop(&at_least);
    breaker_stop(&above);
}

/* "50 %" of ten is five with >=, six with >. */
static void test_pitfall_strictness_of_the_share(void **state)
{
    (void)state;
    struct breaker_case at_least = breaker_start("{kind: count-window, window: 10, ratio: 50%}");
    struct breaker_case above = breaker_start("{kind: count-window, window: 10, ratio: 50%, compare: above}");
    assert_int_equal(breaker_opens_at(&at_least, 0, "xxxxx....."), 10);
    assert_int_equal(breaker_opens_at(&above, 0, "xxxxx....."), 0);
    breaker_renew(&above, 1);
    assert_int_equal(breaker_opens_at(&above, 0, "xxxxxx...."), 10);
    breaker_stop(&at_least);
    breaker_stop(&above);
}

/* A client that calls every 5 s finds a breaker of 10 s closed with its second call, or with its third. */
static void test_pitfall_strictness_of_the_timer(void **state)
{
    (void)state;
    for (int after = 0; after < 2; after++) {
        struct breaker_case c = breaker_start_with("{kind: consecutive, failures: 1, open_for: 10s, open_ends: %s}",
                                                   after ? "after" : "at");
        int sent = 0;
        for (int s = 0; s <= 60; s += 5)
            sent += breaker_call(&c, s, false);
        assert_int_equal(sent, after ? 5 : 7);
        breaker_stop(&c);
    }
}

/* ---- the moment of evaluation ---- */

/* 50 calls, then 100 calls a second of the other kind; looked at from the 100th call on, bad are 50 %. On the way up
 * (good, then bad) every breaker opens, that with a timer up to a tick later, here after 40 calls more. On the way
 * down (bad, then good) looking after failures comes too late, and the tick finds only 50 bad ones of 140. */
static void test_pitfall_moment_of_evaluation(void **state)
{
    static const struct {
        const char *eval;
        int sent_up, sent_down; /* of 1000 calls of the other kind */
    } cases[] = {
        {"on-any", 50, 50}, {"on-failure", 50, 1000}, {"on-call", 50, 50}, {"ticker, tick: 1s, grid: clock", 90, 1000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c = breaker_start_with(
            "{kind: rolling, window: 1min, min_calls: 100, ratio: 50%, open_for: 1h, eval: %s}", cases[i].eval);
        for (int down = 0; down < 2; down++) {
            int sent = 0;
            breaker_renew(&c, 1);
            breaker_calls(&c, 3.1, 50, !down);
            for (int k = 0; k < 1000; k++)
                sent += breaker_call(&c, 3.1 + k * 0.01, down);
            assert_int_equal(sent, down ? cases[i].sent_down : cases[i].sent_up);
        }
        breaker_stop(&c);
    }
}

/* ---- fleets ---- */

enum { FLEET = 200 };

/* In how many different steps of 100 ms the breakers of a fleet opened, and the most in one. */
struct spread {
    int steps, most;
};

static struct spread spread_of(const int step_of[FLEET])
{
    struct spread spread = {0, 0};
    for (int i = 0; i < FLEET; i++) {
        int same = 0, before = 0;
        for (int k = 0; k < FLEET; k++) {
            same += step_of[k] == step_of[i];
            before += k < i && step_of[k] == step_of[i];
        }
        spread.steps += before == 0;
        spread.most = same > spread.most ? same : spread.most;
    }
    return spread;
}

/* Everything fails from 0.75 s on, a call every 100 ms. Windows of 1 s by the clock: all forget three failures at 1 s
 * and open with the fifth in the next second, together. Windows with a phase of their own: spread over half a second,
 * most of them at once. */
static void test_pitfall_clock_alignment_synchronises_a_fleet(void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) {
        int opened[FLEET];
        struct breaker_case c =
            breaker_start_with("{kind: tumbling, window: 1s, failures: 5, grid: %s}", own ? "own" : "clock");
        for (int i = 0; i < FLEET; i++) {
            breaker_renew(&c, (uint64_t)i);
            for (int step = 0; c.openings == 0; step++) {
                breaker_call(&c, 0.75 + step * 0.1, false);
                opened[i] = step;
            }
        }
        struct spread spread = spread_of(opened);
        assert_int_equal(spread.steps, own ? 5 : 1);
        assert_true(own ? spread.most < FLEET * 8 / 10 : spread.most == FLEET);
        breaker_stop(&c);
    }
}

/* A fleet whose breakers opened in the same instant, a call every 100 ms each. Constant: all probe in the same
 * instant, fail, open together, probe together again. Jittered: the probes are spread over the seconds of the jitter.
 * */
static void test_pitfall_constant_open_time_synchronises_probes(void **state)
{
    static const char *const open_for[] = {"10s", "{shape: fixed, base: 10s, jitter: equal}"};
    (void)state;
    for (int jittered = 0; jittered < 2; jittered++) {
        int probed[2][FLEET];
        struct breaker_case c =
            breaker_start_with("{kind: consecutive, failures: 1, open_for: %s}", open_for[jittered]);
        for (int i = 0; i < FLEET; i++) {
            breaker_renew(&c, (uint64_t)i);
            breaker_call(&c, 0, false);
            for (int step = 1, probes = 0; probes < 2; step++)
                if (breaker_call(&c, step * 0.1, false))
                    probed[probes++][i] = step;
        }
        for (int probe = 0; probe < 2; probe++) {
            struct spread spread = spread_of(probed[probe]);
            assert_true(jittered ? spread.steps > 40 : spread.steps == 1);
            assert_true(jittered ? spread.most < FLEET / 10 : spread.most == FLEET);
        }
        breaker_stop(&c);
    }
}

/* ---- late results ---- */

/* A slow call from before the trip, whose answer comes while it is open and while it is half-open. */
static enum breaker_phase after_late_result(const char *stale, bool open, bool good)
{
    uint32_t late, probe;
    struct breaker_case c =
        breaker_start_with("{kind: consecutive, failures: 2, open_for: 10s, reset: never, stale: %s}", stale);
    assert_true(breaker_asks(&c, 0, &late));
    breaker_calls(&c, 1, 2, false);
    assert_phase(&c, BREAKER_OPEN);
    if (!open)
        assert_true(breaker_asks(&c, 11, &probe));
    if (good)
        breaker_good(&c, open ? 5 : 12, late);
    else
        breaker_bad(&c, open ? 5 : 12, late);
    enum breaker_phase phase = (enum breaker_phase)c.state->phase;
    breaker_stop(&c);
    return phase;
}

static void test_pitfall_late_results_while_half_open(void **state)
{
    (void)state;
    assert_int_equal(after_late_result("ignore", false, false), BREAKER_HALF_OPEN);
    assert_int_equal(after_late_result("ignore", false, true), BREAKER_HALF_OPEN);
    assert_int_equal(after_late_result("count", false, false), BREAKER_OPEN);
    assert_int_equal(after_late_result("count", false, true), BREAKER_CLOSED);
    assert_int_equal(after_late_result("unless-open", false, false), BREAKER_OPEN);
    assert_int_equal(after_late_result("unless-open", false, true), BREAKER_CLOSED);
}

/* It changes no phase, and no time: Polly, resilience4j and others take no action then. */
static void test_pitfall_late_results_while_open(void **state)
{
    static const char *const rules[] = {"ignore", "count", "unless-open"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(after_late_result(rules[i], true, false), BREAKER_OPEN);
        assert_int_equal(after_late_result(rules[i], true, true), BREAKER_OPEN);
    }
}

/* But with `count` it is in the counts. Here it closes by itself and does not forget them: a success that came while
 * it was open has ended the run, so that one failure does not open it again. */
static void test_pitfall_late_results_are_remembered(void **state)
{
    static const struct {
        const char *stale;
        int opens_at;
    } cases[] = {{"ignore", 1}, {"unless-open", 1}, {"count", 2}};
    uint32_t late;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c = breaker_start_with(
            "{kind: consecutive, failures: 2, open_for: 10s, probes: 0, reset: never, stale: %s}", cases[i].stale);
        assert_true(breaker_asks(&c, 0, &late));
        breaker_calls(&c, 1, 2, false);
        breaker_good(&c, 5, late);
        assert_int_equal(breaker_opens_at(&c, 11, "xxx"), cases[i].opens_at);
        breaker_stop(&c);
    }
}

/* With slow timeouts this dominates. Of the calls of the first second 20 hang until their timeout of 30 s and five
 * fail at once. At 10 s the service is well and the probe closes the breaker; at 30 s the hung ones fail, all
 * together. */
static void test_pitfall_late_timeouts_open_a_healthy_breaker(void **state)
{
    uint32_t hung[20];
    (void)state;
    for (int counts = 0; counts < 2; counts++) {
        struct breaker_case c = breaker_start_with("{kind: consecutive, failures: 5, open_for: 10s, stale: %s}",
                                                   counts ? "count" : "ignore");
        for (int i = 0; i < 20; i++)
            assert_true(breaker_asks(&c, 0, &hung[i]));
        breaker_calls(&c, 0, 5, false);
        assert_int_equal(breaker_calls(&c, 10, 100, true), 100);
        for (int i = 0; i < 20; i++)
            breaker_bad(&c, 30, hung[i]);
        assert_phase(&c, counts ? BREAKER_OPEN : BREAKER_CLOSED);
        assert_int_equal(breaker_calls(&c, 31, 100, true), counts ? 0 : 100);
        breaker_stop(&c);
    }
}

/* ---- half-open ---- */

/* A hundred callers are there when it becomes half-open, and the answers take a while. */
static void test_pitfall_width_of_half_open(void **state)
{
    static const struct {
        const char *probes;
        int sent;
    } cases[] = {{"1", 1}, {"10", 10}, {"10, probes_at_once: 2", 2}, {"unlimited, close_after: 1", 100}, {"0", 100}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c =
            breaker_start_with("{kind: consecutive, failures: 1, open_for: 10s, probes: %s}", cases[i].probes);
        int sent = 0;
        breaker_call(&c, 0, false);
        for (int k = 0; k < 100; k++) {
            uint32_t permit;
            sent += breaker_asks(&c, 10, &permit);
        }
        assert_int_equal(sent, cases[i].sent);
        breaker_stop(&c);
    }
}

/* The probe of Polly 8 that hangs shuts the breaker for ever; Polly 7 lets out another each time it would have been
 * open again; resilience4j opens, if it is told to wait. */
static void test_pitfall_hung_probe(void **state)
{
    static const struct {
        const char *rule;
        int sent; /* in an hour of a call a second, all hanging */
    } cases[] = {
        {"probe_timeout: none", 1}, {"probe_timeout: 30s", 120}, {"probe_timeout: 30s, on_probe_timeout: reopen", 60}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breaker_case c =
            breaker_start_with("{kind: consecutive, failures: 1, open_for: 30s, %s}", cases[i].rule);
        int sent = 0;
        breaker_call(&c, 0, false);
        for (int s = 30; s < 3630; s++) {
            uint32_t permit;
            sent += breaker_asks(&c, s, &permit);
        }
        assert_int_equal(sent, cases[i].sent);
        breaker_stop(&c);
    }
}

/* ---- opossum ---- */

/* Six of ten calls failed: open. While it is open 50 calls are refused, and they count: when it is closed again, the
 * next failure makes 7 of 62, not 7 of 12. */
static void test_pitfall_refused_calls_in_the_denominator(void **state)
{
    (void)state;
    for (int calls = 0; calls < 2; calls++) {
        struct breaker_case c =
            breaker_start_with("{kind: rolling, window: 1min, ratio: 50%, compare: above, min_calls: "
                               "10, open_for: 10s, reset: never, eval: on-failure, out_of: %s}",
                               calls ? "calls" : "answers");
        assert_int_equal(breaker_opens_at(&c, 0, "....xxxxxx"), 10);
        assert_int_equal(breaker_calls(&c, 5, 50, true), 0);
        assert_true(breaker_call(&c, 10, true));
        breaker_call(&c, 11, false);
        assert_phase(&c, calls ? BREAKER_CLOSED : BREAKER_OPEN);
        breaker_stop(&c);
    }
}

/* ---- inside or outside retry ---- */

#define REFUSING_SERVICE                                                                                               \
    "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}}]\n"                              \
    "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"

static struct model_case run_ten_requests(const char *per, const char *retry_on)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 20s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s, policy: {attempts: 3,"
             " retry_on: %s, breaker: {kind: consecutive, failures: 5, open_for: 1h, per: %s}}}]\n" REFUSING_SERVICE,
             retry_on, per);
    return model_run(text);
}

/* Three attempts a request. Inside retry each attempt is a sample: the fifth one, of the second request, opens it, and
 * that request's last attempt is refused. Outside, a request is a sample: five requests and 15 attempts. */
static void test_pitfall_inside_or_outside_retry(void **state)
{
    (void)state;
    for (int outside = 0; outside < 2; outside++) {
        struct model_case m = run_ten_requests(outside ? "request" : "attempt", "all");
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), outside ? 15 : 5);
        assert_int_equal(caller_count(&m, 0, COUNT_BREAKER_OPENINGS), 1);
        model_free(&m);
    }
}

/* What it refuses inside is a failure that is retried unless it is excluded: three refusals for each later request, or
 * one. Of 19 requests two were sent (five attempts, one refusal). */
static void test_pitfall_rejections_are_retried(void **state)
{
    (void)state;
    struct model_case retried = run_ten_requests("attempt", "all");
    struct model_case excluded = run_ten_requests("attempt", "[all, -breaker-open]");
    assert_int_equal(caller_count(&retried, 0, COUNT_LOCAL_REJECTIONS), 1 + 17 * 3);
    assert_int_equal(caller_count(&excluded, 0, COUNT_LOCAL_REJECTIONS), 1 + 17);
    model_free(&retried);
    model_free(&excluded);
}

/* ---- what a gate refuses ---- */

/* One call at a time, of 1 s, and ten at once: nine find the bulkhead full. A breaker that counts that (Hystrix) is
 * open after five; one that ignores what was never sent is not. */
static void test_pitfall_full_bulkhead_is_a_failure(void **state)
{
    (void)state;
    for (int counts = 0; counts < 2; counts++) {
        char text[600];
        snprintf(text, sizeof text,
                 "duration: 5s\nclients: [{name: a, count: 10, arrival: {kind: burst}, calls: s, policy: {gates: "
                 "{kind: bulkhead, max: 1, scope: population}, breaker: {kind: consecutive, failures: 5, open_for: 1h, "
                 "scope: population%s}}}]\n"
                 "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n",
                 counts ? ", counts: all, ignores: breaker-open" : "");
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 1);
        assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 9);
        assert_int_equal(caller_count(&m, 0, COUNT_BREAKER_OPENINGS), counts);
        model_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitfall_strictness_of_the_count),
        cmocka_unit_test(test_pitfall_strictness_of_the_share),
        cmocka_unit_test(test_pitfall_strictness_of_the_timer),
        cmocka_unit_test(test_pitfall_moment_of_evaluation),
        cmocka_unit_test(test_pitfall_clock_alignment_synchronises_a_fleet),
        cmocka_unit_test(test_pitfall_constant_open_time_synchronises_probes),
        cmocka_unit_test(test_pitfall_late_results_while_half_open),
        cmocka_unit_test(test_pitfall_late_results_while_open),
        cmocka_unit_test(test_pitfall_late_results_are_remembered),
        cmocka_unit_test(test_pitfall_late_timeouts_open_a_healthy_breaker),
        cmocka_unit_test(test_pitfall_width_of_half_open),
        cmocka_unit_test(test_pitfall_hung_probe),
        cmocka_unit_test(test_pitfall_refused_calls_in_the_denominator),
        cmocka_unit_test(test_pitfall_inside_or_outside_retry),
        cmocka_unit_test(test_pitfall_rejections_are_retried),
        cmocka_unit_test(test_pitfall_full_bulkhead_is_a_failure),
    };
    return cmocka_run_group_tests_name("breaker_pitfalls", tests, NULL, NULL);
}
