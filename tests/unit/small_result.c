/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "small_result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct metric_info small_recovery = {"recovery_s", UNIT_SECONDS, BETTER_LOWER, ""};
const struct metric_info small_stuck = {"stuck", UNIT_RATIO, BETTER_LOWER, ""};
const struct metric_info small_peak = {"peak_load_ratio", UNIT_TIMES, BETTER_LOWER, ""};
const struct metric_info small_success = {"success_ratio", UNIT_RATIO, BETTER_HIGHER, ""};
const struct metric_info small_requests = {"requests", UNIT_NUMBER, BETTER_NEITHER, ""};
const struct metric_info small_open = {"open", UNIT_NUMBER, BETTER_LOWER, ""};
const struct metric_info small_amplification = {"amplification", UNIT_TIMES, BETTER_LOWER, ""};
const struct metric_info small_wasted = {"wasted_work_ratio", UNIT_RATIO, BETTER_LOWER, ""};
const struct metric_info small_goodput = {"goodput_per_s", UNIT_PER_SECOND, BETTER_HIGHER, ""};
const struct metric_info small_p99 = {"latency_p99_s", UNIT_SECONDS, BETTER_LOWER, ""};
const struct metric_info small_utilization = {"utilization", UNIT_RATIO, BETTER_NEITHER, ""};

static struct metric_result metric(struct arena *arena, const struct metric_info *info, const double *values)
{
    struct metric_result result = {.info = info};
    result.values = arena_alloc(arena, REPLICATIONS * sizeof *values);
    memcpy(result.values, values, REPLICATIONS * sizeof *values);
    result.estimate = result_estimate(values, REPLICATIONS);
    return result;
}

static struct bin_row row(enum place_kind kind, uint32_t replication, uint32_t bin)
{
    struct bin_row row = {.queue_length = NAN,
                          .in_service = NAN,
                          .busy_ratio = NAN,
                          .capacity = NAN,
                          .latency_p50_s = NAN,
                          .latency_p99_s = NAN};
    for (int i = 0; i < BIN_COUNTS; i++)
        row.counts[i] = (uint64_t)(100 * (bin + 1) + i + 10 * (int)replication);
    if (bin == 0) {
        row.latency_p50_s = 0.0123456789123;
        row.latency_p99_s = 1.0 / 3 + replication;
    }
    if (kind == PLACE_SERVICE) {
        row.queue_length = 7;
        row.in_service = 1;
        row.busy_ratio = 0.5;
        row.capacity = 75;
    }
    return row;
}

void small_result_place(struct result *result, struct strategy_result *strategy, const char *path,
                      enum place_kind kind)
{
    struct place_result *place = &strategy->places[strategy->place_count++];
    *place = (struct place_result){.path = path, .kind = kind, .entrance = kind == PLACE_SERVICE};
    place->rows = arena_alloc(&result->arena, REPLICATIONS * sizeof *place->rows);
    for (uint32_t r = 0; r < strategy->finished; r++) {
        place->rows[r] = memory_zeroed(BINS, sizeof **place->rows);
        for (uint32_t bin = 0; bin < BINS; bin++)
            place->rows[r][bin] = row(kind, r, bin);
    }
}

void small_result_metric(struct result *result, size_t index, const struct metric_info *info, double a,
                       double b, double c)
{
    struct strategy_result *strategy = &result->strategies[index];
    const double values[REPLICATIONS] = {a, b, c};
    strategy->metrics[strategy->metric_count++] = metric(&result->arena, info, values);
}

struct result *small_result_new(size_t strategies, const char *const *names, const char *headline)
{
    struct arena arena = {0};
    struct result *result = arena_alloc(&arena, sizeof *result);
    result->arena = arena;
    result->stamp = (struct stamp){.version = "0.1.0",
                                   .commit = "abc",
                                   .compiler = "cc",
                                   .scenario_path = "x.yaml",
                                   .scenario_hash = "00ff",
                                   .command = "retrystorm run x.yaml",
                                   .seed = 7};
    result->name = "small";
    result->question = "Who wins?";
    result->headline = headline;
    result->duration_s = 1;
    result->bin_s = 0.5;
    result->bins = BINS;
    result->replications = REPLICATIONS;
    result->strategy_count = strategies;
    result->strategies = arena_alloc(&result->arena, strategies * sizeof *result->strategies);
    for (size_t i = 0; i < strategies; i++) {
        struct strategy_result *strategy = &result->strategies[i];
        *strategy = (struct strategy_result){
            .name = names[i], .note = "", .finished = REPLICATIONS, .capacity_per_s = 150};
        strategy->metrics = arena_alloc(&result->arena, 8 * sizeof *strategy->metrics);
        strategy->places = arena_alloc(&result->arena, 3 * sizeof *strategy->places);
    }
    return result;
}

struct result *small_result_interrupted(void)
{
    static const char *const names[] = {"a \"b\", c"};
    static const struct metric_info *const infos[] = {&small_utilization};
    static struct fault_result faults[] = {{"outage api", 0.25, 0.5}};
    static struct expectation_result expectations[] = {{"recovery_s", "<= 2s", "a", NAN, false}};
    struct result *result = small_result_new(1, names, "recovery_s");
    struct strategy_result *strategy = &result->strategies[0];
    const double busy[REPLICATIONS] = {0.5, 0.5, NAN};
    result->interrupted = true;
    result->faults = faults;
    result->fault_count = 1;
    result->expectations = expectations;
    result->expectation_count = 1;
    strategy->finished = 2;
    small_result_place(result, strategy, "clients.web", PLACE_CALLER);
    small_result_place(result, strategy, "services.api", PLACE_SERVICE);
    small_result_place(result, strategy, "caches.page", PLACE_CACHE);
    small_result_metric(result, 0, &small_recovery, NAN, 1.5, NAN);
    strategy->places[1].metrics = arena_alloc(&result->arena, sizeof(struct metric_result));
    strategy->places[1].metrics[0] = metric(&result->arena, infos[0], busy);
    strategy->places[1].metric_count = 1;
    return result;
}

const char *small_result_scratch(const char *name)
{
    static char path[512];
    const char *directory = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/test_output.%ld%s%s", directory ? directory : "/tmp", (long)getpid(),
             *name ? "/" : "", name);
    return path;
}
