/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group E: circuit breakers before a service that answers at once and fails by chance. */
#include <math.h>
#include <stddef.h>

#include "models.h"

/* 32 years: no run sees its end. */
#define FOR_EVER "1000000000s"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static void say_failing_service(struct plan *plan)
{
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    plan_station(plan, &station);
    plan_say(&plan->service, ", error_ratio: %.17g", number(plan, "p"));
}

/* One caller with a request each unit of time, until its breaker opens. */
static void compose_until_open(struct plan *plan)
{
    plan_renewal(plan, "det", 1);
    say_failing_service(plan);
}

static void compose_consecutive(struct plan *plan)
{
    compose_until_open(plan);
    plan_say(&plan->policy, ", breaker: {kind: consecutive, failures: %.0f, open_for: " FOR_EVER ", scope: population}",
             number(plan, "k"));
}

static void compose_count_window(struct plan *plan)
{
    double window = number(plan, "window"), failures = number(plan, "min_failures");
    compose_until_open(plan);
    plan_say(&plan->policy,
             ", breaker: {kind: count-window, window: %.0f, failures: %.0f, open_for: " FOR_EVER ", scope: population}",
             window, failures);
}

/* Probes one at a time, as many as must succeed. What it was is forgotten with the end of a cycle: the time open, and
 * about 1 / p^k requests in between. */
static void compose_cycle(struct plan *plan)
{
    char open[PIECE];
    double lambda = number(plan, "lambda"), k = number(plan, "k"), probes = number(plan, "halfopen_successes");
    double open_time = number(plan, "open_time");
    plan_poisson(plan, lambda);
    say_failing_service(plan);
    plan_say(&plan->policy,
             ", breaker: {kind: consecutive, failures: %.0f, open_for: %s, probes: %.0f, probes_at_once: 1, scope: "
             "population}",
             k, plan_duration(plan, open_time, open), probes);
    plan->relaxation = open_time + 2 / (lambda * pow(number(plan, "p"), k));
}

static double per_time(const struct reading *reading)
{
    return reading->first / reading->seconds;
}

static double complement(const struct reading *reading)
{
    return 1 - reading->first;
}

static const struct measure until_open[] = {
    {"requests_to_open_mean", .first = "clients.web.attempts", .run = RUN_FIRST_OPENING},
    {"requests_to_open_var", .first = "clients.web.attempts", .kind = MEASURE_SPREAD, .run = RUN_FIRST_OPENING},
    {"requests_to_open_sd", .first = "clients.web.attempts", .kind = MEASURE_SPREAD_SD, .run = RUN_FIRST_OPENING},
    {0}};

/* Poisson arrivals see time averages: the share of those that find it open is the share of time that it is. */
static const struct measure cycle[] = {
    {"admitted_frac", .first = "clients.web.amplification"},
    {"open_time_frac", .first = "clients.web.amplification", .of = complement},
    {"success_frac", .first = "clients.web.settled_success_ratio"},
    {"openings_rate", .first = "clients.web.breaker_openings", .power = -1, .of = per_time},
    {0}};

const struct model models_breakers[] = {
    {.key = "E-breaker-consecutive", .compose = compose_consecutive, .measures = until_open},
    {.key = "E-breaker-count-window", .compose = compose_count_window, .measures = until_open},
    {.key = "E-breaker-cycle", .compose = compose_cycle, .measures = cycle},
    {0}};
