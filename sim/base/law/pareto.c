/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power-law tail. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "base/law/rows.h"

struct pareto {
    int64_t mean_ns;
    double alpha;
    double least_ns; /* derived */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct pareto, mean_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "the average; with alpha near 1 a run is far too short to show it"},
    {"alpha", FIELD_REAL, offsetof(struct pareto, alpha), .min = 1, .max = 1e6,
     .help = "exponent of the tail, above 1; no finite variance up to 2"},
    {0},
};

static const char *prepare(void *parameters)
{
    struct pareto *pareto = parameters;
    if (!(pareto->alpha > 1))
        return "`alpha` must be above 1: at 1 and below a pareto law has no mean";
    pareto->least_ns = (double)pareto->mean_ns * (pareto->alpha - 1) / pareto->alpha;
    return NULL;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct pareto *pareto = parameters;
    gsl_rng rng = stream_gsl(stream);
    return gsl_ran_pareto(&rng, pareto->alpha, pareto->least_ns);
}

static double mean_ns(const void *parameters)
{
    const struct pareto *pareto = parameters;
    return (double)pareto->mean_ns;
}

static double cv2(const void *parameters)
{
    const struct pareto *pareto = parameters;
    return pareto->alpha > 2 ? 1 / (pareto->alpha * (pareto->alpha - 2)) : INFINITY;
}

static double quantile_ns(const void *parameters, double p)
{
    const struct pareto *pareto = parameters;
    return gsl_cdf_pareto_Pinv(p, pareto->alpha, pareto->least_ns);
}

const struct law_row law_pareto = {
    .row = {.name = "pareto",
            .summary = "a power-law tail: a few draws make up much of the sum",
            .formula = "P(X > x) = (m / x)^alpha for x >= m = mean (alpha - 1) / alpha",
            .fields = fields,
            .size = sizeof(struct pareto),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
