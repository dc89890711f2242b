/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the replications say about one exact value.
 *
 * The estimate is a mean over R independent replications, its standard error their deviation / sqrt(R). The
 * deviation is itself an estimate, so (estimate - exact) / error follows Student's law with R - 1 degrees of
 * freedom; z is the point of the normal law with the same tail. So |z| > 4 has the probability 6e-5 for every
 * R. What agrees to 1e-9 has z = 0; a value without any deviation must.
 *
 * Quantiles. The simulator's histogram has buckets of at most 0.4 % of their value: (0.4 % x)^2 / 12 is added
 * to the squared error. The mean of sample quantiles is biased by two effects of up to r / 2 times their
 * variance (r: the rate at which the tail falls): upwards because the inverse of the distribution is convex
 * there, downwards because long waits come in clusters, which multiply the whole tail of a replication by one
 * random factor. Over 14 seeds of --quick they left at most 0.3 standard errors of a p99, and a full run has
 * a tenth of the deviation. A quantile that is exactly 0, because P(X > 0) <= 1 - p, cannot be averaged (its
 * sample values are never below it): there P(X > 0) is compared with 1 - p, and may be smaller.
 *
 * Variances. A replication's variance is around its own mean. The variance of these means is added, which
 * makes the sum unbiased.
 *
 * Spreads. The variance of the values of R replications, each one observation, has the variance (m4 - s^4 (R - 3) /
 * (R - 1)) / R; the fourth central moment m4 is estimated, too. That of its root is a quarter of it over the variance.
 *
 * Certainty. Where nothing is random, integers must be hit and times agree to 1e-9. A fluid limit is met by a
 * system of whole requests up to a few of them: the grain, a relative deviation that each model states. The
 * standard error that is printed is a quarter of it, so that the limit of |z| is the same for all. Where chance
 * comes in as well, both are added (as squares).
 *
 * Heavy tails. Let m be the moment of the service time that a measure depends on (2 for mean waits, 3 for
 * their variance). With a Pareto law of exponent alpha, what a busy period adds to the sum has a tail of
 * exponent alpha / m. If that is 2 or less, the deviation of the replications says nothing, and a mean of n
 * converges like n^-(1 - m / alpha): that part of the exact value is then the least standard error, a loose
 * test. The quantiles are tested as sharply as ever. */
#ifndef THEORY_ESTIMATE_H
#define THEORY_ESTIMATE_H

#include "simulate.h"

struct verdict {
    double exact, estimate, error, z;
    const char *note; /* what was compared, where it is not the metric itself, or how; may be empty */
    bool passed;
};

enum { Z_LIMIT = 4 };

struct verdict judge(const struct run *run, const struct measure *measure, double exact);

#endif
