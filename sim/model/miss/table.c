/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/miss/rows.h"

static const struct row *const rows[] = {
    &miss_each.row,
    &miss_coalesce.row,
    &miss_lease.row,
    &miss_lock.row,
    NULL,
};

const struct table miss_table = {"miss", "who fetches what a cache does not have", rows, NULL};

static const struct field fields[] = {
    {"rule", FIELD_CHOICE, offsetof(struct miss_rule, choice), .table = &miss_table,
     .help = "how many fetches of a key at a time, and what other misses do meanwhile"},
    {0}};

const struct record miss_record = {"a miss rule", sizeof(struct miss_rule), fields, "rule", NULL};
