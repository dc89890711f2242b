/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the replications say about one exact value.
 *
 * The estimate is a mean over R independent replications, its standard error their deviation / sqrt(R). The
 * deviation is itself an estimate, so (estimate - exact) / error follows Student's law with R - 1 degrees of freedom;
 * z is the point of the normal law with the same tail. |z| > 4 thus has the probability 6e-5 for every R.
 *
 * Quantiles. The simulator's histogram has buckets of at most 0.4 % of their value: (0.4 % x)^2 / 12 is added to
 * the squared error. The mean of sample quantiles is biased by two effects of up to r / 2 times their variance (r: the
 * rate at which the tail falls): upwards because the inverse of the distribution is convex there, downwards because
 * long waits come in clusters, which multiply the whole tail of a replication by one random factor. Measured over 14
 * seeds of --quick they leave at most 0.3 standard errors of p99; ten times less in a full run. A quantile that is
 * exactly 0, because P(X > 0) <= 1 - p, cannot be averaged (its sample values are never below it): there P(X > 0) is
 * compared with 1 - p, and may be smaller.
 *
 * Variances. A replication's variance is around its own mean. The variance of these means is added, which makes the
 * sum unbiased.
 *
 * Heavy tails. With a Pareto service law of exponent alpha the k-th moment's sum over a busy period has a tail of
 * exponent alpha / m (m = k + 1: the mean wait needs E S^2, and so on). Without a second moment of that (alpha <= 2 m)
 * the deviation of the replications says nothing; the mean of n converges like n^-(1 - m / alpha). That, relative to
 * the exact value, is then the least standard error: a loose test. The quantiles are tested as sharply as ever. */
#ifndef THEORY_ESTIMATE_H
#define THEORY_ESTIMATE_H

#include "simulate.h"

struct verdict {
    double exact, estimate, error, z;
    const char *note; /* what was compared, where it is not the metric itself; "" otherwise */
    bool passed;
};

enum { Z_LIMIT = 4 };

struct verdict judge(const struct run *run, const struct measure *measure, double exact);

#endif
