/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Always the same duration. */
#include "base/law/rows.h"

struct fixed {
    int64_t mean_ns; /* first: law_draw_ns reads it */
};

static const struct field fields[] = {
    {"mean", FIELD_DURATION, offsetof(struct fixed, mean_ns), .min = 0, .max = LAW_LONGEST_NS,
     .help = "every draw is this long; 0 is allowed"},
    {0},
};

static double mean_ns(const void *parameters)
{
    const struct fixed *fixed = parameters;
    return (double)fixed->mean_ns;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    (void)stream;
    return mean_ns(parameters);
}

static double cv2(const void *parameters)
{
    (void)parameters;
    return 0;
}

static double quantile_ns(const void *parameters, double p)
{
    (void)p;
    return mean_ns(parameters);
}

const struct law_row law_fixed = {
    .row = {.name = "fixed",
            .summary = "always the same duration",
            .formula = "X = mean",
            .fields = fields,
            .size = sizeof(struct fixed)},
    .speed = LAW_FIXED,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
