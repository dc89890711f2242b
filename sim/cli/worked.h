/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked delays: what a backoff shape or a jitter makes of a plain example. */
#ifndef CLI_WORKED_H
#define CLI_WORKED_H

#include "base/table.h"
#include "cli/options.h"

/* Whether it is a shape or a jitter, something that makes waits. */
bool worked_has(const struct table *table);

/* The waits of an example, as changed by --set, in the keys of `backoff:`; the exit status. */
int worked_delays(const struct table *table, const struct row *row, const struct options *options);

#endif
