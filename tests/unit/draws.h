/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of waits against exact numbers. Bounds are SIGMAS standard errors; seeds are fixed, so a failure is a change
 * and not bad luck. RETRYSTORM_TEST_LONG draws ten times as many. */
#ifndef TESTS_UNIT_DRAWS_H
#define TESTS_UNIT_DRAWS_H

#include "policy/backoff.h"

#define SIGMAS 5.0

/* Waits before retries 1..retries, of `count` requests; milliseconds. */
struct draws {
    const char *name;
    uint32_t retries;
    size_t count;
    double *ms; /* [(retry - 1) * count + request] */
};
struct draws draws_sample(const char *name, const struct backoff *backoff, uint32_t retries);
struct draws draws_of(const char *text, uint32_t retries); /* of a backoff as in backoff_case.h, named by its text */
void draws_free(struct draws *waits);

/* All of the waits before retry n, shown as "NAME, retry n" where a check fails. */
struct sample {
    const char *name;
    uint32_t retry;
    size_t count;
    const double *ms;
};
struct sample draws_before(const struct draws *waits, uint32_t retry);

/* No value is outside; the outer tenth at each end holds some. `digits` relative error is in the numbers themselves. */
void sample_check_range(const struct sample *sample, double min, double max, double digits);
/* Within SIGMAS sqrt(variance / count). */
void sample_check_mean(const struct sample *sample, double mean, double variance);
/* Within SIGMAS standard errors of the mean of the squared deviations, from the sample's fourth moment. */
void sample_check_variance(const struct sample *sample, double mean, double variance);
/* P(X < quantile) <= p <= P(X <= quantile), by the binomial error of p. */
void sample_check_quantile(const struct sample *sample, double p, double quantile);
/* P(X = value) = p, by its binomial error; p = 1: exactly. Waits are whole nanoseconds, so that even a uniform law
 * has some mass at each: p = 0 allows what one of the million values of a millisecond would have. */
void sample_check_atom(const struct sample *sample, double value, double p);

double sample_mean(const struct sample *sample);
double sample_variance(const struct sample *sample);
size_t sample_distinct(const struct sample *sample); /* how many different values */

#endif
