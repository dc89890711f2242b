/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When counted results are too bad: the rule that the windows share.
 *
 *     calls >= min_calls, and closed for min_age, and one of
 *         bad >= failures        bad / calls >= ratio        slow / calls >= slow_ratio
 *
 * `compare: above` makes each >= a >. A call is slow if it took longer than slow_after, whatever came back. Shares are
 * compared in whole numbers: 7 of 100 are 7 %, although 0.07 * 100 > 7 in doubles. `whole_percent` first cuts the share
 * to whole percents, as Hystrix does: 499 of 1000 are 49 %. Exact up to 9e9 calls. */
#ifndef POLICY_BREAKER_TRIP_H
#define POLICY_BREAKER_TRIP_H

#include "policy/breaker.h"

enum breaker_compare { COMPARE_AT_LEAST, COMPARE_ABOVE };
enum breaker_out_of { OUT_OF_ANSWERS, OUT_OF_CALLS };

struct breaker_trip {
    int64_t failures;         /* INT64_MAX: not by number */
    double ratio, slow_ratio; /* INFINITY: not by this share */
    int64_t slow_after_ns;    /* INT64_MAX: nothing is slow */
    int64_t min_calls, min_age_ns;
    int compare; /* enum breaker_compare */
    bool whole_percent;
};

struct breaker_tally {
    int64_t calls, bad, slow;
};

bool trip_reached(const struct breaker_trip *trip, const struct breaker_tally *tally, int64_t age_ns);

/* NULL, or what is wrong with it. */
const char *trip_complaint(const struct breaker_trip *trip);

static inline bool trip_exceeds(int64_t left, int64_t right, int compare)
{
    return compare == COMPARE_ABOVE ? left > right : left >= right;
}

static inline bool trip_is_slow(const struct breaker_trip *trip, const struct breaker_sample *sample)
{
    return sample->latency_ns > trip->slow_after_ns;
}

/* A result, for the tally. */
static inline void trip_count(const struct breaker_trip *trip, struct breaker_tally *tally, bool is_call,
                              const struct breaker_sample *sample)
{
    tally->calls += is_call;
    tally->bad += !sample->good;
    tally->slow += trip_is_slow(trip, sample);
}

/* The instant when it is old enough, or INT64_MAX if it is. */
static inline int64_t trip_ages_ns(int64_t min_age_ns, const struct breaker_time *at)
{
    return at->age_ns < min_age_ns ? at->now_ns + (min_age_ns - at->age_ns) : INT64_MAX;
}

extern const char *const breaker_compare_names[], *const breaker_out_of_names[];

#define BREAKER_COMPARE_FIELD(type, member)                                                                          \
    {"compare", FIELD_ENUM, offsetof(type, member), .names = breaker_compare_names, .text = "at-least",              \
     .help = "whether reaching the threshold trips it (at-least), or only passing it (above)"}

#define BREAKER_MIN_AGE_FIELD(type, member)                                                                          \
    {"min_age", FIELD_DURATION, offsetof(type, member), .min = 0, .max = 1e18, .text = "0s",                         \
     .help = "how long it must have been closed before it can trip"}

#define BREAKER_OUT_OF_FIELD(type, member)                                                                           \
    {"out_of", FIELD_ENUM, offsetof(type, member), .names = breaker_out_of_names, .text = "answers",                 \
     .help = "what the share is taken of: results, or all calls, also those under way and those that the breaker "   \
             "itself refused (opossum's fires)"}

/* The fields of a member `trip`. `minimum`: the default of min_calls; `minimum_word`: NULL, or a word for the most. */
#define BREAKER_TRIP_FIELDS(type, minimum, minimum_word)                                                             \
    {"failures", FIELD_COUNT, offsetof(type, trip.failures), .min = 1, .max = 1e9, .text = "none", .word = "none",   \
     .help = "number of failures that trips it"},                                                                    \
    {"ratio", FIELD_RATIO, offsetof(type, trip.ratio), .min = 1e-9, .max = 1, .text = "none", .word = "none",        \
     .help = "share of failures that trips it"},                                                                     \
    {"slow_ratio", FIELD_RATIO, offsetof(type, trip.slow_ratio), .min = 1e-9, .max = 1, .text = "none",              \
     .word = "none", .help = "share of slow calls that trips it, good ones or not"},                                 \
    {"slow_after", FIELD_DURATION, offsetof(type, trip.slow_after_ns), .min = 0, .max = 1e18, .text = "none",        \
     .word = "none", .help = "a call that takes longer is slow"},                                                    \
    {"min_calls", FIELD_COUNT, offsetof(type, trip.min_calls), .min = 0, .max = 1e9, .text = minimum,                \
     .word = minimum_word, .help = "calls it needs before it can trip"},                                             \
    BREAKER_MIN_AGE_FIELD(type, trip.min_age_ns), BREAKER_COMPARE_FIELD(type, trip.compare),                         \
    {"whole_percent", FIELD_BOOL, offsetof(type, trip.whole_percent), .text = "false",                               \
     .help = "cut shares to whole percents before they are compared (Hystrix)"}

#endif
