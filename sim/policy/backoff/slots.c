/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape slots: the window of Ethernet's binary exponential backoff, in slots. With full jitter, rounded down to the
 * slot, the wait is one of 0 .. 2^min(n, most) - 1 slots. */
#include "policy/backoff/rows.h"

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_slots *)parameters)->slot_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    const struct shape_slots *p = parameters;
    uint64_t exponent = retry < p->most ? retry : (uint64_t)p->most;
    return shape_saturate_ns(base_ns(p) * shape_power(2, exponent));
}

static const struct field fields[] = {
    {"slot", FIELD_DURATION, offsetof(struct shape_slots, slot_ns), .min = 1, .max = (double)BACKOFF_LONGEST_NS,
     .text = "51200ns", .help = "one slot: 512 bit times, 51.2 us at 10 Mb/s"},
    {"most", FIELD_COUNT, offsetof(struct shape_slots, most), .min = 1, .max = 60, .text = "10",
     .help = "the window doubles until it has 2^most slots"},
    {0},
};

const struct shape_row shape_slots = {
    .row = {.name = "slots",
            .summary = "a window of slots that doubles with each collision: add jitter full and round_to one slot",
            .formula = "d(n) = slot * 2^min(n, most)",
            .source = "IEEE 802.3 truncated binary exponential backoff (attempts: 16)",
            .fields = fields,
            .size = sizeof(struct shape_slots)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
