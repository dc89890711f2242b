/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CSV reader behind the empirical law, and the list of what was read. */
#include "base/samples.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/units.h"

enum { MOST_COLUMNS = 1000 };

struct entry {
    struct samples samples;
    struct entry *next;
    char *file, *column;
    enum samples_unit unit;
};

struct reader {
    FILE *stream;
    const char *name;
    char *line; /* without its line end */
    size_t line_room;
    int line_number;
    int blank_line; /* the first of the blank lines just passed; 0: none */
    size_t column;
    double unit_ns;
    struct samples *into;
    size_t room;
};

/* Sets the error, prefixed with FILE:LINE (line 0: FILE), and returns false. */
static bool fail(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct reader *reader, int line, const char *format, ...)
{
    char reason[UNITS_WHY_SIZE + 200], at[24] = "";
    va_list values;
    va_start(values, format);
    vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    if (line > 0)
        snprintf(at, sizeof at, ":%d", line);
    size_t size = strlen(reader->name) + strlen(at) + strlen(reason) + 3;
    char *error = memory_zeroed(size, 1);
    snprintf(error, size, "%s%s: %s", reader->name, at, reason);
    reader->into->error = error;
    return false;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == 0;
}

static bool next_line(struct reader *reader)
{
    ssize_t length = getline(&reader->line, &reader->line_room, reader->stream);
    if (length < 0)
        return false;
    while (length > 0 && strchr("\r\n", reader->line[length - 1]))
        reader->line[--length] = 0;
    reader->line_number++;
    return true;
}

/* Cuts a quoted cell out of `at`, in place; returns where the rest begins. */
static char *take_quoted(char *at, char **cell)
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

static char *take_plain(char *at, char **cell)
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
static char *next_cell(char **at)
{
    if (!*at)
        return NULL;
    char *cell;
    char *start = *at + strspn(*at, " \t");
    char *rest = *start == '"' ? take_quoted(start, &cell) : take_plain(start, &cell);
    *at = *rest ? rest + 1 : NULL;
    *rest = 0;
    return cell;
}

static bool find_column(struct reader *reader, const char *wanted, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], wanted) == 0) {
            reader->column = i;
            return true;
        }
    reader->column = 0;
    if (strcmp(wanted, "first") == 0)
        return true;
    const char *nearest = diag_nearest(wanted, names, count);
    return fail(reader, 1, "no column '%.60s'; %s '%.60s'%s", wanted,
                nearest ? "did you mean" : "the first is", nearest ? nearest : names[0], nearest ? "?" : "");
}

/* Ends `name` with `suffix`, with something before it? */
static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

static double unit_of(enum samples_unit unit, const char *column)
{
    static const double sizes_ns[] = {
        [SAMPLES_S] = 1e9, [SAMPLES_MS] = 1e6, [SAMPLES_US] = 1e3, [SAMPLES_NS] = 1};
    static const char *const suffixes[] = {
        [SAMPLES_S] = "_s", [SAMPLES_MS] = "_ms", [SAMPLES_US] = "_us", [SAMPLES_NS] = "_ns"};
    for (int i = SAMPLES_S; i <= SAMPLES_NS && unit == SAMPLES_AUTO; i++)
        if (has_suffix(column, suffixes[i]))
            unit = (enum samples_unit)i;
    return sizes_ns[unit == SAMPLES_AUTO ? SAMPLES_S : unit];
}

static bool read_header(struct reader *reader, const char *column, enum samples_unit unit)
{
    if (!next_line(reader))
        return fail(reader, 0, ferror(reader->stream) ? "cannot be read" : "the file is empty");
    static const char *const mark = "\xef\xbb\xbf"; /* some editors begin UTF-8 files with it */
    char *at = reader->line + (strncmp(reader->line, mark, 3) == 0 ? 3 : 0);
    const char **names = memory_zeroed(MOST_COLUMNS, sizeof *names);
    size_t count = 0;
    for (char *cell; count < MOST_COLUMNS && (cell = next_cell(&at));)
        names[count++] = cell;
    double ignored;
    char why[UNITS_WHY_SIZE];
    bool fine;
    if (is_blank(names[0]) || units_parse_real(names[0], &ignored, why))
        fine = fail(reader, 1, "no header line: the first line must name the columns, such as 'service_s'");
    else
        fine = find_column(reader, column, names, count);
    if (fine)
        reader->unit_ns = unit_of(unit, names[reader->column]);
    free(names);
    return fine;
}

