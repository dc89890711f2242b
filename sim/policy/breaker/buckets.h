/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts over the last stretch of time, in buckets of equal width: the present one, which still fills, and those before
 * it. A bucket is forgotten as a whole, when the window's last bucket width is over.
 *
 * A bucket is two numbers (calls, bad), or three if slow calls are counted. Turning costs one step for each bucket
 * that is forgotten, whatever time has passed. */
#ifndef POLICY_BREAKER_BUCKETS_H
#define POLICY_BREAKER_BUCKETS_H

#include "policy/breaker/trip.h"

enum { BUCKETS_MAX = 10000 };

struct buckets_shape {
    int64_t width_ns;
    uint32_t count;
    bool slow;
};

struct buckets {
    int64_t last; /* number of the present bucket, from time 0 of the grid */
    struct breaker_tally total;
    uint32_t cells[];
};

size_t buckets_size(const struct buckets_shape *shape);
void buckets_turn(const struct buckets_shape *shape, struct buckets *buckets, int64_t grid_ns);
/* Into the present bucket. */
void buckets_add(const struct buckets_shape *shape, struct buckets *buckets, const struct breaker_tally *more);
void buckets_clear(const struct buckets_shape *shape, struct buckets *buckets);
/* When the next bucket is forgotten, or might be; INT64_MAX: all are empty. */
int64_t buckets_change_ns(const struct buckets_shape *shape, const struct buckets *buckets,
                          const struct breaker_time *at);

#endif
