/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate cpu: the busier the workers, the fewer priorities get in.
 *
 * The share of busy workers, averaged over time, has a threshold for each priority; those beyond the list have the last
 * one's. A worker that waits for something else counts as busy here; a processor would be idle then. */
#include "policy/gate/busy.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_busy);
}

static double threshold_of(const struct gate_cpu *p, uint32_t priority)
{
    const struct gate_busy_threshold *thresholds = p->thresholds.items;
    return thresholds[priority < p->thresholds.count ? priority : p->thresholds.count - 1].busy;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_cpu *p = parameters;
    double busy = gate_busy_now(self, in->signals, in->now_ns, p->average_ns);
    return busy >= threshold_of(p, in->priority) ? gate_refuse() : gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    gate_busy_now(self, out->signals, out->now_ns, ((const struct gate_cpu *)parameters)->average_ns);
}

static const char *prepare(void *parameters)
{
    const struct gate_cpu *p = parameters;
    return p->thresholds.count == 0 ? "thresholds: one for each priority is needed, such as [95%, 80%, 60%]" : NULL;
}

static const struct field threshold_fields[] = {
    {"busy", FIELD_RATIO, offsetof(struct gate_busy_threshold, busy), .min = 0, .max = 1,
     .help = "share of busy workers from which this priority is refused"},
    {0},
};

static const struct record threshold_record = {"a threshold", sizeof(struct gate_busy_threshold), threshold_fields,
                                               NULL, NULL};

static const struct field fields[] = {
    {"thresholds", FIELD_LIST, offsetof(struct gate_cpu, thresholds), .record = &threshold_record,
     .one_or_many = true,
     .help = "share of busy workers from which a priority is refused, the most critical (0) first, such as [95%, 80%, "
             "60%]"},
    {"average", FIELD_DURATION, offsetof(struct gate_cpu, average_ns), .min = 1e6, .max = 1e12, .text = "1s",
     .help = "time over which the share is averaged"},
    {0},
};

const struct gate_row gate_cpu = {
    .row = {.name = "cpu",
            .summary = "the busier the workers, the fewer priorities get in",
            .formula = "refused if busy workers / workers, averaged, >= threshold of the priority",
            .source = "Netflix, prioritised load shedding at the service",
            .fields = fields,
            .size = sizeof(struct gate_cpu),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
    .looks_at_service = true,
    .counts_workers = true,
};
