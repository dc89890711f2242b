/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/worked.h"

#include <stdio.h>
#include <string.h>

#include "cli/describe_backoff.h"
#include "output/text.h"
#include "scenario/presets.h"
#include "scenario/yaml.h"

enum { RETRIES = 8, TITLE_SIZE = 128 };

bool worked_has(const struct table *table)
{
    return table == &shape_table || table == &jitter_table;
}

/* ---- the example ---- */

/* A value for a parameter that has no default. */
static const char *example_of(const struct field *field)
{
    switch (field->kind) {
    case FIELD_DURATION:
        return "100ms";
    case FIELD_RATIO:
        return "20%";
    case FIELD_REAL:
        return strcmp(field->name, "low") == 0 ? "0.5" : "1.5";
    case FIELD_LIST:
        return "[100ms, 300ms, 1s]";
    default:
        return "1";
    }
}

static void add_parameters(const struct row *row, struct text *text)
{
    for (const struct field *field = row->fields; field && field->name; field++)
        if (!field->text)
            text_printf(text, ", %s: %s", field->name, example_of(field));
}

/* "{shape: linear, base: 100ms, cap: 10s}" or, for a jitter, the exponential shape with it. */
static struct text compose(const struct table *table, const struct row *row)
{
    struct text text = text_in_memory();
    if (table == &shape_table) {
        text_printf(&text, "{shape: %s", row->name);
        add_parameters(row, &text);
        text_add(&text, ", cap: 10s}");
        return text;
    }
    text_printf(&text, "{shape: exponential, base: 100ms, cap: 10s, jitter: %s%s", row->fields ? "{kind: " : "",
                row->name);
    add_parameters(row, &text);
    text_add(&text, row->fields ? "}}" : "}");
    return text;
}

/* ---- its changes ---- */

const struct node *worked_set(struct arena *arena, const struct node *root, const char *prefix, const char *set,
                              struct diag *diag)
{
    const char *option = arena_printf(arena, "--set %.69s", set), *equals = strchr(set, '=');
    struct origin at = {option, 0, 0};
    if (!equals) {
        diag_error(diag, at, "write --set KEY=VALUE, for example --set cap=2s");
        return root;
    }
    const char *path = arena_printf(arena, "%s%.*s", prefix, (int)(equals - set), set);
    const struct node *value = yaml_parse(arena, option, equals + 1, strlen(equals + 1), option, diag);
    return value ? presets_set(arena, root, path, value, at, diag) : root;
}

static void add_sets(const struct options *options, struct text *text)
{
    for (size_t i = 0; i < options->set_count; i++)
        text_printf(text, "%s%s", i ? ", " : " with ", options->sets[i]);
}

static bool decode(const struct text *text, const char *what, const struct options *options, struct backoff *backoff,
                   struct arena *arena)
{
    struct diag *diag = diag_new();
    const struct node *node = yaml_parse(arena, what, text->bytes, text->length, what, diag);
    for (size_t i = 0; node && i < options->set_count; i++)
        node = worked_set(arena, node, "", options->sets[i], diag);
    bool good = node && field_decode(&backoff_record, node, backoff, arena, diag) && diag_count(diag) == 0;
    diag_print(diag, stderr);
    diag_free(diag);
    return good;
}

/* Shows the waits of a text in the keys of `backoff:`; `what` it is. */
static int show_text(struct text text, const char *what, const char *title, const struct options *options)
{
    struct arena arena = {0};
    struct backoff backoff;
    int status = EXIT_USAGE;
    if (decode(&text, what, options, &backoff, &arena)) {
        add_sets(options, &text);
        printf("%s: %s\n", what, text.bytes);
        struct describe_backoff about = {.title = title, .text = text.bytes, .retries = RETRIES};
        status = describe_backoff(&backoff, &about, options);
    }
    text_free(&text);
    arena_free(&arena);
    return status;
}

static bool needs_file(const struct row *row)
{
    return row->fields && row->fields->kind == FIELD_FILE;
}

int worked_delays(const struct table *table, const struct row *row, const struct options *options)
{
    char title[TITLE_SIZE];
    if (needs_file(row)) {
        printf("its waits: retrystorm describe FILE, for example scenarios/full-jitter.lua\n");
        return EXIT_FINE;
    }
    snprintf(title, sizeof title, "%s %s", table->family, row->name);
    return show_text(compose(table, row), "example: backoff", title, options);
}

/* ---- a script ---- */

bool worked_is_script(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strcmp(dot, ".lua") == 0;
}

static void add_quoted(const char *word, struct text *text)
{
    text_char(text, '\'');
    for (; *word; word++)
        text_add(text, *word == '\'' ? "''" : (char[]){*word, 0});
    text_char(text, '\'');
}

int worked_script(const char *path, const struct options *options)
{
    const char *slash = strrchr(path, '/');
    char title[TITLE_SIZE];
    struct text text = text_in_memory();
    text_add(&text, "{script: ");
    add_quoted(path, &text);
    text_char(&text, '}');
    snprintf(title, sizeof title, "%s", slash ? slash + 1 : path);
    *strrchr(title, '.') = 0;
    return show_text(text, "backoff", title, options);
}
