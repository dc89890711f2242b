/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate concurrency: at most so many under way, with shares for the priorities.
 *
 * A priority's share is ceil(limit x share), at least 1. Work-conserving: shares only count when the limit is reached;
 * then whoever is within his share still gets in, so that the limit is exceeded by that for a while. `hard: true`: a
 * share is never exceeded, and what it does not use is lost (separate bulkheads). Priorities beyond the list have the
 * last one's share. */
#include "policy/gate/rows.h"

#include <math.h>

/* The state: under way in all, then of each share. */
enum { ALL, OF_SHARE };

static size_t state_size(const void *parameters)
{
    return (OF_SHARE + ((const struct gate_concurrency *)parameters)->shares.count) * sizeof(int64_t);
}

static size_t share_of(const struct gate_concurrency *p, uint32_t priority)
{
    return priority < p->shares.count ? priority : p->shares.count - 1;
}

static int64_t most_of(const struct gate_concurrency *p, size_t share)
{
    double most = ceil((double)p->limit * ((const struct gate_share *)p->shares.items)[share].share);
    return most > 1 ? (int64_t)most : 1;
}

static bool has_room(const struct gate_concurrency *p, const int64_t *in_flight, uint32_t priority)
{
    bool below = in_flight[ALL] < p->limit;
    if (p->shares.count == 0)
        return below;
    size_t share = share_of(p, priority);
    bool within = in_flight[OF_SHARE + share] < most_of(p, share);
    return p->hard ? within : below || within;
}

static void count(const struct gate_concurrency *p, int64_t *in_flight, uint32_t priority, int64_t change)
{
    in_flight[ALL] += change;
    if (p->shares.count > 0)
        in_flight[OF_SHARE + share_of(p, priority)] += change;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    if (!has_room(parameters, self, in->priority))
        return gate_refuse();
    count(parameters, self, in->priority, 1);
    return gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    count(parameters, self, out->priority, -1);
}

static const char *prepare(void *parameters)
{
    const struct gate_concurrency *p = parameters;
    const struct gate_share *shares = p->shares.items;
    double sum = 0;
    for (size_t i = 0; i < p->shares.count; i++)
        sum += shares[i].share;
    if (sum > 1 + 1e-9)
        return "shares add up to more than 100%";
    return p->hard && p->shares.count == 0 ? "hard: there are no shares that could be hard" : NULL;
}

static const struct field share_fields[] = {
    {"share", FIELD_RATIO, offsetof(struct gate_share, share), .min = 0, .max = 1, .help = "of the limit"},
    {0},
};

static const struct record share_record = {"a share", sizeof(struct gate_share), share_fields, NULL, NULL};

static const struct field fields[] = {
    {"limit", FIELD_COUNT, offsetof(struct gate_concurrency, limit), .min = 1, .max = 1e9,
     .help = "under way at most"},
    {"shares", FIELD_LIST, offsetof(struct gate_concurrency, shares), .record = &share_record,
     .help = "of each priority, the most critical (0) first, such as [70%, 30%]; absent: no difference is made"},
    {"hard", FIELD_BOOL, offsetof(struct gate_concurrency, hard), .text = "false",
     .help = "shares count always, not only when the limit is reached"},
    {0},
};

const struct gate_row gate_concurrency = {
    .row = {.name = "concurrency",
            .summary = "at most so many under way, with shares for the priorities",
            .formula = "admitted if under way < limit, or its priority's < ceil(limit x share)",
            .source = "Envoy circuit breakers (1024); Netflix concurrency-limits, partitioned limiter",
            .fields = fields,
            .size = sizeof(struct gate_concurrency),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
};
