/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measured durations, drawn again. */
#include <math.h>

#include "base/law/rows.h"
#include "base/samples.h"

struct empirical {
    const char *file;
    const char *column;
    int unit;                      /* enum samples_unit */
    const struct samples *samples; /* derived; lives as long as the program */
};

static const char *const units[] = {"auto", "s", "ms", "us", "ns", NULL};

static const struct field fields[] = {
    {"file", FIELD_FILE, offsetof(struct empirical, file),
     .help = "a CSV file with a header line and one duration a line"},
    {"column", FIELD_TEXT, offsetof(struct empirical, column), .text = "first",
     .help = "the column's name in the header line; `first` is the first one"},
    {"unit", FIELD_ENUM, offsetof(struct empirical, unit), .text = "auto", .names = units,
     .help = "of the numbers; `auto` takes it from the column's name (_s _ms _us _ns), otherwise seconds"},
    {0},
};

static const char *prepare(void *parameters)
{
    struct empirical *empirical = parameters;
    empirical->samples = samples_load(empirical->file, empirical->column, (enum samples_unit)empirical->unit);
    return empirical->samples->error;
}

static double draw_ns(const void *parameters, struct stream *stream)
{
    const struct samples *samples = ((const struct empirical *)parameters)->samples;
    size_t index = (size_t)(stream_uniform(stream) * (double)samples->count);
    return (double)samples->values_ns[index];
}

static double mean_ns(const void *parameters)
{
    return ((const struct empirical *)parameters)->samples->mean_ns;
}

static double cv2(const void *parameters)
{
    return ((const struct empirical *)parameters)->samples->cv2;
}

/* The least value that at least a share p of the values does not exceed. */
static double quantile_ns(const void *parameters, double p)
{
    const struct samples *samples = ((const struct empirical *)parameters)->samples;
    double rank = ceil(p * (double)samples->count);
    size_t last = samples->count - 1;
    size_t index = rank >= 1 ? (size_t)rank - 1 : 0;
    return (double)samples->values_ns[index < last ? index : last];
}

const struct law_row law_empirical = {
    .row = {.name = "empirical",
            .summary = "measured durations from a CSV file, each as likely as the next",
            .formula = "P(X <= x) = share of the values that are at most x",
            .fields = fields,
            .size = sizeof(struct empirical),
            .prepare = prepare},
    .speed = LAW_OTHER,
    .draw_ns = draw_ns,
    .mean_ns = mean_ns,
    .cv2 = cv2,
    .quantile_ns = quantile_ns,
};
