/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All gates. */
#include "policy/gate/rows.h"

static const struct row *const rows[] = {&gate_none.row, &gate_token_bucket.row, NULL};

const struct table gate_table = {"gate", "what may pass, at a client's or a service's end of an edge", rows,
                                 "token-bucket"};