static void append(struct reader *reader, int64_t ns)
{
    struct samples *samples = reader->into;
    if (samples->count == reader->room) {
        reader->room = reader->room ? 2 * reader->room : 1024;
        samples->values_ns = memory_resize(samples->values_ns, reader->room, sizeof *samples->values_ns);
    }
    samples->values_ns[samples->count++] = ns;
}

static bool read_value(struct reader *reader)
{
    char *at = reader->line;
    char *cell = next_cell(&at);
    for (size_t i = 0; i < reader->column && cell; i++)
        cell = next_cell(&at);
    if (!cell || !*cell)
        return fail(reader, reader->line_number, "no value in column %zu", reader->column + 1);
    double value;
    char why[UNITS_WHY_SIZE];
    if (!units_parse_real(cell, &value, why))
        return fail(reader, reader->line_number, "%s", why);
    if (value < 0)
        return fail(reader, reader->line_number, "'%.40s' is negative: a duration is 0 or more", cell);
    double ns = value * reader->unit_ns;
    if (ns > (double)(INT64_MAX >> 3))
        return fail(reader, reader->line_number, "'%.40s' is too long: at most about 36 years", cell);
    append(reader, (int64_t)(ns + 0.5));
    return true;
}

/* Blank lines are forgiven at the end of a file only: elsewhere a value may be missing. */
static bool read_values(struct reader *reader)
{
    while (next_line(reader)) {
        if (is_blank(reader->line)) {
            if (reader->blank_line == 0)
                reader->blank_line = reader->line_number;
            continue;
        }
        if (reader->blank_line > 0)
            return fail(reader, reader->blank_line, "the line is empty");
        if (!read_value(reader))
            return false;
    }
    if (ferror(reader->stream))
        return fail(reader, 0, "cannot be read");
    if (reader->into->count == 0)
        return fail(reader, 0, "there are no values below the header line");
    return true;
}

static int compare_values(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void summarise(struct samples *samples)
{
    qsort(samples->values_ns, samples->count, sizeof *samples->values_ns, compare_values);
    double n = (double)samples->count, sum = 0, squares = 0;
    for (size_t i = 0; i < samples->count; i++)
        sum += (double)samples->values_ns[i];
    samples->mean_ns = sum / n;
    for (size_t i = 0; i < samples->count; i++) {
        double off = (double)samples->values_ns[i] - samples->mean_ns;
        squares += off * off;
    }
    samples->cv2 = sum > 0 ? squares / n / (samples->mean_ns * samples->mean_ns) : 0;
}

static void load(struct entry *entry)
{
    struct reader reader = {.name = entry->file, .into = &entry->samples};
    reader.stream = fopen(entry->file, "r");
    if (!reader.stream) {
        fail(&reader, 0, "cannot be opened: %s", errno == ENOENT ? "there is no such file" : "not readable");
        return;
    }
    if (read_header(&reader, entry->column, entry->unit) && read_values(&reader))
        summarise(&entry->samples);
    fclose(reader.stream);
    free(reader.line);
}

/* Only ever grows, under the lock; a result of a pure function of the files, like the ziggurat's table. */
static struct entry *entries;
static pthread_mutex_t entries_lock = PTHREAD_MUTEX_INITIALIZER;

static struct entry *find_entry(const char *file, const char *column, enum samples_unit unit)
{
    for (struct entry *entry = entries; entry; entry = entry->next)
        if (!entry->samples.error && entry->unit == unit && strcmp(entry->file, file) == 0 &&
            strcmp(entry->column, column) == 0)
            return entry;
    return NULL;
}

const struct samples *samples_load(const char *file, const char *column, enum samples_unit unit)
{
    pthread_mutex_lock(&entries_lock);
    struct entry *entry = find_entry(file, column, unit);
    if (!entry) {
        entry = memory_zeroed(1, sizeof *entry);
        entry->file = memory_strdup(file);
        entry->column = memory_strdup(column);
        entry->unit = unit;
        load(entry);
        entry->next = entries;
        entries = entry;
    }
    pthread_mutex_unlock(&entries_lock);
    return &entry->samples;
}
