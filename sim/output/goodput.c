/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goodput over time: requests of all clients that succeeded, per second, against what was asked for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/figure.h"
#include "output/plots.h"

/* What the clients ask for. Open-loop clients ask every strategy for the same, closed-loop ones do not. */
static void draw_demand(struct figure *figure)
{
    const struct grid *grid = &figure->grid;
    bool same = true;
    for (size_t i = 0; i < figure->count; i++) {
        double *demand = series_clients(figure->result, figure->curves[i].strategy, COLUMN_REQUESTS, grid);
        for (uint32_t bin = 0; figure->ground && bin < grid->bins; bin++) {
            same = same && demand[bin] == figure->ground[bin];
            figure->ground[bin] = fmax(demand[bin], figure->ground[bin]);
        }
        if (figure->ground)
            free(demand);
        else
            figure->ground = demand;
    }
    snprintf(figure->ground_name, sizeof figure->ground_name, same ? "demand" : "largest demand");
}

static void draw(struct figure *figure)
{
    double most = 0;
    draw_demand(figure);
    for (size_t i = 0; i < figure->count; i++) {
        struct curve *curve = &figure->curves[i];
        curve->values = series_clients(figure->result, curve->strategy, COLUMN_GOOD, &figure->grid);
        double sum = 0;
        for (uint32_t bin = 0; bin < figure->grid.bins; bin++)
            sum += curve->values[bin];
        curve->order = sum;
        axis_show_rate(sum / figure->grid.bins, curve->note);
        most = fmax(most, series_most(curve->values, figure->grid.bins));
    }
    most = fmax(most, series_most(figure->ground, figure->grid.bins));
    figure->y = axis_rate(most);
    figure->note_name = "mean";
    text_add(&figure->subtitle, "requests that succeeded per second");
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", mean of every %u bins", figure->grid.merged);
}

const struct output_row output_goodput = {
    .name = "goodput",
    .summary = "successes per second over time, against demand",
    .draw = draw,
    .plot = plot_goodput,
};
