/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group D: many at once, and queues that begin with some. */
#include <math.h>
#include <stddef.h>

#include "model/counts.h"
#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static void say_workers(struct plan *plan, const char *law, double mean, double workers)
{
    struct station station = {.law = law, .mean = mean, .workers = workers, .room = INFINITY};
    plan_station(plan, &station);
}

/* All at 0, one worker with a fixed service time: exact. */
static void compose_timeouts(struct plan *plan)
{
    char wait[PIECE];
    double requests = number(plan, "requests"), mean = number(plan, "service_time"), backoff = number(plan, "backoff");
    double attempts = number(plan, "attempts"), timeout = number(plan, "timeout");
    plan_herd(plan, requests, 0);
    plan_timeout(plan, "det", timeout);
    plan_attempts(plan, attempts);
    plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s}", plan_duration(plan, backoff, wait));
    say_workers(plan, "det", mean, 1);
    plan_say(&plan->service, ", cancel: %s", parameters_word(plan->parameters, "cancel"));
    plan_episode(plan, attempts * (requests * mean + timeout + backoff), requests * mean);
    plan->certain = true;
}

/* Until the last is served: thirty deviations more than the mean. */
static void compose_herd(struct plan *plan)
{
    double requests = number(plan, "requests"), mean = 1 / number(plan, "mu"), workers = number(plan, "c");
    double makespan = requests * mean / workers + mean * (log(workers) + 1);
    double duration = makespan + 30 * mean * (sqrt(requests) / workers + 2);
    plan_herd(plan, requests, 0);
    say_workers(plan, "exp", mean, workers);
    plan_episode(plan, duration, duration);
    plan->rate = requests / duration;
}

static void compose_jittered_herd(struct plan *plan)
{
    double clients = number(plan, "clients"), window = number(plan, "jitter_window"), mean = 1 / number(plan, "mu");
    double duration = plan->run == RUN_TO_RECOVERY ? window : window + 30 * mean * (clients / 10 + sqrt(clients));
    plan_herd(plan, clients, window);
    say_workers(plan, "exp", mean, 1);
    plan_episode(plan, duration, duration);
    plan->rate = clients / duration;
}

enum { NOTE_PER_BIN };

/* All are refused at 0, and try again in a random moment of the window. */
static void compose_retries(struct plan *plan)
{
    char base[PIECE];
    double clients = number(plan, "clients"), window = number(plan, "jitter_window");
    double bin = number(plan, "measure_window");
    plan_herd(plan, clients, 0);
    plan_attempts(plan, 2);
    plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s, jitter: %s}", plan_duration(plan, window, base),
             parameters_word(plan->parameters, "jitter"));
    say_workers(plan, "det", number(plan, "service_time"), INFINITY);
    plan_say(&plan->faults, ", {kind: outage, mode: refuse, service: api, at: 0s, for: 1ns}");
    plan_episode(plan, window, bin);
    plan->notes[NOTE_PER_BIN] = clients * bin / window;
    plan->rate = 2 * clients / window;
}

/* M/M/1 that begins with n0 requests. */
static void compose_transient(struct plan *plan)
{
    double lambda = number(plan, "lambda"), first = number(plan, "n0"), time = number(plan, "t");
    plan_poisson(plan, lambda);
    if (first > 0)
        plan_say(&plan->others, "  - {name: first, calls: api, count: %.0f, arrival: {kind: burst}}\n", first);
    say_workers(plan, "exp", 1 / number(plan, "mu"), 1);
    plan_episode(plan, time, time);
    plan->rate += first / time;
}

/* ---- measures ---- */

static double product(const struct reading *reading)
{
    return reading->first * reading->second;
}

static double times_seconds(const struct reading *reading)
{
    return reading->first * reading->seconds;
}

static const struct measure timeouts[] = {
    {"attempts", .first = "clients.web.attempts", .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"late_completions", .first = "services.api.late_ratio", .second = "services.api.attempts", .of = product,
     .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"success_requests", .first = "clients.web.goodput_per_s", .of = times_seconds, .kind = MEASURE_EXACT,
     .run = RUN_EPISODE},
    {0}};

static const struct measure herd[] = {
    {"makespan", .first = "clients.web.last_good_s", .power = 1, .run = RUN_EPISODE},
    {"mean_sojourn", .first = "clients.web.latency_mean_s", .power = 1, .run = RUN_EPISODE},
    {"E_in_system_at_W", .first = "clients.web.open", .run = RUN_TO_RECOVERY},
    {0}};

static double mean_retries(const struct reading *reading)
{
    double sum = 0;
    for (uint32_t bin = 0; bin < reading->bins; bin++)
        sum += (double)reading->rows[bin].counts[COUNT_RETRIES];
    return sum / reading->bins;
}

static double rate_of_retries(const struct reading *reading)
{
    return mean_retries(reading) / reading->bin_s;
}

/* Around the mean that is known. */
static double variance_of_retries(const struct reading *reading)
{
    double sum = 0;
    for (uint32_t bin = 0; bin < reading->bins; bin++) {
        double off = (double)reading->rows[bin].counts[COUNT_RETRIES] - reading->notes[NOTE_PER_BIN];
        sum += off * off;
    }
    return sum / reading->bins;
}

static double empty_bins(const struct reading *reading)
{
    double empty = 0;
    for (uint32_t bin = 0; bin < reading->bins; bin++)
        empty += reading->rows[bin].counts[COUNT_RETRIES] == 0;
    return empty / reading->bins;
}

/* When the bins end. */
static double in_service(const struct reading *reading)
{
    double sum = 0;
    for (uint32_t bin = 0; bin < reading->bins; bin++)
        sum += reading->rows[bin].in_service;
    return sum / reading->bins;
}

static const struct measure retries[] = {
    {"arrivals_in_window", .place = "clients.web", .of = mean_retries, .run = RUN_EPISODE},
    {"arrivals_in_window_var", .place = "clients.web", .of = variance_of_retries, .run = RUN_EPISODE},
    {"arrival_rate", .place = "clients.web", .of = rate_of_retries, .power = -1, .run = RUN_EPISODE},
    {"P_window_empty", .place = "clients.web", .of = empty_bins, .run = RUN_EPISODE},
    {"concurrency_mean", .place = "services.api", .of = in_service, .run = RUN_EPISODE},
    {0}};

static double is_empty(const struct reading *reading)
{
    return reading->first == 0;
}

static const struct measure transient[] = {
    {"E_N_t", .first = "open", .run = RUN_EPISODE},
    {"P_empty_t", .first = "open", .of = is_empty, .run = RUN_EPISODE},
    {"timeavg_N_0_t", .first = "services.api.in_system_avg", .run = RUN_EPISODE},
    {0}};

const struct model models_herds[] = {
    {.key = "D-herd-timeout-det", .compose = compose_timeouts, .measures = timeouts},
    {.key = "D-herd-mmc", .compose = compose_herd, .measures = herd},
    {.key = "D-herd-jitter-mm1", .compose = compose_jittered_herd, .measures = herd},
    {.key = "D-herd-sync", .compose = compose_retries, .measures = retries},
    {.key = "D-mm1-transient", .compose = compose_transient, .measures = transient},
    {0}};
