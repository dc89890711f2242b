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

/* Where a client may name a policy: for its requests, and for its connect step. */
static const char *const holders[] = {"policy", "connect.policy"};
enum { HOLDERS = sizeof holders / sizeof *holders };

static const struct node *held(const struct node *client, int holder)
{
    return tree_get(holder == 0 ? client : tree_get(client, "connect"), "policy");
}

/* Replaces the name by the policy in one client of the list. */
static const struct node *expand_one(struct arena *arena, const struct node *root, size_t index, int holder,
                                     struct diag *diag)
{
    const struct node *clients = tree_get(root, "clients");
    const struct node *name = held(clients->items[index], holder);
    if (!name || name->kind != NODE_SCALAR)
        return root;
    const struct node *policies = tree_get(root, "policies");
    const struct node *policy = tree_get(policies, name->text);
    static const struct node nothing = {.kind = NODE_MAP};
    if (!policy) {
        unknown_policy(policies, name, diag);
        policy = &nothing; /* one message is enough */
    }
    const char *path = arena_printf(arena, "clients[%zu].%s", index, holders[holder]);
    return tree_set(arena, root, path, policy, name->at, diag);
}

const struct node *policies_expand(struct arena *arena, const struct node *root, struct diag *diag)
{
    const struct node *clients = tree_get(root, "clients");
    for (size_t i = 0; clients && clients->kind == NODE_LIST && i < clients->count; i++)
        for (int holder = 0; holder < HOLDERS; holder++)
            root = expand_one(arena, root, i, holder, diag);
    return presets_expand(arena, root, diag);
}

/* Whether the path leads into this policy of this client: clients.NAME.policy.X or clients[INDEX].policy.X. */
static bool leads_into(struct arena *arena, const char *path, const struct node *client, size_t index, int holder)
{
    const struct node *name = tree_get(client, "name");
    const char *by_index = arena_printf(arena, "clients[%zu].%s.", index, holders[holder]);
    const char *by_name = arena_printf(
        arena, "clients.%s.%s.", name && name->kind == NODE_SCALAR ? name->text : "", holders[holder]);
    return strncmp(path, by_index, strlen(by_index)) == 0 || strncmp(path, by_name, strlen(by_name)) == 0;
}

const struct node *policies_set(struct arena *arena, const struct node *root, const char *path,
                                const struct node *value, struct origin at, struct diag *diag)
{
    const struct node *clients = tree_get(root, "clients");
    for (size_t i = 0; clients && clients->kind == NODE_LIST && i < clients->count; i++)
        for (int holder = 0; holder < HOLDERS; holder++)
            if (leads_into(arena, path, clients->items[i], i, holder))
                root = expand_one(arena, root, i, holder, diag);
    return presets_set(arena, root, path, value, at, diag);
}
