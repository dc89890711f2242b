/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a caller does with its backoff: when it sends, when it stops, whose state it uses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_case.h"

/* A service that refuses everything. */
#define REFUSING                                                                                                       \
    "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}}]\n"                              \
    "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"
#define ONE_REQUEST(policy) "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: " policy "}]\n"

/* Kubernetes, base 10 ms, cap 50 ms, 10 steps: sent at 0, 10, 30 ms; then it sleeps 40 ms and fails at 70 ms. */
static void test_stop_at_cap_sleeps_once_more(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100ms\nbin: 10ms\n" ONE_REQUEST(
        "{attempts: 10, backoff: {shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 0 0 1 0 0");
    assert_true(m.world->edges[0].backing_off.area == (area_t)(70 * SECOND / 1000));
    assert_int_equal(m.world->edges[0].failed_latency->max, 70 * SECOND / 1000);
    model_free(&m);
}

/* With 3 steps the limit of attempts is there first: no sleep after the third. */
static void test_attempts_end_before_the_cap(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100ms\nbin: 10ms\n" ONE_REQUEST(
        "{attempts: 3, backoff: {shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 1 0 0 0 0 0 0");
    model_free(&m);
}

/* A backoff that is entered beyond its cap has no wait: the request fails at once. Retry 2, after the service's
 * refusal (waits 10 ms), would wait 20 ms of a backoff with a cap of 15 ms; retry 1 was another one's. */
static void test_beyond_the_cap_there_is_no_retry(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 100ms\nbin: 10ms\n"
        "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 10ms, attempts: 5, backoff: 10ms,"
        " rules: {on: refused, backoff: {shape: exponential, base: 10ms, cap: 15ms, at_cap: stop}}}}]\n"
        "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}}]\n"
        "faults: [{kind: outage, mode: refuse, service: s, at: 15ms}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 1 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0 0 0");
    model_free(&m);
}

/* The deadline still counts while it sleeps for the last time. */
static void test_deadline_in_the_last_sleep(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 100ms\nbin: 10ms\n" ONE_REQUEST("{attempts: 10, deadline: 50ms, deadline_rule: cut, backoff: "
                                                   "{shape: exponential, base: 10ms, cap: 50ms, at_cap: "
                                                   "stop}}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 1 0 0 0 0");
    model_free(&m);
}

/* A closed-loop client that makes one request after the other: each chain starts anew with its first wait of 10 ms. */
static void test_pitfall_chain_state_ends_with_the_request(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 100ms\nbin: 10ms\n"
        "clients: [{name: a, closed: {think: fixed, mean: 10ms}, calls: s, policy: {attempts: 2, backoff: {shape: "
        "exponential, base: 10ms, cap: 1s, jitter: {kind: decorrelated, lower: previous, first: base}}}}]\n" REFUSING);
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 1 0 1 0 1 0 1 0 1");
    assert_caller_bins(&m, 0, COUNT_RETRIES, "0 0 1 0 1 0 1 0 1 0");
    model_free(&m);
}

/* Sorted waits: as many as there are retries, ascending, each request its own. */
static void test_sorted_schedule_in_a_run(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 2s\nbin: 100ms\nclients: [{name: a, count: 1000, arrival: {kind: burst}, calls: s, "
                  "policy: {attempts: "
                  "4, backoff: {shape: fixed, base: 100ms, jitter: {kind: sorted, low: 0, high: 3}}}}]\n" REFUSING);
    /* Failed after the sum of three U(0, 300 ms), whatever their order: mean 450 ms, variance 3 * 300^2 / 12, kurtosis
     * 2.6. */
    const struct hist *failed = m.world->edges[0].failed_latency;
    assert_int_equal(failed->count, 1000);
    assert_true(fabs(hist_mean(failed) / 1e6 - 450) < 5 * sqrt(3 * 300.0 * 300 / 12 / 1000));
    assert_true(fabs(hist_variance(failed) / 1e12 - 22500) < 5 * 22500 * sqrt(1.6 / 1000));
    /* The first is the least of three: below 100 ms with probability 1 - (2/3)^3, unsorted 1/3; 5 standard errors. */
    assert_true((double)m.world->edges[0].place.rows[0].counts[COUNT_RETRIES] > 704 - 5 * sqrt(1000 * 0.704 * 0.296));
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stop_at_cap_sleeps_once_more),
        cmocka_unit_test(test_attempts_end_before_the_cap),
        cmocka_unit_test(test_beyond_the_cap_there_is_no_retry),
        cmocka_unit_test(test_deadline_in_the_last_sleep),
        cmocka_unit_test(test_pitfall_chain_state_ends_with_the_request),
        cmocka_unit_test(test_sorted_schedule_in_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
