/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time limit for the queue that is generous while the queue is empty now and then, and tight when it never is. */
#include "model/drop/rows.h"

struct queue_timeout {
    int64_t target_ns, interval_ns;
};

/* The limit is set when an attempt joins (in started_clock_ns, which is free until it starts). */
static void joined(struct world *world, struct service *service, struct attempt *attempt)
{
    const struct queue_timeout *p = drop_parameters(service);
    if (service->in_queue.value == 1)
        service->dropping.emptied_ns = world->now_ns;
    bool standing = world->now_ns - service->dropping.emptied_ns > p->interval_ns;
    attempt->started_clock_ns = standing ? p->target_ns : p->interval_ns;
}

static bool drops(struct world *world, struct service *service, const struct attempt *attempt)
{
    (void)service;
    int64_t wait_ns = world->now_ns - attempt->arrived_ns;
    return attempt->phase == ATTEMPT_QUEUED && wait_ns > attempt->started_clock_ns;
}

static const struct field fields[] = {
    {"target", FIELD_DURATION, offsetof(struct queue_timeout, target_ns), .min = 1, .max = 3.6e12, .text = "5ms",
     .help = "longest wait while the queue never gets empty (M)"},
    {"interval", FIELD_DURATION, offsetof(struct queue_timeout, interval_ns), .min = 1, .max = 3.6e12,
     .text = "100ms", .help = "longest wait otherwise, and the time without an empty queue that makes it tight (N)"},
    {0}};

const struct drop_row drop_queue_timeout = {
    .row = {.name = "queue-timeout",
            .summary = "a time limit for the queue, tight once the queue has not been empty for an interval",
            .formula = "limit at arrival = target if the queue was last empty more than interval ago, else interval",
            .source = "Maurer, Fail at Scale (ACM Queue 2015): controlled delay with M = 5 ms, N = 100 ms",
            .fields = fields, .size = sizeof(struct queue_timeout)},
    .drops = drops,
    .joined = joined,
};
