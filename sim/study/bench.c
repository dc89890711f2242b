/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "engine/hold.h"
#include "model/world.h"
#include "scenario/scenario.h"

_Static_assert((int)EVENT_KINDS <= (int)BENCH_KINDS_MAX, "a figure has room for every kind of event");

/* A closed-loop storm: think 10 s, load 0.8 of 100 workers, 0.5 ms latency each way, timeout 1 s, full jitter, an
 * outage of 10 s that swallows everything, a queue of a quarter of a second (so that the service comes back: see s01).
 * CLIENTS, MEAN (800 s / clients), QUEUE, DURATION, AT (the outage) and EXTRA (policy) differ. */
#define STORM(CLIENTS, MEAN, QUEUE, DURATION, AT, EXTRA)                                                              \
    "name: storm\nduration: " DURATION "\nbin: 1s\nclients:\n  - name: web\n    count: " CLIENTS "\n"          \
    "    closed: {think: exponential, mean: 10s}\n    calls: api\n"                                            \
    "    network: {request_latency: 500us, response_latency: 500us}\n"                                         \
    "    policy:\n      timeout: 1s\n      attempts: 5\n"                                                      \
    "      backoff: {shape: exponential, base: 100ms, cap: 10s, jitter: full}\n" EXTRA                         \
    "services:\n  - name: api\n    workers: 100\n    service_time: {law: exponential, mean: " MEAN "}\n"       \
    "    queue: {capacity: " QUEUE "}\n"                                                                       \
    "faults:\n  - {kind: outage, mode: blackhole, service: api, at: " AT ", for: 10s}\n"

const struct bench_workload bench_workloads[] = {
    {"mm1", "M/M/1 at rho 0.9, infinite queue, 1e7 customers, wait and latency histograms kept", "customer", 50, 0,
     "name: mm1\nduration: 10000s\nbin: 100s\nclients:\n"
     "  - {name: web, arrival: {kind: poisson, rate: 1000/s}, calls: api}\n"
     "services:\n  - {name: api, workers: 1, service_time: {law: exponential, mean: 900us},\n"
     "     queue: {capacity: unlimited}}\n"},
    {"storm-10k", "1e4 closed-loop clients, latency, timeout, full jitter, 10 s outage", "attempt", 130, 10000,
     STORM("10k", "80ms", "300", "4000s", "1000s", "")},
    {"storm-1m", "the same with 1e6 clients", "attempt", 220, 1000000, STORM("1M", "800us", "30k", "60s", "20s", "")},
    {"storm-10m", "the same with 1e7 clients", "attempt", 300, 10000000,
     STORM("10M", "80us", "300k", "30s", "10s", "")},
    {"storm-policies", "storm-10k with a breaker, a budget and a rate limit for each client", "attempt", 180, 10000,
     STORM("10k", "80ms", "300", "4000s", "1000s",
           "      breaker: {kind: consecutive, failures: 5, open_for: 5s, scope: client}\n"
           "      budget: {kind: ratio, ratio: 20%, scope: client}\n"
           "      gates: {kind: token-bucket, rate: 10/s, burst: 10, on_empty: reject, scope: client}\n")},
    {"cache-zipf", "1e6 keys, Zipf 1, LRU with room for 4e5, TTL 60 s, misses fetched and stored, 1e7 lookups",
     "lookup", 200, 0,
     "name: cache-zipf\nduration: 100s\nbin: 1s\nclients:\n"
     "  - {name: web, arrival: {kind: poisson, rate: 100k/s}, calls: pages}\n"
     "services:\n  - {name: db, workers: unlimited, service_time: {law: exponential, mean: 10ms},\n"
     "     queue: {capacity: unlimited}}\n"
     "caches:\n  - {name: pages, origin: db, keys: 1M, zipf: 1, ttl: 60s, capacity: 400k, eviction: lru,\n"
     "     miss: coalesce, start: aged}\n"},
    {"graph-3", "gateway -> service -> database at load 0.7, two calls each; retries, breaker and budget at each hop",
     "call", 250, 0,
     "name: graph-3\nduration: 1000s\nbin: 10s\n"
     "policies:\n  hop: {timeout: 300ms, attempts: 3, backoff: {shape: exponential, base: 20ms, jitter: full},\n"
     "     breaker: {kind: count-window, window: 100, ratio: 50%, open_for: 5s}, budget: {kind: ratio, ratio: 10%}}\n"
     "clients:\n  - {name: web, arrival: {kind: poisson, rate: 1000/s}, calls: gateway, policy: hop}\n"
     "services:\n"
     "  - {name: gateway, workers: 500, queue: {capacity: 1k}, calls: [{name: service, policy: hop}],\n"
     "     program: [{work: 1ms}, {call: service, times: 2}]}\n"
     "  - {name: service, workers: 200, queue: {capacity: 1k}, calls: [{name: database, policy: hop}],\n"
     "     program: [{work: 2ms}, {call: database, times: 2}, {work: 1ms}]}\n"
     "  - {name: database, workers: 40, service_time: {law: exponential, mean: 7ms}, queue: {capacity: 500}}\n"
     "faults:\n  - {kind: outage, mode: refuse, service: database, at: 500s, for: 5s}\n"},
    {0},
};

