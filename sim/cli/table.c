/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands, in the order of the help text. One file a command. */
#include "cli/commands.h"

const struct command commands[] = {
    {"run", "SCENARIO", "run every strategy and compare them", "strejopqCP", 1, 1, command_run},
    {"check", "SCENARIO...", "read scenarios and report what is wrong with them", "stc", 1, ARGUMENTS_MAX,
     command_check},
    {"list", "[FAMILY]", "what there is: backoff, jitter, fault, metric, scenario, ...", "", 0, 1, command_list},
    {"describe", "NAME|PATH", "what a mechanism does, its parameters, a worked table", "", 1, 2, command_describe},
    {"plot", "DIR", "redraw the pictures of a finished run", "pq", 1, 1, command_plot},
    {"bench", "[NAME...]", "speed on named workloads, in one run with its yardstick", "rJd", 0, ARGUMENTS_MAX,
     command_bench},
    {0},
};
