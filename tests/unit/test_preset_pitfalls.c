/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where libraries differ although their settings have the same names: what "3" counts, Retry-After, deadlines, which
 * failures, and from one version to the next. One test for each trap; the waits are in test_preset_waits.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model_case.h"
#include "preset_case.h"

#define MS INT64_C(1000000)

static struct preset_case looked_at;

static int forget(void **state)
{
    (void)state;
    if (looked_at.scenario)
        preset_end(&looked_at);
    return 0;
}

/* Good until the next one is asked for. */
static const struct policy *policy_of(const char *name)
{
    forget(NULL);
    looked_at = preset_start(PRESET_POLICY, name);
    return looked_at.policy;
}

/* ---- what the number counts ---- */

/* Sends in total with each library's own default number; the number it is configured with stands beside it. */
static void test_pitfall_what_attempts_count(void **state)
{
    static const struct { const char *name; int64_t number, attempts; } total[] = {
        {"aws-standard", 3, 3}, {"grpc-a6-example", 4, 4}, {"resilience4j", 3, 3}, {"spring-retry", 3, 3},
        {"k8s-default-retry", 5, 5}, {"google-cloud-java", 6, 6}, {"finagle-tries", 3, 3}, {"sre-client", 3, 3},
        {"seed0-prop10", 5, 5}, {"seed4-code", 5, 5}};
    static const struct { const char *name; int64_t number, attempts; } retries[] = {
        {"polly-v8", 3, 4}, {"envoy", 1, 2}, {"istio", 2, 3}, {"linkerd-route", 1, 2}, {"urllib3", 10, 11},
        {"requests", 0, 1}, {"azure-net", 3, 4}, {"azure-go", 3, 4}, {"azure-java", 3, 4}, {"azure-python", 10, 11},
        {"go-retryablehttp", 4, 5}, {"node-retry", 10, 11}, {"p-retry", 10, 11}, {"go-redis-2026", 3, 4},
        {"redis-py", 10, 11}, {"aws-legacy", 4, 5}, {"aws-go-v1", 3, 4}, {"failsafe", 2, 3}, {"failsafe-go", 2, 3},
        {"seed4-prose", 5, 6}};
    (void)state;
    for (size_t i = 0; i < sizeof total / sizeof *total; i++) {
        assert_int_equal(policy_of(total[i].name)->attempts, total[i].attempts);
        assert_int_equal(total[i].number, total[i].attempts);
    }
    for (size_t i = 0; i < sizeof retries / sizeof *retries; i++) {
        assert_int_equal(policy_of(retries[i].name)->attempts, retries[i].attempts);
        assert_int_equal(retries[i].number, retries[i].attempts - 1);
    }
}

/* Hedges are attempts: four sends, although nothing failed. */
static void test_pitfall_hedges_are_attempts(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n"
                  "clients:\n"
                  "  - {name: web, calls: api, arrival: {kind: burst, at: 1s}, policy: {preset: grpc-hedge-example}}\n"
                  "services: [{name: api, workers: unlimited, service_time: 3s, queue: {capacity: 1}}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "0 2 2 0 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1);
    model_free(&m);
}

