/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal numbers in text, kept as mantissa * 10^exponent: the part of base/units.c that knows no units.
 *
 *   number   -?digits[.digits][(e|E)[+-]digits]     at most 19 significant digits; no hex, no nan, no inf
 *
 * number_scan stops behind the number; what follows (`rest`) is the caller's. The why texts are one line and
 * fit UNITS_WHY_SIZE. Nothing here reads the locale, as the program never sets one. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum { NUMBER_SHOWN = 24, NUMBER_SHOWN_SIZE = NUMBER_SHOWN + 4 };

struct number {
    const char *text, *rest;
    bool negative;
    uint64_t mantissa;
    int exponent;
};

enum number_fit { NUMBER_EXACT, NUMBER_FRACTION, NUMBER_TOO_LARGE };

/* `kind` ("a duration") and `example` ("250ms") are for the reason. */
bool number_scan(const char *text, const char *kind, const char *example, struct number *number, char *why);

/* |number| * factor as an integer of at most `most`. */
enum number_fit number_whole(const struct number *number, int64_t factor, uint64_t most, uint64_t *value);

/* number * 10^exponent, rounded once. */
bool number_real(const struct number *number, int exponent, double *value, char *why);

/* The shortest text of value * 10^shift that parses back to `value`, then the suffix; into UNITS_TEXT_SIZE. */
char *number_format(double value, int shift, const char *suffix, char *text);

/* Writes the reason and returns false. */
bool number_fail(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text for quoting: at most NUMBER_SHOWN bytes of it, then "...". Returns `shown`. */
const char *number_shorten(const char *text, char shown[NUMBER_SHOWN_SIZE]);

#endif
