/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A retry budget for tests: prepared, with its state, told of requests one after the other. */
#ifndef TESTS_UNIT_BUDGET_CASE_H
#define TESTS_UNIT_BUDGET_CASE_H

#include "policy/budget/rows.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* Parameters in place: P(budget_ratio, .ratio = 0.1). */
#define P(type, ...) (&(const struct type){__VA_ARGS__})

enum { BUDGET_STATE_WORDS = 600 };

struct budget_case {
    const struct budget_row *row;
    struct choice choice;
    int64_t state[BUDGET_STATE_WORDS];
    int64_t now_ns;
};

/* Fails the test if the parameters contradict each other. */
void budget_start(struct budget_case *c, const struct budget_row *row, const void *parameters);
/* NULL, or what is wrong with the parameters. */
const char *budget_contradiction(const struct budget_row *row, const void *parameters);

void budget_request(struct budget_case *c);
void budget_success(struct budget_case *c, uint32_t attempts, enum failure last);
void budget_failure(struct budget_case *c, enum failure failure, bool retryable);
bool budget_retry(struct budget_case *c, enum failure failure);
void budget_undo(struct budget_case *c, enum failure failure);
/* A failed attempt (server-error) whose policy would retry. */
bool budget_fail(struct budget_case *c);
int budget_retries_until_denied(struct budget_case *c);
/* Of the budgets that are a balance. */
double budget_tokens(const struct budget_case *c);

/* Requests one after the other, each attempt failing with probability p, with the numbers of the stationary chain: the
 * means of batches must be within 5 standard errors of them. */
struct budget_long_run {
    double p;
    uint32_t attempts_limit;
    double attempts, good, denied;    /* for each request */
};
void budget_check_long_run(const struct budget_row *row, const void *parameters, const struct budget_long_run *run);

#endif
