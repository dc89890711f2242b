/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

static void add_tic(struct axis *axis, double at, const char *label)
{
    if (axis->count == AXIS_TICS)
        return;
    axis->tics[axis->count].at = at;
    snprintf(axis->tics[axis->count].label, AXIS_LABEL_SIZE, "%s", label);
    axis->count++;
}

/* The smallest of 1, 2, 5 x 10^n that is at least `least`. */
static double round_up(double least)
{
    static const double mantissas[] = {1, 2, 5, 10};
    int power = (int)floor(log10(least));
    for (int i = 0;; i++) {
        char text[32];
        snprintf(text, sizeof text, "%ge%d", mantissas[i], power);
        double step = strtod(text, NULL);
        if (step >= least * (1 - 1e-9) || i == 3)
            return step;
    }
}

/* ---- time ---- */

struct time_step {
    double step_s, unit_s;
    const char *unit;
};

static struct time_step time_step(double least_s)
{
    static const struct time_step steps[] = {
        {1, 1, "s"},        {2, 1, "s"},         {5, 1, "s"},          {10, 1, "s"},
        {20, 1, "s"},       {30, 1, "s"},        {60, 1, "s"},         {120, 60, "min"},
        {300, 60, "min"},   {600, 60, "min"},    {1200, 60, "min"},    {1800, 60, "min"},
        {3600, 3600, "h"},  {7200, 3600, "h"},   {10800, 3600, "h"},   {21600, 3600, "h"},
        {43200, 3600, "h"}, {86400, 86400, "d"}, {172800, 86400, "d"}, {604800, 86400, "d"}};
    size_t count = sizeof steps / sizeof *steps;
    if (least_s <= 1e-3)
        return (struct time_step){round_up(least_s), least_s <= 0.5e-6 ? 1e-9 : 1e-6,
                                  least_s <= 0.5e-6 ? "ns" : "us"};
    if (least_s <= 0.5)
        return (struct time_step){round_up(least_s), 1e-3, "ms"};
    for (size_t i = 0; i < count; i++)
        if (steps[i].step_s >= least_s)
            return steps[i];
    return (struct time_step){round_up(least_s / 86400) * 86400, 86400, "d"};
}

struct axis axis_time(double duration_s, int steps)
{
    struct axis axis = {.high = duration_s};
    struct time_step step = time_step(duration_s / steps * (1 - 1e-9));
    for (int i = 0; i * step.step_s <= duration_s * (1 + 1e-9); i++) {
        char label[AXIS_LABEL_SIZE] = "0";
        if (i > 0)
            snprintf(label, sizeof label, "%.6g %s", i * step.step_s / step.unit_s, step.unit);
        add_tic(&axis, i * step.step_s, label);
    }
    return axis;
}

/* ---- values ---- */

char *axis_show_times(double value, char label[AXIS_LABEL_SIZE])
{
    snprintf(label, AXIS_LABEL_SIZE, "%.6g\xc3\x97", value);
    return label;
}

char *axis_show_rate(double value, char label[AXIS_LABEL_SIZE])
{
    char number[UNITS_TEXT_SIZE];
    snprintf(label, AXIS_LABEL_SIZE, "%s/s", units_show_number(value, number));
    return label;
}

/* ---- one unit for all tics of an axis ---- */

struct scale {
    double from, size; /* of the highest tic; what one is */
    const char *suffix;
};

static const struct scale *scale_of(enum axis_kind kind, double low, double high)
{
    static const struct scale times[] = {{0, 1, "\xc3\x97"}, {INFINITY, 1, ""}};
    static const struct scale rates[] = {{0, 1, "/s"}, {1e4, 1e3, " k/s"}, {1e7, 1e6, " M/s"}, {INFINITY, 1, ""}};
    static const struct scale seconds[] = {{0, 1e-6, " us"}, {1e-3, 1e-3, " ms"}, {1, 1, " s"}, {INFINITY, 1, ""}};
    static const struct scale *const scales[] = {
        [AXIS_TIMES] = times, [AXIS_RATE] = rates, [AXIS_SECONDS] = seconds};
    const struct scale *scale = scales[kind];
    while (high >= scale[1].from * (1 - 1e-9))
        scale++;
    return kind == AXIS_RATE && low > 0 && low < scale->size / 100 ? rates : scale;
}

