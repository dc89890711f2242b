/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the presets' budgets, hints and limits must do step by step, worked out from their libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "budget_case.h"
#include "model_case.h"
#include "preset_case.h"

/* The first budget of a policy, with its state. */
struct fixture {
    struct preset_case preset;
    struct budget_case budget;
};

static struct fixture *start(const char *policy)
{
    static struct fixture f;
    f.preset = preset_in_use(policy);
    const struct choice *choice = &preset_budget(&f.preset, 0)->choice;
    budget_start(&f.budget, (const struct budget_row *)choice->row, choice->parameters);
    return &f;
}

static void end(struct fixture *f)
{
    preset_end(&f->preset);
}

static void step(struct fixture *f, enum failure failure, bool granted, double tokens)
{
    budget_failure(&f->budget, failure, true);
    assert_int_equal(budget_retry(&f->budget, failure), granted);
    assert_true(budget_tokens(&f->budget) == tokens);
}

static void good(struct fixture *f, uint32_t attempts, enum failure last, double tokens)
{
    budget_success(&f->budget, attempts, last);
    assert_true(budget_tokens(&f->budget) == tokens);
}

/* ---- AWS ---- */

#define AWS_2026(start) "{preset: aws-standard-2026, budget: {preset: aws-quota-2026, start: " start "}}"

/* The cases of the Go SDK's own test. */
static void test_aws_2026_bucket(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: aws-standard-2026}");
    step(f, FAILURE_OVERLOADED, true, 486);
    step(f, FAILURE_OVERLOADED, true, 472);
    good(f, 3, FAILURE_OVERLOADED, 486);
    end(f);
    f = start(AWS_2026("14"));
    step(f, FAILURE_OVERLOADED, true, 0);
    step(f, FAILURE_OVERLOADED, false, 0);
    end(f);
    f = start(AWS_2026("20"));
    step(f, FAILURE_OVERLOADED, true, 6);
    step(f, FAILURE_OVERLOADED, false, 6);
    end(f);
    f = start(AWS_2026("30"));
    step(f, FAILURE_OVERLOADED, true, 16);
    step(f, FAILURE_OVERLOADED, true, 2);
    good(f, 3, FAILURE_OVERLOADED, 16);
    step(f, FAILURE_OVERLOADED, true, 2);
    good(f, 2, FAILURE_OVERLOADED, 16);
    end(f);
}

static void test_aws_2026_throttled(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: aws-standard-2026}");
    step(f, FAILURE_THROTTLED, true, 495);
    good(f, 2, FAILURE_THROTTLED, 500);
    end(f);
}

/* Four attempts, all fail: three retries are paid, then the attempts are used up. */
static void test_aws_2026_dynamodb(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: aws-standard-2026-dynamodb}");
    assert_int_equal(f->preset.policy->attempts, 4);
    step(f, FAILURE_OVERLOADED, true, 486);
    step(f, FAILURE_OVERLOADED, true, 472);
    step(f, FAILURE_OVERLOADED, true, 458);
    end(f);
}

/* Nothing ever succeeds: floor(500 / cost) retries, then none for ever, for time refills nothing. */
static void check_outage_yield(const char *policy, enum failure failure, int retries)
{
    struct fixture *f = start(policy);
    int granted = 0;
    while (granted < 1000 && budget_retry(&f->budget, failure))
        granted++;
    if (granted != retries)
        fail_msg("%s: %d retries in an outage, %d expected", policy, granted, retries);
    f->budget.now_ns += 1000000 * SECOND;
    assert_false(budget_retry(&f->budget, failure));
    end(f);
}

static void test_aws_outage_yield(void **state)
{
    (void)state;
    check_outage_yield("{preset: aws-standard-2026}", FAILURE_OVERLOADED, 35);
    check_outage_yield("{preset: aws-standard-2026}", FAILURE_TIMEOUT, 35);
    check_outage_yield("{preset: aws-standard-2026}", FAILURE_THROTTLED, 100);
    check_outage_yield("{preset: aws-standard}", FAILURE_OVERLOADED, 100);
    check_outage_yield("{preset: aws-standard}", FAILURE_TIMEOUT, 50);
    check_outage_yield("{preset: aws-standard}", FAILURE_CONNECT_TIMEOUT, 50);
    check_outage_yield("{preset: aws-java-v2-standard}", FAILURE_TIMEOUT, 100);
}

static void test_aws_java_legacy_throttling_is_free(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: aws-java-v2-legacy}");
    for (int i = 0; i < 10000; i++)
        step(f, FAILURE_THROTTLED, true, 500);
    step(f, FAILURE_OVERLOADED, true, 495);
    end(f);
}

static int64_t hinted_ms(const struct policy *policy, enum failure failure, int64_t wait_ms, int64_t hint_ms)
{
    bool used;
    struct stream stream = stream_at(1, 1, 1);
    int64_t hint_ns = hint_ms < 0 ? HINT_NONE : hint_ms * MS;
    int64_t wait_ns = hint_apply_ns(&policy->hint, failure, wait_ms * MS, hint_ns, &stream, &used);
    return wait_ns == HINT_STOP ? -1 : wait_ns / MS;
}

/* Of a wait of 50 ms. A header that is no number is no hint. */
static void test_aws_2026_hint(void **state)
{
    (void)state;
    struct preset_case c = preset_start(PRESET_POLICY, "aws-standard-2026");
    assert_int_equal(hinted_ms(c.policy, FAILURE_OVERLOADED, 50, 1500), 1500);
    assert_int_equal(hinted_ms(c.policy, FAILURE_OVERLOADED, 50, 0), 50);
    assert_int_equal(hinted_ms(c.policy, FAILURE_OVERLOADED, 50, 10000), 5050);
    assert_int_equal(hinted_ms(c.policy, FAILURE_OVERLOADED, 50, -1), 50);
    preset_end(&c);
}

