/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that grows: in memory, or through a buffer into a file descriptor.
 *
 * Every output is written with these. An error of the descriptor sticks in `error` (an errno): what is
 * added after it is dropped, so writers need no checks and the owner looks once, at the end. Numbers never
 * depend on the locale. */
#ifndef OUTPUT_TEXT_H
#define OUTPUT_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes; /* always ends with a '\0' that `length` does not count; NULL: nothing yet */
    size_t length, room;
    int descriptor; /* -1: stay in memory */
    int error;
};

struct text text_in_memory(void);
struct text text_into(int descriptor);

void text_put(struct text *text, const char *bytes, size_t length);
void text_add(struct text *text, const char *string);
void text_char(struct text *text, char c);
void text_repeat(struct text *text, const char *string, size_t times);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends the line, without blanks before its end. In memory only. */
void text_end_line(struct text *text);

/* A whole number in decimal; a double as "%.9g" writes it, NaN as nothing. */
void text_count(struct text *text, uint64_t count);
void text_real(struct text *text, double real);

/* The double that one reads back from `real` written with so many significant digits. */
double text_rounded(double real, int digits);

/* Bytes of the UTF-8 character that a string begins with: 1 to 4, or 0 if that is not one (or the end). */
size_t text_character(const char *string);

/* A copy in which what is not UTF-8 is a question mark. */
void text_add_utf8(struct text *text, const char *string);

/* Columns that a UTF-8 string takes on a terminal (one a character). */
size_t text_columns(const char *string);

/* Writes what is buffered to the descriptor; nothing to do in memory. */
void text_flush(struct text *text);
void text_free(struct text *text);

#endif
