/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a client-side rate limit. */
#include "policy/limiter.h"

static const struct field fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct limiter, choice), .table = &limiter_table,
     .help = "how attempts are limited"},
    {"scope", FIELD_ENUM, offsetof(struct limiter, scope), .names = scope_names, .text = "client",
     .help = "one limit for each client, or one for the population"},
    {0},
};

const struct record limiter_record = {"a rate limit", sizeof(struct limiter), fields, "kind", NULL};
