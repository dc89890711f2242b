/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget bucket: a store of tokens that retries drain and successes, requests or time fill.
 *
 *     a retry    is granted if tokens >= needs (compare: more-than: > needs), and takes the cost of its failure
 *     a success  at the first attempt +refund_success; after retries what refund_retry says
 *     credit     for each request, success or final outcome (earns)
 *     refill     for each second
 *
 * AWS SDKs, standard mode: size 500, cost 5, costs: [{on: timeout, cost: 10}], refund_success 1, refund_retry
 * last-cost; since 2026 cost 14, costs: [{on: throttled, cost: 5}]. Java, legacy mode: costs: [{on: throttled, cost:
 * 0}], so that throttling is retried without limit. */
#include "policy/budget/rows.h"

#include <math.h>

static int64_t size_tokens(const struct budget_bucket *p) { return p->size * BUDGET_TOKEN; }

static size_t state_size(const void *parameters)
{
    return budget_balance_size(((const struct budget_bucket *)parameters)->refill_per_s);
}

static void init(const void *parameters, void *self)
{
    int64_t *tokens = self;
    const struct budget_bucket *p = parameters;
    *tokens = (p->start < p->size ? p->start : p->size) * BUDGET_TOKEN;
}

static int64_t cost_of(const struct budget_bucket *p, enum failure failure)
{
    const struct budget_cost *costs = p->costs.items;
    for (size_t i = 0; i < p->costs.count; i++)
        if (failure_in(costs[i].on, failure))
            return costs[i].cost;
    return p->cost;
}

static void refill(const struct budget_bucket *p, void *self, int64_t now_ns)
{
    if (p->refill_per_s > 0)
        budget_refill(self, p->refill_per_s, size_tokens(p), now_ns);
}

static int64_t all_costs(const struct budget_bucket *p, int64_t retries)
{
    return p->cost == 0 || retries <= p->size / p->cost ? retries * p->cost : p->size;
}

static int64_t refund(const struct budget_bucket *p, const struct budget_event *event)
{
    if (event->attempts <= 1)
        return p->refund_success;
    switch ((enum budget_refund)p->refund_retry) {
    case REFUND_LAST_COST: return cost_of(p, event->failure);
    case REFUND_ALL: return all_costs(p, (int64_t)event->attempts - 1);
    case REFUND_FIXED: return p->refund_amount;
    default: return 0;
    }
}

static void earn(const struct budget_bucket *p, int64_t *tokens, enum budget_earns event)
{
    if (p->earns == (int)event && p->credit > 0)
        budget_add(tokens, budget_share(p->credit), size_tokens(p));
}

static void on_request(const void *parameters, void *self, const struct budget_event *event)
{
    (void)event;
    earn(parameters, self, EARNS_REQUEST);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    if (!event->retryable)
        earn(parameters, self, EARNS_FINAL);
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_bucket *p = parameters;
    refill(p, self, event->now_ns);
    earn(p, self, EARNS_SUCCESS);
    earn(p, self, EARNS_FINAL);
    budget_add(self, refund(p, event) * BUDGET_TOKEN, size_tokens(p));
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    int64_t *tokens = self;
    const struct budget_bucket *p = parameters;
    int64_t cost = cost_of(p, event->failure) * BUDGET_TOKEN;
    int64_t needs = isinf(p->needs) ? cost : budget_share(p->needs);
    refill(p, self, event->now_ns);
    if (p->compare == COMPARE_MORE_THAN ? *tokens <= needs : *tokens < needs)
        return false;
    *tokens -= cost;
    return true;
}

static void undo(const void *parameters, void *self, const struct budget_event *event)
{
    int64_t *tokens = self;
    *tokens += cost_of(parameters, event->failure) * BUDGET_TOKEN;
}

static const char *check_cost(const struct budget_bucket *p, int64_t cost)
{
    double needs = isinf(p->needs) ? (double)cost : p->needs;
    if (needs < (double)cost)
        return "needs is below a cost: the bucket would hold less than nothing";
    if (needs > (double)p->size || (p->compare == COMPARE_MORE_THAN && needs == (double)p->size))
        return "a retry needs more than size: none could ever be paid";
    return NULL;
}

