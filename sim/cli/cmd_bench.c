/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench: speed on named workloads. Times only mean something beside the yardstick printed with them. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/table.h"
#include "base/units.h"
#include "cli/commands.h"
#include "engine/hold.h"
#include "study/bench.h"

enum { HOLDS = 1000000, REPETITIONS = 3 };

struct bench {
    uint32_t repetitions;
    double yardstick_ns;
    json_t *report;               /* grows; written at the end if asked for */
    json_t *old;                  /* an earlier report, or NULL */
    bool json;
};

/* The factor from goals (which refer to a yardstick of BENCH_YARDSTICK_NS) to this machine. */
static double scale(const struct bench *bench) { return bench->yardstick_ns / BENCH_YARDSTICK_NS; }

static void record(struct bench *bench, const char *name, json_t *figure)
{
    json_object_set_new(json_object_get(bench->report, "figures"), name, figure);
}

/* " 0.98x" of the earlier report, both measured in yardsticks; nothing if it has no such figure. */
static void print_ratio(const struct bench *bench, const char *name, double ns)
{
    json_t *before = json_object_get(json_object_get(bench->old, "figures"), name);
    double yardstick_ns = json_number_value(json_object_get(bench->old, "yardstick_ns"));
    double ns_before = json_number_value(json_object_get(before, "ns"));
    if (before && ns_before > 0 && yardstick_ns > 0)
        printf("  %.2fx of before", ns / bench->yardstick_ns / (ns_before / yardstick_ns));
}

/* ---- the hold model ---- */

/* Of three; the first where fewer were asked for. */
static double hold_median(enum hold_queue queue, enum hold_law law, uint32_t pending, uint32_t repetitions)
{
    double ns[3] = {0};
    uint32_t count = repetitions < 3 ? repetitions : 3;
    for (uint32_t i = 0; i < count; i++)
        ns[i] = hold_run(queue, law, pending, HOLDS).ns_per_hold;
    if (count < 3)
        return ns[0];
    double low = fmin(ns[0], ns[1]), high = fmax(ns[0], ns[1]);
    return fmax(low, fmin(ns[2], high));
}

static void hold_line(struct bench *bench, enum hold_law law, uint32_t pending)
{
    double ns[HOLD_QUEUES] = {0};
    char name[64];
    for (enum hold_queue queue = 0; queue < HOLD_QUEUES; queue++) {
        if (queue == HOLD_EVENT_SET_LANE && law != HOLD_CONSTANT)
            continue;
        ns[queue] = hold_median(queue, law, pending, pending >= 1000000 ? 1 : bench->repetitions);
    }
    snprintf(name, sizeof name, "hold-%s-%u", hold_law_names[law], pending);
    record(bench, name, json_pack("{s:f,s:f,s:f}", "ns", ns[HOLD_EVENT_SET], "binary_heap_ns", ns[HOLD_BINARY_HEAP],
                                  "heap4_ns", ns[HOLD_4ARY_HEAP]));
    if (bench->json)
        return;
    printf("%-12s %10u %11.1f %11.1f %9.1f %9.1fx", hold_law_names[law], pending, ns[HOLD_EVENT_SET],
           ns[HOLD_BINARY_HEAP], ns[HOLD_4ARY_HEAP], ns[HOLD_BINARY_HEAP] / ns[HOLD_EVENT_SET]);
    if (law == HOLD_CONSTANT)
        printf("   lane %.1f", ns[HOLD_EVENT_SET_LANE]);
    print_ratio(bench, name, ns[HOLD_EVENT_SET]);
    putchar('\n');
    fflush(stdout);
}

static void hold(struct bench *bench)
{
    if (!bench->json)
        puts("hold model, ns per pop + push\nincrements      pending   event set binary heap    4-ary   speed-up");
    for (enum hold_law law = 0; law < HOLD_LAWS; law++)
        for (uint32_t pending = 100; pending <= 10000000; pending *= 10)
            hold_line(bench, law, pending);
}

/* ---- whole runs ---- */

