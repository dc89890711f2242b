/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals whose rate is a polyline over time. */
#include "model/arrival/pieces.h"
#include "model/arrival/rows.h"

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

/* How many points lie at or before `ns`. */
static size_t points_until(const struct piecewise *p, int64_t ns)
{
    const struct point *points = p->points.items;
    size_t low = 0, high = p->points.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points[middle].at_ns <= ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct piece piece_at(const void *parameters, int64_t ns)
{
    const struct piecewise *p = parameters;
    const struct point *points = p->points.items;
    size_t count = p->points.count, i = points_until(p, ns);
    if (i == 0)
        return (struct piece){points[0].at_ns, points[0].rate_per_s * 1e-9, 0};
    const struct point *from = &points[i - 1], *to = &points[i];
    if (i == count)
        return (struct piece){INT64_MAX, from->rate_per_s * 1e-9, 0};
    double slope = (to->rate_per_s - from->rate_per_s) * 1e-9 / (double)(to->at_ns - from->at_ns);
    return (struct piece){to->at_ns, from->rate_per_s * 1e-9 + slope * (double)(ns - from->at_ns), slope};
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    return pieces_finish_ns(&(struct rate){.at = piece_at, .parameters = parameters}, from_ns, work, factor);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    return pieces_progress(&(struct rate){.at = piece_at, .parameters = parameters}, from_ns, to_ns, factor);
}

const struct arrival_row arrival_piecewise = {
    .row = {.name = "piecewise", .summary = "independent callers at a rate that follows a polyline over time",
            .formula = "the integral of rate(t) over a gap is exponential with mean 1",
            .source = "Cinlar, Introduction to Stochastic Processes (1975), 4.7", .fields = fields,
            .size = sizeof(struct piecewise), .prepare = prepare},
    .draw_work = pieces_draw_work, .finish_ns = finish_ns, .progress = progress,
};
