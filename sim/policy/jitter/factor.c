/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter factor: the general one. none, full, equal, proportional and additive are points of it with a name. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    const struct jitter_factor *p = parameters;
    range->low_ns = (double)p->constant_ns + in->delay_ns * p->low;
    range->high_ns = (double)p->constant_ns + in->delay_ns * p->high + (double)p->add_ns;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    const struct jitter_factor *p = parameters;
    double wait_ns = jitter_uniform_ns(in, in->delay_ns * p->low, in->delay_ns * p->high, stream);
    if (p->add_ns > 0)
        wait_ns += (double)p->add_ns * stream_uniform(stream);
    return (double)p->constant_ns + wait_ns;
}

static const char *prepare(void *parameters)
{
    const struct jitter_factor *p = parameters;
    return p->low > p->high ? "low is greater than high" : NULL;
}

static const struct field fields[] = {
    {"low", FIELD_REAL, offsetof(struct jitter_factor, low), .min = 0, .max = 1000,
     .help = "least factor of the shape's wait: 0 full jitter, 0.5 equal jitter, 0.8 plus or minus 20 %"},
    {"high", FIELD_REAL, offsetof(struct jitter_factor, high), .min = 0, .max = 1000, .help = "greatest factor"},
    {"constant", FIELD_DURATION, offsetof(struct jitter_factor, constant_ns), .max = (double)BACKOFF_LONGEST_NS,
     .text = "0s", .help = "always added"},
    {"add", FIELD_DURATION, offsetof(struct jitter_factor, add_ns), .max = (double)BACKOFF_LONGEST_NS, .text = "0s",
     .help = "most of a second random part, which does not depend on the shape's wait"},
    {0},
};

const struct jitter_row jitter_factor = {
    .row = {.name = "factor",
            .summary = "the shape's wait times a random factor, plus a constant, plus a random amount",
            .formula = "X = constant + d * U(low, high) + U(0, add)",
            .source = "0.8..1.3: Azure SDK for Go, policy_retry.go; 1..2: Spring Retry ExponentialRandomBackOffPolicy, "
                      "Linkerd routes, AWS SDK for Go v1; on shape linear with a base of 1s: go-retryablehttp "
                      "LinearJitterBackoff, n * U(low, high)",
            .fields = fields,
            .size = sizeof(struct jitter_factor),
            .prepare = prepare},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
