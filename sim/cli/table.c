/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands, in the order of the help text. One file a command. */
#include "cli/commands.h"

const struct command *const commands[] = {
    &command_run,
    &command_check,
    &command_list,
    &command_describe,
    &command_plot,
    &command_bench,
    NULL,
};
