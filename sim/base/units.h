/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with units, as people write them: `250ms 3333us 2min 10k/s 600/min 5%`.
 *
 *   duration   ns us ms s min h d      -> int64_t ns          a bare number is refused with the fix; 0 is not
 *   rate       N/s N/ms N/min N/h      -> double per second   N may carry k M G
 *   count      12 10k 2M 1G 1e6        -> int64_t             whole numbers only
 *   ratio      5% 0.05                 -> double
 *   real       1.5 1e-3                -> double
 *
 * Prefixes are decimal: k = 1000. `m` alone is refused ("ms or min?"). Trailing junk, NaN, infinity, overflow
 * and an empty text are errors. The parsers never read the locale.
 *
 * Parsers return true, or false with a one-line reason in `why` (for example
 * "'250' has no unit: write '250ms' or '250s'"); *out is then untouched.
 * Formatters write the shortest text that parses back to the same value, and return `text`. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNITS_WHY_SIZE = 160, UNITS_TEXT_SIZE = 40 };

bool units_parse_duration(const char *text, int64_t *ns, char why[UNITS_WHY_SIZE]);
bool units_parse_rate(const char *text, double *per_s, char why[UNITS_WHY_SIZE]);
bool units_parse_count(const char *text, int64_t *count, char why[UNITS_WHY_SIZE]);
bool units_parse_ratio(const char *text, double *ratio, char why[UNITS_WHY_SIZE]);
bool units_parse_real(const char *text, double *real, char why[UNITS_WHY_SIZE]);

char *units_format_duration(int64_t ns, char text[UNITS_TEXT_SIZE]);
char *units_format_rate(double per_s, char text[UNITS_TEXT_SIZE]);
char *units_format_count(int64_t count, char text[UNITS_TEXT_SIZE]);
char *units_format_ratio(double ratio, char text[UNITS_TEXT_SIZE]);
char *units_format_real(double real, char text[UNITS_TEXT_SIZE]);

/* For people: about three significant digits, "3.33 ms", "12.4 s", "1.2 M". Not meant to be parsed. */
char *units_show_duration(double seconds, char text[UNITS_TEXT_SIZE]);
char *units_show_number(double number, char text[UNITS_TEXT_SIZE]);

#endif
