/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stretched exponential: lifetimes, disk and network latencies. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "base/law/rows.h"

struct weibull {
    int64_t mean_ns;
    double shape;
    double scale_ns, cv2; /* derived */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct weibull, mean_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "the average"},
    {"shape", FIELD_REAL, offsetof(struct weibull, shape), .min = 0.1, .max = 1000,
     .help = "1 is the exponential law, below 1 has a heavier tail, above 1 a lighter one"},
    {0},
};

static const char *prepare(void *parameters)
{
    struct weibull *weibull = parameters;
    double first = gsl_sf_gamma(1 + 1 / weibull->shape);
    double second = gsl_sf_gamma(1 + 2 / weibull->shape);
    weibull->scale_ns = (double)weibull->mean_ns / first;
    weibull->cv2 = second / (first * first) - 1;
    return NULL;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct weibull *weibull = parameters;
    gsl_rng rng = stream_gsl(stream);
    return gsl_ran_weibull(&rng, weibull->scale_ns, weibull->shape);
}

static double mean_ns(const void *parameters)
{
    const struct weibull *weibull = parameters;
    return (double)weibull->mean_ns;
}

static double cv2(const void *parameters)
{
    const struct weibull *weibull = parameters;
    return weibull->cv2;
}

static double quantile_ns(const void *parameters, double p)
{
    const struct weibull *weibull = parameters;
    return gsl_cdf_weibull_Pinv(p, weibull->scale_ns, weibull->shape);
}

const struct law_row law_weibull = {
    .row = {.name = "weibull",
            .summary = "a stretched exponential: lifetimes, disk and network latencies",
            .formula = "P(X <= x) = 1 - exp(-(x / a)^shape), a = mean / Gamma(1 + 1 / shape)",
            .fields = fields,
            .size = sizeof(struct weibull),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
