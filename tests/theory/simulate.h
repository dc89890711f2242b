/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a model and its parameters to replications: composes the scenario, chooses its length, runs it.
 *
 * Lengths. All replications together send about `attempts` attempts, and each lasts at least `relaxations`
 * relaxation times. A warm-up of at least 10 of them is not counted: what is left of the empty start is e^-10
 * of it at first and less than 1e-6 of it on the average of hundreds of relaxation times, against standard
 * errors of 1e-4 and more. What crosses the two ends of the measured time (sent before and answered in it,
 * sent in it and answered after it) cancels in the mean; a ratio of two counts keeps a bias of its
 * relative variance within a replication, a hundredth of the standard error of the mean or less.
 *
 * First rejections and openings start empty and are not stationary; there the run is so long that none goes
 * without one. The time to the first one is a sum of independent exponential times (Keilson 1979), so with mean m
 * it exceeds x m with a probability below 10 exp(-0.9 x), and x is 20 or more: below 2e-7. (Until a breaker opens
 * it is a run of geometric trials: likewise.)
 *
 * What is asked of a certain time after an empty start (plan.until) is exact in each replication; there are many.
 *
 * Episodes are finite experiments; there is no bias to be waited for. They are repeated until about `attempts` attempts
 * are sent, at least EPISODES_MIN times and at most as often as first rejections; what is certain runs once. */
#ifndef THEORY_SIMULATE_H
#define THEORY_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "models.h"
#include "study/result.h"

struct effort {
    double attempts, relaxations;
    uint32_t replications, firsts; /* the latter: replications of a first rejection or opening, of episodes at most */
    uint32_t transients;           /* of what is asked of a certain time after an empty start */
};

struct order {
    const struct model *model;
    const char *name, *parameters; /* of the case */
    enum run_kind run;
    const char *any; /* NULL, or the law where any will do */
    const struct effort *effort;
    uint64_t seed;
    uint32_t jobs;
};

struct run {
    struct result *result; /* NULL: nothing ran, see complaint */
    char complaint[240];
    bool any_used;        /* the model has a place for any law */
    double unit, seconds; /* of time; measured, in each replication */
    double service_s;     /* mean service time */
    double alpha;         /* of a Pareto law, INFINITY: none */
    double attempts;      /* about, of all replications */
    double scale, grain;  /* the plan's */
    double notes[PLAN_NOTES];
};

void simulate(const struct order *order, struct run *run);
void run_free(struct run *run);

/* The scenario that would run, to stdout. */
void simulate_show(const struct order *order);

/* The rows of a place in a replication. */
const struct bin_row *run_rows(const struct run *run, const char *place, uint32_t replication);

/* The values of a metric, one a replication; a metric that does not exist is a programmer error. */
const double *run_values(const struct run *run, const char *metric);

#endif
