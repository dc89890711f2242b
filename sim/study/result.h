/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a study found out: plain data, all that the outputs need and all that they may know.
 *
 * Undefined numbers are NaN (a metric that a place does not have, a recovery that did not happen). A replication that
 * was interrupted has no values and no rows. Owned by the result's arena but for the rows, which result_free frees. */
#ifndef STUDY_RESULT_H
#define STUDY_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bins.h"

enum better { BETTER_NEITHER, BETTER_LOWER, BETTER_HIGHER };
enum unit { UNIT_NUMBER, UNIT_SECONDS, UNIT_PER_SECOND, UNIT_RATIO, UNIT_TIMES };   /* TIMES: 5.2x */

struct metric_info {
    const char *name;             /* "recovery_s" */
    enum unit unit;
    enum better better;
    const char *help;
};

/* Mean over the replications that have the metric, and its 95 % confidence interval (Student's t; NaN below 2). */
struct estimate {
    double mean, low, high, deviation;
    uint32_t count;
};

struct metric_result {
    const struct metric_info *info;
    double *values;               /* one a replication; NaN: undefined */
    struct estimate estimate;
};

enum place_kind { PLACE_CALLER, PLACE_SERVICE, PLACE_CACHE };

struct place_result {
    const char *path;             /* "clients.web", "services.api", "services.api.calls.db", "caches.page" */
    enum place_kind kind;
    uint32_t index;               /* its number among the edges, services or caches of a world */
    bool entrance;                /* a service that clients call, directly or through a cache */
    size_t metric_count;
    struct metric_result *metrics;
    struct bin_row **rows;        /* [replication][bin]; NULL: interrupted */
};

struct strategy_result {
    const char *name, *note;
    uint32_t finished;            /* replications that ran to their end */
    size_t metric_count, place_count;
    struct metric_result *metrics;     /* over all clients */
    struct place_result *places;
    double capacity_per_s;        /* nominal, of the services the clients call; NaN: unlimited */
};

struct expectation_result {
    const char *metric, *is, *strategy;
    double measured;              /* the mean that was judged; NaN: undefined */
    bool passed;
};

/* A fault as a band of a figure. */
struct fault_result {
    const char *label;            /* "outage api" */
    double from_s, to_s;          /* equal: an instant */
};

/* What produced this: enough to repeat it. */
struct stamp {
    const char *version, *commit, *compiler, *scenario_path, *scenario_hash, *command;
    const char *const *overrides; /* texts of --set */
    size_t override_count;
    uint64_t seed;
};

struct result {
    struct arena arena;
    struct stamp stamp;
    const char *name, *question, *headline;    /* headline: a metric, or PLACE.METRIC */
    double duration_s, bin_s, warmup_s;
    uint32_t replications, bins;
    bool interrupted;
    const char *error;            /* a user's script failed in a run, and all of them stopped; NULL: none did */
    size_t strategy_count, expectation_count, fault_count;
    struct strategy_result *strategies;
    struct expectation_result *expectations;
    struct fault_result *faults;
    uint64_t events;              /* of all runs */
};

/* "recovery_s", or a place's: "services.api.utilization". NULL: no such metric. */
const struct metric_result *result_metric(const struct strategy_result *strategy, const char *name);
/* The same of a place, without its path. */
const struct metric_result *result_place_metric(const struct place_result *place, const char *name);
/* A service, and not one of its replicas ("services.api[3]"). */
bool result_is_service(const struct place_result *place);
size_t result_service_count(const struct strategy_result *strategy);
/* Whether the replications cannot tell the two apart: the 95 % interval of the mean difference within a replication,
 * which meets the same arrivals and demands under both, holds 0. With fewer than two differences: equal means. */
bool result_tied(const struct result *result, const struct metric_result *a, const struct metric_result *b);
/* The strategy that is best by the headline (fewest stuck first, where that is defined); NULL if none can be told.
 * Among those that are tied with it: the one with the smaller amplification, then with the smaller wasted work. */
const struct strategy_result *result_best(const struct result *result);
struct estimate result_estimate(const double *values, uint32_t count);
void result_free(struct result *result);

#endif
