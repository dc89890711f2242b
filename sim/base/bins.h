/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of load.csv: what one place did in one bin of time. Counts are of this bin, so their sums are exact. */
#ifndef BASE_BINS_H
#define BASE_BINS_H

#include <stdint.h>

enum { BIN_COUNTS = 11 };

/* Names of the count columns, in order: requests ... denied_retries. */
extern const char *const bin_count_names[BIN_COUNTS];

struct bin_row {
    uint64_t counts[BIN_COUNTS];
    double queue_length, in_service;          /* when the bin ends; NaN where undefined, as below */
    double busy_ratio;                        /* busy worker time / (workers x bin) */
    double capacity;                          /* attempts that could be served in the bin */
    double latency_p50_s, latency_p99_s;
};

#endif
