/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/breaker/buckets.h"

#include <string.h>

static uint32_t cells_each(const struct buckets_shape *shape)
{
    return shape->slow ? 3 : 2;
}

static uint32_t *bucket_at(const struct buckets_shape *shape, struct buckets *buckets, int64_t number)
{
    return &buckets->cells[(uint64_t)number % shape->count * cells_each(shape)];
}

static size_t cells_size(const struct buckets_shape *shape)
{
    return (size_t)shape->count * cells_each(shape) * sizeof(uint32_t);
}

size_t buckets_size(const struct buckets_shape *shape)
{
    return sizeof(struct buckets) + cells_size(shape);
}

static void forget(const struct buckets_shape *shape, struct buckets *buckets, int64_t number)
{
    uint32_t *bucket = bucket_at(shape, buckets, number);
    buckets->total.calls -= bucket[0];
    buckets->total.bad -= bucket[1];
    buckets->total.slow -= shape->slow ? bucket[2] : 0;
    memset(bucket, 0, cells_each(shape) * sizeof *bucket);
}

void buckets_turn(const struct buckets_shape *shape, struct buckets *buckets, int64_t grid_ns)
{
    int64_t now = grid_ns / shape->width_ns;
    if (now <= buckets->last)
        return;
    int64_t first = now - buckets->last > shape->count ? now - shape->count : buckets->last;
    while (first < now)
        forget(shape, buckets, ++first);
    buckets->last = now;
}

void buckets_add(const struct buckets_shape *shape, struct buckets *buckets, const struct breaker_tally *more)
{
    uint32_t *bucket = bucket_at(shape, buckets, buckets->last);
    bucket[0] += (uint32_t)more->calls;
    bucket[1] += (uint32_t)more->bad;
    if (shape->slow)
        bucket[2] += (uint32_t)more->slow;
    buckets->total.calls += more->calls;
    buckets->total.bad += more->bad;
    buckets->total.slow += more->slow;
}

void buckets_clear(const struct buckets_shape *shape, struct buckets *buckets)
{
    buckets->total = (struct breaker_tally){0};
    memset(buckets->cells, 0, cells_size(shape));
}

int64_t buckets_change_ns(const struct buckets_shape *shape, const struct buckets *buckets,
                          const struct breaker_time *at)
{
    if (buckets->total.calls == 0 && buckets->total.bad == 0)
        return INT64_MAX;
    return at->now_ns + shape->width_ns - at->grid_ns % shape->width_ns;
}
