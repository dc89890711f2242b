/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws of random durations: service, think, latency, gaps between arrivals, timeouts.
 *
 * A law is a row of `law_table` (base/law/table.c) with its parameters. A scalar duration in a scenario is
 * the fixed law. Draws come back in whole nanoseconds, rounded to nearest, never negative. The fixed and
 * the exponential law are drawn inline; the others through their row. */
#ifndef BASE_LAW_H
#define BASE_LAW_H

#include <stdint.h>

#include "base/field.h"
#include "base/stream.h"
#include "base/table.h"

enum law_speed { LAW_FIXED, LAW_EXPONENTIAL, LAW_OTHER };

struct law_row {
    struct row row;
    enum law_speed speed;                                    /* FIXED, EXPONENTIAL: first member is mean_ns */
    double (*draw_ns)(const void *parameters, struct stream *stream);
    double (*mean_ns)(const void *parameters);
    double (*cv2)(const void *parameters);                   /* variance / mean^2; INFINITY: has none */
    double (*quantile_ns)(const void *parameters, double p); /* inverse of the distribution function */
};

struct law {
    struct choice choice;
};

extern const struct table law_table;
extern const struct record law_record;   /* for FIELD_MAP: {law: NAME, ...} or a bare duration */

double law_mean_ns(const struct law *law);
int64_t law_draw_other_ns(const struct law *law, struct stream *stream);

/* For rows without a closed inverse: where a distribution function reaches p, by bisection. 0 for p <= 0,
 * INFINITY for p >= 1. */
double law_bisect_ns(double (*below)(const void *parameters, double ns), const void *parameters, double p);

/* Rounds to whole nanoseconds, 100 years at most, whatever a heavy tail (or infinity) says; ns is not negative. */
static inline int64_t law_round_ns(double ns)
{
    const double longest = 3.15576e18;
    return ns < longest ? (int64_t)(ns + 0.5) : (int64_t)longest;
}

static inline int64_t law_draw_ns(const struct law *law, struct stream *stream, const struct ziggurat *zig)
{
    const struct law_row *row = (const struct law_row *)law->choice.row;
    int64_t mean_ns = *(const int64_t *)law->choice.parameters;
    if (row->speed == LAW_FIXED)
        return mean_ns;
    if (row->speed == LAW_EXPONENTIAL)
        return law_round_ns(stream_exponential(stream, zig) * (double)mean_ns);
    return law_draw_other_ns(law, stream);
}

#endif
