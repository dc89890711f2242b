/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CoDel as services use it: while not even the luckiest of an interval waited less than the target, long waits are cut
 * off. No drop rate that grows with time, as in CoDel for packets. */
#include "model/drop/rows.h"

struct codel {
    int64_t target_ns, interval_ns;
};

/* At the first attempt after the end of an interval: what it says about the queue. */
static void end_interval(const struct codel *p, struct drop_state *state, int64_t now_ns)
{
    state->overloaded = state->least_wait_ns > p->target_ns;
    state->interval_end_ns = now_ns + p->interval_ns;
    state->sampled = false;
}

static bool drops(struct world *world, struct service *service, const struct attempt *attempt)
{
    const struct codel *p = drop_parameters(service);
    struct drop_state *state = &service->dropping;
    int64_t wait_ns = world->now_ns - attempt->arrived_ns;
    if (state->sampled && world->now_ns > state->interval_end_ns)
        end_interval(p, state, world->now_ns);
    if (!state->sampled) {
        state->sampled = true;
        state->least_wait_ns = wait_ns;
        return false;
    }
    if (wait_ns < state->least_wait_ns)
        state->least_wait_ns = wait_ns;
    return state->overloaded && wait_ns > 2 * p->target_ns;
}

static const struct field fields[] = {
    {"target", FIELD_DURATION, offsetof(struct codel, target_ns), .min = 1, .max = 3.6e12, .text = "5ms",
     .help = "a wait that is fine; must be above what chance alone makes (HBase raised it to 100ms)"},
    {"interval", FIELD_DURATION, offsetof(struct codel, interval_ns), .min = 1, .max = 3.6e12, .text = "100ms",
     .help = "time over which the least wait is taken"},
    {0}};

const struct drop_row drop_codel = {
    .row = {.name = "codel",
            .summary = "when nobody waited less than the target for an interval, waits above twice that are dropped",
            .formula = "overloaded := least wait of the last interval > target; while overloaded drop if wait > 2 x "
                       "target; the first attempt of an interval is never dropped",
            .source = "folly Codel (Facebook); Nichols and Jacobson, Controlling Queue Delay (2012) for the idea",
            .fields = fields, .size = sizeof(struct codel)},
    .drops = drops,
};
