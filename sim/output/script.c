/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/script.h"

#include <math.h>
#include <stdio.h>

#include "output/plots.h"

/* ---- variables ---- */

static void add_curve_words(const struct figure *figure, const struct layout *layout, struct text *script)
{
    static const char *const arrays[] = {"name", "note", "colour", "dash"};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        assign_array(script, arrays[i], figure->count);
    assign_number(script, "curves", (double)figure->count);
    for (size_t i = 0; i < figure->count; i++) {
        const struct curve *curve = &figure->curves[i];
        char shown[LAYOUT_NAME_SIZE];
        assign_item_string(script, "name", i, layout_shorten(curve->strategy->name, layout->name_room, shown));
        assign_item_string(script, "note", i, curve->note);
        assign_item_number(script, "colour", i, curve->colour);
        assign_item_number(script, "dash", i, figure->curves[i].dash);
    }
}

static void add_bands(const struct figure *figure, const struct layout *layout, struct text *script)
{
    static const char *const arrays[] = {"fault_from", "fault_to",  "fault_label",
                                         "fault_at",   "fault_row", "fault_right"};
    const struct result *result = figure->result;
    assign_number(script, "warmup", layout->warmup_s);
    assign_number(script, "warmup_label", layout->warmup_label);
    assign_number(script, "faults", (double)result->fault_count);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        assign_array(script, arrays[i], result->fault_count);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct layout_label *label = &layout->faults[i];
        assign_item_number(script, "fault_from", i, label->from_s);
        assign_item_number(script, "fault_to", i, label->to_s);
        assign_item_string(script, "fault_label", i, label->text);
        assign_item_number(script, "fault_at", i, label->at_s);
        assign_item_number(script, "fault_row", i, label->row);
        assign_item_number(script, "fault_right", i, label->to_the_left);
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
    assign_array(script, "head", LAYOUT_HEAD);
    assign_array(script, "head_at", LAYOUT_HEAD);
    for (size_t i = 0; i < LAYOUT_HEAD; i++) {
        assign_item_string(script, "head", i, layout->head[i]);
        assign_item_number(script, "head_at", i, layout->head_at[i]);
    }
    assign_string(script, "note_name", figure->note_name);
    assign_number(script, "has_ground", figure->curves[0].ground != NULL);
    assign_string(script, "ground_name", figure->ground_name ? figure->ground_name : "");
    assign_number(script, "has_level", !isnan(figure->level));
    assign_number(script, "level", isnan(figure->level) ? 0 : figure->level);
    assign_string(script, "level_name", figure->level_name);
}

static void add_layout(const struct figure *figure, const struct layout *layout, struct text *script)
{
    assign_number(script, "width", layout->width);
    assign_number(script, "height", layout->height);
    assign_number(script, "left", layout->left);
    assign_number(script, "right", layout->right);
    assign_number(script, "top", layout->top);
    assign_number(script, "bottom", layout->bottom);
    assign_number(script, "columns", layout->columns);
    assign_number(script, "rows", layout->rows);
    assign_number(script, "x_crowded", layout->crowded);
    assign_number(script, "x_high", figure->grid.duration_s);
    assign_number(script, "y_low", figure->y.low);
    assign_number(script, "y_high", figure->y.high);
    assign_number(script, "y_log", figure->y.logarithmic);
    assign_tics(script, "x", &layout->time);
    assign_tics(script, "y", &figure->y);
}

void script_add(const struct figure *figure, const struct layout *layout, const struct output_row *row,
                enum figure_format format, struct text *script)
{
    bool term = format == FIGURE_TERM;
    assign_terminal(script, format, layout->width, layout->height);
    add_layout(figure, layout, script);
    add_words(figure, layout, script);
    add_curve_words(figure, layout, script);
    add_bands(figure, layout, script);
    add_data(figure, layout, script);
    assign_template(script, plot_look);
    if (!term)
        assign_template(script, plot_style);
    assign_template(script, row->plot);
    assign_template(script, term ? plot_term : figure->panels ? plot_panels : plot_overlay);
}
