/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans and prints decimal numbers. Conversion to double happens once, by strtod, on text built here. */
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

enum { MOST_DIGITS = 19, MOST_EXPONENT = 9999 };

__extension__ typedef unsigned __int128 wide;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool number_fail(char *why, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(why, UNITS_WHY_SIZE, format, values);
    va_end(values);
    return false;
}

const char *number_shorten(const char *text, char shown[NUMBER_SHOWN_SIZE])
{
    size_t length = strlen(text);
    if (length <= NUMBER_SHOWN)
        return memcpy(shown, text, length + 1);
    length = NUMBER_SHOWN;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) /* never half a UTF-8 character */
        length--;
    memcpy(shown, text, length);
    memcpy(shown + length, "...", 4);
    return shown;
}

struct digits {
    uint64_t mantissa;
    int count; /* significant digits in the mantissa */
    int zeros; /* read, but not yet known to be significant */
    int exponent;
};

/* Reads digits; false when there are more significant ones than a mantissa holds. */
static bool take_digits(const char **at, bool fraction, struct digits *digits)
{
    for (; is_digit(**at); ++*at) {
        digits->exponent -= fraction;
        if (**at == '0') {
            digits->zeros++;
            continue;
        }
        if (digits->mantissa == 0)
            digits->zeros = 0;
        if (digits->zeros >= MOST_DIGITS || digits->count + digits->zeros + 1 > MOST_DIGITS)
            return false;
        for (int i = 0; i <= digits->zeros; i++)
            digits->mantissa *= 10;
        digits->mantissa += (uint64_t)(**at - '0');
        digits->count += digits->zeros + 1;
        digits->zeros = 0;
    }
    return true;
}

/* Reads e5, E-5 or e+5; anything else is left for the unit. */
static int take_exponent(const char **at)
{
    const char *p = *at;
    if (*p != 'e' && *p != 'E')
        return 0;
    p++;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (!is_digit(*p))
        return 0;
    int exponent = 0;
    for (; is_digit(*p); p++)
        if (exponent <= MOST_EXPONENT)
            exponent = exponent * 10 + (*p - '0');
    *at = p;
    return negative ? -exponent : exponent;
}

static bool fail_no_digit(const char *text, const char *kind, const char *example, char *why)
{
    char shown[NUMBER_SHOWN_SIZE];
    number_shorten(text, shown);
    if (!*text)
        return number_fail(why, "empty: write %s such as '%s'", kind, example);
    if (text[0] == '.' && is_digit(text[1]))
        return number_fail(why, "'%s' starts with a point: write '0%s'", shown, shown);
    return number_fail(why, "'%s' is not %s: write a number such as '%s'", shown, kind, example);
}

bool number_scan(const char *text, const char *kind, const char *example, struct number *number, char *why)
{
    const char *at = text + (*text == '-');
    if (!is_digit(*at))
        return fail_no_digit(text, kind, example, why);
    struct digits digits = {0};
    bool fits = take_digits(&at, false, &digits);
    if (fits && at[0] == '.' && is_digit(at[1])) {
        at++;
        fits = take_digits(&at, true, &digits);
    }
    if (!fits) {
        char shown[NUMBER_SHOWN_SIZE];
        return number_fail(why, "'%s' has more than %d digits", number_shorten(text, shown), MOST_DIGITS);
    }
    int exponent = take_exponent(&at);
    *number =
        (struct number){text, at, *text == '-', digits.mantissa, digits.exponent + digits.zeros + exponent};
    return true;
}

enum number_fit number_whole(const struct number *number, int64_t factor, uint64_t most, uint64_t *value)
{
    wide product = (wide)number->mantissa * (wide)factor;
    for (int e = number->exponent; e < 0 && product > 0; e++) {
        if (product % 10 != 0)
            return NUMBER_FRACTION;
        product /= 10;
    }
    for (int e = number->exponent; e > 0 && product > 0 && product <= most; e--)
        product *= 10;
    if (product > most)
        return NUMBER_TOO_LARGE;
    *value = (uint64_t)product;
    return NUMBER_EXACT;
}

bool number_real(const struct number *number, int exponent, double *value, char *why)
{
    char text[UNITS_TEXT_SIZE], shown[NUMBER_SHOWN_SIZE];
    snprintf(text, sizeof text, "%s%" PRIu64 "e%d", number->negative ? "-" : "", number->mantissa,
             number->exponent + exponent);
    double result = strtod(text, NULL);
    if (isinf(result))
        return number_fail(why, "'%s' is too large", number_shorten(number->text, shown));
    if (result == 0 && number->mantissa != 0)
        return number_fail(why, "'%s' is too small: write 0 or a larger number",
                           number_shorten(number->text, shown));
    *value = result;
    return true;
}

/* The fewest digits that name this double; returns its decimal exponent. */
static int shortest_digits(double value, char digits[20])
{
    char text[32];
    int precision = 0;
    do
        snprintf(text, sizeof text, "%.*e", precision++, value);
    while (precision < 17 && strtod(text, NULL) != value);
    int count = 0;
    const char *at = text;
    for (; *at != 'e'; at++)
        if (is_digit(*at))
            digits[count++] = *at;
    digits[count] = 0;
    return (int)strtol(at + 1, NULL, 10);
}

char *number_format(double value, int shift, const char *suffix, char *text)
{
    static const char zeros[] = "0000000000000000";
    char digits[20];
    if (!isfinite(value) || value == 0) {
        snprintf(text, UNITS_TEXT_SIZE, "%g%s", value == 0 ? 0.0 : value, suffix);
        return text;
    }
    int exponent = shortest_digits(fabs(value), digits) + shift;
    int count = (int)strlen(digits);
    const char *sign = value < 0 ? "-" : "";
    if (exponent < -5 || exponent > 15)
        snprintf(text, UNITS_TEXT_SIZE, "%s%c%s%se%d%s", sign, digits[0], count > 1 ? "." : "", digits + 1,
                 exponent, suffix);
    else if (exponent < 0)
        snprintf(text, UNITS_TEXT_SIZE, "%s0.%.*s%s%s", sign, -exponent - 1, zeros, digits, suffix);
    else if (count <= exponent + 1)
        snprintf(text, UNITS_TEXT_SIZE, "%s%s%.*s%s", sign, digits, exponent + 1 - count, zeros, suffix);
    else
        snprintf(text, UNITS_TEXT_SIZE, "%s%.*s.%s%s", sign, exponent + 1, digits, digits + exponent + 1,
                 suffix);
    return text;
}
