/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "output/gnuplot.h"
#include "output/layout.h"
#include "output/plots.h"

/* ---- curves ---- */

static unsigned colour_of(const struct result *result, const struct strategy_result *strategy)
{
    static const unsigned okabe_ito[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7,
                                         0xE69F00, 0x56B4E9, 0x000000};
    size_t place = 0;
    for (size_t i = 0; i < result->strategy_count; i++)
        place += strcmp(result->strategies[i].name, strategy->name) < 0;
    return okabe_ito[place % (sizeof okabe_ito / sizeof *okabe_ito)];
}

static void gather(struct figure *figure, const struct result *result)
{
    figure->curves = memory_zeroed(result->strategy_count, sizeof *figure->curves);
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        if (strategy->finished > 0)
            figure->curves[figure->count++] =
                (struct curve){.strategy = strategy, .colour = colour_of(result, strategy)};
    }
}

static int larger_first(const void *a, const void *b)
{
    const struct curve *left = a, *right = b;
    if (left->order != right->order)
        return left->order > right->order || isnan(right->order) ? -1 : 1;
    return strcmp(left->strategy->name, right->strategy->name);
}

/* Where a value stands in the plot, from 0 to 1. */
static double height_of(const struct axis *y, double value)
{
    if (!y->logarithmic)
        return (value - y->low) / (y->high - y->low);
    return value > y->low ? log(value / y->low) / log(y->high / y->low) : isnan(value) ? NAN : 0;
}

/* Within the width of a line, most of the time that they are not both on the floor. */
static bool coincide(const struct figure *figure, const struct curve *a, const struct curve *b)
{
    uint32_t close = 0, defined = 0;
    for (uint32_t bin = 0; bin < figure->grid.bins; bin++) {
        double one = height_of(&figure->y, a->values[bin]), other = height_of(&figure->y, b->values[bin]);
        bool counts = !isnan(one) && !isnan(other) && one + other > 0;
        close += counts && fabs(one - other) < 0.006;
        defined += counts;
    }
    return defined > 0 && close > 0.6 * defined;
}

/* A curve that would hide another is dashed. */
static int dash_of(const struct figure *figure, size_t index)
{
    int hidden = 0;
    for (size_t i = 0; i < index; i++)
        hidden += coincide(figure, &figure->curves[i], &figure->curves[index]);
    return hidden > 2 ? 3 : hidden + 1;
}

static void release(struct figure *figure)
{
    for (size_t i = 0; i < figure->count; i++) {
        free(figure->curves[i].values);
        free(figure->curves[i].lower);
    }
    free(figure->curves);
    free(figure->ground);
    text_free(&figure->subtitle);
}

/* ---- writing gnuplot ---- */

static void set_number(struct text *script, const char *name, double value)
{
    text_printf(script, "%s = %.9g\n", name, value);
}

static void set_string(struct text *script, const char *name, const char *value)
{
    text_printf(script, "%s = ", name);
    gnuplot_quote(script, value);
    text_char(script, '\n');
}

static void start_array(struct text *script, const char *name, size_t count)
{
    text_printf(script, "array %s[%zu]\n", name, count ? count : 1);
}

static void set_item_number(struct text *script, const char *name, size_t index, double value)
{
    text_printf(script, "%s[%zu] = %.9g\n", name, index + 1, value);
}

static void set_item_string(struct text *script, const char *name, size_t index, const char *value)
{
    text_printf(script, "%s[%zu] = ", name, index + 1);
    gnuplot_quote(script, value);
    text_char(script, '\n');
}

static void add_tics(struct text *script, const char *axis, const struct axis *tics)
{
    char at[16], label[16], count[16];
    snprintf(at, sizeof at, "%s_at", axis);
    snprintf(label, sizeof label, "%s_label", axis);
    snprintf(count, sizeof count, "%s_tics", axis);
    start_array(script, at, (size_t)tics->count);
    start_array(script, label, (size_t)tics->count);
    set_number(script, count, tics->count);
    for (int i = 0; i < tics->count; i++) {
        set_item_number(script, at, (size_t)i, tics->tics[i].at);
        set_item_string(script, label, (size_t)i, tics->tics[i].label);
    }
}

