/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "output/layout.h"
#include "output/script.h"
#include "output/value.h"

enum { METRIC_PATH_SIZE = 256 };

/* ---- curves ---- */

/* The first seven are those of Okabe and Ito; the others are far from them and from each other. */
static unsigned colour_of(const struct result *result, const struct strategy_result *strategy)
{
    static const unsigned colours[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9,
                                       0x000000, 0x332EC8, 0x66B800, 0xE040E0, 0x5A0A6E, 0xC4002E};
    size_t place = 0;
    for (size_t i = 0; i < result->strategy_count; i++)
        place += strcmp(result->strategies[i].name, strategy->name) < 0;
    return colours[place % (sizeof colours / sizeof *colours)];
}

static void gather(struct figure *figure, const struct result *result)
{
    figure->curves = memory_zeroed(result->strategy_count, sizeof *figure->curves);
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        if (strategy->finished > 0)
            figure->curves[figure->count++] =
                (struct curve){.strategy = strategy, .colour = colour_of(result, strategy), .dash = 1};
    }
}

static int larger_first(const void *a, const void *b)
{
    const struct curve *left = a, *right = b;
    if (left->order != right->order)
        return left->order > right->order || isnan(right->order) ? -1 : 1;
    return strcmp(left->strategy->name, right->strategy->name);
}

void figure_note(const struct figure *figure, struct curve *curve, const char *metric)
{
    char shown[UNIT_SHOWN_SIZE];
    value_show(figure->result, curve->strategy, metric, shown);
    size_t length = strlen(shown);
    bool times = length > 0 && shown[length - 1] == 'x';
    snprintf(curve->note, sizeof curve->note, "%.*s%s", (int)(length - times), shown, times ? "\xc3\x97" : "");
}

void figure_note_at(const struct figure *figure, struct curve *curve, const char *path, const char *metric)
{
    char there[METRIC_PATH_SIZE];
    snprintf(there, sizeof there, "%s.%s", path, metric);
    figure_note(figure, curve, result_metric(curve->strategy, there) ? there : metric);
}

double figure_capacity_per_s(const struct figure *figure)
{
    double first = series_capacity_per_s(figure->curves[0].strategy);
    for (size_t i = 1; i < figure->count; i++)
        if (series_capacity_per_s(figure->curves[i].strategy) != first)
            return NAN;
    return first > 0 ? first : NAN;
}

static void release(struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++) {
        free(figure->curves[i].values);
        free(figure->curves[i].lower);
        free(figure->curves[i].ground);
    }
    free(figure->curves);
    text_free(&figure->subtitle);
}

/* ---- which curves get in each other's way ---- */

/* Where a value stands in the plot, from 0 to 1. */
static double height_of(const struct axis *y, double value)
{
    if (!y->logarithmic)
        return value > y->low || isnan(value) ? (value - y->low) / (y->high - y->low) : 0;
    return value > y->low ? log(value / y->low) / log(y->high / y->low) : isnan(value) ? NAN : 0;
}

/* The part of the time in which two curves are less than so much of the plot's height apart, of the time
 * in which they are not both on the floor. */
static double closeness(const struct figure *figure, const struct curve *a, const struct curve *b,
                        double apart)
{
    uint32_t close = 0, defined = 0;
    for (uint32_t bin = 0; bin < figure->grid.bins; bin++) {
        double one = height_of(&figure->y, a->values[bin]), other = height_of(&figure->y, b->values[bin]);
        bool counts = !isnan(one) && !isnan(other) && one + other > 0;
        close += counts && fabs(one - other) < apart;
        defined += counts;
    }
    return defined > 0 ? (double)close / defined : 0;
}

/* A curve that would hide another, most of the time and within the width of a line, is dashed. */
static void choose_dashes(struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++) {
        int hidden = 0;
        for (size_t j = 0; j < i; j++)
            hidden += closeness(figure, &figure->curves[j], &figure->curves[i], 0.006) > 0.8;
        figure->curves[i].dash = hidden > 2 ? 3 : hidden + 1;
    }
}

static bool is_crowded(const struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++)
        for (size_t j = 0; figure->count >= FIGURE_CROWD && j < i; j++)
            if (closeness(figure, &figure->curves[j], &figure->curves[i], 0.03) > 0.3)
                return true;
    return false;
}

static bool grounds_differ(const struct figure *figure)
{
    size_t bytes = figure->grid.bins * sizeof(double);
    for (size_t i = 1; i < figure->count; i++)
        if (figure->curves[i].ground && memcmp(figure->curves[i].ground, figure->curves[0].ground, bytes) != 0)
            return true;
    return false;
}

