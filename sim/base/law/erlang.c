/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several exponential steps in a row. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/law/rows.h"

struct erlang {
    int64_t mean_ns;
    int64_t phases;
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct erlang, mean_ns), .min = LAW_SHORTEST_NS, .max = LAW_LONGEST_NS,
     .help = "the average of the whole, all phases together"},
    {"phases", FIELD_COUNT, offsetof(struct erlang, phases), .min = 1, .max = 1e4,
     .help = "exponential steps in a row: 1 is the exponential law, more is steadier (cv2 = 1 / phases)"},
    {0},
};

static double mean_ns(const void *parameters)
{
    const struct erlang *erlang = parameters;
    return (double)erlang->mean_ns;
}

static double phase_ns(const struct erlang *erlang)
{
    return (double)erlang->mean_ns / (double)erlang->phases;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct erlang *erlang = parameters;
    gsl_rng rng = stream_gsl(stream);
    return gsl_ran_erlang(&rng, phase_ns(erlang), (double)erlang->phases);
}

static double cv2(const void *parameters)
{
    const struct erlang *erlang = parameters;
    return 1 / (double)erlang->phases;
}

static double below(const void *parameters, double ns)
{
    const struct erlang *erlang = parameters;
    return gsl_cdf_gamma_P(ns, (double)erlang->phases, phase_ns(erlang));
}

/* The same way as the gamma law; above 1e4 phases gsl_cdf_gamma_P is no longer exact. */
static double quantile_ns(const void *parameters, double p)
{
    return law_bisect_ns(below, parameters, p);
}

const struct law_row law_erlang = {
    .row = {.name = "erlang",
            .summary = "several exponential steps in a row: steadier than exponential",
            .formula = "the sum of `phases` exponential times of mean mean / phases",
            .source = "A. K. Erlang (1917)",
            .fields = fields,
            .size = sizeof(struct erlang)},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
