/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals: many independent callers, none of whom waits for the others. Work = expected arrivals. */
#include "model/arrival/rows.h"

struct poisson {
    double rate_per_s;
    double mean_gap_ns;
};

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct poisson, rate_per_s), .min = 1e-9, .max = 1e9,
     .help = "requests of the whole population"},
    {0}};

static const char *prepare(void *parameters)
{
    struct poisson *p = parameters;
    p->mean_gap_ns = 1e9 / p->rate_per_s;
    return NULL;
}

static double draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    (void)parameters, (void)state;
    return stream_exponential(stream, zig);
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    const struct poisson *p = parameters;
    double gap_ns = work * p->mean_gap_ns;
    if (factor != 1)
        gap_ns = factor > 0 ? gap_ns / factor : 1e300;
    return from_ns + law_round_ns(gap_ns);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    const struct poisson *p = parameters;
    return (double)(to_ns - from_ns) / p->mean_gap_ns * factor;
}

const struct arrival_row arrival_poisson = {
    .row = {.name = "poisson", .summary = "independent callers at a constant total rate",
            .formula = "gaps are exponential with mean 1/rate", .source = "Kleinrock, Queueing Systems I (1975)",
            .fields = fields, .size = sizeof(struct poisson), .prepare = prepare},
    .draw_work = draw_work, .finish_ns = finish_ns, .progress = progress,
};
