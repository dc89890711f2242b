/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: reads scenarios, reports everything wrong with them, shows what was understood. */
#include <stdio.h>

#include "cli/commands.h"
#include "scenario/scenario.h"
#include "study/run.h"

static void print_config(const struct scenario *scenario, bool one_strategy)
{
    if (!one_strategy) {
        field_print(&scenario_record, scenario->tree, &scenario->config, 0, stdout);
        return;
    }
    for (size_t i = 0; i < scenario->variant_count; i++) {
        printf("%s# strategy %s\n", i ? "---\n" : "", scenario->variants[i].name);
        field_print(&scenario_record, scenario->variants[i].tree, &scenario->variants[i].config, 0, stdout);
    }
}

static bool check_one(const char *path, const struct options *options)
{
    struct diag *diag = diag_new();
    struct scenario_changes changes = {options->sets, options->set_count, options->strategy};
    struct scenario *scenario = scenario_load(path, &changes, diag);
    bool good = scenario && study_check_metrics(scenario, diag);
    diag_print(diag, stderr);
    if (good && options->print_config)
        print_config(scenario, options->strategy != NULL);
    else if (good)
        printf("%s: fine: %zu population%s, %zu service%s, %zu strateg%s\n", path,
               scenario->config.model.clients.count, scenario->config.model.clients.count == 1 ? "" : "s",
               scenario->config.model.services.count, scenario->config.model.services.count == 1 ? "" : "s",
               scenario->variant_count, scenario->variant_count == 1 ? "y" : "ies");
    if (scenario)
        scenario_free(scenario);
    diag_free(diag);
    return good;
}

static int run(const struct options *options)
{
    bool good = true;
    for (size_t i = 0; i < options->argument_count; i++)
        good &= check_one(options->arguments[i], options);
    return good ? EXIT_FINE : EXIT_USAGE;
}

const struct command command_check = {
    .name = "check", .arguments = "SCENARIO...", .summary = "read scenarios and report what is wrong with them",
    .options = "stc", .least = 1, .most = ARGUMENTS_MAX, .run = run};
