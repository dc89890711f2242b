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

/* ---- how much runs differ ---- */

enum { NOTE_RATE = 1, NOTE_L, NOTE_RELAXATION };

/* Mean number in an M/M/c with so many places to wait, by its birth-death chain. */
static double mean_in_system(double load, double workers, double room)
{
    double p = 1, sum = 1, in_system = 0;
    for (double n = 1; n <= workers + room && (n <= workers || p * n > 1e-18 * sum); n++) {
        p *= load / fmin(n, workers);
        sum += p;
        in_system += n * p;
    }
    return in_system / sum;
}

/* The variance of a mean over the time t is (s2 / t) (1 - u / t). For M/M/1 u is 5/8 of the relaxation time (computed
 * from the chain, as the second moment of the autocovariance): here 1.3 % of the variance, while 1000 runs tell that to
 * 5 %. From an empty start the mean is const / t too small, but for e^-10 of that. */
static void compose_variance(struct plan *plan)
{
    double lambda = number(plan, "lambda"), mean = 1 / number(plan, "mu");
    struct station station = {.lambda = lambda, .law = "exp", .mean = mean, .workers = 1, .room = INFINITY};
    station.workers = parameters_number_or(plan->parameters, "c", 1);
    station.room = parameters_number_or(plan->parameters, "qcap", INFINITY);
    parameters_word_or(plan->parameters, "kind", "");
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
    plan->notes[NOTE_RATE] = lambda;
    plan->notes[NOTE_L] = mean_in_system(lambda * mean, station.workers, station.room);
    plan->notes[NOTE_RELAXATION] = plan->relaxation - 2 * mean;
    if (plan->run == RUN_EPISODE)
        plan_episode(plan, 10 * plan->relaxation, 10 * plan->relaxation);
    plan->replications = plan->run == RUN_VARIED ? 1000 : 0;
    plan->relaxations = 50;
}

static double in_time(const struct reading *reading)
{
    return reading->first * sqrt(reading->seconds / reading->unit);
}

/* The same for a mean over so many customers as come on average. */
static double in_customers(const struct reading *reading)
{
    return in_time(reading) * sqrt(reading->notes[NOTE_RATE]);
}

/* Times or customers until the standard error is a part of the mean; that of the waits by Little's law. */
static double for_1_percent(const struct reading *reading)
{
    return in_time(reading) / (0.01 * reading->notes[NOTE_L]);
}

static double wait_for_1_percent(const struct reading *reading)
{
    double rate = reading->notes[NOTE_RATE], wait = reading->notes[NOTE_L] / rate - reading->service_s / reading->unit;
    return in_customers(reading) / (0.01 * wait);
}

static double wait_for_01_percent(const struct reading *reading)
{
    return 10 * wait_for_1_percent(reading);
}

static double missing(const struct reading *reading)
{
    return (reading->notes[NOTE_L] - reading->first) * reading->seconds;
}

/* What the lengths of all runs of this program are reckoned from. */
static double relaxation(const struct reading *reading)
{
    return reading->notes[NOTE_RELAXATION] * reading->unit;
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

#define VARIED .kind = MEASURE_SPREAD, .run = RUN_VARIED

static const struct measure variance[] = {
    {"s2_L", .first = "services.api.in_system_avg", .of = in_time, VARIED},
    {"s2_W", .first = "services.api.sojourn_mean_s", .power = 2, .of = in_customers, VARIED},
    {"s2_Wq", .first = "services.api.wait_mean_s", .power = 2, .of = in_customers, VARIED},
    {"t_for_1pct_L", .first = "services.api.in_system_avg", .of = for_1_percent, VARIED},
    {"n_for_1pct_Wq", .first = "services.api.wait_mean_s", .power = 2, .of = wait_for_1_percent, VARIED},
    {"n_for_0.1pct_Wq", .first = "services.api.wait_mean_s", .power = 2, .of = wait_for_01_percent, VARIED},
    {"bias_const_L_empty", .first = "services.api.in_system_avg", .power = 1, .of = missing, .run = RUN_EPISODE},
    {"relaxation_time", .first = "services.api.in_system_avg", .power = 1, .of = relaxation, .kind = MEASURE_EXACT,
     .run = RUN_EPISODE},
    {0}};

const struct model models_statistics[] = {
    {.key = "H-sampler", .compose = compose_sampler, .measures = sampler},
    {.key = "H-short-run-wait", .compose = compose_short_run, .measures = short_run},
    {.key = "H-mm1-asymptotic-variance", .compose = compose_variance, .measures = variance},
    {.key = "H-birthdeath-asymptotic-variance", .compose = compose_variance, .measures = variance},
    {0}};
