/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding: a tree of text becomes a struct, through its field table. Printing is field_print.c. */
#include "base/field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

enum { NAMES_MAX = 96, NAME_LENGTH_MAX = 64 };

struct decoder {
    struct arena *arena;
    struct diag *diag;
    const char *label;            /* the key that a shorthand scalar stands under, in place of the field it sets */
};

static void decode_record(struct decoder *d, const struct record *record, const struct node *node, void *self);
static void decode_fields(struct decoder *d, const struct field *fields, const struct node *map, const char *what,
                          void *self);

static void *member(void *self, const struct field *field)
{
    return (char *)self + field->offset;
}

/* ---- one scalar ---- */

static bool in_range(const struct field *field, double value)
{
    return (field->min == 0 && field->max == 0) || (value >= field->min && value <= field->max);
}

static void show_limit(const struct field *field, double limit, char text[UNITS_TEXT_SIZE])
{
    switch (field->kind) {
    case FIELD_DURATION: units_format_duration((int64_t)limit, text); break;
    case FIELD_COUNT: units_format_count((int64_t)limit, text); break;
    case FIELD_RATE: units_format_rate(limit, text); break;
    case FIELD_RATIO: units_format_ratio(limit, text); break;
    default: units_format_real(limit, text);
    }
}

static const char *label_of(const struct decoder *d, const struct field *field)
{
    return d->label ? d->label : field->name;
}

static void out_of_range(struct decoder *d, const struct field *field, struct origin at, const char *text)
{
    char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
    show_limit(field, field->min, low);
    show_limit(field, field->max, high);
    diag_error(d->diag, at, "%s: %s is out of range: from %s to %s%s%s", label_of(d, field), text, low, high,
               field->word ? ", or " : "", field->word ? field->word : "");
}

static bool parse_whole(const struct field *field, const char *text, int64_t *value, char *why)
{
    return field->kind == FIELD_DURATION ? units_parse_duration(text, value, why)
                                         : units_parse_count(text, value, why);
}

static void decode_whole(struct decoder *d, const struct field *field, const char *text, struct origin at,
                         int64_t *out)
{
    char why[UNITS_WHY_SIZE];
    int64_t value = 0;
    if (field->word && strcmp(text, field->word) == 0)
        *out = INT64_MAX;
    else if (!parse_whole(field, text, &value, why))
        diag_error(d->diag, at, "%s: %s%s%s%s", label_of(d, field), why, field->word ? " (or '" : "",
                   field->word ? field->word : "", field->word ? "')" : "");
    else if (!in_range(field, (double)value))
        out_of_range(d, field, at, text);
    else
        *out = value;
}

static bool parse_real(const struct field *field, const char *text, double *value, char *why)
{
    switch (field->kind) {
    case FIELD_RATE: return units_parse_rate(text, value, why);
    case FIELD_RATIO: return units_parse_ratio(text, value, why);
    default: return units_parse_real(text, value, why);
    }
}

static void decode_real(struct decoder *d, const struct field *field, const char *text, struct origin at, double *out)
{
    char why[UNITS_WHY_SIZE];
    double value = 0;
    if (field->word && strcmp(text, field->word) == 0)
        *out = INFINITY;
    else if (!parse_real(field, text, &value, why))
        diag_error(d->diag, at, "%s: %s%s%s%s", label_of(d, field), why, field->word ? " (or '" : "",
                   field->word ? field->word : "", field->word ? "')" : "");
    else if (!in_range(field, value))
        out_of_range(d, field, at, text);
    else
        *out = value;
}

static void decode_bool(struct decoder *d, const struct field *field, const char *text, struct origin at, bool *out)
{
    if (strcmp(text, "true") == 0)
        *out = true;
    else if (strcmp(text, "false") == 0)
        *out = false;
    else
        diag_error(d->diag, at, "%s: '%s' is neither true nor false", label_of(d, field), text);
}

