/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gate for tests: prepared, with its state, asked and told at given times. */
#ifndef TESTS_UNIT_GATE_CASE_H
#define TESTS_UNIT_GATE_CASE_H

#include "policy/gate/rows.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* Parameters in place: P(gate_cycle, .permits = 2). */
#define P(type, ...) (&(const struct type){__VA_ARGS__})

enum { GATE_STATE_WORDS = 1300 };

struct gate_case {
    const struct gate_row *row;
    struct choice choice;
    int64_t state[GATE_STATE_WORDS];
    struct gate_signals signals;
    struct gate_in in;            /* for the next question */
    int64_t queue_wait_ns;        /* of the next that is over */
    struct stream stream;
};

/* Fails the test if the parameters contradict each other. */
struct gate_case gate_start(const struct gate_row *row, const void *parameters);
/* NULL, or what is wrong with the parameters. */
const char *gate_contradiction(const struct gate_row *row, const void *parameters);

struct gate_answer gate_ask(struct gate_case *c, int64_t now_ns);
bool gate_admits(struct gate_case *c, int64_t now_ns);
/* The wait of what is admitted or held; GATE_REFUSED where it is refused. */
#define GATE_REFUSED INT64_MIN
int64_t gate_wait_ns(struct gate_case *c, int64_t now_ns);
/* How many are admitted at once. */
int gate_burst(struct gate_case *c, int64_t now_ns);

/* The end of an attempt: good after `latency_ns`, failed, never sent. */
void gate_good(struct gate_case *c, int64_t now_ns, int64_t latency_ns);
void gate_failed(struct gate_case *c, int64_t now_ns, int64_t latency_ns, enum failure failure);
void gate_unsent(struct gate_case *c, int64_t now_ns);

#endif
