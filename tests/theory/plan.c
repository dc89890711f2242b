/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"

void plan_say(struct text *text, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof text->chars - text->length;
    va_start(arguments, format);
    int length = vsnprintf(text->chars + text->length, room, format, arguments);
    va_end(arguments);
    CHECK(length >= 0 && (size_t)length < room, "a piece of a scenario is longer than its buffer");
    text->length += (size_t)length;
}

bool plan_any(struct plan *plan, const char *key)
{
    if (strcmp(parameters_word_or(plan->parameters, key, ""), "any law with this mean") != 0)
        return false;
    plan->any_used = true;
    return true;
}

char *plan_duration(struct plan *plan, double time, char piece[PIECE])
{
    if (time > 0 && time < plan->shortest)
        plan->shortest = time;
    snprintf(piece, PIECE, "%.0fns", time * plan->unit * 1e9);
    return piece;
}

/* ---- laws ---- */

struct law_name {
    const char *name, *scenario;
    const char *key, *field; /* parameter of the table, key of the scenario; NULL: the mean says it all */
    double usual;            /* the parameter's value where any law will do */
    double (*cv2)(double parameter);
};

static double of_fixed(double parameter)
{
    (void)parameter;
    return 0;
}

static double of_exponential(double parameter)
{
    (void)parameter;
    return 1;
}

static double itself(double parameter)
{
    return parameter;
}

static double inverse(double parameter)
{
    return 1 / parameter;
}

static double of_pareto(double alpha)
{
    return alpha > 2 ? 1 / (alpha * (alpha - 2)) : INFINITY;
}

static const struct law_name law_names[] = {
    {"det", "fixed", NULL, NULL, 0, of_fixed},
    {"fixed", "fixed", NULL, NULL, 0, of_fixed},
    {"exp", "exponential", NULL, NULL, 0, of_exponential},
    {"exponential", "exponential", NULL, NULL, 0, of_exponential},
    {"lognormal", "lognormal", "cv2", "cv2", 2, itself},
    {"hyper2", "hyperexponential", "cv2", "cv2", 3, itself},
    {"gamma", "gamma", "shape", "shape", 0.5, inverse},
    {"pareto", "pareto", "alpha", "alpha", 5, of_pareto},
    {"paretoI", "pareto", "alpha", "alpha", 5, of_pareto},
    {"erlang", "erlang", "erlang_k", "phases", 3, inverse},
};

/* A name may end in its parameter: "erlang3". */
static const struct law_name *find_law(const char *name, double *parameter)
{
    size_t stem = strcspn(name, "0123456789");
    *parameter = NAN;
    for (size_t i = 0; i < sizeof law_names / sizeof *law_names; i++)
        if (strcmp(name, law_names[i].name) == 0)
            return &law_names[i];
    for (size_t i = 0; i < sizeof law_names / sizeof *law_names; i++)
        if (strlen(law_names[i].name) == stem && strncmp(name, law_names[i].name, stem) == 0 &&
            sscanf(name + stem, "%lf", parameter) == 1)
            return &law_names[i];
    return NULL;
}

static double parameter_of(struct plan *plan, const struct law_name *law, double in_name)
{
    if (!law->key)
        return 0;
    if (!isnan(in_name))
        return in_name;
    return plan->any_used ? parameters_number_or(plan->parameters, law->key, law->usual)
                          : parameters_number(plan->parameters, law->key);
}

char *plan_law(struct plan *plan, const char *name, double mean, double *cv2, char piece[PIECE])
{
    char duration[PIECE];
    double in_name;
    const struct law_name *law = find_law(name, &in_name);
    plan_duration(plan, mean, duration);
    if (!law) {
        parameters_complain(plan->parameters, name, "is no law that is known here");
        law = law_names;
    }
    double parameter = parameter_of(plan, law, in_name);
    if (law->field)
        snprintf(piece, PIECE, "%s, mean: %.20s, %s: %.17g", law->scenario, duration, law->field, parameter);
    else
        snprintf(piece, PIECE, "%s, mean: %.20s", law->scenario, duration);
    if (strcmp(law->scenario, "pareto") == 0)
        plan->alpha = parameter;
    if (cv2)
        *cv2 = law->cv2(parameter);
    return piece;
}

/* ---- clients ---- */

void plan_poisson(struct plan *plan, double lambda)
{
    if (1 / lambda < plan->shortest)
        plan->shortest = 1 / lambda;
    plan_say(&plan->client, ", arrival: {kind: poisson, rate: %.17g/s}", lambda / plan->unit);
    plan->rate = lambda;
}

