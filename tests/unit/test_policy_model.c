/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy does to a request, beyond timeouts and retries (test_caller.c): rules for failures, deadlines, timeouts
 * that grow, requests that must not be done twice, several budgets, gates and breakers around whole requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "model_case.h"

#define FREE_SERVICE(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
#define REFUSING_SERVICE FREE_SERVICE("1s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"
#define FAILING_SERVICE \
    "services: [{name: s, workers: unlimited, service_time: 0s, error_ratio: 1, queue: {capacity: 0}}]\n"
#define REQUESTS(count, more) "clients: [{name: a, count: " #count ", arrival: {kind: burst}, calls: s, " more "}]\n"
#define ONE_REQUEST(more) REQUESTS(1, more)

/* ---- rules ---- */

/* Up to 9 attempts, but after a refusal one retry, after an error two: whichever comes. */
static void test_retries_by_failure(void **state)
{
    (void)state;
    static const char rules[] = "policy: {attempts: 9, backoff: 1s, rules: [{on: refused, retries: 1}, "
                                "{on: [error, refused], retries: 2}]}";
    char text[512];
    snprintf(text, sizeof text, "duration: 9s\n" ONE_REQUEST("%s") REFUSING_SERVICE, rules);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 0 0 0 0 0 0");
    model_free(&m);
    snprintf(text, sizeof text, "duration: 9s\n" ONE_REQUEST("%s") FAILING_SERVICE, rules);
    m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 1 0 0 0 0 0 0");
    model_free(&m);
}

/* A backoff of its own after some failures: 3 s after errors, 1 s otherwise. */
static void test_backoff_by_failure(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE_REQUEST(
        "policy: {attempts: 3, backoff: 1s, rules: {on: error, backoff: 3s}}") FAILING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 0 1 0 0 1 0 0");
    model_free(&m);
}

/* ---- deadlines ---- */

/* Attempts of 1 s that time out, waits of 2 s (sent at 0, 3, 6 s), a deadline of 4.5 s. */
static void check_deadline(const char *more, const char *attempts, const char *failed)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 8s\n" ONE_REQUEST("policy: {timeout: 1s, attempts: 9, backoff: 2s, deadline: 4500ms, %s}")
                 FREE_SERVICE("100s"),
             more);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, attempts);
    assert_caller_bins(&m, 0, COUNT_FAILED, failed);
    model_free(&m);
}

static void test_deadline_rules(void **state)
{
    (void)state;
    check_deadline("deadline_rule: stop", "1 0 0 1 0 0 0 0", "0 0 0 0 1 0 0 0");
    /* Fails at 4 s as well, but because the next wait would end at 6 s. */
    check_deadline("deadline_rule: stop, deadline_cuts: false", "1 0 0 1 0 0 0 0", "0 0 0 0 1 0 0 0");
    /* Waits until 4.5 s and tries once more; that attempt is given up at 5.5 s. */
    check_deadline("deadline_rule: clip, deadline_cuts: false", "1 0 0 1 1 0 0 0", "0 0 0 0 0 1 0 0");
    /* 4 s is before the deadline, so it waits its 2 s; 7 s is after it. */
    check_deadline("deadline_rule: check, deadline_cuts: false", "1 0 0 1 0 0 1 0", "0 0 0 0 0 0 0 1");
    /* Waits, and the deadline ends the wait. */
    check_deadline("deadline_rule: cut", "1 0 0 1 0 0 0 0", "0 0 0 0 1 0 0 0");
    /* The clock is read when the failed attempt was sent: the one sent at 3 s may wait 1.5 s, and is sent at 5.5 s. */
    check_deadline("deadline_rule: clip, deadline_cuts: false, deadline_from: attempt", "1 0 0 1 0 1 0 0",
                   "0 0 0 0 0 0 1 0");
}

/* The attempt under way is cut at the deadline, or not. */
static void test_deadline_cuts(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" ONE_REQUEST("policy: {deadline: 1500ms}") FREE_SERVICE("3s"));
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 1 0");
    model_free(&m);
    m = model_run("duration: 5s\n" ONE_REQUEST("policy: {deadline: 1500ms, deadline_cuts: false}") FREE_SERVICE("3s"));
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 1 0");
    model_free(&m);
}

/* ---- timeouts ---- */

/* 1 s, 2 s, then 3 s where 4 s would come: given up at 1, 3, 6 s. */
static void test_timeouts_grow(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "policy: {timeout: 1s, timeout_growth: 2, timeout_cap: 3s, attempts: 3}") FREE_SERVICE("100s"));
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 1 0 1 0 0 1 0");
    model_free(&m);
}

/* A timeout of 2 s, cut to what 3 s leave: given up at 2 s and at 3 s. */
static void test_timeout_is_cut_to_the_deadline(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "policy: {timeout: 2s, timeout_clip: true, attempts: 9, deadline: 3s, deadline_cuts: false}")
                                        FREE_SERVICE("100s"));
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 1 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 1 0 0 0 0");
    model_free(&m);
}

/* The last attempt has no timeout: it is sent at 1 s and answered at 5 s. */
static void test_last_attempt_without_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "policy: {timeout: 1s, attempts: 2, last_timeout: false}") FREE_SERVICE("4s"));
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* What never reaches the service is noticed after 1 s; what does, after 3 s. */
static void test_connect_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE_REQUEST(
        "network: {request_loss: 1}, policy: {timeout: 3s, connect_timeout: 1s, attempts: 3, "
        "retry_on: connect-timeout, backoff: 1s}") FREE_SERVICE("1s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 1 0 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 1 0 0 0");
    model_free(&m);
    m = model_run("duration: 9s\n" ONE_REQUEST("policy: {timeout: 3s, connect_timeout: 1s}") FREE_SERVICE("5s"));
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 0 1 0 0 0 0 0");
    model_free(&m);
}

