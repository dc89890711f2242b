/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrivals as a file has them: one a row, or Poisson at a rate that the rows give. See trace_file.h.
 *
 * The run plays the trace from `from` on, beginning at `offset`; the row with the time t comes at
 * offset + (t - from) x time_scale, and again after each round of (loop - from) x time_scale; all that in whole
 * nanoseconds. */
#include <math.h>

#include "model/arrival/pieces.h"
#include "model/arrival/rows.h"
#include "model/arrival/trace_file.h"

struct trace {
    const char *file;
    double time_scale;
    int64_t offset_ns, from_ns, loop_ns;    /* loop: INT64_MAX: never */
    const struct trace_file *rows;          /* derived, as what follows */
    size_t first;                           /* arrivals: the first row that is played */
    int64_t round_ns;                       /* in the run; 0: it does not begin again */
    double round_work;                      /* rates: expected arrivals of a round */
};

static const struct field fields[] = {
    {"file", FIELD_FILE, offsetof(struct trace, file),
     .help = "a CSV file with the header line t_s (one arrival a row) or t_s,rate_per_s (a rate from then on)"},
    {"time_scale", FIELD_REAL, offsetof(struct trace, time_scale), .min = 1e-6, .max = 1e6, .text = "1",
     .help = "times are multiplied by this: 0.1 plays the trace ten times as fast (rates of a file stay the same)"},
    {"offset", FIELD_DURATION, offsetof(struct trace, offset_ns), .text = "0s", .help = "when the trace begins"},
    {"from", FIELD_DURATION, offsetof(struct trace, from_ns), .text = "0s",
     .help = "the time in the trace with which it begins; what lies before is left out"},
    {"loop", FIELD_DURATION, offsetof(struct trace, loop_ns), .text = "never", .word = "never",
     .help = "the time in the trace at which it begins anew; must be after the last row"},
    {0}};

/* ---- one arrival a row ---- */

/* When a row comes, in its round. */
static int64_t row_ns(const struct trace *p, size_t row)
{
    int64_t ns = p->rows->times_ns[row] - p->from_ns;
    return ns > 0 ? law_round_ns((double)ns * p->time_scale) : 0;
}

/* When arrival number `n` comes. */
static double arrival_ns(const struct trace *p, uint64_t n)
{
    uint64_t rows = p->rows->count - p->first;
    if (n >= rows && p->round_ns == 0)
        return INFINITY;
    return (double)p->offset_ns + (double)(n / rows) * (double)p->round_ns + (double)row_ns(p, p->first + n % rows);
}

static double draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    const struct trace *p = parameters;
    if (p->rows->rates_per_s)
        return pieces_draw_work(parameters, state, stream, zig);
    return arrival_ns(p, state->drawn) - (state->drawn ? arrival_ns(p, state->drawn - 1) : 0);
}

/* ---- a rate over time ---- */

/* How many rows have come by then, in a round. */
static size_t rows_until(const struct trace *p, int64_t ns)
{
    size_t low = 0, high = p->rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row_ns(p, middle) <= ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct piece piece_at(const void *parameters, int64_t ns)
{
    const struct trace *p = parameters;
    if (ns < p->offset_ns)
        return (struct piece){p->offset_ns, 0, 0};
    int64_t into_ns = p->round_ns ? (ns - p->offset_ns) % p->round_ns : ns - p->offset_ns;
    int64_t end_ns = p->round_ns ? p->round_ns : INT64_MAX;
    size_t row = rows_until(p, into_ns);
    if (row < p->rows->count && row_ns(p, row) < end_ns)
        end_ns = row_ns(p, row);
    if (end_ns < INT64_MAX)
        end_ns += ns - into_ns;
    return (struct piece){end_ns, row ? p->rows->rates_per_s[row - 1] * 1e-9 : 0, 0};
}

static struct rate rate_of(const struct trace *p)
{
    return (struct rate){.at = piece_at, .parameters = p, .cycle_from_ns = p->offset_ns, .cycle_ns = p->round_ns,
                         .cycle_work = p->round_work};
}

/* ---- both ---- */

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    const struct trace *p = parameters;
    struct rate rate = rate_of(p);
    if (p->rows->rates_per_s)
        return pieces_finish_ns(&rate, from_ns, work, factor);
    return isinf(work) || factor <= 0 ? INT64_MAX : from_ns + law_round_ns(work / factor);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    const struct trace *p = parameters;
    struct rate rate = rate_of(p);
    return p->rows->rates_per_s ? pieces_progress(&rate, from_ns, to_ns, factor) : (double)(to_ns - from_ns) * factor;
}

/* Expected arrivals until the first round is over, or the last row has come. */
static double first_round_work(const struct trace *p)
{
    double work = 0;
    int64_t at_ns = p->offset_ns;
    for (;;) {
        struct piece piece = piece_at(p, at_ns);
        if (piece.end_ns == INT64_MAX)
            return work + piece.rate;   /* of the last row: whether there are any is what matters */
        work += piece.rate * (double)(piece.end_ns - at_ns);
        at_ns = piece.end_ns;
        if (at_ns == p->offset_ns + p->round_ns)
            return work;
    }
}

static const char *prepare(void *parameters)
{
    struct trace *p = parameters;
    p->rows = trace_file_load(p->file);
    if (p->rows->error)
        return p->rows->error;
    int64_t last_ns = p->rows->times_ns[p->rows->count - 1];
    if (p->loop_ns < INT64_MAX && p->loop_ns <= last_ns)
        return "loop: the trace has rows at this time or later";
    if (p->loop_ns <= p->from_ns)
        return "from: must be before the time at which the trace begins anew";
    if (!p->rows->rates_per_s && p->from_ns > last_ns)
        return "from: the trace has no rows at this time or later";
    while (p->rows->times_ns[p->first] < p->from_ns && p->first + 1 < p->rows->count)
        p->first++;
    if (p->loop_ns < INT64_MAX)
        p->round_ns = law_round_ns(fmax(1, (double)(p->loop_ns - p->from_ns) * p->time_scale));
    if (p->rows->rates_per_s && (p->round_work = first_round_work(p)) <= 0)
        return "from: every rate of the trace from this time on is 0";
    return NULL;
}

const struct arrival_row arrival_trace = {
    .row = {.name = "trace", .summary = "arrivals as a file has them: one a row, or at a rate that changes over time",
            .formula = "time t of the file comes at offset + (t - from) x time_scale", .fields = fields,
            .size = sizeof(struct trace), .prepare = prepare},
    .draw_work = draw_work, .finish_ns = finish_ns, .progress = progress,
};
