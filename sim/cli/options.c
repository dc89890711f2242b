/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/units.h"

struct option_row {
    char letter;                  /* names the option here and in command.options; '-x', too, if has_short says so */
    const char *name, *argument, *help;
};

static const struct option_row rows[] = {
    {'s', "set", "PATH=VALUE", "change one value of the scenario; may be given more than once"},
    {'t', "strategy", "A,B", "run only these strategies"},
    {'r', "reps", "N", "replications of each strategy (default: as the scenario says; bench: 3)"},
    {'e', "seed", "N", "seed of the experiment (default: as the scenario says)"},
    {'j', "jobs", "N", "threads (default: one a core); the results do not depend on it"},
    {'o', "output", "DIR", "where the files go (default: results/NAME)"},
    {'p', "plot", "HOW", "files, term (draw in the terminal, too) or none; default: files, describe: none"},
    {'q', "quiet", NULL, "no talk on stderr, only the result"},
    {'C', "color", "WHEN", "auto (default), always or never; NO_COLOR is honoured"},
    {'P', "progress", "WHEN", "auto (default: on a terminal), always or never"},
    {'c', "print-config", NULL, "print every resolved value and where it came from"},
    {'J', "json", NULL, "machine-readable output on stdout"},
    {'d', "compare", "OLD.json", "show the ratio to an earlier `bench --json`"},
    {'h', "help", NULL, "this text"},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool has_short(char letter)
{
    return strchr("ojqh", letter) != NULL;
}

static bool takes(const struct command *command, char letter)
{
    return letter == 'h' || strchr(command->options, letter) != NULL;
}

static size_t long_options(const struct command *command, struct option *list)
{
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++)
        if (takes(command, rows[i].letter))
            list[count++] = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL,
                                            rows[i].letter};
    list[count] = (struct option){0};
    return count;
}

/* getopt's short form: ":o:j:qh", as far as the command takes them. */
static void short_options(const struct command *command, char *text)
{
    *text++ = ':';
    for (size_t i = 0; i < ROWS; i++) {
        if (!takes(command, rows[i].letter) || !has_short(rows[i].letter))
            continue;
        *text++ = rows[i].letter;
        if (rows[i].argument)
            *text++ = ':';
    }
    *text = 0;
}

/* ---- values ---- */

static bool bad_value(const char *option, const char *why)
{
    fprintf(stderr, "retrystorm: --%s: %s\n", option, why);
    return false;
}

static bool whole_number(const char *option, const char *text, int64_t least, int64_t most, int64_t *value)
{
    char why[UNITS_WHY_SIZE];
    if (!units_parse_count(text, value, why))
        return bad_value(option, why);
    if (*value >= least && *value <= most)
        return true;
    snprintf(why, sizeof why, "%s is out of range: from %lld to %lld", text, (long long)least, (long long)most);
    return bad_value(option, why);
}

static bool one_of(const char *option, const char *text, const char *const *names, size_t count, int *value)
{
    char why[UNITS_WHY_SIZE];
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0) {
            *value = (int)i;
            return true;
        }
    snprintf(why, sizeof why, "'%.40s' is none of %s, %s, %s", text, names[0], names[1], names[2]);
    return bad_value(option, why);
}

static bool set_plot(struct options *o, const char *text)
{
    static const char *const hows[] = {"files", "term", "none"};
    if (!one_of("plot", text, hows, 3, &o->plot))
        return false;
    o->plot += PLOT_FILES;
    return true;
}

static bool set_value(struct options *o, char letter, const char *text)
{
    static const char *const whens[] = {"auto", "always", "never"};
    int64_t number = 0;
    bool good = true;
    switch (letter) {
    case 's':
        if (o->set_count == ARGUMENTS_MAX)
            return bad_value("set", "more than 256 of them");
        o->sets[o->set_count++] = text;
        break;
    case 't': o->strategy = text; break;
    case 'o': o->directory = text; break;
    case 'd': o->compare = text; break;
    case 'r': good = whole_number("reps", text, 1, 100000, &o->replications); break;
    case 'e': good = whole_number("seed", text, 0, INT64_MAX, &o->seed); break;
    case 'j':
        good = whole_number("jobs", text, 1, 1024, &number);
        o->jobs = (uint32_t)number;
        break;
    case 'p': good = set_plot(o, text); break;
    case 'C': good = one_of("color", text, whens, 3, &o->colour); break;
    case 'P': good = one_of("progress", text, whens, 3, &o->progress); break;
    case 'q': o->quiet = true; break;
    case 'c': o->print_config = true; break;
    case 'J': o->json = true; break;
    default: break;
    }
    return good;
}

