/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service says with a rejection about when to come back: Retry-After, pushback.
 *
 * Pure: (parameters, what it knows of the service) -> a wait, or HINT_NONE. What callers make of it is policy/hint.h.
 * Identical advice sends everybody back at the same time; `backlog` with `spread`, and `sessions`, do not. */
#ifndef POLICY_ADVICE_H
#define POLICY_ADVICE_H

#include "base/field.h"
#include "base/stream.h"
#include "base/table.h"
#include "policy/hint.h"

struct advice_in {
    double backlog_s;             /* time to work off what waits; INFINITY: it stands still */
    double sessions_s;            /* time to connect all of its population without a session; below 0: has none */
    int64_t gate_ns;              /* when the gate that refuses may have something again; below 0: unknown */
    struct stream *stream;        /* draw once */
};

struct advice_row {
    struct row row;
    int64_t (*hint_ns)(const void *parameters, const struct advice_in *in);     /* NULL: says nothing */
};

struct advice {
    struct choice choice;
};

extern const struct table advice_table;
extern const struct record advice_record;    /* {kind: backlog, spread: true}, or 2s */

static inline int64_t advice_ns(const struct advice *advice, const struct advice_in *in)
{
    const struct advice_row *row = (const struct advice_row *)advice->choice.row;
    return row->hint_ns ? row->hint_ns(advice->choice.parameters, in) : HINT_NONE;
}

#endif
