/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/sparkline.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "output/axis.h"
#include "output/series.h"

static const char *const blocks[] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
                                     "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
enum { LEVELS = sizeof blocks / sizeof *blocks };

void sparkline(const double *values, uint32_t count, double low, double high, struct text *text)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!(values[i] > 0)) {
            text_char(text, ' ');
            continue;
        }
        int level = high > low ? (int)(log(values[i] / low) / log(high / low) * LEVELS) : LEVELS / 2;
        text_add(text, blocks[level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level]);
    }
}

void sparkline_shares(const double *values, uint32_t count, double high, bool unicode, struct text *text)
{
    static const char *const characters[LEVELS] = {".", ":", "-", "=", "+", "*", "#", "@"};
    for (uint32_t i = 0; i < count; i++) {
        int level = high > 0 ? (int)(values[i] / high * LEVELS + 0.5) : 0;
        level = level == 0 && values[i] > 0 ? 1 : level;
        text_add(text, level <= 0 ? " " : (unicode ? blocks : characters)[level > LEVELS ? LEVELS - 1 : level - 1]);
    }
}

/* "load of services.api / capacity" */
static void add_what(const struct result *result, bool relative, struct text *label)
{
    text_add(label, "load");
    series_name_entrances(&result->strategies[0], "of", label);
    text_add(label, relative ? " / capacity" : "");
}

static void add_heading(const struct grid *grid, const struct result *result, bool relative, double low, double high,
                        size_t name_columns, struct text *text)
{
    char end[UNITS_TEXT_SIZE], least[AXIS_LABEL_SIZE], most[AXIS_LABEL_SIZE];
    struct text label = text_in_memory();
    units_show_duration(grid->duration_s, end);
    if (series_is_one(grid) && result->replications > 1)
        text_printf(&label, "replication %u: ", grid->first + 1);
    add_what(result, relative, &label);
    text_printf(&label, ", %s %s to %s %s", blocks[0],
                relative ? axis_show_times(low, least) : axis_show_rate(low, least), blocks[LEVELS - 1],
                relative ? axis_show_times(high, most) : axis_show_rate(high, most));
    size_t taken = text_columns(label.bytes) + 1 + text_columns(end);
    text_repeat(text, " ", name_columns + 2);
    text_add(text, label.bytes);
    text_repeat(text, " ", taken < grid->bins ? grid->bins - taken + 1 : 1);
    text_printf(text, "%s\n", end);
    text_free(&label);
}

void output_sparklines(const struct result *result, size_t name_columns, struct text *text)
{
    struct grid grid = series_grid(result, SPARKLINE_COLUMNS);
    double **curves = memory_zeroed(result->strategy_count, sizeof *curves), low = INFINITY, high = 0;
    bool relative = true;
    series_choose_replications(result, false, &grid);
    for (size_t s = 0; s < result->strategy_count; s++)
        relative = relative && result->strategies[s].capacity_per_s > 0;
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        if (strategy->finished == 0)
            continue;
        curves[s] = series_load(result, strategy, &grid, MERGE_MOST);
        for (uint32_t i = 0; i < grid.bins; i++) {
            curves[s][i] /= relative ? strategy->capacity_per_s : 1;
            low = curves[s][i] > 0 ? fmin(low, curves[s][i]) : low;
            high = fmax(high, curves[s][i]);
        }
    }
    low = text_rounded(fmax(low, high / 1e3), 2);
    high = text_rounded(high, 2);
    if (high > 0)
        add_heading(&grid, result, relative, low, high, name_columns, text);
    for (size_t s = 0; s < result->strategy_count; s++) {
        if (!curves[s])
            continue;
        const char *name = result->strategies[s].name;
        text_add(text, name);
        text_repeat(text, " ", name_columns + 2 - text_columns(name));
        sparkline(curves[s], grid.bins, low, high, text);
        text_end_line(text);
        free(curves[s]);
    }
    free(curves);
}
