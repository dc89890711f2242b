/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The models that are built here, and which of the simulator's metrics is which of the table's.
 *
 * A model is one row: its key in the table of oracles, the function that composes it from a case's
 * parameters, its measures. A further model is one row and, if it varies no other, one function. */
#ifndef THEORY_MODELS_H
#define THEORY_MODELS_H

#include "base/bins.h"
#include "plan.h"

/* What a measure is read from in one replication: one or two metrics, the length of the measured time, the mean service
 * time, the plan's notes; or the rows of a place, one a bin. */
struct reading {
    double first, second, seconds, service_s;
    const double *notes;
    const struct bin_row *rows;
    uint32_t bins;
    double bin_s, unit;
};

enum measure_kind {
    MEASURE_MEAN, /* the estimate is the mean over the replications */
    MEASURE_QUANTILE,
    MEASURE_VARIANCE, /* first: standard deviation, second: mean of the same times */
    MEASURE_SPREAD,   /* the variance of the replications' values themselves */
    MEASURE_SPREAD_SD, /* its root */
    MEASURE_PROBABILITY, /* first: a relative frequency, second: of how many trials */
    MEASURE_EXACT,    /* nothing is random */
    MEASURE_FLUID,    /* exact but for the size of a request */
    MEASURE_FLUID_COUNT /* the same, as many times as large as the plan's scale */
};

/* Ends with a row without a metric. */
struct measure {
    const char *metric;         /* in the table of oracles */
    const char *first, *second; /* of the simulator; second may be NULL */
    const char *place;          /* whose rows `of` reads; NULL: it reads metrics */
    int power;                  /* of time: 1 a duration, -1 a rate, 0 a number */
    enum measure_kind kind;
    enum run_kind run;
    double (*of)(const struct reading *reading); /* NULL: first */
    double p;                                    /* of a quantile */
    const char *above_zero; /* the metric that is P(X > 0), of a quantile; NULL: X > 0 always */
    int moment;             /* of the service time, that must be finite for this to be; 0: none */
    bool clustered;         /* a probability of what comes in clusters: where it is small, few see many */
};

struct model {
    const char *key; /* "A-mmck" */
    void (*compose)(struct plan *plan);
    const struct measure *measures;
    const char *law;        /* of service, where the model's name says it */
    const char *cancel;     /* likewise; NULL: none */
    const char *const *any; /* laws to try where the model says that any will do, ends with NULL */
};

/* Each ends with a row without a key. */
extern const struct model models_classical[], models_impatience[], models_retries[],
    models_breakers[], models_budgets[], models_throttles[], models_caches[], models_outages[], models_herds[],
    models_tiers[], models_statistics[];
extern const struct measure measures_station[];

const struct model *model_find(const char *key);
const struct measure *model_measure(const struct model *model, const char *metric); /* NULL: none */

/* Parameters that several models share. */
double model_service_mean(struct plan *plan);     /* service_mean, service_time or 1 / mu */
const char *model_service_law(struct plan *plan); /* the parameter `service`, or the model's own, or exp */

#endif
