/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hedging: when the next attempt is sent, who wins, what becomes of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "model_case.h"

#define FREE_SERVICE(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
#define REFUSING_SERVICE FREE_SERVICE("1s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"
#define ONE_REQUEST(more) "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {" more "}}]\n"

/* Service 4 s; sends at 0, 1, 2 s. The first answer wins at 4 s; the others, at 5 and 6 s, come late. */
static void test_first_answer_wins(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST("hedge: {delay: 1s, extra: 2}") FREE_SERVICE("4s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 1 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 0 0 1 1 0");
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 2);
    model_free(&m);
}

/* An answer before the delay: no hedge. */
static void test_no_hedge_when_fast(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST("hedge: {delay: 1s, extra: 2}") FREE_SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 1);
    model_free(&m);
}

/* The service that cancels frees the losers' workers when the request is good. */
static void test_losers_are_cancelled(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST("hedge: {delay: 1s}")
                                    "services: [{name: s, workers: unlimited, service_time: 4s, queue: {capacity: 0}, "
                                    "cancel: running}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_CANCELLED), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 0);
    model_free(&m);
}

/* Each attempt has its own timeout of 2 s: sent at 0, 1, 2 s, given up at 2, 3, 4 s; only then the request fails. */
static void test_each_has_its_timeout(void **state)
{
    (void)state;
    static const char *const on_failure[] = {"wait", "next"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 8s\n" ONE_REQUEST("timeout: 2s, hedge: {delay: 1s, extra: 2, on_failure: %s}")
                     FREE_SERVICE("100s"),
                 on_failure[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 1 1 1 0 0 0");
        assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 1 0 0 0");
        model_free(&m);
    }
}

/* Refused at once: with `next` the hedges go out in the same instant, with `wait` when they are due. */
static void test_after_a_failure(void **state)
{
    (void)state;
    static const char *const on_failure[] = {"next", "wait"}, *const attempts[] = {"3 0 0 0", "1 1 1 0"};
    static const char *const failed[] = {"1 0 0 0", "0 0 1 0"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 4s\n" ONE_REQUEST("hedge: {delay: 1s, extra: 2, on_failure: %s}") REFUSING_SERVICE,
                 on_failure[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_ATTEMPTS, attempts[i]);
        assert_caller_bins(&m, 0, COUNT_FAILED, failed[i]);
        model_free(&m);
    }
}

/* A failure that is not retried ends the request, and with it the other attempt. */
static void test_final_failure_ends_it(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "timeout: 2s, retry_on: refused, hedge: {delay: 1s, extra: 2}") FREE_SERVICE("100s"));
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 1);
    model_free(&m);
}

/* When all have failed the request is retried like any other, without further hedges. */
static void test_retry_after_hedges(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "attempts: 4, backoff: 2s, hedge: {delay: 1s, extra: 1}") REFUSING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "2 0 1 0 1 0 0 0");
    model_free(&m);
}

/* Envoy: the timeout of 1 s does not give the attempt up, it sends the next. The first answer, at 2.5 s, wins. With
 * none left, the last timeout ends all. */
static void test_hedge_on_attempt_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "timeout: 1s, hedge: {after: attempt-timeout, extra: 3}") FREE_SERVICE("2500ms"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 1 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0 0 0");
    model_free(&m);
    m = model_run("duration: 8s\n" ONE_REQUEST("timeout: 1s, hedge: {after: attempt-timeout, extra: 1}")
                      FREE_SERVICE("2500ms"));
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 1 1 0 0 0 0");
    model_free(&m);
}

/* Hedges are paid like retries: the bucket has one token for two requests. */
static void test_budget_pays_for_hedges(void **state)
{
    (void)state;
    static const char *const ask[] = {"true", "false"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 8s\nclients: [{name: a, count: 2, arrival: {kind: burst}, calls: s, policy: {budget: "
                 "{kind: bucket, size: 1}, hedge: {delay: 1s, ask_budget: %s}}}]\n" FREE_SERVICE("4s"), ask[i]);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_RETRIES), 1 + i);
        assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 1 - i);
        model_free(&m);
    }
}

/* Two permits a 100 s for three sends: the second hedge is not let out, and nothing waits for it. */
static void test_gate_limits_hedges(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "gates: {kind: token-bucket, rate: 0.01/s, burst: 2}, hedge: {delay: 1s, extra: 2}") FREE_SERVICE("4s"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1);
    model_free(&m);
}

/* The deadline gives up all of them at once. */
static void test_deadline_ends_all(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST("deadline: 2500ms, hedge: {delay: 1s, extra: 2}")
                                        FREE_SERVICE("4s"));
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 0 1 1 1 0");
    model_free(&m);
}

/* Lost attempts stay under way until their timeout. */
static void test_lost_attempts(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nclients: [{name: a, arrival: {kind: burst}, calls: s, "
                                    "network: {request_loss: 100%}, policy: {timeout: 3s, hedge: {delay: 1s}}}]\n"
                                    FREE_SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 2);
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 0 1 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 1 0 0 0");
    model_free(&m);
}

/* After the 90 % quantile: exponential service of mean 1 s, so of the requests that come once it is known a tenth gets
 * a hedge (ln 10 = 2.3 s). The first refresh, 100 s, has none. sd of that share over 9000 requests: sqrt(0.09 / 9000) =
 * 0.0032; each of the 9 quantiles comes from some 1000 latencies, which adds sqrt(0.09 / 1000 / 9) = 0.0032. Together
 * 0.0045; 5 sigma are 200 / 9000. */
static void test_quantile_delay(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 1000s\nbin: 100s\nclients: [{name: a, arrival: {kind: poisson, rate: 10/s}, calls: s, policy: "
        "{hedge: {after: quantile, quantile: 90%, refresh: 100s}}}]\n" FREE_SERVICE("{law: exponential, mean: 1s}"));
    assert_int_equal(m.world->edges[0].place.rows[0].counts[COUNT_RETRIES], 0);
    double share = (double)caller_count(&m, 0, COUNT_RETRIES) /
                   (double)(caller_count(&m, 0, COUNT_REQUESTS) - 1000);
    assert_true(share > 0.1 - 200 / 9000.0 && share < 0.1 + 200 / 9000.0);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_answer_wins),
        cmocka_unit_test(test_no_hedge_when_fast),
        cmocka_unit_test(test_losers_are_cancelled),
        cmocka_unit_test(test_each_has_its_timeout),
        cmocka_unit_test(test_after_a_failure),
        cmocka_unit_test(test_final_failure_ends_it),
        cmocka_unit_test(test_retry_after_hedges),
        cmocka_unit_test(test_hedge_on_attempt_timeout),
        cmocka_unit_test(test_budget_pays_for_hedges),
        cmocka_unit_test(test_gate_limits_hedges),
        cmocka_unit_test(test_deadline_ends_all),
        cmocka_unit_test(test_lost_attempts),
        cmocka_unit_test(test_quantile_delay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
