/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a retry budget. */
#include "policy/budget.h"

static const char *const when_names[] = {"before", "after", NULL};

static const struct field fields[] = {
    {"preset", FIELD_NAME, offsetof(struct budget, preset), .text = "none",
     .help = "a library's, in place of what is not written here; `retrystorm list preset` shows them"},
    {"kind", FIELD_CHOICE, offsetof(struct budget, choice), .table = &budget_table,
     .help = "what earns retries and what they cost"},
    {"scope", FIELD_ENUM, offsetof(struct budget, scope), .names = scope_names, .text = "population",
     .help = "one budget for each client, or one for the population; or that for each replica of a pool: that of the "
             "request's first attempt"},
    {"when", FIELD_ENUM, offsetof(struct budget, when), .names = when_names, .text = "before",
     .help = "asked and charged before the wait, or when it is over and the retry is about to be sent"},
    {0},
};

static const char *prepare(void *self)
{
    const struct budget *budget = self;
    const struct budget_row *row = (const struct budget_row *)budget->choice.row;
    if (budget->when == BUDGET_BEFORE_WAIT || !row || !row->after_wait)
        return NULL;
    return row->after_wait(budget->choice.parameters);
}

const struct record budget_record = {"a retry budget", sizeof(struct budget), fields, "kind", prepare};
