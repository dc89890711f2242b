/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/warm_up.h"

#include <math.h>

static double slope(const struct warm_up *warm_up)
{
    return (1 - warm_up->from) / (double)(warm_up->end_ns - warm_up->begin_ns);
}

double warm_up_at(const struct warm_up *warm_up, int64_t time_ns)
{
    if (time_ns >= warm_up->end_ns)
        return 1;
    return warm_up->from + slope(warm_up) * (double)(time_ns - warm_up->begin_ns);
}

double warm_up_worth_ns(const struct warm_up *warm_up, int64_t a_ns, int64_t b_ns)
{
    if (a_ns >= warm_up->end_ns)
        return (double)(b_ns - a_ns);
    int64_t cold_until_ns = b_ns < warm_up->end_ns ? b_ns : warm_up->end_ns;
    double mean = (warm_up_at(warm_up, a_ns) + warm_up_at(warm_up, cold_until_ns)) / 2;
    return (double)(cold_until_ns - a_ns) * mean + (double)(b_ns - cold_until_ns);
}

/* In the cold part: slope / 2 d^2 + m(a) d = worth, solved without cancellation. */
double warm_up_time_ns(const struct warm_up *warm_up, int64_t a_ns, double worth_ns)
{
    if (a_ns >= warm_up->end_ns || worth_ns <= 0)
        return worth_ns;
    double cold_ns = (double)(warm_up->end_ns - a_ns), cold_worth_ns = warm_up_worth_ns(warm_up, a_ns, warm_up->end_ns);
    if (worth_ns >= cold_worth_ns)
        return cold_ns + (worth_ns - cold_worth_ns);
    double m = warm_up_at(warm_up, a_ns);
    return 2 * worth_ns / (m + sqrt(m * m + 2 * slope(warm_up) * worth_ns));
}
