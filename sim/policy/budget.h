/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets: how many retries a caller may add to its requests.
 *
 * Pure: (parameters, state, now) -> granted or not. The state is 24 bytes of plain memory; the caller keeps
 * one per scope (client or population) and never shares it between threads. Charged before the wait; a retry
 * that is denied fails its request at once and is counted (`denied_retries`). Order of calls for one request:
 * on_request, then for each failed attempt on_failure (only for failures that the policy's retry_on names,
 * the last attempt's included) and, if the policy would retry, try_retry; on_success once if an attempt
 * succeeds, with the number of attempts so far. `now` never goes back. NULL functions do nothing.
 *
 * Tokens are whole numbers of 1e-9 token, so 20 deposits of 5 % are exactly one retry, for ever. */
#ifndef POLICY_BUDGET_H
#define POLICY_BUDGET_H

#include "base/field.h"
#include "base/table.h"
#include "policy/scope.h"

#define BUDGET_TOKEN INT64_C(1000000000)

struct budget_state {
    int64_t tokens;     /* in 1/BUDGET_TOKEN */
    int64_t updated_ns; /* of a refill by time */
    double carry;       /* what that refill still owes, below 1 in the same unit */
};

struct budget_row {
    struct row row;
    void (*init)(const void *parameters, struct budget_state *state); /* at time 0 */
    void (*on_request)(const void *parameters, struct budget_state *state, int64_t now_ns);
    void (*on_success)(const void *parameters, struct budget_state *state, int64_t now_ns, uint32_t attempts);
    void (*on_failure)(const void *parameters, struct budget_state *state, int64_t now_ns);
    bool (*try_retry)(const void *parameters, struct budget_state *state, int64_t now_ns);
};

struct budget {
    struct choice choice; /* row `none`: retries are free */
    int scope;            /* enum scope; default population */
};

extern const struct table budget_table;
extern const struct record budget_record; /* {kind: ratio, ratio: 5%, reserve: 10, scope: client}, or 5% */

#endif
