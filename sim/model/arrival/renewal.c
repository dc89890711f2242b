/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renewal arrivals: independent gaps of any law. Work = nanoseconds of gap. */
#include "model/arrival/rows.h"

struct renewal {
    const struct law *gap;        /* a pointer: a law is larger than a row's parameters may be */
};

static const struct field fields[] = {
    {"gap", FIELD_OPTIONAL, offsetof(struct renewal, gap), .record = &law_record,
     .help = "the law of the time between two requests"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct renewal *p = parameters;
    if (!p->gap)
        return "missing key 'gap' (the law of the time between two requests)";
    return law_mean_ns(p->gap) > 0 ? NULL : "gaps of mean 0 would never end";
}

static double draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    const struct renewal *p = parameters;
    (void)state;
    return (double)law_draw_ns(p->gap, stream, zig);
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    (void)parameters;
    return factor > 0 ? from_ns + law_round_ns(work / factor) : INT64_MAX;
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    (void)parameters;
    return (double)(to_ns - from_ns) * factor;
}

const struct arrival_row arrival_renewal = {
    .row = {.name = "renewal", .summary = "independent gaps of any law; a fixed gap makes a metronome",
            .formula = "gaps are independent draws of the law `gap`", .source = "Kleinrock, Queueing Systems I (1975)",
            .fields = fields, .size = sizeof(struct renewal), .prepare = prepare},
    .draw_work = draw_work, .finish_ns = finish_ns, .progress = progress,
};
