/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/gate/quantile.h"

#include <math.h>
#include <string.h>

static uint32_t bucket_of(int64_t ns)
{
    if (ns < (INT64_C(1) << QUANTILE_LOW_BITS))
        return 0;
    uint32_t octave = 63 - (uint32_t)__builtin_clzll((uint64_t)ns);
    uint32_t bucket = ((octave - QUANTILE_LOW_BITS) << QUANTILE_SUB_BITS) +
                      ((uint32_t)((uint64_t)ns >> (octave - QUANTILE_SUB_BITS)) & ((1u << QUANTILE_SUB_BITS) - 1));
    return bucket < QUANTILE_BUCKETS ? bucket : QUANTILE_BUCKETS - 1;
}

static double low_ns(uint32_t bucket)
{
    uint32_t octave = bucket >> QUANTILE_SUB_BITS, part = bucket & ((1u << QUANTILE_SUB_BITS) - 1);
    return ldexp(1 + (double)part / (1 << QUANTILE_SUB_BITS), (int)octave + QUANTILE_LOW_BITS);
}

void gate_quantile_add(struct gate_quantile *quantile, int64_t ns)
{
    quantile->buckets[bucket_of(ns)]++;
    quantile->count++;
}

double gate_quantile_ns(const struct gate_quantile *quantile, double q)
{
    double rank = q * (double)quantile->count, below = 0;
    for (uint32_t i = 0; i < QUANTILE_BUCKETS; i++) {
        double here = quantile->buckets[i];
        if (here > 0 && below + here >= rank)
            return low_ns(i) + (low_ns(i + 1) - low_ns(i)) * fmax(0, rank - below) / here;
        below += here;
    }
    return 0;
}

void gate_quantile_clear(struct gate_quantile *quantile) { memset(quantile, 0, sizeof *quantile); }
