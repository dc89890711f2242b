/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All client-side rate limits. */
#include "policy/limiter/rows.h"

static const struct row *const rows[] = {&limiter_none.row, &limiter_token_bucket.row, NULL};

const struct table limiter_table = {"limiter", "how many attempts a client may send in a time", rows,
                                    "token-bucket"};
