/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of exact answers: a CSV file with the columns id, parameters, metric, value, in any order and
 * among any others. A field may be quoted ("a, b"), a quote in it is doubled.
 *
 * id = group-model-case-metric; `key` is the group-model part, such as "A-mm1-lifo": what to build. */
#ifndef THEORY_ORACLE_H
#define THEORY_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct oracle {
    const char *id, *metric, *parameters;
    const char *key;  /* group and model: "A-mg1-erlang" */
    const char *name; /* with the case: "A-mg1-erlang-1" */
    double value;
};

struct oracles {
    struct arena arena;
    struct oracle *rows;
    size_t count;
};

/* NULL after a message to stderr. */
struct oracles *oracles_load(const char *path);
void oracles_free(struct oracles *oracles);

#endif
