/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A measured time with a symmetric error, folded at 0: durations are not negative. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "base/law/rows.h"

struct normal {
    int64_t mean_ns, sd_ns;
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct normal, mean_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "of the normal law before it is folded; the average itself where sd is below a third of it"},
    {"sd", FIELD_DURATION, offsetof(struct normal, sd_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "its standard deviation"},
    {0},
};

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct normal *normal = parameters;
    gsl_rng rng = stream_gsl(stream);
    return fabs((double)normal->mean_ns + gsl_ran_gaussian_ziggurat(&rng, (double)normal->sd_ns));
}

static double mean_ns(const void *parameters)
{
    const struct normal *normal = parameters;
    double ratio = (double)normal->mean_ns / (double)normal->sd_ns;
    return (double)normal->sd_ns * sqrt(2 / M_PI) * exp(-ratio * ratio / 2) +
           (double)normal->mean_ns * erf(ratio / sqrt(2));
}

/* Folding keeps E[X^2] = mean^2 + sd^2. */
static double cv2(const void *parameters)
{
    const struct normal *normal = parameters;
    double folded = mean_ns(parameters), mean = (double)normal->mean_ns, sd = (double)normal->sd_ns;
    return (mean * mean + sd * sd) / (folded * folded) - 1;
}

static double below(const void *parameters, double ns)
{
    const struct normal *normal = parameters;
    double mean = (double)normal->mean_ns, sd = (double)normal->sd_ns;
    return gsl_cdf_ugaussian_P((ns - mean) / sd) - gsl_cdf_ugaussian_P((-ns - mean) / sd);
}

static double quantile_ns(const void *parameters, double p) { return law_bisect_ns(below, parameters, p); }

const struct law_row law_normal = {
    .row = {.name = "normal",
            .summary = "symmetric around a mean, folded at 0",
            .formula = "|N(mean, sd^2)|; variance mean^2 + sd^2 - E[X]^2",
            .source = "the hops of the AWS architecture blog's backoff simulator (2015)",
            .fields = fields,
            .size = sizeof(struct normal)},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
