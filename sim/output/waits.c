/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/waits.h"

#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "output/layout.h"
#include "output/plots.h"
#include "output/sparkline.h"

/* ---- the table ---- */

static const char *show(double seconds, char text[UNITS_TEXT_SIZE])
{
    return isinf(seconds) ? "no limit" : units_show_duration(seconds, text);
}

static void add_total(const struct waits *waits, struct text *text)
{
    char mean[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
    text_printf(text, "  %s%u %s %s in all", waits->forever ? "the first " : "", waits->retries,
                waits->retries == 1 ? "wait is" : "waits are", units_show_duration(waits->total_mean_s, mean));
    if (isinf(waits->total_most_s))
        text_add(text, " on average, without limit");
    else if (waits->total_most_s > waits->total_mean_s * (1 + 1e-9))
        text_printf(text, " on average, at most %s", show(waits->total_most_s, most));
    text_add(text, waits->stops ? "; then it fails, without another retry\n" : "\n");
}

void waits_table(const struct waits *waits, struct text *text)
{
    char least[UNITS_TEXT_SIZE], mean[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
    text_printf(text, "  %-8s%12s%12s%12s%12s\n", "retry", "min", "mean", "p99", "max");
    for (uint32_t i = 0; i < waits->rows; i++) {
        const struct waits_law *law = &waits->laws[i];
        text_printf(text, "  %-8u%12s%12s%12s%12s\n", i + 1, show(law->least_s, least), show(law->mean_s, mean),
                    show(law->p99_s, high), show(law->most_s, most));
    }
    add_total(waits, text);
    text_printf(text, "  (%u simulated requests%s)\n", waits->requests,
                waits->seen ? " whose attempts time out; min and max are what was seen" : "; min and max are exact");
}

/* ---- blocks ---- */

#define BAR_TOP 0.9 /* of the highest bin, so that a flat law looks flat */

static double greatest(const struct waits_law *law)
{
    double most = 0;
    for (uint32_t bin = 0; bin < law->bins; bin++)
        most = fmax(most, law->density[bin]);
    return most;
}

static void add_special(double share, double at_s, const char *before, struct text *text)
{
    char shown[UNITS_TEXT_SIZE];
    if (share > 0)
        text_printf(text, "%s%.3g %% are %s", before, 100 * share, units_show_duration(at_s, shown));
}

static void add_bar(const struct waits_law *law, bool unicode, struct text *text)
{
    char from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];
    if (law->least_s == law->most_s) {
        text_printf(text, "%12s always", show(law->most_s, to));
        return;
    }
    text_printf(text, "%12s ", show(law->least_s, from));
    sparkline_shares(law->density, law->bins, BAR_TOP * greatest(law), unicode, text);
    text_printf(text, " %s%s", show(isinf(law->most_s) ? law->to_s : law->most_s, to),
                isinf(law->most_s) ? " and more" : "");
    add_special(law->at_least, law->least_s, "; ", text);
    add_special(law->at_most, law->most_s, "; ", text);
}

void waits_bars(const struct waits *waits, bool unicode, struct text *text)
{
    text_add(text, "  how they are spread, each from its least to its greatest:\n");
    for (uint32_t i = 0; i < waits->rows; i++) {
        text_printf(text, "  %-2u", i + 1);
        add_bar(&waits->laws[i], unicode, text);
        text_end_line(text);
    }
}

/* ---- data ---- */

void waits_csv(const struct waits *waits, struct text *text)
{
    text_add(text, "retry,min_s,mean_s,p99_s,max_s\n");
    for (uint32_t i = 0; i < waits->rows; i++) {
        const struct waits_law *law = &waits->laws[i];
        const double numbers[] = {law->least_s, law->mean_s, law->p99_s, isinf(law->most_s) ? NAN : law->most_s};
        text_count(text, i + 1);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            text_char(text, ',');
            text_real(text, numbers[k]);
        }
        text_char(text, '\n');
    }
}

/* ---- the picture ---- */

enum { WIDTH = 800, HEAD = 64, ROW = 46, FOOT = 62, LEFT = 90, RIGHT = 150, STEPS = 8 };
enum { SUBTITLE_ROOM = (WIDTH - 28) * 11 / 9 };

/* Row i stands on y = -i; the highest bin is 0.8 high. */
static void add_shape(const struct waits_law *law, struct text *script)
{
    double width_s = (law->to_s - law->from_s) / fmax(law->bins, 1), most = greatest(law);
    for (uint32_t bin = 0; bin < law->bins; bin++) {
        double height = most > 0 ? 0.8 * law->density[bin] / most : 0;
        text_printf(script, "%.9g %.4g\n%.9g %.4g\n", law->from_s + bin * width_s, height,
                    law->from_s + (bin + 1) * width_s, height);
    }
    if (law->bins == 0)
        text_printf(script, "%.9g 0\n", law->most_s);
    text_add(script, "\n\n");
}

static double end_of(const struct waits *waits)
{
    double end_s = 0;
    for (uint32_t i = 0; i < waits->rows; i++)
        end_s = fmax(end_s, waits->laws[i].to_s);
    return end_s > 0 ? end_s : 1;
}

static void add_share(struct text *script, const char *name, size_t i, double share)
{
    char shown[UNITS_TEXT_SIZE] = "";
    if (share > 0)
        snprintf(shown, sizeof shown, "%.3g %%", 100 * share);
    assign_item_string(script, name, i, shown);
}

static void add_rows(const struct waits *waits, struct text *script)
{
    static const char *const arrays[] = {"mean", "mean_label", "least", "most", "at_least", "at_most"};
    char shown[UNITS_TEXT_SIZE];
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        assign_array(script, arrays[i], waits->rows);
    assign_number(script, "rows", waits->rows);
    for (size_t i = 0; i < waits->rows; i++) {
        const struct waits_law *law = &waits->laws[i];
        assign_item_number(script, "mean", i, law->mean_s);
        assign_item_string(script, "mean_label", i, units_show_duration(law->mean_s, shown));
        assign_item_number(script, "least", i, law->least_s);
        assign_item_number(script, "most", i, isinf(law->most_s) ? law->to_s : law->most_s);
        add_share(script, "at_least", i, law->at_least);
        add_share(script, "at_most", i, law->least_s == law->most_s ? 1 : law->at_most);
    }
}

void waits_script(const struct waits *waits, enum figure_format format, struct text *script)
{
    int height = HEAD + ROW * (int)waits->rows + FOOT;
    double end_s = end_of(waits);
    char shown[LAYOUT_NAME_SIZE];
    struct axis axis = axis_time(end_s, STEPS);
    assign_terminal(script, format, WIDTH, height);
    assign_string(script, "title", waits->title);
    assign_string(script, "subtitle", layout_shorten(waits->backoff, SUBTITLE_ROOM, shown));
    assign_string(script, "legend",
                  "dot: mean    height: relative to the row's highest    bar: so many waits are exactly this");
    assign_number(script, "left", (double)LEFT / WIDTH);
    assign_number(script, "right", 1 - (double)RIGHT / WIDTH);
    assign_number(script, "top", 1 - (double)HEAD / height);
    assign_number(script, "bottom", (double)FOOT / height);
    assign_number(script, "width", WIDTH);
    assign_number(script, "height", height);
    assign_number(script, "x_high", end_s);
    assign_tics(script, "x", &axis);
    add_rows(waits, script);
    text_add(script, "$data << EOD\n");
    for (uint32_t i = 0; i < waits->rows; i++)
        add_shape(&waits->laws[i], script);
    text_add(script, "EOD\n");
    assign_template(script, plot_waits);
}
