/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole client policy of an edge: what a caller does about one request until it succeeded or was given up.
 *
 * Order, outermost first (`per:` moves a breaker or a gate between the two places):
 *
 *     breaker, gates (per: request) [ deadline [ retry: rules, persistence, budgets, backoff, hint
 *         [ breaker, gates (per: attempt) [ hedging [ timeout [ send ]]]]]]
 *
 * After a failed attempt the request goes on if the failure is in retry_on, attempts and the rule of that failure
 * leave a retry, doing the work twice is allowed (`unsafe`), the deadline is ahead, a draw says so (persistence) and
 * the budgets grant it; then it waits the backoff, as the hint of the service changes it. What a breaker or a gate
 * refuses per attempt is a failure of its own kind that used up an attempt.
 *
 * The deadline counts from the request's start (`deadline_from: attempt`: and time is read when an attempt starts, so
 * the last one may overshoot). deadline_rule, when the wait X would end after it:
 *     stop    fails at once, instead of the wait (cenkalti, gax)
 *     clip    waits what is left, then sends once more (failsafe, litl)
 *     check   waits all of X if the deadline is not past yet, and sends (tenacity, node-retry)
 *     cut     waits, and fails at the deadline (contexts)
 * `deadline_cuts: true`: an attempt under way is given up at the deadline, too. The timeout of attempt n is the law's
 * draw x timeout_growth^max(0, n - timeout_growth_after), at most timeout_cap, and with `timeout_clip` at most what the
 * deadline leaves; `last_timeout: false`: the last attempt has none (Linkerd). Only data here: the model acts. Cost of
 * the state is the budgets', breaker's and gates', per scope. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/law.h"
#include "policy/backoff.h"
#include "policy/breaker.h"
#include "policy/budget.h"
#include "policy/failure.h"
#include "policy/gate.h"
#include "policy/hedge.h"
#include "policy/hint.h"

enum deadline_rule { DEADLINE_STOP, DEADLINE_CLIP, DEADLINE_CHECK, DEADLINE_CUT };
enum deadline_from { DEADLINE_FROM_REQUEST, DEADLINE_FROM_ATTEMPT };
enum unsafe_rule { UNSAFE_RETRY, UNSAFE_STOP };

/* What is different after some failures. */
struct failure_rule {
    uint32_t on;              /* set of failures */
    int64_t retries;          /* after these, of one request; INT64_MAX: as many as `attempts` allows */
    struct backoff *backoff;  /* NULL: the policy's */
};

struct policy {
    struct law *timeout;      /* of an attempt, from its send; NULL: none */
    double timeout_growth;
    int64_t timeout_growth_after;
    int64_t timeout_cap_ns;   /* INT64_MAX: none */
    bool timeout_clip, last_timeout;
    int64_t connect_timeout_ns;   /* of an attempt that never reaches the service; INT64_MAX: none */
    int64_t attempts;         /* sends at most, the first included; INT64_MAX: unlimited */
    int64_t deadline_ns;      /* INT64_MAX: none */
    int deadline_rule, deadline_from;
    bool deadline_cuts;
    uint32_t retry_on;        /* set of failures */
    int unsafe;               /* enum unsafe_rule: requests that must not be done twice */
    double persistence;
    struct backoff backoff;
    struct list rules;        /* of struct failure_rule */
    struct hint hint;
    struct list budgets;      /* of struct budget, row `none` left out */
    struct list gates;        /* of struct gate, row `none` left out */
    struct breaker breaker;
    struct hedge *hedge;      /* NULL: none */
    int8_t rule_of[FAILURE_KINDS];    /* index into rules, or -1 */
    const char *preset;       /* where it comes from, or "none" */
};

extern const struct record policy_record; /* {timeout: 1s, attempts: 3, backoff: {...}, budget: {...}, ...} */

static inline bool policy_retries(const struct policy *policy, enum failure failure)
{
    return failure_in(policy->retry_on, failure);
}

/* One that sends once, and waits that long. */
struct policy policy_once(struct law *timeout);

/* The wait as the deadline changes it, or POLICY_STOP: no retry. `left_ns`: to the deadline, as deadline_from
 * says. */
#define POLICY_STOP INT64_MIN
int64_t policy_deadline_wait_ns(const struct policy *policy, int64_t left_ns, int64_t wait_ns);
/* The timeout of an attempt (1 = first) whose law gave `drawn_ns`, with `left_ns` to the deadline. */
int64_t policy_timeout_ns(const struct policy *policy, uint32_t attempt, int64_t drawn_ns, int64_t left_ns);

/* NULL: none for this failure. */
static inline const struct failure_rule *policy_rule(const struct policy *policy, enum failure failure)
{
    int rule = policy->rule_of[failure];
    return rule < 0 ? NULL : &((const struct failure_rule *)policy->rules.items)[rule];
}

static inline const struct backoff *policy_backoff(const struct policy *policy, enum failure failure)
{
    const struct failure_rule *rule = policy_rule(policy, failure);
    return rule && rule->backoff ? rule->backoff : &policy->backoff;
}

#endif
