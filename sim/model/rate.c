/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/rate.h"

#include <math.h>

static double total(const struct rate_config *rate, double n)
{
    return n * ((const struct rate_row *)rate->choice.row)->speed(rate->choice.parameters, n);
}

double rate_capacity(const struct rate_config *rate, int64_t workers)
{
    const double endless = 1e15;
    const struct rate_row *row = (const struct rate_row *)rate->choice.row;
    double most = workers == INT64_MAX ? INFINITY : (double)workers;
    if (!row->speed || most < 1)
        return most;
    double best = fmin(fmax(row->best(rate->choice.parameters), 1), fmin(most, endless));
    double result = fmax(total(rate, floor(best)), total(rate, fmin(ceil(best), most)));
    return result >= endless ? INFINITY : result;
}
