/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load over time: attempts that arrive at the services which the clients call, in multiples of their
 * capacity.
 *
 * Without a capacity (unlimited workers) it is in attempts per second. Zero stands on the floor of the
 * axis. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "output/figure.h"
#include "output/plots.h"

/* Below that part of the capacity nobody looks. */
static const double shown_least = 0.0125;

static bool has_capacity(const struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++)
        if (!(series_capacity_per_s(figure->curves[i].strategy) > 0))
            return false;
    return true;
}

static bool same_capacity(const struct figure *figure)
{
    double first = series_capacity_per_s(figure->curves[0].strategy);
    for (size_t i = 1; i < figure->count; i++)
        if (series_capacity_per_s(figure->curves[i].strategy) != first)
            return false;
    return true;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* All but the lowest 2 % of what is not zero should be seen. */
static double low_value(const struct curve *curve, uint32_t bins)
{
    double *positive = memory_zeroed(bins, sizeof *positive), low = INFINITY;
    size_t count = 0;
    for (uint32_t i = 0; i < bins; i++)
        if (curve->values[i] > 0)
            positive[count++] = curve->values[i];
    qsort(positive, count, sizeof *positive, compare);
    if (count > 0)
        low = positive[count / 50];
    free(positive);
    return low;
}

static void choose_axis(struct figure *figure, bool relative)
{
    double least = INFINITY, most = relative ? 1.2 : 1;
    for (size_t i = 0; i < figure->count; i++) {
        least = fmin(least, low_value(&figure->curves[i], figure->grid.bins));
        most = fmax(most, figure->curves[i].order);
    }
    if (relative)
        least = fmin(fmax(least, shown_least), 0.9);
    least = fmax(fmin(least, most / 3), most / 1e4);
    figure->y = axis_log(least * 0.8, most, relative ? axis_show_times : axis_show_rate);
}

static void draw(struct figure *figure)
{
    char number[UNITS_TEXT_SIZE];
    bool relative = has_capacity(figure);
    for (size_t i = 0; i < figure->count; i++) {
        struct curve *curve = &figure->curves[i];
        double one = relative ? series_capacity_per_s(curve->strategy) : 1;
        curve->values = series_load(figure->result, curve->strategy, &figure->grid, MERGE_MOST);
        for (uint32_t bin = 0; bin < figure->grid.bins; bin++)
            curve->values[bin] /= one;
        curve->order = series_most(curve->values, figure->grid.bins);
        int decimals = curve->order < 0.995 ? 2 : curve->order < 9.95 ? 1 : 0;
        if (relative)
            snprintf(curve->note, sizeof curve->note, "%.*f\xc3\x97", decimals, curve->order);
        else
            axis_show_rate(curve->order, curve->note);
    }
    choose_axis(figure, relative);
    figure->note_name = "peak";
    text_add(&figure->subtitle, "attempts arriving per second");
    if (relative) {
        figure->level = 1;
        snprintf(figure->level_name, sizeof figure->level_name, "capacity");
        text_add(&figure->subtitle, " / capacity");
        if (same_capacity(figure))
            text_printf(&figure->subtitle, " (%s/s)",
                        units_show_number(series_capacity_per_s(figure->curves[0].strategy), number));
    }
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", the highest of every %u bins", figure->grid.merged);
}

const struct output_row output_load = {
    .name = "load",
    .summary = "load over time, in multiples of capacity",
    .draw = draw,
    .plot = plot_load,
};
