/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario as text knows it: maps, lists and scalars with the place each was written. Plain data.
 *
 * Every scalar stays text until a field table converts it, so YAML's own ideas about `no` or `1.10` never apply.
 * Nodes live in an arena and are never freed singly. Subtrees may be shared (YAML aliases); so a node is never
 * changed in place: tree_set copies the spine it changes. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    struct origin at;             /* of the value */
    const char *text;             /* scalar */
    size_t count;                 /* list, map */
    const struct node **items;    /* list elements or map values */
    const char **keys;            /* map */
    struct origin *keys_at;       /* map: where each key stands */
};

const struct node *tree_get(const struct node *map, const char *key);      /* NULL: absent or not a map */
const struct node *tree_scalar(struct arena *arena, struct origin at, const char *text);
const char *tree_kind_name(const struct node *node);                        /* "a map", "a list", "a single value" */

/* A tree like `root` with the value at `path` replaced. A path is keys joined by dots; an element of a list is
 * addressed by its `name`, or by index: `services.api.workers`, `clients[0].count`. Maps on the way that are
 * absent are made; elements of lists are not. Errors go to `diag` at `at`, and `root` is returned unchanged. */
const struct node *tree_set(struct arena *arena, const struct node *root, const char *path,
                            const struct node *value, struct origin at, struct diag *diag);

/* What stands at the first `length` characters of a path; NULL: nothing, or that is no path. */
const struct node *tree_at(const struct node *root, const char *path, size_t length);

#endif
