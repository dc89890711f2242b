/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refresh ahead at a hard threshold: one winner fetches. */
#include "model/refresh/rows.h"

struct threshold {
    int64_t before_ns;
};

static const struct field fields[] = {
    {"before", FIELD_DURATION, offsetof(struct threshold, before_ns), .min = 1, .max = 1e18,
     .help = "the first hit within this time before the expiry refetches"},
    {0}};

static bool is_due(const void *parameters, int64_t left_ns, int64_t fetch_ns, struct stream *stream)
{
    (void)fetch_ns, (void)stream;
    return left_ns < ((const struct threshold *)parameters)->before_ns;
}

const struct refresh_row refresh_threshold = {
    .row = {.name = "threshold", .summary = "the first reader within some time of the expiry refetches; one at a time",
            .source = "memcached's meta get with a recache time, R(t); Caffeine's refreshAfterWrite",
            .fields = fields, .size = sizeof(struct threshold)},
    .one_winner = true, .is_due = is_due,
};
