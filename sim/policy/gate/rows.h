/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates: one file a row, listed in table.c. Their parameters are here so that tests can fill them; those behind
 * "derived" are prepare's. */
#ifndef POLICY_GATE_ROWS_H
#define POLICY_GATE_ROWS_H

#include "policy/gate.h"
#include "policy/gate/limit.h"
#include "policy/gate/quantile.h"
#include "policy/gate/spacing.h"
#include "policy/rolling.h"

extern const struct gate_row gate_none;

/* ---- rates ---- */

extern const struct gate_row gate_token_bucket, gate_leaky, gate_cycle, gate_sliding_log, gate_fixed_window,
    gate_sliding_window, gate_warm_up;

enum gate_on_empty { ON_EMPTY_REJECT, ON_EMPTY_WAIT };

struct gate_token_bucket {
    double rate_per_s;
    int64_t burst;
    int on_empty;         /* enum gate_on_empty */
    int64_t max_wait_ns, queue;   /* INT64_MAX: none */
    /* derived */
    struct fine step, slack;
    int64_t longest_ns;
};

enum gate_leaky_clock { LEAKY_EXACT, LEAKY_MS };

struct gate_leaky {
    double rate_per_s;
    int64_t burst, delay; /* delay INT64_MAX: nobody waits */
    int clock;            /* enum gate_leaky_clock */
    /* derived */
    struct fine step, most, undelayed;
    int64_t thousandths_per_s;
};

/* The theoretical arrival time (GCRA). */
struct gate_spacing_state {
    struct fine next_free;
};

struct gate_cycle {
    int64_t permits, period_ns, max_wait_ns;
};

struct gate_cycle_state {
    int64_t cycle, permits;   /* below 0: reserved of later cycles */
};

enum gate_starts { STARTS_CLOCK, STARTS_FIRST };

/* sliding-log, fixed-window, sliding-window */
struct gate_window_limit {
    int64_t limit, window_ns;
    int starts;           /* fixed-window: enum gate_starts */
};

struct gate_window_state {
    int64_t end_ns, count, last;  /* last: of the window before (sliding-window) */
};

struct gate_warm_up {
    double rate_per_s;
    int64_t warm_up_ns;
    double cold_factor;
    int64_t max_wait_ns;  /* INT64_MAX: none */
    /* derived */
    double stable_ns, half, most, slope_ns;
};

struct gate_warm_up_state {
    double stored;
    int64_t next_free_ns;
};

/* ---- what callers learn from answers ---- */

extern const struct gate_row gate_adaptive_throttle, gate_nack_throttle, gate_aws_adaptive;

enum gate_throttle_counts { COUNTS_ASKED, COUNTS_ANSWERED };

struct gate_adaptive_throttle {
    double k;
    double success_threshold;     /* INFINITY: k says it */
    double aggression, p_max, min_rate_per_s;
    int64_t window_ns, slices;
    int counts;           /* enum gate_throttle_counts */
    uint32_t failures;    /* set: not accepted */
    /* derived */
    struct rolling_shape shape;
    double accepted_weight, min_count;
};

struct gate_nack_throttle {
    double threshold, p_max, min_rate_per_s;
    int64_t window_ns;
    uint32_t failures;    /* set: nacks */
};

enum { NACK_SLICES = 10 };

struct gate_nack_throttle_state {
    double accepted;      /* moving average: 1 all, 0 none */
    int64_t updated_ns;
    int64_t asked[3 + NACK_SLICES];   /* rolling, of the last second */
};

struct gate_aws_adaptive {
    double beta, scale, min_rate_per_s, smoothing;
    int64_t slot_ns, max_wait_ns;
    uint32_t on;          /* set: throttling */
};

struct gate_aws_adaptive_state {
    double tokens, fill_per_s, capacity;
    double measured_per_s, last_max_per_s, time_to_max_s;
    int64_t refilled_ns, throttled_ns, slot, count;
    bool active;
};

/* ---- how many at the same time ---- */

extern const struct gate_row gate_bulkhead, gate_concurrency, gate_aimd, gate_vegas, gate_gradient, gate_gradient2,
    gate_envoy_adaptive, gate_bbr, gate_credits;

struct gate_bulkhead {
    int64_t max, queue, max_wait_ns;
};

struct gate_share {
    double share;
};

struct gate_concurrency {
    int64_t limit;
    struct list shares;   /* of struct gate_share, by priority */
    bool hard;
};

struct gate_aimd {
    struct gate_limit limit;
    double backoff;
    int64_t timeout_ns;
};

struct gate_vegas {
    struct gate_limit limit;
    double smoothing;
    int64_t probe;
};

struct gate_vegas_state {
    struct gate_limit_state limit;
    double base_ns, probe_jitter;
    int64_t samples;
};

struct gate_gradient {
    struct gate_limit limit;
    double tolerance, smoothing, backoff;
    int64_t probe;        /* INT64_MAX: never */
};

struct gate_gradient_state {
    struct gate_limit_state limit;
    double base_ns;       /* 0: none yet */
    int64_t until_probe;
};

struct gate_gradient2 {
    struct gate_limit limit;
    double tolerance, smoothing;
    int64_t queue, long_window;
};

struct gate_gradient2_state {
    struct gate_limit_state limit;
    double long_ns, warm_sum_ns;
    int64_t samples;
};

struct gate_envoy_adaptive {
    double quantile, buffer, jitter;
    int64_t update_ns, probe_ns, probe_requests, probe_limit, max;
};

struct gate_envoy_adaptive_state {
    double limit, deferred, base_ns;
    int64_t in_flight, next_ns, probe_began_ns, next_probe_ns;
    int64_t at_least_in_row;      /* updates in a row that left the limit at its least */
    bool probing;
    struct gate_quantile latencies;
};

/* A moving average of the share of workers that are busy. */
struct gate_busy {
    double average, now;
    int64_t since_ns;
};

struct gate_bbr {
    double busy, decay;
    int64_t window_ns, slices, average_ns, cool_off_ns;
    struct rolling_shape shape;   /* derived */
};

struct gate_bbr_state {
    int64_t in_flight;
    double average_in_flight;
    struct gate_busy busy;
    int64_t hot_ns;       /* when the workers were too busy last */
    bool refused;         /* something, since then */
    int64_t window[];     /* rolling */
};

struct gate_credits {
    int64_t target_ns, every_ns, start, max, clients;
    double increase, decrease, drop_at;
};

struct gate_credits_state {
    double credits;
    int64_t in_flight, next_ns;
};

/* ---- what is more important first ---- */

extern const struct gate_row gate_cpu, gate_queue_delay, gate_priority_cutoff;

struct gate_busy_threshold {
    double busy;
};

struct gate_cpu {
    struct list thresholds;   /* of struct gate_busy_threshold, by priority */
    int64_t average_ns;
};

struct gate_delay_threshold {
    int64_t delay_ns;
};

enum gate_delay_signal { DELAY_AVERAGE, DELAY_OLDEST };

struct gate_queue_delay {
    struct list thresholds;   /* of struct gate_delay_threshold, by priority */
    int signal;           /* enum gate_delay_signal */
    int64_t window_ns, slices;
    struct rolling_shape shape;   /* derived */
};

struct gate_priority_cutoff {
    int64_t threshold_ns, window_ns, window_requests, priorities, users, rehash_ns;
    double alpha, beta;
};

struct gate_priority_cutoff_state {
    int64_t end_ns, arrived, admitted, waited;
    double wait_sum_ns;
    int64_t cutoff;       /* the last level that is admitted */
    uint32_t levels[];    /* arrivals of this window */
};

#endif
