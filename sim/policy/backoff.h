/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a caller waits before a retry. n = 1 is the wait before the second attempt, d the shape's wait, X the wait.
 *
 *     d = shape(n)                      a row of policy/backoff/
 *     first                             the first retry may wait 0 or exactly d(1), see below
 *     d = min(d, cap), X = jitter(d)    a row of policy/jitter/; where d outgrows the cap, at_cap decides
 *     X = min(X, max_wait)              the jitter included: every longer draw becomes exactly this
 *     X = max(X, min_wait)
 *     X = round(X, round_to)            clocks of whole milliseconds, slots
 *
 * first                                             at_cap, where d(n) > cap
 *     usual       as the others                         clamp    d = cap, then the jitter: X may exceed the cap
 *     zero        0; then d(2), d(3) (urllib3)          exact    X = cap without jitter (AWS SDK for Go v2): callers
 *     extra-zero  0; then d(1), d(2) (Polly)                     that were spread out come together again
 *     exact       d(1) without jitter (gRPC-Go)         redraw   if jitter(d) > cap, X = U(cap/2, cap) (AWS Go v1)
 *                                                       stop     the request ends, see backoff_is_last (Kubernetes)
 *
 * rounding, with round_to = s
 *     down        d and X are cut to a multiple of s: full jitter draws one of 0, s, ..., d - s (AWS Java, Envoy)
 *     inclusive   the same, but a draw between a and b may also give b (resilience4j, AWS Java's half jitter)
 *     nearest     X is rounded to the nearest multiple, half up; d is not (node-retry)
 *
 * Pure: (parameters, retry number, the chain's state, streams) -> wait. Shapes and jitters compute in doubles. A shape
 * saturates at SHAPE_HUGE_NS, so a cap applies whatever the number of the retry; a wait is rounded to the nearest
 * nanosecond and is at most BACKOFF_LONGEST_NS. Cost: no shape loops to n (exponential O(log n), with cut_to at most
 * 7000 steps, fibonacci at most 150 additions); a jitter is one or two draws, `sorted` one for each retry. */
#ifndef POLICY_BACKOFF_H
#define POLICY_BACKOFF_H

#include "base/field.h"
#include "base/stream.h"
#include "base/table.h"
#include "policy/failure.h"

#define BACKOFF_LONGEST_NS INT64_C(3155760000000000000) /* 100 years: now + wait cannot overflow */
#define SHAPE_HUGE_NS      1e30

enum backoff_first { FIRST_USUAL, FIRST_ZERO, FIRST_EXTRA_ZERO, FIRST_EXACT };
enum backoff_at_cap { AT_CAP_CLAMP, AT_CAP_EXACT, AT_CAP_REDRAW, AT_CAP_STOP };
enum backoff_rounding { ROUNDING_DOWN, ROUNDING_NEAREST, ROUNDING_INCLUSIVE };

struct jitter {
    struct choice choice;
};

struct backoff {
    struct choice shape;
    struct jitter jitter;
    int first, at_cap, rounding;              /* the enums above */
    int64_t cap_ns, max_wait_ns, round_to_ns; /* INT64_MAX: none */
    int64_t min_wait_ns;
};

extern const struct table shape_table, jitter_table;
extern const struct record jitter_record;  /* full, or {kind: proportional, ratio: 10%} */
extern const struct record backoff_record; /* {shape: exponential, base: 100ms, cap: 10s, jitter: full} */

/* What a wait depends on. The state of a chain (decorrelated jitter and its kin) is the request's own: shared between
 * requests it would be another, slower policy. */
struct backoff_call {
    uint32_t retry;        /* counts from 1 */
    uint32_t retries;      /* at most, of this request; UINT32_MAX: unlimited */
    enum failure failure;  /* that this wait follows */
    int64_t *chain_ns;     /* its last wait, unless the jitter keeps_chain; 0 before its first retry */
    struct stream *stream; /* of this wait */
    struct stream chain;   /* of the request: the same for each of its waits */
    struct scripts *scripts;   /* only for the shape script: its interpreters, */
    double *script_state;      /* and what it wants to remember of the request; 0 before its first retry */
};

/* BACKOFF_GIVE_UP: the request is not retried any more. */
#define BACKOFF_GIVE_UP INT64_MIN
int64_t backoff_wait_ns(const struct backoff *backoff, const struct backoff_call *call);

/* at_cap stop: the request fails at the end of the wait before this retry, instead of being sent. That is the wait
 * after which the shape would exceed the cap: 10, 20, 40, (80) with a cap of 50 sleeps 40 and sends no more. The retry
 * after that has no wait: BACKOFF_GIVE_UP. */
bool backoff_is_last(const struct backoff *backoff, uint32_t retry);

/* Whether the shape is a script: it needs call->scripts and call->script_state. */
bool backoff_is_script(const struct backoff *backoff);

/* Some jitters need to know how many waits there will be, and that there are not too many. */
bool backoff_allows(const struct backoff *backoff, int64_t retries);

/* What a wait may be, and the chain's state after it. low is attained or approached, high too. */
struct backoff_range {
    double low_ns, high_ns;
    double chain_low_ns, chain_high_ns;
    bool attained; /* for jitters: high itself is a possible wait, not only what is below it */
};
/* *range: of the wait before this one ({0} before the first), then of this one. Exact if asked for 1, 2, 3 ... in turn,
 * as `retries` waits of one request; both ends BACKOFF_GIVE_UP if there is no wait. */
void backoff_next_range(const struct backoff *backoff, uint32_t retry, uint32_t retries, struct backoff_range *range);

/* ---- for the rows ---- */

struct shape_row {
    struct row row;
    double (*delay_ns)(const void *parameters, uint32_t retry); /* 0 .. SHAPE_HUGE_NS */
    double (*base_ns)(const void *parameters);                  /* the b of a decorrelated jitter */
    /* The whole wait, jitter included, or BACKOFF_GIVE_UP; cap, max_wait, min_wait and rounding follow. NULL: none. */
    double (*wait_ns)(const void *parameters, const struct backoff_call *call);
};

struct jitter_in {
    double delay_ns; /* d, after the cap */
    double step_ns;  /* rounding inclusive: what a draw's range is widened by; else 0 */
    uint32_t retry;  /* the shape's n */
    const struct backoff *backoff;
    const struct backoff_call *call;
};

struct jitter_row {
    struct row row;
    /* NULL: uniform between the bounds. */
    double (*wait_ns)(const void *parameters, const struct jitter_in *in, struct stream *stream);
    /* In: the chain's range. Out: the wait's range, and of a jitter that keeps its chain the chain's range after it.
     * high may be INFINITY; step_ns is not part of it, but counts for `attained`. */
    void (*bounds_ns)(const void *parameters, const struct jitter_in *in, struct backoff_range *range);
    bool needs_base;       /* useless with a shape whose base is 0 */
    bool keeps_chain;      /* wait_ns sets *call->chain_ns itself: it is not the last wait */
    uint32_t most_retries; /* draws ahead for at most so many; 0: needs not know */
};

double backoff_delay_ns(const struct backoff *backoff, uint32_t n); /* shape(n), without cap */
double backoff_base_ns(const struct backoff *backoff);
double backoff_cap_ns(const struct backoff *backoff); /* INFINITY: none */

#endif
