/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/arrival/pieces.h"

#include <math.h>

double pieces_draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    (void)parameters, (void)state;
    return stream_exponential(stream, zig);
}

static double work_of(struct piece piece, double span)
{
    return (piece.rate + piece.slope * span / 2) * span;
}

/* Time to do `work` from the start of a piece: the root of rate t + slope t^2 / 2 = work. */
static double time_for(struct piece piece, double work)
{
    double root = piece.rate * piece.rate + 2 * piece.slope * work;
    double sum = piece.rate + sqrt(root > 0 ? root : 0);
    return sum > 0 ? 2 * work / sum : INFINITY;
}

/* Leaves out whole cycles; INT64_MAX when the work outlasts all time. */
static int64_t skip_cycles(const struct rate *rate, int64_t at_ns, double *work)
{
    if (rate->cycle_ns == 0 || at_ns < rate->cycle_from_ns || *work <= rate->cycle_work)
        return at_ns;
    double cycles = floor(*work / rate->cycle_work), skipped_ns = cycles * (double)rate->cycle_ns;
    *work -= cycles * rate->cycle_work;
    return skipped_ns < 1e18 ? at_ns + (int64_t)skipped_ns : INT64_MAX;
}

int64_t pieces_finish_ns(const struct rate *rate, int64_t from_ns, double work, double factor)
{
    if (factor <= 0)
        return INT64_MAX;
    work /= factor;
    for (int64_t at_ns = skip_cycles(rate, from_ns, &work); at_ns < INT64_MAX;) {
        struct piece piece = rate->at(rate->parameters, at_ns);
        bool last = piece.end_ns == INT64_MAX;
        double all = last ? INFINITY : work_of(piece, (double)(piece.end_ns - at_ns));
        if (last && piece.rate <= 0)
            break;
        if (work <= all)
            return at_ns + law_round_ns(time_for(piece, work));
        work -= all;
        at_ns = skip_cycles(rate, piece.end_ns, &work);
    }
    return INT64_MAX;
}

double pieces_progress(const struct rate *rate, int64_t from_ns, int64_t to_ns, double factor)
{
    double work = 0;
    for (int64_t at_ns = from_ns; at_ns < to_ns;) {
        if (rate->cycle_ns > 0 && at_ns >= rate->cycle_from_ns) {
            int64_t cycles = (to_ns - at_ns) / rate->cycle_ns;
            work += (double)cycles * rate->cycle_work;
            at_ns += cycles * rate->cycle_ns;
        }
        struct piece piece = rate->at(rate->parameters, at_ns);
        int64_t end_ns = piece.end_ns < to_ns ? piece.end_ns : to_ns;
        work += work_of(piece, (double)(end_ns - at_ns));
        at_ns = end_ns;
    }
    return work * factor;
}
