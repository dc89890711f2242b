/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The retry budgets: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_BUDGET_ROWS_H
#define POLICY_BUDGET_ROWS_H

#include "policy/budget.h"

/* The state of the budgets that are a balance. */
struct budget_state {
    int64_t tokens;     /* in 1/BUDGET_TOKEN */
    int64_t updated_ns; /* of a refill by time */
    double carry;       /* what that refill still owes, below 1 in the same unit */
};

static inline size_t budget_plain_state(const void *parameters)
{
    (void)parameters;
    return sizeof(struct budget_state);
}

enum budget_earns { EARNS_REQUEST, EARNS_SUCCESS };

struct budget_ratio {
    double ratio;
    int64_t reserve, max;
    double min_rate_per_s;
    int earns; /* enum budget_earns */
};

enum budget_refund { REFUND_NONE, REFUND_LAST_COST, REFUND_ALL };

struct budget_bucket {
    int64_t size, start, cost; /* start INT64_MAX: full */
    double refill_per_s;
    int64_t refund_success;
    int refund_retry; /* enum budget_refund */
};

struct budget_throttle {
    int64_t max;
    double ratio;
};

extern const struct budget_row budget_none, budget_ratio, budget_bucket, budget_throttle;

#define BUDGET_COUNT_MAX 1e9 /* tokens: the largest balance still fits an int64_t eight times */

static inline int64_t budget_share(double ratio)
{
    return (int64_t)(ratio * (double)BUDGET_TOKEN + 0.5);
}

/* Adds, up to the balance `max` (both in 1/BUDGET_TOKEN). */
static inline void budget_add(struct budget_state *state, int64_t amount, int64_t max)
{
    state->tokens = amount < max - state->tokens ? state->tokens + amount : max;
}

static inline bool budget_take(struct budget_state *state, int64_t amount)
{
    if (state->tokens < amount)
        return false;
    state->tokens -= amount;
    return true;
}

/* Adds what time has earned since the last call: rate * 1e9 units a second, so rate units a nanosecond. */
static inline void budget_refill(struct budget_state *state, double rate_per_s, int64_t max, int64_t now_ns)
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
