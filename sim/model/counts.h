/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted, at either end of an edge. Counters only grow; a bin is the difference of two copies.
 *
 * The meaning at the two ends (columns of load.csv, where listed there):
 *
 *                     a caller (clients.X)                        a service (services.X)              caches.X
 *   requests          asked for                                   -                                   -
 *   attempts          sent, first ones included                   arrived                             lookups
 *   first_attempts    of these, a request's first                 same                                same
 *   retries           of these, the others                        same                                same
 *   rejected          answered by a rejection                     rejected on arrival, or dropped     -
 *   served            answered in time by a success               served to the end, no error         hits
 *   good              requests that succeeded                     served while the caller waited      -
 *   late              answers that came after giving up           served after the caller gave up     -
 *   failed            requests that failed for good               ended in an error                   -
 *   timed_out         attempts given up at their timeout          given up by their caller while here -
 *   denied_retries    retries refused by the budget               -                                   -
 */
#ifndef MODEL_COUNTS_H
#define MODEL_COUNTS_H

#include <stdint.h>

enum count {
    COUNT_REQUESTS, COUNT_ATTEMPTS, COUNT_FIRST_ATTEMPTS, COUNT_RETRIES, COUNT_REJECTED, COUNT_SERVED, COUNT_GOOD,
    COUNT_LATE, COUNT_FAILED, COUNT_TIMED_OUT, COUNT_DENIED_RETRIES,
    COUNT_BIN_COLUMNS,            /* the ones above are columns of load.csv, in this order */
    COUNT_FIRST_REJECTED = COUNT_BIN_COLUMNS,  /* first attempts that were rejected */
    COUNT_LOCAL_REJECTIONS,       /* attempts that a breaker or limiter did not let out */
    COUNT_BREAKER_OPENINGS,       /* circuit breakers that opened */
    COUNT_ERRORS,                 /* answered by an error (caller) */
    COUNT_LOST,                   /* caller: attempts or answers lost; service: attempts swallowed by a black hole */
    COUNT_ANSWERS_LOST,           /* service: served, but the answer was lost (outage mode lose_response) */
    COUNT_REJECTED_FULL,          /* service: of the rejected, those for which there was no room in the queue */
    COUNT_REJECTED_BY_GATES,      /* service: of the rejected, those that its gates refused */
    COUNT_THROTTLED,              /* caller: of the rejected, those of this class; the two others follow */
    COUNT_OVERLOADED, COUNT_SHED,
    COUNT_DROPPED,                /* service: of the rejected, those that were admitted first (drop rule, displaced) */
    COUNT_CANCELLED,              /* removed from the queue or a worker because the caller gave up */
    COUNT_CANCELLED_QUEUED,       /* of these, from the queue */
    COUNT_WAITED,                 /* attempts that found no free worker and were admitted */
    COUNT_STARTED,                /* attempts that a worker took */
    COUNT_STARTED_DEAD,           /* of these, after their caller gave up */
    COUNT_DEGRADED,               /* caller: good requests whose answer was degraded; service: degraded answers */
    COUNT_CALLED_OFF,             /* requests of a service that it did not need any more */
    COUNT_DUPLICATES,             /* executions of a request beyond its first */
    COUNT_CONFLICTS,              /* service: of the rejected, those whose request was being executed just then */
    COUNT_DEDUP_HITS,             /* service: of the served, those answered with another execution's result */
    /* Of a cache. A lookup is a hit (served), an error out of the cache, or a miss. */
    COUNT_NEGATIVE_HITS,          /* lookups answered by a remembered failure */
    COUNT_MISSES,                 /* lookups that found no value that they may use */
    COUNT_COALESCED,              /* misses that waited for another's fetch */
    COUNT_STALE,                  /* stale values given out */
    COUNT_FETCHES,                /* sent to the origin, by misses or to refresh */
    COUNT_FETCHES_ENDED,          /* of these, done with, good or bad */
    COUNT_BACKGROUND,             /* of these, for no reader */
    COUNT_EARLY,                  /* begun while the value was fresh */
    COUNT_REFILLS,                /* begun while no fetch of their key was under way */
    COUNT_EARLY_REFILLS,          /* of these, early */
    COUNT_REFUSED,                /* values that came back after their token was gone, not stored */
    COUNT_EXPIRIES,               /* stale values found, each key and value once */
    COUNT_EVICTIONS,              /* values that had to make room */
    COUNT_HOTTEST,                /* lookups of the most popular key */
    COUNT_HOTTEST_HITS,           /* of these, hits */
    COUNT_KINDS
};

/* A level: how many there are now, and the integral of that over time (ns x items). */
__extension__ typedef unsigned __int128 area_t;
struct level {
    int64_t value;
    int64_t since_ns;
    area_t area;
};

static inline void level_add(struct level *level, int64_t now_ns, int64_t change)
{
    level->area += (area_t)(uint64_t)level->value * (uint64_t)(now_ns - level->since_ns);
    level->since_ns = now_ns;
    level->value += change;
}

static inline void level_set(struct level *level, int64_t now_ns, int64_t value)
{
    level_add(level, now_ns, value - level->value);
}

static inline area_t level_area(const struct level *level, int64_t now_ns)
{
    return level->area + (area_t)(uint64_t)level->value * (uint64_t)(now_ns - level->since_ns);
}

#endif
