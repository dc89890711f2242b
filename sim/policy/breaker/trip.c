/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/breaker/trip.h"

#include <math.h>

enum { BILLIONTHS_IN_PERCENT = 10000000 };

static bool share_exceeds(const struct breaker_trip *trip, int64_t part, int64_t calls, double ratio)
{
    int64_t billionths = (int64_t)(ratio * 1e9 + 0.5);
    if (part == 0)
        return false;
    if (trip->whole_percent && calls > 0)
        return trip_exceeds(part * 100 / calls * BILLIONTHS_IN_PERCENT, billionths, trip->compare);
    return trip_exceeds(part * INT64_C(1000000000), billionths * calls, trip->compare);
}

bool trip_reached(const struct breaker_trip *trip, const struct breaker_tally *tally, int64_t age_ns)
{
    if (tally->calls < trip->min_calls || age_ns < trip->min_age_ns)
        return false;
    if (trip->failures < INT64_MAX && trip_exceeds(tally->bad, trip->failures, trip->compare))
        return true;
    if (isfinite(trip->ratio) && share_exceeds(trip, tally->bad, tally->calls, trip->ratio))
        return true;
    return isfinite(trip->slow_ratio) && share_exceeds(trip, tally->slow, tally->calls, trip->slow_ratio);
}

const char *trip_complaint(const struct breaker_trip *trip)
{
    bool by_ratio = isfinite(trip->ratio), by_slow = isfinite(trip->slow_ratio);
    if (trip->failures == INT64_MAX && !by_ratio && !by_slow)
        return "it would never trip: give it 'failures', a 'ratio' or a 'slow_ratio'";
    if (by_slow != (trip->slow_after_ns < INT64_MAX))
        return by_slow ? "slow_ratio needs slow_after: how long is slow?"
                       : "slow_after needs slow_ratio: the share of slow calls that trips it";
    if (trip->compare == COMPARE_ABOVE && ((by_ratio && trip->ratio >= 1) || (by_slow && trip->slow_ratio >= 1)))
        return "a share is never above 100%: use 'compare: at-least'";
    return NULL;
}

const char *const breaker_compare_names[] = {"at-least", "above", NULL};
const char *const breaker_out_of_names[] = {"answers", "calls", NULL};
