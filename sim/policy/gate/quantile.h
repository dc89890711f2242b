/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small histogram of latencies for a gate that asks for a quantile of each short window: 64 buckets an octave, so a
 * quantile is off by at most 1.6 %; 10 kB. (base/hist.h is exact to 0.4 % and takes 114 kB.) */
#ifndef POLICY_GATE_QUANTILE_H
#define POLICY_GATE_QUANTILE_H

#include <stdint.h>

/* From 1 us to a day; what is outside counts as if it were at the end. */
enum { QUANTILE_SUB_BITS = 6, QUANTILE_LOW_BITS = 10, QUANTILE_OCTAVES = 37,
       QUANTILE_BUCKETS = (QUANTILE_OCTAVES << QUANTILE_SUB_BITS) };

struct gate_quantile {
    int64_t count;
    uint32_t buckets[QUANTILE_BUCKETS];
};

void gate_quantile_add(struct gate_quantile *quantile, int64_t ns);
/* The q-quantile, by linear interpolation within its bucket; 0 if there is none. */
double gate_quantile_ns(const struct gate_quantile *quantile, double q);
void gate_quantile_clear(struct gate_quantile *quantile);

#endif
