/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a client policy and its cross-checks. */
#include "policy/policy.h"

const char *const failure_names[] = {"timeout", "rejected", "refused", "error", "local", NULL};

/* No list at all means every failure; an empty list means none. */
static uint32_t mask_of(const struct list *retry_on)
{
    const struct retry_on *items = retry_on->items;
    uint32_t mask = 0;
    if (!items)
        return (1u << FAILURE_KINDS) - 1;
    for (size_t i = 0; i < retry_on->count; i++)
        mask |= 1u << items[i].failure;
    return mask;
}

static bool never_waits(const struct backoff *backoff)
{
    int64_t low_ns, high_ns;
    backoff_bounds_ns(backoff, UINT32_MAX, 0, &low_ns, &high_ns);
    return high_ns == 0;
}

static const char *prepare(void *self)
{
    struct policy *policy = self;
    policy->retry_mask = mask_of(&policy->retry_on);
    if (policy->attempts == INT64_MAX && never_waits(&policy->backoff))
        return "unlimited attempts need a wait between them: give the policy a backoff";
    return NULL;
}

static const struct field retry_on_fields[] = {
    {"failure", FIELD_ENUM, offsetof(struct retry_on, failure), .names = failure_names,
     .help = "a kind of failure that is retried"},
    {0},
};

static const struct record retry_on_record = {"a kind of failure", sizeof(struct retry_on), retry_on_fields,
                                              NULL, NULL};

static const struct field fields[] = {
    {"timeout", FIELD_OPTIONAL, offsetof(struct policy, timeout), .record = &law_record, .word = "none",
     .help = "time an attempt may take, from its send; absent: for ever"},
    {"attempts", FIELD_COUNT, offsetof(struct policy, attempts), .min = 1, .max = 1e9, .text = "1",
     .word = "unlimited", .help = "sends at most, the first included"},
    {"deadline", FIELD_DURATION, offsetof(struct policy, deadline_ns), .min = 1,
     .max = 1.1528352e18, .text = "none", .word = "none",
     .help = "time a request may take, from its start; it fails when that is over, or if a wait would end later"},
    {"retry_on", FIELD_LIST, offsetof(struct policy, retry_on), .record = &retry_on_record,
     .help = "failures that are retried: timeout, rejected, refused, error, local; absent: all"},
    {"persistence", FIELD_RATIO, offsetof(struct policy, persistence), .min = 0, .max = 1, .text = "100%",
     .help = "probability to go on after each failure"},
    {"backoff", FIELD_MAP, offsetof(struct policy, backoff), .record = &backoff_record, .text = "none",
     .help = "wait before each retry"},
    {"budget", FIELD_MAP, offsetof(struct policy, budget), .record = &budget_record, .text = "none",
     .help = "limit on retries as a whole"},
    {"breaker", FIELD_MAP, offsetof(struct policy, breaker), .record = &breaker_record, .text = "none",
     .help = "stops sending when too much fails"},
    {"rate_limit", FIELD_MAP, offsetof(struct policy, limiter), .record = &limiter_record, .text = "none",
     .help = "limit on attempts, first ones included"},
    {0},
};

const struct record policy_record = {"a policy", sizeof(struct policy), fields, NULL, prepare};
