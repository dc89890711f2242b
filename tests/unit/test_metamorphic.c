/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not change a result: the size of a system, the hour, policies that have nothing to decide, gates without a
 * limit, a longer way. No formula says what the numbers are, but two runs must agree: to the byte where nothing is
 * random that was not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"
#include "policy/gate/rows.h"
#include "preset_case.h"

enum { TEXT_SIZE = 4000 };

/* ---- two runs and their books ---- */

/* The rows of `a` from bin `shift` on are those of `b`, and its counters are the same in all. */
static void assert_same_place(const char *what, const struct place *a, const struct place *b, uint32_t bins,
                              uint32_t shift)
{
    assert_string_equal(a->path, b->path);
    for (uint32_t bin = 0; bin < bins; bin++)
        if (memcmp(&a->rows[bin + shift], &b->rows[bin], sizeof *b->rows) != 0)
            fail_msg("%s: the rows of %s differ, first in bin %u", what, a->path, bin);
    if (memcmp(a->counts, b->counts, sizeof a->counts) != 0)
        fail_msg("%s: the counters of %s differ", what, a->path);
}

static void assert_same_books(const char *what, const struct model_case *a, const struct model_case *b,
                              uint32_t shift)
{
    const struct world *one = a->world, *other = b->world;
    assert_true(one->edge_count == other->edge_count && one->service_count == other->service_count);
    assert_true(one->bins == other->bins + shift);
    for (uint32_t i = 0; i < one->edge_count; i++)
        assert_same_place(what, &one->edges[i].place, &other->edges[i].place, other->bins, shift);
    for (uint32_t i = 0; i < one->service_count; i++)
        assert_same_place(what, &one->services[i].place, &other->services[i].place, other->bins, shift);
}

/* ---- a storm, with something added ---- */

/* Timeouts, rejections and errors, an outage, an overload; an open and a closed loop. */
static void write_storm(char text[TEXT_SIZE], const char *retries, const char *policy, const char *service)
{
    int length = snprintf(text, TEXT_SIZE,
                          "duration: 60s\nclients:\n"
                          "  - {name: open, count: 9, arrival: {kind: poisson, rate: 90/s}, calls: api, "
                          "idempotent_ratio: 70%%, policy: {timeout: 150ms, %s%s}}\n"
                          "  - {name: closed, count: 20, closed: {think: exponential, mean: 1s}, calls: api, priority: "
                          "1, policy: {timeout: {law: exponential, mean: 300ms}, %s%s}}\n"
                          "services:\n"
                          "  - {name: api, workers: 4, service_time: {law: exponential, mean: 30ms}, queue: {capacity: "
                          "15}, error_ratio: 5%%, reject_cost: 1ms, cancel: queued, retry_after: 2s%s}\n"
                          "faults:\n"
                          "  - {kind: outage, mode: pause, service: api, at: 20s, for: 3s}\n"
                          "  - {kind: outage, mode: refuse, service: api, at: 40s, for: 2s}\n"
                          "  - {kind: load, clients: open, factor: 2, at: 50s, for: 3s}\n",
                          retries, policy, retries, policy, service);
    assert_in_range(length, 1, TEXT_SIZE - 1);
}

static struct model_case run_storm(const char *retries, const char *policy, const char *service)
{
    char text[TEXT_SIZE];
    write_storm(text, retries, policy, service);
    return model_run(text);
}

/* The cases differ from `plain` by what is added to the policies, or to the service: to no effect. */
static void check_no_effect(const char *retries, const char *const *added, size_t count, bool to_service)
{
    struct model_case plain = run_storm(retries, "", "");
    assert_true(caller_count(&plain, 0, COUNT_TIMED_OUT) > 100 && caller_count(&plain, 0, COUNT_REJECTED) > 100);
    assert_true(caller_count(&plain, 0, COUNT_ERRORS) > 100 && caller_count(&plain, 1, COUNT_TIMED_OUT) > 10);
    for (size_t i = 0; i < count; i++) {
        char more[300];
        snprintf(more, sizeof more, ", %s", added[i]);
        struct model_case m = run_storm(retries, to_service ? "" : more, to_service ? more : "");
        assert_same_books(added[i], &m, &plain, 0);
        model_free(&m);
    }
    model_free(&plain);
}

#define CHECK_NO_EFFECT(retries, added, to_service)                                                                    \
    check_no_effect(retries, added, sizeof(added) / sizeof *(added), to_service)

