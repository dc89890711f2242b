/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open-loop arrivals: when a population's next request comes.
 *
 * A row draws how much *work* lies before the next arrival (in its own measure), says when that work is done, and how
 * much of it a stretch of time does. So a load spike (factor != 1) can begin in the middle of a gap: the rest of the
 * gap is simply done faster. Rows are pure; the caller keeps the clock. INT64_MAX = never. */
#ifndef MODEL_ARRIVAL_H
#define MODEL_ARRIVAL_H

#include "base/law.h"
#include "base/table.h"

struct arrival_state {
    uint64_t drawn;               /* arrivals drawn so far */
    int64_t clients;              /* size of the population */
    int64_t last_ns;              /* time of the last arrival */
};

struct arrival_row {
    struct row row;
    bool each_once;               /* the n-th arrival is client n's; otherwise each is of a client picked at random */
    double (*draw_work)(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig);
    int64_t (*finish_ns)(const void *parameters, int64_t from_ns, double work, double factor);
    double (*progress)(const void *parameters, int64_t from_ns, int64_t to_ns, double factor);
};

extern const struct table arrival_table;

#endif
