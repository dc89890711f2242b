/* SPDX-License-Identifier: GPL-3.0-or-later */
/* describe: everything the tables know about a name (a mechanism, a metric) or a path (a place in a scenario). */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/families.h"
#include "cli/presets.h"
#include "cli/reference.h"
#include "cli/worked.h"
#include "policy/backoff.h"
#include "scenario/scenario.h"
#include "study/metrics.h"

static void describe_fields(const struct field *fields)
{
    char type[FIELD_EXPLAINED_SIZE];
    for (; fields && fields->name; fields++) {
        field_explain(fields, type, sizeof type);
        printf("  %-16s %s\n  %-16s %s\n", fields->name, type, "", fields->help ? fields->help : "");
    }
}

static void describe_row(const struct table *table, const struct row *row, const struct options *options, int *status)
{
    printf("%s %s: %s\n", table->family, row->name, row->summary);
    if (row->formula)
        printf("formula: %s\n", row->formula);
    if (row->source)
        printf("source:  %s\n", row->source);
    if (row->fields) {
        puts("parameters (type, range, [default]):");
        describe_fields(row->fields);
    }
    if (worked_has(table) && *status == EXIT_FINE)
        *status = worked_delays(table, row, options);
}

static void describe_any(const struct table *table, const struct row *row, const struct options *options, int *status)
{
    if (table != &preset_table)
        describe_row(table, row, options, status);
    else if (*status == EXIT_FINE)
        *status = presets_describe(preset_of(row), options);
}

/* A name may be in several families, and twice among the presets: for a policy and for a breaker. */
static size_t describe_rows(const char *name, const struct options *options, int *status)
{
    size_t found = 0;
    for (size_t i = 0; families[i]; i++)
        for (const struct row *const *row = families[i]->rows; *row; row++) {
            if (strcmp((*row)->name, name) != 0)
                continue;
            printf("%s", found++ ? "\n" : "");
            describe_any(families[i], *row, options, status);
        }
    return found;
}

static size_t describe_metric(const char *name)
{
    static const char *const of[] = {"callers", "services", "caches"};
    static const char *const units[] = {"a number", "seconds", "per second", "a ratio", "times"};
    static const char *const better[] = {"neither is better", "lower is better", "higher is better"};
    size_t found = 0;
    for (enum place_kind kind = PLACE_CALLER; kind <= PLACE_CACHE; kind++) {
        for (size_t i = 0; i < metrics_count(kind); i++) {
            const struct metric_info *info = metrics_info(kind, i);
            if (strcmp(info->name, name) != 0)
                continue;
            printf("metric %s of %s: %s\n  %s; %s\n", name, of[kind], info->help, units[info->unit],
                   better[info->better]);
            found++;
        }
    }
    return found;
}

/* ---- paths ---- */

static const struct field *find_field(const struct field *fields, const char *name, size_t length)
{
    for (; fields && fields->name; fields++) {
        if (strlen(fields->name) == length && strncmp(fields->name, name, length) == 0)
            return fields;
        for (size_t i = 0; fields->kind == FIELD_CHOICE && fields->table->rows[i]; i++) {
            const struct field *inner = find_field(fields->table->rows[i]->fields, name, length);
            if (inner)
                return inner;
        }
    }
    return NULL;
}

/* Where a path leads, element names and indices of lists skipped: clients.web.policy.timeout or
 * clients.policy.timeout. */
static const struct field *follow(const char *path)
{
    const struct record *record = &scenario_record;
    const struct field *field = NULL;
    bool in_list = false;
    while (*path) {
        size_t length = strcspn(path, ".[");
        const struct field *next = record ? find_field(record->fields, path, length) : NULL;
        if (!next && !in_list)
            return NULL;
        if (next) {
            field = next;
            record = next->record;
        }
        in_list = next && next->kind == FIELD_LIST;
        path += length;
        path += strcspn(path, ".");
        path += *path == '.';
    }
    return field;
}

