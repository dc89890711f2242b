/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole client policy of an edge: what a caller does about one request until it succeeded or was given
 * up.
 *
 * Order, outermost first: deadline [ budget, persistence, backoff [ breaker [ rate limit [ timeout [ send
 * ]]]]]. After a failed attempt the request goes on if the failure is in retry_on, attempts are left, the
 * deadline has not passed, a draw says so (persistence), and the budget grants the retry; then it waits the
 * backoff. The breaker and the rate limit see every attempt, and what they refuse is a failure of kind
 * `local` that used up an attempt. No attempt starts after the deadline, which counts from
 * the request's start: the request fails when the deadline passes, or instead of a wait that would end after it.
 * Only data here: the model acts. Cost of the state is the budget's, breaker's and limiter's, per scope. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/law.h"
#include "policy/backoff.h"
#include "policy/breaker.h"
#include "policy/budget.h"
#include "policy/limiter.h"

enum failure {
    FAILURE_TIMEOUT,  /* no answer in time; the service may have done the work */
    FAILURE_REJECTED, /* the service said no before working on it: full queue, rate limit, shed */
    FAILURE_REFUSED,  /* nobody there: connection refused */
    FAILURE_ERROR,    /* the service worked on it and failed */
    FAILURE_LOCAL,    /* never sent: the breaker or the rate limit refused it */
    FAILURE_KINDS
};

extern const char *const failure_names[]; /* ends with NULL */

struct policy {
    struct law *timeout;  /* of an attempt, from its send; NULL: none */
    int64_t attempts;     /* sends at most, the first included; INT64_MAX: unlimited */
    int64_t deadline_ns;  /* INT64_MAX: none */
    struct list retry_on; /* of struct retry_on */
    uint32_t retry_mask;  /* of retry_on: bit = enum failure */
    double persistence;
    struct backoff backoff;
    struct budget budget;
    struct breaker breaker;
    struct limiter limiter;
};

struct retry_on {
    int failure; /* enum failure */
};

extern const struct record policy_record; /* {timeout: 1s, attempts: 3, backoff: {...}, budget: {...}, ...} */

static inline bool policy_retries(const struct policy *policy, enum failure failure)
{
    return policy->retry_mask >> failure & 1;
}

#endif