static bool needs_panels(const struct figure *figure)
{
    size_t most = figure->curves[0].lower ? FIGURE_BANDS : FIGURE_LINES;
    return figure->count > most || grounds_differ(figure) || is_crowded(figure);
}

/* ---- words ---- */

static void say_replications(struct figure *figure, bool medians)
{
    const char *average = medians ? "median" : "mean";
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < figure->count; i++) {
        uint32_t finished = figure->curves[i].strategy->finished;
        least = finished < least ? finished : least;
        most = finished > most ? finished : most;
    }
    if (most == 1)
        text_add(&figure->subtitle, "; one replication");
    else if (series_is_one(&figure->grid))
        text_printf(&figure->subtitle, "; replication %u of %u", figure->grid.first + 1,
                    figure->result->replications);
    else if (least < most)
        text_printf(&figure->subtitle, "; %s of %u to %u replications", average, least, most);
    else
        text_printf(&figure->subtitle, "; %s of %u replications", average, least);
}

/* "; shaded: a, b": the faults of one look. In a plot of its own a fault that can be seen has its label. */
static void say_faults(struct figure *figure, const struct layout *layout, enum layout_look look)
{
    static const char *const words[] = {
        [LAYOUT_SHADED] = "shaded", [LAYOUT_LINE] = "line", [LAYOUT_UNSEEN] = "fault too short to see"};
    bool any = false;
    for (size_t i = 0; i < figure->result->fault_count; i++) {
        const struct fault_result *fault = &figure->result->faults[i];
        if (layout_look(layout, fault) != look || (look != LAYOUT_UNSEEN && !figure->panels))
            continue;
        text_printf(&figure->subtitle, any ? ", %s" : "; %s: ", any ? fault->label : words[look]);
        text_add(&figure->subtitle, any ? "" : fault->label);
        any = true;
    }
}

static bool has_zeros(const struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++)
        for (uint32_t bin = 0; bin < figure->grid.bins; bin++) {
            const struct curve *curve = &figure->curves[i];
            if (curve->values[bin] == 0 || (curve->lower && curve->lower[bin] == 0))
                return true;
        }
    return false;
}

static void finish_subtitle(struct figure *figure, const struct layout *layout, bool medians)
{
    const struct result *result = figure->result;
    struct text *subtitle = &figure->subtitle;
    char length[UNITS_TEXT_SIZE];
    say_replications(figure, medians);
    text_printf(subtitle, ", bin %s, seed %llu",
                units_show_duration(text_rounded(result->bin_s, 9), length),
                (unsigned long long)result->stamp.seed);
    if (figure->panels && !isnan(figure->level))
        text_printf(subtitle, "; dashed: %s", figure->level_name);
    if (figure->panels && figure->curves[0].ground)
        text_printf(subtitle, "; grey: %s", figure->ground_name);
    if (figure->grid.warmup_s > 0 && !layout->warmup_label)
        text_printf(subtitle, "; warm-up%s: the first %s",
                    figure->grid.warmup_s >= 2 * layout->seconds_a_pixel ? " shaded grey" : "",
                    units_show_duration(figure->grid.warmup_s, length));
    for (int look = LAYOUT_SHADED; look <= LAYOUT_UNSEEN; look++)
        say_faults(figure, layout, (enum layout_look)look);
    if (figure->y.low > 0 && has_zeros(figure))
        text_add(subtitle, "; 0 at the bottom");
}

/* ---- the whole ---- */

static void add_figure(struct figure *figure, const struct output_row *row, enum figure_format format,
                       struct text *script)
{
    bool term = format == FIGURE_TERM;
    figure->panels = !term && needs_panels(figure);
    if (figure->panels) {
        axis_thin(&figure->y, 6);
    } else {
        qsort(figure->curves, figure->count, sizeof *figure->curves, larger_first);
        choose_dashes(figure);
    }
    struct layout *layout = layout_across(figure, term);
    finish_subtitle(figure, layout, row->medians);
    layout_down(figure, layout, term);
    script_add(figure, layout, row, format, script);
    layout_free(layout);
}

bool figure_script(const struct result *result, const struct output_row *row, enum figure_format format,
                   struct text *script)
{
    uint32_t most = format == FIGURE_TERM ? 80 : DRAWN_MOST;
    if (row->applies && !row->applies(result))
        return false;
    struct figure figure = {.result = result,
                            .grid = series_grid(result, most),
                            .level = NAN,
                            .subtitle = text_in_memory()};
    series_choose_replications(result, row->medians, &figure.grid);
    gather(&figure, result);
    bool drawable = figure.count > 0 && figure.grid.bins > 0;
    if (drawable) {
        row->draw(&figure);
        add_figure(&figure, row, format, script);
    }
    release(&figure);
    return drawable;
}