static const char *prepare(void *parameters)
{
    const struct budget_bucket *p = parameters;
    const struct budget_cost *costs = p->costs.items;
    const char *error = check_cost(p, p->cost);
    for (size_t i = 0; !error && i < p->costs.count; i++)
        error = check_cost(p, costs[i].cost);
    if (!error && p->refund_retry == REFUND_ALL && p->costs.count > 0)
        error = "refund_retry: all cannot be had with costs: a bucket knows what the last retry cost, not each";
    if (!error && (p->refund_retry == REFUND_FIXED) != (p->refund_amount > 0))
        error = "refund_retry: fixed and refund_amount belong together";
    return error;
}

static const char *const refund_names[] = {"none", "last-cost", "all", "fixed", NULL};
static const char *const compare_names[] = {"at-least", "more-than", NULL};

static const struct field cost_fields[] = {
    {"on", FIELD_SET, offsetof(struct budget_cost, on), .names = failure_names, .masks = failure_masks,
     .help = "the failures"},
    {"cost", FIELD_COUNT, offsetof(struct budget_cost, cost), .min = 0, .max = BUDGET_COUNT_MAX,
     .help = "tokens that a retry after these failures takes; 0: it is always granted"},
    {0},
};

static const struct record cost_record = {"a cost", sizeof(struct budget_cost), cost_fields, NULL, NULL};

static const struct field fields[] = {
    {"size", FIELD_COUNT, offsetof(struct budget_bucket, size), .min = 1, .max = BUDGET_COUNT_MAX,
     .help = "most tokens it holds"},
    {"start", FIELD_COUNT, offsetof(struct budget_bucket, start), .min = 0, .max = BUDGET_COUNT_MAX,
     .text = "full", .word = "full", .help = "tokens at the start"},
    {"cost", FIELD_COUNT, offsetof(struct budget_bucket, cost), .min = 0, .max = BUDGET_COUNT_MAX,
     .text = "1", .help = "tokens that a retry takes"},
    {"costs", FIELD_LIST, offsetof(struct budget_bucket, costs), .record = &cost_record, .one_or_many = true,
     .help = "other costs after some failures; the first that names the failure counts"},
    {"needs", FIELD_REAL, offsetof(struct budget_bucket, needs), .min = 0, .max = BUDGET_COUNT_MAX, .text = "cost",
     .word = "cost", .help = "tokens there must be for a retry"},
    {"compare", FIELD_ENUM, offsetof(struct budget_bucket, compare), .names = compare_names, .text = "at-least",
     .help = "whether exactly that many are enough"},
    {"credit", FIELD_REAL, offsetof(struct budget_bucket, credit), .min = 0, .max = BUDGET_COUNT_MAX, .text = "0",
     .help = "tokens for each of what earns"},
    {"earns", FIELD_ENUM, offsetof(struct budget_bucket, earns), .names = budget_earns_names, .text = "request",
     .help = "what earns the credit: the start of every request, its success, or every final outcome"},
    {"refill", FIELD_RATE, offsetof(struct budget_bucket, refill_per_s), .min = 0, .max = 1e9, .text = "0/s",
     .help = "tokens that time gives back"},
    {"refund_success", FIELD_COUNT, offsetof(struct budget_bucket, refund_success), .min = 0,
     .max = BUDGET_COUNT_MAX, .text = "0",
     .help = "tokens back when a request succeeds at its first attempt"},
    {"refund_retry", FIELD_ENUM, offsetof(struct budget_bucket, refund_retry), .names = refund_names,
     .text = "none",
     .help = "back when a request succeeds after retries: nothing, what its last retry cost, what all of them did, or "
             "refund_amount"},
    {"refund_amount", FIELD_COUNT, offsetof(struct budget_bucket, refund_amount), .min = 0, .max = BUDGET_COUNT_MAX,
     .text = "0", .help = "tokens back with refund_retry: fixed"},
    {0},
};

const struct budget_row budget_bucket = {
    .row = {.name = "bucket",
            .summary = "a store of tokens that retries drain and successes, requests or time fill",
            .formula = "a retry needs and takes cost; first-attempt success +refund_success; request +credit; time "
                       "+refill",
            .source =
                "AWS SDKs, retry mode standard: size 500, cost 5, refund_success 1, refund_retry last-cost",
            .fields = fields,
            .size = sizeof(struct budget_bucket),
            .prepare = prepare},
    .state_size = state_size,
    .init = init,
    .on_request = on_request,
    .on_failure = on_failure,
    .on_success = on_success,
    .try_retry = try_retry,
    .undo = undo,
};
