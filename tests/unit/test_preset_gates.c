/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The presets' throttles, limiters and bulkheads against what their libraries do, at a client's and a service's end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate_case.h"
#include "model_case.h"
#include "preset_case.h"

static struct gate_case start(const char *name)
{
    struct preset_case c = preset_start(PRESET_GATE, name);
    const struct choice *choice = &preset_gate(&c, 0)->choice;
    struct gate_case gate = gate_start((const struct gate_row *)choice->row, choice->parameters);
    preset_end(&c);
    return gate;
}

/* ---- adaptive throttles ---- */

/* N attempts in a window, of which some were accepted; then the share of what is refused next, each time from there.
 * What is refused does not count for these two, so each of the N asks until it is sent. */
static double refused(const char *name, int attempts, int accepted)
{
    enum { DRAWS = 20000 };
    struct gate_case c = start(name);
    int refusals = 0;
    for (int i = 0; i < attempts; i++) {
        while (!gate_admits(&c, S))
            gate_unsent(&c, S);
        if (i < accepted)
            gate_good(&c, S, 0);
        else
            gate_failed(&c, S, 0, FAILURE_OVERLOADED);
    }
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct gate_case next = c;
        next.stream = stream_at(1, i, 0);
        refusals += !gate_admits(&next, S);
    }
    return (double)refusals / DRAWS;
}

/* Five standard errors of 20,000 draws. */
static void assert_share(double share, double p)
{
    if (fabs(share - p) > 5 * sqrt(p * (1 - p) / 20000))
        fail_msg("%g refused, not %g", share, p);
}

static void test_envoy_admission(void **state)
{
    (void)state;
    assert_share(refused("envoy-admission", 100, 100), 0);
    assert_share(refused("envoy-admission", 100, 95), 0);
    assert_share(refused("envoy-admission", 100, 50), 0.468994);
    assert_share(refused("envoy-admission", 100, 0), 0.8);
}

static void test_failsafe_go_throttle(void **state)
{
    (void)state;
    assert_share(refused("failsafe-go", 100, 20), 0.770077);
    assert_share(refused("failsafe-go", 100, 0), 0.9);
}

/* It counts what wants to pass, refused or not: the window is filled without chance, success first. */
static void test_sre_throttle(void **state)
{
    static const struct { int accepted; double p; } cases[] = {{60, 0}, {50, 0}, {30, 40.0 / 101}, {0, 100.0 / 101}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct gate_case c = start("sre-throttle");
        int refusals = 0;
        for (int i = 0; i < 100; i++) {
            gate_admits(&c, S);
            if (i < cases[k].accepted)
                gate_good(&c, S, 0);
        }
        for (uint64_t i = 0; i < 20000; i++) {
            struct gate_case next = c;
            next.stream = stream_at(1, i, 0);
            refusals += !gate_admits(&next, S);
        }
        assert_share(refusals / 20000.0, cases[k].p);
    }
}

/* Being throttled is a success for Envoy, an error of a backend that has room for the SRE book. */
static void test_pitfall_what_is_accepted(void **state)
{
    (void)state;
    struct gate_case c = start("envoy-admission");
    for (int i = 0; i < 100; i++) {
        assert_true(gate_admits(&c, S));
        gate_failed(&c, S, 0, FAILURE_THROTTLED);
    }
    c = start("sre-throttle");
    for (int i = 0; i < 100; i++) {
        assert_true(gate_admits(&c, S));
        gate_failed(&c, S, 0, FAILURE_SERVER_ERROR);
    }
}

/* ---- limits ---- */

