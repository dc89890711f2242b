/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals whose rate is a polyline over time. Work = expected arrivals, so a gap ends where the integral of
 * the rate has grown by an exponential draw (time change of a unit Poisson process; exact, no thinning). */
#include "model/arrival/rows.h"

#include <math.h>

struct point {
    int64_t at_ns;
    double rate_per_s;
};

struct piecewise {
    struct list points;
};

static const struct field point_fields[] = {
    {"at", FIELD_DURATION, offsetof(struct point, at_ns), .help = "time since the start"},
    {"rate", FIELD_RATE, offsetof(struct point, rate_per_s), .min = 0, .max = 1e9, .help = "the rate at that time"},
    {0}};
static const struct record point_record = {"a point", sizeof(struct point), point_fields, NULL, NULL};

static const struct field fields[] = {
    {"points", FIELD_LIST, offsetof(struct piecewise, points), .record = &point_record,
     .help = "(at, rate) pairs; straight lines between them, constant before the first and after the last"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct piecewise *p = parameters;
    const struct point *points = p->points.items;
    bool any = false;
    if (p->points.count == 0)
        return "points: at least one is needed";
    for (size_t i = 0; i < p->points.count; i++) {
        any |= points[i].rate_per_s > 0;
        if (i && points[i].at_ns <= points[i - 1].at_ns)
            return "points: the times must increase";
    }
    return any ? NULL : "points: every rate is 0";
}

static double draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    (void)parameters, (void)state;
    return stream_exponential(stream, zig);
}

/* One straight piece that holds `ns`: its end (INFINITY for the last), the rate at `ns` and the slope, per ns. */
struct piece {
    double end_ns, rate, slope;
};

static struct piece piece_at(const struct piecewise *p, double ns)
{
    const struct point *points = p->points.items;
    size_t count = p->points.count, i = 0;
    while (i < count && (double)points[i].at_ns <= ns)
        i++;
    if (i == 0)
        return (struct piece){(double)points[0].at_ns, points[0].rate_per_s * 1e-9, 0};
    if (i == count)
        return (struct piece){INFINITY, points[count - 1].rate_per_s * 1e-9, 0};
    double from = (double)points[i - 1].at_ns, to = (double)points[i].at_ns;
    double slope = (points[i].rate_per_s - points[i - 1].rate_per_s) * 1e-9 / (to - from);
    return (struct piece){to, points[i - 1].rate_per_s * 1e-9 + slope * (ns - from), slope};
}

/* Time to do `work` from the start of a piece with these values: the root of rate*t + slope*t^2/2 = work. */
static double time_for(struct piece piece, double work)
{
    double root = piece.rate * piece.rate + 2 * piece.slope * work;
    double sum = piece.rate + sqrt(root > 0 ? root : 0);
    return sum > 0 ? 2 * work / sum : INFINITY;
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    double at = (double)from_ns;
    if (factor <= 0)
        return INT64_MAX;
    work /= factor;
    for (;;) {
        struct piece piece = piece_at(parameters, at);
        double span = piece.end_ns - at, all = isinf(span) ? INFINITY : (piece.rate + piece.slope * span / 2) * span;
        if (isinf(span) && piece.rate <= 0)
            return INT64_MAX;
        if (work <= all)
            return law_round_ns(at + time_for(piece, work));
        work -= all;
        at = piece.end_ns;
    }
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    double at = (double)from_ns, to = (double)to_ns, work = 0;
    while (at < to) {
        struct piece piece = piece_at(parameters, at);
        double span = fmin(piece.end_ns, to) - at;
        work += (piece.rate + piece.slope * span / 2) * span;
        at += span;
    }
    return work * factor;
}

const struct arrival_row arrival_piecewise = {
    .row = {.name = "piecewise", .summary = "independent callers at a rate that follows a polyline over time",
            .formula = "the integral of rate(t) over a gap is exponential with mean 1",
            .source = "Cinlar, Introduction to Stochastic Processes (1975), 4.7", .fields = fields,
            .size = sizeof(struct piecewise), .prepare = prepare},
    .draw_work = draw_work, .finish_ns = finish_ns, .progress = progress,
};
