/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group E: retry budgets before a service that answers at once and fails by chance, and a rate limit. */
#include <math.h>
#include <stddef.h>

#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

/* Attempts take no time and retries do not wait, so requests come one after the other, whatever their rate. */
static void compose_budget_ratio(struct plan *plan)
{
    double cap = number(plan, "cap"), per_token = number(plan, "requests_per_token");
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    plan_poisson(plan, 1);
    plan_attempts(plan, number(plan, "attempts"));
    plan_station(plan, &station);
    plan_say(&plan->service, ", error_ratio: %.17g", number(plan, "p"));
    plan_say(&plan->policy, ", budget: {kind: ratio, ratio: %.17g, reserve: %.0f, max: %.0f}", 1 / per_token, cap, cap);
    plan->relaxation = cap * per_token;
}

/* Nothing succeeds. The first nreq requests, one a unit of time, or for ever: then what is in the balance at the start
 * is gone after ten of these relaxation times. */
static void compose_budget_down(struct plan *plan)
{
    double cap = number(plan, "cap"), ratio = number(plan, "deposit_ratio"), start = number(plan, "initial_balance");
    double requests = number(plan, "nreq");
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    if (plan->run == RUN_EPISODE) {
        plan_renewal(plan, "det", 1);
        plan_episode(plan, requests + 0.5, requests + 0.5);
    } else {
        plan_poisson(plan, 1);
    }
    plan_attempts(plan, number(plan, "attempts"));
    plan_station(plan, &station);
    plan_say(&plan->service, ", error_ratio: 1");
    plan_say(&plan->policy, ", budget: {kind: ratio, ratio: %.17g, reserve: %.0f, max: %.0f}", ratio, start, cap);
    plan->relaxation = start + 1 / ratio;
    plan->certain = plan->run == RUN_EPISODE;
}

static void compose_token_bucket(struct plan *plan)
{
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    double rate = number(plan, "rate"), burst = number(plan, "burst");
    plan_poisson(plan, number(plan, "lambda"));
    plan_station(plan, &station);
    plan_say(&plan->policy, ", gates: {kind: token-bucket, rate: %.17g/s, burst: %.0f, scope: population}",
             rate / plan->unit, burst);
    plan->relaxation = burst * burst / rate;
}

static double share(const struct reading *reading) { return reading->first / reading->second; }
static double per_time(const struct reading *reading) { return reading->first / reading->seconds; }

static const struct measure budget[] = {
    {"attempts_per_request", .first = "clients.web.amplification"},
    {"P_success_request", .first = "clients.web.settled_success_ratio"},
    {"P_denied_by_budget", .first = "clients.web.denied_retries", .second = "clients.web.requests", .of = share},
    {0}};

static const struct measure budget_down[] = {
    {"attempts_in_first_nreq", .first = "clients.web.attempts", .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"attempts_per_request_limit", .first = "clients.web.amplification"},
    {0}};

static const struct measure limit[] = {
    {"P_drop", .first = "clients.web.local_rejections", .second = "clients.web.requests", .of = share},
    {"admitted_rate", .first = "clients.web.attempts", .power = -1, .of = per_time},
    {0}};

const struct model models_budgets[] = {
    {.key = "E-budget-ratio", .compose = compose_budget_ratio, .measures = budget},
    {.key = "E-budget-ratio-p1", .compose = compose_budget_down, .measures = budget_down},
    {.key = "E-token-bucket-limit", .compose = compose_token_bucket, .measures = limit},
    {0}};
