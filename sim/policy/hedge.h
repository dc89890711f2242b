/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hedging: another attempt of the same request is sent while the first still runs; the first success wins.
 *
 *     send 1 ---delay---> send 2 ---delay---> send 3 ... up to 1 + extra       any success: the request is good
 *         fails: with `on_failure: next` the next hedge is sent at once, with `wait` the schedule goes on
 *
 * A failure that is not in retry_on ends the request at once. When every attempt that was sent has failed and no
 * hedge is left, the request is retried or fails like any other. Hedges come on top of `attempts`, but each uses one
 * up. What is still under way when the request ends is abandoned: its service's `cancel` says what becomes of it. A
 * hedge passes the breaker and the gates, too, but it does not wait for a gate: it is then not sent. Each hedge asks
 * the budgets (`ask_budget: true`) as a retry does; one that is denied is not sent, and ends the hedging of that
 * request. `delay: attempt-timeout`: the hedge is sent when the attempt's timeout passes, and the attempt is not
 * given up (Envoy, hedge_on_per_try_timeout). Sources: gRPC proposal A6 (hedgingPolicy), Finagle BackupRequestFilter
 * (quantile), Envoy, failsafe-go, Polly v8. */
#ifndef POLICY_HEDGE_H
#define POLICY_HEDGE_H

#include "base/field.h"

enum hedge_after { HEDGE_AFTER_DELAY, HEDGE_AFTER_QUANTILE, HEDGE_AFTER_TIMEOUT };
enum hedge_on_failure { HEDGE_NEXT, HEDGE_WAIT };
enum { HEDGES_MAX = 8 };

struct hedge {
    int after;                    /* enum hedge_after */
    int64_t delay_ns;             /* AFTER_DELAY; least delay of AFTER_QUANTILE */
    double quantile;              /* of the latencies of good requests, refreshed every `refresh_ns` */
    int64_t refresh_ns;
    int64_t extra;                /* hedges at most */
    int on_failure;               /* enum hedge_on_failure */
    bool ask_budget;
};

extern const struct record hedge_record;     /* {delay: 500ms, extra: 3} */

#endif
