/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CSV file of a trace: times of arrivals, or a rate over time.
 *
 *     t_s          one arrival a row              t_s,rate_per_s     Poisson at that rate from then on,
 *     0.031                                       0,120              0 before the first row
 *     0.204                                       60,480
 *
 * Times do not decrease (with rates: increase); `t_ms`, `t_us`, `t_ns` work as well. Read once in a program's life,
 * like base/samples.h, and shared. */
#ifndef MODEL_ARRIVAL_TRACE_FILE_H
#define MODEL_ARRIVAL_TRACE_FILE_H

#include <stddef.h>
#include <stdint.h>

struct trace_file {
    const char *error;            /* one line; NULL: loaded */
    size_t count;
    int64_t *times_ns;
    double *rates_per_s;          /* NULL: a row is an arrival */
};

/* Never NULL. */
const struct trace_file *trace_file_load(const char *file);

#endif
