/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between fixed and wilder than exponential, by one number. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/law/rows.h"

struct gamma {
    int64_t mean_ns;
    double shape;
    double scale_ns; /* derived */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct gamma, mean_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "the average"},
    {"shape", FIELD_REAL, offsetof(struct gamma, shape), .min = 0.01, .max = 1e4,
     .help = "1 / cv2: 1 is the exponential law, above is steadier, below is burstier"},
    {0},
};

static const char *prepare(void *parameters)
{
    struct gamma *gamma = parameters;
    gamma->scale_ns = (double)gamma->mean_ns / gamma->shape;
    return NULL;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct gamma *gamma = parameters;
    gsl_rng rng = stream_gsl(stream);
    return gsl_ran_gamma(&rng, gamma->shape, gamma->scale_ns);
}

static double mean_ns(const void *parameters)
{
    const struct gamma *gamma = parameters;
    return (double)gamma->mean_ns;
}

static double cv2(const void *parameters)
{
    const struct gamma *gamma = parameters;
    return 1 / gamma->shape;
}

static double below(const void *parameters, double ns)
{
    const struct gamma *gamma = parameters;
    return gsl_cdf_gamma_P(ns, gamma->shape, gamma->scale_ns);
}

/* gsl_cdf_gamma_Pinv does not converge for a shape below 0.2, and then ends the program. */
static double quantile_ns(const void *parameters, double p)
{
    return law_bisect_ns(below, parameters, p);
}

const struct law_row law_gamma = {
    .row = {.name = "gamma",
            .summary = "from nearly fixed to very bursty, by one number",
            .formula = "density ~ x^(shape - 1) exp(-x shape / mean)",
            .source = "drawn by the method of Marsaglia and Tsang (2000), GSL",
            .fields = fields,
            .size = sizeof(struct gamma),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
