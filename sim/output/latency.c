/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latency over time: from the median to the 99 % quantile of the requests that succeeded, as a band.
 *
 * Per bin the quantiles are medians over the replications. Where nothing succeeded there is a gap. The
 * number beside a name is the metric of the same clients, the 99 % quantile of the whole run: that of all would hold
 * what sessions wait for their connection, which is in no curve. */
#include <math.h>

#include "output/figure.h"
#include "output/plots.h"

static void draw_curve(struct figure *figure, struct curve *curve, const struct place_result *place)
{
    curve->lower = series_latency(figure->result, place, QUANTILE_P50, &figure->grid);
    curve->values = series_latency(figure->result, place, QUANTILE_P99, &figure->grid);
    curve->order = series_most(&figure->grid, curve->values);
    figure_note_at(figure, curve, place ? place->path : "", "latency_p99_s");
}

static void choose_axis(struct figure *figure)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < figure->count; i++)
        for (uint32_t bin = figure->grid.begin; bin < figure->grid.bins; bin++) {
            double lower = figure->curves[i].lower[bin], upper = figure->curves[i].values[bin];
            if (lower > 0)
                least = fmin(least, lower);
            if (upper > 0)
                most = fmax(most, upper);
        }
    if (most == 0)
        least = 0.01, most = 1;
    least = fmax(fmin(least, most / 3), most / 1e6);
    figure->y = axis_log(least * 0.85, most, AXIS_SECONDS);
}

static void draw(struct figure *figure)
{
    const struct place_result *place = NULL;
    size_t populations = 0;
    for (size_t i = 0; i < figure->count; i++) {
        struct curve *curve = &figure->curves[i];
        place = series_population(figure->result, curve->strategy);
        draw_curve(figure, curve, place);
    }
    const struct strategy_result *last = figure->curves[figure->count - 1].strategy;
    for (size_t p = 0; p < last->place_count; p++)
        populations += last->places[p].kind == PLACE_CALLER;
    choose_axis(figure);
    figure->note_name = "p99";
    text_printf(&figure->subtitle, "latency of successes, median to 99 %% quantile");
    if (populations > 1 && place)
        text_printf(&figure->subtitle, ", of %s", place->path);
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", the highest of every %u bins", figure->grid.merged);
}

const struct output_row output_latency = {
    .name = "latency",
    .summary = "p50 to p99 latency over time",
    .draw = draw,
    .medians = true,
    .plot = plot_latency,
};
