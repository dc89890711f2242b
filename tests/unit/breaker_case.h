/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A breaker under test: written as in a scenario, fed by hand. Times are seconds as numbers: 0.5 is 500 ms. */
#ifndef TESTS_UNIT_BREAKER_CASE_H
#define TESTS_UNIT_BREAKER_CASE_H

#include "policy/breaker.h"

struct breaker_case {
    struct arena arena;
    struct breaker breaker;
    struct breaker_state *state;
    size_t state_size;
    uint64_t key;
    uint32_t openings; /* so far */
};

/* What is written wrongly fails the test and is shown. */
struct breaker_case breaker_start(const char *yaml);
/* `first` with `rest` in it, which needs no braces: ("{kind: consecutive, failures: 3, %s}", "probes: 2"). */
struct breaker_case breaker_start_with(const char *first, const char *rest);
void breaker_stop(struct breaker_case *c);
/* Back to a new breaker, with other random draws. */
void breaker_renew(struct breaker_case *c, uint64_t key);

/* The printed errors ("" if there are none), to be freed. */
char *breaker_errors(const char *yaml);

int64_t breaker_ns(double time_s);
bool breaker_asks(struct breaker_case *c, double time_s, uint32_t *permit);
/* A result with a latency of its own. */
void breaker_tells(struct breaker_case *c, double time_s, uint32_t permit, const struct breaker_sample *sample);
void breaker_good(struct breaker_case *c, double time_s, uint32_t permit);
void breaker_bad(struct breaker_case *c, double time_s, uint32_t permit);
/* A call with an instant answer; false: refused. */
bool breaker_call(struct breaker_case *c, double time_s, bool good);
/* `count` of them; the number that were let through. */
int breaker_calls(struct breaker_case *c, double time_s, int count, bool good);

/* One call for each character, all at one time: 'x' fails, '.' succeeds. The number of the call that opened it, 0: none
 * did. */
int breaker_opens_at(struct breaker_case *c, double time_s, const char *pattern);

#define assert_phase(c, expected) assert_int_equal((c)->state->phase, expected)

#endif
