/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named policies: `policies: {careful: {...}}` and `policy: careful`. A name is replaced by what it stands for before
 * decoding, or as soon as an override reaches into it. Presets (scenario/presets.h) are put in their place here, too,
 * after the names: a named policy may be `{preset: envoy}`. */
#ifndef SCENARIO_POLICIES_H
#define SCENARIO_POLICIES_H

#include "base/tree.h"

/* The tree with every `policy: NAME` of clients, connect steps and calls replaced, and every preset; unknown names are
 * reported. */
const struct node *policies_expand(struct arena *arena, const struct node *root, struct diag *diag);

/* tree_set, but a path that leads into a named policy changes the own copy of whoever has it. */
const struct node *policies_set(struct arena *arena, const struct node *root, const char *path,
                                const struct node *value, struct origin at, struct diag *diag);

#endif
