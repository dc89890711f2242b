/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group D: a service stops for a while, and what it finds when it is back. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "model/counts.h"
#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static void say_backoff(struct plan *plan, double wait)
{
    char text[PIECE];
    if (wait > 0)
        plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s}", plan_duration(plan, wait, text));
}

static void say_one_worker(struct plan *plan, const char *law, double mean, const char *cancel)
{
    struct station station = {.law = law, .mean = mean, .workers = 1, .room = INFINITY};
    plan_station(plan, &station);
    plan_say(&plan->service, ", cancel: %s", cancel);
}

/* ---- D/D/1 with an outage: exact ---- */

static const char *cancel_mode(struct plan *plan)
{
    static const char *const modes[][2] = {{"none", "none"}, {"queue", "queued"}, {"full", "running"}};
    const char *cancel = parameters_word(plan->parameters, "cancel");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i][0], cancel) == 0)
            return modes[i][1];
    parameters_complain(plan->parameters, "cancel", "is no mode that is known here");
    return modes[0][1];
}

/* Requests come at the multiples of the gap; after the last one there is time enough for all that is left. */
static void compose_trace(struct plan *plan)
{
    double gap = number(plan, "interarrival"), requests = number(plan, "nreq");
    plan_renewal(plan, "det", gap);
    plan_timeout(plan, "det", number(plan, "timeout"));
    plan_attempts(plan, number(plan, "attempts"));
    say_backoff(plan, number(plan, "backoff"));
    say_one_worker(plan, "det", number(plan, "service_time"), cancel_mode(plan));
    plan_outage(plan, "pause", number(plan, "outage_start"), number(plan, "outage_end"));
    plan_end_arrivals(plan, (requests + 0.5) * gap);
    plan_episode(plan, 3 * requests * gap, requests * gap);
    plan->certain = true;
}

/* ---- fluid limits: the same, with so many small requests that one does not matter ---- */

enum { NOTE_OUTAGE, NOTE_LAMBDA, NOTE_TIMEOUT };

/* A thousandth of a unit of time is what a bin resolves. */
static void compose_fluid(struct plan *plan)
{
    enum { SCALE = 100, GRAINS = 8 };
    double lambda = number(plan, "lambda"), mu = number(plan, "mu"), outage = number(plan, "outage");
    plan->scale = SCALE;
    plan->certain = true;
    plan->grain = GRAINS / (SCALE * lambda);
    plan->notes[NOTE_OUTAGE] = outage;
    plan->notes[NOTE_LAMBDA] = lambda * SCALE;
    plan_renewal(plan, "det", 1 / (lambda * SCALE));
    say_one_worker(plan, "det", 1 / (mu * SCALE), "none");
    plan_outage(plan, "pause", 0, outage);
    plan_episode(plan, 12 * outage, 0.01);
}

/* To recovery: until the backlog is gone. */
static void compose_fluid_timeout(struct plan *plan)
{
    double rho = number(plan, "lambda") / number(plan, "mu");
    compose_fluid(plan);
    plan->notes[NOTE_TIMEOUT] = number(plan, "timeout");
    plan_timeout(plan, "det", plan->notes[NOTE_TIMEOUT]);
    if (plan->run == RUN_TO_RECOVERY)
        plan_episode(plan, number(plan, "outage") / (1 - rho), 0.01);
}

static void compose_fluid_storm(struct plan *plan)
{
    compose_fluid(plan);
    plan->notes[NOTE_TIMEOUT] = number(plan, "timeout");
    plan_timeout(plan, "det", plan->notes[NOTE_TIMEOUT]);
    plan_attempts(plan, number(plan, "attempts"));
    if (plan->run == RUN_TO_RECOVERY)
        plan_episode(plan, number(plan, "outage"), 0.01);
}

/* Long, random waits between attempts, many workers, a small queue: attempts then find it full independently, with
 * a probability f that follows from the load of the last few waits. That load varies by chance, by one part in the
 * root of the attempts of a wait, n. What is conserved is the mean of f^attempts, so the mean of f is less than the
 * limit: by about 1/n (0.55 % was found with 176 of them, 0.11 % with 880), and so is what depends on it. The grain
 * allows twice as much. */
