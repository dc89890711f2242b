/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The universal scalability law: Amdahl's, and on top of it a cost of keeping every pair in step. This one makes
 * throughput fall, so that a service can have two steady states at the same load. */
#include <math.h>

#include "model/rate/rows.h"

struct usl {
    double sigma, kappa;
};

static double speed(const void *parameters, double n)
{
    const struct usl *p = parameters;
    return 1 / (1 + p->sigma * (n - 1) + p->kappa * n * (n - 1));
}

static double best(const void *parameters)
{
    const struct usl *p = parameters;
    return p->kappa > 0 ? sqrt((1 - p->sigma) / p->kappa) : INFINITY;
}

static const struct field fields[] = {
    {"sigma", FIELD_REAL, offsetof(struct usl, sigma), .min = 0, .max = 1,
     .help = "contention: the part of the work that only one can do at a time"},
    {"kappa", FIELD_REAL, offsetof(struct usl, kappa), .min = 0, .max = 1,
     .help = "coherency: what each pair in service costs"},
    {0}};

const struct rate_row rate_usl = {
    .row = {.name = "usl", .summary = "universal scalability law: throughput falls when too many are in service",
            .formula = "X(n) = (n / S) / (1 + sigma (n - 1) + kappa n (n - 1)), most at n = sqrt((1 - sigma) / kappa)",
            .source = "Gunther, Guerrilla Capacity Planning (2007)", .fields = fields, .size = sizeof(struct usl)},
    .speed = speed,
    .best = best,
};
