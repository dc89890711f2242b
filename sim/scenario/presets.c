/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/presets.h"

#include <string.h>

#include "base/check.h"
#include "scenario/yaml.h"

enum { NAMES_MAX = 256 };

const struct node *presets_tree(struct arena *arena, const struct preset_row *preset)
{
    struct diag *diag = diag_new();
    const char *origin = arena_printf(arena, "preset %s", preset->row.name);
    const struct node *tree = yaml_parse(arena, origin, preset->text, strlen(preset->text), origin, diag);
    CHECK(tree && tree->kind == NODE_MAP && diag_count(diag) == 0, "the text of a preset is a map");
    diag_free(diag);
    return tree;
}

/* PRESET_PARTS: no preset stands under this key, which ends where its `length` does. */
static enum preset_part part_of(const char *key, size_t length)
{
    enum preset_part part = PRESET_POLICY;
    while (part < PRESET_PARTS && (strlen(preset_keys[part]) != length || strncmp(preset_keys[part], key, length) != 0))
        part++;
    return part;
}

/* The name of the preset that this map asks for, or NULL. */
static const char *name_in(const struct node *map)
{
    const struct node *name = tree_get(map, "preset");
    return name && name->kind == NODE_SCALAR && strcmp(name->text, "none") != 0 ? name->text : NULL;
}

/* ---- putting presets in their place ---- */

struct expansion {
    struct arena *arena;
    struct diag *diag;
};

static void unknown_preset(const struct expansion *e, enum preset_part part, const struct node *name)
{
    const char *names[NAMES_MAX];
    for (enum preset_part other = PRESET_POLICY; other < PRESET_PARTS; other++)
        if (preset_find(other, name->text)) {
            diag_error(e->diag, name->at, "preset: '%s' is a %s preset: write '%s: {preset: %s}'", name->text,
                       preset_parts[other], preset_keys[other], name->text);
            return;
        }
    const char *nearest = diag_nearest(name->text, names, preset_names(part, names, NAMES_MAX));
    if (nearest)
        diag_error(e->diag, name->at, "preset: no %s preset '%s'; did you mean '%s'?", preset_parts[part], name->text,
                   nearest);
    else
        diag_error(e->diag, name->at, "preset: no %s preset '%s'; `retrystorm list preset` shows them",
                   preset_parts[part], name->text);
}

static void add_pair(struct node *map, const struct node *from, size_t i)
{
    map->keys[map->count] = from->keys[i];
    map->keys_at[map->count] = from->keys_at[i];
    map->items[map->count++] = from->items[i];
}

/* What is written, then what it does not say of the preset. */
static const struct node *merge(struct arena *arena, const struct node *written, const struct node *preset)
{
    size_t room = written->count + preset->count;
    struct node *merged = arena_alloc(arena, sizeof *merged);
    *merged = (struct node){.kind = NODE_MAP, .at = written->at};
    merged->items = arena_alloc(arena, room * sizeof *merged->items);
    merged->keys = arena_alloc(arena, room * sizeof *merged->keys);
    merged->keys_at = arena_alloc(arena, room * sizeof *merged->keys_at);
    for (size_t i = 0; i < written->count; i++)
        add_pair(merged, written, i);
    for (size_t i = 0; i < preset->count; i++)
        if (!tree_get(written, preset->keys[i]))
            add_pair(merged, preset, i);
    return merged;
}

/* Something that decodes, in place of what does not: one message is enough. */
static const struct node *nothing_of(struct arena *arena, enum preset_part part, struct origin at)
{
    if (part != PRESET_POLICY)
        return tree_scalar(arena, at, "none");
    struct node *map = arena_alloc(arena, sizeof *map);
    *map = (struct node){.kind = NODE_MAP, .at = at};
    return map;
}

static const struct node *with_preset(const struct expansion *e, const struct node *map, enum preset_part part)
{
    const struct preset_row *preset = preset_find(part, name_in(map));
    if (preset)
        return merge(e->arena, map, presets_tree(e->arena, preset));
    unknown_preset(e, part, tree_get(map, "preset"));
    return nothing_of(e->arena, part, map->at);
}

static const struct node *expand(const struct expansion *e, const struct node *node, const char *key);

static const struct node *with_child(struct arena *arena, const struct node *node, size_t i, const struct node *child)
{
    struct node *copy = arena_alloc(arena, sizeof *copy);
    *copy = *node;
    copy->items = arena_alloc(arena, node->count * sizeof *copy->items);
    memcpy(copy->items, node->items, node->count * sizeof *copy->items);
    copy->items[i] = child;
    return copy;
}

/* Only what changes is copied. The elements of a list stand under the list's key. */
static const struct node *expand_children(const struct expansion *e, const struct node *node, const char *key)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = expand(e, node->items[i], node->kind == NODE_MAP ? node->keys[i] : key);
        if (child != node->items[i])
            node = with_child(e->arena, node, i, child);
    }
    return node;
}

static const struct node *expand(const struct expansion *e, const struct node *node, const char *key)
{
    enum preset_part part = part_of(key, strlen(key));
    if (part != PRESET_PARTS && name_in(node))
        node = with_preset(e, node, part);
    return expand_children(e, node, key);
}

static bool is_kept_for_later(const char *key)
{
    return strcmp(key, "strategies") == 0 || strcmp(key, "policies") == 0;
}

const struct node *presets_expand(struct arena *arena, const struct node *root, struct diag *diag)
{
    struct expansion e = {arena, diag};
    for (size_t i = 0; root->kind == NODE_MAP && i < root->count; i++) {
        const struct node *child = root->items[i];
        if (!is_kept_for_later(root->keys[i]))
            child = expand(&e, child, root->keys[i]);
        if (child != root->items[i])
            root = with_child(arena, root, i, child);
    }
    return root;
}

/* ---- overrides that lead into a preset ---- */

/* What preset may stand at the place to which the first `length` characters of the path lead: that of its last key,
 * indices left out; and a named policy is a policy. */
static enum preset_part part_at(const char *path, size_t length)
{
    size_t end = length, start;
    while (end > 0 && path[end - 1] == ']')
        while (end > 0 && path[--end] != '[')
            continue;
    for (start = end; start > 0 && path[start - 1] != '.'; start--)
        continue;
    bool is_named = start == strlen("policies.") && strncmp(path, "policies.", start) == 0;
    return is_named ? PRESET_POLICY : part_of(path + start, end - start);
}

/* The map of the preset which the path enters behind its first `length` characters, if it has not been written out. */
static const struct node *entered(struct arena *arena, const struct node *root, const char *path, size_t length,
                                  const char *key)
{
    const struct node *holder = tree_at(root, path, length);
    enum preset_part part = part_at(path, length);
    const char *name = holder ? name_in(holder) : NULL;
    if (!name || part == PRESET_PARTS || tree_get(holder, key))
        return NULL;
    const struct preset_row *preset = preset_find(part, name);
    return preset ? tree_get(presets_tree(arena, preset), key) : NULL;
}

const struct node *presets_set(struct arena *arena, const struct node *root, const char *path,
                               const struct node *value, struct origin at, struct diag *diag)
{
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t end = strcspn(dot + 1, ".[");
        if (!dot[1 + end])
            break;
        const char *key = arena_printf(arena, "%.*s", (int)end, dot + 1);
        const struct node *map = entered(arena, root, path, (size_t)(dot - path), key);
        if (map)
            root = tree_set(arena, root, arena_printf(arena, "%.*s.%s", (int)(dot - path), path, key), map, at, diag);
    }
    return tree_set(arena, root, path, value, at, diag);
}
