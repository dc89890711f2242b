/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of options, one table of commands; parsing, help and suggestions come from them. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status {
    EXIT_FINE = 0, EXIT_NOT_AS_EXPECTED = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_INTERRUPTED = 130
};

enum { ARGUMENTS_MAX = 256 };

enum plot_mode { PLOT_UNSAID, PLOT_FILES, PLOT_TERMINAL, PLOT_NONE };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct options {
    const char *sets[ARGUMENTS_MAX];
    size_t set_count;
    const char *strategy, *directory, *compare;
    int64_t replications, seed;   /* 0 and -1: as the scenario says */
    uint32_t jobs;                /* 0: one a core */
    int plot, colour, progress;   /* enum plot_mode, enum when */
    bool quiet, print_config, json;
    const char *arguments[ARGUMENTS_MAX];   /* what is no option */
    size_t argument_count;
};

struct command {
    const char *name, *arguments, *summary;
    const char *options;          /* letters of the options it takes, see options.c */
    size_t least, most;           /* arguments */
    int (*run)(const struct options *options);
};

extern const struct command *const commands[];     /* ends with NULL */
const struct command *command_find(const char *name);

/* Fills *options from the words behind the command's name. False after saying on stderr what is wrong. */
bool options_parse(const struct command *command, int count, char **words, struct options *options);

void options_help(void);                               /* all commands */
void options_help_command(const struct command *command);
int options_unknown_command(const char *name);         /* says so; EXIT_USAGE */

#endif
