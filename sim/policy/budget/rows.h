/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The retry budgets: one file a row, listed in table.c. Their parameters are here so that tests can fill them; those
 * behind "derived" are prepare's. */
#ifndef POLICY_BUDGET_ROWS_H
#define POLICY_BUDGET_ROWS_H

#include "policy/budget.h"
#include "policy/rolling.h"

extern const struct budget_row budget_none, budget_ratio, budget_bucket, budget_throttle, budget_window,
    budget_inflight, budget_per_minute;

/* What pays into a budget: the start of every request, its success, or its final outcome, be it a success or a failure
 * that is not retried. */
enum budget_earns { EARNS_REQUEST, EARNS_SUCCESS, EARNS_FINAL };
extern const char *const budget_earns_names[];

struct budget_ratio {
    double ratio;
    int64_t reserve, max;
    double min_rate_per_s;
    int earns;            /* enum budget_earns */
};

enum budget_refund { REFUND_NONE, REFUND_LAST_COST, REFUND_ALL, REFUND_FIXED };
enum budget_compare { COMPARE_AT_LEAST, COMPARE_MORE_THAN };

struct budget_cost {
    uint32_t on;          /* set of failures */
    int64_t cost;
};

struct budget_bucket {
    int64_t size, start, cost; /* start INT64_MAX: full */
    struct list costs;    /* of struct budget_cost; the first that names the failure counts */
    double needs;         /* INFINITY: what it costs */
    double credit;
    int earns, compare;   /* enums above */
    double refill_per_s;
    int64_t refund_success;
    int refund_retry;     /* enum budget_refund */
    int64_t refund_amount;
};

struct budget_throttle {
    int64_t max;
    double ratio;
};

enum budget_rounding { ROUNDING_EXACT, ROUNDING_FLOOR };
enum budget_needs { NEEDS_WHOLE, NEEDS_SOME };

struct budget_window {
    double ratio;
    int64_t ttl_ns, slices;
    double min_rate_per_s;
    int earns, rounding, needs;   /* enums above */
    double per_request;   /* INFINITY: no limit */
    /* derived */
    struct rolling_shape shape;
    int64_t deposit, withdrawal, reserve;
};

enum budget_base { BASE_ATTEMPTS, BASE_REQUESTS };
enum budget_inflight_compare { INFLIGHT_BELOW, INFLIGHT_AT_MOST };

struct budget_inflight {
    double ratio;
    int64_t min;
    int base, compare;    /* enums above */
};

struct budget_inflight_state {
    int64_t retries, requests, waiting;
};

struct budget_per_minute {
    double ratio;
    int64_t window_ns, slices;
    struct rolling_shape shape; /* derived */
};

/* ---- balances ---- */

#define BUDGET_COUNT_MAX 1e9 /* tokens: the largest balance still fits an int64_t eight times */

/* The state of a balance is its tokens, in 1/BUDGET_TOKEN; if time fills it as well, this. */
struct budget_filling {
    int64_t tokens;
    int64_t updated_ns;
    double carry;         /* what time still owes, below 1 in the same unit */
};

static inline size_t budget_balance_size(double refill_per_s)
{
    return refill_per_s > 0 ? sizeof(struct budget_filling) : sizeof(int64_t);
}

static inline int64_t budget_share(double ratio) { return (int64_t)(ratio * (double)BUDGET_TOKEN + 0.5); }

/* Adds, up to the balance `max` (both in 1/BUDGET_TOKEN). */
static inline void budget_add(int64_t *tokens, int64_t amount, int64_t max)
{
    *tokens = amount < max - *tokens ? *tokens + amount : max;
}

/* Adds what time has earned since the last call: rate * 1e9 units a second, so rate units a nanosecond. */
static inline void budget_refill(struct budget_filling *state, double rate_per_s, int64_t max, int64_t now_ns)
{
    double earned = rate_per_s * (double)(now_ns - state->updated_ns) + state->carry;
    state->updated_ns = now_ns;
    state->carry = 0;
    if (earned >= (double)(max - state->tokens)) {
        state->tokens = max;
        return;
    }
    state->tokens += (int64_t)earned;
    state->carry = earned - (double)(int64_t)earned;
}

#endif
