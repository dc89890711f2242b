/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JVM libraries whose subject is resilience. */
#include "policy/presets/rows.h"

#define RESILIENCE4J "resilience4j/resilience4j 2.4, commit af9e7c9: "
#define SPRING "spring-projects/spring-retry, commit c8977dd: "
#define ANY "Retries any exception, also of a request that is wrong, and what its own breaker refuses."

const struct preset_row preset_resilience4j = {
    .row = {.name = "resilience4j",
            .summary = "Resilience4j, RetryConfig.ofDefaults: 3 attempts, 500 ms apart, no jitter",
            .source = RESILIENCE4J "resilience4j-retry RetryConfig.java"},
    .library = "resilience4j",
    .text = "{attempts: 3, backoff: {shape: fixed, base: 500ms}, retry_on: all}",
    .confidence = PRESET_READ,
    .notes = ANY " maxAttempts counts attempts. Its breaker is a decorator of its own: 'breaker: {preset: "
             "resilience4j}'. No budget.",
};

const struct preset_row preset_resilience4j_exp_random = {
    .row = {.name = "resilience4j-exp-random",
            .summary = "Resilience4j, ofExponentialRandomBackoff: 500 ms growing by 1.5, plus or minus 50 %",
            .source = RESILIENCE4J "resilience4j-core IntervalFunction.java"},
    .library = "resilience4j",
    .text = "{attempts: 3,\n"
            " backoff: {shape: exponential, base: 500ms, multiplier: 1.5, cut_to: 1ms,\n"
            "   jitter: {kind: proportional, ratio: 50%}, round_to: 1ms, rounding: inclusive},\n"
            " retry_on: all}",
    .confidence = PRESET_READ,
    .notes = ANY " Each step is cut to milliseconds before the next: 500, 750, 1125, 1687.",
};

const struct preset_row preset_hystrix_command = {
    .row = {.name = "hystrix-command",
            .summary = "a Hystrix command: no retries, 1 s, 10 threads without a queue, a breaker",
            .source = "Netflix/Hystrix 1.5, commit 7c03baf: hystrix-core HystrixCommandProperties.java, "
                      "HystrixThreadPoolProperties.java"},
    .text = "{attempts: 1, timeout: 1s, breaker: {preset: hystrix}, gates: {preset: hystrix-pool}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_spring_retry = {
    .row = {.name = "spring-retry",
            .summary = "Spring Retry, @Retryable: 3 attempts, 1 s apart, no jitter",
            .source = SPRING "annotation/Retryable.java, Backoff.java"},
    .library = "spring-retry",
    .text = "{attempts: 3, backoff: {shape: fixed, base: 1s}, retry_on: all}",
    .confidence = PRESET_READ,
    .notes = ANY " maxAttempts counts attempts.",
};

const struct preset_row preset_spring_exp_random = {
    .row = {.name = "spring-exp-random",
            .summary = "Spring Retry, ExponentialRandomBackOffPolicy: 100 ms doubling, up to as much again, 30 s at "
                       "most",
            .source = SPRING "backoff/ExponentialRandomBackOffPolicy.java"},
    .library = "spring-retry",
    .text = "{attempts: 3,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 30s, jitter: {kind: factor, low: 1, high: 2},\n"
            "   max_wait: 30s},\n"
            " retry_on: all}",
    .confidence = PRESET_READ,
    .notes = "The factor is between 1 and the multiplier. At the cap all wait exactly 30 s.",
};

const struct preset_row preset_failsafe = {
    .row = {.name = "failsafe",
            .summary = "Failsafe 3 (Java), RetryPolicy.ofDefaults: 3 attempts, no wait",
            .source = "failsafe-lib/failsafe 3.3, commit ed3f927: RetryPolicyConfig.java"},
    .text = "{attempts: 3, backoff: none, deadline_rule: clip, deadline_cuts: false, retry_on: all}",
    .confidence = PRESET_READ,
    .notes = "withMaxAttempts counts attempts, withMaxRetries retries; maxDuration ('deadline') cuts a wait to what "
             "is left and tries once more.",
};

const struct preset_row preset_failsafe_go = {
    .row = {.name = "failsafe-go",
            .summary = "failsafe-go: 3 attempts, no wait, and its optional budget: 20 % of what is under way, or 3",
            .source = "failsafe-go/failsafe-go 0.9.7, commit 5759a5e: retrypolicy/, budget/"},
    .text = "{attempts: 3, backoff: none, deadline_rule: clip, deadline_cuts: false, retry_on: all,\n"
            " budget: {preset: failsafe-go}}",
    .confidence = PRESET_READ,
    .chosen = "with the budget, which is optional: 'budget: none' leaves it out",
    .notes = "The budget is asked after the wait and held only while the retry runs, so a long backoff costs "
             "nothing.",
};
