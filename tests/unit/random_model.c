/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_model.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/stream.h"

enum { SERVICES_MAX = 4, CACHES_MAX = 2, CALLS_MAX = 3 };

/* A text that grows, and the dice. */
struct writer {
    struct stream stream;
    char *text;
    size_t used;
    int populations;              /* so far */
    bool connects[3], sends[3];   /* of each population: has sessions, has requests */
    bool unlimited[SERVICES_MAX];  /* of each service: workers */
    bool programs[SERVICES_MAX];
    int replicas[SERVICES_MAX];   /* 0: no pool */
};

static void add(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct writer *w, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    w->used += (size_t)vsnprintf(w->text + w->used, RANDOM_MODEL_SIZE - w->used, format, values);
    va_end(values);
    CHECK(w->used < RANDOM_MODEL_SIZE, "a random model is too long");
}

/* 0 .. sides - 1 */
static int dice(struct writer *w, int sides)
{
    return (int)(stream_uniform(&w->stream) * sides);
}

static int between(struct writer *w, int low, int high)
{
    return low + dice(w, high - low + 1);
}

#define PICK(w, ...)                                                                                                   \
    pick(w, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *pick(struct writer *w, const char *const *texts, size_t count)
{
    return texts[dice(w, (int)count)];
}

/* `key` with its law, as the value of a map's key. Coarse times, so that many things meet in one instant. */
static void add_law(struct writer *w, const char *key, int mean_ms)
{
    switch (dice(w, 6)) {
    case 0:
        add(w, "%s: {law: exponential, mean: %dms}", key, mean_ms);
        break;
    case 1:
        add(w, "%s: {law: uniform, low: 0s, high: %dms}", key, 2 * mean_ms);
        break;
    case 2:
        add(w, "%s: {law: lognormal, mean: %dms, cv2: 4}", key, mean_ms);
        break;
    case 3:
        add(w, "%s: {law: erlang, mean: %dms, phases: 3}", key, mean_ms);
        break;
    default:
        add(w, "%s: %dms", key, (mean_ms + 99) / 100 * 100);
        break;
    }
}

static void add_backoff(struct writer *w)
{
    const char *shape =
        PICK(w, "shape: none", "shape: fixed, base: 100ms", "shape: linear, base: 50ms", "shape: fibonacci, base: 50ms",
             "shape: exponential, base: 100ms", "shape: table, delays: [100ms, 200ms]", "shape: slots, slot: 10ms");
    const char *jitter = PICK(w, "", ", jitter: full", ", jitter: equal", ", cap: 1s", ", cap: 1s, jitter: full",
                              ", first: extra-zero", ", jitter: {kind: proportional, ratio: 50%}", ", jitter: sorted",
                              ", cap: 150ms, at_cap: stop", ", cap: 150ms, at_cap: redraw, jitter: equal",
                              ", max_wait: 1s, round_to: 100ms, jitter: full");
    add(w, ", backoff: {%s%s}", shape, jitter);
}

static void add_breaker(struct writer *w, const char *scope)
{
    const char *counts =
        PICK(w, "kind: consecutive, failures: 3", "kind: count-window, window: 10, ratio: 50%",
             "kind: rolling, window: 2s, ratio: 50%, out_of: calls", "kind: ema, window: 1s, ratio: 50%, min_calls: 3",
             "kind: tumbling, window: 1s, starts: call, failures: 3, eval: on-call",
             "kind: any, of: [4, {kind: rolling, window: 2s, ratio: 60%, min_calls: 5}], eval: ticker, tick: 300ms");
    const char *open_for = PICK(w, "0s", "500ms", "5s", "{shape: exponential, base: 200ms, jitter: full}");
    const char *probes = PICK(w, "0", "1", "3", "3, probes_at_once: 1, reopen_after: 2", "5, reopen_ratio: 50%",
                              "unlimited, close_after: 2", "1, probe_timeout: 200ms");
    const char *stale = PICK(w, "ignore", "count", "unless-open");
    add(w, ", breaker: {%s, open_for: %s, probes: %s, stale: %s, per: %s, scope: %s}", counts, open_for, probes, stale,
        PICK(w, "attempt", "attempt", "request"), scope);
}

/* Where every gate may stand. */
static const char *pick_gate(struct writer *w)
{
    return PICK(w, "kind: none", "kind: token-bucket, rate: 10/s, burst: 3",
                "kind: token-bucket, rate: 20/s, on_empty: wait, max_wait: 500ms",
                "kind: token-bucket, rate: 5/s, on_empty: wait, queue: 3", "kind: leaky, rate: 20/s, burst: 5",
                "kind: leaky, rate: 7/s, clock: ms, delay: none",
                "kind: cycle, permits: 3, period: 500ms, max_wait: 1s",
                "kind: fixed-window, limit: 5, window: 1s, starts: first", "kind: sliding-window, limit: 5, window: 1s",
                "kind: sliding-log, limit: 5, window: 1s", "kind: warm-up, rate: 10/s, warm_up: 5s, max_wait: 1s",
                "kind: adaptive-throttle, window: 5s",
                "kind: adaptive-throttle, window: 3s, slices: 3, counts: answered",
                "kind: nack-throttle, window: 3s", "kind: bulkhead, max: 2",
                "kind: concurrency, limit: 4, shares: [50%, 50%]",
                "kind: aimd, start: 3, min: 1, max: 9, timeout: 200ms",
                "kind: vegas, start: 4, window: 300ms, window_samples: 2", "kind: gradient, start: 4, probe: 10",
                "kind: gradient2, start: 4, min: 1, max: 50",
                "kind: envoy-adaptive, probe_requests: 5, every: 2s, update: 500ms");
}

static const char *pick_client_gate(struct writer *w)
{
    if (dice(w, 4) > 0)
        return pick_gate(w);
    return PICK(w, "kind: aws-adaptive, on: all, max_wait: 3s", "kind: aws-adaptive, on: timeout",
                "kind: bulkhead, max: 1, queue: 2, max_wait: 700ms", "kind: bulkhead, max: 3, queue: unlimited");
}

static void add_gates(struct writer *w)
{
    const char *scope = PICK(w, "client", "population", "endpoint", "client-endpoint");
    if (dice(w, 3) == 0)
        add(w, ", budget: [{%s, scope: %s}, {%s, scope: %s}]",
            PICK(w, "kind: ratio, ratio: 10%", "kind: ratio, ratio: 5%, earns: success", "kind: throttle",
                 "kind: bucket, size: 5, refill: 1/s", "kind: bucket, size: 50, cost: 5, refund_success: 1"),
            scope,
            PICK(w, "kind: none", "kind: inflight, ratio: 20%, min: 1",
                 "kind: inflight, ratio: 20%, base: requests, when: after", "kind: per-minute, window: 5s",
                 "kind: window, ratio: 20%, min_rate: 1/s, per_request: 20%"),
            scope);
    if (dice(w, 3) == 0)
        add_breaker(w, scope);
    if (dice(w, 3) == 0)
        add(w, ", gates: [{%s, scope: %s, per: %s}, {%s, scope: %s, per: %s}]", pick_client_gate(w), scope,
            PICK(w, "attempt", "request", "retry"), pick_client_gate(w), scope, PICK(w, "attempt", "request", "retry"));
}

static void add_policy(struct writer *w)
{
    add(w, "policy: {attempts: %d", between(w, 1, 5));
    if (dice(w, 5) > 0) {
        add(w, ", ");
        add_law(w, "timeout", between(w, 100, 2000));
    }
    if (dice(w, 4) == 0)
        add(w, ", deadline: %s", PICK(w, "500ms", "1s", "3s"));
    if (dice(w, 5) == 0)
        add(w, ", persistence: %s", PICK(w, "0%", "50%", "90%"));
    if (dice(w, 5) == 0)
        add(w, ", retry_on: %s", PICK(w, "[]", "[timeout]", "[timeout, rejected, local]", "[error, refused]"));
    add_backoff(w);
    if (dice(w, 3) == 0)
        add(w, ", retry_after: %s", PICK(w, "replace", "max", "{rule: jitter-up, limit: 2s}"));
    add_gates(w);
    add(w, "}");
}

static void add_network(struct writer *w)
{
    if (dice(w, 2) == 0)
        return;
    add(w, ", network: {");
    add_law(w, "request_latency", between(w, 0, 2) * 100 + 1);
    if (dice(w, 2) == 0) {
        add(w, ", ");
        add_law(w, "response_latency", between(w, 0, 2) * 100 + 1);
    }
    add(w, ", request_loss: %s, response_loss: %s, rto: %s}", PICK(w, "0%", "0%", "10%"),
        PICK(w, "0%", "0%", "10%", "100%"), PICK(w, "none", "none", "200ms"));
}

static void add_arrival(struct writer *w)
{
    switch (dice(w, 9)) {
    case 0:
        add(w, "arrival: {kind: poisson, rate: %d/s}", between(w, 1, 60));
        break;
    case 1:
        add(w, "arrival: {kind: renewal, ");
        add_law(w, "gap", between(w, 30, 300));
        add(w, "}");
        break;
    case 2:
        add(w, "arrival: {kind: piecewise, points: [{at: 1s, rate: %d/s}, {at: 8s, rate: %d/s}]}", between(w, 0, 40),
            between(w, 1, 40));
        break;
    case 3:
        add(w, "arrival: {kind: burst, at: %ds, spread: %s}", dice(w, 10), PICK(w, "0s", "3s"));
        break;
    case 4:
        add(w, "arrival: {kind: ramp, from: %d/s, to: %d/s, at: %ds, over: %s}", dice(w, 20), between(w, 1, 40),
            dice(w, 10), PICK(w, "0s", "5s"));
        break;
    case 5:
        add(w, "arrival: {kind: spike, rate: %d/s, factor: %s, at: %ds, for: %s, every: %s}", between(w, 1, 40),
            PICK(w, "0", "0.5", "10"), dice(w, 10), PICK(w, "0s", "700ms"), PICK(w, "never", "2s", "701ms"));
        break;
    case 6:
        add(w, "arrival: {kind: diurnal, rate: %d/s, amplitude: %s, period: %s}", between(w, 1, 40),
            PICK(w, "0%", "50%", "100%"), PICK(w, "100ms", "7s"));
        break;
    default:
        add(w, "closed: {think: %s, mean: %dms, start: %s}", PICK(w, "fixed", "exponential"), between(w, 1, 20) * 100,
            PICK(w, "thinking", "at-once"));
    }
}

/* Most populations have no sessions; of those that do, some send nothing. */
static void add_source(struct writer *w, int services)
{
    w->connects[w->populations] = dice(w, 3) == 0;
    w->sends[w->populations] = !w->connects[w->populations] || dice(w, 4) > 0;
    if (w->sends[w->populations])
        add_arrival(w);
    if (!w->connects[w->populations])
        return;
    add(w, "%sconnect: {calls: s%d, start: %s, splay: %s, give_up_wait: %s, ", w->sends[w->populations] ? ", " : "",
        dice(w, services), PICK(w, "connected", "connecting"), PICK(w, "0s", "2s"), PICK(w, "100ms", "3s"));
    if (dice(w, 2) == 0)
        add(w, "session: {law: exponential, mean: %s}, ", PICK(w, "300ms", "5s"));
    add_policy(w);
    add_network(w);
    add(w, "}");
}

static void add_clients(struct writer *w, int populations, int services, int caches)
{
    add(w, "clients:\n");
    for (int i = 0; i < populations; i++) {
        add(w, "  - {name: p%d, count: %d, priority: %s, ", i, between(w, 1, 30), PICK(w, "0", "1", "15"));
        add_source(w, services);
        w->populations++;
        if (dice(w, 2) == 0)
            add(w, ", idempotency_key: true");
        if (caches > 0 && dice(w, 2) == 0)
            add(w, ", calls: c%d", dice(w, caches));
        else
            add(w, ", calls: s%d", dice(w, services));
        add(w, ", ");
        add_policy(w);
        add_network(w);
        add(w, "}\n");
    }
}

static void add_queue(struct writer *w)
{
    const char *discipline =
        PICK(w, "fifo", "fifo", "lifo", "adaptive-lifo, threshold: 40%", "edf", "priority", "priority, displace: true",
             "weighted, weights: [3, 1], displace: true", "fair", "fair, by: population, per_tenant: 3",
             "shuffle-sharded, queues: 4, hand: 2, per_queue: 2", "ps", "ps");
    bool bounded = strncmp(discipline, "adaptive", strlen("adaptive")) == 0;
    add(w, ", queue: {discipline: %s, capacity: %s", discipline,
        bounded ? PICK(w, "1", "5", "50") : PICK(w, "0", "1", "5", "50", "unlimited"));
    if (dice(w, 3) == 0 && strcmp(discipline, "ps") != 0)
        add(w, ", drop: {%s}", PICK(w, "kind: expired", "kind: expired, margin: 100ms", "kind: queue-timeout",
                                    "kind: codel", "kind: codel, target: 200ms, interval: 1s"));
    add(w, "}");
}

static void add_service_gates(struct writer *w, bool limited)
{
    add(w, ", retry_after: %s", PICK(w, "none", "1s", "{kind: backlog, spread: true}", "sessions"));
    add(w, ", gates: [{%s, key: %s, class: %s, retry_after: %s, reject_cost: %s}, {%s}]", pick_gate(w),
        PICK(w, "none", "population", "client"), PICK(w, "kind", "shed"), PICK(w, "none", "gate"),
        PICK(w, "service", "20ms"),
        limited ? PICK(w, "kind: cpu, thresholds: [90%, 50%]", "kind: bbr, average: 1s",
                       "kind: queue-delay, thresholds: [1s, 100ms]", "kind: priority-cutoff, users: 4, priorities: 2",
                       "kind: credits, target: 100ms, every: 500ms")
                : "kind: none");
}

/* How many there are of each, and what a cache is in front of. */
struct parts {
    int populations, services, caches;
    int origin[CACHES_MAX];
};

/* A service calls only those behind it, so that there are no cycles. */
static void add_callee(struct writer *w, const struct parts *parts, int service)
{
    int cache = parts->caches > 0 ? dice(w, parts->caches) : 0;
    if (parts->caches > 0 && parts->origin[cache] > service && dice(w, 3) == 0)
        add(w, ", to: c%d", cache);
    else
        add(w, ", to: s%d", between(w, service + 1, parts->services - 1));
}

static void add_calls(struct writer *w, const struct parts *parts, int service, int calls)
{
    add(w, "calls: [");
    for (int i = 0; i < calls; i++) {
        add(w, "%s{name: k%d", i ? ", " : "", i);
        add_callee(w, parts, service);
        add(w, ", ");
        add_policy(w);
        add_network(w);
        add(w, ", propagate_cancel: %s, idempotent_ratio: %s, %s", PICK(w, "true", "true", "false"),
            PICK(w, "100%", "50%"),
            PICK(w, "idempotency_key: false", "idempotency_key: true",
                 "idempotency_key: true, same_operation_id: true"));
        add(w, "%s}", PICK(w, "", ", propagate_deadline: true",
                           ", propagate_deadline: true, deadline_margin: 200ms"));
    }
    add(w, "]");
}

static void add_condition(struct writer *w)
{
    add(w, "%s}", PICK(w, "", "", "", ", chance: 50%", ", for: p0"));
}

static void add_call_steps(struct writer *w, int calls)
{
    for (int i = 0; i < calls; i++) {
        add(w, ", {call: k%d, times: %s%s", i, PICK(w, "1", "1", "3"),
            PICK(w, "", "", ", optional: true", ", optional: true, fallback: 100ms", ", optional: true, fallback: 0s"));
        add_condition(w);
    }
    if (dice(w, 2) == 0) {
        add(w, ", {parallel: [k0, k%d, k0], need: %s%s", calls - 1, PICK(w, "all", "any", "2"),
            PICK(w, "", ", optional: true"));
        add_condition(w);
    }
}

static void add_program(struct writer *w, const struct parts *parts, int service)
{
    int calls = between(w, 1, CALLS_MAX);
    add_calls(w, parts, service, calls);
    bool browns = dice(w, 3) == 0;
    if (browns)
        add(w, ", brownout: {enter: %s, leave: 10ms, part: %s}", PICK(w, "50ms", "500ms"), PICK(w, "50%", "100%"));
    add(w, ", hold_worker: %s, program: [", PICK(w, "true", "true", "false"));
    if (browns) {
        add(w, "{work: 100ms, optional: true%s}", PICK(w, "", ", fallback: 50ms"));
    } else if (dice(w, 4) == 0) {
        add(w, "{call: k0}");
    } else {
        add(w, "{");
        add_law(w, "work", between(w, 1, 4) * 50);
        add_condition(w);
    }
    add_call_steps(w, calls);
    if (dice(w, 2) == 0) {
        add(w, ", {");
        add_law(w, "work", between(w, 1, 4) * 50);
        add_condition(w);
    }
    add(w, "]");
}

static void add_pool(struct writer *w, int service)
{
    int replicas = w->replicas[service];
    add(w, "pool: {replicas: %d, report: %s, chooser: %s, retry_elsewhere: %s, panic: %s", replicas,
        PICK(w, "sum", "each"),
        PICK(w, "random", "round-robin", "least", "p2c", "{kind: p2c, distinct: true, choices: 3}", "hash"),
        PICK(w, "true", "false"), PICK(w, "0%", "50%", "100%"));
    if (dice(w, 3) == 0)
        add(w, ", slow_start: {over: %s, aggression: %s}", PICK(w, "300ms", "5s"), PICK(w, "1", "2"));
    if (dice(w, 2) == 0) {
        add(w, ", checks: {kind: %s, interval: %s, timeout: %s, fall: %d, rise: %d, on_failure: %s",
            PICK(w, "port", "request", "request"), PICK(w, "100ms", "700ms"), PICK(w, "100ms", "1s"),
            between(w, 1, 3), between(w, 1, 3), PICK(w, "remove", "restart, restart: 1s", "restart, restart: 100ms"));
        add(w, ", network: {request_loss: %s}}", PICK(w, "0%", "20%"));
    }
    if (dice(w, 2) == 0)
        add(w, ", ejection: {after: %d, on: %s, time: %s, growth: %s, max_ratio: %s, sweep: %s}", between(w, 1, 4),
            PICK(w, "all", "[timeout, error]"), PICK(w, "200ms", "3s"), PICK(w, "none", "linear", "exponential"),
            PICK(w, "10%", "50%", "100%"), PICK(w, "0s", "500ms"));
    if (!w->unlimited[service] && dice(w, 2) == 0)
        add(w, ", autoscale: {min: 1, max: %d, interval: %s, start_delay: %s, stabilization: %s, target: %s}",
            replicas + dice(w, 4), PICK(w, "500ms", "2s"), PICK(w, "0s", "1s", "{law: exponential, mean: 800ms}"),
            PICK(w, "0s", "3s"), PICK(w, "30%", "90%"));
    add(w, "}, ");
}

static void add_services(struct writer *w, const struct parts *parts)
{
    add(w, "services:\n");
    for (int i = 0; i < parts->services; i++) {
        w->unlimited[i] = dice(w, 5) == 0;
        add(w, "  - {name: s%d, workers: %s, ", i, w->unlimited[i] ? "unlimited" : PICK(w, "1", "1", "2", "5"));
        w->replicas[i] = dice(w, 3) == 0 ? between(w, 1, 5) : 0;
        if (w->replicas[i] > 0)
            add_pool(w, i);
        w->programs[i] = i < parts->services - 1 && dice(w, 3) > 0;
        if (w->programs[i])
            add_program(w, parts, i);
        else
            add_law(w, "service_time", between(w, 1, 10) * 50);
        add_queue(w);
        if (dice(w, 3) == 0)
            add(w, ", rate: {%s}", PICK(w, "kind: usl, sigma: 0.1, kappa: 0.01", "kind: amdahl, sigma: 0.5",
                                        "kind: memory, safe: 5, width: 10"));
        if (dice(w, 4) == 0)
            add(w, ", warm_up: {from: %s, over: %s, cold_start: %s}", PICK(w, "0%", "30%", "100%"),
                PICK(w, "1ns", "500ms", "30s"), PICK(w, "true", "false"));
        if (dice(w, 3) == 0)
            add(w, ", dedup: {ttl: %s, size: %s, running: %s, cost: %s}", PICK(w, "100ms", "2s", "forever"),
                PICK(w, "1", "20", "unlimited"), PICK(w, "wait", "conflict", "execute"),
                PICK(w, "0s", "10ms", "100ms"));
        add(w, ", reject_cost: %s, cancel: %s", PICK(w, "0s", "0s", "10ms", "300ms"),
            PICK(w, "none", "queued", "running"));
        if (dice(w, 3) == 0)
            add_service_gates(w, !w->unlimited[i]);
        if (dice(w, 3) == 0)
            add(w, ", error_ratio: %s, error_after: %s", PICK(w, "5%", "50%"), PICK(w, "full", "0s", "100ms"));
        add(w, "}\n");
    }
}

static void add_miss_rule(struct writer *w)
{
    add(w, ", miss: %s, refresh: %s",
        PICK(w, "each", "coalesce", "{rule: lease, interval: 1s, wait: 100ms}",
             "{rule: lock, age: 500ms, poll: 100ms, timeout: 1s}"),
        PICK(w, "none", "early", "{when: early, beta: 5, background: true}", "{when: threshold, before: 400ms}",
             "{when: threshold, before: 400ms, background: true}"));
}

static void add_afterlife(struct writer *w)
{
    if (dice(w, 3) == 0)
        add(w, ", stale_while_revalidate: %s", PICK(w, "500ms", "3s"));
    if (dice(w, 3) == 0)
        add(w, ", negative_ttl: %s", PICK(w, "1ns", "500ms"));
    if (dice(w, 2) == 0)
        add(w, ", %s", PICK(w, "stale_if_error: 2s", "error_as_miss: true"));
}

static void add_room(struct writer *w, int keys)
{
    if (dice(w, 2) == 0)
        add(w, ", capacity: %d, eviction: %s", between(w, 1, keys), PICK(w, "lru", "fifo", "random"));
    if (dice(w, 2) == 0)
        add(w, ", hit_latency: %s", PICK(w, "100ms", "{law: exponential, mean: 50ms}"));
    if (dice(w, 3) == 0)
        add(w, ", fetch_latency: %s", PICK(w, "100ms", "{law: exponential, mean: 200ms}"));
}

enum { NODES = 3 };

static void add_caches(struct writer *w, const struct parts *parts)
{
    static const int keys[] = {1, 2, 20};
    if (parts->caches > 0)
        add(w, "caches:\n");
    for (int i = 0; i < parts->caches; i++) {
        int count = keys[dice(w, 3)];
        add(w, "  - {name: c%d, origin: s%d, keys: %d, ttl: %s, ttl_jitter: %s, fill: %s, start: %s, nodes: %d", i,
            parts->origin[i], count, PICK(w, "500ms", "1500ms", "3s"), PICK(w, "0%", "50%", "100%"),
            PICK(w, "always", "caller-alive"), PICK(w, "cold", "filled", "aged"), NODES);
        add(w, "%s, placement: %s", PICK(w, "", ", sliding: true", ", ttl_align: 500ms"),
            PICK(w, "consistent", "modulo"));
        add_miss_rule(w);
        add_afterlife(w);
        add_room(w, count);
        add(w, "}\n");
    }
}

/* True: it must come again and again. */
static bool add_service_fault(struct writer *w, int service)
{
    bool deploy = !w->unlimited[service] && dice(w, 10) == 0;
    if (deploy) {
        add(w, "kind: deploy, service: s%d, fraction: %s, drain: %s", service, PICK(w, "20%", "50%"),
            PICK(w, "true", "false"));
        return true;
    }
    switch (dice(w, 8)) {
    case 0:
        add(w, "kind: kill, mode: %s, service: s%d", PICK(w, "refuse", "blackhole"), service);
        break;
    case 1:
        add(w, "kind: outage, mode: %s, service: s%d", PICK(w, "pause", "refuse", "blackhole", "lose_response"),
            service);
        break;
    case 2:
        if (w->unlimited[service])
            add(w, "kind: set, path: services.s%d.workers, value: %d", service, between(w, 1, 3));
        else
            add(w, "kind: capacity, service: s%d, factor: %s", service, PICK(w, "0", "0.5", "2"));
        break;
    case 3:
        add(w, "kind: speed, service: s%d, factor: %s", service, PICK(w, "0.1", "0.5", "3"));
        break;
    case 4:
        add(w, "kind: errors, service: s%d, ratio: %s", service, PICK(w, "20%", "100%"));
        break;
    case 5:
        add(w, "kind: set, path: services.s%d.%s", service,
            PICK(w, "queue.capacity, value: 0", "queue.capacity, value: unlimited", "reject_cost, value: 50ms",
                 "error_ratio, value: 30%"));
        break;
    default:
        add(w, "kind: scale, path: services.s%d.%s", service,
            w->programs[service] ? "error_ratio, factor: 9"
                                 : PICK(w, "service_time, factor: 3", "reject_cost, factor: 0",
                                        "error_ratio, factor: 9"));
    }
    return false;
}

/* Of clients, of their connect step, of a service's first call. */
static void add_edge_fault(struct writer *w, int population, int service)
{
    char edge[40];
    if (w->programs[service] && dice(w, 2) == 0)
        snprintf(edge, sizeof edge, "services.s%d.calls.k0", service);
    else
        snprintf(edge, sizeof edge, "clients.p%d%s", population,
                 w->connects[population] && dice(w, 2) == 0 ? ".connect" : "");
    switch (dice(w, 5)) {
    case 0:
        add(w, "kind: latency, edge: %s, way: %s, delay: {law: exponential, mean: %s}", edge,
            PICK(w, "both", "requests", "responses"), PICK(w, "1ms", "800ms"));
        break;
    case 1:
        add(w, "kind: loss, edge: %s, requests: %s, responses: 20%%", edge,
            PICK(w, "0%", "50%"));
        break;
    case 2:
        add(w, "kind: partition, edge: %s, way: %s, fraction: %s", edge,
            PICK(w, "both", "requests", "responses"), PICK(w, "40%", "100%"));
        break;
    default:
        add(w, "kind: set, path: %s.%s", edge,
            PICK(w, "policy.attempts, value: 1", "network.request_loss, value: 30%",
                 "network.response_loss, value: 100%"));
    }
}

/* False: it was an event. */
static bool add_client_fault(struct writer *w, int population)
{
    if (w->connects[population] && dice(w, 2) == 0) {
        add(w, "kind: %s, clients: p%d, fraction: %s", PICK(w, "disconnect", "clients-restart"), population,
            PICK(w, "30%", "100%"));
        return false;
    }
    if (w->sends[population])
        add(w, "kind: load, clients: p%d, factor: %s", population, PICK(w, "0.5", "3"));
    else
        add(w, "kind: partition, edge: clients.p%d", population);
    return true;
}

static void add_times(struct writer *w, bool lasts, bool recurs)
{
    if (!recurs || dice(w, 2) == 0)
        add(w, ", at: %ds", dice(w, 15));
    if (recurs)
        add(w, ", every: %s, until: %s",
            PICK(w, "3s", "{law: exponential, mean: 2s}", "{law: uniform, low: 0s, high: 3s}"),
            PICK(w, "the-end", "15s"));
    if (lasts && dice(w, 3) == 0)
        add(w, ", lasting: {law: exponential, mean: 2s}");
    else if (lasts)
        add(w, ", for: %dms", dice(w, 8) * 1000 + 500 * dice(w, 2));
    add(w, "}\n");
}

static void add_faults(struct writer *w, int services, int caches)
{
    int faults = dice(w, 7);
    if (faults > 0)
        add(w, "faults:\n");
    for (int i = 0; i < faults; i++) {
        bool lasts = true, recurs = dice(w, 4) == 0;
        int what = dice(w, caches > 0 ? 8 : 6);
        add(w, "  - {");
        if (what < 3) {
            int service = dice(w, services);
            recurs |= add_service_fault(w, service);
            if (w->replicas[service] > 0 && dice(w, 2) == 0)
                add(w, ", replicas: 1, first_replica: %d", dice(w, w->replicas[service]));
        } else if (what < 5) {
            add_edge_fault(w, dice(w, w->populations), dice(w, services));
        } else if (what == 5) {
            lasts = add_client_fault(w, dice(w, w->populations));
        } else if (what == 6) {
            add(w, "kind: ring-change, cache: c%d, nodes: %s", dice(w, caches), PICK(w, "1", "2", "5"));
        } else {
            add(w, "kind: flush, cache: c%d, %s", dice(w, caches),
                PICK(w, "fraction: 30%", "fraction: 100%", "hottest: 1", "node: 2"));
            lasts = false;
        }
        add_times(w, lasts, recurs);
    }
}

void random_model(uint64_t number, char text[RANDOM_MODEL_SIZE])
{
    struct writer w = {.stream = stream_at(stream_key(1, 0, "test", "random model"), number, 0), .text = text};
    struct parts parts = {.populations = between(&w, 1, 3), .services = between(&w, 1, SERVICES_MAX),
                          .caches = dice(&w, CACHES_MAX + 1)};
    for (int i = 0; i < parts.caches; i++)
        parts.origin[i] = dice(&w, parts.services);
    add(&w, "duration: 20s\nbin: 700ms\nwarmup: %s\n", PICK(&w, "0s", "0s", "2100ms"));
    add_clients(&w, parts.populations, parts.services, parts.caches);
    add_services(&w, &parts);
    add_caches(&w, &parts);
    add_faults(&w, parts.services, parts.caches);
}
