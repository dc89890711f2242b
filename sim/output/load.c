/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load over time: attempts that arrive at the services which the clients call, in multiples of their
 * capacity.
 *
 * Without a capacity (unlimited workers) it is in attempts per second. Zero stands on the floor of the
 * axis. The number beside a name is the metric: the mean of the replications' own peaks. */
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

/* All but the lowest 2 % of what is not zero should be seen. */
static double low_value(const struct curve *curve, const struct grid *grid)
{
    double *positive = memory_zeroed(grid->bins, sizeof *positive), low = INFINITY;
    size_t count = 0;
    for (uint32_t i = grid->begin; i < grid->bins; i++)
        if (curve->values[i] > 0)
            positive[count++] = curve->values[i];
    qsort(positive, count, sizeof *positive, series_by_value);
    if (count > 0)
        low = positive[count / 50];
    free(positive);
    return low;
}

/* Linear where the values are alike: they fill the picture then. The capacity is always seen. */
static void choose_axis(struct figure *figure, bool relative)
{
    double least = INFINITY, most = 0;
    enum axis_kind kind = relative ? AXIS_TIMES : AXIS_RATE;
    for (size_t i = 0; i < figure->count; i++) {
        least = fmin(least, low_value(&figure->curves[i], &figure->grid));
        most = fmax(most, figure->curves[i].order);
    }
    if (relative) {
        least = fmin(fmax(least, shown_least), 0.97);
        most = fmax(most, 1.03);
    }
    most = most > 0 ? most : 1;
    least = fmax(fmin(least, most), most / 1e4);
    figure->y = most < 4 * least ? axis_linear(least, most, kind) : axis_log(least * 0.85, most, kind);
}

static void draw_curve(struct figure *figure, struct curve *curve, double one)
{
    curve->values = series_load(figure->result, curve->strategy, &figure->grid, MERGE_MOST);
    for (uint32_t bin = 0; bin < figure->grid.bins; bin++)
        curve->values[bin] /= one;
    curve->order = series_most(&figure->grid, curve->values);
    figure_note(figure, curve, "peak_load_ratio");
}

static void draw(struct figure *figure)
{
    char number[UNITS_TEXT_SIZE];
    bool relative = has_capacity(figure);
    double capacity = figure_capacity_per_s(figure);
    for (size_t i = 0; i < figure->count; i++)
        draw_curve(figure, &figure->curves[i],
                   relative ? series_capacity_per_s(figure->curves[i].strategy) : 1);
    choose_axis(figure, relative);
    figure->note_name = "peak";
    text_add(&figure->subtitle, "attempts arriving per second");
    if (figure->count > 0)
        series_name_entrances(figure->curves[0].strategy, "at", &figure->subtitle);
    if (relative) {
        figure->level = 1;
        snprintf(figure->level_name, sizeof figure->level_name, "capacity");
        text_add(&figure->subtitle, " / capacity");
    }
    if (relative && capacity > 0)
        text_printf(&figure->subtitle, " (%s/s)", units_show_number(capacity, number));
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", the highest of every %u bins", figure->grid.merged);
}

const struct output_row output_load = {
    .name = "load",
    .summary = "load over time, in multiples of capacity",
    .draw = draw,
    .plot = plot_load,
};
