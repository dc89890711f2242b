/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/preset-waits.csv: what the client libraries' waits are. */
#ifndef TESTS_UNIT_PRESET_WAITS_H
#define TESTS_UNIT_PRESET_WAITS_H

#include <stdio.h>

#include "policy/backoff.h"

enum { PRESET_WAITS = 6 }; /* rows of each preset: n = 1..6 */

struct preset_wait {
    char preset[48];
    int64_t retries; /* of the preset; INT64_MAX: unlimited */
    uint32_t n;
    double min_ms, mean_ms, max_ms, atom;
};

FILE *preset_waits_open(void);
bool preset_waits_next(FILE *file, struct preset_wait *wait); /* false: no more */

/* Samples the backoff and checks range, mean and atom against the preset's rows, and the exact range, too. Fails on a
 * preset without rows. */
void preset_waits_check(const char *preset, const struct backoff *backoff);

#endif
