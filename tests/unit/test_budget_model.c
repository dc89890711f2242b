/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets in the model: when they are asked, what they hold, what several of them do together, and scenario errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"
#include "policy/budget/rows.h"

/* `count` requests at 0 s to a service that refuses all. */
#define REFUSED(count, policy)                                                                          \
    "duration: 100s\n"                                                                                  \
    "clients: [{name: a, count: " count ", arrival: {kind: burst}, calls: s, policy: {" policy "}}]\n"  \
    "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n"                       \
    "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"

static const void *budget_state(const struct model_case *m, size_t budget)
{
    return m->world->edges[0].budgets[budget].memory;
}

static void assert_idle(const struct model_case *m)
{
    const struct budget_inflight_state *state = budget_state(m, 0);
    assert_int_equal(state->retries, 0);
    assert_int_equal(state->waiting, 0);
    assert_int_equal(state->requests, 0);
}

/* Ten fail at once and wait 1 s. Asked before the wait three get a slot; asked after it each has its slot only while it
 * is refused, in no time, so all ten get one. */
static void test_pitfall_held_while_waiting_or_not(void **state)
{
    (void)state;
    struct model_case m = model_run(REFUSED("10", "attempts: 2, backoff: {shape: fixed, base: 1s}, "
                                                  "budget: {kind: inflight, ratio: 0, min: 3}"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 13);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 7);
    assert_idle(&m);
    model_free(&m);
    m = model_run(REFUSED("10", "attempts: 2, backoff: {shape: fixed, base: 1s}, "
                                "budget: {kind: inflight, ratio: 0, min: 3, base: requests, when: after}"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 20);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 0);
    assert_idle(&m);
    model_free(&m);
}

/* 20 % of what is active: of 40 that fail one by one in the same instant each finds those before it gone, waiting or
 * denied. The first is granted on min 1; the second finds 39 active, 1 retry: 7; ... while retries < floor(.2 active). */
static void test_inflight_counts_what_is_active(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\n"
                                    "clients: [{name: a, count: 40, arrival: {kind: burst}, calls: s, policy: {attempts: 2, "
                                    "timeout: 1s, backoff: {shape: fixed, base: 10s}, "
                                    "budget: {kind: inflight, ratio: 20%, min: 0}}}]\n"
                                    "services: [{name: s, workers: 1, service_time: 50s, queue: {capacity: 100}}]\n");
    int64_t retries = 0, requests = 40;
    for (int i = 0; i < 40; i++) {
        int64_t active = requests - retries;
        if (retries < active / 5)
            retries++;
        else
            requests--;
    }
    assert_int_equal(caller_count(&m, 0, COUNT_RETRIES), retries);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 40 - retries);
    assert_idle(&m);
    model_free(&m);
}

/* A request that is over while its retry waits gives its slot back. */
static void test_inflight_hears_of_a_deadline_in_the_wait(void **state)
{
    (void)state;
    struct model_case m =
        model_run(REFUSED("5", "attempts: 2, deadline: 2s, deadline_rule: cut, backoff: {shape: fixed, base: 10s}, "
                               "budget: {kind: inflight, ratio: 0, min: 3}"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 5);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 2);
    assert_idle(&m);
    model_free(&m);
}

/* The wait is longer than what the deadline leaves: granted, then not sent. */
static void test_inflight_hears_that_a_retry_is_not_sent(void **state)
{
    (void)state;
    struct model_case m =
        model_run(REFUSED("5", "attempts: 2, deadline: 2s, deadline_rule: stop, backoff: {shape: fixed, base: 10s}, "
                               "budget: {kind: inflight, ratio: 0, min: 3}"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 5);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 0);
    assert_idle(&m);
    model_free(&m);
}

/* Retries and hedges under way are held until their request is over. */
static void test_inflight_and_hedges(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\n"
                                    "clients: [{name: a, count: 10, arrival: {kind: burst}, calls: s, policy: {"
                                    "hedge: {delay: 1s, extra: 1}, budget: {kind: inflight, ratio: 0, min: 3}}}]\n"
                                    "services: [{name: s, workers: 100, service_time: 5s, queue: {capacity: 0}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 13);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 7);
    assert_idle(&m);
    model_free(&m);
}

