/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked delays: what a backoff shape or a jitter makes of a plain example. */
#ifndef CLI_WORKED_H
#define CLI_WORKED_H

#include "base/table.h"
#include "base/tree.h"
#include "cli/options.h"

/* Whether it is a shape or a jitter, something that makes waits. */
bool worked_has(const struct table *table);

/* The waits of an example, as changed by --set, in the keys of `backoff:`; the exit status. */
int worked_delays(const struct table *table, const struct row *row, const struct options *options);

/* The same of a backoff that the user wrote: a file that ends in .lua. */
bool worked_is_script(const char *name);
int worked_script(const char *path, const struct options *options);

/* The tree as "PATH=VALUE" changes it, the path being in what stands at `prefix` ("" or "policy."). */
const struct node *worked_set(struct arena *arena, const struct node *root, const char *prefix, const char *set,
                              struct diag *diag);

#endif