static void test_aws_adaptive_sleeps_until_throttled(void **state)
{
    (void)state;
    struct gate_case c = start("aws-adaptive");
    for (int i = 0; i < 200; i++) {
        assert_true(gate_admits(&c, i * 10 * MS));
        gate_failed(&c, i * 10 * MS, 0, FAILURE_OVERLOADED);
    }
    gate_failed(&c, 2 * S, 0, FAILURE_THROTTLED);
    int at_once = 0;
    while (at_once < 1000 && gate_admits(&c, 2 * S))
        at_once++;
    assert_in_range(at_once, 0, 100); /* at 70 % of 100/s no more than a second's worth */
    assert_int_equal(gate_ask(&c, 2 * S).verdict, GATE_WAIT); /* blocks, does not refuse */
}

static void test_kubernetes(void **state)
{
    (void)state;
    struct gate_case c = start("k8s-rest");
    for (int i = 0; i < 10; i++)
        assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), S / 5);
    c = start("k8s-workqueue");
    for (int i = 0; i < 100; i++)
        assert_int_equal(gate_wait_ns(&c, 0), 0);
    assert_int_equal(gate_wait_ns(&c, 0), S / 10);
}

static void test_bulkheads(void **state)
{
    (void)state;
    static const struct { const char *name; int max; } cases[] = {
        {"hystrix-pool", 10}, {"resilience4j-bulkhead", 25}, {"ms-http-standard", 1000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gate_case c = start(cases[i].name);
        assert_int_equal(gate_burst(&c, 0), cases[i].max);
        assert_int_equal(c.row->refusal, FAILURE_BULKHEAD_FULL);
    }
}

static void test_pitfall_a_limiter_that_limits_nothing(void **state)
{
    (void)state;
    struct gate_case c = start("resilience4j-limiter");
    for (int i = 0; i < 100000; i++)
        assert_true(gate_wait_ns(&c, i * 1000) <= 500);
}

static void test_sliding_log(void **state)
{
    (void)state;
    struct gate_case c = start("sliding-log");
    assert_int_equal(gate_burst(&c, 0), 100);
    assert_false(gate_admits(&c, 60 * S - 1));
    assert_int_equal(gate_burst(&c, 60 * S), 100);
}

/* ---- in the model ---- */

/* At a service's end: 25 run, the others are refused. */
static void test_at_a_service(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 3s\n"
                  "clients: [{name: web, count: 100, calls: api, arrival: {kind: burst, at: 1s}}]\n"
                  "services:\n"
                  "  - {name: api, workers: unlimited, service_time: 500ms, queue: {capacity: 1},\n"
                  "     gates: {preset: resilience4j-bulkhead}}\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 25);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 75);
    model_free(&m);
}

/* Only retries pass the work queue's limit: 150 items fail together, the first 100 retries come after 5 ms, then ten a
 * second. */
static void test_k8s_workqueue(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 4s\n"
                  "clients: [{name: items, count: 150, calls: api, arrival: {kind: burst, at: 1s},\n"
                  "  policy: {preset: k8s-workqueue, gates: {preset: k8s-workqueue, scope: population}}}]\n"
                  "services: [{name: api, workers: unlimited, service_time: 1ms, queue: {capacity: 1}}]\n"
                  "faults: [{kind: outage, mode: refuse, service: api, at: 0s, for: 1001ms}]\n");
    assert_caller_bins(&m, 0, COUNT_FIRST_ATTEMPTS, "0 150 0 0");
    assert_caller_bins(&m, 0, COUNT_RETRIES, "0 109 10 10");
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envoy_admission),
        cmocka_unit_test(test_failsafe_go_throttle),
        cmocka_unit_test(test_sre_throttle),
        cmocka_unit_test(test_pitfall_what_is_accepted),
        cmocka_unit_test(test_aws_adaptive_sleeps_until_throttled),
        cmocka_unit_test(test_kubernetes),
        cmocka_unit_test(test_bulkheads),
        cmocka_unit_test(test_pitfall_a_limiter_that_limits_nothing),
        cmocka_unit_test(test_sliding_log),
        cmocka_unit_test(test_at_a_service),
        cmocka_unit_test(test_k8s_workqueue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
