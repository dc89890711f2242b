/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/script.h"

#include <math.h>
#include <stdio.h>

#include "output/gnuplot.h"
#include "output/plots.h"

/* ---- variables ---- */

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
        set_item_number(script, "dash", i, figure->curves[i].dash);
    }
}

static void add_bands(const struct figure *figure, const struct layout *layout, struct text *script)
{
    static const char *const arrays[] = {"fault_from", "fault_to",  "fault_label",
                                         "fault_at",   "fault_row", "fault_right"};
    const struct result *result = figure->result;
    set_number(script, "warmup", layout->warmup_s);
    set_number(script, "warmup_label", layout->warmup_label);
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

/* What is below the axis stands on its floor. */
static void add_value(const struct figure *figure, struct text *script, double value)
{
    if (isnan(value))
        text_add(script, " NaN");
    else
        text_printf(script, " %.7g", fmax(value, figure->y.low));
}

static void add_point(const struct figure *figure, struct text *script, double at_s, double value,
                      double lower)
{
    text_printf(script, "%.9g", at_s);
    add_value(figure, script, value);
    add_value(figure, script, lower);
    text_char(script, '\n');
}

/* The first bin from `bin` on without a value. */
static uint32_t run_end(const struct figure *figure, const double *values, uint32_t bin)
{
    while (bin < figure->grid.bins && !isnan(values[bin]))
        bin++;
    return bin;
}

/* A bin is flat from its start to its end: both are points, so that lines and fills show the same steps. What stands
 * alone between gaps is drawn three pixels wide at least. */
static void add_block(const struct figure *figure, const struct layout *layout, struct text *script,
                      const double *values, const double *lower)
{
    uint32_t end = 0;
    double wider_s = 0;
    for (uint32_t bin = 0; bin < figure->grid.bins; bin++) {
        double from = series_from_s(&figure->grid, bin), to = series_from_s(&figure->grid, bin + 1);
        double low = lower ? lower[bin] : values[bin];
        if (bin >= end && !isnan(values[bin])) {
            end = run_end(figure, values, bin);
            double length_s = series_from_s(&figure->grid, end) - from;
            wider_s = fmax(0, 3 * layout->seconds_a_pixel - length_s) / 2;
            from = fmax(0, from - wider_s);
        }
        add_point(figure, script, from, values[bin], low);
        add_point(figure, script, bin + 1 == end ? to + wider_s : to, values[bin], low);
    }
    text_add(script, "\n\n");
}

static void add_data(const struct figure *figure, const struct layout *layout, struct text *script)
{
    text_add(script, "$data << EOD\n");
    for (size_t i = 0; i < figure->count; i++)
        add_block(figure, layout, script, figure->curves[i].values, figure->curves[i].lower);
    for (size_t i = 0; i < figure->count; i++)
        if (figure->curves[i].ground)
            add_block(figure, layout, script, figure->curves[i].ground, NULL);
    text_add(script, "EOD\n");
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
    set_number(script, "has_ground", figure->curves[0].ground != NULL);
    set_string(script, "ground_name", figure->ground_name ? figure->ground_name : "");
    set_number(script, "has_level", !isnan(figure->level));
    set_number(script, "level", isnan(figure->level) ? 0 : figure->level);
    set_string(script, "level_name", figure->level_name);
}

static void add_layout(const struct figure *figure, const struct layout *layout, struct text *script)
{
    set_number(script, "width", layout->width);
    set_number(script, "height", layout->height);
    set_number(script, "left", layout->left);
    set_number(script, "right", layout->right);
    set_number(script, "top", layout->top);
    set_number(script, "bottom", layout->bottom);
    set_number(script, "columns", layout->columns);
    set_number(script, "rows", layout->rows);
    set_number(script, "x_crowded", layout->crowded);
    set_number(script, "x_high", figure->grid.duration_s);
    set_number(script, "y_low", figure->y.low);
    set_number(script, "y_high", figure->y.high);
    set_number(script, "y_log", figure->y.logarithmic);
    add_tics(script, "x", &layout->time);
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

void script_add(const struct figure *figure, const struct layout *layout, const struct output_row *row,
                enum figure_format format, struct text *script)
{
    bool term = format == FIGURE_TERM;
    add_terminal(format, layout, script);
    add_layout(figure, layout, script);
    add_words(figure, layout, script);
    add_curve_words(figure, layout, script);
    add_bands(figure, layout, script);
    add_data(figure, layout, script);
    add_template(plot_look, script);
    if (!term)
        add_template(plot_style, script);
    add_template(row->plot, script);
    add_template(term ? plot_term : figure->panels ? plot_panels : plot_overlay, script);
}
