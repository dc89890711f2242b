/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate credits: Breakwater. As many under way as there are credits; their number follows the wait in the queue.
 *
 *     every round trip, d the age of the attempt that waits longest:
 *     d < target:   credits + max(1, increase x clients)
 *     otherwise:    credits x max(1 - decrease x (d - target) / target, 0.5)
 *     on arrival:   refused without a credit, or if d > drop_at x target
 *
 * In Breakwater clients do not even send without a credit. Here they send and are refused; with `reject_cost: 0s` that
 * costs the service as little, and the caller only the way to it. */
#include "policy/gate/rows.h"

#include <math.h>

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct gate_credits_state);
}

static void init(const void *parameters, void *self)
{
    const struct gate_credits *p = parameters;
    struct gate_credits_state *state = self;
    state->credits = (double)p->start;
    state->next_ns = p->every_ns;
}

static void update(const struct gate_credits *p, struct gate_credits_state *state, const struct gate_in *in)
{
    double over = ((double)in->signals->oldest_wait_ns - (double)p->target_ns) / (double)p->target_ns;
    if (over < 0)
        state->credits += fmax(1, p->increase * (double)p->clients);
    else
        state->credits *= fmax(1 - p->decrease * over, 0.5);
    state->credits = gate_between(state->credits, 1, (double)p->max);
    state->next_ns = in->now_ns + p->every_ns;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_credits *p = parameters;
    struct gate_credits_state *state = self;
    if (in->now_ns >= state->next_ns)
        update(p, state, in);
    bool late = (double)in->signals->oldest_wait_ns > p->drop_at * (double)p->target_ns;
    if (late || state->in_flight >= (int64_t)state->credits)
        return gate_refuse();
    state->in_flight++;
    return gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    (void)parameters, (void)out;
    ((struct gate_credits_state *)self)->in_flight--;
}

static const char *prepare(void *parameters)
{
    const struct gate_credits *p = parameters;
    return p->start > p->max ? "start is above max" : NULL;
}

static const struct field fields[] = {
    {"target", FIELD_DURATION, offsetof(struct gate_credits, target_ns), .min = 1, .max = 1e15,
     .help = "wait in the queue that is fine: 4.5 to 8 times a short service time, 5 times 100 us"},
    {"every", FIELD_DURATION, offsetof(struct gate_credits, every_ns), .min = 1, .max = 1e15,
     .help = "time between updates: a round trip"},
    {"start", FIELD_COUNT, offsetof(struct gate_credits, start), .min = 1, .max = 1e9, .text = "1",
     .help = "credits at the start"},
    {"max", FIELD_COUNT, offsetof(struct gate_credits, max), .min = 1, .max = 1e9, .text = "1G",
     .help = "most credits"},
    {"clients", FIELD_COUNT, offsetof(struct gate_credits, clients), .min = 1, .max = 1e9, .text = "1",
     .help = "clients of the service"},
    {"increase", FIELD_RATIO, offsetof(struct gate_credits, increase), .min = 0, .max = 1, .text = "0.1%",
     .help = "credits more for each client, while the wait is below the target; at least one in all"},
    {"decrease", FIELD_RATIO, offsetof(struct gate_credits, decrease), .min = 0, .max = 1, .text = "2%",
     .help = "share of the credits less, for each target that the wait is above it"},
    {"drop_at", FIELD_REAL, offsetof(struct gate_credits, drop_at), .min = 1, .max = 1e6, .text = "2",
     .help = "wait / target above which everything is refused"},
    {0},
};

const struct gate_row gate_credits = {
    .row = {.name = "credits",
            .summary = "as many under way as there are credits, which follow the wait in the queue",
            .formula = "wait < target: + max(1, increase x clients); else x max(1 - decrease (wait - target) / target, "
                       "0.5)",
            .source = "Breakwater, Cho et al., OSDI 2020",
            .fields = fields,
            .size = sizeof(struct gate_credits),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
    .looks_at_service = true,
};