static void add_curve_words(const struct figure *figure, const struct layout *layout, struct text *script)
{
    static const char *const arrays[] = {"name", "note", "colour", "dash"};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        start_array(script, arrays[i], figure->count);
    set_number(script, "curves", (double)figure->count);
    for (size_t i = 0; i < figure->count; i++) {
        const struct curve *curve = &figure->curves[i];
        char shown[LAYOUT_NAME_SIZE];
        set_item_string(script, "name", i, layout_shorten(curve->strategy->name, layout->name_room, shown));
        set_item_string(script, "note", i, curve->note);
        set_item_number(script, "colour", i, curve->colour);
        set_item_number(script, "dash", i, dash_of(figure, i));
    }
}

static void add_faults(const struct figure *figure, const struct layout *layout, struct text *script)
{
    static const char *const arrays[] = {"fault_from", "fault_to",  "fault_label",
                                         "fault_at",   "fault_row", "fault_right"};
    const struct result *result = figure->result;
    set_number(script, "faults", (double)result->fault_count);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        start_array(script, arrays[i], result->fault_count);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct layout_label *label = &layout->faults[i];
        set_item_number(script, "fault_from", i, label->from_s);
        set_item_number(script, "fault_to", i, label->to_s);
        set_item_string(script, "fault_label", i, label->text);
        set_item_number(script, "fault_at", i, label->at_s);
        set_item_number(script, "fault_row", i, label->row);
        set_item_number(script, "fault_right", i, label->to_the_left);
    }
}

/* ---- data ---- */

static void add_value(const struct figure *figure, struct text *script, double value)
{
    if (isnan(value))
        text_add(script, " NaN");
    else
        text_printf(script, " %.7g", figure->y.logarithmic && value < figure->y.low ? figure->y.low : value);
}

static void add_point(const struct figure *figure, struct text *script, double at_s, double value,
                      double lower)
{
    text_printf(script, "%.9g", at_s);
    add_value(figure, script, value);
    add_value(figure, script, lower);
    text_char(script, '\n');
}

/* A bin is flat from its start to its end: both are points, so that lines and fills show the same steps. */
static void add_block(const struct figure *figure, struct text *script, const double *values,
                      const double *lower)
{
    for (uint32_t bin = 0; bin < figure->grid.bins; bin++) {
        double from = series_from_s(&figure->grid, bin), to = series_from_s(&figure->grid, bin + 1);
        double low = lower ? lower[bin] : values[bin];
        add_point(figure, script, from, values[bin], low);
        add_point(figure, script, to, values[bin], low);
    }
    text_add(script, "\n\n");
}

static void add_data(const struct figure *figure, struct text *script)
{
    text_add(script, "$data << EOD\n");
    for (size_t i = 0; i < figure->count; i++)
        add_block(figure, script, figure->curves[i].values, figure->curves[i].lower);
    if (figure->ground)
        add_block(figure, script, figure->ground, NULL);
    text_add(script, "EOD\n");
}

/* ---- words ---- */

static void finish_subtitle(struct figure *figure, bool panels)
{
    const struct result *result = figure->result;
    struct text *subtitle = &figure->subtitle;
    char bin[UNITS_TEXT_SIZE];
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < figure->count; i++)
        if (figure->curves[i].strategy->finished < least)
            least = figure->curves[i].strategy->finished;
    if (least == 1)
        text_add(subtitle, "; one replication");
    else
        text_printf(subtitle, "; %u replications", least);
    text_printf(subtitle, ", bin %s, seed %llu", units_show_duration(text_rounded(result->bin_s, 9), bin),
                (unsigned long long)result->stamp.seed);
    if (!panels)
        return;
    if (!isnan(figure->level))
        text_printf(subtitle, "; dashed: %s", figure->level_name);
    if (figure->ground)
        text_printf(subtitle, "; grey: %s", figure->ground_name);
    for (size_t i = 0; i < result->fault_count; i++)
        text_printf(subtitle, "%s%s", i ? ", " : "; shaded: ", result->faults[i].label);
}

