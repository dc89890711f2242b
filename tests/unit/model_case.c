/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/service.h"
#include "model_case.h"
#include "printed.h"
#include "study/metrics.h"

struct scenario *model_scenario(const char *text)
{
    char whole[16384];
    size_t size = (size_t)snprintf(whole, sizeof whole, "name: case\n%s", text);
    assert_true(size < sizeof whole);
    struct diag *diag = diag_new();
    struct scenario *scenario = scenario_parse("t.yaml", whole, size, &(struct scenario_changes){0}, diag);
    if (!scenario) {
        char *errors = printed(diag);
        fprintf(stderr, "%s\n%s", whole, errors);
        free(errors);
        fail();
    }
    diag_free(diag);
    return scenario;
}

struct model_case model_run_seed(const char *text, uint64_t seed)
{
    struct model_case m = {.scenario = model_scenario(text)};
    m.world = world_new(&m.scenario->variants[0].config.model, seed, 1);
    assert_true(world_run(m.world, &(struct run_control){0}));
    return m;
}

struct model_case model_run(const char *text)
{
    return model_run_seed(text, 1);
}

void model_free(struct model_case *m)
{
    world_free(m->world);
    scenario_free(m->scenario);
}

int64_t caller_count(const struct model_case *m, uint32_t client, enum count count)
{
    return (int64_t)m->world->edges[client].place.counts[count];
}

int64_t service_count(const struct model_case *m, uint32_t service, enum count count)
{
    return (int64_t)m->world->services[service].place.counts[count];
}

int64_t cache_count(const struct model_case *m, uint32_t cache, enum count count)
{
    return (int64_t)m->world->caches[cache].place.counts[count];
}

static double pick(enum place_kind kind, const double *values, const char *name)
{
    for (size_t i = 0; i < metrics_count(kind); i++)
        if (strcmp(metrics_info(kind, i)->name, name) == 0)
            return values[i];
    fail_msg("no metric %s", name);
    return NAN;
}

double caller_metric(const struct world *world, uint32_t edge, const char *name)
{
    double values[METRICS_MAX];
    metrics_of_callers(world, edge, values);
    return pick(PLACE_CALLER, values, name);
}

double service_metric(const struct world *world, uint32_t service, const char *name)
{
    double values[METRICS_MAX];
    metrics_of_service(world, service, values);
    return pick(PLACE_SERVICE, values, name);
}

void model_assert_bins(const struct place *place, const struct model_case *m, enum count count, const char *expected,
                       const char *file, int line)
{
    assert_true(count < COUNT_BIN_COLUMNS);
    char text[1024] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < m->world->bins && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%llu", i ? " " : "",
                                 (unsigned long long)place->rows[i].counts[count]);
    _assert_string_equal(text, expected, file, line);
}

double area_s(area_t area)
{
    return (double)area * 1e-9;
}

struct service_areas model_areas(const struct model_case *m, uint32_t service)
{
    return service_areas_now(&m->world->services[service], m->world->now_ns);
}

char *model_errors(const char *text, const struct scenario_changes *changes)
{
    struct diag *diag = diag_new();
    struct scenario_changes none = {0};
    struct scenario *scenario = scenario_parse("t.yaml", text, strlen(text), changes ? changes : &none, diag);
    assert_true((scenario == NULL) == (diag_count(diag) > 0));
    if (scenario)
        scenario_free(scenario);
    char *errors = printed(diag);
    diag_free(diag);
    return errors;
}
