/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers: stop sending when too much fails, try again later.
 *
 *                  it trips                                  open_for is over and somebody asks
 *     CLOSED -------------------------> OPEN ------------------------------------------------> HALF-OPEN
 *      ^  ^                             |  ^                                                    |  |  |
 *      |  |  probes 0: closes by itself |  |  reopen_after failures | share of reopen_ratio     |  |  |
 *      |  +-----------------------------+  +----------------------------------------------------+  |  |
 *      |                                   +--- probe_timeout, on_probe_timeout: reopen -----------+  |
 *      |                                                                                              |
 *      +----------------------------------------------------------------------------------------------+
 *                 close_after successes in a row, while fewer than close_below failed
 *
 * CLOSED admits everything, OPEN nothing, HALF-OPEN a few: probes. With `fail_open` what would be refused is sent all
 * the same; the breaker only watches.
 *
 * When it trips. The row (`kind`, breaker/) holds the counts and says whether they are bad: a run, all results, the
 * last n, a window of time, a moving average, or any of several such. `eval` says when that matters:
 *     on-any      after each result                     resilience4j, Sentinel
 *     on-failure  after each bad one                    Polly, gobreaker, opossum, Finagle
 *     on-call     when the next call asks; refuses it   Spring
 *     ticker      every `tick`, by a timer              Hystrix
 *
 * How long it is open. `open_for` is a backoff whose n-th wait is the n-th opening: constant, growing, jittered.
 * Openings are counted since it was last CLOSED (`forget_opening: 0s`), or one is forgotten for each such time that
 * it is closed (Envoy), or `never`; above 65535 they are all the same. `open_ends`: a call at the very end is let
 * through (at), only a later one (after: a strict comparison), or one after the next tick (tick: a sweep, Envoy). When
 * the backoff gives up (at_cap: stop), it is open for ever.
 *
 * HALF-OPEN. At most `probes` are under way or have succeeded, `probes_at_once` of them at a time; others are refused
 * (`probes: unlimited`: none is). A bad one frees its place. With `reopen_ratio` all results count: after close_after
 * of them the share of bad ones decides. A probe that takes longer than slow_probe is bad. A probe that never comes
 * back keeps the breaker half-open for ever, unless there is a probe_timeout: `another` admits a probe more each time
 * it passes without a new one (Polly v7), `reopen` opens when the phase has lasted so long (resilience4j).
 *
 * Results of calls that were let out before the last change of phase (slow ones, timeouts). `stale`:
 *     ignore       nothing (gobreaker): each permit carries the generation
 *     count        they count in the present phase: a late failure re-opens a half-open breaker, a late success closes
 *                  it; in OPEN they only enter the counts (most libraries)
 *     unless-open  the same, but lost while OPEN (Linkerd)
 *
 * `reset`: the counts are forgotten when it closes, when it turns half-open, or never. What probes do is counted, too.
 *
 * `counts` says which failures are bad for it, `ignores` which are neither good nor bad; all others are good. What a
 * gate behind the breaker refuses is a failure, too: `local`, which it ignores unless told otherwise (Hystrix).
 *
 * `per: attempt`: it sits inside retry, each attempt asks it, and a refused attempt (breaker-open) uses up an attempt.
 * `per: request`: it sits outside, sees the outcome of whole requests, and what it refuses fails at once.
 *
 * Time. There are no events. What a timer would have done (ticks, windows, the end of a phase) is done when the
 * breaker is next called, with the timer's time, and comes before the calls of its own instant; a tick sees the
 * counts as they were just before it. Only the end of OPEN waits for somebody to ask: then the state says OPEN until
 * they do. `grid` says where the borders of buckets and the ticks lie: at multiples of their width by the clock, for
 * all breakers alike, or shifted by a phase of this breaker's own. That phase and the jitter of open_for are drawn
 * from its `key`.
 *
 * Every permit must come back, by breaker_result or, when the call was not sent after all or its end says nothing, by
 * breaker_return.
 *
 * Pure: (parameters, state, now) -> permit; `now` never goes back. The state is plain memory of breaker_state_size
 * bytes, 8-byte aligned, zeroed = closed since time 0 and new: 24 bytes, 16 more with a ticker or a jittered
 * open_for, and what the row counts in. Row `none` needs none (size 0, pointer may be NULL). Parameters must not
 * change while a state lives. Cost: a call is a few dozen instructions; windows of time turn their buckets when time
 * passes a border, each once. */
#ifndef POLICY_BREAKER_H
#define POLICY_BREAKER_H

#include "base/field.h"
#include "base/table.h"
#include "policy/backoff.h"
#include "policy/failure.h"
#include "policy/scope.h"

