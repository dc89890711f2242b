/* SPDX-License-Identifier: GPL-3.0-or-later */
/* theory --oracles FILE [--quick] [--group A] [--id ID] [--seed N] [--jobs N] [--show]
 *
 * Runs every model of the table that can be built and compares the simulator with the exact values: one line
 * a row, then `N passed, N failed`. Rows of one case (the same model and parameters) share a run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate.h"
#include "oracle.h"

/* Quick: the standard errors are ten times as large. Left out is what needs more than that length: quantiles
 * beyond p99, variances of waits, which for a skewed service law hang on a few rare jobs, and small probabilities of
 * what comes in clusters, of which there would be a handful. */
static const struct effort quick_effort = {
    .attempts = 1.2e6, .relaxations = 300, .replications = 20, .firsts = 2000, .transients = 4000};
static const struct effort full_effort = {
    .attempts = 1.2e8, .relaxations = 4000, .replications = 40, .firsts = 40000, .transients = 40000};
static const double QUICK_FARTHEST = 0.99, QUICK_RAREST = 1e-4;

struct settings {
    const char *oracles, *group, *id;
    bool quick, show;
    unsigned long seed, jobs;
};

struct session {
    const struct settings *settings;
    const struct oracles *oracles;
    bool *done; /* one a row */
    size_t passed, failed, left_out;
};

/* ---- options ---- */

static const char usage[] =
    "usage: theory --oracles FILE [--quick] [--group A] [--id ID] [--seed N] [--jobs N] [--show]\n"
    "  --group, --id   only rows of a group; only those whose id is ID or begins with it (A-mm1, A-mm1-2)\n"
    "  --show          print the scenarios instead of running them\n";

static bool take_number(const char *text, unsigned long *number)
{
    char *end;
    errno = 0;
    *number = strtoul(text, &end, 10);
    return !errno && end != text && !*end && *text != '-';
}

static bool take_value(struct settings *settings, const char *option, const char *value)
{
    const struct {
        const char *name, **to;
    } texts[] = {{"--oracles", &settings->oracles}, {"--group", &settings->group}, {"--id", &settings->id}};
    const struct {
        const char *name;
        unsigned long *to;
    } numbers[] = {{"--seed", &settings->seed}, {"--jobs", &settings->jobs}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(option, texts[i].name) == 0) {
            *texts[i].to = value;
            return value;
        }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(option, numbers[i].name) == 0)
            return value && take_number(value, numbers[i].to);
    return false;
}

static bool take_options(struct settings *settings, char **arguments)
{
    for (; *arguments; arguments++) {
        if (strcmp(*arguments, "--quick") == 0) {
            settings->quick = true;
        } else if (strcmp(*arguments, "--show") == 0) {
            settings->show = true;
        } else if (take_value(settings, *arguments, arguments[1])) {
            arguments++;
        } else {
            return false;
        }
    }
    return settings->oracles;
}

/* ---- one case ---- */

static bool is_left_out(const struct session *session, const struct measure *measure, const struct oracle *row)
{
    bool rare = (measure->kind == MEASURE_VARIANCE && measure->run == RUN_STEADY) ||
                (measure->clustered && row->value < QUICK_RAREST);
    return session->settings->quick && (rare || measure->p > QUICK_FARTHEST);
}

static bool begins(const char *text, const char *start)
{
    size_t length = strlen(start);
    return strncmp(text, start, length) == 0 && (!text[length] || text[length] == '-');
}

static bool is_selected(const struct session *session, const struct oracle *row)
{
    const struct settings *settings = session->settings;
    return (!settings->group || begins(row->key, settings->group)) &&
           (!settings->id || begins(row->id, settings->id));
}

static bool is_same_case(const struct oracle *a, const struct oracle *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->parameters, b->parameters) == 0;
}

static void say_failure(struct session *session, const char *id, const char *why)
{
    printf("%-44s %s FAIL\n", id, why);
    session->failed++;
}

static void say_verdict(struct session *session, const char *id, const struct verdict *verdict)
{
    printf("%-44s oracle %-14.9g estimate %-14.9g se %-9.2g z %+6.2f %s%s%s\n", id, verdict->exact,
           verdict->estimate, verdict->error, verdict->z, verdict->passed ? "ok" : "FAIL",
           *verdict->note ? " " : "", verdict->note);
    *(verdict->passed ? &session->passed : &session->failed) += 1;
}

