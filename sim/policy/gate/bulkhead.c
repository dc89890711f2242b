/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate bulkhead: at most so many under way; a few may wait for a place, first come first served. */
#include "policy/gate/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(int64_t);
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_bulkhead *p = parameters;
    int64_t *in_flight = self;
    bool first = in->again || in->waiting == 0;
    if (*in_flight < p->max && first) {
        ++*in_flight;
        return gate_admit();
    }
    if (!in->again && in->waiting >= p->queue)
        return gate_refuse();
    return (struct gate_answer){GATE_WAIT, p->max_wait_ns, -1};
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    (void)parameters, (void)out;
    --*(int64_t *)self;
}

static const char *not_at_service(const void *parameters)
{
    return ((const struct gate_bulkhead *)parameters)->queue > 0
               ? "queue: at a service nobody waits in front of a gate; its own queue is the line"
               : NULL;
}

static const struct field fields[] = {
    {"max", FIELD_COUNT, offsetof(struct gate_bulkhead, max), .min = 1, .max = 1e9, .help = "under way at most"},
    {"queue", FIELD_COUNT, offsetof(struct gate_bulkhead, queue), .min = 0, .max = 1e9, .text = "0",
     .word = "unlimited", .help = "waiting for a place at most; not at a service, where the queue does that"},
    {"max_wait", FIELD_DURATION, offsetof(struct gate_bulkhead, max_wait_ns), .min = 1, .max = 1e15, .text = "none",
     .word = "none", .help = "longest wait for a place"},
    {0},
};

const struct gate_row gate_bulkhead = {
    .row = {.name = "bulkhead",
            .summary = "at most so many under way; a few may wait for a place",
            .formula = "admitted if under way < max, else waits if fewer than queue do",
            .source = "resilience4j (25, no wait), Hystrix (10), Polly (1000)",
            .fields = fields,
            .size = sizeof(struct gate_bulkhead)},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
    .waits = true,
    .not_at_service = not_at_service,
};
