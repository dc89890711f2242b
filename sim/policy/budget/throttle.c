/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget throttle: failures cost, successes earn, and retries need more than half of the tokens.
 *
 * Unlike a bucket the failure itself is charged, whether or not a retry follows. */
#include "policy/budget/rows.h"

static void init(const void *parameters, void *self)
{
    struct budget_state *state = self;
    *state =
        (struct budget_state){.tokens = ((const struct budget_throttle *)parameters)->max * BUDGET_TOKEN};
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_state *state = self;
    const struct budget_throttle *p = parameters;
    (void)event;
    budget_add(state, budget_share(p->ratio), p->max * BUDGET_TOKEN);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_state *state = self;
    (void)parameters;
    if (event->retryable)
        state->tokens = state->tokens > BUDGET_TOKEN ? state->tokens - BUDGET_TOKEN : 0;
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_state *state = self;
    const struct budget_throttle *p = parameters;
    (void)event;
    return 2 * state->tokens > p->max * BUDGET_TOKEN;
}

static const struct field fields[] = {
    {"max", FIELD_COUNT, offsetof(struct budget_throttle, max), .min = 1, .max = BUDGET_COUNT_MAX,
     .text = "10", .help = "tokens at the start and at most"},
    {"ratio", FIELD_RATIO, offsetof(struct budget_throttle, ratio), .min = 0, .max = 100, .text = "0.1",
     .help = "tokens that a successful request gives back"},
    {0},
};

const struct budget_row budget_throttle = {
    .row = {.name = "throttle",
            .summary = "failures cost, successes earn, retries need more than half of the tokens",
            .formula = "failed attempt: -1, not below 0; success: +ratio; retry only if tokens > max / 2",
            .source = "gRPC proposal A6, retryThrottling",
            .fields = fields,
            .size = sizeof(struct budget_throttle)},
    .state_size = budget_plain_state,
    .init = init,
    .on_success = on_success,
    .on_failure = on_failure,
    .try_retry = try_retry,
};