/* The seeds' snippet 003 sleeps after its last failure, too: 5 sends, and the failure comes 5 s later. */
static void test_pitfall_sleep_after_the_last_failure(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n"
                  "clients:\n"
                  "  - {name: web, calls: api, arrival: {kind: burst, at: 1s}, policy: {preset: seed3-simple}}\n"
                  "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"
                  "faults: [{kind: outage, mode: refuse, service: api, at: 0s, for: 9s}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "0 1 1 1 1 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* ---- Retry-After ---- */

#define NO_RETRY (-1)
#define NO_HINT  (-1)

/* The wait after a 503 with that hint, where the backoff's own is 1 s; a draw in the middle of its range. */
static int64_t after_hint_ms(const char *name, enum failure failure, int64_t hint_ms)
{
    bool used;
    struct stream stream = stream_at(1, 1, 1);
    int64_t hint_ns = hint_ms == NO_HINT ? HINT_NONE : hint_ms * MS;
    int64_t wait_ns = hint_apply_ns(&policy_of(name)->hint, failure, 1000 * MS, hint_ns, &stream, &used);
    return wait_ns == HINT_STOP ? NO_RETRY : wait_ns / MS;
}

static void test_pitfall_retry_after_rules(void **state)
{
    static const struct { const char *name; int64_t after_100ms, after_3s, without; } rules[] = {
        {"go-retryablehttp", 100, 3000, 1000},   {"ms-http-standard", 100, 3000, 1000},
        {"azure-go", 100, 3000, 1000},           {"azure-python", 100, 3000, 1000},
        {"azure-java", 100, 3000, 1000},         {"urllib3", 100, 3000, NO_RETRY},
        {"k8s-rest", 100, 3000, NO_RETRY},       {"okhttp", NO_RETRY, NO_RETRY, NO_RETRY},
        {"azure-net", 1000, 3000, 1000},         {"aws-go-v1", 1100, 4000, 1000},
        {"aws-standard-2026", 1000, 3000, 1000}, {"aws-standard", 1000, 1000, 1000},
        {"aws-legacy", 1000, 1000, 1000},        {"polly-v8", 1000, 1000, 1000},
        {"resilience4j", 1000, 1000, 1000},      {"gax-go", 1000, 1000, 1000},
        {"linkerd-route", 1000, 1000, 1000},     {"linkerd-profile", 1000, 1000, 1000},
        {"envoy", 1000, 1000, 1000}};
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const char *name = rules[i].name;
        if (after_hint_ms(name, FAILURE_OVERLOADED, 100) != rules[i].after_100ms ||
            after_hint_ms(name, FAILURE_OVERLOADED, 3000) != rules[i].after_3s ||
            after_hint_ms(name, FAILURE_OVERLOADED, NO_HINT) != rules[i].without)
            fail_msg("%s: not its Retry-After rule", name);
    }
}

/* Envoy, if told to: from the hint to half as much again. All others keep who got the same hint together. */
static void test_pitfall_only_envoy_spreads_a_hint(void **state)
{
    const struct policy *policy = policy_of("envoy-rate-limited");
    bool used;
    int64_t least = INT64_MAX, most = 0;
    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        struct stream stream = stream_at(1, i, 1);
        int64_t ms = hint_apply_ns(&policy->hint, FAILURE_OVERLOADED, 0, 2000 * MS, &stream, &used) / MS;
        least = ms < least ? ms : least;
        most = ms > most ? ms : most;
    }
    assert_in_range(least, 2000, 2020); /* missed by 20 of 1000 draws of 1000 ms: e^-20 */
    assert_in_range(most, 2980, 3000);
}

static void test_pitfall_long_hints(void **state)
{
    const int64_t hour_ms = 3600 * 1000;
    (void)state;
    assert_int_equal(after_hint_ms("urllib3", FAILURE_OVERLOADED, 7 * hour_ms), 6 * hour_ms);
    assert_int_equal(after_hint_ms("azure-go", FAILURE_OVERLOADED, 60000), 60000);
    assert_int_equal(after_hint_ms("azure-go", FAILURE_OVERLOADED, 61000), NO_RETRY);
    assert_int_equal(after_hint_ms("envoy-rate-limited", FAILURE_OVERLOADED, 301000), 1000);
    assert_int_equal(after_hint_ms("go-retryablehttp", FAILURE_OVERLOADED, 7 * hour_ms), 7 * hour_ms);
    assert_int_equal(after_hint_ms("aws-standard-2026", FAILURE_OVERLOADED, 7 * hour_ms), 6000);
}

/* A hint of 0: urllib3 takes its own wait, OkHttp retries only then, the others go at once. */
static void test_pitfall_a_hint_of_zero(void **state)
{
    (void)state;
    assert_int_equal(after_hint_ms("urllib3", FAILURE_OVERLOADED, 0), 1000);
    assert_int_equal(after_hint_ms("okhttp", FAILURE_OVERLOADED, 0), 0);
    assert_int_equal(after_hint_ms("go-retryablehttp", FAILURE_OVERLOADED, 0), 0);
    assert_int_equal(after_hint_ms("k8s-rest", FAILURE_OVERLOADED, 0), 0);
    assert_int_equal(after_hint_ms("azure-net", FAILURE_OVERLOADED, 0), 1000);
}

