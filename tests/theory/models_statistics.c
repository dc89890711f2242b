/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group H: the laws themselves, and queues that are looked at before they forgot that they were empty. */
#include <math.h>
#include <stddef.h>

#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

/* Nobody waits: the time at the service is a draw of its law. */
static void compose_sampler(struct plan *plan)
{
    double mean = number(plan, "service_mean");
    struct station station = {
        .law = parameters_word(plan->parameters, "law"), .mean = mean, .workers = INFINITY, .room = INFINITY};
    plan_poisson(plan, 10 / mean);
    plan_station(plan, &station);
}

enum { NOTE_OTHERWISE };

/* From an empty system until so many customers were served: a gate lets no more in. The last one is served when it has
 * come, waited and been worked on; the first and the last of these times are known on average. That they take longer
 * than the run has a probability below 1e-9: ten deviations of the arrivals, forty relaxation times. */
static void compose_short_run(struct plan *plan)
{
    double lambda = number(plan, "lambda"), mean = model_service_mean(plan), customers = number(plan, "customers");
    struct station station = {
        .lambda = lambda, .law = model_service_law(plan), .mean = mean, .workers = 1, .room = INFINITY};
    char window[PIECE];
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
    double duration = (customers + 10 * sqrt(customers)) / lambda + 40 * plan->relaxation;
    plan_say(&plan->policy, ", gates: {kind: fixed-window, limit: %.0f, window: %s, scope: population}", customers,
             plan_duration(plan, 2 * duration, window));
    plan_episode(plan, duration, duration);
    plan->rate = customers / duration;
    plan->notes[NOTE_OTHERWISE] = customers / lambda + mean;
}

static double wait_of_last(const struct reading *reading)
{
    return reading->first - reading->notes[NOTE_OTHERWISE] * reading->unit;
}

static const struct measure sampler[] = {
    {"mean", .first = "services.api.sojourn_mean_s", .power = 1, .moment = 1},
    {"sd", .first = "services.api.sojourn_sd_s", .power = 1, .moment = 2},
    {"p99", .first = "services.api.sojourn_p99_s", .power = 1, .kind = MEASURE_QUANTILE, .p = 0.99},
    {0}};

static const struct measure short_run[] = {
    {"EW_mean_first_n", .first = "services.api.wait_mean_s", .power = 1, .run = RUN_EPISODE},
    {"EW_customer_n", .first = "clients.web.last_good_s", .power = 1, .of = wait_of_last, .run = RUN_EPISODE},
    {0}};

const struct model models_statistics[] = {
    {.key = "H-sampler", .compose = compose_sampler, .measures = sampler},
    {.key = "H-short-run-wait", .compose = compose_short_run, .measures = short_run},
    {0}};
