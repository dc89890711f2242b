/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result made by hand, for tests of the outputs: three replications of two bins of half a second. */
#ifndef TESTS_SMALL_RESULT_H
#define TESTS_SMALL_RESULT_H

#include "study/result.h"

enum { REPLICATIONS = 3, BINS = 2 };

extern const struct metric_info small_recovery, small_stuck, small_peak, small_success, small_requests, small_open,
    small_amplification, small_wasted, small_goodput, small_p99, small_utilization;

/* Strategies of these names, without metrics and places. Ends with result_free. */
struct result *small_result_new(size_t strategies, const char *const *names, const char *headline);
/* One strategy with a name that needs quoting, two of three replications finished. */
struct result *small_result_interrupted(void);

/* At most eight a strategy; the values of the three replications. */
void small_result_metric(struct result *result, size_t index, const struct metric_info *info, double a, double b,
                         double c);
/* At most three a strategy, with rows in the replications that finished. */
void small_result_place(struct result *result, struct strategy_result *strategy, const char *path,
                        enum place_kind kind);

/* A path of this process under TMPDIR; "": the directory. Lasts until the next call. */
const char *small_result_scratch(const char *name);

#endif
