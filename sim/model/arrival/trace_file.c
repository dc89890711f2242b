/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/arrival/trace_file.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/once.h"

static const double rate_max_per_s = 1e9;

/* Whether the header is one of the two; `unit_ns` of the times. */
static bool take_header(struct csv *csv, double *unit_ns, bool *rates)
{
    *unit_ns = csv_unit_ns(csv->cells[0]);
    *rates = csv->count == 2 && strcmp(csv->cells[1], "rate_per_s") == 0;
    if (csv->cells[0][0] == 't' && csv->cells[0][1] == '_' && *unit_ns > 0 && (csv->count == 1 || *rates))
        return true;
    return csv_fail(csv, "the header line of a trace is 't_s' (one arrival a row) or 't_s,rate_per_s' (a rate over "
                         "time), not '%.40s%s%.40s'", csv->cells[0], csv->count > 1 ? "," : "",
                    csv->count > 1 ? csv->cells[1] : "");
}

static bool take_rate(struct csv *csv, double *rate_per_s)
{
    if (!csv_number(csv, 1, rate_per_s))
        return false;
    if (*rate_per_s < 0 || *rate_per_s > rate_max_per_s)
        return csv_fail(csv, "'%.40s' is out of range: a rate is from 0 to 1e9", csv->cells[1]);
    return true;
}

static bool take_time(struct csv *csv, double unit_ns, const struct trace_file *trace, int64_t *time_ns)
{
    if (!csv_time(csv, 0, unit_ns, "a time", time_ns))
        return false;
    if (trace->count == 0)
        return true;
    int64_t last_ns = trace->times_ns[trace->count - 1];
    if (*time_ns < last_ns || (trace->rates_per_s && *time_ns == last_ns))
        return csv_fail(csv, "'%.40s' does not come after the time of the row before: sort the rows", csv->cells[0]);
    return true;
}

static void append(struct trace_file *trace, size_t *room, int64_t time_ns, double rate_per_s)
{
    if (trace->count == *room) {
        *room *= 2;
        trace->times_ns = memory_resize(trace->times_ns, *room, sizeof *trace->times_ns);
        if (trace->rates_per_s)
            trace->rates_per_s = memory_resize(trace->rates_per_s, *room, sizeof *trace->rates_per_s);
    }
    if (trace->rates_per_s)
        trace->rates_per_s[trace->count] = rate_per_s;
    trace->times_ns[trace->count++] = time_ns;
}

static void read_rows(struct csv *csv, double unit_ns, bool rates, struct trace_file *trace)
{
    size_t room = 1024;
    double rate_per_s = 1, most_per_s = 0;
    int64_t time_ns;
    trace->times_ns = memory_zeroed(room, sizeof *trace->times_ns);
    trace->rates_per_s = rates ? memory_zeroed(room, sizeof *trace->rates_per_s) : NULL;
    while (csv_next_row(csv))
        if (take_time(csv, unit_ns, trace, &time_ns) && (!rates || take_rate(csv, &rate_per_s))) {
            append(trace, &room, time_ns, rate_per_s);
            most_per_s = rate_per_s > most_per_s ? rate_per_s : most_per_s;
        }
    csv->line_number = 0; /* what follows is about the whole file */
    if (trace->count == 0)
        csv_fail(csv, "there are no values below the header line");
    else if (most_per_s <= 0)
        csv_fail(csv, "every rate is 0");
}

static void *load(const void *how)
{
    struct trace_file *trace = memory_zeroed(1, sizeof *trace);
    struct csv csv;
    double unit_ns;
    bool rates;
    if (csv_open(&csv, how) && take_header(&csv, &unit_ns, &rates))
        read_rows(&csv, unit_ns, rates, trace);
    trace->error = csv.error;
    csv_close(&csv);
    return trace;
}

static bool is_good(const void *value)
{
    return !((const struct trace_file *)value)->error;
}

const struct trace_file *trace_file_load(const char *file)
{
    static struct once files = ONCE_EMPTY;
    static const struct once_kind kind = {load, is_good};
    return once_get(&files, &kind, file, file);
}
