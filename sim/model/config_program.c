/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables of a service's calls and of its program's steps. */
#include "model/config_program.h"

#include <string.h>

#include "base/units.h"

static const struct field name_fields[] = {
    {"name", FIELD_NAME, offsetof(struct name_config, name), .help = "a name"},
    {0}};
static const struct record name_record = {"a name", sizeof(struct name_config), name_fields, NULL, NULL};

/* ---- calls ---- */

static const char *prepare_call(void *self)
{
    struct call_config *call = self;
    if (!*call->hop.calls)
        call->hop.calls = call->name;
    if (call->deadline_margin_ns > 0 && !call->propagate_deadline)
        return "deadline_margin: there is no deadline to take it from without 'propagate_deadline: true'";
    if (call->same_operation_id && !call->hop.idempotency_key)
        return "same_operation_id: the callee sees no id; add 'idempotency_key: true'";
    return NULL;
}

static const struct field call_fields[] = {
    {"name", FIELD_NAME, offsetof(struct call_config, name), .help = "how the program, paths and results call it"},
    {"to", FIELD_TEXT, offsetof(struct call_config, hop.calls), .text = "",
     .help = "the service or cache it leads to; absent: the one of that name"},
    {"policy", FIELD_MAP, offsetof(struct call_config, hop.policy), .record = &policy_record, .text = "",
     .help = "timeout, attempts, backoff, budget, ...: a map, or the name of one of `policies`"},
    {"network", FIELD_MAP, offsetof(struct call_config, hop.network), .record = &network_record, .text = "",
     .help = "latency and loss, each way"},
    {"idempotent_ratio", FIELD_RATIO, offsetof(struct call_config, hop.idempotent_ratio), .min = 0, .max = 1,
     .text = "100%", .help = "calls that may be done twice; see `unsafe` in a policy for the others"},
    {"idempotency_key", FIELD_BOOL, offsetof(struct call_config, hop.idempotency_key), .text = "false",
     .help = "all attempts of a call carry its key; see `dedup` at the service"},
    {"propagate_deadline", FIELD_BOOL, offsetof(struct call_config, propagate_deadline), .text = "false",
     .help = "a call ends, failed, when the caller of the attempt that makes it gives up"},
    {"deadline_margin", FIELD_DURATION, offsetof(struct call_config, deadline_margin_ns), .max = 1e18, .text = "0s",
     .help = "so much earlier, for the way back"},
    {"propagate_cancel", FIELD_BOOL, offsetof(struct call_config, propagate_cancel), .text = "true",
     .help = "tell the callee when an attempt is given up; what it does then is its `cancel`"},
    {"same_operation_id", FIELD_BOOL, offsetof(struct call_config, same_operation_id), .text = "false",
     .help = "a retry of the attempt that makes it calls with the same key, so that a callee with `dedup` does the "
             "work once"},
    {0}};
const struct record call_record = {"a call", sizeof(struct call_config), call_fields, "name", prepare_call};

/* ---- steps ---- */

static const char *read_need(struct step_config *step)
{
    char why[UNITS_WHY_SIZE];
    step->needed = INT64_MAX;
    if (strcmp(step->need, "any") == 0)
        step->needed = 1;
    else if (strcmp(step->need, "all") != 0 &&
             (!units_parse_count(step->need, &step->needed, why) || step->needed < 1))
        return "need: write all, any or a number from 1";
    return NULL;
}

enum { PARALLEL_MAX = 1000 };

static int kinds_of(const struct step_config *step)
{
    return (step->work != NULL) + (*step->call != 0) + (*step->cache != 0) + (step->parallel.count > 0);
}

static const char *prepare_step(void *self)
{
    struct step_config *step = self;
    bool parallel = step->parallel.count > 0;
    if (step->parallel.count > PARALLEL_MAX)
        return "parallel: more than 1000 calls";
    if (kinds_of(step) != 1)
        return "a step is one of {work: 5ms}, {call: NAME}, {cache: NAME}, {parallel: [NAME, NAME]}";
    if (step->fallback && !step->optional)
        return "fallback: a step that must not fail has none; add 'optional: true'";
    if (!*step->call && step->times != 1)
        return "times: only for 'call'";
    if (!parallel && strcmp(step->need, "all") != 0)
        return "need: only for 'parallel'";
    return read_need(step);
}

static const struct field step_fields[] = {
    {"work", FIELD_OPTIONAL, offsetof(struct step_config, work), .record = &law_record,
     .help = "worker time that it takes"},
    {"call", FIELD_TEXT, offsetof(struct step_config, call), .text = "",
     .help = "one of `calls`; waits for its outcome"},
    {"cache", FIELD_TEXT, offsetof(struct step_config, cache), .text = "",
     .help = "the same for a call that leads to a cache"},
    {"parallel", FIELD_LIST, offsetof(struct step_config, parallel), .record = &name_record,
     .help = "several of `calls` at the same time"},
    {"times", FIELD_COUNT, offsetof(struct step_config, times), .min = 1, .max = 1000, .text = "1",
     .help = "how often to call, one after the other"},
    {"need", FIELD_TEXT, offsetof(struct step_config, need), .text = "all",
     .help = "how many of the parallel calls must succeed: all, any, or a number; the others are then called off"},
    {"optional", FIELD_BOOL, offsetof(struct step_config, optional), .text = "false",
     .help = "go on without it if it fails, leave it out in a brownout: the answer is degraded"},
    {"fallback", FIELD_OPTIONAL, offsetof(struct step_config, fallback), .record = &law_record,
     .help = "worker time that makes up for an optional step"},
    {"chance", FIELD_RATIO, offsetof(struct step_config, chance), .min = 0, .max = 1, .text = "100%",
     .help = "requests that have this step, each independently; their retries have it, too"},
    {"for", FIELD_LIST, offsetof(struct step_config, only_for), .record = &name_record, .one_or_many = true,
     .help = "client populations whose requests have this step, however they come here; absent: all"},
    {0}};
const struct record step_record = {"a step", sizeof(struct step_config), step_fields, NULL, prepare_step};
