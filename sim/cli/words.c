/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "output/text.h"

enum { LABEL_COLUMNS = 15, COLUMNS = 110 };

void words_wrapped(const char *label, const char *words)
{
    int column = printf("%-*s", LABEL_COLUMNS, label);
    for (bool first = true; *words; first = false) {
        int length = (int)strcspn(words, " ");
        if (!first && column + length >= COLUMNS)
            column = printf("\n%*s", LABEL_COLUMNS, "") - 1;
        else if (!first)
            column += printf(" ");
        column += printf("%.*s", length, words);
        words += length;
        words += *words == ' ';
    }
    putchar('\n');
}

/* Prints the line and forgets it. */
static void say(const char *label, struct text *line)
{
    words_wrapped(label, line->bytes);
    text_free(line);
}

static void add_duration(struct text *line, int64_t ns)
{
    char text[UNITS_TEXT_SIZE];
    text_add(line, units_show_duration((double)ns * 1e-9, text));
}

void words_failures(struct text *line, uint32_t set)
{
    bool first = true;
    if (set == FAILURES_ALL) {
        text_add(line, "everything");
        return;
    }
    for (int failure = 0; failure < FAILURE_KINDS; failure++) {
        if (!failure_in(set, (enum failure)failure))
            continue;
        text_printf(line, "%s%s", first ? "" : ", ", failure_kinds[failure]);
        first = false;
    }
    if (first)
        text_add(line, "nothing");
}

static bool is_scalar(const struct field *field)
{
    return field->kind != FIELD_LIST && field->kind != FIELD_MAP && field->kind != FIELD_OPTIONAL;
}

/* ", base 50ms": what is not the default. */
static void add_parameters(struct text *line, const struct choice *choice)
{
    char value[256];
    for (const struct field *field = choice->row->fields; field && field->name; field++) {
        if (!is_scalar(field))
            continue;
        field_show_value(field, choice->parameters + field->offset, value, sizeof value);
        if (!field->text || strcmp(field->text, value) != 0)
            text_printf(line, ", %s %s", field->name, value);
    }
}

/* "exponential, base 50ms (d(n) = base * ...)" */
static void add_row(struct text *line, const struct choice *choice)
{
    const struct row *row = choice->row;
    text_add(line, row->name);
    add_parameters(line, choice);
    text_printf(line, " (%s)", row->formula ? row->formula : row->summary);
}

static void add_scope(struct text *line, int scope)
{
    text_add(line, scope == SCOPE_CLIENT ? "; one for each client" : "; one for the population");
}

/* ---- a policy ---- */

static void say_sends(const struct policy *policy)
{
    struct text line = text_in_memory();
    if (policy->attempts == INT64_MAX)
        text_add(&line, "any number of times");
    else
        text_printf(&line, "%lld time%s at most, the first included", (long long)policy->attempts,
                    policy->attempts == 1 ? "" : "s");
    if (policy->timeout) {
        text_add(&line, "; each may take ");
        add_duration(&line, (int64_t)law_mean_ns(policy->timeout));
    } else {
        text_add(&line, "; no timeout of an attempt: give it one, or it waits for ever");
    }
    if (!policy->last_timeout)
        text_add(&line, ", but the last one for ever");
    say("  sends", &line);
}

enum { TIMEOUTS_SHOWN = 12 };

static int64_t timeout_of_ns(const struct policy *policy, uint32_t attempt)
{
    return policy_timeout_ns(policy, attempt, (int64_t)law_mean_ns(policy->timeout), INT64_MAX);
}

static void say_growing_timeouts(const struct policy *policy)
{
    struct text line = text_in_memory();
    for (uint32_t attempt = 1; attempt <= policy->attempts && attempt <= TIMEOUTS_SHOWN; attempt++) {
        text_add(&line, attempt == 1 ? "" : ", ");
        add_duration(&line, timeout_of_ns(policy, attempt));
    }
    text_add(&line, policy->attempts > TIMEOUTS_SHOWN ? " .." : "");
    say("  timeouts", &line);
}

