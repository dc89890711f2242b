/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding: a tree of text becomes a struct, through its field table. Scalars are field_scalar.c, printing is
 * field_print.c. */
#include "base/field.h"

#include <stdio.h>
#include <string.h>

#include "base/field_scalar.h"

enum { NAMES_MAX = 96 };

static void decode_record(struct decoder *d, const struct record *record, const struct node *node, void *self);
static void decode_fields(struct decoder *d, const struct field *fields, const struct node *map, const char *what,
                          void *self);

static void *member(void *self, const struct field *field)
{
    return (char *)self + field->offset;
}

void list_drop_none(struct list *list, size_t size)
{
    char *items = list->items;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct choice *choice = (const void *)(items + i * size);
        if (strcmp(choice->row->name, "none") == 0)
            continue;
        memmove(items + kept++ * size, items + i * size, size);
    }
    list->count = kept;
}

/* ---- compound fields ---- */

/* A number alone is called as its list is: what is wrong with `weights: [0]` is wrong with "weights". */
static void decode_element(struct decoder *d, const struct field *list, const struct node *element, void *item)
{
    const struct field *only = list->record->fields;
    if (element->kind != NODE_SCALAR || list->record->shorthand || only[1].name) {
        decode_record(d, list->record, element, item);
        return;
    }
    const char *outer = d->label;
    d->label = outer ? outer : list->name;
    field_decode_scalar(d, only, element->text, element->at, member(item, only));
    d->label = outer;
}

static void decode_list(struct decoder *d, const struct field *field, const struct node *node, struct list *out)
{
    const struct node *element_alone = node;
    struct node alone = {.kind = NODE_LIST, .at = node->at, .count = 1, .items = &element_alone};
    if (node->kind != NODE_LIST && field->one_or_many)
        node = &alone;
    if (node->kind != NODE_LIST) {
        diag_error(d->diag, node->at, "%s: a list is needed here ('- ...' or '[...]'), not %s", field->name,
                   tree_kind_name(node));
        return;
    }
    out->count = node->count;
    out->items = arena_alloc(d->arena, (node->count ? node->count : 1) * field->record->size);
    for (size_t i = 0; i < node->count; i++)
        decode_element(d, field, node->items[i], (char *)out->items + i * field->record->size);
}

