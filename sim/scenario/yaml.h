/* SPDX-License-Identifier: GPL-3.0-or-later */
/* YAML text -> tree of nodes with positions (libyaml does the reading). Knows nothing of scenarios.
 *
 * Limits, each with its own message: 1 MiB of text, 32 levels of nesting, 100 000 nodes after aliases are expanded.
 * Refused: duplicate keys, aliases to an anchor that is still open (cycles), more than one document, keys that are not
 * plain values. Anchors, aliases and merge keys (`<<: *base`) work. Every scalar stays text. */
#ifndef SCENARIO_YAML_H
#define SCENARIO_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/tree.h"

enum { YAML_BYTES_MAX = 1 << 20, YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 100000 };

/* The whole file, at most YAML_BYTES_MAX, in the arena; NULL after reporting to `diag`. */
char *yaml_read_file(struct arena *arena, const char *path, size_t *size, struct diag *diag);

/* NULL after reporting to `diag`; a duplicate key is reported, too, but the tree comes back, with the first of the
 * two, so that the rest can be checked. If `one_line` is not NULL, every position is that text (an option) instead. */
const struct node *yaml_parse(struct arena *arena, const char *file, const char *text, size_t size,
                              const char *one_line, struct diag *diag);

#endif
