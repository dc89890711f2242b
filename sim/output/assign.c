/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/assign.h"

#include <stdio.h>

#include "output/gnuplot.h"

void assign_number(struct text *script, const char *name, double value)
{
    text_printf(script, "%s = %.9g\n", name, value);
}

void assign_string(struct text *script, const char *name, const char *value)
{
    text_printf(script, "%s = ", name);
    gnuplot_quote(script, value);
    text_char(script, '\n');
}

void assign_array(struct text *script, const char *name, size_t count)
{
    text_printf(script, "array %s[%zu]\n", name, count ? count : 1);
}

void assign_item_number(struct text *script, const char *name, size_t index, double value)
{
    text_printf(script, "%s[%zu] = %.9g\n", name, index + 1, value);
}

void assign_item_string(struct text *script, const char *name, size_t index, const char *value)
{
    text_printf(script, "%s[%zu] = ", name, index + 1);
    gnuplot_quote(script, value);
    text_char(script, '\n');
}

void assign_tics(struct text *script, const char *axis, const struct axis *tics)
{
    char at[16], label[16], count[16];
    snprintf(at, sizeof at, "%s_at", axis);
    snprintf(label, sizeof label, "%s_label", axis);
    snprintf(count, sizeof count, "%s_tics", axis);
    assign_array(script, at, (size_t)tics->count);
    assign_array(script, label, (size_t)tics->count);
    assign_number(script, count, tics->count);
    for (int i = 0; i < tics->count; i++) {
        assign_item_number(script, at, (size_t)i, tics->tics[i].at);
        assign_item_string(script, label, (size_t)i, tics->tics[i].label);
    }
}

void assign_terminal(struct text *script, enum figure_format format, int width, int height)
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
    text_printf(script, terminals[format], width, height);
    assign_string(script, "bold", format == FIGURE_SVG ? svg_bold : "DejaVu Sans:Bold");
}

void assign_template(struct text *script, const char *const *lines)
{
    for (; *lines; lines++)
        text_add(script, *lines);
}
