/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cold half of the histogram: clear, merge, read. */
#include "base/hist.h"

#include <math.h>
#include <string.h>

static void forget_totals(struct hist *hist)
{
    hist->count = 0;
    hist->sum = 0;
    hist->sum_squares = 0;
    hist->min = INT64_MAX;
    hist->max = 0;
}

/* The buckets in use, all that the functions below touch; empty: lowest > highest. */
static uint32_t lowest(const struct hist *hist)
{
    return hist->count ? hist_bucket((uint64_t)hist->min) : 1;
}

static uint32_t highest(const struct hist *hist)
{
    return hist->count ? hist_bucket((uint64_t)hist->max) : 0;
}

void hist_init(struct hist *hist)
{
    memset(hist->buckets, 0, sizeof hist->buckets);
    forget_totals(hist);
}

void hist_clear(struct hist *hist)
{
    if (hist->count > 0)
        memset(hist->buckets + lowest(hist), 0, (highest(hist) - lowest(hist) + 1) * sizeof *hist->buckets);
    forget_totals(hist);
}

static void merge_totals(struct hist *into, const struct hist *from)
{
    into->count += from->count;
    into->sum += from->sum;
    into->sum_squares += from->sum_squares;
    into->min = from->min < into->min ? from->min : into->min;
    into->max = from->max > into->max ? from->max : into->max;
}

void hist_merge(struct hist *into, const struct hist *from)
{
    for (uint32_t i = lowest(from); i <= highest(from); i++)
        into->buckets[i] += from->buckets[i];
    merge_totals(into, from);
}

/* The least and the greatest value of a bucket. */
static void bucket_edges(uint32_t bucket, int64_t *low, int64_t *high)
{
    uint32_t octave = bucket >> HIST_SUB_BITS;
    uint32_t shift = octave > 0 ? octave - 1 : 0;
    uint64_t first = bucket - ((uint64_t)shift << HIST_SUB_BITS);
    *low = (int64_t)(first << shift);
    *high = (int64_t)(((first + 1) << shift) - 1);
}

/* Between the edges of the bucket, as far as min and max leave them. */
static double interpolate(const struct hist *hist, uint32_t bucket, double share)
{
    int64_t low, high;
    bucket_edges(bucket, &low, &high);
    if (low < hist->min)
        low = hist->min;
    if (high > hist->max)
        high = hist->max;
    return fmin((double)low + share * (double)(high - low), (double)high); /* the sum may round up past it */
}

/* The quantile of that rank, which lies among the buckets from `first` on, `below` samples before them. */
static double quantile_from(const struct hist *hist, uint32_t first, uint64_t below, double rank)
{
    for (uint32_t i = first, end = highest(hist); i <= end; i++) {
        uint64_t here = hist->buckets[i];
        if (here > 0 && (double)(below + here) >= rank)
            return interpolate(hist, i, (rank - (double)below) / (double)here);
        below += here;
    }
    return (double)hist->max;
}

double hist_quantile(const struct hist *hist, double q)
{
    if (hist->count == 0)
        return NAN;
    if (!(q > 0))
        return (double)hist->min;
    return quantile_from(hist, lowest(hist), 0, q * (double)hist->count);
}

/* Adds from[0..count) to into[0..count) and clears it. No branches, so that it vectorises. */
static void move_buckets(uint64_t *restrict into, uint64_t *restrict from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        into[i] += from[i];
        from[i] = 0;
    }
}

static uint64_t sum_buckets(const uint64_t *buckets, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += buckets[i];
    return sum;
}

void hist_drain(struct hist *from, struct hist *into, const double *q, double *quantiles, int count)
{
    enum { BLOCK = 64 };
    uint64_t below = 0;
    int next = 0;
    for (uint32_t first = lowest(from), end = highest(from); first <= end; first += BLOCK) {
        uint32_t length = end - first + 1 < BLOCK ? end - first + 1 : BLOCK;
        uint64_t upto = below + sum_buckets(from->buckets + first, length);
        for (; next < count && (double)upto >= q[next] * (double)from->count; next++)
            quantiles[next] = quantile_from(from, first, below, q[next] * (double)from->count);
        move_buckets(into->buckets + first, from->buckets + first, length);
        below = upto;
    }
    for (; next < count; next++)
        quantiles[next] = from->count ? (double)from->max : NAN;
    merge_totals(into, from);
    forget_totals(from);
}

double hist_mean(const struct hist *hist)
{
    return hist->count > 0 ? hist->sum / (double)hist->count : NAN;
}

double hist_variance(const struct hist *hist)
{
    if (hist->count == 0)
        return NAN;
    double mean = hist_mean(hist);
    double variance = hist->sum_squares / (double)hist->count - mean * mean;
    return variance > 0 ? variance : 0; /* rounding may leave a little less than nothing */
}
