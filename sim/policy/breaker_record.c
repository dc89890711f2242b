/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a breaker and what does not go together. */
#include <math.h>
#include <string.h>

#include "policy/breaker.h"

static bool is_jittered(const struct backoff *backoff)
{
    return strcmp(backoff->jitter.choice.row->name, "none") != 0;
}

static bool waits_for_ticks(const struct breaker *breaker)
{
    return breaker->eval == EVAL_TICKER || breaker->open_ends == OPEN_ENDS_TICK;
}

static bool reopens_by_timer(const struct breaker *breaker)
{
    return breaker->probe_timeout_ns < INT64_MAX && breaker->on_probe_timeout == PROBE_TIMEOUT_REOPEN;
}

static uint32_t duties_of(const struct breaker *breaker)
{
    const struct breaker_row *row = (const struct breaker_row *)breaker->choice.row;
    uint32_t duties = 0;
    duties |= breaker->eval == EVAL_TICKER ? DUTY_TICKS : 0;
    duties |= breaker->eval == EVAL_ON_CALL ? DUTY_ON_CALL : 0;
    duties |= reopens_by_timer(breaker) ? DUTY_REOPENS : 0;
    duties |= row->hears_calls && row->hears_calls(breaker->choice.parameters) ? DUTY_TELLS_CALLS : 0;
    duties |= breaker->grid == GRID_OWN && (row->on_grid || waits_for_ticks(breaker)) ? DUTY_OWN_GRID : 0;
    return duties;
}

static void derive(struct breaker *breaker)
{
    bool extra = breaker->eval == EVAL_TICKER || is_jittered(&breaker->open_for);
    if (breaker->close_after == INT64_MAX && breaker->probes > 0)
        breaker->close_after = breaker->probes;
    breaker->duties = duties_of(breaker);
    breaker->counts_at = (uint32_t)(sizeof(struct breaker_state) + (extra ? sizeof(struct breaker_extra) : 0));
}

/* A half-open phase was described, although there is none. */
static bool tunes_probes(const struct breaker *breaker)
{
    return breaker->probes_at_once < INT64_MAX || breaker->close_after < INT64_MAX ||
           breaker->close_below < INT64_MAX || breaker->reopen_after > 1 || isfinite(breaker->reopen_ratio) ||
           breaker->slow_probe_ns < INT64_MAX || breaker->probe_timeout_ns < INT64_MAX ||
           breaker->reset == RESET_ON_HALF_OPEN;
}

static const char *complaint(const struct breaker *breaker)
{
    bool by_ratio = isfinite(breaker->reopen_ratio), unlimited = breaker->probes == INT64_MAX;
    if (backoff_is_script(&breaker->open_for))
        return "open_for: scripts are for the waits of requests: give it a shape";
    if (!backoff_allows(&breaker->open_for, INT64_MAX))
        return "open_for: this jitter must know how many waits there will be; a breaker does not";
    if (breaker->probes == 0 && tunes_probes(breaker))
        return "'probes: 0' means that there is no half-open phase: say nothing more about it";
    if (breaker->probes == 0)
        return NULL;
    if (unlimited && breaker->close_after == INT64_MAX)
        return "'probes: unlimited' needs close_after: how many successes close it?";
    if (!unlimited && breaker->close_after < INT64_MAX && breaker->close_after > breaker->probes)
        return "close_after is above probes: it could never close";
    if (!unlimited && breaker->close_below < INT64_MAX)
        return "close_below is for 'probes: unlimited': with a limit nothing would be left to close it";
    if (by_ratio && (breaker->reopen_after > 1 || breaker->close_below < INT64_MAX))
        return "with reopen_ratio only the share decides: leave out reopen_after and close_below";
    return NULL;
}

static const char *prepare(void *self)
{
    struct breaker *breaker = self;
    const struct breaker_row *row = (const struct breaker_row *)breaker->choice.row;
    const char *wrong = row->add ? complaint(breaker) : NULL;
    if (!wrong)
        derive(breaker);
    return wrong;
}

static const char *const eval_names[] = {"on-any", "on-failure", "on-call", "ticker", NULL};
static const char *const grid_names[] = {"own", "clock", NULL};
static const char *const open_ends_names[] = {"at", "after", "tick", NULL};
static const char *const on_probe_timeout_names[] = {"another", "reopen", NULL};
static const char *const reset_names[] = {"on-close", "on-half-open", "never", NULL};
static const char *const stale_names[] = {"ignore", "count", "unless-open", NULL};
static const char *const per_names[] = {"attempt", "request", NULL};

