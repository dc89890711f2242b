/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker consecutive: trips on a run of failures. */
#include "policy/breaker/rows.h"

struct state {
    struct breaker_state head;
    int64_t run;
};

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct state);
}

static bool trips(const void *parameters, void *self, const struct breaker_sample *sample)
{
    struct state *state = self;
    state->run = sample->good ? 0 : state->run + 1;
    return state->run >= ((const struct breaker_consecutive *)parameters)->failures;
}

static void reset(const void *parameters, void *self)
{
    (void)parameters;
    ((struct state *)self)->run = 0;
}

static const struct field fields[] = {
    {"failures", FIELD_COUNT, offsetof(struct breaker_consecutive, failures), .min = 1, .max = 1e9,
     .help = "failures in a row that trip it"},
    {0},
};

const struct breaker_row breaker_consecutive = {
    .row = {.name = "consecutive",
            .summary = "trips on a run of failures",
            .formula = "opens when the last `failures` results were all failures",
            .source = "Nygard, Release It! (2007); Polly v7, Finagle failure accrual",
            .fields = fields,
            .size = sizeof(struct breaker_consecutive)},
    .state_size = state_size,
    .trips = trips,
    .reset = reset,
};
