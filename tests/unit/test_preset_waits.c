/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waits of the client libraries, each written in the keys of `backoff:`, against tests/preset-waits.csv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "preset_waits.h"

#define EXP(base)  "{shape: exponential, base: " base
#define FULL       ", jitter: full}"
#define PLAIN      "}"
#define AROUND(r)  ", jitter: {kind: proportional, ratio: " r "}}"
#define ADDED(r)   ", jitter: {kind: proportional, side: added, ratio: " r "}}"
#define WHOLE      ", round_to: 1ms"
#define ENVOY      EXP("25ms") ", cap: 250ms" WHOLE FULL
#define AWS_GO(b)  EXP(b) ", cap: 300s, at_cap: redraw" ADDED("100%")
#define GRPC(more) EXP("1s") ", multiplier: 1.6, cap: 120s" more AROUND("20%")

static const struct setup {
    const char *preset, *backoff;
} setups[] = {
    {"aws-legacy", EXP("1s") FULL},
    {"aws-standard", EXP("1s") ", cap: 20s" FULL},
    {"aws-standard-2026", EXP("50ms") ", cap: 20s" FULL},
    {"aws-standard-2026-throttled", EXP("1s") ", cap: 20s" FULL},
    {"aws-go-v2-standard", EXP("1s") ", offset: 1, cap: 20s, at_cap: exact" FULL},
    {"aws-java-v2-standard", EXP("100ms") ", cap: 20s" WHOLE FULL},
    {"aws-java-v2-legacy-throttled", EXP("500ms") ", cap: 20s, rounding: inclusive" WHOLE ", jitter: equal}"},
    {"aws-go-v1", AWS_GO("30ms")},
    {"aws-go-v1-throttled", AWS_GO("500ms")},
    {"grpc-a6-example", EXP("100ms") ", cap: 1s" AROUND("20%")},
    {"grpc-connect", GRPC("")},
    {"grpc-connect-go", GRPC(", first: exact")},
    {"envoy", ENVOY},
    {"istio", ENVOY},
    {"linkerd-route", EXP("25ms") ", cap: 250ms, max_wait: 250ms" ADDED("100%")},
    {"polly-v8", "2s"},
    {"ms-http-standard", EXP("2s") ", jitter: polly-v2}"},
    {"resilience4j", "500ms"},
    {"resilience4j-exp-random", EXP("500ms") ", multiplier: 1.5, cut_to: 1ms, rounding: inclusive" WHOLE AROUND("50%")},
    {"spring-retry", "1s"},
    {"spring-exp-random", EXP("100ms") ", cap: 30s, max_wait: 30s, jitter: {kind: factor, low: 1, high: 2}}"},
    {"tenacity-rexp", EXP("1s") ", cap: 60s, jitter: {kind: range, low: 0s}}"},
    {"tenacity-exp-jitter", EXP("1s") ", jitter: {kind: additive, amount: 1s}}"},
    {"urllib3", EXP("500ms") ", first: zero, max_wait: 120s" PLAIN},
    {"litl-expo", EXP("1s") FULL},
    {"gax-go", EXP("1s") ", cap: 30s, jitter: {kind: range, low: 1ns}}"},
    {"google-cloud-java", EXP("1s") ", cap: 32s" WHOLE FULL},
    {"google-api-core", EXP("1s") ", cap: 60s" FULL},
    {"azure-python", EXP("800ms") ", first: zero, max_wait: 120s" PLAIN},
    {"azure-net", EXP("800ms") ", max_wait: 60s" AROUND("20%")},
    {"azure-go",
     "{shape: exponential-less-1, base: 800ms, max_wait: 60s, jitter: {kind: factor, low: 0.8, high: 1.3}}"},
    {"azure-java", EXP("800ms") ", max_wait: 8s" AROUND("5%")},
    {"cenkalti", EXP("500ms") ", multiplier: 1.5, cap: 60s" AROUND("50%")},
    {"go-retryablehttp", EXP("1s") ", cap: 30s" PLAIN},
    {"go-retryablehttp-linear", "{shape: linear, base: 1s, jitter: {kind: factor, low: 1, high: 2}}"},
    {"k8s-default-retry", "{shape: fixed, base: 10ms" ADDED("10%")},
    {"k8s-default-backoff", EXP("10ms") ", multiplier: 5" ADDED("10%")},
    {"k8s-workqueue", EXP("5ms") ", cap: 1000s" PLAIN},
    {"node-retry", EXP("1s") ", rounding: nearest" WHOLE PLAIN},
    {"async-retry", EXP("1s") ", rounding: nearest" WHOLE ", jitter: sorted}"},
    {"kafka-reconnect", EXP("50ms") ", cap: 1s, max_wait: 1s" WHOLE AROUND("20%")},
    {"kafka-request", EXP("100ms") ", cap: 1s, max_wait: 1s" WHOLE AROUND("20%")},
    {"datastax-reconnect",
     EXP("1s") ", cap: 60s, min_wait: 1s, max_wait: 60s, jitter: {kind: proportional, ratio: 15%, step: 1%}}"},
    {"ioredis", EXP("50ms") ", cap: 5s" WHOLE ", jitter: {kind: additive, amount: 200ms}}"},
    {"ioredis-v5", "{shape: linear, base: 50ms, cap: 2s}"},
    {"go-redis", EXP("10ms") ", offset: 1, max_wait: 1s, jitter: {kind: full, floor: 10ms}}"},
    {"redis-py", EXP("10ms") ", offset: 1, max_wait: 1s" FULL},
    {"lettuce-reconnect", EXP("1ms") ", cap: 30s" PLAIN},
    {"tcp-syn-linux-old", EXP("1s") PLAIN},
    {"tcp-syn-linux", "{shape: table, delays: [1s, 1s, 1s, 1s, 1s, 2s, 4s, 8s, 16s, 32s]}"},
};
enum { SETUPS = sizeof setups / sizeof *setups };

static void test_every_preset(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETUPS; i++) {
        struct arena arena = {0};
        struct backoff backoff = backoff_case(setups[i].backoff, &arena);
        preset_waits_check(setups[i].preset, &backoff);
        arena_free(&arena);
    }
}

static bool has_setup(const char *preset)
{
    for (size_t i = 0; i < SETUPS; i++)
        if (strcmp(setups[i].preset, preset) == 0)
            return true;
    return false;
}

static void test_no_row_is_left_out(void **state)
{
    struct preset_wait wait;
    size_t rows = 0;
    FILE *file = preset_waits_open();
    (void)state;
    while (preset_waits_next(file, &wait)) {
        if (!has_setup(wait.preset))
            fail_msg("no set-up for '%s'", wait.preset);
        assert_true(wait.retries > 0);
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, SETUPS * PRESET_WAITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_preset),
        cmocka_unit_test(test_no_row_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
