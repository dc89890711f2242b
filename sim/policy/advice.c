/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of what a service says with a rejection. */
#include "policy/advice.h"

static const struct field fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct advice, choice), .table = &advice_table,
     .help = "when the caller should come back"},
    {0},
};

const struct record advice_record = {"a retry_after", sizeof(struct advice), fields, "kind", NULL};
