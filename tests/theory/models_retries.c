/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group C: clients that try again. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "models.h"

enum { MEANS_MAX = 32 };

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static double attempts_per_request(double p, double attempts)
{
    return p < 1 ? (1 - pow(p, attempts)) / (1 - p) : attempts;
}

/* ---- no queue: attempts fail by chance ---- */

/* A service that never makes anybody wait. How many requests there are at a time matters to nobody; it is a
 * few dozen. */
static void compose_trials(struct plan *plan, double time, double wait)
{
    double p = number(plan, "p"), attempts = number(plan, "attempts");
    double chance = plan->run == RUN_ALL_FAIL ? 1 : p;
    struct station station = {.law = "det", .mean = time, .workers = INFINITY, .room = INFINITY};
    plan_poisson(plan, 20 / wait);
    plan_attempts(plan, attempts);
    plan_station(plan, &station);
    plan_say(&plan->service, ", error_ratio: %.17g", chance);
    plan->rate *= attempts_per_request(chance, attempts);
}

struct backoff_name {
    const char *name, *shape, *jitter;
    double growth; /* the last wait is about base * growth^attempts, or the cap */
};

static const struct backoff_name backoff_names[] = {
    {"fixed", "fixed", "none", 1},
    {"linear", "linear", "none", 1.5},
    {"exponential", "exponential", "none", 2},
    {"full-jitter", "exponential", "full", 2},
    {"equal-jitter", "exponential", "equal", 2},
    {"decorrelated-jitter", "exponential", "decorrelated", 3},
};

static const struct backoff_name *find_backoff(struct plan *plan)
{
    const char *name = parameters_word(plan->parameters, "backoff");
    for (size_t i = 0; i < sizeof backoff_names / sizeof *backoff_names; i++)
        if (strcmp(backoff_names[i].name, name) == 0)
            return &backoff_names[i];
    parameters_complain(plan->parameters, "backoff", "names no backoff that is known here");
    return backoff_names;
}

static void compose_bernoulli_retry(struct plan *plan)
{
    char base_text[PIECE], cap_text[PIECE];
    const struct backoff_name *backoff = find_backoff(plan);
    double base = number(plan, "base"), attempts = number(plan, "attempts");
    double cap = parameters_number_or(plan->parameters, "cap", INFINITY);
    compose_trials(plan, 0, base);
    plan_say(&plan->policy, ", backoff: {shape: %s, base: %s, jitter: %s, cap: %s}", backoff->shape,
             plan_duration(plan, base, base_text), backoff->jitter,
             isinf(cap) ? "none" : plan_duration(plan, cap, cap_text));
    plan->relaxation = attempts * fmin(cap, base * pow(backoff->growth, attempts)) / 10;
}

static void compose_bernoulli_latency(struct plan *plan)
{
    char text[PIECE];
    double wait = number(plan, "backoff_fixed"), time = number(plan, "attempt_time");
    compose_trials(plan, time, wait + time);
    plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s}", plan_duration(plan, wait, text));
    plan->relaxation = (wait + time) * number(plan, "attempts") / 10;
}

/* ---- no queue: whoever finds the workers busy tries again ---- */

static void say_exponential_backoff(struct plan *plan, double theta)
{
    char text[PIECE];
    plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s, jitter: exponential}",
             plan_duration(plan, 1 / theta, text));
}

static struct station station_of(struct plan *plan, double lambda)
{
    struct station station = {.lambda = lambda, .law = model_service_law(plan)};
    station.mean = model_service_mean(plan);
    station.workers = parameters_number_or(plan->parameters, "c", 1);
    station.room = parameters_number_or(plan->parameters, "qcap", 0);
    return station;
}

/* Those who wait to try again are a queue. It empties like that of an M/M/c, and besides each of them finds a
 * free worker with the rate theta (1 - rho), or gives up with the rate theta (1 - H). */
static void compose_retrial(struct plan *plan)
{
    double lambda = number(plan, "lambda"), theta = number(plan, "theta");
    double persistence = parameters_number_or(plan->parameters, "H", 1);
    struct station station = station_of(plan, lambda);
    double rho = lambda * station.mean / station.workers, leaving = fmax(1 - rho, 1 - persistence);
    plan_poisson(plan, lambda);
    plan_attempts(plan, INFINITY);
    plan_say(&plan->policy, ", persistence: %.17g", persistence);
    say_exponential_backoff(plan, theta);
    plan_station(plan, &station);
    if (persistence >= 1)
        plan->relaxation += station.mean / pow(1 - sqrt(rho), 2);
    plan->relaxation += 2 / (theta * leaving);
    plan->rate = lambda * (1 + 1 / (leaving * station.mean * theta));
}

