/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a caller waits before a retry: shape, then cap, then jitter, then cap again.
 *
 *     d = shape(n)                       n = 1 for the wait before the second attempt
 *     d = min(d, cap)                    cap_when before | both
 *     x = jitter(d)
 *     x = min(x, cap)                    cap_when after | both
 *     first_immediate: the first retry waits 0 and the shape starts with the second (index shifted).
 *
 * Pure: (parameters, retry number, the request's previous wait, a stream) -> wait. A shape is a row of
 * policy/backoff/table.c, a jitter a row of policy/jitter/table.c; adding one is one file and one row.
 * The jitters whose wait depends on the previous one (decorrelated) keep it per request in *previous_ns,
 * which the caller sets to 0 before the first retry.
 *
 * Shapes and jitters compute in doubles. A shape saturates at SHAPE_HUGE_NS, so a cap applies whatever the
 * number of the retry; the final wait is rounded to the nearest nanosecond and is at most BACKOFF_LONGEST_NS.
 * Cost: no shape loops to n (exponential O(log n), fibonacci at most 150 additions). */
#ifndef POLICY_BACKOFF_H
#define POLICY_BACKOFF_H

#include "base/field.h"
#include "base/stream.h"
#include "base/table.h"
#include "policy/failure.h"

#define BACKOFF_LONGEST_NS INT64_C(3155760000000000000) /* 100 years: now + wait cannot overflow */
#define SHAPE_HUGE_NS      1e30

enum cap_when { CAP_BEFORE, CAP_AFTER, CAP_BOTH };

struct shape_row {
    struct row row;
    double (*delay_ns)(const void *parameters, uint32_t retry); /* 0 .. SHAPE_HUGE_NS */
    double (*base_ns)(const void *parameters);                  /* the b of a decorrelated jitter */
};

struct jitter_in {
    double delay_ns;    /* after the first cap */
    double base_ns;     /* of the shape */
    double cap_ns;      /* INFINITY: none */
    double previous_ns; /* this request's last wait, 0 before the first */
    uint32_t retry;
};

struct jitter_row {
    struct row row;
    double (*wait_ns)(const void *parameters, const struct jitter_in *in, struct stream *stream);
    /* Bounds of the wait for the same input, for the generic tests and `describe`; high may be INFINITY. */
    void (*bounds_ns)(const void *parameters, const struct jitter_in *in, double *low, double *high);
    bool needs_base; /* useless with a shape whose base is 0 */
};

struct jitter {
    struct choice choice;
};

struct backoff {
    struct choice shape;
    struct jitter jitter;
    int64_t cap_ns; /* INT64_MAX: none */
    int cap_when;   /* enum cap_when */
    bool first_immediate;
};

extern const struct table shape_table, jitter_table;
extern const struct record jitter_record;  /* full, or {kind: proportional, ratio: 10%} */
extern const struct record backoff_record; /* {shape: exponential, base: 100ms, cap: 10s, jitter: full} */

/* What a wait depends on. */
struct backoff_call {
    uint32_t retry;            /* counts from 1 */
    uint32_t retries;          /* at most, of this request; UINT32_MAX: unlimited */
    enum failure failure;      /* that this wait follows */
    int64_t *chain_ns;         /* the request's own state, set to 0 before its first retry */
    struct stream *stream;     /* of this wait */
    struct stream chain;       /* of the request: the same for each of its waits */
};

/* BACKOFF_GIVE_UP: the request is not retried any more. */
#define BACKOFF_GIVE_UP INT64_MIN
int64_t backoff_wait_ns(const struct backoff *backoff, const struct backoff_call *call);

/* The least and the greatest wait before that retry, after that previous wait (0: none yet). */
void backoff_bounds_ns(const struct backoff *backoff, uint32_t retry, int64_t previous_ns, int64_t *low_ns,
                       int64_t *high_ns);

#endif
