/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All jitters. */
#include "policy/jitter/rows.h"

static const struct row *const rows[] = {&jitter_none.row,          &jitter_full.row,
                                         &jitter_equal.row,         &jitter_proportional.row,
                                         &jitter_additive.row,      &jitter_range.row,
                                         &jitter_factor.row,        &jitter_exponential.row,
                                         &jitter_decorrelated.row,  &jitter_compound.row,
                                         &jitter_finagle_equal.row, &jitter_polly_v2.row,
                                         &jitter_sorted.row,        NULL};

const struct table jitter_table = {"jitter", "how the wait before a retry is randomised", rows, NULL};
