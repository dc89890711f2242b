/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hop that is hit hardest, over time: attempts that arrive at one service which only other services call, in
 * attempts per second. Drawn where there is such a service.
 *
 * Of several it is the one with the highest peak load of all strategies, so that all curves are of one place. Where the
 * load of the entrance shows what clients do, this shows what retries at each hop multiply to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output/figure.h"
#include "output/plots.h"

/* A service that clients do not call. */
static bool is_inner(const struct place_result *place)
{
    return result_is_service(place) && !place->entrance;
}

static double peak_of(const struct place_result *place)
{
    const struct metric_result *peak = result_place_metric(place, "peak_load_ratio");
    return peak ? peak->estimate.mean : NAN;
}

/* The path of that service; NULL: clients call every service. */
static const char *hardest_hit(const struct result *result)
{
    const char *path = NULL;
    double most = -1;
    for (size_t s = 0; s < result->strategy_count; s++)
        for (size_t p = 0; p < result->strategies[s].place_count; p++) {
            const struct place_result *place = &result->strategies[s].places[p];
            double peak = is_inner(place) ? peak_of(place) : NAN;
            if (is_inner(place) && (!path || peak > most)) {
                path = place->path;
                most = isnan(peak) ? most : peak;
            }
        }
    return path;
}

static bool applies(const struct result *result) { return hardest_hit(result) != NULL; }

/* What it can do per second as the first drawn bin has it, before faults; NaN where strategies differ. */
static double capacity_of(const struct figure *figure, const char *path)
{
    double capacity = NAN;
    for (size_t i = 0; i < figure->count; i++) {
        double own = series_place_capacity_per_s(figure->result, figure->curves[i].strategy, path, &figure->grid);
        if (i > 0 && own != capacity)
            return NAN;
        capacity = own;
    }
    return capacity;
}

/* A capacity far above all that comes is left out: it would press the curves to the floor. */
static void choose_axis(struct figure *figure)
{
    double most = 0;
    for (size_t i = 0; i < figure->count; i++)
        most = fmax(most, figure->curves[i].order);
    if (figure->level > 3 * most)
        figure->level = NAN;
    most = fmax(most > 0 ? most : 1, figure->level);
    double least = figure->level > 0 ? figure->level / 5 : most / 100;
    figure->y = most < 4 * figure->level || !(figure->level > 0) ? axis_rate(most) : axis_log(least, most, AXIS_RATE);
}

static void draw(struct figure *figure)
{
    const char *path = hardest_hit(figure->result);
    for (size_t i = 0; i < figure->count; i++) {
        struct curve *curve = &figure->curves[i];
        curve->values = series_place(figure->result, curve->strategy, path, COLUMN_ATTEMPTS, &figure->grid);
        curve->order = series_most(&figure->grid, curve->values);
        figure_note_at(figure, curve, path, "attempts_per_request");
    }
    figure->note_name = "";
    figure->level = capacity_of(figure, path);
    snprintf(figure->level_name, sizeof figure->level_name, "capacity");
    choose_axis(figure);
    text_printf(&figure->subtitle,
                "attempts per second that arrive at %s (beside the names: for each request of the clients)",
                path + strlen("services."));
    if (figure->grid.merged > 1)
        text_printf(&figure->subtitle, ", the highest of every %u bins", figure->grid.merged);
}

const struct output_row output_hop = {
    .name = "hop",
    .summary = "load of the inner service that is hit hardest, over time; where services call services",
    .draw = draw,
    .applies = applies,
    .plot = plot_load,
};
