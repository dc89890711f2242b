/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waits before a client's retries, shown: as a table, as a line of blocks each, as a picture, as data.
 *
 * A law is given by its end points, its mean, its 99 % quantile and a histogram. Where a value at an end has much more
 * than its share (a cap that cuts off draws), it is not in the histogram but beside it: `at_least`, `at_most`. */
#ifndef OUTPUT_WAITS_H
#define OUTPUT_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "output/assign.h"

enum { WAITS_BINS = 48, WAITS_ROWS = 8 };

struct waits_law {
    double least_s, mean_s, p99_s, most_s; /* most_s INFINITY: no limit */
    uint32_t bins;                         /* 0: always the same wait */
    double from_s, to_s;                   /* the histogram's ends */
    double density[WAITS_BINS];            /* relative to each other */
    double at_least, at_most;              /* shares; 0: nothing special there */
};

struct waits {
    const char *title;   /* "jitter full" */
    const char *backoff; /* as a scenario writes it */
    uint32_t requests;   /* simulated */
    uint32_t rows;
    struct waits_law laws[WAITS_ROWS]; /* before retries 1, 2, ... */
    uint32_t retries;                  /* whose waits are added up below */
    double total_mean_s, total_most_s; /* the sum of the greatest waits */
    bool forever;                      /* there are more retries than that */
    bool stops;                        /* the last wait ends in failure, without another retry */
    bool seen;                         /* least and most are those that were seen, not exact */
};

void waits_table(const struct waits *waits, struct text *text);
void waits_bars(const struct waits *waits, bool unicode, struct text *text);
void waits_csv(const struct waits *waits, struct text *text);
void waits_script(const struct waits *waits, enum figure_format format, struct text *script);

#endif
