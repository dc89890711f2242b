/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct anchor {
    const char *name;
    const struct node *node;      /* NULL while its node is still open */
    size_t nodes;
    struct anchor *next;
};

struct reader {
    yaml_parser_t yaml;
    struct arena *arena;
    struct diag *diag;
    const char *file, *one_line;
    struct anchor *anchors;
    size_t nodes;                 /* so far, aliases counted as what they stand for */
    bool failed;                  /* reading cannot go on */
    bool unusable;                /* it can, but what comes out must not be decoded */
};

static struct origin origin_of(const struct reader *r, yaml_mark_t mark)
{
    if (r->one_line)
        return (struct origin){r->one_line, 0, 0};
    return (struct origin){r->file, (int)mark.line + 1, (int)mark.column + 1};
}

static void report_syntax(struct reader *r)
{
    const yaml_parser_t *yaml = &r->yaml;
    r->failed = true;
    if (yaml->error == YAML_READER_ERROR) {
        diag_error(r->diag, (struct origin){r->one_line ? r->one_line : r->file, 0, 0},
                   "not a text file in UTF-8: %s at byte %zu", yaml->problem, yaml->problem_offset);
        return;
    }
    const char *problem = yaml->problem ? yaml->problem : "cannot read";
    bool token = strstr(problem, "cannot start any token");
    diag_error(r->diag, origin_of(r, yaml->problem_mark), "YAML: %s%s", problem,
               token ? " (a tab? indent with blanks; quote a text that begins with % @ or `)" : "");
    if (yaml->context)
        diag_error(r->diag, origin_of(r, yaml->context_mark), "YAML: the trouble began here (%s)", yaml->context);
}

/* The next event; false after a syntax error. The caller deletes the event. */
static bool next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->yaml, event))
        return true;
    report_syntax(r);
    return false;
}

static void fail(struct reader *r, struct origin at, const char *text)
{
    diag_error(r->diag, at, "%s", text);
    r->failed = true;
}

static void count_nodes(struct reader *r, size_t nodes, struct origin at)
{
    r->nodes += nodes;
    if (r->nodes > YAML_NODES_MAX && !r->failed)
        fail(r, at, "more than 100000 values after expanding the aliases");
}

static const struct node *read_node(struct reader *r, yaml_event_t *event, int depth);

static struct anchor *open_anchor(struct reader *r, const yaml_char_t *name)
{
    if (!name)
        return NULL;
    struct anchor *anchor = arena_alloc(r->arena, sizeof *anchor);
    *anchor = (struct anchor){arena_strdup(r->arena, (const char *)name), NULL, r->nodes, r->anchors};
    r->anchors = anchor;
    return anchor;
}

static const struct node *close_anchor(struct reader *r, struct anchor *anchor, const struct node *node)
{
    if (anchor) {
        anchor->node = node;
        anchor->nodes = r->nodes - anchor->nodes + 1;
    }
    return node;
}

static const struct node *read_alias(struct reader *r, const char *name, struct origin at)
{
    for (const struct anchor *anchor = r->anchors; anchor; anchor = anchor->next) {
        if (strcmp(anchor->name, name) != 0)
            continue;
        if (!anchor->node) {
            fail(r, at, "this alias stands inside what it refers to: a cycle");
            return NULL;
        }
        count_nodes(r, anchor->nodes, at);
        return anchor->node;
    }
    diag_error(r->diag, at, "no anchor &%s before this alias", name);
    r->failed = true;
    return NULL;
}

/* Children gathered while their number is unknown. */
struct gathered {
    const struct node **items;
    const char **keys;
    struct origin *keys_at;
    size_t count, room;
};

static void gather(struct reader *r, struct gathered *g, const char *key, struct origin key_at, const struct node *item)
{
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : 8;
        struct gathered wider = {arena_alloc(r->arena, room * sizeof *g->items),
                                 arena_alloc(r->arena, room * sizeof *g->keys),
                                 arena_alloc(r->arena, room * sizeof *g->keys_at), g->count, room};
        for (size_t i = 0; i < g->count; i++) {
            wider.items[i] = g->items[i];
            wider.keys[i] = g->keys[i];
            wider.keys_at[i] = g->keys_at[i];
        }
        *g = wider;
    }
    g->items[g->count] = item;
    g->keys[g->count] = key;
    g->keys_at[g->count++] = key_at;
}

static bool gathered_key(const struct gathered *g, const char *key)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->keys[i], key) == 0)
            return true;
    return false;
}

/* `<<: *base`: the base's keys that the map does not set itself, whatever the order. */
static void merge(struct reader *r, struct gathered *g, const struct node *base)
{
    if (base->kind != NODE_MAP) {
        fail(r, base->at, "'<<' merges a map; this is none");
        return;
    }
    for (size_t i = 0; i < base->count; i++)
        if (!gathered_key(g, base->keys[i]))
            gather(r, g, base->keys[i], base->keys_at[i], base->items[i]);
}

static const struct node *finish(struct reader *r, enum node_kind kind, struct origin at, const struct gathered *g)
{
    struct node *node = arena_alloc(r->arena, sizeof *node);
    *node = (struct node){kind, at, NULL, g->count, g->items, g->keys, g->keys_at};
    return node;
}

static const struct node *read_list(struct reader *r, struct origin at, int depth)
{
    struct gathered g = {0};
    yaml_event_t event;
    while (!r->failed && next_event(r, &event)) {
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        const struct node *item = end ? NULL : read_node(r, &event, depth);
        yaml_event_delete(&event);
        if (end)
            return finish(r, NODE_LIST, at, &g);
        if (item)
            gather(r, &g, NULL, at, item);
    }
    return NULL;
}