static void add_words(const struct figure *figure, const struct layout *layout, struct text *script)
{
    start_array(script, "head", LAYOUT_HEAD);
    start_array(script, "head_at", LAYOUT_HEAD);
    for (size_t i = 0; i < LAYOUT_HEAD; i++) {
        set_item_string(script, "head", i, layout->head[i]);
        set_item_number(script, "head_at", i, layout->head_at[i]);
    }
    set_string(script, "note_name", figure->note_name);
    set_number(script, "has_ground", figure->ground != NULL);
    set_string(script, "ground_name", figure->ground_name);
    set_number(script, "has_level", !isnan(figure->level));
    set_number(script, "level", isnan(figure->level) ? 0 : figure->level);
    set_string(script, "level_name", figure->level_name);
}

static void add_layout(const struct figure *figure, const struct layout *layout, struct text *script)
{
    struct axis time = axis_time(figure->grid.duration_s, layout->time_steps);
    set_number(script, "width", layout->width);
    set_number(script, "height", layout->height);
    set_number(script, "left", layout->left);
    set_number(script, "right", layout->right);
    set_number(script, "top", layout->top);
    set_number(script, "bottom", layout->bottom);
    set_number(script, "columns", layout->columns);
    set_number(script, "rows", layout->rows);
    set_number(script, "x_high", figure->grid.duration_s);
    set_number(script, "y_low", figure->y.low);
    set_number(script, "y_high", figure->y.high);
    set_number(script, "y_log", figure->y.logarithmic);
    add_tics(script, "x", &time);
    add_tics(script, "y", &figure->y);
}

static void add_terminal(enum figure_format format, const struct layout *layout, struct text *script)
{
    static const char *const terminals[] = {
        [FIGURE_SVG] =
            "set terminal svg noenhanced size %d,%d font 'DejaVu Sans,sans-serif,11' background '#ffffff'\n",
        [FIGURE_PNG] =
            "set terminal pngcairo noenhanced size %d,%d font 'DejaVu Sans,11' background '#ffffff'\n",
        [FIGURE_TERM] = "set terminal dumb noenhanced size %d,%d\n"};
    /* The svg terminal knows no ":Bold", but copies a family into the attribute as it is. */
    static const char svg_bold[] = "sans-serif\" font-weight=\"bold";
    text_add(script, "set encoding utf8\n");
    text_printf(script, terminals[format], layout->width, layout->height);
    set_string(script, "bold", format == FIGURE_SVG ? svg_bold : "DejaVu Sans:Bold");
}

static void add_template(const char *const *lines, struct text *script)
{
    for (; *lines; lines++)
        text_add(script, *lines);
}

static size_t overlaid(const struct figure *figure)
{
    return figure->curves[0].lower ? FIGURE_BANDS : FIGURE_LINES;
}

static void add_figure(struct figure *figure, const struct output_row *row, enum figure_format format,
                       struct text *script)
{
    bool term = format == FIGURE_TERM, panels = !term && figure->count > overlaid(figure);
    if (panels)
        axis_thin(&figure->y, 6);
    else
        qsort(figure->curves, figure->count, sizeof *figure->curves, larger_first);
    finish_subtitle(figure, panels);
    struct layout *layout = layout_of(figure, term, panels);
    add_terminal(format, layout, script);
    add_layout(figure, layout, script);
    add_words(figure, layout, script);
    add_curve_words(figure, layout, script);
    add_faults(figure, layout, script);
    add_data(figure, script);
    if (!term)
        add_template(plot_style, script);
    add_template(row->plot, script);
    add_template(term ? plot_term : panels ? plot_panels : plot_overlay, script);
    layout_free(layout);
}

bool figure_script(const struct result *result, const struct output_row *row, enum figure_format format,
                   struct text *script)
{
    uint32_t most = format == FIGURE_TERM ? 80 : DRAWN_MOST;
    struct figure figure = {
        .result = result, .grid = series_grid(result, most), .level = NAN, .subtitle = text_in_memory()};
    gather(&figure, result);
    bool drawable = figure.count > 0 && figure.grid.bins > 0;
    if (drawable) {
        row->draw(&figure);
        add_figure(&figure, row, format, script);
    }
    release(&figure);
    return drawable;
}
