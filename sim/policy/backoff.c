/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pipeline shape -> cap -> jitter -> cap, and the records that scenarios decode into. */
#include "policy/backoff.h"

#include <math.h>

#include "base/check.h"

static double cap_as_real(const struct backoff *backoff)
{
    return backoff->cap_ns == INT64_MAX ? INFINITY : (double)backoff->cap_ns;
}

static struct jitter_in jitter_input(const struct backoff *backoff, uint32_t retry, int64_t previous_ns)
{
    const struct shape_row *shape = (const struct shape_row *)backoff->shape.row;
    struct jitter_in in = {
        .cap_ns = cap_as_real(backoff), .previous_ns = (double)previous_ns, .retry = retry};
    in.delay_ns = shape->delay_ns(backoff->shape.parameters, retry);
    in.base_ns = shape->base_ns(backoff->shape.parameters);
    if (backoff->cap_when != CAP_AFTER && in.delay_ns > in.cap_ns)
        in.delay_ns = in.cap_ns;
    return in;
}

static int64_t whole_wait_ns(const struct backoff *backoff, double wait_ns)
{
    if (backoff->cap_when != CAP_BEFORE && wait_ns >= cap_as_real(backoff))
        wait_ns = cap_as_real(backoff);
    return wait_ns < (double)BACKOFF_LONGEST_NS ? (int64_t)(wait_ns + 0.5) : BACKOFF_LONGEST_NS;
}

/* The shape's index of a retry; 0: the immediate first one. */
static uint32_t shape_index(const struct backoff *backoff, uint32_t retry)
{
    CHECK(retry > 0, "retries count from 1");
    return backoff->first_immediate ? retry - 1 : retry;
}

int64_t backoff_wait_ns(const struct backoff *backoff, const struct backoff_call *call)
{
    const struct jitter_row *jitter = (const struct jitter_row *)backoff->jitter.choice.row;
    uint32_t index = shape_index(backoff, call->retry);
    if (index == 0)
        return 0;
    struct jitter_in in = jitter_input(backoff, index, *call->chain_ns);
    double wait_ns = jitter->wait_ns(backoff->jitter.choice.parameters, &in, call->stream);
    *call->chain_ns = whole_wait_ns(backoff, wait_ns);
    return *call->chain_ns;
}

void backoff_bounds_ns(const struct backoff *backoff, uint32_t retry, int64_t previous_ns, int64_t *low_ns,
                       int64_t *high_ns)
{
    const struct jitter_row *jitter = (const struct jitter_row *)backoff->jitter.choice.row;
    uint32_t index = shape_index(backoff, retry);
    double low = 0, high = 0;
    if (index > 0) {
        struct jitter_in in = jitter_input(backoff, index, previous_ns);
        jitter->bounds_ns(backoff->jitter.choice.parameters, &in, &low, &high);
    }
    *low_ns = whole_wait_ns(backoff, low);
    *high_ns = whole_wait_ns(backoff, high);
}

static const char *prepare_backoff(void *self)
{
    const struct backoff *backoff = self;
    const struct shape_row *shape = (const struct shape_row *)backoff->shape.row;
    const struct jitter_row *jitter = (const struct jitter_row *)backoff->jitter.choice.row;
    if (jitter->needs_base && shape->base_ns(backoff->shape.parameters) <= 0)
        return "this jitter draws from the shape's base: choose a shape with a base above 0";
    return NULL;
}

static const struct field jitter_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct jitter, choice), .table = &jitter_table,
     .help = "how the wait is randomised"},
    {0},
};

const struct record jitter_record = {"a jitter", sizeof(struct jitter), jitter_fields, "kind", NULL};

static const char *const cap_when_names[] = {"before", "after", "both", NULL};

static const struct field backoff_fields[] = {
    {"shape", FIELD_CHOICE, offsetof(struct backoff, shape), .table = &shape_table,
     .help = "how the wait grows with the number of the retry"},
    {"cap", FIELD_DURATION, offsetof(struct backoff, cap_ns), .min = 0, .max = (double)BACKOFF_LONGEST_NS,
     .text = "none", .word = "none", .help = "longest wait; see cap_when"},
    {"cap_when", FIELD_ENUM, offsetof(struct backoff, cap_when), .names = cap_when_names, .text = "before",
     .help = "is the cap applied before the jitter, after it, or both; "
             "a jitter that adds can exceed a cap applied before"},
    {"jitter", FIELD_MAP, offsetof(struct backoff, jitter), .record = &jitter_record, .text = "none",
     .help = "how the wait is randomised"},
    {"first_immediate", FIELD_BOOL, offsetof(struct backoff, first_immediate), .text = "false",
     .help = "the first retry waits 0, and the shape starts with the second retry"},
    {0},
};

const struct record backoff_record = {"a backoff", sizeof(struct backoff), backoff_fields, "shape",
                                      prepare_backoff};
