/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget window: in any window of time, at most a share of the requests may be retries, and a few more.
 *
 *     retries + 1 <= reserve + ratio x deposits        both counted over the last ttl; reserve = min_rate x ttl
 *
 * Deposits and withdrawals both grow old and leave the window, so nothing is saved for longer than that, and a debt is
 * forgotten, too. The reserve is not earned: it is there in every window, however short the outage.
 *
 * Finagle RetryFilter: ratio 20%, ttl 10s, min_rate 10/s. Its RequeueFilter: earns success, per_request 20%. Linkerd
 * profiles: earns final. tower (and so Linkerd) counts in whole numbers: a deposit is 1, a retry floor(1 / ratio), so
 * that 30% is really a third (rounding: floor). SRE book: ratio 10%, ttl 2min, min_rate 0/s, needs some: it retries
 * while retries / requests < 10 %. */
#include "policy/budget/rows.h"

#include <math.h>

static size_t state_size(const void *parameters)
{
    return rolling_size(&((const struct budget_window *)parameters)->shape);
}

static void move(const struct budget_window *p, int64_t *window, const struct budget_event *event, int64_t amount)
{
    rolling_move(&p->shape, window, event->now_ns);
    rolling_add(&p->shape, window, 0, amount);
}

static void earn(const struct budget_window *p, int64_t *window, const struct budget_event *event,
                 enum budget_earns what)
{
    if (p->earns == (int)what)
        move(p, window, event, p->deposit);
}

static void on_request(const void *parameters, void *self, const struct budget_event *event)
{
    earn(parameters, self, event, EARNS_REQUEST);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    if (!event->retryable)
        earn(parameters, self, event, EARNS_FINAL);
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    earn(parameters, self, event, EARNS_SUCCESS);
    earn(parameters, self, event, EARNS_FINAL);
}

static int64_t balance(const struct budget_window *p, int64_t *window, const struct budget_event *event)
{
    rolling_move(&p->shape, window, event->now_ns);
    return rolling_sums(window)[0] + p->reserve;
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_window *p = parameters;
    if (balance(p, self, event) < (p->needs == NEEDS_WHOLE ? p->withdrawal : 1))
        return false;
    rolling_add(&p->shape, self, 0, -p->withdrawal);
    return true;
}

static void undo(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_window *p = parameters;
    move(p, self, event, p->withdrawal);
}

static bool limits_requests(const void *parameters)
{
    return !isinf(((const struct budget_window *)parameters)->per_request);
}

static uint32_t request_limit(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_window *p = parameters;
    int64_t retries = balance(p, self, event) / p->withdrawal;
    double limit = ceil(p->per_request * (double)(retries > 0 ? retries : 0));
    return limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX;
}

/* Deposit and withdrawal in one unit, whose size does not matter. */
static void set_amounts(struct budget_window *p)
{
    p->deposit = budget_share(p->ratio);
    p->withdrawal = BUDGET_TOKEN;
    if (p->rounding == ROUNDING_FLOOR && p->ratio > 0) {
        p->deposit = p->ratio <= 1 ? 1 : 1000;
        p->withdrawal = (int64_t)((double)p->deposit / p->ratio);
    }
    p->reserve = (int64_t)(p->min_rate_per_s * ((double)p->ttl_ns / 1e9)) * p->withdrawal;
}

static const char *prepare(void *parameters)
{
    struct budget_window *p = parameters;
    if (p->slices > p->ttl_ns)
        return "more slices than ttl has nanoseconds";
    p->shape = (struct rolling_shape){p->ttl_ns / p->slices, (uint32_t)p->slices, 1};
    set_amounts(p);
    return NULL;
}

static const char *const rounding_names[] = {"exact", "floor", NULL};
static const char *const needs_names[] = {"whole", "some", NULL};

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct budget_window, ratio), .min = 0, .max = 100,
     .help = "retries for each request of the window"},
    {"ttl", FIELD_DURATION, offsetof(struct budget_window, ttl_ns), .min = 1e6, .max = 1e15, .text = "10s",
     .help = "length of the window"},
    {"slices", FIELD_COUNT, offsetof(struct budget_window, slices), .min = 1, .max = 1000, .text = "10",
     .help = "parts of the window; it moves on by one of them at a time"},
    {"min_rate", FIELD_RATE, offsetof(struct budget_window, min_rate_per_s), .min = 0, .max = 1e6, .text = "10/s",
     .help = "retries beyond that: min_rate x ttl in every window"},
    {"earns", FIELD_ENUM, offsetof(struct budget_window, earns), .names = budget_earns_names, .text = "request",
     .help = "what is counted as a request: its start, its success, or its final outcome (a success or a failure that "
             "is not in retry_on)"},
    {"rounding", FIELD_ENUM, offsetof(struct budget_window, rounding), .names = rounding_names, .text = "exact",
     .help = "floor: a retry costs floor(1 / ratio) requests, a whole number (tower): 30% allows a third"},
    {"needs", FIELD_ENUM, offsetof(struct budget_window, needs), .names = needs_names, .text = "whole",
     .help = "a retry must find a whole one in the balance, or any balance at all (while retries / requests < ratio)"},
    {"per_request", FIELD_RATIO, offsetof(struct budget_window, per_request), .min = 0, .max = 1, .text = "none",
     .word = "none",
     .help = "retries of one request at most: this share of the balance when it begins, rounded up"},
    {0},
};

const struct budget_row budget_window = {
    .row = {.name = "window",
            .summary = "in any window of time at most a share of the requests, and a few more",
            .formula = "retries + 1 <= min_rate x ttl + ratio x requests, both of the last ttl",
            .source = "Finagle RetryBudget, Linkerd, tower TpsBudget; SRE book, Handling overload",
            .fields = fields,
            .size = sizeof(struct budget_window),
            .prepare = prepare},
    .state_size = state_size,
    .on_request = on_request,
    .on_failure = on_failure,
    .on_success = on_success,
    .try_retry = try_retry,
    .undo = undo,
    .request_limit = request_limit,
    .limits_requests = limits_requests,
};
