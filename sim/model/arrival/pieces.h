/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals whose rate is made of straight pieces over time. Work = expected arrivals, so a gap ends where the
 * integral of the rate has grown by an exponential draw (time change of a unit Poisson process; exact, no thinning).
 *
 * A row says which piece holds an instant, and whether the rate repeats itself; what the integral needs follows. The
 * time an arrival takes does not depend on how many pieces or rounds lie behind. */
#ifndef MODEL_ARRIVAL_PIECES_H
#define MODEL_ARRIVAL_PIECES_H

#include "model/arrival.h"

/* One straight piece from an instant on: its end (INT64_MAX for the last), the rate at that instant and the slope, both
 * per ns. */
struct piece {
    int64_t end_ns;
    double rate, slope;
};

/* A rate over time: `at` finds the piece that holds an instant and ends after it. Later it may repeat itself. */
struct rate {
    struct piece (*at)(const void *parameters, int64_t ns);
    const void *parameters;
    int64_t cycle_from_ns, cycle_ns;   /* cycle_ns 0: it does not */
    double cycle_work;                 /* the integral over a cycle */
};

double pieces_draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig);
int64_t pieces_finish_ns(const struct rate *rate, int64_t from_ns, double work, double factor);
double pieces_progress(const struct rate *rate, int64_t from_ns, int64_t to_ns, double factor);

#endif
