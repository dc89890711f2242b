/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group A: queues whose customers are patient and do not come back. */
#include <math.h>
#include <stddef.h>

#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static struct station station_of(struct plan *plan, double lambda)
{
    struct station station = {.lambda = lambda, .law = model_service_law(plan)};
    station.mean = model_service_mean(plan);
    station.workers = parameters_number_or(plan->parameters, "c", 1);
    station.room = parameters_number_or(plan->parameters, "qcap", INFINITY);
    return station;
}

/* M/G/c, with or without an end of the queue. */
static void compose_open(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
}

static void compose_loss(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    station.room = 0;
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
}

static void compose_lifo(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    station.discipline = "lifo";
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
}

static void compose_sharing(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    station.discipline = "ps";
    plan_poisson(plan, lambda);
    plan_station(plan, &station);
}

/* Class 1 is `web`, class 2 a population besides it. A service has one law, so the classes must have one, too. */
static void compose_priorities(struct plan *plan)
{
    double lambda1 = number(plan, "lambda1"), lambda2 = number(plan, "lambda2"), mu = number(plan, "mu1");
    struct station station = {.lambda = lambda1 + lambda2, .law = "exp", .mean = 1 / mu, .workers = 1,
                              .room = INFINITY, .discipline = "priority"};
    if (number(plan, "mu2") != mu)
        parameters_complain(plan->parameters, "mu2", "must be mu1 here");
    plan_poisson(plan, lambda1);
    plan_say(&plan->others, "  - {name: batch, calls: api, priority: 1, arrival: {kind: poisson, rate: %.17g/s}}\n",
             lambda2 / plan->unit);
    plan_station(plan, &station);
    plan->rate = lambda1 + lambda2;
}

static void compose_renewal(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    plan_renewal(plan, parameters_word(plan->parameters, "interarrival"), 1 / lambda);
    plan_station(plan, &station);
}

/* Clients pull the queue back to its mean with the rate 1/think, whatever the load. */
static void compose_closed(struct plan *plan)
{
    double clients = number(plan, "clients"), think = number(plan, "think_mean");
    struct station station = station_of(plan, 0);
    const char *law =
        plan_any(plan, "think") ? plan->any : parameters_word_or(plan->parameters, "think", "exp");
    plan_closed(plan, clients, law, think);
    plan_station(plan, &station);
    plan->rate = fmin(plan->rate, station.workers / station.mean);
    plan->relaxation += 2 * think;
}

#define QUANTILE(name, times, digits, value, above_0)                                                        \
    {                                                                                                        \
        .metric = name, .first = "services.api." times "_p" digits "_s", .power = 1, .p = value,             \
        .kind = MEASURE_QUANTILE, .above_zero = above_0                                                      \
    }
#define WAITED "services.api.wait_probability"

/* What any service can be asked. */
const struct measure measures_station[] = {
    {"L", .first = "services.api.in_system_avg", .moment = 2},
    {"Lq", .first = "services.api.queue_avg", .moment = 2},
    {"W", .first = "services.api.sojourn_mean_s", .power = 1, .moment = 2},
    {"Wq", .first = "services.api.wait_mean_s", .power = 1, .moment = 2},
    {"W_var", .first = "services.api.sojourn_sd_s", .second = "services.api.sojourn_mean_s", .power = 2,
     .kind = MEASURE_VARIANCE, .moment = 3},
    {"Wq_var", .first = "services.api.wait_sd_s", .second = "services.api.wait_mean_s", .power = 2,
     .kind = MEASURE_VARIANCE, .moment = 3},
    QUANTILE("Wq_p50", "wait", "50", 0.5, WAITED),
    QUANTILE("Wq_p90", "wait", "90", 0.9, WAITED),
    QUANTILE("Wq_p99", "wait", "99", 0.99, WAITED),
    QUANTILE("Wq_p99.9", "wait", "999", 0.999, WAITED),
    QUANTILE("W_p50", "sojourn", "50", 0.5, NULL),
    QUANTILE("W_p90", "sojourn", "90", 0.9, NULL),
    QUANTILE("W_p99", "sojourn", "99", 0.99, NULL),
    QUANTILE("W_p99.9", "sojourn", "999", 0.999, NULL),
    {"P_wait", .first = "services.api.wait_probability"},
    {"P_block", .first = "services.api.reject_ratio"},
    {"utilisation", .first = "services.api.utilization"},
    {"throughput", .first = "services.api.throughput_per_s", .power = -1},
    {"T_first_reject", .first = "services.api.first_reject_s", .power = 1, .run = RUN_FIRST_REJECT},
    {0}};

static const struct measure no_others[] = {{0}};

static double slowdown(const struct reading *reading)
{
    return reading->first / reading->service_s;
}

static double without_service(const struct reading *reading)
{
    return reading->first - reading->service_s;
}

static const struct measure measures_sharing[] = {
    {"slowdown", .first = "services.api.sojourn_mean_s", .of = slowdown, .moment = 2},
    {0}};

static const struct measure measures_priorities[] = {
    {"Wq_class1", .first = "clients.web.latency_mean_s", .power = 1, .of = without_service},
    {"Wq_class2", .first = "clients.batch.latency_mean_s", .power = 1, .of = without_service},
    {0}};

static const char *const any_service[] = {"fixed", "lognormal", "hyper2", NULL};
static const char *const any_think[] = {"fixed", "lognormal", "exponential", NULL};

const struct model models_classical[] = {
    {.key = "A-mm1", .compose = compose_open, .measures = no_others},
    {.key = "A-mmc", .compose = compose_open, .measures = no_others},
    {.key = "A-mmck", .compose = compose_open, .measures = no_others},
    {.key = "A-mmcc", .compose = compose_loss, .measures = no_others},
    {.key = "A-mgcc", .compose = compose_loss, .measures = no_others, .any = any_service},
    {.key = "A-md1", .compose = compose_open, .measures = no_others, .law = "det"},
    {.key = "A-mdc", .compose = compose_open, .measures = no_others, .law = "det"},
    {.key = "A-mg1-erlang", .compose = compose_open, .measures = no_others, .law = "erlang"},
    {.key = "A-mg1-gamma", .compose = compose_open, .measures = no_others, .law = "gamma"},
    {.key = "A-mg1-hyper2", .compose = compose_open, .measures = no_others, .law = "hyper2"},
    {.key = "A-mg1-lognormal", .compose = compose_open, .measures = no_others, .law = "lognormal"},
    {.key = "A-mg1-pareto", .compose = compose_open, .measures = no_others, .law = "pareto"},
    {.key = "A-mm1-lifo", .compose = compose_lifo, .measures = no_others},
    {.key = "A-mm1-ps", .compose = compose_sharing, .measures = no_others},
    {.key = "A-mg1-ps", .compose = compose_sharing, .measures = measures_sharing, .any = any_service},
    {.key = "A-mm1-prio-np", .compose = compose_priorities, .measures = measures_priorities},
    {.key = "A-gm1", .compose = compose_renewal, .measures = no_others},
    {.key = "A-closed-mmc", .compose = compose_closed, .measures = no_others, .any = any_think},
    {.key = "A-closed-mg1", .compose = compose_closed, .measures = no_others},
    {0}};
