/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a client policy: defaults, what it means, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "policy/policy.h"

/* The policy lives as long as the arena. */
static struct policy accepted(const char *text, struct arena *arena)
{
    struct policy policy;
    char *errors = backoff_case_decode(&policy_record, text, &policy, arena);
    if (errors)
        fail_msg("%s: %s", text, errors);
    return policy;
}

static void refuses(const char *text, const char *words)
{
    struct arena arena = {0};
    struct policy policy;
    char *errors = backoff_case_decode(&policy_record, text, &policy, &arena);
    if (!errors || !strstr(errors, words))
        fail_msg("%s: %s", text, errors ? errors : "accepted");
    free(errors);
    arena_free(&arena);
}

static void test_defaults(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct policy p = accepted("{attempts: 3}", &arena);
    assert_null(p.timeout);
    assert_true(p.attempts == 3 && p.deadline_ns == INT64_MAX && p.persistence == 1);
    for (enum failure failure = 0; failure < FAILURE_KINDS; failure++)
        assert_int_equal(policy_retries(&p, failure), !failure_in(FAILURES_FINAL, failure));
    assert_int_equal(p.budgets.count, 0);
    assert_string_equal(p.breaker.choice.row->name, "none");
    assert_int_equal(p.gates.count, 0);
    assert_int_equal(p.breaker.scope, SCOPE_CLIENT);
    arena_free(&arena);
}

static void test_retry_on(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct policy p = accepted("{retry_on: [timeout, refused]}", &arena);
    assert_true(policy_retries(&p, FAILURE_TIMEOUT) && policy_retries(&p, FAILURE_REFUSED));
    assert_false(policy_retries(&p, FAILURE_OVERLOADED) || policy_retries(&p, FAILURE_SERVER_ERROR));
    assert_false(policy_retries(&p, FAILURE_BREAKER_OPEN));
    p = accepted("{retry_on: []}", &arena);
    assert_false(policy_retries(&p, FAILURE_TIMEOUT));
    refuses("{retry_on: [timeouts]}", "timeout");
    arena_free(&arena);
}

static void test_timeout(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct policy p = accepted("{timeout: none}", &arena);
    assert_null(p.timeout);
    p = accepted("{timeout: 1s}", &arena);
    assert_non_null(p.timeout);
    refuses("{timeout: 1}", "unit");
    refuses("{deadline: 0s}", "deadline");
    arena_free(&arena);
}

static void test_unlimited_needs_a_wait(void **state)
{
    static const char unlimited[] = "unlimited attempts need a wait";
    struct arena arena = {0};
    (void)state;
    refuses("{attempts: unlimited}", unlimited);
    refuses("{attempts: unlimited, backoff: {shape: none, jitter: full}}", unlimited);
    refuses("{attempts: unlimited, backoff: {shape: exponential, base: 1s, cap: 0s}}", unlimited);
    refuses("{attempts: unlimited, backoff: {shape: exponential, base: 1s, max_wait: 0s}}", unlimited);
    refuses("{attempts: unlimited, backoff: {shape: table, delays: [1s, 0s]}}", unlimited);
    refuses("{attempts: unlimited, backoff: 0s}", unlimited);
    struct policy p = accepted("{attempts: unlimited, backoff: 1s}", &arena);
    assert_true(p.attempts == INT64_MAX);
    accepted("{attempts: unlimited, backoff: {shape: none, jitter: {kind: additive, amount: 1s}}}", &arena);
    accepted("{attempts: unlimited, backoff: {shape: none, min_wait: 1ms}}", &arena);
    accepted("{attempts: unlimited, backoff: {shape: exponential, base: 1s, cap: 9s, at_cap: stop}}", &arena);
    arena_free(&arena);
}

static void test_schedules_are_limited(void **state)
{
    static const char ahead[] = "draws all waits ahead";
    struct arena arena = {0};
    (void)state;
    refuses("{attempts: unlimited, backoff: {shape: fixed, base: 1s, jitter: sorted}}", ahead);
    refuses("{attempts: 1002, backoff: {shape: fixed, base: 1s, jitter: sorted}}", ahead);
    refuses("{attempts: unlimited, backoff: 1s, rules: {on: throttled, backoff: {shape: fixed, base: 1s, jitter: "
            "sorted}}}",
            ahead);
    accepted("{attempts: 1001, backoff: {shape: fixed, base: 1s, jitter: sorted}}", &arena);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_retry_on),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_unlimited_needs_a_wait),
        cmocka_unit_test(test_schedules_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
