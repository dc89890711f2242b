/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 32 };
enum column { COLUMN_ID, COLUMN_PARAMETERS, COLUMN_METRIC, COLUMN_VALUE, COLUMNS };
static const char *const column_names[COLUMNS] = {"id", "parameters", "metric", "value"};

static char *read_text(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    size_t size = 0, room = 1 << 16;
    char *text = memory_resize(NULL, room, 1);
    for (size_t got; (got = fread(text + size, 1, room - size, file)) > 0;) {
        size += got;
        if (size == room)
            text = memory_resize(text, room *= 2, 1);
    }
    fclose(file);
    char *kept = arena_alloc(arena, size + 1);
    memcpy(kept, text, size);
    free(text);
    return kept;
}

/* Ends the field at *at in place and moves *at behind it; true if another field of the same line follows. */
static bool take_field(char **at, const char **field)
{
    char *from = *at, *to = *at;
    bool quoted = *from == '"';
    from += quoted;
    *field = to;
    while (*from && (quoted || (*from != ',' && *from != '\n'))) {
        if (quoted && *from == '"' && *++from != '"') {
            quoted = false;
            continue;
        }
        *to++ = *from++;
    }
    bool more = *from == ',';
    *at = *from ? from + 1 : from;
    *to = 0;
    if (to > *field && to[-1] == '\r')
        to[-1] = 0;
    return more;
}

static size_t take_line(char **at, const char **fields)
{
    size_t count = 0;
    while (count < FIELDS_MAX && take_field(at, &fields[count++]))
        ;
    return count;
}

static bool find_columns(const char *const *names, size_t count, size_t *where)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        where[c] = FIELDS_MAX;
        for (size_t i = 0; i < count; i++)
            if (strcmp(names[i], column_names[c]) == 0)
                where[c] = i;
        if (where[c] == FIELDS_MAX) {
            fprintf(stderr, "theory: the table has no column '%s'\n", column_names[c]);
            return false;
        }
    }
    return true;
}

/* "A-mm1-2-W_p99" with the metric "W_p99" -> name "A-mm1-2", key "A-mm1". */
static bool split_id(struct oracle *row, struct arena *arena)
{
    size_t id = strlen(row->id), metric = strlen(row->metric);
    if (id < metric + 2 || strcmp(row->id + id - metric, row->metric) != 0)
        return false;
    char *name = arena_strdup(arena, row->id);
    name[id - metric - 1] = 0;
    char *key = arena_strdup(arena, name), *last = strrchr(key, '-');
    row->name = name;
    row->key = key;
    if (!last)
        return false;
    *last = 0;
    return true;
}

static bool fill_row(struct oracle *row, const char *const *fields, const size_t *where, struct arena *arena)
{
    char *end;
    *row = (struct oracle){.id = fields[where[COLUMN_ID]],
                           .parameters = fields[where[COLUMN_PARAMETERS]],
                           .metric = fields[where[COLUMN_METRIC]]};
    row->value = strtod(fields[where[COLUMN_VALUE]], &end);
    if (split_id(row, arena) && !*end && end != fields[where[COLUMN_VALUE]])
        return true;
    fprintf(stderr, "theory: row '%s': its id must end in its metric and its value be a number\n", row->id);
    return false;
}

static bool read_rows(struct oracles *oracles, char *text)
{
    const char *fields[FIELDS_MAX];
    size_t where[COLUMNS], room = 1;
    for (const char *c = text; *c; c++)
        room += *c == '\n';
    oracles->rows = arena_alloc(&oracles->arena, room * sizeof *oracles->rows);
    size_t columns = take_line(&text, fields);
    if (!find_columns(fields, columns, where))
        return false;
    while (*text) {
        size_t count = take_line(&text, fields);
        if (count == 1 && !*fields[0])
            continue;
        if (count != columns) {
            fprintf(stderr, "theory: row '%s' has %zu fields, not %zu\n", fields[0], count, columns);
            return false;
        }
        if (!fill_row(&oracles->rows[oracles->count++], fields, where, &oracles->arena))
            return false;
    }
    return true;
}

struct oracles *oracles_load(const char *path)
{
    struct oracles *oracles = memory_zeroed(1, sizeof *oracles);
    char *text = read_text(path, &oracles->arena);
    if (text && read_rows(oracles, text))
        return oracles;
    if (!text)
        perror(path);
    oracles_free(oracles);
    return NULL;
}

void oracles_free(struct oracles *oracles)
{
    struct arena arena = oracles->arena;
    free(oracles);
    arena_free(&arena);
}