/* Only after what can carry one: a broken connection of client-go is retried without. */
static void test_pitfall_required_only_of_answers(void **state)
{
    (void)state;
    assert_int_equal(after_hint_ms("k8s-rest", FAILURE_RESET, NO_HINT), 1000);
    assert_int_equal(after_hint_ms("urllib3", FAILURE_REFUSED, NO_HINT), 1000);
    assert_int_equal(after_hint_ms("okhttp", FAILURE_REFUSED, NO_HINT), 1000);
}

/* gRPC's pushback starts the backoff anew. */
static void test_pitfall_pushback_restarts(void **state)
{
    (void)state;
    assert_true(policy_of("grpc-a6-example")->hint.restarts);
    assert_int_equal(after_hint_ms("grpc-a6-example", FAILURE_OVERLOADED, 3000), 3000);
}

/* ---- deadlines ---- */

/* Attempts of a policy whose service refuses at once, with a deadline of 10 s; and when the request fails. */
struct deadline_case {
    const char *policy;
    int64_t attempts;
    double fails_s;
};

static void check_deadline(const struct deadline_case *c)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 60s\n"
             "clients: [{name: web, calls: api, arrival: {kind: burst, at: 0s}, policy: %s}]\n"
             "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"
             "faults: [{kind: outage, mode: refuse, service: api, at: 0s, for: 60s}]\n", c->policy);
    struct model_case m = model_run(text);
    if (caller_count(&m, 0, COUNT_ATTEMPTS) != c->attempts)
        fail_msg("%s: %lld attempts", c->policy, (long long)caller_count(&m, 0, COUNT_ATTEMPTS));
    double fails_s = hist_quantile(m.world->edges[0].failed_latency, 1) * 1e-9;
    if (fails_s < c->fails_s * 0.99 || fails_s > c->fails_s * 1.01)
        fail_msg("%s: fails after %g s", c->policy, fails_s);
    model_free(&m);
}

/* Waits of 4 s and a deadline of 10 s, so attempts at 0, 4, 8 and then: at once no more; one more at 10; one more at
 * 12; no more, but it fails only at 10. */
static void test_pitfall_deadline_modes(void **state)
{
#define WAITS "attempts: 9, backoff: 4s, deadline: 10s}"
    static const struct deadline_case cases[] = {
        {"{preset: cenkalti, " WAITS, 3, 8},      {"{preset: google-cloud-java, " WAITS, 3, 8},
        {"{preset: google-api-core, " WAITS, 3, 8}, {"{preset: failsafe, " WAITS, 4, 10},
        {"{preset: failsafe-go, " WAITS, 4, 10},  {"{preset: p-retry, " WAITS, 4, 10},
        {"{preset: litl-expo, " WAITS, 4, 10},    {"{preset: tenacity-default, " WAITS, 4, 12},
        {"{preset: node-retry, " WAITS, 4, 12},   {"{preset: go-retryablehttp, " WAITS, 3, 10},
        {"{preset: gax-go, " WAITS, 3, 10},       {"{preset: aws-go-v1, " WAITS, 3, 10},
        {"{preset: envoy, " WAITS, 3, 10}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_deadline(&cases[i]);
}

/* Slow attempts: litl reads the clock as it was when the failed one began, failsafe as it is. Timeouts of 3 s, no
 * waits, a deadline of 5 s: attempts from 0, 3 (and 6, which litl still begins). Neither is cut off at 5 s. */
static void test_pitfall_deadline_read_at_the_attempt(void **state)
{
    static const char *const text =
        "duration: 20s\n"
        "clients: [{name: web, calls: api, arrival: {kind: burst, at: 0s}, policy: {preset: %s, timeout: 3s,\n"
        "           attempts: 9, backoff: {shape: fixed, base: 1ms}, deadline: 5s}}]\n"
        "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 9}}]\n"
        "faults: [{kind: outage, mode: pause, service: api, at: 0s, for: 20s}]\n";
    static const struct { const char *preset; int64_t attempts; } cases[] = {{"litl-expo", 3}, {"failsafe", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char filled[1024];
        snprintf(filled, sizeof filled, text, cases[i].preset);
        struct model_case m = model_run(filled);
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), cases[i].attempts);
        model_free(&m);
    }
}

