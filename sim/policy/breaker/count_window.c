/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker count-window: trips on the share of failures among the last results.
 *
 * Looked at after every result, good ones included. The window is a ring of bits; a set bit is a failure. */
#include "policy/breaker/rows.h"

#include <string.h>

enum { WINDOW_MAX = 100000 };

struct state {
    struct breaker_state head;
    uint32_t calls, failures; /* in the window */
    uint32_t next;            /* where the next result goes */
    uint64_t bits[];
};

static size_t words(const struct breaker_count_window *p)
{
    return ((size_t)p->window + 63) / 64;
}

static size_t state_size(const void *parameters)
{
    return sizeof(struct state) + words(parameters) * sizeof(uint64_t);
}

static void remember(struct state *state, uint32_t window, bool failed)
{
    uint64_t bit = UINT64_C(1) << (state->next % 64);
    uint64_t *word = &state->bits[state->next / 64];
    if (*word & bit)
        state->failures--;
    *word = failed ? *word | bit : *word & ~bit;
    state->failures += failed;
    if (state->calls < window)
        state->calls++;
    state->next = state->next + 1 < window ? state->next + 1 : 0;
}

/* failures / calls >= ratio in whole numbers: 7 of 100 are 7 %, although 0.07 * 100 > 7 in doubles. */
static bool too_many(const struct state *state, double ratio)
{
    int64_t billionths = (int64_t)(ratio * 1e9 + 0.5);
    return state->failures * INT64_C(1000000000) >= billionths * state->calls;
}

static bool trips(const void *parameters, void *self, const struct breaker_sample *sample)
{
    const struct breaker_count_window *p = parameters;
    struct state *state = self;
    int64_t needed = p->min_calls < p->window ? p->min_calls : p->window;
    remember(state, (uint32_t)p->window, !sample->good);
    return state->calls >= needed && too_many(state, p->ratio);
}

static void reset(const void *parameters, void *self)
{
    struct state *state = self;
    state->calls = 0;
    state->failures = 0;
    state->next = 0;
    memset(state->bits, 0, words(parameters) * sizeof(uint64_t));
}

static const char *prepare(void *parameters)
{
    const struct breaker_count_window *p = parameters;
    return p->min_calls > p->window && p->min_calls != INT64_MAX
               ? "min_calls is above window: so many calls are never in it"
               : NULL;
}

static const struct field fields[] = {
    {"window", FIELD_COUNT, offsetof(struct breaker_count_window, window), .min = 1, .max = WINDOW_MAX,
     .text = "100", .help = "results that count: the last ones"},
    {"min_calls", FIELD_COUNT, offsetof(struct breaker_count_window, min_calls), .min = 1, .max = WINDOW_MAX,
     .text = "window", .word = "window", .help = "results it needs before it can trip"},
    {"ratio", FIELD_RATIO, offsetof(struct breaker_count_window, ratio), .min = 1e-9, .max = 1, .text = "50%",
     .help = "share of failures among them that trips it"},
    {0},
};

const struct breaker_row breaker_count_window = {
    .row = {.name = "count-window",
            .summary = "trips on the share of failures among the last results",
            .formula =
                "opens when calls >= min_calls and failures / calls >= ratio, over the last `window` results",
            .source = "resilience4j, COUNT_BASED sliding window",
            .fields = fields,
            .size = sizeof(struct breaker_count_window),
            .prepare = prepare},
    .state_size = state_size,
    .trips = trips,
    .reset = reset,
};
