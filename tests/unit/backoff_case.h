/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backoffs for tests, written as in a scenario: "{shape: exponential, base: 100ms, cap: 2s, jitter: full}". */
#ifndef TESTS_UNIT_BACKOFF_CASE_H
#define TESTS_UNIT_BACKOFF_CASE_H

#include "policy/backoff.h"

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

/* What a text decodes to. NULL, or the errors, to be freed. */
char *backoff_case_decode(const struct record *record, const char *text, void *self, struct arena *arena);

/* The backoff of a text, which must be good. Its lists live in the arena. */
struct backoff backoff_case(const char *text, struct arena *arena);

/* A request that retries on and on, or `retries` times. Wait k of request number `request` draws from a stream of its
 * own, as in the model. */
struct backoff_request {
    const struct backoff *backoff;
    uint64_t seed, request;
    uint32_t retry, retries;
    int64_t chain_ns;
};
struct backoff_request backoff_request(const struct backoff *backoff, uint64_t seed, uint64_t request);
int64_t backoff_request_wait(struct backoff_request *request); /* the next one */

/* Wait number n of a request of its own. */
int64_t backoff_case_wait(const struct backoff *backoff, uint32_t n);
/* The same of a backoff without lists, from its text. */
int64_t backoff_case_wait_of(const char *text, uint32_t n);

/* Waits 1, 2, ... of a backoff without randomness. */
#define assert_waits_ms(text, ...) backoff_case_assert_waits_ms(text, (const double[]){__VA_ARGS__, -1})
void backoff_case_assert_waits_ms(const char *text, const double *expected_ms);

/* The range of wait n that is known before anything is drawn must be this, to a nanosecond. */
void assert_range_ms(const char *text, uint32_t n, double low_ms, double high_ms);

#endif