/* As many digits behind the point as the value needs, never an exponent. */
static void show(const struct scale *scale, double value, char label[AXIS_LABEL_SIZE])
{
    double scaled = value / scale->size;
    int decimals = 0;
    while (decimals < 9 && fabs(scaled * pow(10, decimals) - rint(scaled * pow(10, decimals))) > 1e-6)
        decimals++;
    snprintf(label, AXIS_LABEL_SIZE, "%.*f%s", decimals, scaled, scale->suffix);
}

static void label_tics(struct axis *axis, enum axis_kind kind)
{
    double low = 0, high = axis->count > 0 ? axis->tics[axis->count - 1].at : 0;
    for (int i = axis->count - 1; i >= 0 && axis->tics[i].at > 0; i--)
        low = axis->tics[i].at;
    for (int i = 0; i < axis->count; i++) {
        snprintf(axis->tics[i].label, AXIS_LABEL_SIZE, "0");
        if (axis->tics[i].at > 0)
            show(scale_of(kind, low, high), axis->tics[i].at, axis->tics[i].label);
    }
}

static void add_steps(struct axis *axis, enum axis_kind kind)
{
    double step = round_up((axis->high - axis->low) / 6);
    for (double i = ceil(axis->low / step - 1e-9); i * step <= axis->high; i++)
        add_tic(axis, i * step, "");
    label_tics(axis, kind);
}

struct axis axis_rate(double most)
{
    struct axis axis = {.high = most > 0 ? most * 1.15 : 1};
    add_steps(&axis, AXIS_RATE);
    return axis;
}

struct axis axis_linear(double least, double most, enum axis_kind kind)
{
    double span = most > least ? most - least : most > 0 ? most / 5 : 1;
    struct axis axis = {.low = fmax(least - span * 0.08, 0), .high = most + span * 0.15};
    add_steps(&axis, kind);
    return axis;
}

/* The largest of 1, 2, 5 x 10^n that is at most `most`. */
static double round_down(double most)
{
    static const int mantissas[] = {5, 2, 1};
    int power = (int)floor(log10(most));
    for (int i = 0;; i++) {
        char text[32];
        snprintf(text, sizeof text, "%de%d", mantissas[i], power);
        double step = strtod(text, NULL);
        if (step <= most * (1 + 1e-9) || i == 2)
            return step;
    }
}

static bool is_wanted(int mantissa, double decades)
{
    return mantissa == 1 || (decades <= 3 && (mantissa == 2 || mantissa == 5));
}

struct axis axis_log(double least, double most, enum axis_kind kind)
{
    struct axis axis = {.low = most < 30 * least ? least : round_down(least), .logarithmic = true};
    double decades = log10(most / axis.low);
    axis.high = most * pow(10, fmax(decades * 0.14, 0.1));
    for (int power = (int)floor(log10(axis.low)); power <= (int)ceil(log10(axis.high)); power++)
        for (int mantissa = 1; mantissa < 10; mantissa++) {
            char number[32];
            snprintf(number, sizeof number, "%de%d", mantissa, power);
            double at = strtod(number, NULL);
            bool inside = at >= axis.low * (1 - 1e-9) && at <= axis.high * (1 + 1e-9);
            if (inside && is_wanted(mantissa, decades))
                add_tic(&axis, at, "");
        }
    label_tics(&axis, kind);
    return axis;
}

static bool is_power(const struct tic *tic)
{
    double power = log10(tic->at);
    return fabs(power - floor(power + 0.5)) < 1e-6;
}

void axis_thin(struct axis *axis, int most)
{
    int powers = 0, kept = 0;
    for (int i = 0; i < axis->count; i++)
        powers += axis->logarithmic && is_power(&axis->tics[i]);
    if (axis->count <= most)
        return;
    for (int i = 0; i < axis->count; i++)
        if (powers >= 2 ? is_power(&axis->tics[i]) : i % 2 == 0)
            axis->tics[kept++] = axis->tics[i];
    int every = (kept + most - 1) / most;
    axis->count = 0;
    for (int i = 0; i < kept; i += every)
        axis->tics[axis->count++] = axis->tics[i];
}
