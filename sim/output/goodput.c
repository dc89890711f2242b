/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goodput over time: requests of all clients that succeeded, per second, against what was asked for.
 *
 * The axis fits the goodput, the capacity where it is near, and the usual demand; a burst of demand is cut
 * off, and the subtitle says so. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/figure.h"
#include "output/plots.h"

static void draw_curve(struct figure *figure, struct curve *curve)
{
    const struct grid *grid = &figure->grid;
    curve->values = series_clients(figure->result, curve->strategy, COLUMN_GOOD, grid);
    curve->ground = series_clients(figure->result, curve->strategy, COLUMN_REQUESTS, grid);
    for (uint32_t bin = grid->begin; bin < grid->bins; bin++)
        curve->order += curve->values[bin];
    figure_note(figure, curve, "goodput_per_s");
}

/* Demand is above that in a twentieth of the time. */
static double usual_demand(const struct grid *grid, const double *demand)
{
    uint32_t count = grid->bins - grid->begin;
    double *sorted = memory_zeroed(count, sizeof *sorted);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = demand[grid->begin + i];
    qsort(sorted, count, sizeof *sorted, series_by_value);
    double usual = sorted[(uint32_t)((count - 1) * 0.95)];
    free(sorted);
    return usual;
}

/* The capacity is a line if it can be compared: the goodput is not far above it (as behind a cache), nor far
 * below. */
static double choose_level(struct figure *figure, double most)
{
    double capacity = figure_capacity_per_s(figure);
    if (!(capacity > 0) || most > 1.5 * capacity || capacity > 3 * most)
        return most;
    figure->level = capacity;
    snprintf(figure->level_name, sizeof figure->level_name, "capacity");
    return fmax(most, capacity);
}

static void choose_axis(struct figure *figure)
{
    const struct grid *grid = &figure->grid;
    double most = 0, usual = 0, demand = 0;
    for (size_t i = 0; i < figure->count; i++) {
        most = fmax(most, series_most(grid, figure->curves[i].values));
        usual = fmax(usual, usual_demand(grid, figure->curves[i].ground));
        for (uint32_t bin = 0; bin < grid->bins; bin++)
            demand = fmax(demand, figure->curves[i].ground[bin]);
    }
    most = choose_level(figure, most);
    if (most == 0 || usual < 3 * most)
        most = fmax(most, usual);
    figure->y = axis_rate(most);
    if (demand > figure->y.high) {
        char height[AXIS_LABEL_SIZE];
        text_printf(&figure->subtitle, ", demand cut off (up to %s)", axis_show_rate(demand, height));
    }
}

static void draw(struct figure *figure)
{
    figure->note_name = "mean";
    figure->ground_name = "demand";
    text_add(&figure->subtitle, "requests that succeeded per second");
    for (size_t i = 0; i < figure->count; i++)
        draw_curve(figure, &figure->curves[i]);
    choose_axis(figure);
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", mean of every %u bins", figure->grid.merged);
}

const struct output_row output_goodput = {
    .name = "goodput",
    .summary = "successes per second over time, against demand",
    .draw = draw,
    .plot = plot_goodput,
};