static void decode_set(struct decoder *d, const struct field *field, const struct node *node, uint32_t *out)
{
    if (node->kind == NODE_MAP)
        diag_error(d->diag, node->at, "%s: a name or a list of names is needed here, not %s", field->name,
                   tree_kind_name(node));
    else if (node->kind == NODE_SCALAR)
        field_decode_set(d, field, node->text, node->at, out);
    for (size_t i = 0; node->kind == NODE_LIST && i < node->count; i++) {
        const struct node *name = node->items[i];
        if (name->kind == NODE_SCALAR)
            field_decode_set(d, field, name->text, name->at, out);
        else
            diag_error(d->diag, name->at, "%s: a name is needed here, not %s", field->name, tree_kind_name(name));
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
    field_unknown_name(d, at, table->family, text, names, count);
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

/* The name of a row that has a parameter of the same name, if that is in the map: `{script: x.lua}` chooses the row
 * `script`. NULL: none. */
static const char *row_by_parameter(const struct table *table, const struct node *map)
{
    for (const struct row *const *row = table->rows; *row; row++)
        if ((*row)->fields && strcmp((*row)->fields[0].name, (*row)->name) == 0 && tree_get(map, (*row)->name))
            return (*row)->name;
    return NULL;
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
    const char *text = node ? node->text : row_by_parameter(field->table, map);
    bool is_value;
    if (!text)
        text = field->text;
    if (!text) {
        const char *names[NAMES_MAX];
        char all[FIELD_NAMES_SIZE];
        field_join_names(names, table_names(field->table, names, NAMES_MAX), all, sizeof all);
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

/* What stands where a map must: says what the key is for, which often shows how it is written. */
static bool refuse_scalar(struct decoder *d, const struct field *field, const struct node *node)
{
    if (field->kind != FIELD_MAP && field->kind != FIELD_OPTIONAL)
        return false;
    bool word = field->kind == FIELD_OPTIONAL && field->word && strcmp(node->text, field->word) == 0;
    if (word || field->record->shorthand || !field->help)
        return false;
    diag_error(d->diag, node->at, "%s is a map of keys and values, not a single value (%s)", field->record->what,
               field->help);
    return true;
}

static void decode_present(struct decoder *d, const struct field *field, const struct node *node, void *out)
{
    if (node->kind == NODE_SCALAR && refuse_scalar(d, field, node))
        return;
    const char *outer = d->label;
    if (node->kind == NODE_SCALAR && !outer && (field->kind == FIELD_MAP || field->kind == FIELD_OPTIONAL))
        d->label = field->name;
    switch (field->kind) {
    case FIELD_MAP: decode_record(d, field->record, node, out); break;
    case FIELD_OPTIONAL: decode_optional(d, field, node, out); break;
    case FIELD_LIST: decode_list(d, field, node, out); break;
    case FIELD_SET: decode_set(d, field, node, out); break;
    case FIELD_OVERRIDES: decode_overrides(d, field, node, out); break;
    default:
        if (node->kind == NODE_SCALAR)
            field_decode_scalar(d, field, node->text, node->at, out);
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

/* Whether some other row of a table of this record has the key; which ones, as "a, b", in `rows`. */
static const struct field *find_elsewhere(const struct record *record, const char *key, char *rows, size_t size)
{
    for (const struct field *field = record->fields; field->name; field++) {
        const char *names[NAMES_MAX];
        size_t count = 0;
        for (size_t i = 0; field->kind == FIELD_CHOICE && field->table->rows[i]; i++)
            for (const struct field *f = field->table->rows[i]->fields; f && f->name && count < NAMES_MAX; f++)
                if (strcmp(f->name, key) == 0)
                    names[count++] = field->table->rows[i]->name;
        if (count == 0)
            continue;
        field_join_names(names, count, rows, size);
        return field;
    }
    return NULL;
}

/* A key that belongs to another mechanism than the one that was chosen, or to nothing. */
static void refuse_key(struct decoder *d, const struct record *record, const void *self, const char *key,
                       struct origin at)
{
    const char *names[NAMES_MAX];
    char what[96], rows[FIELD_NAMES_SIZE];
    const struct field *choice = find_elsewhere(record, key, rows, sizeof rows);
    if (choice) {
        diag_error(d->diag, at, "unknown key in %s: '%s'; %s has no such key, these have: %s", record->what, key,
                   ((const struct choice *)(const void *)((const char *)self + choice->offset))->row->name, rows);
        return;
    }
    size_t count = known_names(record, self, names);
    snprintf(what, sizeof what, "key in %s:", record->what);
    field_unknown_name(d, at, what, key, names, count);
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
        if (!known)
            refuse_key(d, record, self, map->keys[i], map->keys_at[i]);
    }
}

/* ---- records ---- */

/* A choice written as a map of its own, `think: {law: exponential, mean: 2s}`, means the same as its keys beside it,
 * `think: exponential, mean: 2s`; so they are put there. */
static const struct node *lift_choice(struct decoder *d, const struct field *field, const struct node *map)
{
    const struct node *own = tree_get(map, field->name);
    if (!own || own->kind != NODE_MAP || !tree_get(own, field->table->family))
        return map;
    size_t room = map->count + own->count;
    struct node *lifted = arena_alloc(d->arena, sizeof *lifted);
    *lifted = (struct node){.kind = NODE_MAP, .at = map->at};
    lifted->items = arena_alloc(d->arena, room * sizeof *lifted->items);
    lifted->keys = arena_alloc(d->arena, room * sizeof *lifted->keys);
    lifted->keys_at = arena_alloc(d->arena, room * sizeof *lifted->keys_at);
    for (size_t i = 0; i < room; i++) {
        const struct node *from = i < map->count ? map : own;
        size_t at = i < map->count ? i : i - map->count;
        if (from->items[at] == own)
            continue;
        bool names_row = from == own && strcmp(own->keys[at], field->table->family) == 0;
        lifted->items[lifted->count] = from->items[at];
        lifted->keys[lifted->count] = names_row ? field->name : from->keys[at];
        lifted->keys_at[lifted->count++] = from->keys_at[at];
    }
    return lifted;
}

static const struct node *lift_choices(struct decoder *d, const struct record *record, const struct node *map)
{
    for (const struct field *field = record->fields; field->name; field++)
        if (field->kind == FIELD_CHOICE)
            map = lift_choice(d, field, map);
    return map;
}

static void decode_record(struct decoder *d, const struct record *record, const struct node *node, void *self)
{
    struct node pair;
    size_t before = diag_count(d->diag);
    if (node->kind == NODE_SCALAR && record->shorthand) {
        decode_fields(d, record->fields, single_pair(d, &pair, record->shorthand, node), record->what, self);
    } else if (node->kind == NODE_MAP) {
        const struct node *map = lift_choices(d, record, node);
        decode_fields(d, record->fields, map, record->what, self);
        refuse_unknown_keys(d, record, map, self);
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
