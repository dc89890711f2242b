/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of caches have in common: pieces of scenarios, and one look at the counters. */
#ifndef TESTS_UNIT_CACHE_CASE_H
#define TESTS_UNIT_CACHE_CASE_H

#include "model_case.h"

#define ORIGIN(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
#define FAILING(time)                                                                                                  \
    "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}, error_ratio: 100%}]\n"
/* One request a second from 1 s on. */
#define EVERY_SECOND  "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: c}]\n"
#define ONE_KEY(more) "caches: [{name: c, origin: s, keys: 1, ttl: " more "}]\n"
/* Requests of one client each, at the times given. */
#define AT(name, time) "  - {name: " name ", arrival: {kind: burst, at: " time "}, calls: c}\n"

#define assert_counts(m, hits, misses, fetches, coalesced)                                                             \
    cache_case_assert(m, (const int64_t[]){hits, misses, fetches, coalesced}, __FILE__, __LINE__)
void cache_case_assert(const struct model_case *m, const int64_t expected[4], const char *file, int line);

#endif
