/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client-side rate limits: all attempts, first ones included.
 *
 * Pure: (parameters, state, now) -> how long to wait for the permit: 0 now, a positive wait (`on_empty:
 * wait`: the permit is reserved, the attempt is sent then; permits go in the order they were asked for), or
 * LIMITER_REFUSED (`on_empty: reject`: a local rejection that uses up an attempt; also when the wait would
 * exceed `max_wait`; a refusal takes nothing). A reserved permit cannot be given back. Times are integers: a
 * bucket never drifts. `now` never goes back. State: 16 bytes of plain memory; limiter rows set it up with
 * init (NULL: all zero). */
#ifndef POLICY_LIMITER_H
#define POLICY_LIMITER_H

#include "base/field.h"
#include "base/table.h"
#include "policy/scope.h"

#define LIMITER_REFUSED INT64_MIN

struct limiter_state {
    int64_t next_free_ns; /* GCRA: the theoretical arrival time */
    int64_t spare;        /* GCRA: its fraction, in 2^-32 ns */
};

struct limiter_row {
    struct row row;
    void (*init)(const void *parameters, struct limiter_state *state); /* at time 0 */
    int64_t (*acquire_ns)(const void *parameters, struct limiter_state *state, int64_t now_ns);
};

struct limiter {
    struct choice choice; /* row `none`: no limit */
    int scope;            /* enum scope; default client */
};

extern const struct table limiter_table;
extern const struct record limiter_record; /* {kind: token-bucket, rate: 10/s, burst: 20, on_empty: reject} */

#endif
