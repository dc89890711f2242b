/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands' rows, one a file. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

extern const struct command command_run, command_check, command_list, command_describe, command_plot, command_bench;

#endif
