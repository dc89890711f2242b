/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate curves: how fast each attempt in service goes when there are n of them.
 *
 * 1 is the speed at which a service time is what its law says. With n attempts at speed(n) each, a service with mean
 * service time S does n x speed(n) / S a second. */
#ifndef MODEL_RATE_H
#define MODEL_RATE_H

#include "base/table.h"
#include "model/config.h"

struct rate_row {
    struct row row;
    bool counts_waiting;          /* n is all attempts at the service; else those in service */
    double (*speed)(const void *parameters, double n);    /* NULL: always 1 */
    double (*best)(const void *parameters);   /* the n (a real number) at which n x speed(n) is largest, or INFINITY */
};

extern const struct table rate_table;

/* The largest n x speed(n) for n up to `workers` (INT64_MAX: any), in workers at speed 1; may be INFINITY. */
double rate_capacity(const struct rate_config *rate, int64_t workers);

#endif
