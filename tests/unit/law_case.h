/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws for tests: at least one set of parameters for every row of law_table, decoded as a scenario would be.
 */
#ifndef TESTS_UNIT_LAW_CASE_H
#define TESTS_UNIT_LAW_CASE_H

#include "base/law.h"

enum { LAW_CASE_PAIRS = 4, LAW_CASES = 16 };

struct law_case {
    const char *law;
    const char *pairs[2 * LAW_CASE_PAIRS]; /* key, value */
    int64_t pinned_ns;                     /* the first draw of the stream "pinned" */
};

extern const struct law_case law_cases[LAW_CASES];

/* For a test group: they make and remove the CSV file of the empirical case, and let a GSL error fail the
 * test. */
int law_case_set_up(void **state);
int law_case_tear_down(void **state);

/* Decodes {law: here->law, KEY: VALUE, ...}. Returns the error lines, to be freed, or NULL. */
char *law_case_decode(const struct law_case *here, struct law *law, struct arena *arena);
char *law_case_decode_node(const struct node *node, struct law *law, struct arena *arena);

/* The same, and an error fails the test. */
struct law law_case_law(const struct law_case *here, struct arena *arena);

const struct law_row *law_case_row(const struct law *law);

#endif
