/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group B: clients that give up, and do not come back. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "models.h"

/* How long a client waits. Patience ends in the queue (cancel: queued leaves alone what is being served), a
 * timeout wherever the model says; for the client both are a timeout. What the table calls patience_param is
 * the mean, whatever the law. */
struct patience {
    const char *law;
    double mean;
};

static struct patience patience_of(struct plan *plan)
{
    struct parameters *parameters = plan->parameters;
    if (parameters_has(parameters, "theta"))
        return (struct patience){"exp", 1 / parameters_number(parameters, "theta")};
    if (parameters_has(parameters, "timeout_mean"))
        return (struct patience){"exp", parameters_number(parameters, "timeout_mean")};
    if (parameters_has(parameters, "timeout"))
        return (struct patience){"det", parameters_number(parameters, "timeout")};
    if (parameters_is_number(parameters, "patience"))
        return (struct patience){"det", parameters_number(parameters, "patience")};
    struct patience patience = {.law = parameters_word(parameters, "patience")};
    patience.mean = parameters_number(parameters, "patience_param");
    return patience;
}

/* Where something is cancelled, impatience pulls the queue back: it relaxes in a few patiences at most. */
static void compose(struct plan *plan)
{
    const char *cancel = plan->model->cancel;
    double lambda = parameters_number(plan->parameters, "lambda");
    struct patience patience = patience_of(plan);
    struct station station = {.lambda = lambda, .law = model_service_law(plan), .room = INFINITY};
    station.mean = model_service_mean(plan);
    station.workers = parameters_number_or(plan->parameters, "c", 1);
    plan_poisson(plan, lambda);
    plan_timeout(plan, patience.law, patience.mean);
    plan_attempts(plan, 1);
    plan_station(plan, &station);
    plan_say(&plan->service, ", cancel: %s", cancel ? cancel : "none");
    if (cancel)
        plan->relaxation = fmin(plan->relaxation, 4 * (patience.mean + station.mean));
}

static double difference(const struct reading *reading)
{
    return reading->first - reading->second;
}

/* Mean time in the queue of all that came: Little's law turned round. Its bias is of order 1/T: the queue at
 * the ends of the measured time against all that came in it. */
static double per_arrival(const struct reading *reading)
{
    return reading->first * reading->seconds / reading->second;
}

static const struct measure measures[] = {
    {"P_abandon", .first = "services.api.abandon_ratio"},
    {"P_dropped", .first = "services.api.abandon_ratio"},
    {"P_timeout", .first = "clients.web.timeout_ratio"},
    {"P_late", .first = "services.api.late_ratio"},
    {"P_success", .first = "clients.web.settled_success_ratio"},
    {"P_start_after_timeout", .first = "services.api.started_dead_ratio"},
    {"goodput", .first = "clients.web.goodput_per_s", .power = -1},
    {"throughput_server", .first = "services.api.throughput_per_s", .power = -1},
    {"wasted_work_frac", .first = "services.api.wasted_work_ratio"},
    {"wasted_after_deadline_frac", .first = "services.api.dead_work_ratio"},
    {"Wq_served", .first = "services.api.wait_mean_s", .power = 1},
    {"Wq_all", .first = "services.api.queue_avg", .second = "services.api.attempts", .power = 1,
     .of = per_arrival},
    {"L_dead", .first = "services.api.dead_in_system_avg"},
    {"L_live", .first = "services.api.in_system_avg", .second = "services.api.dead_in_system_avg",
     .of = difference},
    {0}};

const struct model models_impatience[] = {
    {.key = "B-erlang-a", .compose = compose, .measures = measures, .cancel = "queued"},
    {.key = "B-mmc-patience", .compose = compose, .measures = measures, .cancel = "queued"},
    {.key = "B-mg1-patience-det", .compose = compose, .measures = measures, .cancel = "queued"},
    {.key = "B-mm1-timeout-none", .compose = compose, .measures = measures},
    {.key = "B-mm1-timeout-queue", .compose = compose, .measures = measures, .cancel = "queued"},
    {.key = "B-mm1-timeout-full", .compose = compose, .measures = measures, .cancel = "running"},
    {.key = "B-mm1-exp-timeout-none", .compose = compose, .measures = measures},
    {.key = "B-mmc-timeout-none", .compose = compose, .measures = measures},
    {.key = "B-mg1-timeout-none", .compose = compose, .measures = measures},
    {.key = "B-expo-timeout-full", .compose = compose, .measures = measures, .cancel = "running"},
    {0}};
