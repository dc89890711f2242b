/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amdahl's law: a part of the work is done by one at a time. Load flattens throughput, it never lowers it. */
#include <math.h>

#include "model/rate/rows.h"

struct amdahl {
    double sigma;
};

static double speed(const void *parameters, double n)
{
    const struct amdahl *p = parameters;
    return 1 / (1 + p->sigma * (n - 1));
}

static double best(const void *parameters)
{
    (void)parameters;
    return INFINITY;
}

static const struct field fields[] = {
    {"sigma", FIELD_REAL, offsetof(struct amdahl, sigma), .min = 0, .max = 1,
     .help = "contention: the part of the work that only one can do at a time"},
    {0}};

const struct rate_row rate_amdahl = {
    .row = {.name = "amdahl", .summary = "a part of the work is serial: throughput flattens with load, but never falls",
            .formula = "X(n) = (n / S) / (1 + sigma (n - 1)), at most 1 / (sigma S)",
            .source = "Amdahl, Validity of the Single Processor Approach (AFIPS 1967)", .fields = fields,
            .size = sizeof(struct amdahl)},
    .speed = speed,
    .best = best,
};
