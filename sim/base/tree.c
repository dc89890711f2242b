/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree.h"

#include <stdlib.h>
#include <string.h>

const struct node *tree_get(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i];
    return NULL;
}

const struct node *tree_scalar(struct arena *arena, struct origin at, const char *text)
{
    struct node *node = arena_alloc(arena, sizeof *node);
    *node = (struct node){.kind = NODE_SCALAR, .at = at, .text = arena_strdup(arena, text)};
    return node;
}

const char *tree_kind_name(const struct node *node)
{
    switch (node->kind) {
    case NODE_MAP: return "a map";
    case NODE_LIST: return "a list";
    default: return "a single value";
    }
}

/* What stays the same while a path is walked. */
struct setting {
    struct arena *arena;
    const struct node *value;
    const char *path;
    struct origin at;
    struct diag *diag;
    bool failed;
};

static const struct node *set_in(struct setting *s, const struct node *node, const char *rest, const char *holder);

static const struct node *fail(struct setting *s)
{
    s->failed = true;
    return NULL;
}

/* Copies `node` with room for one more child; the caller changes the copy. NULL becomes an empty map. */
static struct node *copy_spine(struct setting *s, const struct node *node)
{
    size_t count = node ? node->count : 0;
    struct node *copy = arena_alloc(s->arena, sizeof *copy);
    *copy = node ? *node : (struct node){.kind = NODE_MAP, .at = s->at};
    copy->items = arena_alloc(s->arena, (count + 1) * sizeof *copy->items);
    copy->keys = arena_alloc(s->arena, (count + 1) * sizeof *copy->keys);
    copy->keys_at = arena_alloc(s->arena, (count + 1) * sizeof *copy->keys_at);
    for (size_t i = 0; i < count; i++) {
        copy->items[i] = node->items[i];
        if (node->kind == NODE_MAP) {
            copy->keys[i] = node->keys[i];
            copy->keys_at[i] = node->keys_at[i];
        }
    }
    return copy;
}

static const struct node *set_in_map(struct setting *s, const struct node *map, const char *key, const char *rest)
{
    struct node *copy = copy_spine(s, map);
    size_t i = 0;
    while (i < copy->count && strcmp(copy->keys[i], key) != 0)
        i++;
    const struct node *child = set_in(s, i < copy->count ? copy->items[i] : NULL, rest, key);
    if (i == copy->count) {
        copy->keys[i] = key;
        copy->keys_at[i] = s->at;
        copy->count++;
    }
    copy->items[i] = child;
    return copy;
}

/* list->count: none has that name of `length` characters. */
static size_t element_named(const struct node *list, const char *name, size_t length)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct node *own = tree_get(list->items[i], "name");
        if (own && own->kind == NODE_SCALAR && strlen(own->text) == length && strncmp(own->text, name, length) == 0)
            return i;
    }
    return list->count;
}

static void no_such_element(struct setting *s, const struct node *list, const char *key, const char *holder)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < 64; i++) {
        const struct node *own = tree_get(list->items[i], "name");
        if (own && own->kind == NODE_SCALAR)
            names[count++] = own->text;
    }
    const char *nearest = diag_nearest(key, names, count);
    if (nearest)
        diag_error(s->diag, s->at, "path '%s': nothing named '%s' in %s; did you mean '%s'?", s->path, key, holder,
                   nearest);
    else
        diag_error(s->diag, s->at, "path '%s': nothing named '%s' in %s (an element is addressed by its name or as "
                   "%s[0])", s->path, key, holder, holder);
}

static const struct node *set_in_list(struct setting *s, const struct node *list, size_t index, const char *rest,
                                      const char *holder)
{
    if (index >= list->count) {
        diag_error(s->diag, s->at, "path '%s': %s has %zu element%s, so there is no [%zu]", s->path, holder,
                   list->count, list->count == 1 ? "" : "s", index);
        return fail(s);
    }
    struct node *copy = copy_spine(s, list);
    copy->items[index] = set_in(s, list->items[index], rest, holder);
    return copy;
}

