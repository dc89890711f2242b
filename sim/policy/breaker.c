/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state machine that all breakers share, and their record. */
#include "policy/breaker.h"

#include "base/check.h"

static const struct breaker_row *row_of(const struct breaker *breaker)
{
    return (const struct breaker_row *)breaker->choice.row;
}

/* Old permits die with the phase: their generation no longer matches. */
static void enter(struct breaker_state *state, enum breaker_phase phase)
{
    state->phase = (uint8_t)phase;
    state->generation++;
    state->probes_out = 0;
    state->probes_good = 0;
}

static void open_now(struct breaker_state *state, int64_t now_ns)
{
    enter(state, BREAKER_OPEN);
    state->opened_ns = now_ns;
}

bool breaker_allow(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns, uint64_t key,
                   uint32_t *generation)
{
    (void)key;
    *generation = 0;
    if (!row_of(breaker)->trips)
        return true;
    if (state->phase == BREAKER_OPEN && now_ns - state->opened_ns >= breaker->open_for_ns)
        enter(state, BREAKER_HALF_OPEN);
    *generation = state->generation;
    if (state->phase != BREAKER_HALF_OPEN)
        return state->phase == BREAKER_CLOSED;
    if (state->probes_out + state->probes_good >= breaker->probes)
        return false;
    state->probes_out++;
    return true;
}

static void probe_result(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns,
                         bool good)
{
    CHECK(state->probes_out > 0, "a breaker's probe was answered twice");
    if (!good) {
        open_now(state, now_ns);
        return;
    }
    state->probes_out--;
    state->probes_good++;
    if (state->probes_good >= breaker->probes) {
        enter(state, BREAKER_CLOSED);
        row_of(breaker)->reset(breaker->choice.parameters, state);
    }
}

void breaker_result(const struct breaker *breaker, struct breaker_state *state, uint64_t key, uint32_t generation,
                    const struct breaker_sample *sample)
{
    (void)key;
    if (!row_of(breaker)->trips || generation != state->generation)
        return;
    if (state->phase == BREAKER_HALF_OPEN)
        probe_result(breaker, state, sample->now_ns, sample->good);
    else if (state->phase == BREAKER_CLOSED &&
             row_of(breaker)->trips(breaker->choice.parameters, state, sample))
        open_now(state, sample->now_ns);
}

void breaker_return(const struct breaker *breaker, struct breaker_state *state, uint32_t generation)
{
    if (!row_of(breaker)->trips || generation != state->generation || state->phase != BREAKER_HALF_OPEN)
        return;
    CHECK(state->probes_out > 0, "a breaker's permit was given back twice");
    state->probes_out--;
}

static const char *const per_names[] = {"attempt", "request", NULL};

static const struct field fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct breaker, choice), .table = &breaker_table,
     .help = "which failures trip it"},
    {"open_for", FIELD_DURATION, offsetof(struct breaker, open_for_ns), .min = 0, .max = 3.15576e18,
     .text = "30s", .help = "time it refuses everything before it lets probes through"},
    {"probes", FIELD_COUNT, offsetof(struct breaker, probes), .min = 1, .max = 1000, .text = "1",
     .help = "attempts it admits then; it closes when all of them succeed and opens when one fails"},
    {"scope", FIELD_ENUM, offsetof(struct breaker, scope), .names = scope_names, .text = "client",
     .help = "one breaker for each client, or one for the population"},
    {"per", FIELD_ENUM, offsetof(struct breaker, per), .names = per_names, .text = "attempt",
     .help = "what it sees: each attempt (inside retry), or each request once (outside)"},
    {"counts", FIELD_SET, offsetof(struct breaker, counts), .names = failure_names, .masks = failure_masks,
     .text = "all, -client-error, -local", .help = "failures that are bad for it; the others are good"},
    {"ignores", FIELD_SET, offsetof(struct breaker, ignores), .names = failure_names, .masks = failure_masks,
     .text = "local", .help = "failures that are neither good nor bad for it"},
    {0},
};

const struct record breaker_record = {"a circuit breaker", sizeof(struct breaker), fields, "kind", NULL};