/* ---- gRPC ---- */

static void test_grpc_throttle(void **state)
{
    static const double left[] = {9, 8, 7, 6, 5, 4, 3};
    (void)state;
    struct fixture *f = start("{preset: grpc-a6-throttled}");
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        step(f, FAILURE_OVERLOADED, left[i] > 5, left[i]);
    end(f);
}

/* From exactly half: k successes, then one failure. */
static void test_grpc_throttle_reopens_after_eleven(void **state)
{
    (void)state;
    for (int successes = 0; successes <= 12; successes++) {
        struct fixture *f = start("{preset: grpc-a6-throttled}");
        for (int i = 0; i < 5; i++)
            budget_fail(&f->budget);
        assert_true(budget_tokens(&f->budget) == 5);
        for (int i = 0; i < successes; i++)
            budget_success(&f->budget, 1, FAILURE_OVERLOADED);
        assert_int_equal(budget_fail(&f->budget), successes >= 11);
        end(f);
    }
}

/* ---- Finagle, Linkerd ---- */

static void test_finagle_window(void **state)
{
    static const int deposits[] = {0, 4, 5, 99, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof deposits / sizeof *deposits; i++) {
        struct fixture *f = start("{preset: finagle-tries}");
        for (int k = 0; k < deposits[i]; k++)
            budget_request(&f->budget);
        assert_int_equal(budget_retries_until_denied(&f->budget), 100 + deposits[i] / 5);
        f->budget.now_ns = 10 * SECOND;
        assert_int_equal(budget_retries_until_denied(&f->budget), 100);
        end(f);
    }
}

/* Requeues: a fifth of what the balance grants, for each request. */
static void test_finagle_requeue_limit(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: finagle-requeue}");
    const struct budget_row *row = f->budget.row;
    struct budget_event event = {.now_ns = 0};
    assert_int_equal(row->request_limit(f->budget.choice.parameters, f->budget.state, &event), 20);
    for (int i = 0; i < 96; i++)
        assert_true(budget_fail(&f->budget));
    assert_int_equal(row->request_limit(f->budget.choice.parameters, f->budget.state, &event), 1);
    end(f);
}

/* What is not retried pays in, too; what is not. */
static void test_linkerd_earns_final_results(void **state)
{
    (void)state;
    struct fixture *f = start("{preset: linkerd-profile}");
    for (int i = 0; i < 50; i++) {
        budget_request(&f->budget);
        budget_failure(&f->budget, FAILURE_CLIENT_ERROR, false);
        budget_success(&f->budget, 1, FAILURE_OVERLOADED);
        budget_failure(&f->budget, FAILURE_OVERLOADED, true);
    }
    assert_int_equal(budget_retries_until_denied(&f->budget), 100 + 100 / 5);
    end(f);
}

/* ---- Envoy ---- */

static void check_envoy(const char *policy, const int (*limits)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture *f = start(policy);
        for (int k = 0; k < limits[i][0]; k++)
            budget_request(&f->budget);
        int granted = 0;
        /* A request that waits for its retry is not active; another one takes its place. */
        while (granted < 1000 && budget_retry(&f->budget, FAILURE_OVERLOADED)) {
            granted++;
            budget_request(&f->budget);
        }
        if (granted != limits[i][1])
            fail_msg("%s: %d active, %d retries, not %d", policy, limits[i][0], granted, limits[i][1]);
        end(f);
    }
}

static void test_envoy_budget(void **state)
{
    static const int by_active[][2] = {{0, 3}, {10, 3}, {15, 3}, {16, 3}, {19, 3}, {20, 4}, {25, 5}, {100, 20}};
    static const int always[][2] = {{0, 3}, {10, 3}, {100, 3}, {1000, 3}};
    (void)state;
    check_envoy("{preset: envoy-budget}", by_active, sizeof by_active / sizeof *by_active);
    check_envoy("{preset: envoy}", always, sizeof always / sizeof *always);
}

/* ---- Kubernetes ---- */

/* 10 ms doubling, cap 50, 10 steps: tries at 0, 10, 30 ms, then a sleep of 40 and no fourth try. */
static void test_k8s_stops_at_its_cap(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 1s\n"
                  "clients:\n"
                  "  - name: web\n"
                  "    calls: api\n"
                  "    arrival: {kind: burst, at: 100ms}\n"
                  "    policy: {preset: k8s-default-backoff, attempts: 10, retry_on: all,\n"
                  "             backoff: {shape: exponential, base: 10ms, cap: 50ms, at_cap: stop}}\n"
                  "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"
                  "faults: [{kind: outage, mode: refuse, service: api, at: 0s, for: 1s}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 1);
    assert_in_range(hist_quantile(m.world->edges[0].failed_latency, 1), 69 * MS, 71 * MS);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aws_2026_bucket),
        cmocka_unit_test(test_aws_2026_throttled),
        cmocka_unit_test(test_aws_2026_dynamodb),
        cmocka_unit_test(test_aws_outage_yield),
        cmocka_unit_test(test_aws_java_legacy_throttling_is_free),
        cmocka_unit_test(test_aws_2026_hint),
        cmocka_unit_test(test_grpc_throttle),
        cmocka_unit_test(test_grpc_throttle_reopens_after_eleven),
        cmocka_unit_test(test_finagle_window),
        cmocka_unit_test(test_finagle_requeue_limit),
        cmocka_unit_test(test_linkerd_earns_final_results),
        cmocka_unit_test(test_envoy_budget),
        cmocka_unit_test(test_k8s_stops_at_its_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