/* Envoy's 15 s span all tries, botocore has none: 60 s for each attempt. */
static void test_pitfall_who_has_a_deadline(void **state)
{
    (void)state;
    assert_int_equal(policy_of("envoy")->deadline_ns, 15 * SECOND);
    assert_null(policy_of("envoy")->timeout);
    assert_int_equal(policy_of("aws-legacy")->deadline_ns, INT64_MAX);
    assert_true(law_mean_ns(policy_of("aws-legacy")->timeout) == 60.0 * SECOND);
    assert_int_equal(policy_of("ms-http-standard")->deadline_ns, 30 * SECOND);
    assert_int_equal(policy_of("polly-v8")->deadline_ns, INT64_MAX);
    assert_int_equal(policy_of("cenkalti")->deadline_ns, 900 * SECOND);
}

/* ---- which failures ---- */

static void check_retries(const char *name, uint32_t yes, uint32_t no)
{
    uint32_t set = policy_of(name)->retry_on;
    if ((set & yes) != yes || (set & no) != 0)
        fail_msg("%s: retries %#x, not all of %#x or some of %#x", name, set, yes, no);
}

static void test_pitfall_which_failures(void **state)
{
#define BIT(name) FAILURE_BIT(FAILURE_##name)
#define UNSENT    (BIT(REFUSED) | BIT(CONNECT_TIMEOUT) | BIT(UNPROCESSED))
#define ERRORS    (BIT(SERVER_ERROR) | BIT(GATEWAY))
    (void)state;
    check_retries("aws-legacy", BIT(THROTTLED) | BIT(OVERLOADED) | ERRORS | BIT(TIMEOUT) | UNSENT,
                  BIT(CLIENT_ERROR) | BIT(CONFLICT) | FAILURES_LOCAL);
    /* DEADLINE_EXCEEDED is not retried by gRPC, timeouts are by Azure and Google Cloud. */
    check_retries("grpc-a6-example", BIT(OVERLOADED) | UNSENT, BIT(TIMEOUT) | BIT(SHED) | ERRORS);
    check_retries("azure-go", BIT(TIMEOUT) | ERRORS, FAILURES_LOCAL);
    check_retries("gax-go", BIT(TIMEOUT) | ERRORS, FAILURES_LOCAL);
    /* A read timeout: not OkHttp, urllib3 if the request is idempotent. */
    check_retries("okhttp", UNSENT, BIT(TIMEOUT) | BIT(RESET) | ERRORS);
    check_retries("urllib3", BIT(TIMEOUT), ERRORS);
    assert_int_equal(policy_of("urllib3")->unsafe, UNSAFE_STOP);
    assert_int_equal(policy_of("gax-go")->unsafe, UNSAFE_STOP);
    /* What is provably not sent. */
    check_retries("finagle-requeue", UNSENT, BIT(TIMEOUT) | BIT(RESET) | BIT(OVERLOADED) | ERRORS);
    check_retries("finagle-tries", UNSENT, BIT(TIMEOUT) | BIT(RESET) | BIT(OVERLOADED) | ERRORS);
    /* Its own load shedding: not Envoy, not Linkerd. */
    check_retries("envoy", BIT(OVERLOADED) | UNSENT, FAILURES_LOCAL | BIT(THROTTLED));
    check_retries("linkerd-route", BIT(OVERLOADED) | BIT(UNPROCESSED), BIT(LIMITED) | BIT(REFUSED));
    check_retries("linkerd-profile", BIT(OVERLOADED) | ERRORS, UNSENT | BIT(TIMEOUT));
    /* "overloaded; don't retry" */
    check_retries("sre-client", BIT(OVERLOADED), BIT(SHED) | FAILURES_LOCAL);
    check_retries("k8s-default-retry", BIT(CONFLICT), BIT(OVERLOADED) | UNSENT);
}

/* The rejection of a breaker inside: retried by those that retry any exception, not by Microsoft's handler. */
static void test_pitfall_rejections_of_the_own_breaker(void **state)
{
    (void)state;
    check_retries("polly-v8", BIT(BREAKER_OPEN), 0);
    check_retries("resilience4j", BIT(BREAKER_OPEN), 0);
    check_retries("ms-http-standard", 0, BIT(BREAKER_OPEN));
}

