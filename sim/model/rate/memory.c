/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory pressure: what waits takes memory as well, and the collector takes the time of all. */
#include <math.h>

#include "model/rate/rows.h"

struct memory {
    int64_t safe, width;
};

static double speed(const void *parameters, double n)
{
    const struct memory *p = parameters;
    double over = fmax(n - (double)p->safe, 0) / (double)p->width;
    return 1 / (1 + over * over);
}

static double best(const void *parameters)
{
    const struct memory *p = parameters;
    return hypot((double)p->safe, (double)p->width);
}

static const struct field fields[] = {
    {"safe", FIELD_COUNT, offsetof(struct memory, safe), .min = 0, .max = 1e9,
     .help = "attempts here, waiting or in service, that leave enough memory"},
    {"width", FIELD_COUNT, offsetof(struct memory, width), .min = 1, .max = 1e9,
     .help = "with so many more the speed is halved"},
    {0}};

const struct rate_row rate_memory = {
    .row = {.name = "memory", .summary = "memory pressure: all slow down when too many are here, waiting ones included",
            .formula = "speed = 1 up to n = safe, then 1 / (1 + ((n - safe) / width)^2)",
            .source = "after Huang et al., Metastable Failures in the Wild (OSDI 2022), garbage collection",
            .fields = fields, .size = sizeof(struct memory)},
    .counts_waiting = true,
    .speed = speed,
    .best = best,
};
