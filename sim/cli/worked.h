/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked delays: what a backoff shape or a jitter makes of a plain example. */
#ifndef CLI_WORKED_H
#define CLI_WORKED_H

#include "base/table.h"

/* Prints a table of waits before retries 1..8 for a shape or a jitter; nothing for other families. */
void worked_delays(const struct table *table, const struct row *row);

#endif