/* The longest that a request with limits of its own can take; INFINITY: no limit. */
static double longest_ns(const struct policy *policy)
{
    struct backoff_range range = {0};
    double longest_ns = 0;
    if (policy->attempts > UINT16_MAX || !policy->timeout || !policy->last_timeout)
        return INFINITY;
    uint32_t retries = (uint32_t)policy->attempts - 1;
    for (uint32_t attempt = 1; attempt <= policy->attempts; attempt++) {
        longest_ns += (double)timeout_of_ns(policy, attempt);
        if (attempt > retries)
            break;
        backoff_next_range(&policy->backoff, attempt, retries, &range);
        longest_ns += range.high_ns > 0 ? range.high_ns : 0;
    }
    return longest_ns;
}

static void say_end(const struct policy *policy)
{
    struct text line = text_in_memory();
    double end_ns = longest_ns(policy);
    bool is_cut = policy->deadline_cuts && (double)policy->deadline_ns < end_ns && policy->deadline_ns != INT64_MAX;
    if (is_cut)
        end_ns = (double)policy->deadline_ns;
    if (isinf(end_ns)) {
        text_add(&line, policy->timeout ? "when it succeeds" : "when its attempts are answered");
    } else {
        text_add(&line, "after ");
        add_duration(&line, (int64_t)end_ns);
        text_add(&line, is_cut ? " at the latest, its deadline"
                               : " at the latest, if all attempts time out and all waits are the longest");
    }
    say("  ends", &line);
}

static void say_deadline(const struct policy *policy)
{
    static const char *const rules[] = {"a wait that would end later fails at once", "a wait is cut to end there",
                                        "a wait that begins in time is waited in full", "waits, and fails then"};
    struct text line = text_in_memory();
    if (policy->deadline_ns == INT64_MAX)
        text_add(&line, "none; if you set one: ");
    else
        add_duration(&line, policy->deadline_ns), text_add(&line, " for the request: ");
    text_add(&line, rules[policy->deadline_rule]);
    if (policy->deadline_from == DEADLINE_FROM_ATTEMPT)
        text_add(&line, ", as of the start of the attempt that failed");
    if (!policy->deadline_cuts)
        text_add(&line, "; an attempt under way may end later");
    say("  deadline", &line);
}

/* ", WORDS 20 s" if there is such a limit. */
static void add_limit(struct text *line, const char *words, int64_t ns)
{
    if (ns == INT64_MAX)
        return;
    text_add(line, words);
    add_duration(line, ns);
}

static void add_backoff(struct text *line, const struct backoff *backoff)
{
    static const char *const firsts[] = {"", "; the first is 0", "; 0 before that", "; the first without jitter"};
    static const char *const at_caps[] = {
        "", ", and exactly that from there on", ", above which X is drawn anew from its upper half",
        ", where it gives up",
    };
    add_row(line, &backoff->shape);
    add_limit(line, "; d at most ", backoff->cap_ns);
    text_add(line, at_caps[backoff->at_cap]);
    if (strcmp(backoff->jitter.choice.row->name, "none") != 0) {
        text_add(line, "; jitter ");
        add_row(line, &backoff->jitter.choice);
    }
    add_limit(line, "; X at most ", backoff->max_wait_ns);
    add_limit(line, "; X at least ", backoff->min_wait_ns > 0 ? backoff->min_wait_ns : INT64_MAX);
    add_limit(line, "; in steps of ", backoff->round_to_ns);
    text_add(line, firsts[backoff->first]);
}

static void say_rules(const struct policy *policy)
{
    const struct failure_rule *rules = policy->rules.items;
    for (size_t i = 0; i < policy->rules.count; i++) {
        struct text line = text_in_memory();
        text_add(&line, "after ");
        words_failures(&line, rules[i].on);
        if (rules[i].retries != INT64_MAX)
            text_printf(&line, ": at most %lld retr%s", (long long)rules[i].retries,
                        rules[i].retries == 1 ? "y" : "ies");
        if (rules[i].backoff) {
            text_add(&line, ": ");
            add_backoff(&line, rules[i].backoff);
        }
        say("  rule", &line);
    }
}

static void say_failures(const struct policy *policy)
{
    struct text line = text_in_memory();
    words_failures(&line, policy->retry_on);
    say("  retries", &line);
    line = text_in_memory();
    words_failures(&line, FAILURES_ALL & ~policy->retry_on);
    say("  gives up at", &line);
    if (policy->unsafe == UNSAFE_STOP)
        words_wrapped("", "a request that is not idempotent and perhaps was executed is not retried");
}

