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
 * The breaker sits inside retry: each attempt asks it, and a refused attempt (a local rejection) uses up an
 * attempt. HALF-OPEN admits `probes` attempts and refuses the others until those are answered. Results of
 * attempts sent before the last change of phase are ignored (each permit carries the generation). A timeout,
 * a rejection and an error are failures; a refusal by the breaker itself is not counted. The open timer is
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
#include "policy/scope.h"

enum breaker_phase { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

/* The head of every breaker's state. */
struct breaker_state {
    int64_t opened_ns;
    uint32_t generation; /* +1 at each change of phase */
    uint16_t probes_out, probes_good;
    uint8_t phase; /* enum breaker_phase */
};

struct breaker_row {
    struct row row;
    size_t (*state_size)(const void *parameters); /* whole state, head included */
    /* Counts a result in CLOSED and says whether the breaker trips now. NULL: never (row `none`). */
    bool (*trips)(const void *parameters, void *state, bool good);
    void (*reset)(const void *parameters, void *state); /* forgets all counts: on closing again */
};

struct breaker {
    struct choice choice; /* row `none`: always closed */
    int64_t open_for_ns;
    int64_t probes;
    int scope; /* enum scope; default client */
};

extern const struct table breaker_table;
extern const struct record breaker_record; /* {kind: consecutive, failures: 5, open_for: 30s, probes: 1}, or 5 */

/* True: send, and give *generation to breaker_result. False: refused. */
bool breaker_allow(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns,
                   uint32_t *generation);
void breaker_result(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns,
                    uint32_t generation, bool good);
/* A permit that was not used: counts as neither good nor bad. */
void breaker_return(const struct breaker *breaker, struct breaker_state *state, uint32_t generation);

#endif
