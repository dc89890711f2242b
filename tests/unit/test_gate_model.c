/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates at a client's end, in the model: what passes them, who waits in line, who hears of the end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "model_case.h"
#include "policy/gate/rows.h"

#define CLIENTS(count, policy) \
    "clients: [{name: a, count: " count ", arrival: {kind: burst}, calls: s, policy: {" policy "}}]\n"
#define SERVICE(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
#define REFUSING SERVICE("1s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"

static int64_t in_flight(const struct model_case *m, uint32_t gate)
{
    return *(const int64_t *)(const void *)m->world->edges[0].gates[gate].memory;
}

/* ---- what passes ---- */

/* Ten first attempts at once, and their retries a second later: a bucket of two for attempts lets 2 out each time; one
 * for retries lets all first attempts out, and two of their retries; what it refuses has used an attempt up. */
static void test_attempts_or_retries(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n"
                                    CLIENTS("10", "attempts: 2, backoff: {shape: fixed, base: 1s}, gates: {kind: "
                                                  "token-bucket, rate: 2/s, burst: 2, scope: population}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "2 2 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 16);
    model_free(&m);
    m = model_run("duration: 5s\n"
                  CLIENTS("10", "attempts: 3, backoff: {shape: fixed, base: 1s}, gates: {kind: token-bucket, rate: 2/s, "
                                "burst: 2, scope: population, per: retry}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "10 2 2 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 16);
    model_free(&m);
}

/* The FIFO queue for retries: all that failed at once are sent again in their order, two a second; with room for five the
 * others fail. */
static void test_retry_queue(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\n"
                                    CLIENTS("10", "attempts: 2, gates: {kind: token-bucket, rate: 2/s, on_empty: wait, "
                                                  "scope: population, per: retry}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_RETRIES, "2 2 2 2 2 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "2 2 2 2 2 0");
    model_free(&m);
    m = model_run("duration: 6s\n"
                  CLIENTS("10", "attempts: 2, gates: {kind: token-bucket, rate: 2/s, on_empty: wait, queue: 5, "
                                "scope: population, per: retry}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_RETRIES, "2 2 2 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "6 2 2 0 0 0");
    model_free(&m);
}

/* Retries pass a bulkhead of their own; first attempts neither enter nor leave it. */
static void test_gates_of_retries_hear_of_retries_only(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n"
                  CLIENTS("5", "attempts: 2, timeout: 1s, gates: {kind: bulkhead, max: 2, scope: population, per: retry}")
                  SERVICE("30s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "5 2 0 0 0 0 0 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
    /* A hedge is a further attempt, so it passes, and the first one's end does not count for it. */
    m = model_run("duration: 9s\n"
                  CLIENTS("5", "hedge: {delay: 1s}, gates: {kind: bulkhead, max: 2, scope: population, per: retry}")
                  SERVICE("3s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "5 2 0 0 0 0 0 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
}

/* ---- the line ---- */

/* Two at a time, 1 s each: the others wait in order, whoever waits longer than 1.5 s fails. */
static void test_bulkhead_line(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\n"
                                    CLIENTS("7", "gates: {kind: bulkhead, max: 2, queue: unlimited, scope: population}")
                                    SERVICE("1s"));
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 2 2 2 1 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
    m = model_run("duration: 6s\n"
                  CLIENTS("7", "gates: {kind: bulkhead, max: 2, queue: 4, max_wait: 1500ms, scope: population}")
                  SERVICE("1s"));
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 2 2 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "1 2 0 0 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
}

/* A deadline takes its request out of the line; the ones behind it move up. */
static void test_line_and_deadline(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\nclients:\n"
                                    "  - {name: a, count: 3, arrival: {kind: burst}, calls: s, policy: {deadline: 2500ms, "
                                    "gates: {kind: bulkhead, max: 1, queue: 9, scope: population}}}\n"
                                    SERVICE("2s"));
    /* The first ends at 2 s; the second, under way since then, and the third, in the line, are given up at 2.5 s. */
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 2 0 0 0 0 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
}

/* Per request: one place through all attempts and waits. */
static void test_bulkhead_per_request(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n"
                                    CLIENTS("3", "attempts: 2, backoff: {shape: fixed, base: 2s}, gates: {kind: bulkhead, "
                                                 "max: 1, queue: 9, scope: population, per: request}") REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 2 0 2 0 1 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
}

/* ---- several ---- */

/* A bulkhead in front of a bucket that refuses: the place is free again. */
static void test_refused_by_a_later_gate(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n"
                                    CLIENTS("10", "attempts: 3, backoff: {shape: fixed, base: 1s}, gates: [{kind: bulkhead, "
                                                  "max: 3, scope: population}, {kind: fixed-window, limit: 2, window: 1s, "
                                                  "scope: population}]") SERVICE("500ms"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "2 2 2 0 0");
    assert_int_equal(in_flight(&m, 0), 0);
    model_free(&m);
}

/* Priorities count at a client's end, too: 5 of 10 for each class, hard. */
static void test_priorities(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients: [{name: a, count: 20, arrival: {kind: burst}, calls: s, "
                                    "priority: 1, policy: {gates: {kind: concurrency, limit: 10, shares: [70%, 30%], "
                                    "hard: true, scope: population}}}]\n" SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 3);
    model_free(&m);
}

/* ---- throttles ---- */

/* A service of 100/s that is asked for 300/s: with K = 2 it sees 200/s, of which it rejects half. A chain of independent
 * draws has a standard deviation of some sqrt(200 / s x 300 s) = 250 in 60000 attempts, so 2 % are 5 of them. */
static void test_adaptive_throttle(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 420s\nwarmup: 120s\n"
                  "clients: [{name: a, arrival: {kind: poisson, rate: 300/s}, calls: s, policy: {gates: {kind: "
                  "adaptive-throttle, window: 30s, slices: 30, scope: population}}}]\n"
                  "services: [{name: s, workers: 1, service_time: 10ms, queue: {capacity: 10}}]\n");
    const struct place *caller = &m.world->edges[0].place;
    double sent = (double)(caller->counts[COUNT_ATTEMPTS] - caller->at_warmup[COUNT_ATTEMPTS]) / 300;
    double good = (double)(caller->counts[COUNT_GOOD] - caller->at_warmup[COUNT_GOOD]) / 300;
    assert_true(fabs(good / 100 - 1) < 0.01);
    assert_true(fabs(sent / (2 * good) - 1) < 0.02);
    model_free(&m);
}

/* AWS adaptive against 50/s of 100/s: without it half of what arrives is rejected. With it callers wait for tokens (1 s at
 * most) and the rate swings around what the service allows: a throttling takes it to 70 %, the cubic brings it back. */
static void test_aws_adaptive(void **state)
{
    (void)state;
    for (int adaptive = 0; adaptive < 2; adaptive++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 120s\nwarmup: 20s\n"
                 "clients: [{name: a, arrival: {kind: poisson, rate: 100/s}, calls: s, policy: {gates: %s}}]\n"
                 "services: [{name: s, workers: unlimited, service_time: 10ms, queue: {capacity: 0}, gates: {kind: "
                 "token-bucket, rate: 50/s, burst: 50}}]\n",
                 adaptive ? "{kind: aws-adaptive, scope: population, max_wait: 1s}" : "[]");
        struct model_case m = model_run(text);
        const struct place *s = &m.world->services[0].place;
        double attempts = (double)(s->counts[COUNT_ATTEMPTS] - s->at_warmup[COUNT_ATTEMPTS]) / 100;
        double rejected = (double)(s->counts[COUNT_REJECTED] - s->at_warmup[COUNT_REJECTED]) / 100;
        assert_true(adaptive ? attempts < 60 && attempts > 40 && rejected < 10 : attempts > 95 && rejected > 45);
        model_free(&m);
    }
}

/* Whoever waits for a token is served in order, as the bucket fills: active after the first throttling, 0.5/s. */
static void test_line_that_time_serves(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\nclients:\n"
                  "  - {name: a, count: 4, arrival: {kind: burst}, calls: s, network: {request_latency: 1ms}, policy: "
                  "{attempts: 2, retry_on: refused, gates: {kind: aws-adaptive, scope: population, on: refused, max_wait: "
                  "7s}}}\n" REFUSING);
    /* First attempts at once; their retries 2, 4, 6 s after they were refused; the fourth would come after 8 s. */
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "4 0 1 0 1 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 1 0 1 1 0 0 0 0");
    model_free(&m);
}

/* Active from 0.5 s on, with the quarter of a token that the time before is worth: tokens at 2, 4, 6 s. The first of the
 * line, there since 0.5 s, is given up at 1.8 s: the next one is the first now and gets the token; and so on. */
static void test_line_moves_up(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\nclients:\n"
                  "  - {name: a, arrival: {kind: renewal, gap: 500ms}, calls: s, policy: {attempts: 2, deadline: 1300ms, "
                  "gates: {kind: aws-adaptive, scope: population, on: refused, smoothing: 1%}}}\n" REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 1 0 1 0 1 0");
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts_or_retries),
        cmocka_unit_test(test_retry_queue),
        cmocka_unit_test(test_gates_of_retries_hear_of_retries_only),
        cmocka_unit_test(test_bulkhead_line),
        cmocka_unit_test(test_line_and_deadline),
        cmocka_unit_test(test_bulkhead_per_request),
        cmocka_unit_test(test_refused_by_a_later_gate),
        cmocka_unit_test(test_priorities),
        cmocka_unit_test(test_adaptive_throttle),
        cmocka_unit_test(test_aws_adaptive),
        cmocka_unit_test(test_line_that_time_serves),
        cmocka_unit_test(test_line_moves_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
