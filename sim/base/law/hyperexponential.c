/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two kinds of work, a short and a long one, each exponential. */
#include <math.h>

#include "base/law/rows.h"

struct hyperexponential {
    int64_t mean_ns;
    double cv2;
    double short_share; /* derived: probability and the two means */
    double short_ns, long_ns;
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct hyperexponential, mean_ns), .min = LAW_SHORTEST_NS,
     .max = LAW_LONGEST_NS, .help = "the average"},
    {"cv2", FIELD_REAL, offsetof(struct hyperexponential, cv2), .min = 1, .max = 1e6,
     .help = "variance / mean^2: 1 is the exponential law, 10 is a rare long job among many short ones"},
    {0},
};

/* Balanced means: either kind brings half of the work. The long kind's probability is written without the
 * difference that would cancel at a large cv2. */
static const char *prepare(void *parameters)
{
    struct hyperexponential *hyper = parameters;
    double root = sqrt((hyper->cv2 - 1) / (hyper->cv2 + 1));
    double long_share = 1 / ((hyper->cv2 + 1) * (1 + root));
    hyper->short_share = (1 + root) / 2;
    hyper->short_ns = (double)hyper->mean_ns / (2 * hyper->short_share);
    hyper->long_ns = (double)hyper->mean_ns / (2 * long_share);
    return NULL;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct hyperexponential *hyper = parameters;
    double mean = stream_uniform(stream) < hyper->short_share ? hyper->short_ns : hyper->long_ns;
    return stream_exponential(stream, stream_ziggurat()) * mean;
}

static double mean_ns(const void *parameters)
{
    const struct hyperexponential *hyper = parameters;
    return (double)hyper->mean_ns;
}

static double cv2(const void *parameters)
{
    const struct hyperexponential *hyper = parameters;
    return hyper->cv2;
}

static double below(const void *parameters, double ns)
{
    const struct hyperexponential *hyper = parameters;
    double long_share = (double)hyper->mean_ns / (2 * hyper->long_ns);
    return -hyper->short_share * expm1(-ns / hyper->short_ns) - long_share * expm1(-ns / hyper->long_ns);
}

static double quantile_ns(const void *parameters, double p)
{
    return law_bisect_ns(below, parameters, p);
}

const struct law_row law_hyperexponential = {
    .row = {.name = "hyperexponential",
            .summary = "two kinds of work, short and rare long, each exponential",
            .formula = "with p = (1 + sqrt((cv2 - 1) / (cv2 + 1))) / 2 of mean mean / (2 p), "
                       "otherwise of mean mean / (2 (1 - p))",
            .source = "balanced means, the usual two-moment fit of queueing theory",
            .fields = fields,
            .size = sizeof(struct hyperexponential),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
