/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers: stop sending when too much fails, try again later.
 *
 *              failures trip it                      open_for has passed
 *     CLOSED ------------------------> OPEN ------------------------------> HALF-OPEN
 *        ^                              ^                                     |   |
 *        |                              |              a probe fails          |   |
 *        |                              +-------------------------------------+   |
 *        +------------------------------------------------------------------------+
 *                                  all `probes` probes succeed
 *
 * `per: attempt`: the breaker sits inside retry, each attempt asks it, and a refused attempt (breaker-open) uses up an
 * attempt. `per: request`: it sits outside, sees the outcome of whole requests, and what it refuses fails at once.
 * HALF-OPEN admits `probes` attempts and refuses the others until those are answered. Results of
 * attempts sent before the last change of phase are ignored (each permit carries the generation). `counts` says which
 * failures are bad for it, `ignores` which are neither good nor bad; all others are good. What was never sent is no
 * news. The open timer is
 * read lazily (opened_at + open_for <= now), so there are no events, and the phase in the state stays OPEN
 * until somebody asks.
 *
 * Every permit must come back, by breaker_result or, when the attempt was not sent after all (a limiter
 * refused it, its request ended), by breaker_return. A probe that never comes back keeps the breaker
 * half-open for ever.
 *
 * Pure: (parameters, state, now) -> permit. The state is plain memory of row->state_size bytes, zeroed =
 * closed and new; 8-byte aligned. Row `none` needs no state (size 0, pointer may be NULL). The parameters
 * that set the size must not change while a state lives. */
#ifndef POLICY_BREAKER_H
#define POLICY_BREAKER_H

#include "base/field.h"
#include "base/table.h"
#include "policy/failure.h"
#include "policy/scope.h"

enum breaker_phase { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

/* The head of every breaker's state. */
struct breaker_state {
    int64_t opened_ns;
    uint32_t generation; /* +1 at each change of phase */
    uint16_t probes_out, probes_good;
    uint8_t phase; /* enum breaker_phase */
};

/* One result. */
struct breaker_sample {
    int64_t now_ns, latency_ns;
    bool good;
};

struct breaker_row {
    struct row row;
    size_t (*state_size)(const void *parameters); /* whole state, head included */
    /* Counts a result in CLOSED and says whether the breaker trips now. NULL: never (row `none`). */
    bool (*trips)(const void *parameters, void *state, const struct breaker_sample *sample);
    void (*reset)(const void *parameters, void *state); /* forgets all counts: on closing again */
};

struct breaker {
    struct choice choice; /* row `none`: always closed */
    int64_t open_for_ns;
    int64_t probes;
    int scope;                 /* enum scope; default client */
    int per;                   /* enum breaker_per */
    uint32_t counts, ignores;  /* sets of failures */
};

enum breaker_per { BREAKER_PER_ATTEMPT, BREAKER_PER_REQUEST };
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

/* True: send, and give *generation to breaker_result. False: refused. `key` names this breaker's random draws. */
bool breaker_allow(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns, uint64_t key,
                   uint32_t *generation);
void breaker_result(const struct breaker *breaker, struct breaker_state *state, uint64_t key, uint32_t generation,
                    const struct breaker_sample *sample);
/* A permit that was not used: counts as neither good nor bad. */
void breaker_return(const struct breaker *breaker, struct breaker_state *state, uint32_t generation);

#endif