/* The second budget allows two; what the first one granted beyond that it has back. */
static void test_of_several_all_must_grant(void **state)
{
    (void)state;
    struct model_case m = model_run(REFUSED("10", "attempts: 2, backoff: {shape: fixed, base: 1s}, "
                                                  "budget: [{kind: bucket, size: 5}, {kind: bucket, size: 2}]"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 12);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 8);
    assert_int_equal(*(const int64_t *)budget_state(&m, 0), 3 * BUDGET_TOKEN);
    assert_int_equal(*(const int64_t *)budget_state(&m, 1), 0);
    model_free(&m);
}

/* 5 % of a balance of 100: five retries, whatever `attempts` would allow. */
static void test_limit_of_a_single_request(void **state)
{
    (void)state;
    struct model_case m =
        model_run(REFUSED("1", "attempts: unlimited, "
                               "budget: {kind: window, ratio: 20%, min_rate: 10/s, earns: success, per_request: 5%}"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 6);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 1);
    model_free(&m);
}

/* Cost by class: the service is full (overloaded), a retry costs 2 of 5 tokens; anything else would cost 5. */
static void test_costs_by_class(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\n"
                                    "clients: [{name: a, count: 10, arrival: {kind: burst}, calls: s, policy: {attempts: 2, "
                                    "budget: {kind: bucket, size: 5, cost: 5, costs: {on: overloaded, cost: 2}}}}]\n"
                                    "services: [{name: s, workers: 1, service_time: 50s, queue: {capacity: 0}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_RETRIES), 2);
    assert_int_equal(*(const int64_t *)budget_state(&m, 0), 1 * BUDGET_TOKEN);
    model_free(&m);
}

static void assert_error(const char *budget, const char *expected)
{
    char text[1000];
    snprintf(text, sizeof text,
             "name: x\nduration: 1s\nclients:\n  - name: a\n    arrival: {kind: burst}\n    calls: s\n    policy:\n"
             "      attempts: 2\n      budget: %s\nservices: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n",
             budget);
    char *errors = model_errors(text, NULL);
    if (!strstr(errors, expected))
        fail_msg("'%s' is not in:\n%s", expected, errors);
    free(errors);
}

static void test_errors_say_what_is_wrong(void **state)
{
    (void)state;
    assert_error("{kind: inflight, ratio: 20%, when: after}",
                 "t.yaml:9:15: error: a retry budget: base: attempts needs 'when: before'");
    assert_error("{kind: bucket, size: 5, costs: [{on: timeout, cost: 9}]}",
                 "bucket: a retry needs more than size: none could ever be paid");
    assert_error("{kind: bucket, size: 5, costs: [{on: timeuot, cost: 9}]}", "timeout");
    assert_error("{kind: bucket, size: 5, refund_retry: fixed}", "refund_retry: fixed and refund_amount belong");
    assert_error("{kind: bucket, size: 9, refund_retry: all, costs: {on: timeout, cost: 2}}", "refund_retry: all");
    assert_error("{kind: bucket, size: 9, cost: 3, needs: 2}", "needs is below a cost");
    assert_error("{kind: throttle, ratio: 0.0001}", "ratio is below 0.001");
    assert_error("{kind: window, ratio: 20%, slices: 0}", "slices");
    assert_error("{kind: windw, ratio: 20%}", "window");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitfall_held_while_waiting_or_not),
        cmocka_unit_test(test_inflight_counts_what_is_active),
        cmocka_unit_test(test_inflight_hears_of_a_deadline_in_the_wait),
        cmocka_unit_test(test_inflight_hears_that_a_retry_is_not_sent),
        cmocka_unit_test(test_inflight_and_hedges),
        cmocka_unit_test(test_of_several_all_must_grant),
        cmocka_unit_test(test_limit_of_a_single_request),
        cmocka_unit_test(test_costs_by_class),
        cmocka_unit_test(test_errors_say_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
