/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter polly-v2: retries at random points of a smooth exponential curve of total time.
 *
 * Retry n comes, waits alone counted, (base / 1.4) F(n - 1 + U) after the first failure, F(t) = 2^t tanh(sqrt(4 t)).
 * So the waits are differences, their sum telescopes, and the chain's state is the sum so far (before max_wait). Of the
 * shape only the base counts. exp2 and tanh are the C library's: another one may give another last nanosecond. */
#include "policy/jitter/rows.h"

#include <math.h>

#define SCALE (1 / 1.4)

static double total_ns(const struct jitter_in *in, double t)
{
    double total = backoff_base_ns(in->backoff) * SCALE * exp2(t) * tanh(sqrt(4 * t));
    return total < (double)BACKOFF_LONGEST_NS ? total : (double)BACKOFF_LONGEST_NS;
}

static double difference_ns(double total, double before)
{
    if (total >= (double)BACKOFF_LONGEST_NS)
        return total;
    return total > before ? total - before : 0;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    double before = (double)*in->call->chain_ns;
    double total = total_ns(in, in->retry - 1 + stream_uniform(stream));
    (void)parameters;
    *in->call->chain_ns = (int64_t)(total + 0.5);
    return difference_ns((double)*in->call->chain_ns, before);
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    double least = total_ns(in, in->retry - 1), most = total_ns(in, in->retry);
    (void)parameters;
    range->low_ns = difference_ns(least, range->chain_high_ns);
    range->high_ns = difference_ns(most, range->chain_low_ns);
    range->chain_low_ns = least;
    range->chain_high_ns = most;
}

const struct jitter_row jitter_polly_v2 = {
    .row = {.name = "polly-v2",
            .summary = "retries at random points of a smooth exponential curve of total time",
            .formula =
                "X(n) = T(n) - T(n-1), T(n) = base/1.4 * F(n - 1 + U(0, 1)), T(0) = 0, F(t) = 2^t tanh(sqrt(4t))",
            .source = "Polly RetryHelper.cs DecorrelatedJitterBackoffV2; Polly.Contrib.WaitAndRetry; the default of "
                      "Microsoft.Extensions.Http.Resilience"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
    .needs_base = true,
    .keeps_chain = true,
};
