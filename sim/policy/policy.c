/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a client policy and its cross-checks. */
#include "policy/policy.h"

#include <math.h>
#include <string.h>

enum { RULES_MAX = FAILURE_KINDS };

static bool never_waits(const struct backoff *backoff)
{
    struct backoff_range range = {0};
    backoff_next_range(backoff, UINT32_MAX, UINT32_MAX, &range);
    return range.high_ns == 0;
}

/* The first rule that names a failure is the one. */
static void index_rules(struct policy *policy)
{
    const struct failure_rule *rules = policy->rules.items;
    memset(policy->rule_of, -1, sizeof policy->rule_of);
    for (size_t i = policy->rules.count; i > 0; i--)
        for (int failure = 0; failure < FAILURE_KINDS; failure++)
            if (failure_in(rules[i - 1].on, (enum failure)failure))
                policy->rule_of[failure] = (int8_t)(i - 1);
}

static bool backoffs_allow(const struct policy *policy)
{
    const struct failure_rule *rules = policy->rules.items;
    bool allow = backoff_allows(&policy->backoff, policy->attempts - 1);
    for (size_t i = 0; i < policy->rules.count; i++)
        allow = allow && (!rules[i].backoff || backoff_allows(rules[i].backoff, policy->attempts - 1));
    return allow;
}

static const char *prepare(void *self)
{
    struct policy *policy = self;
    if (policy->rules.count > RULES_MAX)
        return "more rules than there are failures";
    index_rules(policy);
    if (!backoffs_allow(policy))
        return "jitter sorted draws all waits ahead: set attempts to at most 1001";
    list_drop_none(&policy->budgets, sizeof(struct budget));
    list_drop_none(&policy->gates, sizeof(struct gate));
    if (policy->attempts == INT64_MAX && never_waits(&policy->backoff) && policy->budgets.count == 0 &&
        policy->gates.count == 0)
        return "unlimited attempts need a wait between them, a budget or a gate: give the policy a backoff";
    if (policy->timeout_clip && policy->deadline_ns == INT64_MAX)
        return "timeout_clip: there is no deadline to clip to";
    if (policy->deadline_cuts && (policy->deadline_rule == DEADLINE_CLIP || policy->deadline_rule == DEADLINE_CHECK))
        return "a deadline that attempts may outlast (deadline_rule: clip, check) does not cut them: add "
               "'deadline_cuts: false'";
    if (policy->hedge && policy->hedge->after == HEDGE_AFTER_TIMEOUT && !policy->timeout)
        return "hedge: 'after: attempt-timeout' needs a timeout";
    return NULL;
}

struct policy policy_once(struct law *timeout)
{
    struct policy policy = {.timeout = timeout, .timeout_growth = 1, .timeout_cap_ns = INT64_MAX, .last_timeout = true,
                            .connect_timeout_ns = INT64_MAX, .attempts = 1, .deadline_ns = INT64_MAX,
                            .persistence = 1};
    policy.backoff = (struct backoff){.cap_ns = INT64_MAX, .max_wait_ns = INT64_MAX, .round_to_ns = INT64_MAX};
    policy.backoff.shape.row = table_find(&shape_table, "none");
    policy.backoff.jitter.choice.row = table_find(&jitter_table, "none");
    index_rules(&policy);
    return policy;
}

int64_t policy_deadline_wait_ns(const struct policy *policy, int64_t left_ns, int64_t wait_ns)
{
    if (left_ns <= 0)
        return POLICY_STOP;
    switch ((enum deadline_rule)policy->deadline_rule) {
    case DEADLINE_STOP: return wait_ns < left_ns ? wait_ns : POLICY_STOP;
    case DEADLINE_CLIP: return wait_ns < left_ns ? wait_ns : left_ns;
    default: return wait_ns;
    }
}

int64_t policy_timeout_ns(const struct policy *policy, uint32_t attempt, int64_t drawn_ns, int64_t left_ns)
{
    double steps = attempt > policy->timeout_growth_after ? (double)(attempt - policy->timeout_growth_after) : 0;
    double grown_ns = (double)drawn_ns * pow(policy->timeout_growth, steps);
    int64_t timeout_ns = grown_ns < (double)policy->timeout_cap_ns ? law_round_ns(grown_ns) : policy->timeout_cap_ns;
    return policy->timeout_clip && left_ns < timeout_ns ? left_ns : timeout_ns;
}

static const struct field rule_fields[] = {
    {"on", FIELD_SET, offsetof(struct failure_rule, on), .names = failure_names, .masks = failure_masks,
     .help = "the failures it is for; of several rules the first that names a failure counts"},
    {"retries", FIELD_COUNT, offsetof(struct failure_rule, retries), .min = 0, .max = 1e9, .text = "unlimited",
     .word = "unlimited", .help = "retries of a request after these failures, within `attempts`"},
    {"backoff", FIELD_OPTIONAL, offsetof(struct failure_rule, backoff), .record = &backoff_record,
     .help = "wait before such a retry, in place of the policy's"},
    {0},
};

