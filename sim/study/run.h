/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a scenario: every strategy, every replication, on as many threads as asked.
 *
 * Each (strategy, replication) is a world of its own; replication r of every strategy draws from the same streams, so
 * strategies meet the same arrivals, demands and faults. Results are gathered by index: they do not depend on
 * `jobs`. */
#ifndef STUDY_RUN_H
#define STUDY_RUN_H

#include <stdatomic.h>

#include "scenario/scenario.h"
#include "study/result.h"

struct run_progress {
    uint32_t runs, runs_done;
    double fraction;              /* of all simulated time */
    uint64_t events;              /* of the runs that are done */
};

struct run_options {
    uint32_t replications;        /* 0: as the scenario says */
    int64_t seed;                 /* negative: as the scenario says */
    uint32_t jobs;                /* threads; 0: one a core */
    atomic_bool *stop;            /* NULL, or set to end early: finished runs are kept */
    /* NULL, or called by the thread that called study_run, 5 times a second and after each run. */
    void (*progress)(void *owner, const struct run_progress *progress);
    void *progress_owner;
    const char *command;          /* for the stamp: what to type to get this again */
    const char *const *sets;      /* for the stamp: the --set texts */
    size_t set_count;
};

struct result *study_run(const struct scenario *scenario, const struct run_options *options);

/* The headline and every `expect:` line must name a metric that exists, with a condition in its unit: reported to
 * `diag` before anything runs. */
bool study_check_metrics(const struct scenario *scenario, struct diag *diag);

#endif
