/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget inflight: at most so many retries at the same time, a share of what is under way.
 *
 *     base: attempts   requests that are under way and do not wait for a retry (Envoy: active + pending)
 *     base: requests   all that have begun and are not over (failsafe-go: executions)
 *
 * A request counts once, however many hedges it has. With `when: before` a retry is held from the decision, through
 * its wait, until its outcome: long waits use the budget up although nothing is sent. With `when: after` it is held
 * while it is sent only; then what waits is not known here, and base is `requests`.
 *
 * Envoy's retry budget: ratio 20%, min 3. Its default, max_retries: ratio 0, min 3. failsafe-go: ratio 20%, min 3, base
 * requests, compare at-most, when: after. */
#include "policy/budget/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct budget_inflight_state);
}

static void on_request(const void *parameters, void *self, const struct budget_event *event)
{
    (void)parameters, (void)event;
    ((struct budget_inflight_state *)self)->requests++;
}

static void on_end(const void *parameters, void *self, const struct budget_event *event)
{
    (void)parameters, (void)event;
    ((struct budget_inflight_state *)self)->requests--;
}

/* ratio x base in billionths, exactly. */
static int64_t share_of_base(const struct budget_inflight *p, const struct budget_inflight_state *state)
{
    int64_t base = p->base == BASE_ATTEMPTS ? state->requests - state->waiting : state->requests;
    return budget_share(p->ratio) * base;
}

static bool grants(const struct budget_inflight *p, const struct budget_inflight_state *state)
{
    int64_t share = share_of_base(p, state);
    if (state->retries < p->min)
        return true;
    return p->compare == INFLIGHT_BELOW ? state->retries < share / BUDGET_TOKEN
                                        : state->retries * BUDGET_TOKEN <= share;
}

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_inflight_state *state = self;
    (void)event;
    if (!grants(parameters, state))
        return false;
    state->retries++;
    state->waiting++;
    return true;
}

static void undo(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_inflight_state *state = self;
    (void)parameters, (void)event;
    state->retries--;
    state->waiting--;
}

static void on_retry_sent(const void *parameters, void *self, const struct budget_event *event)
{
    (void)parameters, (void)event;
    ((struct budget_inflight_state *)self)->waiting--;
}

static void on_retry_end(const void *parameters, void *self, const struct budget_event *event)
{
    struct budget_inflight_state *state = self;
    (void)parameters;
    state->retries--;
    if (!event->sent)
        state->waiting--;
}

static const char *after_wait(const void *parameters)
{
    return ((const struct budget_inflight *)parameters)->base == BASE_ATTEMPTS
               ? "base: attempts needs 'when: before': asked after the wait, a budget does not know who waits"
               : NULL;
}

static const char *const base_names[] = {"attempts", "requests", NULL};
static const char *const compare_names[] = {"below", "at-most", NULL};

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct budget_inflight, ratio), .min = 0, .max = 1,
     .help = "retries at the same time, as a share of what is under way"},
    {"min", FIELD_COUNT, offsetof(struct budget_inflight, min), .min = 0, .max = BUDGET_COUNT_MAX, .text = "3",
     .help = "retries at the same time that are always allowed"},
    {"base", FIELD_ENUM, offsetof(struct budget_inflight, base), .names = base_names, .text = "attempts",
     .help = "what is under way: requests that do not wait for a retry, or all requests"},
    {"compare", FIELD_ENUM, offsetof(struct budget_inflight, compare), .names = compare_names, .text = "below",
     .help = "those under way before this one must be fewer than the whole number in ratio x base, or at most ratio x "
             "base"},
    {0},
};

const struct budget_row budget_inflight = {
    .row = {.name = "inflight",
            .summary = "at most so many retries at the same time, a share of what is under way",
            .formula = "retries under way < max(min, floor(ratio x base))",
            .source = "Envoy retry budget and max_retries; failsafe-go",
            .fields = fields,
            .size = sizeof(struct budget_inflight)},
    .state_size = state_size,
    .on_request = on_request,
    .try_retry = try_retry,
    .undo = undo,
    .on_retry_sent = on_retry_sent,
    .on_retry_end = on_retry_end,
    .on_end = on_end,
    .after_wait = after_wait,
};