static void say_hint(const struct hint *hint)
{
    static const char *const rules[] = {"is not looked at", "replaces the wait", "is the least wait",
                                        "is added to the wait", "is kept between the wait and a little more",
                                        "h replaces the wait by U(h, 1.5 h)",
                                        "replaces the wait; without one there is no retry"};
    static const char *const overs[] = {"; is cut to ", "; counts as none above ", "; ends the request above "};
    struct text line = text_in_memory();
    text_add(&line, rules[hint->rule]);
    if (hint->rule == HINT_CLAMP) {
        text_add(&line, ": ");
        add_duration(&line, hint->slack_ns);
    }
    if (hint->rule != HINT_IGNORE && hint->limit_ns != INT64_MAX) {
        text_add(&line, overs[hint->over_limit]);
        add_duration(&line, hint->limit_ns);
    }
    if (hint->restarts)
        text_add(&line, "; starts the backoff anew");
    if (hint->zero_falls_through)
        text_add(&line, "; 0 changes nothing");
    say("  Retry-After", &line);
}

static void say_hedge(const struct hedge *hedge)
{
    struct text line = text_in_memory();
    text_printf(&line, "%lld more after ", (long long)hedge->extra);
    if (hedge->after == HEDGE_AFTER_TIMEOUT)
        text_add(&line, "the timeout, without giving up the attempt");
    else if (hedge->after == HEDGE_AFTER_QUANTILE)
        text_printf(&line, "the %g %% quantile of the latencies", hedge->quantile * 100);
    else
        add_duration(&line, hedge->delay_ns);
    text_add(&line, hedge->on_failure == HEDGE_NEXT ? "; a failure sends the next at once"
                                                    : "; a failure does not send the next");
    say("  hedges", &line);
}

static void say_retries(const struct policy *policy)
{
    struct text waits = text_in_memory();
    add_backoff(&waits, &policy->backoff);
    say("  waits", &waits);
    say_rules(policy);
    say_failures(policy);
    say_hint(&policy->hint);
}

void words_policy(const struct policy *policy)
{
    say_sends(policy);
    if (policy->timeout && policy->timeout_growth > 1)
        say_growing_timeouts(policy);
    say_deadline(policy);
    say_end(policy);
    if (policy->attempts > 1)
        say_retries(policy);
    for (size_t i = 0; i < policy->budgets.count; i++)
        words_budget(&((const struct budget *)policy->budgets.items)[i]);
    if (strcmp(policy->breaker.choice.row->name, "none") != 0)
        words_breaker(&policy->breaker);
    for (size_t i = 0; i < policy->gates.count; i++)
        words_gate(&((const struct gate *)policy->gates.items)[i]);
    if (policy->hedge)
        say_hedge(policy->hedge);
}

/* ---- its parts ---- */

void words_budget(const struct budget *budget)
{
    struct text line = text_in_memory();
    add_row(&line, &budget->choice);
    add_scope(&line, budget->scope);
    text_add(&line, budget->when == BUDGET_BEFORE_WAIT ? "; asked before the wait" : "; asked after the wait");
    say("  budget", &line);
}

static void add_probes(struct text *line, int64_t probes)
{
    if (probes == 0)
        text_add(line, "closed again, without a probe");
    else if (probes == INT64_MAX)
        text_add(line, "half-open, lets everything through");
    else
        text_printf(line, "half-open, lets %lld probe%s through", (long long)probes, probes == 1 ? "" : "s");
}

void words_breaker(const struct breaker *breaker)
{
    struct text line = text_in_memory();
    add_row(&line, &breaker->choice);
    add_scope(&line, breaker->scope);
    text_add(&line, breaker->per == BREAKER_PER_ATTEMPT ? "; sees attempts" : "; sees requests");
    say("  breaker", &line);
    line = text_in_memory();
    add_backoff(&line, &breaker->open_for);
    say("    open for", &line);
    line = text_in_memory();
    add_probes(&line, breaker->probes);
    text_add(&line, breaker->fail_open ? "; it only watches: what it would refuse is sent all the same" : "");
    say("    then", &line);
    line = text_in_memory();
    words_failures(&line, breaker->counts & ~breaker->ignores);
    say("    bad for it", &line);
}

void words_gate(const struct gate *gate)
{
    struct text line = text_in_memory();
    add_row(&line, &gate->choice);
    add_scope(&line, gate->scope);
    text_add(&line, gate->per == GATE_PER_ATTEMPT ? "; attempts pass it" : "; requests pass it");
    say("  gate", &line);
}
