/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/refresh/rows.h"

static const struct row *const rows[] = {
    &refresh_none.row,
    &refresh_early.row,
    &refresh_threshold.row,
    NULL,
};

const struct table refresh_table = {"refresh", "when a cache fetches a value before it expires", rows, NULL};

static const struct field fields[] = {
    {"when", FIELD_CHOICE, offsetof(struct refresh, choice), .table = &refresh_table,
     .help = "which hits fetch the value anew"},
    {"background", FIELD_BOOL, offsetof(struct refresh, background), .text = "false",
     .help = "true: the reader is answered at once, the cache fetches by itself; false: that reader fetches and waits"},
    {0}};

const struct record refresh_record = {"a refresh", sizeof(struct refresh), fields, "when", NULL};