static void judge_row(struct session *session, const struct order *order, const struct run *run,
                      const struct oracle *row)
{
    char id[120];
    if (run->any_used)
        snprintf(id, sizeof id, "%s[%s]", row->id, order->any);
    else
        snprintf(id, sizeof id, "%s", row->id);
    if (!run->result) {
        say_failure(session, id, run->complaint);
        return;
    }
    struct verdict verdict = judge(run, model_measure(order->model, row->metric), row->value);
    say_verdict(session, id, &verdict);
}

/* Whether the row at `index` belongs to the case and is measured in this kind of run. */
static bool is_in_run(const struct session *session, const struct order *order, const struct oracle *first,
                      size_t index)
{
    const struct oracle *row = &session->oracles->rows[index];
    const struct measure *measure = model_measure(order->model, row->metric);
    return measure && measure->run == order->run && is_same_case(row, first) && is_selected(session, row) &&
           !is_left_out(session, measure, row);
}

/* False: the case leaves no law open, so it need not run again with another one. */
static bool run_kind(struct session *session, const struct order *order, const struct oracle *first)
{
    struct run run = {.any_used = true};
    bool ran = false;
    for (size_t i = 0; i < session->oracles->count; i++) {
        if (!is_in_run(session, order, first, i))
            continue;
        if (session->settings->show && !ran)
            simulate_show(order);
        else if (!ran)
            simulate(order, &run);
        ran = true;
        if (!session->settings->show)
            judge_row(session, order, &run, &session->oracles->rows[i]);
    }
    run_free(&run);
    fflush(stdout);
    return run.any_used;
}

static void run_case(struct session *session, const struct model *model, const struct oracle *first)
{
    static const char *const no_choice[] = {NULL, NULL};
    const char *const *any = model->any ? model->any : no_choice;
    struct order order = {.model = model,
                          .name = first->name,
                          .parameters = first->parameters,
                          .effort = session->settings->quick ? &quick_effort : &full_effort,
                          .seed = session->settings->seed,
                          .jobs = (uint32_t)session->settings->jobs};
    bool more = true;
    do {
        order.any = *any;
        for (int run = 0; run < RUN_KINDS; run++) {
            order.run = (enum run_kind)run;
            more = run_kind(session, &order, first) && more;
        }
    } while (more && *any && *++any);
}

/* ---- all cases ---- */

/* Rows that no run measures: of a metric that the model does not know, or too far out for a quick one. */
static void settle_row(struct session *session, const struct model *model, const struct oracle *row)
{
    const struct measure *measure = model_measure(model, row->metric);
    if (!measure)
        say_failure(session, row->id, "is no metric that this model is asked for");
    else if (is_left_out(session, measure, row))
        session->left_out++;
}

static void run_all(struct session *session)
{
    const struct oracles *oracles = session->oracles;
    for (size_t i = 0; i < oracles->count; i++) {
        const struct model *model = model_find(oracles->rows[i].key);
        if (!model || session->done[i] || !is_selected(session, &oracles->rows[i]))
            continue;
        run_case(session, model, &oracles->rows[i]);
        for (size_t k = i; k < oracles->count; k++)
            if (is_same_case(&oracles->rows[k], &oracles->rows[i]) &&
                is_selected(session, &oracles->rows[k])) {
                session->done[k] = true;
                settle_row(session, model, &oracles->rows[k]);
            }
    }
}

static void say_skipped(struct session *session)
{
    const struct oracles *oracles = session->oracles;
    for (size_t i = 0; i < oracles->count; i++) {
        size_t rows = 0;
        if (session->done[i] || !is_selected(session, &oracles->rows[i]))
            continue;
        for (size_t k = i; k < oracles->count; k++)
            if (strcmp(oracles->rows[k].key, oracles->rows[i].key) == 0) {
                session->done[k] = true;
                rows++;
            }
        printf("skipped: %s (%zu rows): no such model here\n", oracles->rows[i].key, rows);
    }
}

static void say_totals(struct session *session)
{
    say_skipped(session);
    if (session->left_out)
        printf("left out by --quick: %zu variances, rare clusters and quantiles beyond p99\n", session->left_out);
    printf("%zu passed, %zu failed\n", session->passed, session->failed);
}

int main(int count, char **arguments)
{
    struct settings settings = {.seed = 1};
    if (count < 1 || !take_options(&settings, arguments + 1)) {
        fputs(usage, stderr);
        return 2;
    }
    struct oracles *oracles = oracles_load(settings.oracles);
    if (!oracles)
        return 2;
    struct session session = {.settings = &settings,
                              .oracles = oracles,
                              .done = memory_zeroed(oracles->count + 1, sizeof *session.done)};
    run_all(&session);
    if (!settings.show)
        say_totals(&session);
    free(session.done);
    oracles_free(oracles);
    return session.failed > 0;
}
