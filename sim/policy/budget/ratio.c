/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget ratio: each request pays in a share of a retry.
 *
 * In the long run at most ratio retries a request, plus min_rate a second; at once at most `max`, the balance
 * that quiet times leave behind. `earns: success` pays in when a request succeeds, so a total outage earns
 * nothing. The same over a moving window, where nothing is saved for longer, is `window`. */
#include "policy/budget/rows.h"

static int64_t max_tokens(const struct budget_ratio *p) { return p->max * BUDGET_TOKEN; }

static size_t state_size(const void *parameters)
{
    return budget_balance_size(((const struct budget_ratio *)parameters)->min_rate_per_s);
}

static void init(const void *parameters, void *self)
{
    int64_t *tokens = self;
    const struct budget_ratio *p = parameters;
    *tokens = (p->reserve < p->max ? p->reserve : p->max) * BUDGET_TOKEN;
}

static void earn(const struct budget_ratio *p, int64_t *tokens, enum budget_earns event)
{
    if (p->earns == (int)event)
        budget_add(tokens, budget_share(p->ratio), max_tokens(p));
}

static void on_request(const void *parameters, void *self, const struct budget_event *event)
{
    (void)event;
    earn(parameters, self, EARNS_REQUEST);
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    (void)event;
    earn(parameters, self, EARNS_SUCCESS);
    earn(parameters, self, EARNS_FINAL);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    if (!event->retryable)
        earn(parameters, self, EARNS_FINAL);
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    int64_t *tokens = self;
    const struct budget_ratio *p = parameters;
    if (p->min_rate_per_s > 0)
        budget_refill(self, p->min_rate_per_s, max_tokens(p), event->now_ns);
    if (*tokens < BUDGET_TOKEN)
        return false;
    *tokens -= BUDGET_TOKEN;
    return true;
}

static void undo(const void *parameters, void *self, const struct budget_event *event)
{
    int64_t *tokens = self;
    (void)parameters, (void)event;
    *tokens += BUDGET_TOKEN;
}

static const char *prepare(void *parameters)
{
    const struct budget_ratio *p = parameters;
    return p->reserve > p->max ? "reserve is above max: the balance cannot start there" : NULL;
}

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct budget_ratio, ratio), .min = 0, .max = 100,
     .help = "retries that each request earns"},
    {"reserve", FIELD_COUNT, offsetof(struct budget_ratio, reserve), .min = 0, .max = BUDGET_COUNT_MAX,
     .text = "10", .help = "retries in the balance at the start"},
    {"max", FIELD_COUNT, offsetof(struct budget_ratio, max), .min = 1, .max = BUDGET_COUNT_MAX, .text = "100",
     .help = "largest balance: the most retries in one go"},
    {"min_rate", FIELD_RATE, offsetof(struct budget_ratio, min_rate_per_s), .min = 0, .max = 1e9,
     .text = "0/s", .help = "retries that time earns, whatever the requests do"},
    {"earns", FIELD_ENUM, offsetof(struct budget_ratio, earns), .names = budget_earns_names, .text = "request",
     .help = "what earns: the start of every request, its success, or every final outcome (a success or a failure "
             "that is not in retry_on)"},
    {0},
};

const struct budget_row budget_ratio = {
    .row = {.name = "ratio",
            .summary = "each request earns a share of a retry, saved up to a largest balance",
            .formula = "balance = min(max, balance + ratio) per request; a retry needs and takes 1",
            .source = "Finagle RetryBudget without its window; SRE book, Handling overload (10%)",
            .fields = fields,
            .size = sizeof(struct budget_ratio),
            .prepare = prepare},
    .state_size = state_size,
    .init = init,
    .on_request = on_request,
    .on_failure = on_failure,
    .on_success = on_success,
    .try_retry = try_retry,
    .undo = undo,
};
