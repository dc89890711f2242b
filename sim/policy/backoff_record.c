/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records that a scenario's `backoff:` and `jitter:` decode into, and what cannot be. */
#include "policy/backoff.h"

#include "policy/jitter/rows.h"

/* What a script's own function is in place of. */
static bool has_more_than_shape(const struct backoff *backoff)
{
    return backoff->jitter.choice.row != &jitter_none.row || backoff->first != FIRST_USUAL ||
           backoff->at_cap != AT_CAP_CLAMP;
}

static const char *prepare(void *self)
{
    const struct backoff *backoff = self;
    if (backoff_is_script(backoff) && has_more_than_shape(backoff))
        return "a script says all about its waits: leave out jitter, first and at_cap";
    if (((const struct jitter_row *)backoff->jitter.choice.row)->needs_base && backoff_base_ns(backoff) <= 0)
        return "this jitter draws from the shape's base: choose a shape with a base above 0";
    if (backoff->at_cap != AT_CAP_CLAMP && backoff->cap_ns == INT64_MAX)
        return "at_cap: there is no cap";
    if (backoff->rounding != ROUNDING_DOWN && backoff->round_to_ns == INT64_MAX)
        return "rounding: say to what, such as 'round_to: 1ms'";
    if (backoff->min_wait_ns > backoff->max_wait_ns)
        return "min_wait is longer than max_wait";
    return NULL;
}

static const struct field jitter_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct jitter, choice), .table = &jitter_table,
     .help = "how the wait is randomised"},
    {0},
};

const struct record jitter_record = {"a jitter", sizeof(struct jitter), jitter_fields, "kind", NULL};

static const char *const firsts[] = {"usual", "zero", "extra-zero", "exact", NULL};
static const char *const at_caps[] = {"clamp", "exact", "redraw", "stop", NULL};
static const char *const roundings[] = {"down", "nearest", "inclusive", NULL};

static const struct field fields[] = {
    {"shape", FIELD_CHOICE, offsetof(struct backoff, shape), .table = &shape_table,
     .help = "how the wait grows with the number of the retry"},
    {"first", FIELD_ENUM, offsetof(struct backoff, first), .names = firsts, .text = "usual",
     .help = "the first retry: usual, as the others; zero, it waits 0 and the second has the shape's second wait "
             "(urllib3, Azure); extra-zero, it waits 0 and the second has the shape's first wait (Polly fastFirst); "
             "exact, the shape's wait without jitter (gRPC-Go)"},
    {"cap", FIELD_DURATION, offsetof(struct backoff, cap_ns), .max = (double)BACKOFF_LONGEST_NS, .text = "none",
     .word = "none", .help = "longest wait of the shape, before the jitter: one that adds can exceed it; see max_wait"},
    {"at_cap", FIELD_ENUM, offsetof(struct backoff, at_cap), .names = at_caps, .text = "clamp",
     .help = "where the shape exceeds the cap: clamp, it is cut and then jittered; exact, the wait is the cap, without "
             "jitter (AWS SDK for Go v2); redraw, a jittered wait above the cap becomes U(cap/2, cap) (AWS SDK for Go "
             "v1); stop, the wait before it is the last and ends in failure (Kubernetes)"},
    {"jitter", FIELD_MAP, offsetof(struct backoff, jitter), .record = &jitter_record, .text = "none",
     .help = "how the wait is randomised"},
    {"max_wait", FIELD_DURATION, offsetof(struct backoff, max_wait_ns), .max = (double)BACKOFF_LONGEST_NS,
     .text = "none", .word = "none",
     .help = "longest wait, jitter included: longer draws all become exactly this, together"},
    {"min_wait", FIELD_DURATION, offsetof(struct backoff, min_wait_ns), .max = (double)BACKOFF_LONGEST_NS, .text = "0s",
     .help = "shortest wait, jitter included (not of a first zero)"},
    {"round_to", FIELD_DURATION, offsetof(struct backoff, round_to_ns), .max = (double)BACKOFF_LONGEST_NS, .min = 1,
     .text = "none", .word = "none", .help = "waits are multiples of this: 1ms for libraries that count milliseconds"},
    {"rounding", FIELD_ENUM, offsetof(struct backoff, rounding), .names = roundings, .text = "down",
     .help = "to a multiple of round_to: down, by cutting, so that full jitter of 25ms draws 0 .. 24ms (Envoy, AWS "
             "Java); nearest (node-retry); inclusive, down, but a draw may give its upper end, too (resilience4j)"},
    {0},
};

const struct record backoff_record = {"a backoff", sizeof(struct backoff), fields, "shape", prepare};
