/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output/text.h"

enum { JSON_DIGITS = 15 };

static double mean_of(const struct strategy_result *strategy, const char *name)
{
    const struct metric_result *metric = result_metric(strategy, name);
    return metric ? text_rounded(metric->estimate.mean, JSON_DIGITS) : NAN;
}

/* The largest value, whose unit the others share unless they would vanish in it; NaN: they do not. */
static double like_of(const struct result *result, const char *name)
{
    double least = INFINITY, most = 0;
    for (size_t s = 0; s < result->strategy_count; s++) {
        double value = fabs(mean_of(&result->strategies[s], name));
        if (value > 0) {
            least = fmin(least, value);
            most = fmax(most, value);
        }
    }
    return least * 1000 >= most ? most : NAN;
}

static bool has_interval(const struct result *result, const char *name)
{
    return strcmp(name, result->headline) == 0 || strcmp(name, "recovery_s") == 0;
}

struct unit_cell value_cell(const struct result *result, const struct strategy_result *strategy,
                            const char *name)
{
    const struct metric_result *metric = result_metric(strategy, name);
    if (!metric)
        return (struct unit_cell){.whole = "-"};
    double mean = mean_of(strategy, name), half = NAN, like = like_of(result, name);
    struct estimate estimate = {.mean = mean,
                                .low = text_rounded(metric->estimate.low, JSON_DIGITS),
                                .high = text_rounded(metric->estimate.high, JSON_DIGITS)};
    if (has_interval(result, name))
        half = unit_half(metric->info->unit, &estimate);
    return unit_cell_like(metric->info->unit, mean, half, isnan(like) ? mean : like);
}

char *value_show(const struct result *result, const struct strategy_result *strategy, const char *name,
                 char shown[UNIT_SHOWN_SIZE])
{
    *shown = '\0';
    if (isnan(mean_of(strategy, name)))
        return shown;
    struct unit_cell cell = value_cell(result, strategy, name);
    snprintf(shown, UNIT_SHOWN_SIZE, "%s%s%s", cell.whole, cell.fraction, cell.suffix);
    return shown;
}