static void workload_line(struct bench *bench, const struct bench_workload *workload)
{
    struct bench_figure f = bench_run(workload, bench->repetitions);
    double goal_ns = workload->goal_ns * scale(bench);
    json_t *kinds = json_object();
    for (size_t i = 0; bench_kind_name(i); i++)
        json_object_set_new(kinds, bench_kind_name(i), json_integer((json_int_t)f.by_kind[i]));
    record(bench, workload->name,
           json_pack("{s:f,s:s,s:f,s:f,s:f,s:I,s:I,s:o}", "ns", f.ns_per_unit, "unit", workload->unit, "goal_ns",
                     goal_ns, "ns_per_event", f.ns_per_event, "bytes_per_client", f.bytes_per_client, "units",
                     (json_int_t)f.units, "events", (json_int_t)f.events, "events_by_kind", kinds));
    if (bench->json)
        return;
    printf("%-15s %7.1f ns/%-9s goal %6.1f %-7s %6.1f ns/event %6.1f M events/s", workload->name, f.ns_per_unit,
           workload->unit, goal_ns, f.ns_per_unit <= goal_ns ? "reached" : "missed", f.ns_per_event,
           f.events_per_s * 1e-6);
    if (workload->clients)
        printf(" %6.1f bytes/client", f.bytes_per_client);
    print_ratio(bench, workload->name, f.ns_per_unit);
    putchar('\n');
    fflush(stdout);
}

/* ---- the program as a whole ---- */

enum { PROGRAM_REPETITIONS = 5 };

static void parallel_line(struct bench *bench)
{
    double speedup = bench_parallel_speedup(bench->repetitions);
    record(bench, "parallel", json_pack("{s:f}", "speedup", speedup));
    if (!bench->json)
        printf("%-15s %7.2f times as fast on two threads as on one, 20 strategies x 50 replications   goal 1.9\n",
               "parallel", speedup);
}

static void startup_line(struct bench *bench)
{
    double ns = bench_startup_ns("/proc/self/exe", PROGRAM_REPETITIONS * bench->repetitions);
    record(bench, "startup", isnan(ns) ? json_null() : json_pack("{s:f}", "ns", ns));
    if (!bench->json)
        printf("%-15s %7.2f ms for `run` of the smallest scenario, start to end   goal %.1f ms\n", "startup", ns * 1e-6,
               10 * scale(bench));
}

static bool wanted(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->argument_count; i++)
        if (strcmp(options->arguments[i], name) == 0)
            return true;
    return options->argument_count == 0;
}

static bool names_exist(const struct options *options)
{
    const char *names[32] = {"hold", "parallel", "startup"};
    size_t count = 3;
    for (const struct bench_workload *w = bench_workloads; w->name; w++)
        names[count++] = w->name;
    for (size_t i = 0; i < options->argument_count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known |= strcmp(names[k], options->arguments[i]) == 0;
        if (known)
            continue;
        const char *nearest = diag_nearest(options->arguments[i], names, count);
        fprintf(stderr, "retrystorm bench: no workload '%s'%s%s%s; there are:", options->arguments[i],
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
        for (size_t k = 0; k < count; k++)
            fprintf(stderr, " %s", names[k]);
        fputc('\n', stderr);
        return false;
    }
    return true;
}

static int run_all(struct bench *bench, const struct options *options)
{
    bench->yardstick_ns = bench_yardstick_ns(7);
    bench->report = json_pack("{s:s,s:f,s:{}}", "schema", "retrystorm-bench/1", "yardstick_ns", bench->yardstick_ns,
                              "figures");
    if (!bench->json)
        printf("yardstick: %.1f ns a hold of a plain binary heap at 1e4 pending "
               "(goals are for %.0f ns, scaled by %.2f)\n",
               bench->yardstick_ns, BENCH_YARDSTICK_NS, scale(bench));
    for (const struct bench_workload *w = bench_workloads; w->name; w++)
        if (wanted(options, w->name))
            workload_line(bench, w);
    if (wanted(options, "parallel"))
        parallel_line(bench);
    if (wanted(options, "startup"))
        startup_line(bench);
    if (wanted(options, "hold"))
        hold(bench);
    if (bench->json) {
        json_dumpf(bench->report, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
        putchar('\n');
    }
    return EXIT_FINE;
}

static int run(const struct options *options)
{
    struct bench bench = {.json = options->json,
                          .repetitions = options->replications ? (uint32_t)options->replications : REPETITIONS};
    json_error_t error;
    if (!names_exist(options))
        return EXIT_USAGE;
    if (bench.repetitions > BENCH_REPETITIONS_MAX) {
        fprintf(stderr, "retrystorm bench: --reps: at most %d\n", BENCH_REPETITIONS_MAX);
        return EXIT_USAGE;
    }
    if (options->compare && !(bench.old = json_load_file(options->compare, 0, &error))) {
        fprintf(stderr, "%s:%d:%d: error: %s\n", options->compare, error.line, error.column, error.text);
        return EXIT_USAGE;
    }
    int status = run_all(&bench, options);
    json_decref(bench.report);
    json_decref(bench.old);
    return status;
}

const struct command command_bench = {
    .name = "bench", .arguments = "[NAME...]", .summary = "speed on named workloads, in one run with its yardstick",
    .options = "rJd", .least = 0, .most = ARGUMENTS_MAX, .run = run};