/* ---- what must not be done twice ---- */

/* None of the requests is idempotent: a timeout is not retried (perhaps executed), a refusal is (not executed). */
static void test_unsafe_requests_stop(void **state)
{
    (void)state;
    static const char policy[] = "idempotent_ratio: 0, policy: {timeout: 1s, attempts: 2, unsafe: stop}";
    char text[512];
    snprintf(text, sizeof text, "duration: 5s\n" ONE_REQUEST("%s") FREE_SERVICE("2s"), policy);
    struct model_case m = model_run(text);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 1);
    model_free(&m);
    snprintf(text, sizeof text, "duration: 5s\n" ONE_REQUEST("%s") REFUSING_SERVICE, policy);
    m = model_run(text);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 2);
    model_free(&m);
}

/* 30 % of 10 000 requests are idempotent; sd = sqrt(10000 x 0.3 x 0.7) = 46, 5 sigma = 230. */
static void test_idempotent_ratio(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" REQUESTS(
        10000, "idempotent_ratio: 0.3, policy: {timeout: 1s, attempts: 2, unsafe: stop}") FREE_SERVICE("2s"));
    assert_in_range(caller_count(&m, 0, COUNT_RETRIES), 3000 - 230, 3000 + 230);
    model_free(&m);
}

/* ---- budgets ---- */

/* Of two budgets both must grant: three tokens and one. Four requests fail at once; one is retried. What the first
 * budget had given for a retry that the second denied, it got back: so the later round has its two tokens. */
static void test_all_budgets_must_grant(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" REQUESTS(
        4, "policy: {attempts: 3, backoff: 1s, budget: [{kind: bucket, size: 3}, {kind: bucket, size: 1, "
           "refill: 1/s}]}") REFUSING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "4 1 1 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 3);
    model_free(&m);
}

/* Asked when the wait is over: the request that is denied fails after it. */
static void test_budget_after_the_wait(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" REQUESTS(
        3, "policy: {attempts: 2, backoff: 2s, budget: {kind: bucket, size: 1, when: after}}") REFUSING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 3 0 0");
    assert_caller_bins(&m, 0, COUNT_DENIED_RETRIES, "0 0 2 0 0");
    assert_caller_bins(&m, 0, COUNT_RETRIES, "0 0 1 0 0");
    model_free(&m);
}

/* ---- around whole requests ---- */

/* One request a second may begin; its retries pass freely. The others fail without a send. */
static void test_gate_for_requests(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" REQUESTS(
        3, "policy: {attempts: 3, gates: {kind: token-bucket, rate: 1/s, per: request, scope: population}}")
                                        REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 2);
    model_free(&m);
}

/* Waits of a gate for requests count towards the deadline: permits at 0, 1, 2, 3 s, deadline 1.5 s. */
static void test_deadline_while_waiting_at_the_gate(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" REQUESTS(
        4, "policy: {deadline: 1500ms, gates: {kind: token-bucket, rate: 1/s, on_empty: wait, per: request, "
           "scope: population}}") FREE_SERVICE("0s"));
    assert_caller_bins(&m, 0, COUNT_GOOD, "1 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 2 0 0 0");
    model_free(&m);
}

/* Outside retry the breaker counts requests, inside it attempts: three attempts a request, three failures trip it. The
 * inner one trips within the first request, so only its attempts are sent; the outer one within the third. */
static void test_breaker_inside_and_outside(void **state)
{
    (void)state;
    static const struct {
        const char *per;
        int64_t attempts;
    } cases[] = {{"attempt", 3}, {"request", 9}};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 50s\nclients: [{name: a, count: 1, arrival: {kind: renewal, gap: 5s}, calls: s, policy: "
                 "{attempts: 3, breaker: {kind: consecutive, failures: 3, open_for: 1000s, per: %s}}}]\n"
                 REFUSING_SERVICE, cases[i].per);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), cases[i].attempts);
        model_free(&m);
    }
}

/* Errors do not count for this breaker, so it never trips. */
static void test_breaker_counts(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" ONE_REQUEST(
        "policy: {attempts: 9, breaker: {kind: consecutive, failures: 2, open_for: 100s, counts: timeout}}")
                                        FAILING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 9);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retries_by_failure),
        cmocka_unit_test(test_backoff_by_failure),
        cmocka_unit_test(test_deadline_rules),
        cmocka_unit_test(test_deadline_cuts),
        cmocka_unit_test(test_timeouts_grow),
        cmocka_unit_test(test_timeout_is_cut_to_the_deadline),
        cmocka_unit_test(test_last_attempt_without_timeout),
        cmocka_unit_test(test_connect_timeout),
        cmocka_unit_test(test_unsafe_requests_stop),
        cmocka_unit_test(test_idempotent_ratio),
        cmocka_unit_test(test_all_budgets_must_grant),
        cmocka_unit_test(test_budget_after_the_wait),
        cmocka_unit_test(test_gate_for_requests),
        cmocka_unit_test(test_deadline_while_waiting_at_the_gate),
        cmocka_unit_test(test_breaker_inside_and_outside),
        cmocka_unit_test(test_breaker_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