static void compose_retrial_closed(struct plan *plan)
{
    double think = number(plan, "think_mean"), theta = number(plan, "theta");
    struct station station = station_of(plan, 0);
    plan_closed(plan, number(plan, "clients"), parameters_word_or(plan->parameters, "think", "exp"), think);
    plan_attempts(plan, INFINITY);
    say_exponential_backoff(plan, theta);
    plan_station(plan, &station);
    plan->relaxation += 2 * think + 2 / theta;
    plan->rate += number(plan, "clients") * theta / 2;
}

/* The k-th wait is exponential with the k-th of `backoff_means`; returns the longest mean. */
static double say_backoff_means(struct plan *plan)
{
    double means[MEANS_MAX], longest = 0;
    size_t count = parameters_list(plan->parameters, "backoff_means", means, MEANS_MAX);
    plan_say(&plan->policy, ", backoff: {shape: table, jitter: exponential, delays: [");
    for (size_t i = 0; i < count; i++) {
        char text[PIECE];
        longest = fmax(longest, means[i]);
        plan_say(&plan->policy, "%s%s", i ? ", " : "", plan_duration(plan, means[i], text));
    }
    plan_say(&plan->policy, "]}");
    return longest;
}

static void compose_retry_reject(struct plan *plan)
{
    double lambda = number(plan, "lambda"), attempts = number(plan, "attempts");
    struct station station = station_of(plan, lambda);
    plan_poisson(plan, lambda);
    plan_attempts(plan, attempts);
    double longest = say_backoff_means(plan);
    plan_station(plan, &station);
    plan->relaxation += attempts * longest;
    plan->rate = lambda * attempts;
}

/* ---- the retry storm itself: timeouts, rejections, retries, and work for nobody ---- */

static void say_cancel(struct plan *plan)
{
    static const char *const modes[][2] = {{"none", "none"}, {"queue", "queued"}, {"full", "running"}};
    const char *cancel = parameters_word(plan->parameters, "cancel");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i][0], cancel) == 0)
            plan_say(&plan->service, ", cancel: %s", modes[i][1]);
}

/* The chain with cancel=none mixes slowly: both regimes, healthy and clogged, must be visited often. */
static void say_storm(struct plan *plan, const struct station *station)
{
    double attempts = number(plan, "attempts");
    plan_timeout(plan, "exp", number(plan, "timeout_mean"));
    plan_attempts(plan, attempts);
    double longest = say_backoff_means(plan);
    plan_station(plan, station);
    say_cancel(plan);
    plan->relaxation += attempts * (longest + number(plan, "timeout_mean")) + 20 * station->mean;
}

static void compose_storm_open(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    plan_poisson(plan, lambda);
    say_storm(plan, &station);
    plan->rate = lambda * number(plan, "attempts");
}

/* Until all places are taken, nothing is different with one place less: there it is the first one that is rejected. */
static void compose_first_full(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    struct station station = station_of(plan, lambda);
    station.room -= 1;
    plan_poisson(plan, lambda);
    say_storm(plan, &station);
    plan->rate = lambda * number(plan, "attempts");
}

static void compose_storm_closed(struct plan *plan)
{
    double clients = number(plan, "clients"), think = number(plan, "think_mean");
    struct station station = station_of(plan, clients / think);
    plan_closed(plan, clients, "exp", think);
    say_storm(plan, &station);
    plan->relaxation += 2 * think;
    plan->rate = clients / think * number(plan, "attempts");
}

/* ---- a queue, and services that end in an error ---- */

/* Laws of a backoff, for where any law will do; the think time of a closed loop gets another one. */
struct any_law {
    const char *name, *jitter;
    double base; /* in means */
    const char *think;
};

static const struct any_law any_laws[] = {
    {"fixed", "none", 1, "lognormal"},
    {"uniform", "full", 2, "exp"},
    {"exponential", "exponential", 1, "det"},
};

static const struct any_law *any_backoff(struct plan *plan)
{
    const char *name = plan->any;
    if (parameters_has(plan->parameters, "backoff") && !plan_any(plan, "backoff"))
        name = parameters_word(plan->parameters, "backoff");
    else
        plan->any_used = true;
    for (size_t i = 0; i < sizeof any_laws / sizeof *any_laws; i++)
        if (strcmp(any_laws[i].name, name) == 0)
            return &any_laws[i];
    parameters_complain(plan->parameters, "backoff", "names no law that is known here");
    return any_laws;
}

static void say_errors(struct plan *plan, const struct any_law *law, const struct station *station)
{
    char text[PIECE];
    double mean = number(plan, "backoff_mean"), attempts = number(plan, "attempts");
    plan_attempts(plan, attempts);
    plan_say(&plan->policy, ", backoff: {shape: fixed, base: %s, jitter: %s}",
             plan_duration(plan, law->base * mean, text), law->jitter);
    plan_station(plan, station);
    plan_say(&plan->service, ", error_ratio: %.17g", number(plan, "p"));
    plan->relaxation += attempts * mean;
}

