/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/hedge.h"

static const char *const afters[] = {"delay", "quantile", "attempt-timeout", NULL};
static const char *const on_failures[] = {"next", "wait", NULL};

static const char *prepare(void *self)
{
    const struct hedge *hedge = self;
    return hedge->after == HEDGE_AFTER_DELAY && hedge->delay_ns == 0
               ? "give it a delay above 0, or 'after: quantile'"
               : NULL;
}

static const struct field fields[] = {
    {"delay", FIELD_DURATION, offsetof(struct hedge, delay_ns), .max = 3.15576e18, .text = "0s",
     .help = "time between two sends; with 'after: quantile' the least"},
    {"after", FIELD_ENUM, offsetof(struct hedge, after), .names = afters, .text = "delay",
     .help = "the next is sent after the delay, after a quantile of the latencies seen, or when the attempt times out "
             "(which is then not given up)"},
    {"quantile", FIELD_RATIO, offsetof(struct hedge, quantile), .min = 0.01, .max = 0.9999, .text = "95%",
     .help = "of the latencies of the population's good requests"},
    {"refresh", FIELD_DURATION, offsetof(struct hedge, refresh_ns), .min = 1, .max = 3.15576e18, .text = "3s",
     .help = "how often the quantile is read"},
    {"extra", FIELD_COUNT, offsetof(struct hedge, extra), .min = 1, .max = HEDGES_MAX, .text = "1",
     .help = "hedges of a request at most"},
    {"on_failure", FIELD_ENUM, offsetof(struct hedge, on_failure), .names = on_failures, .text = "next",
     .help = "when an attempt fails: send the next hedge at once, or let the schedule go on"},
    {"ask_budget", FIELD_BOOL, offsetof(struct hedge, ask_budget), .text = "true",
     .help = "a hedge must be granted by the budgets, like a retry"},
    {0},
};

const struct record hedge_record = {"hedging", sizeof(struct hedge), fields, NULL, prepare};