void plan_poisson_until(struct plan *plan, double lambda, double end)
{
    char at[PIECE];
    if (1 / lambda < plan->shortest)
        plan->shortest = 1 / lambda;
    plan_say(&plan->client, ", arrival: {kind: ramp, from: %.17g/s, to: 0/s, at: %s, over: 0s}", lambda / plan->unit,
             plan_duration(plan, end, at));
    plan->rate = lambda;
}

void plan_renewal(struct plan *plan, const char *law, double mean)
{
    char piece[PIECE];
    plan_law(plan, law, mean, NULL, piece);
    plan_say(&plan->client, ", arrival: {kind: renewal, gap: {law: %s}}", piece);
    plan->rate = 1 / mean;
}

void plan_closed(struct plan *plan, double clients, const char *law, double mean)
{
    char piece[PIECE];
    plan_law(plan, law, mean, NULL, piece);
    plan_say(&plan->client, ", count: %.0f, closed: {think: %s}", clients, piece);
    plan->rate = clients / mean;
}

void plan_herd(struct plan *plan, double clients, double spread)
{
    char piece[PIECE];
    plan_say(&plan->client, ", count: %.0f, arrival: {kind: burst, spread: %s}", clients,
             plan_duration(plan, spread, piece));
}

void plan_outage(struct plan *plan, const char *mode, double from, double to)
{
    char at[PIECE], length[PIECE];
    plan_say(&plan->faults, ", {kind: outage, mode: %s, service: api, at: %s, for: %s}", mode,
             plan_duration(plan, from, at), plan_duration(plan, to - from, length));
}

/* A millionth of the rate is none for as long as any run lasts. */
void plan_end_arrivals(struct plan *plan, double at)
{
    char piece[PIECE];
    plan_say(&plan->faults, ", {kind: load, clients: web, factor: 1e-6, at: %s}", plan_duration(plan, at, piece));
}

void plan_episode(struct plan *plan, double duration, double bin)
{
    plan->duration = duration;
    plan->bin = bin;
}

void plan_timeout(struct plan *plan, const char *law, double mean)
{
    char piece[PIECE];
    plan_law(plan, law, mean, NULL, piece);
    plan_say(&plan->policy, ", timeout: {law: %s}", piece);
}

static const char *count_text(double count, char piece[PIECE])
{
    if (isinf(count))
        return "unlimited";
    snprintf(piece, PIECE, "%.0f", count);
    return piece;
}

void plan_attempts(struct plan *plan, double attempts)
{
    char piece[PIECE];
    plan_say(&plan->policy, ", attempts: %s", count_text(attempts, piece));
}

/* ---- the service ---- */

/* M/M/c: 1/(sqrt(c mu) - sqrt(lambda))^2, and the service time. A finite room is filled or emptied by
 * diffusion in room^2 / (c mu). */
static double relaxation_of(const struct station *station, double cv2)
{
    if (station->mean <= 0 || isinf(station->workers))
        return station->mean;
    double capacity = station->workers / station->mean, gap = sqrt(capacity) - sqrt(station->lambda);
    double open = gap > 0 ? 1 / (gap * gap) : INFINITY;
    double full = (station->room + 1) * (station->room + 1) / capacity;
    return 2 * station->mean + fmin(open, full) * fmax(1, (1 + cv2) / 2);
}

/* Returns its relaxation time. */
static double say_station(struct plan *plan, struct text *text, const struct station *station)
{
    char law[PIECE], workers[PIECE], room[PIECE];
    double cv2 = 0;
    plan_law(plan, station->law, station->mean, &cv2, law);
    plan_say(text, ", workers: %s, service_time: {law: %s}, queue: {discipline: %s, capacity: %s}",
             count_text(station->workers, workers), law, station->discipline ? station->discipline : "fifo",
             count_text(station->room, room));
    return relaxation_of(station, fmin(cv2, 20));
}

void plan_station(struct plan *plan, const struct station *station)
{
    plan->service_mean = station->mean;
    plan->relaxation = say_station(plan, &plan->service, station);
}

void plan_tier(struct plan *plan, const char *name, const struct station *station, const char *more)
{
    plan_say(&plan->tiers, "  - {name: %s", name);
    plan->relaxation = fmax(plan->relaxation, say_station(plan, &plan->tiers, station));
    plan_say(&plan->tiers, "%s}\n", more);
}
