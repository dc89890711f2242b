/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/units.h"

/* ---- errors ---- */

static bool fail_at(struct csv *csv, int line, const char *format, va_list values)
{
    char reason[UNITS_WHY_SIZE + 200], at[24] = "";
    if (csv->error)
        return false;
    vsnprintf(reason, sizeof reason, format, values);
    if (line > 0)
        snprintf(at, sizeof at, ":%d", line);
    size_t size = strlen(csv->file) + strlen(at) + strlen(reason) + 3;
    char *error = memory_zeroed(size, 1);
    snprintf(error, size, "%s%s: %s", csv->file, at, reason);
    csv->error = error;
    return false;
}

bool csv_fail(struct csv *csv, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fail_at(csv, csv->line_number, format, values);
    va_end(values);
    return false;
}

/* An error of another line than the present one; of the whole file: line 0. */
static bool fail(struct csv *csv, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool fail(struct csv *csv, int line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fail_at(csv, line, format, values);
    va_end(values);
    return false;
}

/* ---- lines and cells ---- */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == 0;
}

static bool next_line(struct csv *csv)
{
    ssize_t length = getline(&csv->line, &csv->line_room, csv->stream);
    if (length < 0)
        return false;
    while (length > 0 && strchr("\r\n", csv->line[length - 1]))
        csv->line[--length] = 0;
    csv->line_number++;
    return true;
}

/* Cuts a quoted cell out of `at`, in place; returns where the rest begins. */
static char *take_quoted(char *at, const char **cell)
{
    char *to = at++;
    *cell = to;
    while (*at && !(at[0] == '"' && at[1] != '"')) {
        at += at[0] == '"';
        *to++ = *at++;
    }
    char *rest = at + strcspn(at, ",");
    *to = 0;
    return rest;
}

static char *take_plain(char *at, const char **cell)
{
    char *rest = at + strcspn(at, ",");
    char *end = rest;
    while (end > at && strchr(" \t", end[-1]))
        end--;
    *cell = at;
    if (end < rest)
        *end = 0;
    return rest;
}

/* The next cell of the line without blanks and quotes, NULL behind the last. Changes the line. */
static const char *next_cell(char **at)
{
    if (!*at)
        return NULL;
    const char *cell;
    char *start = *at + strspn(*at, " \t");
    char *rest = *start == '"' ? take_quoted(start, &cell) : take_plain(start, &cell);
    *at = *rest ? rest + 1 : NULL;
    *rest = 0;
    return cell;
}

static void split(struct csv *csv, char *at)
{
    csv->count = 0;
    for (const char *cell; csv->count < CSV_COLUMNS_MAX && (cell = next_cell(&at));)
        csv->cells[csv->count++] = cell;
}

/* ---- the file ---- */

static bool read_header(struct csv *csv)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors begin UTF-8 files with it */
    double ignored;
    char why[UNITS_WHY_SIZE];
    if (!next_line(csv))
        return fail(csv, 0, ferror(csv->stream) ? "cannot be read" : "the file is empty");
    split(csv, csv->line + (strncmp(csv->line, mark, 3) == 0 ? 3 : 0));
    if (is_blank(csv->cells[0]) || units_parse_real(csv->cells[0], &ignored, why))
        return csv_fail(csv, "no header line: the first line must name the columns, such as 'service_s'");
    return true;
}

bool csv_open(struct csv *csv, const char *file)
{
    *csv = (struct csv){.file = file};
    csv->cells = memory_zeroed(CSV_COLUMNS_MAX, sizeof *csv->cells);
    csv->stream = fopen(file, "r");
    if (!csv->stream)
        return csv_fail(csv, "cannot be opened: %s", errno == ENOENT ? "there is no such file" : "not readable");
    return read_header(csv);
}

bool csv_next_row(struct csv *csv)
{
    while (!csv->error && next_line(csv)) {
        if (!is_blank(csv->line)) {
            if (csv->blank_line > 0)
                return fail(csv, csv->blank_line, "the line is empty");
            split(csv, csv->line);
            return true;
        }
        if (csv->blank_line == 0)
            csv->blank_line = csv->line_number;
    }
    return ferror(csv->stream) ? fail(csv, 0, "cannot be read") : false;
}

void csv_close(struct csv *csv)
{
    if (csv->stream)
        fclose(csv->stream);
    free(csv->line);
    free(csv->cells);
}

/* ---- numbers ---- */

bool csv_number(struct csv *csv, size_t column, double *value)
{
    char why[UNITS_WHY_SIZE];
    if (column >= csv->count || !*csv->cells[column])
        return csv_fail(csv, "no value in column %zu", column + 1);
    return units_parse_real(csv->cells[column], value, why) || csv_fail(csv, "%s", why);
}

bool csv_time(struct csv *csv, size_t column, double unit_ns, const char *what, int64_t *ns)
{
    double value;
    if (!csv_number(csv, column, &value))
        return false;
    if (value < 0)
        return csv_fail(csv, "'%.40s' is negative: %s is 0 or more", csv->cells[column], what);
    if (value * unit_ns > (double)(INT64_MAX >> 3))
        return csv_fail(csv, "'%.40s' is too long: at most about 36 years", csv->cells[column]);
    *ns = (int64_t)(value * unit_ns + 0.5);
    return true;
}

double csv_unit_ns(const char *name)
{
    static const struct {
        const char *suffix;
        double ns;
    } units[] = {{"_s", 1e9}, {"_ms", 1e6}, {"_us", 1e3}, {"_ns", 1}};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t tail = strlen(units[i].suffix);
        if (length > tail && strcmp(name + length - tail, units[i].suffix) == 0)
            return units[i].ns;
    }
    return 0;
}