const char *bench_kind_name(size_t kind)
{
    static const char *const names[EVENT_KINDS] = {
        [EVENT_FAULT] = "fault", [EVENT_DONE] = "completion", [EVENT_SHARED_DONE] = "shared completion",
        [EVENT_ANSWER] = "answer", [EVENT_TIMEOUT] = "timeout", [EVENT_DEADLINE] = "deadline",
        [EVENT_NEXT_ARRIVAL] = "arrival", [EVENT_THOUGHT] = "think", [EVENT_SEND] = "retry", [EVENT_REACH] = "reach",
        [EVENT_HEDGE] = "hedge", [EVENT_CACHE] = "cache", [EVENT_POOL] = "pool"};
    return kind < EVENT_KINDS ? names[kind] : NULL;
}

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, uint32_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The least of several: whatever else the machine does only adds, and a goal must not become easier by it. */
double bench_yardstick_ns(uint32_t repetitions)
{
    double least = hold_run(HOLD_BINARY_HEAP, HOLD_EXPONENTIAL, 10000, 2000000).ns_per_hold;
    for (uint32_t i = 1; i < repetitions; i++)
        least = fmin(least, hold_run(HOLD_BINARY_HEAP, HOLD_EXPONENTIAL, 10000, 2000000).ns_per_hold);
    return least;
}

/* What the workload counts: the first population's attempts, or, where services call, the attempts that these send. */
static uint64_t units_of(const struct world *world)
{
    uint64_t sum = 0;
    for (uint32_t i = world->first_call; i < world->first_check; i++)
        sum += world->edges[i].place.counts[COUNT_ATTEMPTS];
    return sum > 0 ? sum : world->edges[0].place.counts[COUNT_ATTEMPTS];
}

/* One timed run; fills all of `figure` but the times. */
static double run_once(const struct scenario *scenario, const struct bench_workload *workload,
                       struct bench_figure *figure)
{
    struct run_control control = {0};
    struct world *world = world_new(&scenario->config.model, 1, 1);
    double begin_ns = cpu_ns();
    world_run(world, &control);
    double ns = cpu_ns() - begin_ns;
    figure->units = units_of(world);
    figure->events = 0;
    for (int i = 0; i < EVENT_KINDS; i++) {
        figure->by_kind[i] = world->events_done[i];
        figure->events += world->events_done[i];
    }
    figure->bytes_per_client = workload->clients ? (double)world_bytes(world) / (double)workload->clients : 0;
    world_free(world);
    return ns;
}

struct bench_figure bench_run(const struct bench_workload *workload, uint32_t repetitions)
{
    double values[BENCH_REPETITIONS_MAX] = {0};
    CHECK(repetitions > 0 && repetitions <= BENCH_REPETITIONS_MAX, "so many repetitions are not possible");
    struct bench_figure figure = {0};
    struct scenario_changes changes = {0};
    struct diag *diag = diag_new();
    struct scenario *scenario =
        scenario_parse(workload->name, workload->scenario, strlen(workload->scenario), &changes, diag);
    diag_print(diag, stderr);
    CHECK(scenario, "a built-in workload does not load");
    for (uint32_t i = 0; i < repetitions; i++)
        values[i] = run_once(scenario, workload, &figure);
    double ns = median(values, repetitions);
    figure.ns_per_unit = ns / (double)figure.units;
    figure.ns_per_event = ns / (double)figure.events;
    figure.events_per_s = 1e9 / figure.ns_per_event;
    scenario_free(scenario);
    diag_free(diag);
    return figure;
}
