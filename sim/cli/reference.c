/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reference.h"

#include <stdio.h>
#include <string.h>

#include "cli/families.h"
#include "cli/options.h"
#include "policy/preset.h"
#include "scenario/scenario.h"
#include "study/metrics.h"

enum { RECORDS_MAX = 64 };

/* The records printed so far: one that is met again is only referred to. */
struct reference {
    const struct record *printed[RECORDS_MAX];
    size_t count;
};

/* A cell of a table: what would end it is escaped. */
static void print_cell(const char *text)
{
    for (; text && *text; text++)
        printf("%s", *text == '|' ? "\\|" : (char[]){*text, 0});
}

static void print_field(const struct field *field)
{
    char type[FIELD_EXPLAINED_SIZE];
    field_explain(field, type, sizeof type);
    printf("| `%s` | ", field->name);
    print_cell(type);
    printf(" | ");
    print_cell(field->help);
    puts(" |");
}

static void print_fields(const struct field *fields)
{
    if (!fields || !fields->name)
        return;
    puts("\n| key | value | meaning |\n|---|---|---|");
    for (const struct field *field = fields; field->name; field++)
        print_field(field);
}

/* ---- the keys of a scenario ---- */

static bool is_new(struct reference *reference, const struct record *record)
{
    for (size_t i = 0; i < reference->count; i++)
        if (reference->printed[i] == record)
            return false;
    if (reference->count < RECORDS_MAX)
        reference->printed[reference->count++] = record;
    return true;
}

static void print_record(struct reference *reference, const struct record *record, const char *path)
{
    char inner[256];
    if (!is_new(reference, record))
        return;
    printf("\n### %s: `%s`\n", record->what, *path ? path : "the file");
    print_fields(record->fields);
    for (const struct field *field = record->fields; field->name; field++) {
        if (!field->record || field->record->fields[1].name == NULL)
            continue;
        snprintf(inner, sizeof inner, "%s%s%s%s", path, *path ? "." : "", field->name,
                 field->kind == FIELD_LIST ? "[]" : "");
        print_record(reference, field->record, inner);
    }
}

/* ---- the mechanisms ---- */

static void print_row(const struct row *row)
{
    printf("\n**%s**: %s\n", row->name, row->summary);
    if (row->formula)
        printf("\n*Formula*: %s\n", row->formula);
    if (row->source)
        printf("\n*Source*: %s\n", row->source);
    print_fields(row->fields);
}

static void print_names(const struct table *table)
{
    puts("\n| name | |\n|---|---|");
    for (const struct row *const *row = table->rows; *row; row++) {
        printf("| `%s` | ", (*row)->name);
        print_cell((*row)->summary);
        puts(" |");
    }
}

static void print_family(const struct table *table)
{
    printf("\n### %s: %s\n", table->family, table->summary);
    bool only_names = table == &preset_table || table == &failure_table;
    if (only_names)
        print_names(table);
    for (const struct row *const *row = table->rows; *row && !only_names; row++)
        print_row(*row);
}

static void print_metrics(void)
{
    static const char *const of[] = {"a strategy, a client population", "a service", "a cache"};
    for (enum place_kind kind = PLACE_CALLER; kind <= PLACE_CACHE; kind++) {
        printf("\n### Of %s\n\n| metric | |\n|---|---|\n", of[kind]);
        for (size_t i = 0; i < metrics_count(kind); i++) {
            printf("| `%s` | ", metrics_info(kind, i)->name);
            print_cell(metrics_info(kind, i)->help);
            puts(" |");
        }
    }
}

int reference_print(void)
{
    struct reference reference = {.count = 0};
    puts("# The scenario language\n\n"
         "Every key, mechanism and metric, written by `retrystorm describe reference` from the tables that read\n"
         "scenarios. In the column of values: the type, its range, [the default].\n\n## Keys");
    print_record(&reference, &scenario_record, "");
    puts("\n## Mechanisms\n\n"
         "A key that chooses a mechanism takes its name; the mechanism's own keys stand beside it.");
    for (size_t i = 0; families[i]; i++)
        print_family(families[i]);
    puts("\n## Metrics");
    print_metrics();
    return EXIT_FINE;
}