static void compose_overload(struct plan *plan)
{
    enum { WORKERS = 100 };
    char text[PIECE];
    double lambda = number(plan, "lambda"), mu = number(plan, "mu"), wait = 4 * WORKERS / mu;
    double attempts = parameters_number_or(plan->parameters, "attempts", INFINITY);
    double persistence = parameters_number_or(plan->parameters, "H", 1);
    struct station station = {.law = "exp", .mean = WORKERS / mu, .workers = WORKERS, .room = 20};
    plan_poisson(plan, lambda);
    plan_attempts(plan, attempts);
    plan_say(&plan->policy, ", persistence: %.17g, backoff: {shape: fixed, base: %s, jitter: equal}", persistence,
             plan_duration(plan, wait, text));
    plan_station(plan, &station);
    plan->relaxation = wait;
    plan->rate = 2 * lambda;
    plan->grain = 2 / (plan->rate * wait);
}

/* ---- M/G/1 in equilibrium, then an outage ---- */

/* The relaxation time is that of the M/M/1 queue, twelve of which pass before. A drain takes lambda D / (mu - lambda)
 * on average and varies by sqrt of (lambda + mu) / (mu - lambda)^3 of that backlog; thirty deviations are enough. */
static void compose_drain(struct plan *plan)
{
    double lambda = number(plan, "lambda"), mean = model_service_mean(plan), outage = number(plan, "outage");
    double rho = lambda * mean, begin = 12 * mean / pow(1 - sqrt(rho), 2);
    double drain = rho * (outage + mean / (1 - rho)) / (1 - rho), deviation = sqrt(2 * drain * mean) / (1 - rho);
    bool erlang = parameters_has(plan->parameters, "erlang_k");
    if (plan->run == RUN_WITHOUT_ARRIVALS)
        plan_poisson_until(plan, lambda, begin + outage);
    else
        plan_poisson(plan, lambda);
    say_one_worker(plan, erlang ? "erlang" : "exp", mean, "none");
    plan_outage(plan, "pause", begin, begin + outage);
    double after = plan->run == RUN_TO_RECOVERY ? 0 : drain + 30 * deviation;
    plan_episode(plan, begin + outage + after, begin + outage + after);
}

/* ---- fail-fast outages: every attempt is refused at once ---- */

enum { NOTE_TIME, NOTE_DEMAND };

/* One bin has the time in its middle. */
static double bin_around(double time)
{
    enum { BINS_BEFORE = 50 };
    return 2 * time / (2 * BINS_BEFORE + 1);
}

static void say_free_service(struct plan *plan)
{
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    plan_station(plan, &station);
}

static void compose_failfast_open(struct plan *plan)
{
    char base[PIECE], cap[PIECE];
    double lambda = number(plan, "lambda"), outage = number(plan, "outage");
    const char *backoff = parameters_word(plan->parameters, "backoff");
    plan->notes[NOTE_TIME] = number(plan, "t");
    plan_poisson(plan, lambda);
    plan_attempts(plan, number(plan, "attempts"));
    plan_say(&plan->policy, ", backoff: {shape: exponential, base: %s, cap: %s, jitter: %s}",
             plan_duration(plan, number(plan, "base"), base), plan_duration(plan, number(plan, "cap"), cap),
             strcmp(backoff, "full-jitter") == 0 ? "full" : "none");
    say_free_service(plan);
    plan_outage(plan, "refuse", 0, outage + 1);
    plan_episode(plan, outage, bin_around(plan->notes[NOTE_TIME]));
    plan->rate *= number(plan, "attempts");
}

static void compose_failfast_closed(struct plan *plan)
{
    double clients = number(plan, "clients"), think = number(plan, "think_mean"), outage = number(plan, "outage");
    plan_closed(plan, clients, "exp", think);
    plan_attempts(plan, INFINITY);
    say_backoff(plan, number(plan, "backoff_fixed"));
    say_free_service(plan);
    plan_outage(plan, "refuse", 0, outage + 1);
    plan_episode(plan, outage, outage);
    plan->notes[NOTE_DEMAND] = clients / think * outage;
    plan->rate *= 4;
}

/* ---- measures ---- */

static double times_seconds(const struct reading *reading)
{
    return reading->first * reading->seconds;
}

static double product(const struct reading *reading)
{
    return reading->first * reading->second;
}

