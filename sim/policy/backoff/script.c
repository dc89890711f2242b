/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape script: the user's own function says how long to wait, jitter included (policy/script.h). */
#include "policy/script.h"
#include "policy/backoff/rows.h"

static const char *prepare(void *parameters)
{
    struct shape_script *p = parameters;
    p->source = script_load(p->file);
    return p->source->error;
}

/* Of a script nothing is known beforehand. */
static double delay_ns(const void *parameters, uint32_t retry)
{
    (void)parameters, (void)retry;
    return 0;
}

static double base_ns(const void *parameters)
{
    (void)parameters;
    return 0;
}

static double wait_ns(const void *parameters, const struct backoff_call *call)
{
    const struct shape_script *p = parameters;
    struct script_call of = {.retry = call->retry, .previous_s = (double)*call->chain_ns * 1e-9,
                             .uniform = stream_uniform(call->stream), .state = *call->script_state,
                             .outcome = failure_kinds[call->failure]};
    double wait_s = script_delay_s(scripts_get(call->scripts, p->source), &of);
    *call->script_state = of.state;
    return wait_s == SCRIPT_GIVE_UP ? (double)BACKOFF_GIVE_UP : wait_s * 1e9;
}

static const struct field fields[] = {
    {"script", FIELD_FILE, offsetof(struct shape_script, file),
     .help = "a Lua 5.4 file with a function delay(n, prev, u, outcome) that returns seconds, or nil to give up"},
    {0},
};

const struct shape_row shape_script = {
    .row = {.name = "script",
            .summary = "your own function in Lua says how long to wait, jitter included",
            .formula = "X(n) = delay(n, prev, u, outcome, state): n the retry, prev the wait before, u from U(0, 1), "
                       "outcome the failure's name, state the second result of the call before",
            .source = "you; `math` without random is all a script knows, a call has 100000 instructions",
            .fields = fields,
            .size = sizeof(struct shape_script),
            .prepare = prepare},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
    .wait_ns = wait_ns,
};
