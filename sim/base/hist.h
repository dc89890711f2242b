/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log-linear histogram of durations (the HDR idea): 256 buckets an octave, exact below 512 ns.
 *
 * Relative error of a quantile is at most 0.4 % (a bucket is at most 1/256 of its values wide); mean,
 * variance, minimum and maximum are exact (up to rounding of sums). Adding is a few instructions. Merging two
 * histograms is the same as having added all samples to one. hist_quantile(q) finds the bucket that holds the
 * sample of rank ceil(q * count) and interpolates linearly inside; NaN when empty; never outside [min, max].
 * A negative duration is a programmer error. Storage is fixed (HIST_BUCKETS counters, 114 kB). */
#ifndef BASE_HIST_H
#define BASE_HIST_H

#include <stdint.h>

#include "base/check.h"

enum { HIST_SUB_BITS = 8, HIST_BUCKETS = (64 - HIST_SUB_BITS) << HIST_SUB_BITS };

struct hist {
    uint64_t count;
    double sum, sum_squares;      /* ns, ns^2 */
    int64_t min, max;             /* ns; meaningful when count > 0 */
    uint64_t buckets[HIST_BUCKETS];
};

void hist_init(struct hist *hist);                               /* makes it empty, whatever it held */
void hist_clear(struct hist *hist);                              /* same, touching only what was used */
void hist_merge(struct hist *into, const struct hist *from);
/* Merges `from` into `into` and empties it, reading the quantiles asked for on the way (q ascending, like
 * hist_quantile before it was emptied): one pass instead of three, for the end of a bin. */
void hist_drain(struct hist *from, struct hist *into, const double *q, double *quantiles, int count);
double hist_quantile(const struct hist *hist, double q);         /* ns */
double hist_mean(const struct hist *hist);                       /* ns, NaN when empty */
double hist_variance(const struct hist *hist);                   /* ns^2, of the population; NaN when empty */

static inline uint32_t hist_bucket(uint64_t value)
{
    if (value < (1u << HIST_SUB_BITS))
        return (uint32_t)value;
    uint32_t shift = (uint32_t)(63 - __builtin_clzll(value)) - HIST_SUB_BITS;
    return ((shift + 1) << HIST_SUB_BITS) + (uint32_t)(value >> shift) - (1u << HIST_SUB_BITS);
}

static inline void hist_add(struct hist *hist, int64_t ns)
{
    CHECK(ns >= 0, "a histogram was given a negative duration");
    double value = (double)ns;
    hist->buckets[hist_bucket((uint64_t)ns)]++;
    hist->count++;
    hist->sum += value;
    hist->sum_squares += value * value;
    if (ns < hist->min)
        hist->min = ns;
    if (ns > hist->max)
        hist->max = ns;
}

#endif
