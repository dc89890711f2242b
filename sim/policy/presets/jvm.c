/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JVM clients that bring their own retry. */
#include "policy/presets/rows.h"

const struct preset_row preset_okhttp = {
    .row = {.name = "okhttp",
            .summary = "OkHttp: another route at once if a connection fails, no backoff; 503 only with Retry-After: "
                       "0",
            .source = "square/okhttp 5.4, commit 1682d9b: RetryAndFollowUpInterceptor.kt, ConnectPlan.kt"},
    .text = "{attempts: 2, timeout: 10s, connect_timeout: 10s, backoff: none,\n"
            " retry_on: [refused, connect-timeout, unprocessed, overloaded],\n"
            " rules: [{on: overloaded, retries: 1}],\n"
            " retry_after: {rule: required, on: overloaded, limit: 0s, over_limit: stop}}",
    .confidence = PRESET_READ,
    .doubt = "the timeouts of 10 s were not read in the source",
    .chosen = "2 attempts: a host with two addresses; each route is tried once",
    .notes = "A timeout after the request was sent is not retried.",
};

const struct preset_row preset_datastax_reconnect = {
    .row = {.name = "datastax-reconnect",
            .summary = "DataStax driver for Cassandra, reconnect: 1 s doubling to 60 s, plus or minus 15 %",
            .source = "datastax/java-driver 4.12.0: ExponentialReconnectionPolicy.java"},
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 1s, cap: 60s, jitter: {kind: proportional, ratio: 15%, step: 1%},\n"
            "   min_wait: 1s, max_wait: 60s}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "version 4.12.0; newer ones were not looked at",
    .notes = "Whole percents, and at least 1 s: half of all first waits are exactly 1 s.",
};

const struct preset_row preset_kafka_reconnect = {
    .row = {.name = "kafka-reconnect",
            .summary = "Kafka clients, reconnect.backoff: 50 ms doubling to 1 s, plus or minus 20 %",
            .source = "apache/kafka 4.0-SNAPSHOT, commit 1eb7644, 2024-10: common/utils/ExponentialBackoff.java"},
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 50ms, cap: 1s, jitter: {kind: proportional, ratio: 20%},\n"
            "   max_wait: 1s, round_to: 1ms}}",
    .confidence = PRESET_READ,
    .notes = "Half of all waits at the cap are exactly 1 s. Whole milliseconds.",
};

const struct preset_row preset_kafka_request = {
    .row = {.name = "kafka-request",
            .summary = "Kafka producer, retry.backoff since KIP-580: 100 ms doubling to 1 s, within 120 s",
            .source = "apache/kafka 4.0-SNAPSHOT, commit 1eb7644, 2024-10: ProducerConfig.java, Sender.java"},
    .library = "kafka",
    .text = "{attempts: unlimited, timeout: 30s, deadline: 120s, deadline_rule: cut,\n"
            " retry_on: [timeout, connection, throttled, overloaded, shed, error],\n"
            " backoff: {shape: exponential, base: 100ms, cap: 1s, jitter: {kind: proportional, ratio: 20%},\n"
            "   max_wait: 1s, round_to: 1ms}}",
    .confidence = PRESET_READ,
    .notes = "retries is 2^31 - 1: delivery.timeout.ms, 120 s, is the limit.",
};

const struct preset_row preset_kafka_request_pre2023 = {
    .row = {.name = "kafka-request-pre2023",
            .summary = "Kafka producer before KIP-580, 2023-09: always 100 ms, within 120 s",
            .source = "apache/kafka before KIP-580, 2023-09"},
    .library = "kafka",
    .text = "{attempts: unlimited, timeout: 30s, deadline: 120s, deadline_rule: cut,\n"
            " retry_on: [timeout, connection, throttled, overloaded, shed, error],\n"
            " backoff: {shape: fixed, base: 100ms}}",
    .confidence = PRESET_NOT_READ,
    .doubt = "that it was fixed is from the KIP; 100 ms is the value of retry.backoff.ms then as now",
};

const struct preset_row preset_lettuce_reconnect = {
    .row = {.name = "lettuce-reconnect",
            .summary = "Lettuce (Redis), reconnect: 1 ms doubling to 30 s, no jitter",
            .source = "redis/lettuce, commit b0bcdd8: resource/ExponentialDelay.java"},
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 1ms, cap: 30s}}",
    .confidence = PRESET_READ,
};
