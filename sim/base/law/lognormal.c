/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The usual fit to measured service times: a product of many small factors. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "base/law/rows.h"

struct lognormal {
    int64_t mean_ns;
    double cv2;
    double zeta, sigma; /* of the logarithm, derived */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct lognormal, mean_ns), .min = LAW_SHORTEST_NS,
     .max = LAW_LONGEST_NS, .help = "the average, not the median (which is mean / sqrt(1 + cv2))"},
    {"cv2", FIELD_REAL, offsetof(struct lognormal, cv2), .min = 0, .max = 1e6,
     .help = "variance / mean^2: 0 is fixed, 1 spreads like an exponential, 4 and more has a heavy tail"},
    {0},
};

static const char *prepare(void *parameters)
{
    struct lognormal *lognormal = parameters;
    double variance = log1p(lognormal->cv2);
    lognormal->sigma = sqrt(variance);
    lognormal->zeta = log((double)lognormal->mean_ns) - variance / 2;
    return NULL;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct lognormal *lognormal = parameters;
    gsl_rng rng = stream_gsl(stream);
    return gsl_ran_lognormal(&rng, lognormal->zeta, lognormal->sigma);
}

static double mean_ns(const void *parameters)
{
    const struct lognormal *lognormal = parameters;
    return (double)lognormal->mean_ns;
}

static double cv2(const void *parameters)
{
    const struct lognormal *lognormal = parameters;
    return lognormal->cv2;
}

static double quantile_ns(const void *parameters, double p)
{
    const struct lognormal *lognormal = parameters;
    if (lognormal->sigma == 0)
        return (double)lognormal->mean_ns;
    return gsl_cdf_lognormal_Pinv(p, lognormal->zeta, lognormal->sigma);
}

const struct law_row law_lognormal = {
    .row = {.name = "lognormal",
            .summary = "the usual fit to measured service times, skewed with a long tail",
            .formula = "ln X is normal with variance s^2 = ln(1 + cv2) and mean ln(mean) - s^2 / 2",
            .fields = fields,
            .size = sizeof(struct lognormal),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