/* Three retries of each kind, ten in all. */
static void test_pitfall_counters_for_each_kind(void **state)
{
    const struct policy *policy = policy_of("azure-python");
    (void)state;
    assert_int_equal(policy_rule(policy, FAILURE_REFUSED)->retries, 3);
    assert_int_equal(policy_rule(policy, FAILURE_TIMEOUT)->retries, 3);
    assert_int_equal(policy_rule(policy, FAILURE_SERVER_ERROR)->retries, 3);
    assert_ptr_equal(policy_rule(policy, FAILURE_THROTTLED), policy_rule(policy, FAILURE_GATEWAY));
    assert_ptr_not_equal(policy_rule(policy, FAILURE_TIMEOUT), policy_rule(policy, FAILURE_REFUSED));
}

/* ---- versions ---- */

static int64_t longest_ms(const char *name, uint32_t retry)
{
    struct backoff_range range = {0};
    const struct policy *policy = policy_of(name);
    for (uint32_t n = 1; n <= retry; n++)
        backoff_next_range(&policy->backoff, n, UINT32_MAX, &range);
    return (int64_t)(range.high_ns / 1e6 + 0.5);
}

static void test_pitfall_versions(void **state)
{
    (void)state;
    assert_int_equal(longest_ms("aws-standard", 1), 1000);
    assert_int_equal(longest_ms("aws-standard-2026", 1), 50);
    assert_int_equal(longest_ms("aws-standard-2026-dynamodb", 1), 25);
    assert_int_equal(longest_ms("grpc-a6-pre2024", 6), 1000);
    assert_int_equal(longest_ms("grpc-a6-example", 6), 1200);
    assert_int_equal(longest_ms("ioredis-v5", 6), 300);
    assert_int_equal(longest_ms("ioredis", 6), 1799);
    assert_int_equal(longest_ms("go-redis-pre2026", 1), 24);
    assert_int_equal(longest_ms("go-redis-2026", 1), 30);
    assert_int_equal(longest_ms("go-redis-pre2026", 9), 512);
    assert_int_equal(longest_ms("go-redis-2026", 9), 1000);
    assert_int_equal(longest_ms("tenacity-rexp", 1), 1000);
    assert_int_equal(longest_ms("tenacity-rexp-pre2019", 1), 2000);
    assert_int_equal(longest_ms("kafka-request-pre2023", 6), 100);
    assert_int_equal(longest_ms("kafka-request", 6), 1000);
}

/* Before 2024-05 botocore cut the draw to 20 s: with ten attempts three of eight ninth waits or so are exactly that.
 * Since then the bound is cut, and no wait is more likely than another. */
static void test_pitfall_cap_moved(void **state)
{
    (void)state;
    assert_int_equal(policy_of("aws-standard-pre2024")->backoff.cap_ns, INT64_MAX);
    assert_int_equal(policy_of("aws-standard-pre2024")->backoff.max_wait_ns, 20 * SECOND);
    assert_int_equal(policy_of("aws-standard")->backoff.cap_ns, 20 * SECOND);
    assert_int_equal(policy_of("aws-standard")->backoff.max_wait_ns, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitfall_what_attempts_count),
        cmocka_unit_test(test_pitfall_hedges_are_attempts),
        cmocka_unit_test(test_pitfall_sleep_after_the_last_failure),
        cmocka_unit_test(test_pitfall_retry_after_rules),
        cmocka_unit_test(test_pitfall_only_envoy_spreads_a_hint),
        cmocka_unit_test(test_pitfall_long_hints),
        cmocka_unit_test(test_pitfall_a_hint_of_zero),
        cmocka_unit_test(test_pitfall_required_only_of_answers),
        cmocka_unit_test(test_pitfall_pushback_restarts),
        cmocka_unit_test(test_pitfall_deadline_modes),
        cmocka_unit_test(test_pitfall_deadline_read_at_the_attempt),
        cmocka_unit_test(test_pitfall_who_has_a_deadline),
        cmocka_unit_test(test_pitfall_which_failures),
        cmocka_unit_test(test_pitfall_rejections_of_the_own_breaker),
        cmocka_unit_test(test_pitfall_counters_for_each_kind),
        cmocka_unit_test(test_pitfall_versions),
        cmocka_unit_test(test_pitfall_cap_moved),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
