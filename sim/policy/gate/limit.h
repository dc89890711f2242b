/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gates share that limit how many are under way at the same time and learn the limit from latencies.
 *
 *     ask       admitted while fewer than floor(limit) are under way
 *     leave     one less; a sample, or (with a window) one sample of all that left in it: mean latency, most under way,
 *               whether any was a drop
 *
 * A drop is a failure in drop_on; what fails otherwise, or was never sent, is no sample. The latency of a drop is not
 * looked at: a refusal is quick because nothing was done. The number under way in a sample is the one when it leaves,
 * itself included. */
#ifndef POLICY_GATE_LIMIT_H
#define POLICY_GATE_LIMIT_H

#include "policy/gate.h"

struct gate_limit {
    int64_t start, min, max;
    int64_t window_ns, window_samples;    /* 0 ns: each attempt is a sample */
    uint32_t drop_on;                     /* set of failures */
};

struct gate_limit_state {
    double limit;
    int64_t in_flight;
    int64_t window_end_ns, samples, served, most_in_flight;   /* served: no drops */
    double latency_sum_ns;
    bool dropped;
};

struct gate_sample {
    double latency_ns;                    /* 0: of a drop, or of a window of drops; else above 0 */
    int64_t in_flight;
    bool dropped;
};

void gate_limit_init(const struct gate_limit *limit, struct gate_limit_state *state);
struct gate_answer gate_limit_ask(struct gate_limit_state *state);
/* Whether there is a sample now. */
bool gate_limit_leave(const struct gate_limit *limit, struct gate_limit_state *state, const struct gate_out *out,
                      struct gate_sample *sample);
const char *gate_limit_check(const struct gate_limit *limit);

static inline double gate_between(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* The fields of a struct gate_limit that is the first member of a row's parameters, with these defaults. */
#define GATE_LIMIT_FIELDS(start_text, min_text, max_text)                                                             \
    {"start", FIELD_COUNT, offsetof(struct gate_limit, start), .min = 1, .max = 1e6, .text = start_text,              \
     .help = "limit at the start"},                                                                                   \
        {"min", FIELD_COUNT, offsetof(struct gate_limit, min), .min = 1, .max = 1e6, .text = min_text,                \
         .help = "least limit"},                                                                                      \
        {"max", FIELD_COUNT, offsetof(struct gate_limit, max), .min = 1, .max = 1e6, .text = max_text,                \
         .help = "largest limit"},                                                                                    \
        {"window", FIELD_DURATION, offsetof(struct gate_limit, window_ns), .min = 0, .max = 1e12, .text = "0s",       \
         .help = "time over which samples are averaged before the limit hears of them; 0s: each attempt is a sample"}, \
        {"window_samples", FIELD_COUNT, offsetof(struct gate_limit, window_samples), .min = 1, .max = 1e6,            \
         .text = "10", .help = "a window with fewer samples is left out"},                                            \
    {                                                                                                                 \
        "drop_on", FIELD_SET, offsetof(struct gate_limit, drop_on), .names = failure_names, .masks = failure_masks,   \
            .text = "default",                                                                                        \
            .help = "failures that mean too much load; others are no sample"                                          \
    }

#endif
