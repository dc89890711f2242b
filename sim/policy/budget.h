/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets: how many retries a caller may add to its requests.
 *
 * Pure: (parameters, state, event) -> granted or not. The state is plain memory of `state_size` bytes, 8-byte aligned
 * and zeroed; the caller keeps one per scope (client or population) and never shares it between threads. `now` never
 * goes back. What a budget hears of one request, in order (NULL functions are not called):
 *
 *     on_request                       it begins
 *       on_failure                     an attempt failed (the last one, too; also what will not be retried)
 *       try_retry                      the policy would retry: granted or denied
 *       on_retry_sent                  the wait is over: a granted retry is sent now
 *       on_retry_end                   a granted retry has its outcome, or the request ended before it was sent
 *     on_success                       an attempt succeeded
 *     on_end                           it is over, either way; after on_success
 *
 * Asked before the wait (`when: before`), or when it is over and the retry is about to be sent (`when: after`). What
 * is held (in-flight budgets) is held from the grant to on_retry_end. A retry that is denied fails its request at
 * once and is counted (`denied_retries`). Of several budgets all must grant; they are asked in order, and when one
 * denies, those before it get an `undo`: it gives back exactly what the grant took. A budget that also bounds the
 * retries of a single request says how many when the request begins (request_limit). A hedge is asked for and told of
 * like a retry that does not wait.
 *
 * Tokens are whole numbers of 1e-9 token, so 20 deposits of 5 % are exactly one retry, for ever. */
#ifndef POLICY_BUDGET_H
#define POLICY_BUDGET_H

#include "base/field.h"
#include "base/table.h"
#include "policy/failure.h"
#include "policy/scope.h"

#define BUDGET_TOKEN INT64_C(1000000000)

struct budget_event {
    int64_t now_ns;
    uint32_t attempts;      /* of the request so far */
    enum failure failure;   /* on_failure, try_retry, undo: this attempt's; on_success: of the last one that failed */
    bool retryable;         /* on_failure: the failure is in retry_on */
    bool sent;              /* on_retry_end: the retry was sent */
};

struct budget_row {
    struct row row;
    size_t (*state_size)(const void *parameters);           /* NULL: no state */
    void (*init)(const void *parameters, void *state);      /* at time 0; NULL: all zero */
    void (*on_request)(const void *parameters, void *state, const struct budget_event *event);
    void (*on_failure)(const void *parameters, void *state, const struct budget_event *event);
    bool (*try_retry)(const void *parameters, void *state, const struct budget_event *event);
    void (*undo)(const void *parameters, void *state, const struct budget_event *event);
    void (*on_retry_sent)(const void *parameters, void *state, const struct budget_event *event);
    void (*on_retry_end)(const void *parameters, void *state, const struct budget_event *event);
    void (*on_success)(const void *parameters, void *state, const struct budget_event *event);
    void (*on_end)(const void *parameters, void *state, const struct budget_event *event);
    /* Retries that a request which begins now may have at most; after on_request. UINT32_MAX: no limit of its own. */
    uint32_t (*request_limit)(const void *parameters, void *state, const struct budget_event *event);
    bool (*limits_requests)(const void *parameters);        /* whether request_limit is to be asked; NULL: no */
    const char *(*after_wait)(const void *parameters);      /* why it cannot be asked `when: after`; NULL: it can */
};

enum budget_when { BUDGET_BEFORE_WAIT, BUDGET_AFTER_WAIT };

struct budget {
    struct choice choice; /* row `none`: retries are free */
    int scope;            /* enum scope; default population */
    int when;             /* enum budget_when */
    const char *preset;   /* where it comes from, or "none" */
};

extern const struct table budget_table;
extern const struct record budget_record; /* {kind: ratio, ratio: 5%, reserve: 10, scope: client}, or 5% */

#endif
