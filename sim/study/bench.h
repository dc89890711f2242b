/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named workloads for `retrystorm bench`: the general program on scenarios that others have measured, too.
 *
 * Nanoseconds mean little on their own: machines differ. Every figure stands beside the yardstick of the same run, the
 * hold model on a plain binary heap at 1e4 pending events, exponential increments; goals refer to a machine on which
 * that takes BENCH_YARDSTICK_NS and are scaled by it. Times are CPU times of one thread; a figure is the median of the
 * repetitions, the yardstick the least. */
#ifndef STUDY_BENCH_H
#define STUDY_BENCH_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_YARDSTICK_NS 54.0

enum { BENCH_REPETITIONS_MAX = 99, BENCH_KINDS_MAX = 16 };

struct bench_workload {
    const char *name, *summary;
    const char *unit;             /* what is counted: "customer", "attempt" */
    double goal_ns;               /* a unit, on the yardstick's machine; 0: none */
    uint64_t clients;             /* closed loop: for bytes a client; 0: no such figure */
    const char *scenario;         /* YAML */
};

struct bench_figure {
    double ns_per_unit, ns_per_event, events_per_s, bytes_per_client;
    uint64_t units, events;
    uint64_t by_kind[BENCH_KINDS_MAX];   /* events by kind, see bench_kind_name */
};

extern const struct bench_workload bench_workloads[];     /* ends with one without a name */

/* All with 1 .. BENCH_REPETITIONS_MAX repetitions. */
double bench_yardstick_ns(uint32_t repetitions);
struct bench_figure bench_run(const struct bench_workload *workload, uint32_t repetitions);
/* Wall time of 20 strategies x 50 replications with one thread / with two: at most 2. */
double bench_parallel_speedup(uint32_t repetitions);
/* Wall time in ns of `program run` on the smallest scenario, files written, no pictures; NaN if it did not run. */
double bench_startup_ns(const char *program, uint32_t repetitions);

const char *bench_kind_name(size_t kind);                 /* NULL beyond the last */

#endif