/* ---- parsing ---- */

static bool unknown_option(const struct command *command, const struct option *list, size_t count, const char *word)
{
    const char *names[ROWS];
    char name[64];
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].name;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2 * (word[1] == '-'), "="), word + 2 * (word[1] == '-'));
    const char *nearest = word[1] == '-' ? diag_nearest(name, names, count) : NULL;
    if (nearest)
        fprintf(stderr, "retrystorm %s: no option %s; did you mean --%s?\n", command->name, word, nearest);
    else
        fprintf(stderr, "retrystorm %s: no option %s; see retrystorm %s --help\n", command->name, word, command->name);
    return false;
}

static bool check_argument_count(const struct command *command, const struct options *options)
{
    if (options->argument_count >= command->least && options->argument_count <= command->most)
        return true;
    fprintf(stderr, "usage: retrystorm %s %s\n", command->name, command->arguments);
    return false;
}

bool options_parse(const struct command *command, int count, char **words, struct options *options)
{
    struct option list[ROWS + 1];
    char letters[2 * ROWS + 2];
    size_t listed = long_options(command, list);
    short_options(command, letters);
    *options = (struct options){.seed = -1};
    optind = 0;
    for (int letter; (letter = getopt_long(count, words, letters, list, NULL)) != -1;) {
        if (letter == '?')
            return unknown_option(command, list, listed, words[optind - 1]);
        if (letter == ':') {
            fprintf(stderr, "retrystorm %s: %s needs a value\n", command->name, words[optind - 1]);
            return false;
        }
        if (letter == 'h') {
            options_help_command(command);
            options->argument_count = SIZE_MAX;
            return true;
        }
        if (!set_value(options, (char)letter, optarg))
            return false;
    }
    if (count - optind > ARGUMENTS_MAX) {
        fprintf(stderr, "retrystorm %s: more than %d arguments\n", command->name, ARGUMENTS_MAX);
        return false;
    }
    for (int i = optind; i < count; i++)
        options->arguments[options->argument_count++] = words[i];
    return check_argument_count(command, options);
}

/* ---- help ---- */

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

int options_unknown_command(const char *name)
{
    const char *names[32];
    size_t count = 0;
    for (; count < 32 && commands[count]; count++)
        names[count] = commands[count]->name;
    const char *nearest = diag_nearest(name, names, count);
    if (nearest)
        fprintf(stderr, "retrystorm: no command '%s'; did you mean '%s'?\n", name, nearest);
    else
        fprintf(stderr, "retrystorm: no command '%s'; see retrystorm --help\n", name);
    return EXIT_USAGE;
}

void options_help(void)
{
    puts("retrystorm: simulates retry storms and compares the strategies against them\n\nusage:");
    for (size_t i = 0; commands[i]; i++)
        printf("  retrystorm %-9s%-18s%s\n", commands[i]->name, commands[i]->arguments, commands[i]->summary);
    puts("\n`retrystorm COMMAND --help` lists a command's options. Start with:\n"
         "  retrystorm run scenarios/s01-metastable-280.yaml\n\n"
         "exit status: 0 fine, 1 an expectation failed, 2 usage or scenario error, 3 environment (files, gnuplot),\n"
         "             130 interrupted (finished runs are kept and marked)");
}

void options_help_command(const struct command *command)
{
    printf("usage: retrystorm %s %s\n\n%s\n\noptions:\n", command->name, command->arguments, command->summary);
    for (size_t i = 0; i < ROWS; i++) {
        char left[64];
        if (!takes(command, rows[i].letter))
            continue;
        bool both = has_short(rows[i].letter);
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", both ? "-" : " ", both ? rows[i].letter : ' ',
                 both ? ", " : "  ", rows[i].name, rows[i].argument ? "=" : "",
                 rows[i].argument ? rows[i].argument : "");
        printf("  %-24s %s\n", left, rows[i].help);
    }
}
