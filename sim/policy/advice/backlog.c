/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice backlog: the time it takes to work off what waits; spread: anything up to it, another for everybody. */
#include "policy/advice/rows.h"

#include <math.h>

static int64_t hint_ns(const void *parameters, const struct advice_in *in)
{
    const struct advice_backlog *p = parameters;
    double wait_ns = fmin(in->backlog_s * 1e9, (double)p->max_ns);
    if (p->spread)
        wait_ns *= stream_uniform(in->stream);
    return (int64_t)wait_ns;
}

static const struct field fields[] = {
    {"spread", FIELD_BOOL, offsetof(struct advice_backlog, spread), .text = "false",
     .help = "a random part of it, so that not all come back together"},
    {"max", FIELD_DURATION, offsetof(struct advice_backlog, max_ns), .min = 0, .max = 1e15, .text = "1h",
     .help = "longest time; also what is said while the service stands still"},
    {0},
};

const struct advice_row advice_backlog = {
    .row = {.name = "backlog",
            .summary = "the time it takes to work off what waits, or a random part of it",
            .formula = "queue length / capacity per second; spread: U(0, that)",
            .fields = fields,
            .size = sizeof(struct advice_backlog)},
    .hint_ns = hint_ns,
};
