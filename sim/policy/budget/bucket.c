/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget bucket: a store of tokens that retries drain and successes (or time) fill.
 *
 * AWS SDK standard mode: size 500, cost 5, refund_success 1, refund_retry last-cost. */
#include "policy/budget/rows.h"

static int64_t size_tokens(const struct budget_bucket *p)
{
    return p->size * BUDGET_TOKEN;
}

static void init(const void *parameters, void *self)
{
    struct budget_state *state = self;
    const struct budget_bucket *p = parameters;
    *state = (struct budget_state){.tokens = (p->start < p->size ? p->start : p->size) * BUDGET_TOKEN};
}

static void refill(const struct budget_bucket *p, struct budget_state *state, int64_t now_ns)
{
    if (p->refill_per_s > 0)
        budget_refill(state, p->refill_per_s, size_tokens(p), now_ns);
}

static int64_t refund(const struct budget_bucket *p, uint32_t attempts)
{
    if (attempts <= 1)
        return p->refund_success;
    if (p->refund_retry == REFUND_NONE)
        return 0;
    int64_t retries = p->refund_retry == REFUND_ALL ? (int64_t)attempts - 1 : 1;
    return retries < p->size / p->cost + 1 ? retries * p->cost : p->size;
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_state *state = self;
    const struct budget_bucket *p = parameters;
    refill(p, state, event->now_ns);
    budget_add(state, refund(p, event->attempts) * BUDGET_TOKEN, size_tokens(p));
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_state *state = self;
    const struct budget_bucket *p = parameters;
    refill(p, state, event->now_ns);
    return budget_take(state, p->cost * BUDGET_TOKEN);
}

static const char *prepare(void *parameters)
{
    const struct budget_bucket *p = parameters;
    return p->cost > p->size ? "cost is above size: no retry could ever be paid" : NULL;
}

static const char *const refund_names[] = {"none", "last-cost", "all", NULL};

static const struct field fields[] = {
    {"size", FIELD_COUNT, offsetof(struct budget_bucket, size), .min = 1, .max = BUDGET_COUNT_MAX,
     .help = "most tokens it holds"},
    {"start", FIELD_COUNT, offsetof(struct budget_bucket, start), .min = 0, .max = BUDGET_COUNT_MAX,
     .text = "full", .word = "full", .help = "tokens at the start"},
    {"cost", FIELD_COUNT, offsetof(struct budget_bucket, cost), .min = 1, .max = BUDGET_COUNT_MAX,
     .text = "1", .help = "tokens that a retry needs and takes"},
    {"refill", FIELD_RATE, offsetof(struct budget_bucket, refill_per_s), .min = 0, .max = 1e9, .text = "0/s",
     .help = "tokens that time gives back"},
    {"refund_success", FIELD_COUNT, offsetof(struct budget_bucket, refund_success), .min = 0,
     .max = BUDGET_COUNT_MAX, .text = "0",
     .help = "tokens back when a request succeeds at its first attempt"},
    {"refund_retry", FIELD_ENUM, offsetof(struct budget_bucket, refund_retry), .names = refund_names,
     .text = "none",
     .help = "back when a request succeeds after retries: nothing, what its last retry cost, or what all of "
             "them did"},
    {0},
};

const struct budget_row budget_bucket = {
    .row = {.name = "bucket",
            .summary = "a store of tokens that retries drain and successes or time fill",
            .formula = "a retry needs and takes cost; first-attempt success +refund_success; time +refill",
            .source =
                "AWS SDKs, retry mode standard: size 500, cost 5, refund_success 1, refund_retry last-cost",
            .fields = fields,
            .size = sizeof(struct budget_bucket),
            .prepare = prepare},
    .state_size = budget_plain_state,
    .init = init,
    .on_success = on_success,
    .try_retry = try_retry,
};
