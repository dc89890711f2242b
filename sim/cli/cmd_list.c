/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: the names of a family, with a line each. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/families.h"
#include "cli/presets.h"
#include "scenario/scenario.h"
#include "study/metrics.h"

static int list_metrics(void)
{
    static const char *const titles[] = {"of a strategy and of each client population:",
                                         "of a service (services.NAME.METRIC):", "of a cache (caches.NAME.METRIC):"};
    for (enum place_kind kind = PLACE_CALLER; kind <= PLACE_CACHE; kind++) {
        printf("%s%s\n", kind ? "\n" : "", titles[kind]);
        for (size_t i = 0; i < metrics_count(kind); i++)
            printf("  %-22s %s\n", metrics_info(kind, i)->name, metrics_info(kind, i)->help);
    }
    return EXIT_FINE;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_scenario(const char *path)
{
    struct diag *diag = diag_new();
    struct scenario_changes changes = {0};
    struct scenario *scenario = scenario_load(path, &changes, diag);
    printf("%-38s %s\n", path, scenario ? scenario->config.question : "(does not load: see `retrystorm check`)");
    if (scenario)
        scenario_free(scenario);
    diag_free(diag);
}

/* The scenarios of ./scenarios, where the repository keeps them. */
static int list_scenarios(void)
{
    struct arena arena = {0};
    const char **paths = NULL;
    size_t count = 0, room = 0;
    DIR *directory = opendir("scenarios");
    if (!directory) {
        fputs("retrystorm: no folder scenarios/ here; run this in the repository\n", stderr);
        return EXIT_ENVIRONMENT;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".yaml") != 0)
            continue;
        if (count == room) {
            room = room ? 2 * room : 64;
            paths = memory_resize(paths, room, sizeof *paths);
        }
        paths[count++] = arena_printf(&arena, "scenarios/%s", entry->d_name);
    }
    closedir(directory);
    if (count > 0)
        qsort(paths, count, sizeof *paths, by_name);
    for (size_t i = 0; i < count; i++)
        list_scenario(paths[i]);
    free(paths);
    arena_free(&arena);
    return EXIT_FINE;
}

static int list_families(void)
{
    for (size_t i = 0; families[i]; i++)
        printf("%-12s %s\n", families[i]->family, families[i]->summary);
    puts("metric       what a finished run is asked for\nscenario     the scenarios in ./scenarios");
    return EXIT_FINE;
}

static int list_rows(const struct table *table)
{
    for (const struct row *const *row = table->rows; *row; row++)
        printf("%-18s %s\n", (*row)->name, (*row)->summary);
    return EXIT_FINE;
}

static int unknown_family(const char *name)
{
    const char *names[32] = {"metric", "scenario"};
    size_t count = 2;
    for (size_t i = 0; families[i] && count < 32; i++)
        names[count++] = families[i]->family;
    const char *nearest = diag_nearest(name, names, count);
    if (nearest)
        fprintf(stderr, "retrystorm list: no family '%s'; did you mean '%s'?\n", name, nearest);
    else
        fprintf(stderr, "retrystorm list: no family '%s'; `retrystorm list` shows them\n", name);
    return EXIT_USAGE;
}

static int run(const struct options *options)
{
    if (options->argument_count == 0)
        return list_families();
    const char *name = options->arguments[0];
    if (strcmp(name, "metric") == 0)
        return list_metrics();
    if (strcmp(name, "scenario") == 0)
        return list_scenarios();
    const struct table *table = family_find(name);
    if (table == &preset_table) {
        presets_list();
        return EXIT_FINE;
    }
    return table ? list_rows(table) : unknown_family(name);
}

const struct command command_list = {
    .name = "list", .arguments = "[FAMILY]", .summary = "what there is: backoff, jitter, fault, metric, scenario, ...",
    .options = "", .least = 0, .most = 1, .run = run};