/* The value of one key, put where it belongs. */
static void read_pair(struct reader *r, struct gathered *g, const struct node **base, const char *key,
                      struct origin key_at, int depth)
{
    yaml_event_t event;
    if (!next_event(r, &event))
        return;
    const struct node *value = read_node(r, &event, depth);
    yaml_event_delete(&event);
    if (!value)
        return;
    if (strcmp(key, "<<") == 0 && !*base)
        *base = value;
    else if (strcmp(key, "<<") == 0 || gathered_key(g, key))
        diag_error(r->diag, key_at, "key '%s' stands here a second time", key);
    else
        gather(r, g, key, key_at, value);
}

static const struct node *read_map(struct reader *r, struct origin at, int depth)
{
    struct gathered g = {0};
    const struct node *base = NULL;
    yaml_event_t event;
    while (!r->failed && next_event(r, &event)) {
        struct origin key_at = origin_of(r, event.start_mark);
        bool end = event.type == YAML_MAPPING_END_EVENT, scalar = event.type == YAML_SCALAR_EVENT;
        const char *key = scalar ? arena_strdup(r->arena, (const char *)event.data.scalar.value) : NULL;
        bool cut = scalar && strlen(key) != event.data.scalar.length;
        yaml_event_delete(&event);
        if (end) {
            if (base)
                merge(r, &g, base);
            return finish(r, NODE_MAP, at, &g);
        }
        if (!scalar || cut) {
            fail(r, key_at, cut ? "a key holds a NUL character" : "a key must be a plain word");
            return NULL;
        }
        read_pair(r, &g, &base, key, key_at, depth);
    }
    return NULL;
}

/* Whether a plain scalar is YAML's way to write nothing (`key:` with no value). */
static bool is_empty(const yaml_event_t *event)
{
    return event->data.scalar.length == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static const struct node *read_scalar(struct reader *r, const yaml_event_t *event, struct origin at)
{
    if (is_empty(event)) {
        diag_error(r->diag, at, "a value is missing here");
        r->unusable = true;
        return tree_scalar(r->arena, at, "");
    }
    if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length)
        diag_error(r->diag, at, "a value holds a NUL character");
    return tree_scalar(r->arena, at, (const char *)event->data.scalar.value);
}

static const struct node *read_node(struct reader *r, yaml_event_t *event, int depth)
{
    struct origin at = origin_of(r, event->start_mark);
    count_nodes(r, 1, at);
    if (depth >= YAML_DEPTH_MAX)
        fail(r, at, "nested more than 32 levels deep");
    if (r->failed)
        return NULL;
    struct anchor *anchor;
    switch (event->type) {
    case YAML_ALIAS_EVENT: return read_alias(r, (const char *)event->data.alias.anchor, at);
    case YAML_SCALAR_EVENT:
        anchor = open_anchor(r, event->data.scalar.anchor);
        return close_anchor(r, anchor, read_scalar(r, event, at));
    case YAML_SEQUENCE_START_EVENT:
        anchor = open_anchor(r, event->data.sequence_start.anchor);
        return close_anchor(r, anchor, read_list(r, at, depth + 1));
    case YAML_MAPPING_START_EVENT:
        anchor = open_anchor(r, event->data.mapping_start.anchor);
        return close_anchor(r, anchor, read_map(r, at, depth + 1));
    default: fail(r, at, "unexpected YAML here"); return NULL;
    }
}

static const struct node *read_stream(struct reader *r)
{
    const struct node *root = NULL;
    bool more = true;
    yaml_event_t event;
    while (more && !r->failed && next_event(r, &event)) {
        struct origin at = origin_of(r, event.start_mark);
        switch (event.type) {
        case YAML_STREAM_END_EVENT: more = false; break;
        case YAML_DOCUMENT_START_EVENT:
            if (root)
                fail(r, at, "a second document; a scenario is one");
            break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT: break;
        default: root = read_node(r, &event, 0);
        }
        yaml_event_delete(&event);
    }
    return r->failed ? NULL : root;
}

const struct node *yaml_parse(struct arena *arena, const char *file, const char *text, size_t size,
                              const char *one_line, struct diag *diag)
{
    struct reader r = {.arena = arena, .diag = diag, .file = file, .one_line = one_line};
    size_t before = diag_count(diag);
    if (!yaml_parser_initialize(&r.yaml)) {
        diag_error(diag, (struct origin){file, 0, 0}, "out of memory");
        return NULL;
    }
    yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, size);
    yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
    const struct node *root = read_stream(&r);
    yaml_parser_delete(&r.yaml);
    if (!root && diag_count(diag) == before)
        diag_error(diag, (struct origin){one_line ? one_line : file, 0, 0}, "empty: nothing to read here");
    return r.unusable ? NULL : root;
}

char *yaml_read_file(struct arena *arena, const char *path, size_t *size, struct diag *diag)
{
    struct origin at = {path, 0, 0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        diag_error(diag, at, "cannot open: %s", strerror(errno));
        return NULL;
    }
    char *text = arena_alloc(arena, YAML_BYTES_MAX + 2);
    *size = fread(text, 1, YAML_BYTES_MAX + 1, file);
    bool bad = ferror(file);
    int error = errno;
    fclose(file);
    if (bad)
        diag_error(diag, at, "cannot read: %s", strerror(error));
    else if (*size > YAML_BYTES_MAX)
        diag_error(diag, at, "larger than 1 MiB: no scenario is");
    else
        return text;
    return NULL;
}
