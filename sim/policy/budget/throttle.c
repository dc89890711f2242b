/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget throttle: failures cost, successes earn, and retries need more than half of the tokens.
 *
 * Unlike a bucket the failure itself is charged, whether or not a retry follows; so is a failure that says not to
 * retry (`shed`, negative pushback). Of the ratio gRPC keeps three decimals; the others are dropped here, too. */
#include "policy/budget/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(int64_t);
}

static void init(const void *parameters, void *self)
{
    int64_t *tokens = self;
    *tokens = ((const struct budget_throttle *)parameters)->max * BUDGET_TOKEN;
}

/* In thousandths. A decimal number is a little off in binary: what is a billionth below a thousandth is that one. */
static int64_t thousandths(double ratio) { return (int64_t)(ratio * 1000 + 1e-6); }

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_throttle *p = parameters;
    (void)event;
    budget_add(self, thousandths(p->ratio) * (BUDGET_TOKEN / 1000), p->max * BUDGET_TOKEN);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    int64_t *tokens = self;
    (void)parameters;
    if (event->retryable || event->failure == FAILURE_SHED)
        *tokens = *tokens > BUDGET_TOKEN ? *tokens - BUDGET_TOKEN : 0;
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    const int64_t *tokens = self;
    const struct budget_throttle *p = parameters;
    (void)event;
    return 2 * *tokens > p->max * BUDGET_TOKEN;
}

static const char *prepare(void *parameters)
{
    const struct budget_throttle *p = parameters;
    return thousandths(p->ratio) == 0 ? "ratio is below 0.001, and decimals behind the third are dropped: no success "
                                        "would ever earn anything"
                                      : NULL;
}

static const struct field fields[] = {
    {"max", FIELD_COUNT, offsetof(struct budget_throttle, max), .min = 1, .max = BUDGET_COUNT_MAX,
     .text = "10", .help = "tokens at the start and at most"},
    {"ratio", FIELD_RATIO, offsetof(struct budget_throttle, ratio), .min = 0, .max = 100, .text = "0.1",
     .help = "tokens that a successful request gives back; decimals behind the third are dropped"},
    {0},
};

const struct budget_row budget_throttle = {
    .row = {.name = "throttle",
            .summary = "failures cost, successes earn, retries need more than half of the tokens",
            .formula = "failed attempt: -1, not below 0; success: +ratio; retry only if tokens > max / 2",
            .source = "gRPC proposal A6, retryThrottling",
            .fields = fields,
            .size = sizeof(struct budget_throttle),
            .prepare = prepare},
    .state_size = state_size,
    .init = init,
    .on_success = on_success,
    .on_failure = on_failure,
    .try_retry = try_retry,
};
