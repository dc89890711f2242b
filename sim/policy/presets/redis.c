/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redis clients. Lettuce is with the JVM's. */
#include "policy/presets/rows.h"

#define IOREDIS "redis/ioredis 6.0, commit dfd5428: lib/redis/RedisOptions.ts, event_handler.ts"
#define GO_REDIS "redis/go-redis, commit 216593c: internal/internal.go, options.go"
#define BROKEN "retry_on: [timeout, connection]"

const struct preset_row preset_ioredis = {
    .row = {.name = "ioredis",
            .summary = "ioredis 6, reconnect: 50 ms doubling to 5 s, and up to 199 ms more",
            .source = IOREDIS},
    .library = "ioredis",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 50ms, cap: 5s, jitter: {kind: additive, amount: 200ms},\n"
            "   round_to: 1ms}}",
    .confidence = PRESET_READ,
    .notes = "The jitter does not grow with the wait.",
};

const struct preset_row preset_ioredis_v5 = {
    .row = {.name = "ioredis-v5",
            .summary = "ioredis before 2026-07-31: 50 ms x n, at most 2 s, no jitter",
            .source = "redis/ioredis before commit 6d0716e, 2026-07-31"},
    .library = "ioredis",
    .text = "{attempts: unlimited, retry_on: [default, -local], backoff: {shape: linear, base: 50ms, cap: 2s}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_ioredis_request = {
    .row = {.name = "ioredis-request",
            .summary = "ioredis 6, maxRetriesPerRequest: a command goes along with 20 reconnects, then fails",
            .source = IOREDIS},
    .text = "{attempts: 21, " BROKEN ",\n"
            " backoff: {shape: exponential, base: 50ms, cap: 5s, jitter: {kind: additive, amount: 200ms},\n"
            "   round_to: 1ms}}",
    .confidence = PRESET_READ,
    .notes = "The waits are those of the reconnects.",
};

const struct preset_row preset_go_redis = {
    .row = {.name = "go-redis-2026",
            .summary = "go-redis since 2026-07-23: 3 retries, 10 ms plus up to 20, 40, 80 ms, at most 1 s",
            .source = GO_REDIS},
    .library = "go-redis",
    .text = "{attempts: 4, deadline_rule: cut, " BROKEN ",\n"
            " backoff: {shape: exponential, base: 10ms, offset: 1,\n"
            "   jitter: {kind: factor, low: 0, high: 1, constant: 10ms}, max_wait: 1s}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_go_redis_pre2026 = {
    .row = {.name = "go-redis-pre2026",
            .summary = "go-redis before 2026-07-23: 3 retries, 8 ms plus up to 16, 32, 64 ms, at most 512 ms",
            .source = "redis/go-redis before commit 5c82f57a, 2026-07-23"},
    .library = "go-redis",
    .text = "{attempts: 4, deadline_rule: cut, " BROKEN ",\n"
            " backoff: {shape: exponential, base: 8ms, offset: 1,\n"
            "   jitter: {kind: factor, low: 0, high: 1, constant: 8ms}, max_wait: 512ms}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the two numbers were read; that the formula was the same is assumed",
};

const struct preset_row preset_redis_py = {
    .row = {.name = "redis-py",
            .summary = "redis-py: 10 retries, full jitter from 20 ms, at most 1 s",
            .source = "redis/redis-py, commit 34817ce: redis/backoff.py, redis/client.py"},
    .text = "{attempts: 11, " BROKEN ",\n"
            " backoff: {shape: exponential, base: 10ms, offset: 1, jitter: full, max_wait: 1s}}",
    .confidence = PRESET_READ,
    .notes = "The cap comes after the draw, so a part of all late waits is exactly 1 s.",
};
