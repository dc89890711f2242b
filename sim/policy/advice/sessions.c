/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice sessions: the time it takes to connect all who have no session; spread: anything up to it, for each another.
 *
 * Those of the population that asks, whether they wait here or were turned away: a service that lost 20,000 sessions
 * knows how many will come. A population without sessions is told nothing. */
#include "policy/advice/rows.h"

#include <math.h>

static int64_t hint_ns(const void *parameters, const struct advice_in *in)
{
    const struct advice_sessions *p = parameters;
    if (in->sessions_s < 0)
        return HINT_NONE;
    double wait_ns = fmin(in->sessions_s * 1e9, (double)p->max_ns);
    if (p->spread)
        wait_ns *= stream_uniform(in->stream);
    return (int64_t)wait_ns;
}

static const struct field fields[] = {
    {"spread", FIELD_BOOL, offsetof(struct advice_sessions, spread), .text = "true",
     .help = "a random part of it, so that not all come back together"},
    {"max", FIELD_DURATION, offsetof(struct advice_sessions, max_ns), .min = 0, .max = 1e15, .text = "1h",
     .help = "longest time; also what is said while the service stands still"},
    {0},
};

const struct advice_row advice_sessions = {
    .row = {.name = "sessions",
            .summary = "the time it takes to connect all clients that have no session, or a random part of it",
            .formula = "clients without a session / capacity per second; spread: U(0, that)",
            .fields = fields,
            .size = sizeof(struct advice_sessions)},
    .hint_ns = hint_ns,
};