static void compose_errors(struct plan *plan)
{
    double lambda = number(plan, "lambda");
    double sends = attempts_per_request(number(plan, "p"), number(plan, "attempts"));
    struct station station = station_of(plan, lambda * sends);
    station.room = INFINITY;
    plan_poisson(plan, lambda);
    say_errors(plan, any_backoff(plan), &station);
    plan->rate = lambda * sends;
}

static void compose_errors_closed(struct plan *plan)
{
    double think = number(plan, "think_mean");
    const struct any_law *law = any_backoff(plan);
    struct station station = station_of(plan, 0);
    station.room = INFINITY;
    plan_closed(plan, number(plan, "clients"), law->think, think);
    say_errors(plan, law, &station);
    plan->relaxation += 2 * think;
}

/* ---- measures ---- */

static double less_one(const struct reading *reading)
{
    return reading->first - 1;
}

static double complement(const struct reading *reading)
{
    return 1 - reading->first;
}

static double per_time(const struct reading *reading)
{
    return reading->first / reading->seconds;
}

static const struct measure measures[] = {
    {"attempts_per_request", .first = "clients.web.amplification"},
    {"retries_per_request", .first = "clients.web.amplification", .of = less_one},
    {"P_success_request", .first = "clients.web.settled_success_ratio"},
    {"P_fail_request", .first = "clients.web.settled_success_ratio", .of = complement},
    {"P_reject_attempt", .first = "clients.web.reject_ratio"},
    {"P_block_first", .first = "clients.web.first_reject_ratio"},
    {"P_busy", .first = "clients.web.first_reject_ratio"},
    {"L_orbit", .first = "clients.web.backing_off_avg"},
    {"L_backoff", .first = "clients.web.backing_off_avg"},
    {"T_request", .first = "clients.web.outcome_mean_s", .power = 1},
    {"T_request_p99", .first = "clients.web.outcome_p99_s", .power = 1, .kind = MEASURE_QUANTILE, .p = 0.99},
    {"Wq_attempt", .first = "services.api.wait_mean_s", .power = 1},
    {"W_attempt", .first = "services.api.sojourn_mean_s", .power = 1},
    {"mean_total_backoff", .first = "clients.web.outcome_mean_s", .power = 1},
    {"mean_total_backoff_if_all_fail", .first = "clients.web.outcome_mean_s", .power = 1,
     .run = RUN_ALL_FAIL},
    {"var_total_backoff_if_all_fail", .first = "clients.web.outcome_sd_s",
     .second = "clients.web.outcome_mean_s", .power = 2, .kind = MEASURE_VARIANCE, .run = RUN_ALL_FAIL},
    {"p99_total_backoff_if_all_fail", .first = "clients.web.outcome_p99_s", .power = 1,
     .kind = MEASURE_QUANTILE, .run = RUN_ALL_FAIL, .p = 0.99},
    {"throughput", .first = "clients.web.requests", .power = -1, .of = per_time},
    {"request_rate", .first = "clients.web.requests", .power = -1, .of = per_time},
    {"goodput", .first = "clients.web.goodput_per_s", .power = -1},
    {"P_timeout_attempt", .first = "clients.web.timeout_ratio"},
    {"busy_on_dead_frac", .first = "services.api.dead_work_ratio"},
    {"T_first_full", .first = "services.api.first_reject_s", .power = 1, .run = RUN_FIRST_REJECT},
    {0}};

static const char *const any_names[] = {"fixed", "uniform", "exponential", NULL};

const struct model models_retries[] = {
    {.key = "C-bernoulli-retry", .compose = compose_bernoulli_retry, .measures = measures},
    {.key = "C-bernoulli-latency", .compose = compose_bernoulli_latency, .measures = measures},
    {.key = "C-retrial-mm11", .compose = compose_retrial, .measures = measures},
    {.key = "C-retrial-mg11", .compose = compose_retrial, .measures = measures},
    {.key = "C-retrial-mmcc", .compose = compose_retrial, .measures = measures},
    {.key = "C-retrial-persist", .compose = compose_retrial, .measures = measures},
    {.key = "C-retrial-finite-source", .compose = compose_retrial_closed, .measures = measures},
    {.key = "C-retry-timeout-open", .compose = compose_storm_open, .measures = measures},
    {.key = "C-retry-first-full", .compose = compose_first_full, .measures = measures},
    {.key = "C-retry-timeout-closed", .compose = compose_storm_closed, .measures = measures},
    {.key = "C-retry-reject", .compose = compose_retry_reject, .measures = measures},
    {.key = "C-error-retry-kelly", .compose = compose_errors, .measures = measures, .any = any_names},
    {.key = "C-error-retry-closed", .compose = compose_errors_closed, .measures = measures, .any = any_names},
    {0}};