/* Who sends once has no use for what says when and how often to send again. */
static void test_one_attempt_knows_no_retry_policy(void **state)
{
    (void)state;
    static const char *const added[] = {
        "backoff: {shape: none}",
        "backoff: {shape: fixed, base: 10s}",
        "backoff: {shape: exponential, base: 1ms, multiplier: 3, cap: 1s, jitter: full}",
        "backoff: {shape: exponential, base: 50ms, jitter: decorrelated, cap: 1s}",
        "retry_on: [timeout]",
        "retry_on: all",
        "retry_on: none",
        "persistence: 30%",
        "unsafe: stop",
        "rules: [{on: [timeout], retries: 3, backoff: 1s}]",
        "retry_after: {rule: max}",
        "timeout_growth: 3",
        "budget: {kind: ratio, ratio: 10%, reserve: 0}",
        "budget: {kind: window, ratio: 20%, ttl: 5s}",
        "budget: {kind: bucket, size: 5, cost: 5, refund_success: 1, scope: population}",
        "budget: {kind: throttle}",
        "budget: {kind: inflight, ratio: 1%, min: 0}",
        "budget: [{kind: per-minute}, {kind: ratio, ratio: 5%, when: after}]",
    };
    CHECK_NO_EFFECT("attempts: 1", added, false);
}

/* ---- gates without a limit ---- */

#define RETRIES                                                                                                        \
    "attempts: 3, backoff: {shape: exponential, base: 50ms, jitter: full}, budget: {kind: ratio, ratio: 0.5}"

static void test_gates_without_a_limit_at_clients(void **state)
{
    (void)state;
    static const char *const added[] = {
        "gates: {kind: token-bucket, rate: 1G/s, burst: 1G}",
        "gates: {kind: token-bucket, rate: 1G/s, burst: 1G, on_empty: wait, scope: population}",
        "gates: {kind: leaky, rate: 1G/s, burst: 1M, delay: none, per: retry}",
        "gates: {kind: cycle, permits: 1G, period: 1s, scope: population}",
        "gates: {kind: fixed-window, limit: 1G, window: 1s, per: request}",
        "gates: {kind: sliding-window, limit: 1G, window: 1s}",
        "gates: {kind: sliding-log, limit: 100k, window: 1s, scope: population}",
        "gates: {kind: bulkhead, max: 1G, scope: population}",
        "gates: {kind: bulkhead, max: 1G, queue: unlimited, per: request}",
        "gates: {kind: concurrency, limit: 1G, scope: population}",
        "gates: {kind: adaptive-throttle, p_max: 0, scope: population}",
        "gates: [{kind: bulkhead, max: 1M}, {kind: leaky, rate: 1G/s, burst: 1M}, {kind: concurrency, limit: 1M}]",
    };
    CHECK_NO_EFFECT(RETRIES, added, false);
}

static void test_gates_without_a_limit_at_services(void **state)
{
    (void)state;
    static const char *const added[] = {
        "gates: {kind: token-bucket, rate: 1G/s, burst: 1G}",
        "gates: {kind: token-bucket, rate: 1G/s, burst: 1G, key: client}",
        "gates: {kind: leaky, rate: 1G/s, burst: 1M, delay: none}",
        "gates: {kind: cycle, permits: 1G, period: 1s}",
        "gates: {kind: fixed-window, limit: 1G, window: 1s}",
        "gates: {kind: sliding-window, limit: 1G, window: 1s, key: population}",
        "gates: {kind: sliding-log, limit: 100k, window: 1s}",
        "gates: {kind: concurrency, limit: 1G}",
        "gates: {kind: bulkhead, max: 1G}",
        "gates: {kind: adaptive-throttle, p_max: 0}",
        "gates: {kind: queue-delay, thresholds: [1000s, 1000s]}",
        "gates: [{kind: concurrency, limit: 1G}, {kind: token-bucket, rate: 1M/s, burst: 1M}]",
    };
    CHECK_NO_EFFECT(RETRIES, added, true);
}

/* ---- nothing fails ---- */

/* Whatever the policy, a request that is answered is sent once. */
static void test_without_faults_each_request_is_sent_once(void **state)
{
    (void)state;
    const char *names[1000];
    size_t count = table_names(&preset_table, names, 1000);
    assert_in_range(count, 50, 1000);
    for (size_t i = 0; i < count; i++) {
        char text[TEXT_SIZE];
        char *policy = preset_policy_text(preset_of(table_find(&preset_table, names[i])));
        snprintf(text, sizeof text,
                 "duration: 200s\nclients: [{name: a, arrival: {kind: renewal, gap: 1050ms}, calls: s, policy: %s}]\n"
                 "services: [{name: s, workers: 1, service_time: 1ms, queue: {capacity: 0}}]\n", policy);
        struct model_case m = model_run(text);
        if (caller_count(&m, 0, COUNT_ATTEMPTS) != 190 || caller_count(&m, 0, COUNT_GOOD) != 190)
            fail_msg("%s: %lld attempts", policy, (long long)caller_count(&m, 0, COUNT_ATTEMPTS));
        model_free(&m);
        free(policy);
    }
}

/* ---- another hour ---- */