static const struct record rule_record = {"a rule for failures", sizeof(struct failure_rule), rule_fields, NULL, NULL};

static const char *const deadline_rules[] = {"stop", "clip", "check", "cut", NULL};
static const char *const deadline_froms[] = {"request", "attempt", NULL};
static const char *const unsafe_rules[] = {"retry", "stop", NULL};

static const struct field fields[] = {
    {"preset", FIELD_NAME, offsetof(struct policy, preset), .text = "none",
     .help = "a library's, in place of what is not written here; `retrystorm list preset` shows them"},
    {"timeout", FIELD_OPTIONAL, offsetof(struct policy, timeout), .record = &law_record, .word = "none",
     .help = "time an attempt may take, from its send; absent: for ever"},
    {"timeout_growth", FIELD_REAL, offsetof(struct policy, timeout_growth), .min = 1, .max = 100, .text = "1",
     .help = "factor from one attempt's timeout to the next one's"},
    {"timeout_growth_after", FIELD_COUNT, offsetof(struct policy, timeout_growth_after), .min = 1, .max = 1e9,
     .text = "1", .help = "attempts with the first timeout, before it grows (TCP's SYN since Linux 6.5: 5)"},
    {"timeout_cap", FIELD_DURATION, offsetof(struct policy, timeout_cap_ns), .min = 1, .max = 1e18, .text = "none",
     .word = "none", .help = "longest timeout that grows"},
    {"timeout_clip", FIELD_BOOL, offsetof(struct policy, timeout_clip), .text = "false",
     .help = "cut the timeout to what the deadline leaves"},
    {"last_timeout", FIELD_BOOL, offsetof(struct policy, last_timeout), .text = "true",
     .help = "false: the last attempt has no timeout"},
    {"connect_timeout", FIELD_DURATION, offsetof(struct policy, connect_timeout_ns), .min = 1, .max = 1e18,
     .text = "none", .word = "none",
     .help = "an attempt that does not reach the service (lost, blackhole) fails after this as connect-timeout"},
    {"attempts", FIELD_COUNT, offsetof(struct policy, attempts), .min = 1, .max = 1e9, .text = "1",
     .word = "unlimited", .help = "sends at most, the first included"},
    {"deadline", FIELD_DURATION, offsetof(struct policy, deadline_ns), .min = 1, .max = 1.1528352e18, .text = "none",
     .word = "none", .help = "time a request may take, from its start"},
    {"deadline_rule", FIELD_ENUM, offsetof(struct policy, deadline_rule), .names = deadline_rules, .text = "stop",
     .help = "a wait that would end later: stop fails at once; clip waits what is left, then tries once more; check "
             "waits all of it, if it is not late yet; cut waits, and fails at the deadline"},
    {"deadline_from", FIELD_ENUM, offsetof(struct policy, deadline_from), .names = deadline_froms, .text = "request",
     .help = "when the clock is read: when a decision is due, or when the attempt that failed started (litl)"},
    {"deadline_cuts", FIELD_BOOL, offsetof(struct policy, deadline_cuts), .text = "true",
     .help = "give up an attempt under way at the deadline"},
    {"retry_on", FIELD_SET, offsetof(struct policy, retry_on), .names = failure_names, .masks = failure_masks,
     .text = "default", .help = "failures that are retried; default: all but shed and client-error"},
    {"unsafe", FIELD_ENUM, offsetof(struct policy, unsafe), .names = unsafe_rules, .text = "retry",
     .help = "a request that is not idempotent and perhaps was executed: retry it all the same, or stop"},
    {"persistence", FIELD_RATIO, offsetof(struct policy, persistence), .min = 0, .max = 1, .text = "100%",
     .help = "probability to go on after each failure"},
    {"backoff", FIELD_MAP, offsetof(struct policy, backoff), .record = &backoff_record, .text = "none",
     .help = "wait before each retry"},
    {"rules", FIELD_LIST, offsetof(struct policy, rules), .record = &rule_record, .one_or_many = true,
     .help = "what is different after some failures: their number of retries, their backoff"},
    {"retry_after", FIELD_MAP, offsetof(struct policy, hint), .record = &hint_record, .text = "ignore",
     .help = "what the wait that a service asks for does to the backoff's"},
    {"budget", FIELD_LIST, offsetof(struct policy, budgets), .record = &budget_record, .one_or_many = true,
     .help = "limits on retries as a whole: one, or a list of which all must grant"},
    {"breaker", FIELD_MAP, offsetof(struct policy, breaker), .record = &breaker_record, .text = "none",
     .help = "stops sending when too much fails"},
    {"gates", FIELD_LIST, offsetof(struct policy, gates), .record = &gate_record, .one_or_many = true,
     .help = "rate limits, throttles, bulkheads: one, or a list passed in order; first attempts pass them, too"},
    {"hedge", FIELD_OPTIONAL, offsetof(struct policy, hedge), .record = &hedge_record, .word = "none",
     .help = "send another attempt while the first still runs: {delay: 50ms}"},
    {0},
};

const struct record policy_record = {"a policy", sizeof(struct policy), fields, NULL, prepare};