enum breaker_phase { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

/* The head of every breaker's state. */
struct breaker_state {
    int64_t mark_ns;     /* CLOSED: since when; OPEN: until when; HALF-OPEN: since when, or the last probe's time */
    uint32_t generation; /* +1 at each change of phase */
    uint32_t probes_out; /* HALF-OPEN, probes limited: under way */
    uint16_t openings;   /* that are not forgotten */
    uint16_t good, bad;  /* HALF-OPEN: probes; in a row (good), or of all (with reopen_ratio) */
    uint8_t phase;       /* enum breaker_phase */
};

/* Behind it, if the breaker has a ticker or a jittered open_for. */
struct breaker_extra {
    int64_t looked_ns; /* the ticks up to here are done */
    int64_t chain_ns;  /* of open_for */
};

/* One result. */
struct breaker_sample {
    int64_t now_ns, latency_ns;
    bool good;
    enum failure failure; /* that made it bad */
};

/* A moment, as the rows see it. */
struct breaker_time {
    int64_t now_ns;
    int64_t grid_ns; /* now, shifted so that borders lie at multiples */
    int64_t age_ns;  /* since it was last closed; only while it is */
};

/* All functions get the row's parameters and its counts (zeroed memory at first). */
struct breaker_row {
    struct row row;
    size_t (*counts_size)(const void *parameters);
    /* Counts a result; true: now they are bad. NULL: never (row `none`). */
    bool (*add)(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample);
    bool (*is_bad)(const void *parameters, void *counts, const struct breaker_time *at);
    /* The first instant after `at` when is_bad may say something else, although nothing was added; INT64_MAX: none. */
    int64_t (*changes_ns)(const void *parameters, const void *counts, const struct breaker_time *at);
    /* A call asks: sent or refused. Told only if hears_calls says so; both may be NULL. */
    void (*asked)(const void *parameters, void *counts, const struct breaker_time *at);
    bool (*hears_calls)(const void *parameters);
    void (*reset)(const void *parameters, void *counts, const struct breaker_time *at);
    bool on_grid; /* uses grid_ns */
};

enum breaker_eval { EVAL_ON_ANY, EVAL_ON_FAILURE, EVAL_ON_CALL, EVAL_TICKER };
enum breaker_grid { GRID_OWN, GRID_CLOCK };
enum breaker_open_ends { OPEN_ENDS_AT, OPEN_ENDS_AFTER, OPEN_ENDS_TICK };
enum breaker_on_probe_timeout { PROBE_TIMEOUT_ANOTHER, PROBE_TIMEOUT_REOPEN };
enum breaker_reset { RESET_ON_CLOSE, RESET_ON_HALF_OPEN, RESET_NEVER };
enum breaker_stale { STALE_IGNORE, STALE_COUNT, STALE_UNLESS_OPEN };
enum breaker_per { BREAKER_PER_ATTEMPT, BREAKER_PER_REQUEST };

/* What only some breakers do, so that the others pay one test. */
enum breaker_duties {
    DUTY_TICKS = 1,        /* a timer evaluates the counts */
    DUTY_REOPENS = 2,      /* a timer ends HALF-OPEN */
    DUTY_ON_CALL = 4,      /* calls evaluate the counts */
    DUTY_TELLS_CALLS = 8,  /* the row hears of calls */
    DUTY_OWN_GRID = 16     /* borders are shifted by a phase of its own */
};

struct breaker {
    struct choice choice; /* row `none`: always closed */
    int eval;             /* the enums above */
    int64_t tick_ns;
    int grid;
    struct backoff open_for;
    int open_ends;
    int64_t forget_opening_ns; /* 0: all when it closes; INT64_MAX: never */
    int64_t probes;            /* 0: no HALF-OPEN; INT64_MAX: unlimited */
    int64_t probes_at_once, close_after, close_below, reopen_after;
    double reopen_ratio;       /* INFINITY: single failures decide */
    int64_t slow_probe_ns, probe_timeout_ns;
    int on_probe_timeout, reset, stale;
    bool fail_open;
    int scope;                 /* enum scope; default client */
    int per;                   /* enum breaker_per */
    uint32_t counts, ignores;  /* sets of failures */
    uint32_t duties;           /* derived: DUTY_* */
    uint32_t counts_at;        /* derived: where in the state the row's counts begin */
    const char *preset;        /* where it comes from, or "none" */
};

enum breaker_view { BREAKER_GOOD, BREAKER_BAD, BREAKER_IGNORED };

/* What the breaker thinks of a failure. */
static inline enum breaker_view breaker_view(const struct breaker *breaker, enum failure failure)
{
    if (failure_in(breaker->ignores, failure))
        return BREAKER_IGNORED;
    return failure_in(breaker->counts, failure) ? BREAKER_BAD : BREAKER_GOOD;
}

extern const struct table breaker_table;
extern const struct record breaker_record; /* {kind: consecutive, failures: 5, open_for: 30s, probes: 1}, or 5 */

size_t breaker_state_size(const struct breaker *breaker);

struct breaker_answer {
    uint32_t permit; /* for breaker_result or breaker_return */
    bool allowed;    /* else refused, and there is nothing to give back */
    bool opened;     /* a timer has opened it meanwhile, or this call did */
};

/* `key` names this breaker's random draws: always the same one, another for each breaker (neighbours may differ by 1).
 */
struct breaker_answer breaker_allow(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns,
                                    uint64_t key);
/* True: it opened. */
bool breaker_result(const struct breaker *breaker, struct breaker_state *state, uint64_t key, uint32_t permit,
                    const struct breaker_sample *sample);
/* A permit that was not used: counts as neither good nor bad. */
void breaker_return(const struct breaker *breaker, struct breaker_state *state, uint32_t permit);

#endif
