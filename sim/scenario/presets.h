/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `preset: NAME` in a scenario: under `policy`, `breaker`, `budget`, `gates`, wherever those stand, the preset's own
 * keys are put beside the name, except those that the scenario writes itself. The name stays, for --print-config; the
 * place where a value of the preset was written is "preset NAME". */
#ifndef SCENARIO_PRESETS_H
#define SCENARIO_PRESETS_H

#include "base/tree.h"
#include "policy/preset.h"

/* The tree with every preset put in its place; unknown names, and names of another part, are reported. What strategies
 * and named policies say is left as it is: it comes here once it has been put into the tree. */
const struct node *presets_expand(struct arena *arena, const struct node *root, struct diag *diag);

/* tree_set, but a path that leads into a map which the preset gives changes a copy of that map, beside the name:
 * `policy.backoff.cap` of {preset: envoy} keeps the shape and the jitter of envoy's backoff. */
const struct node *presets_set(struct arena *arena, const struct node *root, const char *path,
                               const struct node *value, struct origin at, struct diag *diag);

/* A preset's text as a tree. */
const struct node *presets_tree(struct arena *arena, const struct preset_row *preset);

#endif
