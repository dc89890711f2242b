/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with units: one scanner that keeps a number as mantissa * 10^exponent, so that durations and counts
 * are exact and `0.1k/s` is the same double as `100/s`. */
#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static const int64_t longest_ns = INT64_MAX >> 3;

struct unit {
    const char *name;
    int64_t ns;
};

/* From short to long: the formatter takes the last that divides. */
static const struct unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", INT64_C(1000000000)},
    {"min", INT64_C(60000000000)},
    {"h", INT64_C(3600000000000)},
    {"d", INT64_C(86400000000000)},
};
enum { UNITS = sizeof units / sizeof *units };

struct per {
    const char *name;
    double seconds;
    int exponent; /* of the factor to /s where that is a power of ten, which keeps it exact */
};

static const struct per pers[] = {{"/s", 1, 0}, {"/ms", 1, 3}, {"/min", 60, 0}, {"/h", 3600, 0}};
enum { PERS = sizeof pers / sizeof *pers };

struct prefix {
    const char *letter, *per_second;
    int exponent;
};

static const struct prefix prefixes[] = {{"k", "k/s", 3}, {"M", "M/s", 6}, {"G", "G/s", 9}};
enum { PREFIXES = sizeof prefixes / sizeof *prefixes };

static const struct unit *find_unit(const char *name)
{
    for (int i = 0; i < UNITS; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

/* Steps over k, M or G and returns its exponent, 0 without one. */
static int take_prefix(const char **rest)
{
    for (int i = 0; i < PREFIXES; i++)
        if (**rest == *prefixes[i].letter) {
            ++*rest;
            return prefixes[i].exponent;
        }
    return 0;
}

/* The number as it was written, for the fix in a message. */
static int digits_length(const struct number *number)
{
    ptrdiff_t length = number->rest - number->text;
    return length > NUMBER_SHOWN ? NUMBER_SHOWN : (int)length;
}

static bool fail_duration_unit(const struct number *number, char *why)
{
    char shown[NUMBER_SHOWN_SIZE];
    char unit[NUMBER_SHOWN_SIZE];
    int length = digits_length(number);
    number_shorten(number->text, shown);
    number_shorten(number->rest, unit);
    if (!*number->rest)
        return number_fail(why, "'%s' has no unit: write '%sms' or '%ss'", shown, shown, shown);
    if (strcmp(number->rest, "m") == 0)
        return number_fail(why, "'%s' is ambiguous: write '%.*sms' or '%.*smin'", shown, length, number->text,
                           length, number->text);
    if (*number->rest == ' ' && find_unit(number->rest + 1))
        return number_fail(why, "'%s' has a space: write '%.*s%s'", shown, length, number->text, unit + 1);
    return number_fail(why, "'%s' is not a duration: unknown unit '%s' (ns us ms s min h d)", shown, unit);
}

bool units_parse_duration(const char *text, int64_t *ns, char why[UNITS_WHY_SIZE])
{
    struct number number;
    if (!number_scan(text, "a duration", "250ms", &number, why))
        return false;
    char shown[NUMBER_SHOWN_SIZE];
    number_shorten(text, shown);
    if (number.negative)
        return number_fail(why, "'%s' is negative: a duration is 0 or more", shown);
    const struct unit *unit = find_unit(number.rest);
    if (!unit && !(number.mantissa == 0 && !*number.rest))
        return fail_duration_unit(&number, why);
    uint64_t value = 0;
    switch (number_whole(&number, unit ? unit->ns : 1, (uint64_t)longest_ns, &value)) {
    case NUMBER_EXACT:
        break;
    case NUMBER_FRACTION:
        return number_fail(why, "'%s' is finer than 1 ns: the clock counts whole nanoseconds", shown);
    case NUMBER_TOO_LARGE:
        return number_fail(why, "'%s' is too long: the longest duration is %dd (about 36 years)", shown,
                           (int)(longest_ns / units[UNITS - 1].ns));
    }
    *ns = (int64_t)value;
    return true;
}

static bool fail_rate_unit(const struct number *number, const char *rest, char *why)
{
    char shown[NUMBER_SHOWN_SIZE];
    char unit[NUMBER_SHOWN_SIZE];
    int length = digits_length(number) + (int)(rest - number->rest);
    number_shorten(number->text, shown);
    number_shorten(rest, unit);
    if (!*rest)
        return number_fail(why, "'%s' has no unit: write '%s/s' or '%s/min'", shown, shown, shown);
    if (strcmp(rest, "/m") == 0)
        return number_fail(why, "'%s' is ambiguous: write '%.*s/ms' or '%.*s/min'", shown, length,
                           number->text, length, number->text);
    return number_fail(why, "'%s' is not a rate: unknown unit '%s' (/s /ms /min /h, after k M G)", shown,
                       unit);
}

static const struct per *find_per(const char *name)
{
    for (int i = 0; i < PERS; i++)
        if (strcmp(pers[i].name, name) == 0)
            return &pers[i];
    return NULL;
}

bool units_parse_rate(const char *text, double *per_s, char why[UNITS_WHY_SIZE])
{
    struct number number;
    if (!number_scan(text, "a rate", "10k/s", &number, why))
        return false;
    if (number.negative) {
        char shown[NUMBER_SHOWN_SIZE];
        return number_fail(why, "'%s' is negative: a rate is 0 or more", number_shorten(text, shown));
    }
    const char *rest = number.rest;
    int exponent = take_prefix(&rest);
    const struct per *per = find_per(rest);
    if (!per)
        return fail_rate_unit(&number, rest, why);
    double value = 0;
    if (!number_real(&number, exponent + per->exponent, &value, why))
        return false;
    *per_s = value / per->seconds;
    return true;
}

bool units_parse_count(const char *text, int64_t *count, char why[UNITS_WHY_SIZE])
{
    struct number number;
    if (!number_scan(text, "a count", "12' or '10k", &number, why))
        return false;
    char shown[NUMBER_SHOWN_SIZE];
    char unit[NUMBER_SHOWN_SIZE];
    number_shorten(text, shown);
    const char *rest = number.rest;
    number.exponent += take_prefix(&rest);
    if (*rest)
        return number_fail(why, "'%s' is not a count: unknown suffix '%s' (k M G)", shown,
                           number_shorten(rest, unit));
    uint64_t magnitude = 0;
    switch (number_whole(&number, 1, INT64_MAX, &magnitude)) {
    case NUMBER_EXACT:
        break;
    case NUMBER_FRACTION:
        return number_fail(why, "'%s' is not a whole number", shown);
    case NUMBER_TOO_LARGE:
        return number_fail(why, "'%s' is too large: the largest count is %lld", shown, (long long)INT64_MAX);
    }
    *count = number.negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool units_parse_ratio(const char *text, double *ratio, char why[UNITS_WHY_SIZE])
{
    struct number number;
    if (!number_scan(text, "a ratio", "5%' or '0.05", &number, why))
        return false;
    char shown[NUMBER_SHOWN_SIZE];
    char unit[NUMBER_SHOWN_SIZE];
    bool percent = strcmp(number.rest, "%") == 0;
    if (!percent && *number.rest)
        return number_fail(why, "'%s' is not a ratio: unknown suffix '%s' (%% or none)",
                           number_shorten(text, shown), number_shorten(number.rest, unit));
    return number_real(&number, percent ? -2 : 0, ratio, why);
}

bool units_parse_real(const char *text, double *real, char why[UNITS_WHY_SIZE])
{
    struct number number;
    if (!number_scan(text, "a number", "1.5", &number, why))
        return false;
    char shown[NUMBER_SHOWN_SIZE];
    char unit[NUMBER_SHOWN_SIZE];
    if (*number.rest)
        return number_fail(why, "'%s' is not a plain number: '%s' does not belong here",
                           number_shorten(text, shown), number_shorten(number.rest, unit));
    return number_real(&number, 0, real, why);
}

char *units_format_duration(int64_t ns, char text[UNITS_TEXT_SIZE])
{
    const struct unit *unit = &units[3]; /* 0 is "0s" */
    for (int i = 0; i < UNITS && ns != 0; i++)
        if (ns % units[i].ns == 0)
            unit = &units[i];
    snprintf(text, UNITS_TEXT_SIZE, "%lld%s", (long long)(ns / unit->ns), unit->name);
    return text;
}

char *units_format_count(int64_t count, char text[UNITS_TEXT_SIZE])
{
    int64_t factor = 1;
    const char *letter = "";
    for (int i = 0; i < PREFIXES && count != 0 && count % (factor * 1000) == 0; i++) {
        factor *= 1000;
        letter = prefixes[i].letter;
    }
    snprintf(text, UNITS_TEXT_SIZE, "%lld%s", (long long)(count / factor), letter);
    return text;
}

char *units_format_real(double real, char text[UNITS_TEXT_SIZE])
{
    return number_format(real, 0, "", text);
}

/* Keeps `candidate` where it is shorter than `best`. */
static void keep_shorter(char *best, const char *candidate)
{
    if (strlen(candidate) < strlen(best))
        memcpy(best, candidate, strlen(candidate) + 1);
}

char *units_format_ratio(double ratio, char text[UNITS_TEXT_SIZE])
{
    char percent[UNITS_TEXT_SIZE];
    number_format(ratio, 0, "", text);
    if (isfinite(ratio))
        keep_shorter(text, number_format(ratio, 2, "%", percent));
    return text;
}

/* The shortest over /s with every prefix, then /ms, /min and /h where they parse back to the same double. */
char *units_format_rate(double per_s, char text[UNITS_TEXT_SIZE])
{
    char candidate[UNITS_TEXT_SIZE], why[UNITS_WHY_SIZE];
    number_format(per_s, 0, "/s", text);
    if (!isfinite(per_s))
        return text;
    for (int i = 0; i < PREFIXES; i++)
        keep_shorter(text, number_format(per_s, -prefixes[i].exponent, prefixes[i].per_second, candidate));
    for (int i = 1; i < PERS; i++) {
        double back = 0;
        number_format(per_s * pers[i].seconds, -pers[i].exponent, pers[i].name, candidate);
        if (units_parse_rate(candidate, &back, why) && back == per_s)
            keep_shorter(text, candidate);
    }
    return text;
}

/* To three significant digits, so that 0.9996 ms is shown as "1 ms" and not as "1000 us". */
static double round_for_people(double number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.2e", number);
    return strtod(digits, NULL);
}

struct step {
    double from, size;
    const char *name;
};

static char *show_in_steps(double number, const struct step *steps, int count, char *text)
{
    if (!isfinite(number)) {
        snprintf(text, UNITS_TEXT_SIZE, "%s", isnan(number) ? "-" : number > 0 ? "inf" : "-inf");
        return text;
    }
    double rounded = round_for_people(number);
    int chosen = 0;
    for (int i = 0; i < count; i++)
        if (fabs(rounded) >= steps[i].from)
            chosen = i;
    double scaled = round_for_people(rounded / steps[chosen].size);
    const char *format = fabs(scaled) >= 1000 && fabs(scaled) < 1e6 ? "%.0f%s" : "%.3g%s";
    snprintf(text, UNITS_TEXT_SIZE, format, scaled, steps[chosen].name);
    return text;
}

char *units_show_duration(double seconds, char text[UNITS_TEXT_SIZE])
{
    static const struct step steps[] = {
        {0, 1e-9, " ns"},   {1e-6, 1e-6, " us"}, {1e-3, 1e-3, " ms"},   {1, 1, " s"},
        {1000, 60, " min"}, {7200, 3600, " h"},  {172800, 86400, " d"},
    };
    if (seconds == 0)
        return strcpy(text, "0 s");
    return show_in_steps(seconds, steps, sizeof steps / sizeof *steps, text);
}

char *units_show_number(double number, char text[UNITS_TEXT_SIZE])
{
    static const struct step steps[] = {{0, 1, ""}, {1e3, 1e3, " k"}, {1e6, 1e6, " M"}, {1e9, 1e9, " G"}};
    return show_in_steps(number, steps, sizeof steps / sizeof *steps, text);
}
