/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate queue-delay: the longer attempts wait, the fewer priorities get in.
 *
 * signal: average   mean wait of those that left in the last window; of the one that waits longest if none did
 * signal: oldest    wait so far of the one that waits longest
 * There is a threshold for each priority; those beyond the list have the last one's. */
#include "policy/gate/rows.h"

enum { WAITED, WAIT, SUMS };

static size_t state_size(const void *parameters)
{
    return rolling_size(&((const struct gate_queue_delay *)parameters)->shape);
}

static double signal_ns(const struct gate_queue_delay *p, int64_t *window, const struct gate_in *in)
{
    rolling_move(&p->shape, window, in->now_ns);
    const int64_t *sums = rolling_sums(window);
    if (p->signal == DELAY_OLDEST || sums[WAITED] == 0)
        return (double)in->signals->oldest_wait_ns;
    return (double)sums[WAIT] / (double)sums[WAITED];
}

static int64_t threshold_of(const struct gate_queue_delay *p, uint32_t priority)
{
    const struct gate_delay_threshold *thresholds = p->thresholds.items;
    return thresholds[priority < p->thresholds.count ? priority : p->thresholds.count - 1].delay_ns;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_queue_delay *p = parameters;
    return signal_ns(p, self, in) > (double)threshold_of(p, in->priority) ? gate_refuse() : gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_queue_delay *p = parameters;
    if (out->queue_wait_ns < 0)
        return;
    rolling_move(&p->shape, self, out->now_ns);
    rolling_add(&p->shape, self, WAITED, 1);
    rolling_add(&p->shape, self, WAIT, out->queue_wait_ns);
}

static const char *prepare(void *parameters)
{
    struct gate_queue_delay *p = parameters;
    if (p->thresholds.count == 0)
        return "thresholds: one for each priority is needed, such as [500ms, 100ms, 20ms]";
    if (p->slices > p->window_ns)
        return "more slices than window has nanoseconds";
    p->shape = (struct rolling_shape){p->window_ns / p->slices, (uint32_t)p->slices, SUMS};
    return NULL;
}

static const char *const signal_names[] = {"average", "oldest", NULL};

static const struct field threshold_fields[] = {
    {"delay", FIELD_DURATION, offsetof(struct gate_delay_threshold, delay_ns), .min = 0, .max = 1e15,
     .help = "wait above which this priority is refused"},
    {0},
};

static const struct record threshold_record = {"a threshold", sizeof(struct gate_delay_threshold), threshold_fields,
                                               NULL, NULL};

static const struct field fields[] = {
    {"thresholds", FIELD_LIST, offsetof(struct gate_queue_delay, thresholds), .record = &threshold_record,
     .one_or_many = true,
     .help = "wait above which a priority is refused, the most critical (0) first, such as [500ms, 100ms, 20ms]"},
    {"signal", FIELD_ENUM, offsetof(struct gate_queue_delay, signal), .names = signal_names, .text = "average",
     .help = "the mean wait of those that left in the last window, or the age of the one that waits longest"},
    {"window", FIELD_DURATION, offsetof(struct gate_queue_delay, window_ns), .min = 1e6, .max = 1e13, .text = "1s",
     .help = "time over which the mean is taken"},
    {"slices", FIELD_COUNT, offsetof(struct gate_queue_delay, slices), .min = 1, .max = 1000, .text = "10",
     .help = "parts of the window; it moves on by one of them at a time"},
    {0},
};

const struct gate_row gate_queue_delay = {
    .row = {.name = "queue-delay",
            .summary = "the longer attempts wait, the fewer priorities get in",
            .formula = "refused if mean wait (or age of the oldest) > threshold of the priority",
            .source = "SEDA; Google, AWS: shedding by queueing time",
            .fields = fields,
            .size = sizeof(struct gate_queue_delay),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
    .looks_at_service = true,
};
