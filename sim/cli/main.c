/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks a command's row, lets it run, turns its status into the exit status. */
#include <stdio.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/options.h"
#include "cli/show.h"
#include "study/stamp.h"

/* A full disk shows when stdout is flushed, and that must not pass as success. */
static int finish(int status)
{
    if (status == EXIT_ENVIRONMENT)
        return status; /* it was said why */
    return show_flush() || status != EXIT_FINE ? status : EXIT_ENVIRONMENT;
}

static int run_command(const struct command *command, int count, char **words)
{
    struct options options;
    if (!options_parse(command, count, words, &options))
        return EXIT_USAGE;
    return options.argument_count == SIZE_MAX ? EXIT_FINE : command->run(&options);
}

static int help(int count, char **words)
{
    const struct command *command = count > 2 ? command_find(words[2]) : NULL;
    if (count > 2 && !command)
        return options_unknown_command(words[2]);
    if (command)
        options_help_command(command);
    else
        options_help();
    return EXIT_FINE;
}

/* Worlds come and go: the next one reuses the last one's pages, which cost more to fetch anew than to simulate on. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 23);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int main(int count, char **words)
{
    keep_freed_memory();
    if (count < 2) {
        options_help();
        return finish(EXIT_USAGE);
    }
    const char *name = words[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return finish(help(count, words));
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        printf("retrystorm %s (%s)\n", stamp_version(), stamp_commit());
        return finish(EXIT_FINE);
    }
    const struct command *command = command_find(name);
    return finish(command ? run_command(command, count - 1, words + 1) : options_unknown_command(name));
}
