/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XFetch: each reader may refetch early, by chance, the more likely the nearer the end and the slower the fetch.
 *
 * Popular pages promise exactly one early fetch; it is not so. Readers at rate a that are many within a fetch's time
 * begin e^(1/beta) fetches for each value, whatever the rate, for those that start until the first one returns also see
 * the old value. The first begins about beta D (ln(a beta D) + 0.577) before the expiry. */
#include <math.h>

#include "model/refresh/rows.h"

struct early {
    double beta;
};

static const struct field fields[] = {
    {"beta", FIELD_REAL, offsetof(struct early, beta), .min = 0.01, .max = 100, .text = "1",
     .help = "larger: earlier, and fewer at a time"},
    {0}};

/* Beyond 37 mean leads not even the smallest number of the stream will do, so none is drawn. */
static bool is_due(const void *parameters, int64_t left_ns, int64_t fetch_ns, struct stream *stream)
{
    double mean_ns = ((const struct early *)parameters)->beta * (double)fetch_ns;
    return (double)left_ns < 37 * mean_ns && -log(stream_uniform_open(stream)) * mean_ns >= (double)left_ns;
}

const struct refresh_row refresh_early = {
    .row = {.name = "early", .summary = "XFetch: a reader refetches by chance, the more likely the nearer the expiry",
            .formula = "refetch if now - beta D ln U >= expiry, D: the last fetch's time; e^(1/beta) fetches a value",
            .source = "Vattani, Chierichetti and Lowenstein, Optimal Probabilistic Cache Stampede Prevention "
                      "(VLDB 2015)",
            .fields = fields, .size = sizeof(struct early)},
    .is_due = is_due,
};
