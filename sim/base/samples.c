/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the empirical law draws from: one column of a CSV file, sorted. */
#include "base/samples.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/diag.h"
#include "base/once.h"

/* What to load. */
struct order {
    const char *file, *column;
    enum samples_unit unit;
};

static bool find_column(struct csv *csv, const char *wanted, size_t *column)
{
    for (*column = 0; *column < csv->count; ++*column)
        if (strcmp(csv->cells[*column], wanted) == 0)
            return true;
    *column = 0;
    if (strcmp(wanted, "first") == 0)
        return true;
    const char *nearest = diag_nearest(wanted, csv->cells, csv->count);
    return csv_fail(csv, "no column '%.60s'; %s '%.60s'%s", wanted, nearest ? "did you mean" : "the first is",
                    nearest ? nearest : csv->cells[0], nearest ? "?" : "");
}

static double unit_of(enum samples_unit unit, const char *column)
{
    static const double sizes_ns[] = {[SAMPLES_S] = 1e9, [SAMPLES_MS] = 1e6, [SAMPLES_US] = 1e3, [SAMPLES_NS] = 1};
    double named_ns = csv_unit_ns(column);
    if (unit == SAMPLES_AUTO)
        return named_ns > 0 ? named_ns : sizes_ns[SAMPLES_S];
    return sizes_ns[unit];
}

static void append(struct samples *samples, size_t *room, int64_t ns)
{
    if (samples->count == *room) {
        *room = *room ? 2 * *room : 1024;
        samples->values_ns = memory_resize(samples->values_ns, *room, sizeof *samples->values_ns);
    }
    samples->values_ns[samples->count++] = ns;
}

static void read_values(struct csv *csv, size_t column, double unit_ns, struct samples *samples)
{
    size_t room = 0;
    int64_t ns;
    while (csv_next_row(csv))
        if (csv_time(csv, column, unit_ns, "a duration", &ns))
            append(samples, &room, ns);
    csv->line_number = 0; /* what follows is about the whole file */
    if (samples->count == 0)
        csv_fail(csv, "there are no values below the header line");
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

static void *load(const void *how)
{
    const struct order *order = how;
    struct samples *samples = memory_zeroed(1, sizeof *samples);
    struct csv csv;
    size_t column;
    if (csv_open(&csv, order->file) && find_column(&csv, order->column, &column))
        read_values(&csv, column, unit_of(order->unit, csv.cells[column]), samples);
    if (!csv.error)
        summarise(samples);
    samples->error = csv.error;
    csv_close(&csv);
    return samples;
}

static bool is_good(const void *value)
{
    return !((const struct samples *)value)->error;
}

const struct samples *samples_load(const char *file, const char *column, enum samples_unit unit)
{
    static struct once files = ONCE_EMPTY;
    static const struct once_kind kind = {load, is_good};
    size_t size = strlen(file) + strlen(column) + 16;
    char *name = memory_zeroed(size, 1);
    snprintf(name, size, "%d\n%s\n%s", (int)unit, column, file);
    const struct samples *samples = once_get(&files, &kind, name, &(struct order){file, column, unit});
    free(name);
    return samples;
}
