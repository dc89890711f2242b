/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

enum { FLUSH_BYTES = 1 << 16 };

struct text text_in_memory(void)
{
    return (struct text){.descriptor = -1};
}

struct text text_into(int descriptor)
{
    return (struct text){.descriptor = descriptor};
}

static void reserve(struct text *text, size_t more)
{
    if (text->room - text->length > more)
        return;
    size_t room = text->room ? text->room : 256;
    while (room - text->length <= more)
        room *= 2;
    text->bytes = memory_resize(text->bytes, room, 1);
    text->room = room;
}

void text_flush(struct text *text)
{
    if (text->descriptor < 0)
        return;
    size_t done = 0;
    while (done < text->length && !text->error) {
        ssize_t written = write(text->descriptor, text->bytes + done, text->length - done);
        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            text->error = errno;
    }
    text->length = 0;
}

void text_put(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    if (text->descriptor >= 0 && text->length >= FLUSH_BYTES)
        text_flush(text);
}

void text_add(struct text *text, const char *string)
{
    text_put(text, string, strlen(string));
}

void text_char(struct text *text, char c)
{
    text_put(text, &c, 1);
}

void text_repeat(struct text *text, const char *string, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_add(text, string);
}

void text_end_line(struct text *text)
{
    while (text->length > 0 && text->bytes[text->length - 1] == ' ')
        text->length--;
    text_char(text, '\n');
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    reserve(text, (size_t)length);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    va_end(again);
    text->length += (size_t)length;
}

void text_count(struct text *text, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + count % 10);
    while ((count /= 10) > 0);
    text_put(text, digits + at, sizeof digits - at);
}

void text_real(struct text *text, double real)
{
    char digits[32];
    if (isnan(real))
        return;
    if (real >= 0 && real < 1e9 && real == floor(real) && !signbit(real)) {
        text_count(text, (uint64_t)real);
        return;
    }
    int length = snprintf(digits, sizeof digits, "%.9g", real);
    text_put(text, digits, (size_t)length);
}

double text_rounded(double real, int digits)
{
    char shown[40];
    if (!isfinite(real))
        return real;
    snprintf(shown, sizeof shown, "%.*g", digits, real);
    return strtod(shown, NULL);
}

size_t text_character(const char *string)
{
    const unsigned char *c = (const unsigned char *)string;
    size_t bytes = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    bool no_start = c[0] == '\0' || (c[0] >= 0x80 && c[0] < 0xc2) || c[0] >= 0xf5;
    bool overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
    bool no_character = (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf4 && c[1] > 0x8f);
    if (no_start || overlong || no_character)
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    return bytes;
}

void text_add_utf8(struct text *text, const char *string)
{
    while (*string) {
        size_t bytes = text_character(string);
        text_put(text, bytes ? string : "?", bytes ? bytes : 1);
        string += bytes ? bytes : 1;
    }
}

size_t text_columns(const char *string)
{
    size_t columns = 0;
    for (; *string; string++)
        columns += ((unsigned char)*string & 0xc0) != 0x80;
    return columns;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = text_in_memory();
}
