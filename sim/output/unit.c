/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *unit_name(enum unit unit)
{
    static const char *const names[] = {[UNIT_NUMBER] = "number",
                                        [UNIT_SECONDS] = "s",
                                        [UNIT_PER_SECOND] = "1/s",
                                        [UNIT_RATIO] = "ratio",
                                        [UNIT_TIMES] = "times"};
    return names[unit];
}

struct scale {
    double from, size;
    const char *suffix;
};

static const struct scale *scale_of(enum unit unit, double value)
{
    static const struct scale seconds[] = {{0, 1e-6, " us"},   {1e-3, 1e-3, " ms"}, {1, 1, " s"},
                                           {6000, 60, " min"}, {2e4, 3600, " h"},   {INFINITY, 1, ""}};
    static const struct scale rates[] = {
        {0, 1, "/s"}, {1e5, 1e3, " k/s"}, {1e8, 1e6, " M/s"}, {INFINITY, 1, ""}};
    static const struct scale numbers[] = {{0, 1, ""}, {1e5, 1e3, " k"}, {1e8, 1e6, " M"}, {INFINITY, 1, ""}};
    static const struct scale ratios[] = {{0, 0.01, " %"}, {INFINITY, 1, ""}};
    static const struct scale times[] = {{0, 1, "x"}, {INFINITY, 1, ""}};
    static const struct scale *const scales[] = {[UNIT_NUMBER] = numbers,
                                                 [UNIT_SECONDS] = seconds,
                                                 [UNIT_PER_SECOND] = rates,
                                                 [UNIT_RATIO] = ratios,
                                                 [UNIT_TIMES] = times};
    static const struct scale zero_seconds = {0, 1, " s"};
    if (unit == UNIT_SECONDS && value == 0)
        return &zero_seconds;
    const struct scale *scale = scales[unit];
    while (fabs(value) >= scale[1].from)
        scale++;
    return scale;
}

/* The power of ten of the first digit, after rounding to so many digits: 0.0996 to two digits is 1.0e-1. */
static int magnitude(double value, int digits)
{
    char shown[40];
    snprintf(shown, sizeof shown, "%.*e", digits - 1, value);
    return atoi(strchr(shown, 'e') + 1);
}

/* Digits behind the point. */
static int decimals_for(enum unit unit, double value, double half)
{
    int decimals = 2 - (value != 0 ? magnitude(value, 3) : 2);
    if (half > 0) {
        int power = magnitude(half, 1);
        decimals = half / pow(10, power) < 1.5 ? 1 - power : -power;
    } else if (value == floor(value) && (unit == UNIT_NUMBER || (unit == UNIT_RATIO && value == 100))) {
        return 0;
    }
    return decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
}

struct unit_cell unit_cell_like(enum unit unit, double value, double half, double like)
{
    struct unit_cell cell = {.whole = "-"};
    if (isnan(value))
        return cell;
    const struct scale *scale = scale_of(unit, like);
    double scaled = value / scale->size;
    double scaled_half = half > fabs(value) * 1e-4 && isfinite(half) ? half / scale->size : 0;
    int decimals = decimals_for(unit, scaled, scaled_half);
    snprintf(cell.whole, sizeof cell.whole, "%.*f", decimals, scaled);
    char *point = strchr(cell.whole, '.');
    if (point) {
        snprintf(cell.fraction, sizeof cell.fraction, "%s", point);
        *point = '\0';
    }
    if (scaled_half > 0)
        snprintf(cell.half, sizeof cell.half, "%.*f", decimals, scaled_half);
    snprintf(cell.suffix, sizeof cell.suffix, "%s", scale->suffix);
    return cell;
}

double unit_half(enum unit unit, const struct estimate *estimate)
{
    double half = (estimate->high - estimate->low) / 2, mean = estimate->mean;
    bool within = unit == UNIT_RATIO && mean >= 0 && mean <= 1;
    return within && half > fmin(mean, 1 - mean) ? fmin(mean, 1 - mean) : half;
}

char *unit_show(enum unit unit, double value, char shown[UNIT_SHOWN_SIZE])
{
    struct unit_cell cell = unit_cell_like(unit, value, NAN, value);
    snprintf(shown, UNIT_SHOWN_SIZE, "%s%s%s", cell.whole, cell.fraction, cell.suffix);
    return shown;
}
