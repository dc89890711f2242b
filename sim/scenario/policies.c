/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/policies.h"

#include <stdbool.h>
#include <string.h>

#include "scenario/presets.h"

static void unknown_policy(const struct node *policies, const struct node *name, struct diag *diag)
{
    size_t count = policies && policies->kind == NODE_MAP ? policies->count : 0;
    const char *nearest = count ? diag_nearest(name->text, policies->keys, count) : NULL;
    if (preset_find(PRESET_POLICY, name->text))
        diag_error(diag, name->at, "policy: no policy named '%s'; the preset is written '{preset: %s}'", name->text,
                   name->text);
    else if (nearest)
        diag_error(diag, name->at, "policy: no policy named '%s'; did you mean '%s'?", name->text, nearest);
    else
        diag_error(diag, name->at, "policy: no policy named '%s' under 'policies:'", name->text);
}

/* Who has a policy: a client population, its connect step, a call of a service. */
enum { LEVELS_MAX = 2 };
struct level {
    const char *key, *name;       /* clients, web; a map's own key has no name */
    size_t index;
};
struct holder {
    const struct node *node;
    const char *path;             /* "services[0].calls[1]." */
    struct level levels[LEVELS_MAX];
    size_t depth;
};
struct holders {
    struct arena *arena;
    struct holder *items;
    size_t count, room;
};

static void add_holder(struct holders *holders, const struct holder *holder)
{
    if (holders->count == holders->room) {
        struct holder *before = holders->items;
        holders->room = holders->room ? 2 * holders->room : 16;
        holders->items = arena_alloc(holders->arena, holders->room * sizeof *holders->items);
        for (size_t i = 0; i < holders->count; i++)
            holders->items[i] = before[i];
    }
    holders->items[holders->count++] = *holder;
}

/* The elements of the list KEY inside `outer`. */
static void add_elements(struct holders *holders, const struct holder *outer, const char *key,
                         void (*add)(struct holders *holders, const struct holder *element))
{
    const struct node *list = tree_get(outer->node, key);
    for (size_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const struct node *name = tree_get(list->items[i], "name");
        struct holder element = *outer;
        element.node = list->items[i];
        element.path = arena_printf(holders->arena, "%s%s[%zu].", outer->path, key, i);
        element.levels[element.depth++] =
            (struct level){key, name && name->kind == NODE_SCALAR ? name->text : "", i};
        add(holders, &element);
    }
}

static void add_client(struct holders *holders, const struct holder *client)
{
    struct holder connect = *client;
    add_holder(holders, client);
    connect.node = tree_get(client->node, "connect");
    connect.path = arena_printf(holders->arena, "%sconnect.", client->path);
    connect.levels[connect.depth++] = (struct level){"connect", NULL, 0};
    if (connect.node)
        add_holder(holders, &connect);
}

static void add_calls(struct holders *holders, const struct holder *service)
{
    add_elements(holders, service, "calls", add_holder);
}

static struct holders find_holders(struct arena *arena, const struct node *root)
{
    struct holder top = {.node = root, .path = ""};
    struct holders holders = {.arena = arena};
    add_elements(&holders, &top, "clients", add_client);
    add_elements(&holders, &top, "services", add_calls);
    return holders;
}

/* Replaces the name by the policy in one place. */
static const struct node *expand_one(struct arena *arena, const struct node *root, const struct holder *holder,
                                     struct diag *diag)
{
    const struct node *name = tree_get(holder->node, "policy");
    if (!name || name->kind != NODE_SCALAR)
        return root;
    const struct node *policies = tree_get(root, "policies");
    const struct node *policy = tree_get(policies, name->text);
    static const struct node nothing = {.kind = NODE_MAP};
    if (!policy) {
        unknown_policy(policies, name, diag);
        policy = &nothing; /* one message is enough */
    }
    return tree_set(arena, root, arena_printf(arena, "%spolicy", holder->path), policy, name->at, diag);
}

const struct node *policies_expand(struct arena *arena, const struct node *root, struct diag *diag)
{
    struct holders holders = find_holders(arena, root);
    for (size_t i = 0; i < holders.count; i++)
        root = expand_one(arena, root, &holders.items[i], diag);
    return presets_expand(arena, root, diag);
}

/* What follows in the path on KEY.NAME., KEY[INDEX]. or a map's KEY. ; NULL: something else is there. */
static const char *skip_level(struct arena *arena, const char *path, const struct level *level)
{
    const char *by_name = level->name ? arena_printf(arena, "%s.%s.", level->key, level->name)
                                      : arena_printf(arena, "%s.", level->key);
    const char *by_index = arena_printf(arena, "%s[%zu].", level->key, level->index);
    if (strncmp(path, by_name, strlen(by_name)) == 0)
        return path + strlen(by_name);
    return strncmp(path, by_index, strlen(by_index)) == 0 ? path + strlen(by_index) : NULL;
}

/* Whether the path leads into the policy: clients.NAME.policy.X, services[INDEX].calls.NAME.policy.X, ... */
static bool leads_into(struct arena *arena, const char *path, const struct holder *holder)
{
    for (size_t i = 0; i < holder->depth && path; i++)
        path = skip_level(arena, path, &holder->levels[i]);
    return path && strncmp(path, "policy.", strlen("policy.")) == 0;
}

const struct node *policies_set(struct arena *arena, const struct node *root, const char *path,
                                const struct node *value, struct origin at, struct diag *diag)
{
    struct holders holders = find_holders(arena, root);
    for (size_t i = 0; i < holders.count; i++)
        if (leads_into(arena, path, &holders.items[i]))
            root = expand_one(arena, root, &holders.items[i], diag);
    return presets_set(arena, root, path, value, at, diag);
}
