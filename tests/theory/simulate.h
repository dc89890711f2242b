/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a model and its parameters to replications: composes the scenario, chooses its length, runs it.
 *
 * Lengths. All replications together send about `attempts` attempts, and each lasts at least `relaxations` relaxation
 * times. A warm-up of at least 10 of them is not counted, so what is left of the empty start is e^-10 of its effect:
 * a bias below 5e-5 of the starting value, averaged over a run of hundreds of relaxation times below 1e-6 of it, against
 * standard errors of 1e-4 and more. Requests on their way at either end of the measured time enter as many ratios'
 * numerators as leave them; what remains of that is a bias of the order of one relaxation time / the length of a
 * replication times a replication's own squared relative error: below a hundredth of the standard error of the mean.
 *
 * First rejections start empty and are not stationary; there the run is so long that none goes without one: the time
 * to the first one is a sum of independent exponential times (Keilson 1979), so with mean m it exceeds x m with a
 * probability below 10 exp(-0.9 x), and x is at least 20. */
#ifndef THEORY_SIMULATE_H
#define THEORY_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "models.h"
#include "study/result.h"

struct effort {
    double attempts, relaxations;
    uint32_t replications, first_rejects; /* the latter: replications of a first rejection */
};

struct order {
    const struct model *model;
    const char *name, *parameters; /* of the case */
    enum run_kind run;
    const char *any;               /* NULL, or the law where any will do */
    const struct effort *effort;
    uint64_t seed;
    uint32_t jobs;
};

struct run {
    struct result *result; /* NULL: nothing ran, see complaint */
    char complaint[240];
    bool any_used;         /* the model has a place for any law */
    double unit, seconds;  /* of time; measured, in each replication */
    double alpha;          /* of a Pareto law, INFINITY: none */
    double attempts;       /* about, of all replications */
};

void simulate(const struct order *order, struct run *run);
void run_free(struct run *run);

/* The scenario that would run, to stdout. */
void simulate_show(const struct order *order);

/* The values of a metric, one a replication; a metric that does not exist is a programmer error. */
const double *run_values(const struct run *run, const char *metric);

#endif
