/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on a terminal that says how far a study is: `run 3/20  sim 41 %  8.2 M events/s  ETA 12 s`.
 *
 * Redrawn at most five times a second of the elapsed time that it is told, erased at the end. It reads no
 * clock. Whether there is a terminal is the caller's business. */
#ifndef OUTPUT_PROGRESS_H
#define OUTPUT_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *stream;   /* stderr */
    double drawn_s; /* when it was last drawn */
    int drawn;      /* how often */
};

/* `fraction` of all simulated time is done, `elapsed_s` of wall time has passed. */
void progress_show(struct progress *progress, uint32_t runs_done, uint32_t runs, double fraction,
                   uint64_t events, double elapsed_s);
void progress_erase(struct progress *progress);

/* The text alone, for tests: returns `line`. */
char *progress_line(uint32_t runs_done, uint32_t runs, double fraction, uint64_t events, double elapsed_s,
                    char line[128]);

#endif
