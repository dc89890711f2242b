/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every duration between two bounds alike. */
#include "base/law/rows.h"

struct uniform {
    int64_t low_ns, high_ns;
};

static const struct field fields[] = {
    {"low", FIELD_DURATION, offsetof(struct uniform, low_ns), .min = 0, .max = LAW_LONGEST_NS,
     .help = "the shortest; 0 is allowed"},
    {"high", FIELD_DURATION, offsetof(struct uniform, high_ns), .min = 0, .max = LAW_LONGEST_NS,
     .help = "the longest, at least `low`"},
    {0},
};

static const char *prepare(void *parameters)
{
    const struct uniform *uniform = parameters;
    return uniform->low_ns <= uniform->high_ns ? NULL : "`low` is above `high`: swap them";
}

static double quantile_ns(const void *parameters, double p)
{
    const struct uniform *uniform = parameters;
    return (double)uniform->low_ns + p * (double)(uniform->high_ns - uniform->low_ns);
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    return quantile_ns(parameters, stream_uniform(stream));
}

static double mean_ns(const void *parameters)
{
    return quantile_ns(parameters, 0.5);
}

static double cv2(const void *parameters)
{
    const struct uniform *uniform = parameters;
    double mean = mean_ns(parameters);
    double width = (double)(uniform->high_ns - uniform->low_ns);
    return mean > 0 ? width * width / (12 * mean * mean) : 0;
}

const struct law_row law_uniform = {
    .row = {.name = "uniform",
            .summary = "every duration between two bounds alike",
            .formula = "X = low + (high - low) U",
            .fields = fields,
            .size = sizeof(struct uniform),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
