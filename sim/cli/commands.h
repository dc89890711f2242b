/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

int command_run(const struct options *options);
int command_check(const struct options *options);
int command_list(const struct options *options);
int command_describe(const struct options *options);
int command_plot(const struct options *options);
int command_bench(const struct options *options);

#endif
