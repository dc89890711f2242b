/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves over time, out of a result's rows: one value a drawn bin.
 *
 * Over DRAWN_MOST bins, neighbours are drawn as one. Rates are per second whatever the bin; counts are
 * added up as whole numbers over the replications that are drawn before anything is divided. Numbers are
 * rounded as the files round them, so that a figure drawn from the files has the same bytes. Curves are
 * malloc'ed; the caller frees them.
 *
 * A mean over replications shows what no replication did where they differ in kind. One replication is
 * drawn instead, the same for all strategies and in all pictures, if for any strategy
 *   - the peaks of the load, each replication's own, are on average over 1.5 times the peak of the mean, or
 *   - some replications are stuck and some are not; medians do not mind that. */
#ifndef OUTPUT_SERIES_H
#define OUTPUT_SERIES_H

#include "output/text.h"
#include "study/result.h"

enum { DRAWN_MOST = 2000 };

/* Columns of bin_row.counts, in the order of bin_count_names. */
enum column {
    COLUMN_REQUESTS,
    COLUMN_ATTEMPTS,
    COLUMN_FIRST_ATTEMPTS,
    COLUMN_RETRIES,
    COLUMN_REJECTED,
    COLUMN_SERVED,
    COLUMN_GOOD,
    COLUMN_LATE,
    COLUMN_FAILED,
    COLUMN_TIMED_OUT,
    COLUMN_DENIED_RETRIES
};

struct grid {
    double duration_s, bin_s, warmup_s; /* bin_s: of a drawn bin */
    uint32_t bins, merged;              /* drawn bins; rows in one */
    uint32_t begin;                     /* the first drawn bin after the warm-up */
    uint32_t first, end;                /* replications that are drawn */
};

/* How the rows that are drawn as one become one value. */
enum merge { MERGE_MEAN, MERGE_MOST };

/* Of all replications, */
struct grid series_grid(const struct result *result, uint32_t at_most);
/* or of one, if their mean would mislead: the first that all strategies have finished which finished any. */
void series_choose_replications(const struct result *result, bool medians, struct grid *grid);
bool series_is_one(const struct grid *grid);
double series_from_s(const struct grid *grid, uint32_t bin);
double series_capacity_per_s(const struct strategy_result *strategy);

/* "WORD services.a + services.b": the services which the clients call; nothing where there is one service in all. */
void series_name_entrances(const struct strategy_result *strategy, const char *word, struct text *text);

/* Attempts per second that arrive at the services which the clients call. */
double *series_load(const struct result *result, const struct strategy_result *strategy,
                    const struct grid *grid, enum merge merge);

/* A count per second, added up over all clients. */
double *series_clients(const struct result *result, const struct strategy_result *strategy,
                       enum column column, const struct grid *grid);

/* A count per second at one place, by its path, the highest of the rows drawn as one. */
double *series_place(const struct result *result, const struct strategy_result *strategy, const char *path,
                     enum column column, const struct grid *grid);
/* What that service could do per second in the first bin; NaN: without limit. */
double series_place_capacity_per_s(const struct result *result, const struct strategy_result *strategy,
                                   const char *path, const struct grid *grid);

/* Where latency is shown: the population of clients with the most requests; NULL if there is none. */
const struct place_result *series_population(const struct result *result,
                                             const struct strategy_result *strategy);

enum quantile { QUANTILE_P50, QUANTILE_P99 };

/* Median over the replications of a bin's quantile there, the largest of the rows drawn as one; NaN:
 * nothing finished. */
double *series_latency(const struct result *result, const struct place_result *place, enum quantile quantile,
                       const struct grid *grid);

/* For qsort of doubles. */
int series_by_value(const void *a, const void *b);

/* The largest value after the warm-up; NaN if there is none. */
double series_most(const struct grid *grid, const double *values);

#endif
