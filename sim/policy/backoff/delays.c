/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape table: the waits are written out; the last one repeats. */
#include "policy/backoff/rows.h"

static double at_index(const void *parameters, size_t index)
{
    const struct list *delays = &((const struct shape_table_of_delays *)parameters)->delays;
    const struct shape_delay *items = delays->items;
    return (double)items[index < delays->count ? index : delays->count - 1].delay_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    return at_index(parameters, retry - 1);
}

static double base_ns(const void *parameters)
{
    return at_index(parameters, 0);
}

static const char *prepare(void *parameters)
{
    const struct shape_table_of_delays *p = parameters;
    return p->delays.count > 0 ? NULL : "delays: at least one wait is needed, such as [1s, 2s, 4s]";
}

static const struct field delay_fields[] = {
    {"delay", FIELD_DURATION, offsetof(struct shape_delay, delay_ns), .min = 0, .max = (double)BACKOFF_LONGEST_NS,
     .help = "one wait"},
    {0},
};

static const struct record delay_record = {"a wait", sizeof(struct shape_delay), delay_fields, NULL, NULL};

static const struct field fields[] = {
    {"delays", FIELD_LIST, offsetof(struct shape_table_of_delays, delays), .record = &delay_record,
     .help = "the waits before retry 1, 2, ...; the last one repeats"},
    {0},
};

const struct shape_row shape_delays = {
    .row = {.name = "table",
            .summary = "the waits are written out, the last one repeats",
            .formula = "d(n) = delays[min(n, count)]",
            .source = "Linux TCP SYN retransmission since 6.5, for example",
            .fields = fields,
            .size = sizeof(struct shape_table_of_delays),
            .prepare = prepare},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