/* clients.web, and clients.polcy, too: any name may be one of a list's. */
static bool is_element(const struct field *field, const char *path)
{
    const char *dot = strrchr(path, '.');
    return field->kind == FIELD_LIST && strcmp(dot ? dot + 1 : path, field->name) != 0;
}

static size_t describe_path(const char *path)
{
    char type[FIELD_EXPLAINED_SIZE];
    const struct field *field = follow(path);
    if (!field)
        return 0;
    field_explain(field, type, sizeof type);
    printf("%s: %s\n%s\n", path, is_element(field, path) ? "one of a list, by its name" : type,
           field->help ? field->help : "");
    if (field->record) {
        puts("keys (type, range, [default]); where one names a mechanism, that one's own keys stand beside it:");
        describe_fields(field->record->fields);
    }
    if (field->kind == FIELD_CHOICE)
        puts("each has its own keys: see `retrystorm describe NAME`");
    for (size_t i = 0; field->kind == FIELD_CHOICE && field->table->rows[i]; i++)
        printf("  %-18s %s\n", field->table->rows[i]->name, field->table->rows[i]->summary);
    return 1;
}

/* "grpc": the names that hold it, where there are any. */
static bool say_holders(const char *part, const char *const *names, size_t count)
{
    enum { SAID_AT_MOST = 8 };
    size_t said = 0;
    for (size_t i = 0; i < count && said < SAID_AT_MOST; i++) {
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(names[k], names[i]) == 0;
        if (again || !strstr(names[i], part))
            continue;
        if (said++ == 0)
            fprintf(stderr, "retrystorm describe: nothing named '%s'; there are: %s", part, names[i]);
        else
            fprintf(stderr, ", %s", names[i]);
    }
    if (said > 0)
        fputs("\n", stderr);
    return said > 0;
}

static int unknown_name(const char *name)
{
    enum { NAMES = 1024 };
    const char *names[NAMES];
    size_t count = 0;
    for (size_t i = 0; families[i]; i++)
        count += table_names(families[i], names + count, NAMES - count);
    for (size_t i = 0; i < metrics_count(PLACE_CALLER) && count < NAMES; i++)
        names[count++] = metrics_info(PLACE_CALLER, i)->name;
    const char *nearest = diag_nearest(name, names, count);
    if (nearest)
        fprintf(stderr, "retrystorm describe: nothing named '%s'; did you mean '%s'?\n", name, nearest);
    else if (strlen(name) < 3 || !say_holders(name, names, count))
        fprintf(stderr, "retrystorm describe: nothing named '%s'; `retrystorm list` shows what there is\n", name);
    return EXIT_USAGE;
}

/* What changes or draws waits must not be dropped in silence. */
static bool check_options(const struct options *options)
{
    bool about_waits = options->set_count > 0 || options->plot != PLOT_UNSAID || options->directory;
    if (!about_waits || table_find(&shape_table, options->arguments[0]) ||
        table_find(&jitter_table, options->arguments[0]) || preset_find(PRESET_POLICY, options->arguments[0]))
        return true;
    fputs("retrystorm describe: --set, --plot and --output are for what makes waits: see `retrystorm list backoff`, "
          "`retrystorm list jitter`, and the policies of `retrystorm list preset`\n",
          stderr);
    return false;
}

static int run(const struct options *options)
{
    const char *name = options->arguments[0];
    int status = EXIT_FINE;
    if (worked_is_script(name))
        return worked_script(name, options);
    if (strcmp(name, "reference") == 0)
        return reference_print();
    if (!check_options(options))
        return EXIT_USAGE;
    size_t found = describe_rows(name, options, &status) + describe_metric(name);
    if (found == 0)
        found = describe_path(name);
    return found ? status : unknown_name(name);
}

const struct command command_describe = {
    .name = "describe", .arguments = "NAME|PATH|LUA",
    .summary = "what a mechanism does, its parameters, a worked table",
    .options = "spo", .least = 1, .most = 1, .run = run};
