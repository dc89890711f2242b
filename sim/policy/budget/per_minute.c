/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget per-minute: the more succeeds, the more may be retried.
 *
 *     retries + 1 <= success ratio x request rate x ratio x 60 s
 *                  = ok / (ok + failed) x requests x ratio         of the last minute; ok, failed: attempts
 *
 * In a full outage the success ratio goes to 0 and takes the budget with it, within the minute that the window takes to
 * forget better times. While nothing has ended yet the success ratio is 1. */
#include "policy/budget/rows.h"

enum { REQUESTS, OK, FAILED, RETRIES, SUMS };

static size_t state_size(const void *parameters)
{
    return rolling_size(&((const struct budget_per_minute *)parameters)->shape);
}

static void count(const struct budget_per_minute *p, int64_t *window, const struct budget_event *event, uint32_t sum,
                  int64_t change)
{
    rolling_move(&p->shape, window, event->now_ns);
    rolling_add(&p->shape, window, sum, change);
}

static void on_request(const void *parameters, void *self, const struct budget_event *event)
{
    count(parameters, self, event, REQUESTS, 1);
}

static void on_failure(const void *parameters, void *self, const struct budget_event *event)
{
    count(parameters, self, event, FAILED, 1);
}

static void on_success(const void *parameters, void *self, const struct budget_event *event)
{
    count(parameters, self, event, OK, 1);
}

static double limit_of(const struct budget_per_minute *p, const int64_t *sums)
{
    int64_t ended = sums[OK] + sums[FAILED];
    double success = ended > 0 ? (double)sums[OK] / (double)ended : 1;
    return success * (double)sums[REQUESTS] * p->ratio;
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    const struct budget_per_minute *p = parameters;
    rolling_move(&p->shape, self, event->now_ns);
    const int64_t *sums = rolling_sums(self);
    if ((double)(sums[RETRIES] + 1) > limit_of(p, sums))
        return false;
    rolling_add(&p->shape, self, RETRIES, 1);
    return true;
}

static void undo(const void *parameters, void *self, const struct budget_event *event)
{
    count(parameters, self, event, RETRIES, -1);
}

static const char *prepare(void *parameters)
{
    struct budget_per_minute *p = parameters;
    if (p->slices > p->window_ns)
        return "more slices than window has nanoseconds";
    p->shape = (struct rolling_shape){p->window_ns / p->slices, (uint32_t)p->slices, SUMS};
    return NULL;
}

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct budget_per_minute, ratio), .min = 0, .max = 100, .text = "10%",
     .help = "retries for each request that succeeds"},
    {"window", FIELD_DURATION, offsetof(struct budget_per_minute, window_ns), .min = 1e6, .max = 1e15, .text = "1min",
     .help = "time over which requests, their success and retries are counted"},
    {"slices", FIELD_COUNT, offsetof(struct budget_per_minute, slices), .min = 1, .max = 1000, .text = "60",
     .help = "parts of the window; it moves on by one of them at a time"},
    {0},
};

const struct budget_row budget_per_minute = {
    .row = {.name = "per-minute",
            .summary = "a share of what succeeded in the last minute",
            .formula = "retries a minute <= success ratio x request rate x ratio x 60",
            .source = "a common recipe: max_retries_per_minute = success_rate * total_rate * budget * 60",
            .fields = fields,
            .size = sizeof(struct budget_per_minute),
            .prepare = prepare},
    .state_size = state_size,
    .on_request = on_request,
    .on_failure = on_failure,
    .on_success = on_success,
    .try_retry = try_retry,
    .undo = undo,
};
