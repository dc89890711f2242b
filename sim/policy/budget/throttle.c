/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget throttle: failures cost, successes earn, and retries need more than half of the tokens.
 *
 * Unlike a bucket the failure itself is charged, whether or not a retry follows. */
#include "policy/budget/rows.h"

static void init(const void *parameters, struct budget_state *state)
{
    *state =
        (struct budget_state){.tokens = ((const struct budget_throttle *)parameters)->max * BUDGET_TOKEN};
}

static void on_success(const void *parameters, struct budget_state *state, int64_t now_ns, uint32_t attempts)
{
    const struct budget_throttle *p = parameters;
    (void)now_ns;
    (void)attempts;
    budget_add(state, budget_share(p->ratio), p->max * BUDGET_TOKEN);
}

static void on_failure(const void *parameters, struct budget_state *state, int64_t now_ns)
{
    (void)parameters;
    (void)now_ns;
    state->tokens = state->tokens > BUDGET_TOKEN ? state->tokens - BUDGET_TOKEN : 0;
}

static bool try_retry(const void *parameters, struct budget_state *state, int64_t now_ns)
{
    const struct budget_throttle *p = parameters;
    (void)now_ns;
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
    .init = init,
    .on_success = on_success,
    .on_failure = on_failure,
    .try_retry = try_retry,
};
