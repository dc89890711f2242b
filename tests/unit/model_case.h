/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small models for tests: a scenario as YAML text, run to its end, then looked at.
 *
 * The texts leave out `name:` (it is put in front). Times are chosen so that every count can be worked out by hand. */
#ifndef TESTS_UNIT_MODEL_CASE_H
#define TESTS_UNIT_MODEL_CASE_H

#include "model/world.h"
#include "scenario/scenario.h"

#define SECOND INT64_C(1000000000)

struct model_case {
    struct scenario *scenario;
    struct world *world;
};

/* Parses; an error fails the test and shows what was wrong. */
struct scenario *model_scenario(const char *text);
/* Parses, builds variant 0 (seed 1, replication 1) and runs it. */
struct model_case model_run(const char *text);
struct model_case model_run_seed(const char *text, uint64_t seed);
void model_free(struct model_case *m);

/* Counters: of a population, a service, a cache. */
int64_t caller_count(const struct model_case *m, uint32_t client, enum count count);
int64_t service_count(const struct model_case *m, uint32_t service, enum count count);
int64_t cache_count(const struct model_case *m, uint32_t cache, enum count count);

/* A counter's bins, written as "0 1 0 2". */
void model_assert_bins(const struct place *place, const struct model_case *m, enum count count, const char *expected,
                       const char *file, int line);
#define assert_caller_bins(m, client, count, expected)                                                                 \
    model_assert_bins(&(m)->world->edges[client].place, m, count, expected, __FILE__, __LINE__)
#define assert_service_bins(m, service, count, expected)                                                               \
    model_assert_bins(&(m)->world->services[service].place, m, count, expected, __FILE__, __LINE__)

/* A metric by its name: of callers (an edge, or NONE: all clients), of a service. */
double caller_metric(const struct world *world, uint32_t edge, const char *name);
double service_metric(const struct world *world, uint32_t service, const char *name);

/* Integrals of a service up to the end, in item-seconds (whole ones in these tests). */
double area_s(area_t area);
struct service_areas model_areas(const struct model_case *m, uint32_t service);

/* What is wrong with a text: the printed error lines ("" if nothing), to be freed. The file is called "t.yaml". */
char *model_errors(const char *text, const struct scenario_changes *changes);

#endif