static const struct measure trace[] = {
    {"attempts", .first = "clients.web.attempts", .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"completions", .first = "services.api.throughput_per_s", .of = times_seconds, .kind = MEASURE_EXACT,
     .run = RUN_EPISODE},
    {"late_completions", .first = "services.api.late_ratio", .second = "services.api.attempts", .of = product,
     .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"success_requests", .first = "clients.web.goodput_per_s", .of = times_seconds, .kind = MEASURE_EXACT,
     .run = RUN_EPISODE},
    {"timeouts", .first = "clients.web.timed_out", .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"last_success_time", .first = "clients.web.last_good_s", .power = 1, .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"mean_latency_success", .first = "clients.web.latency_mean_s", .power = 1, .kind = MEASURE_EXACT,
     .run = RUN_EPISODE},
    {0}};

/* Patient clients: a wait is a latency without the service, which is too short to matter. */
static double over_delayed(const struct reading *reading)
{
    return reading->first / reading->second;
}

static const struct measure fluid_drain[] = {
    {"drain_time", .first = "services.api.drained_s", .power = 1, .kind = MEASURE_FLUID, .run = RUN_EPISODE},
    {"max_delay", .first = "clients.web.latency_max_s", .power = 1, .kind = MEASURE_FLUID, .run = RUN_EPISODE},
    {"mean_delay", .first = "services.api.wait_mean_s", .second = "services.api.wait_probability", .power = 1,
     .of = over_delayed, .kind = MEASURE_FLUID, .run = RUN_EPISODE},
    {"peak_backlog", .first = "services.api.peak_queue", .kind = MEASURE_FLUID_COUNT, .run = RUN_EPISODE},
    {"requests_delayed", .first = "services.api.wait_probability", .second = "services.api.attempts", .of = product,
     .kind = MEASURE_FLUID_COUNT, .run = RUN_EPISODE},
    {"total_delay", .first = "services.api.wait_mean_s", .second = "services.api.attempts", .power = 1, .of = product,
     .kind = MEASURE_FLUID_COUNT, .run = RUN_EPISODE},
    {0}};

/* The arrival whose timeout is the last of all. */
static double last_failing_arrival(const struct reading *reading)
{
    uint32_t bin = reading->bins;
    while (bin > 0 && reading->rows[bin - 1].counts[COUNT_TIMED_OUT] == 0)
        bin--;
    return bin * reading->bin_s - reading->notes[NOTE_TIMEOUT] * reading->unit;
}

static const struct measure fluid_timeout[] = {
    {"failed_requests", .first = "clients.web.failed", .kind = MEASURE_FLUID_COUNT, .run = RUN_EPISODE},
    {"last_failing_arrival", .place = "clients.web", .of = last_failing_arrival, .power = 1, .kind = MEASURE_FLUID,
     .run = RUN_EPISODE},
    {"wasted_work_frac_until_clear", .first = "services.api.wasted_work_ratio", .kind = MEASURE_FLUID,
     .run = RUN_TO_RECOVERY},
    {0}};

/* Sent or served per second in the time before the service is back, when every attempt times out. */
static double rate_of(const struct reading *reading, enum count count, double from, double to)
{
    double sum = 0;
    uint32_t first = (uint32_t)lround(from * reading->unit / reading->bin_s);
    uint32_t end = (uint32_t)lround(to * reading->unit / reading->bin_s);
    for (uint32_t bin = first; bin < end; bin++)
        sum += (double)reading->rows[bin].counts[count];
    return sum / ((end - first) * reading->bin_s);
}

static double congested_rate(const struct reading *reading)
{
    double outage = reading->notes[NOTE_OUTAGE];
    return rate_of(reading, COUNT_ATTEMPTS, outage / 2, outage);
}

/* Rates are in proportion to lambda; at the critical one the service keeps pace. */
static double critical_rate(const struct reading *reading)
{
    double outage = reading->notes[NOTE_OUTAGE], attempts = congested_rate(reading);
    double served = rate_of(reading, COUNT_SERVED, outage, 1.5 * outage);
    return reading->notes[NOTE_LAMBDA] / reading->unit * served / attempts;
}

/* When the first attempt that succeeds was sent: it waits as long as it may. */
static double first_success(const struct reading *reading)
{
    double outage = reading->notes[NOTE_OUTAGE] * reading->unit, timeout = reading->notes[NOTE_TIMEOUT] * reading->unit;
    uint32_t bin = (uint32_t)lround(outage / reading->bin_s);
    while (bin < reading->bins && reading->rows[bin].counts[COUNT_GOOD] == 0)
        bin++;
    return bin * reading->bin_s - outage - timeout;
}