/* All that has a time of day begins `at_s` later: arrivals, faults. So does everything that comes of it. */
static struct model_case run_later(int at_s)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: %ds\nclients:\n"
             "  - {name: steady, arrival: {kind: ramp, from: 0/s, to: 60/s, at: %ds, over: 0s}, calls: api, policy: "
             "{timeout: 200ms, " RETRIES "}}\n"
             "  - {name: herd, count: 300, arrival: {kind: burst, at: %ds, spread: 2s}, calls: api, policy: {timeout: "
             "400ms, attempts: 4, backoff: {shape: exponential, base: 100ms, jitter: equal}, breaker: {kind: rolling, "
             "window: 10s, ratio: 50%%, min_calls: 20, open_for: 1s, scope: population}}}\n"
             "services: [{name: api, workers: 3, service_time: {law: lognormal, mean: 30ms, cv2: 2}, queue: {capacity: "
             "50}, error_ratio: 2%%}]\n"
             "faults:\n"
             "  - {kind: outage, mode: blackhole, service: api, at: %ds, for: 2s}\n"
             "  - {kind: speed, service: api, factor: 0.5, at: %ds, for: 5s}\n"
             "  - {kind: load, clients: steady, factor: 3, at: %ds, for: 1s}\n",
             40 + at_s, at_s, 11 + at_s, 10 + at_s, 20 + at_s, 30 + at_s);
    return model_run(text);
}

static void test_another_hour(void **state)
{
    (void)state;
    static const int later_s[] = {1, 7, 86400};
    struct model_case now = run_later(0);
    assert_true(caller_count(&now, 0, COUNT_GOOD) > 1000 && caller_count(&now, 1, COUNT_RETRIES) > 10);
    assert_true(caller_count(&now, 0, COUNT_DENIED_RETRIES) > 10 && caller_count(&now, 1, COUNT_BREAKER_OPENINGS) > 0);
    for (size_t i = 0; i < sizeof later_s / sizeof *later_s; i++) {
        struct model_case later = run_later(later_s[i]);
        assert_same_books("later", &later, &now, (uint32_t)later_s[i]);
        model_free(&later);
    }
    model_free(&now);
}

/* ---- a longer way ---- */

/* 200 requests a second for 30 s, and time for all of them to end. */
static struct model_case run_way(const char *network)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: 60s\nbin: 60s\n"
             "clients: [{name: a, arrival: {kind: ramp, from: 200/s, to: 0/s, at: 30s, over: 0s}, calls: api, policy: "
             "{attempts: 1}%s}]\n"
             "services: [{name: api, workers: 2, service_time: {law: exponential, mean: 9ms}, queue: {capacity: 20}, "
             "error_ratio: 10%%}]\n", network);
    return model_run(text);
}

/* Where everybody has the same way, and nobody gives up, nothing changes but when it becomes known. (Nobody tries
 * again either: retries would come later by the ways of the attempts before.) */
static void test_a_longer_way(void **state)
{
    (void)state;
    static const struct {
        const char *network;
        int64_t there_ms, back_ms;
    } ways[] = {
        {", network: {request_latency: 250ms}", 250, 0},
        {", network: {response_latency: 70ms}", 0, 70},
        {", network: {request_latency: 1s, response_latency: 500ms}", 1000, 500},
    };
    uint64_t counts[COUNT_KINDS];
    struct model_case plain = run_way("");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct model_case m = run_way(ways[i].network);
        const struct hist *near = &plain.world->edges[0].place.latency->total;
        const struct hist *far = &m.world->edges[0].place.latency->total;
        double more_ns = (double)(ways[i].there_ms + ways[i].back_ms) * 1e6;
        assert_memory_equal(m.world->edges[0].place.counts, plain.world->edges[0].place.counts, sizeof counts);
        assert_memory_equal(m.world->services[0].place.counts, plain.world->services[0].place.counts, sizeof counts);
        assert_memory_equal(m.world->services[0].wait, plain.world->services[0].wait, sizeof *far);
        assert_true(far->min - near->min == (int64_t)more_ns && far->max - near->max == (int64_t)more_ns);
        assert_true(fabs(hist_mean(far) - hist_mean(near) - more_ns) < 1);
        assert_true(fabs(hist_variance(far) / hist_variance(near) - 1) < 1e-6);
        model_free(&m);
    }
    model_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_attempt_knows_no_retry_policy),
        cmocka_unit_test(test_gates_without_a_limit_at_clients),
        cmocka_unit_test(test_gates_without_a_limit_at_services),
        cmocka_unit_test(test_without_faults_each_request_is_sent_once),
        cmocka_unit_test(test_another_hour),
        cmocka_unit_test(test_a_longer_way),
    };
    return cmocka_run_group_tests_name("metamorphic", tests, NULL, NULL);
}