static void join_names(const char *const *names, size_t count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

/* "unknown WHAT 'text'": with the nearest name, or else all of them. */
static void unknown_name(struct decoder *d, struct origin at, const char *what, const char *text,
                         const char *const *names, size_t count)
{
    char all[1024];
    const char *nearest = diag_nearest(text, names, count);
    join_names(names, count, all, sizeof all);
    if (nearest)
        diag_error(d->diag, at, "unknown %s '%s'; did you mean '%s'?", what, text, nearest);
    else
        diag_error(d->diag, at, "unknown %s '%s'; there are: %s", what, text, all);
}

static void decode_enum(struct decoder *d, const struct field *field, const char *text, struct origin at, int *out)
{
    size_t count = 0;
    for (; field->names[count]; count++)
        if (strcmp(field->names[count], text) == 0) {
            *out = (int)count;
            return;
        }
    unknown_name(d, at, field->name, text, field->names, count);
}

static const char *decode_name(struct decoder *d, const struct field *field, const char *text, struct origin at)
{
    size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    if (!*text || text[good] || good > NAME_LENGTH_MAX)
        diag_error(d->diag, at, "%s: '%s' is no name: use 1 to %d of a-z 0-9 _ -", field->name, text,
                   NAME_LENGTH_MAX);
    return arena_strdup(d->arena, text);
}

static const char *decode_file(struct decoder *d, const char *text, struct origin at)
{
    const char *slash = at.file && at.line > 0 ? strrchr(at.file, '/') : NULL;
    if (!slash || text[0] == '/')
        return arena_strdup(d->arena, text);
    return arena_printf(d->arena, "%.*s/%s", (int)(slash - at.file), at.file, text);
}

static void decode_scalar(struct decoder *d, const struct field *field, const char *text, struct origin at, void *out)
{
    switch (field->kind) {
    case FIELD_DURATION:
    case FIELD_COUNT: decode_whole(d, field, text, at, out); break;
    case FIELD_RATE:
    case FIELD_RATIO:
    case FIELD_REAL: decode_real(d, field, text, at, out); break;
    case FIELD_BOOL: decode_bool(d, field, text, at, out); break;
    case FIELD_ENUM: decode_enum(d, field, text, at, out); break;
    case FIELD_NAME: *(const char **)out = decode_name(d, field, text, at); break;
    case FIELD_TEXT: *(const char **)out = arena_strdup(d->arena, text); break;
    case FIELD_FILE: *(const char **)out = decode_file(d, text, at); break;
    default: diag_error(d->diag, at, "%s: a single value is not enough here", field->name);
    }
}

/* ---- compound fields ---- */

static void decode_list(struct decoder *d, const struct field *field, const struct node *node, struct list *out)
{
    if (node->kind != NODE_LIST) {
        diag_error(d->diag, node->at, "%s: a list is needed here ('- ...' or '[...]'), not %s", field->name,
                   tree_kind_name(node));
        return;
    }
    out->count = node->count;
    out->items = arena_alloc(d->arena, (node->count ? node->count : 1) * field->record->size);
    for (size_t i = 0; i < node->count; i++) {
        void *item = (char *)out->items + i * field->record->size;
        const struct node *element = node->items[i];
        if (element->kind == NODE_SCALAR && !field->record->shorthand && !field->record->fields[1].name)
            decode_scalar(d, &field->record->fields[0], element->text, element->at,
                          member(item, &field->record->fields[0]));
        else
            decode_record(d, field->record, element, item);
    }
}

/* The row that `text` names, and whether the text is instead the first field of the table's shorthand row. */
static const struct row *choose_row(struct decoder *d, const struct table *table, const char *text, struct origin at,
                                    bool *is_value)
{
    const struct row *row = table_find(table, text);
    *is_value = false;
    if (row)
        return row;
    bool wordlike = (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z');
    if (table->shorthand && !wordlike) {
        *is_value = true;
        return table_find(table, table->shorthand);
    }
    const char *names[NAMES_MAX];
    size_t count = table_names(table, names, NAMES_MAX);
    unknown_name(d, at, table->family, text, names, count);
    return NULL;
}

/* The map {key: value}, for a value that stands for the whole. */
static const struct node *single_pair(struct decoder *d, struct node *map, const char *key, const struct node *value)
{
    *map = (struct node){.kind = NODE_MAP, .at = value->at, .count = 1};
    map->items = arena_alloc(d->arena, sizeof *map->items);
    map->keys = arena_alloc(d->arena, sizeof *map->keys);
    map->keys_at = arena_alloc(d->arena, sizeof *map->keys_at);
    map->items[0] = value;
    map->keys[0] = key;
    map->keys_at[0] = value->at;
    return map;
}

static void decode_choice(struct decoder *d, const struct field *field, const struct node *map, const char *what,
                          struct choice *out)
{
    const struct node *node = tree_get(map, field->name);
    struct origin at = node ? node->at : map->at;
    if (node && node->kind != NODE_SCALAR) {
        diag_error(d->diag, at, "%s: the name of a %s is needed here, not %s", field->name, field->table->family,
                   tree_kind_name(node));
        return;
    }
    const char *text = node ? node->text : field->text;
    bool is_value;
    if (!text) {
        const char *names[NAMES_MAX];
        char all[1024];
        join_names(names, table_names(field->table, names, NAMES_MAX), all, sizeof all);
        diag_error(d->diag, at, "missing key '%s' in %s (one of: %s)", field->name, what, all);
        return;
    }
    out->row = choose_row(d, field->table, text, at, &is_value);
    if (!out->row)
        return;
    size_t before = diag_count(d->diag);
    struct node alone;
    if (is_value)
        map = single_pair(d, &alone, out->row->fields[0].name, node);
    if (out->row->fields)
        decode_fields(d, out->row->fields, map, out->row->name, out->parameters);
    const char *error = out->row->prepare && diag_count(d->diag) == before ? out->row->prepare(out->parameters) : NULL;
    if (error)
        diag_error(d->diag, at, "%s: %s", out->row->name, error);
}

static void decode_optional(struct decoder *d, const struct field *field, const struct node *node, void **out)
{
    if (node->kind == NODE_SCALAR && field->word && strcmp(node->text, field->word) == 0)
        return;
    *out = arena_alloc(d->arena, field->record->size);
    decode_record(d, field->record, node, *out);
}

static void decode_overrides(struct decoder *d, const struct field *field, const struct node *node,
                             struct overrides *out)
{
    if (node->kind != NODE_MAP)
        diag_error(d->diag, node->at, "%s: a map of paths is needed here, such as {services.api.workers: 20}, not %s",
                   field->name, tree_kind_name(node));
    else
        out->map = node;
}

static void decode_present(struct decoder *d, const struct field *field, const struct node *node, void *out)
{
    const char *outer = d->label;
    if (node->kind == NODE_SCALAR && !outer && (field->kind == FIELD_MAP || field->kind == FIELD_OPTIONAL))
        d->label = field->name;
    switch (field->kind) {
    case FIELD_MAP: decode_record(d, field->record, node, out); break;
    case FIELD_OPTIONAL: decode_optional(d, field, node, out); break;
    case FIELD_LIST: decode_list(d, field, node, out); break;
    case FIELD_OVERRIDES: decode_overrides(d, field, node, out); break;
    default:
        if (node->kind == NODE_SCALAR)
            decode_scalar(d, field, node->text, node->at, out);
        else
            diag_error(d->diag, node->at, "%s: a single value is needed here, not %s", field->name,
                       tree_kind_name(node));
    }
    d->label = outer;
}

static bool may_be_absent(const struct field *field)
{
    return field->kind == FIELD_OPTIONAL || field->kind == FIELD_LIST || field->kind == FIELD_OVERRIDES;
}

static void decode_default(struct decoder *d, const struct field *field, struct origin at, void *out)
{
    if (may_be_absent(field))
        return;
    struct node node = {.kind = NODE_SCALAR, .at = at, .text = field->text};
    if (field->kind == FIELD_MAP && !*field->text)
        node = (struct node){.kind = NODE_MAP, .at = at};
    decode_present(d, field, &node, out);
}

static void decode_field(struct decoder *d, const struct field *field, const struct node *map, const char *what,
                         void *self)
{
    const struct node *node = tree_get(map, field->name);
    if (field->kind == FIELD_CHOICE)
        decode_choice(d, field, map, what, member(self, field));
    else if (node)
        decode_present(d, field, node, member(self, field));
    else if (field->text || may_be_absent(field))
        decode_default(d, field, map->at, member(self, field));
    else
        diag_error(d->diag, map->at, "missing key '%s' in %s (%s)", field->name, what, field->help);
}

static void decode_fields(struct decoder *d, const struct field *fields, const struct node *map, const char *what,
                          void *self)
{
    for (const struct field *field = fields; field->name; field++)
        decode_field(d, field, map, what, self);
}

/* ---- keys that nobody asked for ---- */

static size_t add_names(const struct field *fields, const char **names, size_t count)
{
    for (; fields && fields->name; fields++)
        if (count < NAMES_MAX)
            names[count++] = fields->name;
    return count;
}

static size_t known_names(const struct record *record, const void *self, const char **names)
{
    size_t count = add_names(record->fields, names, 0);
    for (const struct field *field = record->fields; field->name; field++) {
        if (field->kind != FIELD_CHOICE)
            continue;
        const struct choice *choice = (const void *)((const char *)self + field->offset);
        if (choice->row)
            count = add_names(choice->row->fields, names, count);
    }
    return count;
}

static bool choice_failed(const struct record *record, const void *self)
{
    for (const struct field *field = record->fields; field->name; field++) {
        const struct choice *choice = (const void *)((const char *)self + field->offset);
        if (field->kind == FIELD_CHOICE && !choice->row)
            return true;
    }
    return false;
}

static void refuse_unknown_keys(struct decoder *d, const struct record *record, const struct node *map,
                                const void *self)
{
    const char *names[NAMES_MAX];
    size_t count = known_names(record, self, names);
    if (choice_failed(record, self))
        return; /* without its row we cannot know the keys; that error is enough */
    for (size_t i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp(map->keys[i], names[k]) == 0;
        if (known)
            continue;
        char what[96];
        snprintf(what, sizeof what, "key in %s:", record->what);
        unknown_name(d, map->keys_at[i], what, map->keys[i], names, count);
    }
}

/* ---- records ---- */

static void decode_record(struct decoder *d, const struct record *record, const struct node *node, void *self)
{
    struct node pair;
    size_t before = diag_count(d->diag);
    if (node->kind == NODE_SCALAR && record->shorthand) {
        decode_fields(d, record->fields, single_pair(d, &pair, record->shorthand, node), record->what, self);
    } else if (node->kind == NODE_MAP) {
        decode_fields(d, record->fields, node, record->what, self);
        refuse_unknown_keys(d, record, node, self);
    } else {
        diag_error(d->diag, node->at, "%s is a map of keys and values, not %s", record->what, tree_kind_name(node));
    }
    if (diag_count(d->diag) != before)
        return;
    const char *error = record->prepare ? record->prepare(self) : NULL;
    if (error)
        diag_error(d->diag, node->at, "%s: %s", record->what, error);
}

bool field_decode(const struct record *record, const struct node *node, void *self, struct arena *arena,
                  struct diag *diag)
{
    struct decoder d = {arena, diag, NULL};
    size_t before = diag_count(diag);
    memset(self, 0, record->size);
    decode_record(&d, record, node, self);
    return diag_count(diag) == before;
}