static const struct node *set_at_index(struct setting *s, const struct node *node, const char *rest,
                                       const char *holder)
{
    char *end;
    unsigned long index = strtoul(rest + 1, &end, 10);
    if (end == rest + 1 || *end != ']' || (end[1] && end[1] != '.' && end[1] != '[')) {
        diag_error(s->diag, s->at, "path '%s': '%s' is no index: write %s[0]", s->path, rest, holder);
        return fail(s);
    }
    if (!node || node->kind != NODE_LIST) {
        diag_error(s->diag, s->at, "path '%s': %s is %s, so it has no [%lu]", s->path, holder,
                   node ? "no list" : "not written there", index);
        return fail(s);
    }
    if (end[1] == '.' && !end[2]) {
        diag_error(s->diag, s->at, "path '%s' ends in a dot", s->path);
        return fail(s);
    }
    return set_in_list(s, node, index, end[1] == '.' ? end + 2 : end + 1, holder);
}

static const struct node *set_at_key(struct setting *s, const struct node *node, const char *rest,
                                     const char *holder)
{
    size_t length = strcspn(rest, ".[");
    if (length == 0) {
        diag_error(s->diag, s->at, "path '%s' has an empty part", s->path);
        return fail(s);
    }
    char *key = arena_alloc(s->arena, length + 1);
    memcpy(key, rest, length);
    const char *next = rest + length + (rest[length] == '.');
    if (rest[length] == '.' && !*next) {
        diag_error(s->diag, s->at, "path '%s' ends in a dot", s->path);
        return fail(s);
    }
    if (!node || node->kind == NODE_MAP)
        return set_in_map(s, node, key, next);
    if (node->kind == NODE_SCALAR) {
        diag_error(s->diag, s->at, "path '%s': %s is the single value '%s', so it has no '%s'; set %s as a whole",
                   s->path, holder, node->text, key, holder);
        return fail(s);
    }
    size_t index = element_named(node, key, length);
    if (index == node->count) {
        no_such_element(s, node, key, holder);
        return fail(s);
    }
    return set_in_list(s, node, index, next, key);
}

static const struct node *set_in(struct setting *s, const struct node *node, const char *rest, const char *holder)
{
    if (!*rest)
        return s->value;
    return *rest == '[' ? set_at_index(s, node, rest, holder) : set_at_key(s, node, rest, holder);
}

const struct node *tree_set(struct arena *arena, const struct node *root, const char *path,
                            const struct node *value, struct origin at, struct diag *diag)
{
    struct setting s = {arena, value, path, at, diag, false};
    if (!*path) {
        diag_error(diag, at, "an empty path: write for example services.api.workers");
        return root;
    }
    const struct node *changed = set_in(&s, root, path, "the scenario");
    return s.failed ? root : changed;
}

/* ---- reading at a path ---- */

static const struct node *value_at(const struct node *map, const char *key, size_t length)
{
    for (size_t i = 0; i < map->count; i++)
        if (strlen(map->keys[i]) == length && strncmp(map->keys[i], key, length) == 0)
            return map->items[i];
    return NULL;
}

/* "[3]"; list->count if that is no index. */
static size_t index_at(const struct node *list, const char *text, size_t length)
{
    size_t digits = strspn(text + 1, "0123456789");
    return digits > 0 && digits + 2 == length && text[1 + digits] == ']' ? strtoul(text + 1, NULL, 10) : list->count;
}

static const struct node *child_at(const struct node *node, const char *key, size_t length)
{
    if (node->kind == NODE_MAP)
        return value_at(node, key, length);
    size_t index = *key == '[' ? index_at(node, key, length) : element_named(node, key, length);
    return index < node->count ? node->items[index] : NULL;
}

const struct node *tree_at(const struct node *root, const char *path, size_t length)
{
    const char *end = path + length;
    const struct node *node = root;
    while (node && path < end) {
        const char *rest = path + (*path == '[');
        size_t part = (size_t)(rest - path) + strcspn(rest, ".[");
        node = child_at(node, path, part < (size_t)(end - path) ? part : (size_t)(end - path));
        path += part + (path[part] == '.');
    }
    return node;
}
