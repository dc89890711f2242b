/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The law without memory: Poisson gaps, the M of M/M/c. */
#include <math.h>

#include "base/law/rows.h"

struct exponential {
    int64_t mean_ns; /* first: law_draw_ns reads it */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct exponential, mean_ns), .min = LAW_SHORTEST_NS,
     .max = LAW_LONGEST_NS, .help = "the average; the standard deviation is as large"},
    {0},
};

static double mean_ns(const void *parameters)
{
    const struct exponential *exponential = parameters;
    return (double)exponential->mean_ns;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    return stream_exponential(stream, stream_ziggurat()) * mean_ns(parameters);
}

static double cv2(const void *parameters)
{
    (void)parameters;
    return 1;
}

static double quantile_ns(const void *parameters, double p)
{
    return -log1p(-p) * mean_ns(parameters);
}

const struct law_row law_exponential = {
    .row = {.name = "exponential",
            .summary = "no memory: what remains never depends on what has passed",
            .formula = "P(X <= x) = 1 - exp(-x / mean)",
            .source = "drawn by the ziggurat of Marsaglia and Tsang (2000)",
            .fields = fields,
            .size = sizeof(struct exponential)},
    .speed = LAW_EXPONENTIAL,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
