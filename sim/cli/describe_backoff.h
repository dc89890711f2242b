/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows what waits a backoff makes: a table, the time until it gives up, and as --plot says a picture.
 *
 * For whatever has a backoff: an example of a shape or a jitter, a preset, a script. */
#ifndef CLI_DESCRIBE_BACKOFF_H
#define CLI_DESCRIBE_BACKOFF_H

#include "cli/options.h"
#include "policy/backoff.h"

struct describe_backoff {
    const char *title; /* "jitter full"; blanks become '-' in the names of files */
    const char *text;  /* the backoff as a scenario writes it, for the picture */
    uint32_t retries;  /* of a request at most; UINT32_MAX: unlimited */
};

/* The exit status. --plot=term draws lines of blocks below the table; --plot=files, or --output, writes TITLE.csv,
 * TITLE.svg and TITLE.png into the folder of --output, else results/waits. */
int describe_backoff(const struct backoff *backoff, const struct describe_backoff *about,
                     const struct options *options);

#endif
