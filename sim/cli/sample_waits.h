/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the waits of a backoff are: their ends exactly, their means, quantiles and histograms from simulated requests.
 *
 * The same numbers each time: the streams are fixed. Of a script nothing is known but what it does, so its ends are
 * those that were seen. */
#ifndef CLI_SAMPLE_WAITS_H
#define CLI_SAMPLE_WAITS_H

#include "output/waits.h"
#include "policy/backoff.h"
#include "policy/script.h"

enum { SAMPLE_WAITS_ADDED = 100 };

/* Of a request with so many retries at most; UINT32_MAX: unlimited. With more than SAMPLE_WAITS_ADDED only those in
 * the table are added up. Title and backoff are left empty. False: an error in a script. */
bool sample_waits(const struct backoff *backoff, uint32_t retries, struct waits *waits, char why[SCRIPT_ERROR_SIZE]);

#endif