static const struct measure fluid_storm[] = {
    {"backlog_at_recovery", .first = "services.api.peak_queue", .kind = MEASURE_FLUID_COUNT, .run = RUN_TO_RECOVERY},
    {"congested_arrival_rate", .place = "services.api", .of = congested_rate, .power = -1,
     .kind = MEASURE_FLUID_COUNT, .run = RUN_EPISODE},
    {"lambda_critical", .place = "services.api", .of = critical_rate, .power = -1, .kind = MEASURE_FLUID_COUNT,
     .run = RUN_EPISODE},
    {"sustained", .first = "clients.web.stuck", .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"time_to_first_success", .place = "clients.web", .of = first_success, .power = 1, .kind = MEASURE_FLUID,
     .run = RUN_EPISODE},
    {0}};

static double per_time(const struct reading *reading)
{
    return reading->first / reading->seconds;
}

static double complement(const struct reading *reading)
{
    return 1 - reading->first;
}

static const struct measure overload[] = {
    {"P_reject_attempt", .first = "clients.web.reject_ratio"},
    {"attempt_rate", .first = "clients.web.attempts", .power = -1, .of = per_time},
    {"attempts_per_request", .first = "clients.web.amplification"},
    {"P_fail_request", .first = "clients.web.settled_success_ratio", .of = complement},
    {0}};

static const struct measure drain[] = {
    {"E_backlog_at_recovery", .first = "open", .run = RUN_TO_RECOVERY},
    {"E_drain_time", .first = "services.api.drained_s", .power = 1, .run = RUN_EPISODE},
    {"Var_drain_time", .first = "services.api.drained_s", .power = 2, .kind = MEASURE_SPREAD, .run = RUN_EPISODE},
    {"E_workload_at_recovery", .first = "services.api.drained_s", .power = 1, .run = RUN_WITHOUT_ARRIVALS},
    {0}};

static double rate_at(const struct reading *reading)
{
    double middle_s = reading->notes[NOTE_TIME] * reading->unit;
    uint32_t bin = (uint32_t)(middle_s / reading->bin_s);
    return (double)reading->rows[bin].counts[COUNT_ATTEMPTS] / reading->bin_s;
}

static double over_demand(const struct reading *reading)
{
    return reading->first / reading->notes[NOTE_DEMAND];
}

static const struct measure failfast[] = {
    {"attempt_rate_at_t", .place = "clients.web", .of = rate_at, .power = -1, .run = RUN_EPISODE},
    {"attempts_total_in_outage", .first = "clients.web.attempts", .run = RUN_EPISODE},
    {"clients_in_backoff_at_D", .first = "clients.web.open", .run = RUN_EPISODE},
    {"requests_failed_in_outage", .first = "clients.web.failed", .run = RUN_EPISODE},
    {"attempts_in_outage", .first = "clients.web.attempts", .run = RUN_EPISODE},
    {"amplification_in_outage", .first = "clients.web.attempts", .of = over_demand, .run = RUN_EPISODE},
    {"clients_retrying_at_D", .first = "clients.web.open", .run = RUN_EPISODE},
    {"clients_retrying_at_D_var", .first = "clients.web.open", .kind = MEASURE_SPREAD, .run = RUN_EPISODE},
    {0}};

const struct model models_outages[] = {
    {.key = "D-det-trace", .compose = compose_trace, .measures = trace},
    {.key = "D-fluid-outage-drain", .compose = compose_fluid, .measures = fluid_drain},
    {.key = "D-fluid-outage-timeout", .compose = compose_fluid_timeout, .measures = fluid_timeout},
    {.key = "D-fluid-storm", .compose = compose_fluid_storm, .measures = fluid_storm},
    {.key = "D-fluid-reject-retry", .compose = compose_overload, .measures = overload},
    {.key = "D-fluid-persist", .compose = compose_overload, .measures = overload},
    {.key = "D-mm1-outage-drain", .compose = compose_drain, .measures = drain},
    {.key = "D-mg1-outage-drain", .compose = compose_drain, .measures = drain},
    {.key = "D-failfast-outage-open", .compose = compose_failfast_open, .measures = failfast},
    {.key = "D-failfast-outage-closed", .compose = compose_failfast_closed, .measures = failfast},
    {0}};