static const struct field fields[] = {
    {"preset", FIELD_NAME, offsetof(struct breaker, preset), .text = "none",
     .help = "a library's, in place of what is not written here; `retrystorm list preset` shows them"},
    {"kind", FIELD_CHOICE, offsetof(struct breaker, choice), .table = &breaker_table,
     .help = "what it counts, and when that is bad"},
    {"eval", FIELD_ENUM, offsetof(struct breaker, eval), .names = eval_names, .text = "on-any",
     .help = "when bad counts open it: after any result, after a bad one, when the next call asks, at a timer's tick"},
    {"tick", FIELD_DURATION, offsetof(struct breaker, tick_ns), .min = 1, .max = 1e18, .text = "500ms",
     .help = "interval of the timer, for 'eval: ticker' and 'open_ends: tick'"},
    {"grid", FIELD_ENUM, offsetof(struct breaker, grid), .names = grid_names, .text = "own",
     .help = "where windows of time and ticks begin: shifted by a random phase of its own, or by the clock, for all "
             "alike"},
    {"open_for", FIELD_MAP, offsetof(struct breaker, open_for), .record = &backoff_record, .text = "30s",
     .help = "how long it refuses everything: a time, or a backoff whose n-th wait is that of the n-th opening"},
    {"open_ends", FIELD_ENUM, offsetof(struct breaker, open_ends), .names = open_ends_names, .text = "at",
     .help = "then: a call at that very time is let through, only a later one is (after), one after the next tick is"},
    {"forget_opening", FIELD_DURATION, offsetof(struct breaker, forget_opening_ns), .min = 0, .max = 1e18, .text = "0s",
     .word = "never",
     .help = "one opening is forgotten for each such time that it stays closed (see open_for); 0s: all are when it "
             "closes"},
    {"probes", FIELD_COUNT, offsetof(struct breaker, probes), .min = 0, .max = 1000, .text = "1", .word = "unlimited",
     .help = "half-open: calls it admits, others are refused; 0: there is no such phase, it closes by itself"},
    {"probes_at_once", FIELD_COUNT, offsetof(struct breaker, probes_at_once), .min = 1, .max = 1000, .text = "all",
     .word = "all", .help = "of these, under way at a time"},
    {"close_after", FIELD_COUNT, offsetof(struct breaker, close_after), .min = 1, .max = 1000, .text = "probes",
     .word = "probes",
     .help = "half-open: successes in a row that close it; with reopen_ratio: results after which the share decides"},
    {"close_below", FIELD_COUNT, offsetof(struct breaker, close_below), .min = 1, .max = 65535, .text = "unlimited",
     .word = "unlimited", .help = "half-open: it closes only while fewer probes than this have failed"},
    {"reopen_after", FIELD_COUNT, offsetof(struct breaker, reopen_after), .min = 1, .max = 65535, .text = "1",
     .help = "half-open: failures that open it again"},
    {"reopen_ratio", FIELD_RATIO, offsetof(struct breaker, reopen_ratio), .min = 1e-9, .max = 1, .text = "none",
     .word = "none", .help = "half-open: instead of that, the share of failures that opens it again"},
    {"slow_probe", FIELD_DURATION, offsetof(struct breaker, slow_probe_ns), .min = 0, .max = 1e18, .text = "none",
     .word = "none", .help = "half-open: a probe that takes longer is a failure"},
    {"probe_timeout", FIELD_DURATION, offsetof(struct breaker, probe_timeout_ns), .min = 1, .max = 1e18, .text = "none",
     .word = "none", .help = "half-open: how long it waits for its probes; none: for ever"},
    {"on_probe_timeout", FIELD_ENUM, offsetof(struct breaker, on_probe_timeout), .names = on_probe_timeout_names,
     .text = "another", .help = "then: admit another probe, or open again (counted since it became half-open)"},
    {"reset", FIELD_ENUM, offsetof(struct breaker, reset), .names = reset_names, .text = "on-close",
     .help = "when the counts are forgotten"},
    {"stale", FIELD_ENUM, offsetof(struct breaker, stale), .names = stale_names, .text = "ignore",
     .help = "results of calls from before it last changed: nothing, count as if they were new, or nothing only while "
             "it is open"},
    {"fail_open", FIELD_BOOL, offsetof(struct breaker, fail_open), .text = "false",
     .help = "send what it would refuse: it watches, but stops nothing"},
    {"scope", FIELD_ENUM, offsetof(struct breaker, scope), .names = scope_names, .text = "client",
     .help = "one breaker for each client, or one for the population; or that for each replica of a pool (endpoint: "
             "one for the population), which is then chosen before it is asked"},
    {"per", FIELD_ENUM, offsetof(struct breaker, per), .names = per_names, .text = "attempt",
     .help = "what it sees: each attempt (inside retry), or each request once (outside)"},
    {"counts", FIELD_SET, offsetof(struct breaker, counts), .names = failure_names, .masks = failure_masks,
     .text = "all, -client-error, -local", .help = "failures that are bad for it; the others are good"},
    {"ignores", FIELD_SET, offsetof(struct breaker, ignores), .names = failure_names, .masks = failure_masks,
     .text = "local", .help = "failures that are neither good nor bad for it"},
    {0},
};

const struct record breaker_record = {"a circuit breaker", sizeof(struct breaker), fields, "kind", prepare};
