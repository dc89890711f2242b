/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A herd: every client of the population sends one request, all in one instant or spread evenly over a while.
 * Work = nanoseconds. Load factors do not apply: the herd is as large as the population. */
#include "model/arrival/rows.h"

#include <math.h>

struct burst {
    int64_t at_ns, spread_ns;
};

static const struct field fields[] = {
    {"at", FIELD_DURATION, offsetof(struct burst, at_ns), .text = "0s", .help = "when the herd starts to send"},
    {"spread", FIELD_DURATION, offsetof(struct burst, spread_ns), .text = "0s",
     .help = "each client picks its own moment in this window, uniformly (splay)"},
    {0}};

/* Uniform order statistics one after the other: of `left` points in a rest R of the window, the next lies
 * R (1 - U^(1/left)) ahead. */
static double draw_work(const void *parameters, const struct arrival_state *state, struct stream *stream,
                        const struct ziggurat *zig)
{
    const struct burst *p = parameters;
    (void)zig;
    double left = (double)state->clients - (double)state->drawn;
    if (left < 1)
        return INFINITY;
    double start = (double)p->at_ns, end = start + (double)p->spread_ns;
    double from = state->drawn == 0 ? start : (double)state->last_ns;
    double u = stream_uniform_open(stream);
    return from - (double)state->last_ns + fmax(0, end - from) * (1 - pow(u, 1 / left));
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    (void)parameters, (void)factor;
    return isinf(work) ? INT64_MAX : from_ns + law_round_ns(work);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    (void)parameters, (void)factor;
    return (double)(to_ns - from_ns);
}

const struct arrival_row arrival_burst = {
    .row = {.name = "burst", .summary = "every client sends one request at one time, or spread over a window",
            .formula = "count requests at `at` + U(0, spread)", .source = NULL, .fields = fields,
            .size = sizeof(struct burst)},
    .each_once = true,
    .draw_work = draw_work, .finish_ns = finish_ns, .progress = progress,
};
