/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate priority-cutoff: DAGOR. One line through all priorities and all callers; what is below it is refused.
 *
 *     level = priority x users + hash(caller, hour) mod users           0 is the most critical
 *
 * At the end of each window (a second, or window_requests arrivals) with mean wait d and N arrivals:
 *     d > threshold:   the cutoff falls, level by level, until (1 - alpha) of what was admitted would be
 *     otherwise:       it rises until what was admitted, and beta N more, would be
 * as the window's arrivals were spread over the levels. The caller's place among the `users` sublevels is drawn anew
 * each `rehash`, so that it is not always the same ones; and since it is the same for all calls of a caller in that
 * time, a request that needs several calls is either let through or refused at its first.
 *
 * DAGOR tells its callers the cutoff with each answer, and they refuse by it themselves: `reject_cost: 0s` is that, but
 * for the way. (The cutoff must see what is refused: without those arrivals it would not know how far to rise.) */
#include "policy/gate/rows.h"

static int64_t level_count(const struct gate_priority_cutoff *p) { return p->priorities * p->users; }

static size_t state_size(const void *parameters)
{
    return sizeof(struct gate_priority_cutoff_state) + (size_t)level_count(parameters) * sizeof(uint32_t);
}

static void init(const void *parameters, void *self)
{
    const struct gate_priority_cutoff *p = parameters;
    struct gate_priority_cutoff_state *state = self;
    state->cutoff = level_count(p) - 1;
    state->end_ns = p->window_ns;
}

static int64_t level_of(const struct gate_priority_cutoff *p, const struct gate_in *in)
{
    uint64_t hash = stream_mix((uint64_t)(in->now_ns / p->rehash_ns) * UINT64_C(0x9e3779b97f4a7c15) + in->caller + 1);
    int64_t priority = in->priority < p->priorities ? in->priority : p->priorities - 1;
    return priority * p->users + (int64_t)(hash % (uint64_t)p->users);
}

static void lower(const struct gate_priority_cutoff *p, struct gate_priority_cutoff_state *state)
{
    double expected = (1 - p->alpha) * (double)state->admitted, would = (double)state->admitted;
    for (; would > expected && state->cutoff > 0; state->cutoff--)
        would -= state->levels[state->cutoff];
}

static void raise(const struct gate_priority_cutoff *p, struct gate_priority_cutoff_state *state)
{
    double expected = (double)state->admitted + p->beta * (double)state->arrived, would = (double)state->admitted;
    while (would < expected && state->cutoff < level_count(p) - 1)
        would += state->levels[++state->cutoff];
}

static double mean_wait_ns(const struct gate_priority_cutoff_state *state, const struct gate_signals *signals)
{
    return state->waited > 0 ? state->wait_sum_ns / (double)state->waited : (double)signals->oldest_wait_ns;
}

static void end_window(const struct gate_priority_cutoff *p, struct gate_priority_cutoff_state *state,
                       const struct gate_in *in)
{
    if (mean_wait_ns(state, in->signals) > (double)p->threshold_ns)
        lower(p, state);
    else
        raise(p, state);
    state->end_ns = in->now_ns + p->window_ns;
    state->arrived = state->admitted = state->waited = 0;
    state->wait_sum_ns = 0;
    for (int64_t i = 0; i < level_count(p); i++)
        state->levels[i] = 0;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_priority_cutoff *p = parameters;
    struct gate_priority_cutoff_state *state = self;
    if (in->now_ns >= state->end_ns || state->arrived >= p->window_requests)
        end_window(p, state, in);
    int64_t level = level_of(p, in);
    state->levels[level]++;
    state->arrived++;
    if (level > state->cutoff)
        return gate_refuse();
    state->admitted++;
    return gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    struct gate_priority_cutoff_state *state = self;
    (void)parameters;
    if (out->queue_wait_ns < 0)
        return;
    state->waited++;
    state->wait_sum_ns += (double)out->queue_wait_ns;
}

static const char *prepare(void *parameters)
{
    return level_count(parameters) > 1000000 ? "priorities x users is above 1000000" : NULL;
}

static const struct field fields[] = {
    {"threshold", FIELD_DURATION, offsetof(struct gate_priority_cutoff, threshold_ns), .min = 0, .max = 1e15,
     .text = "20ms", .help = "mean wait in the queue that is an overload"},
    {"window", FIELD_DURATION, offsetof(struct gate_priority_cutoff, window_ns), .min = 1e6, .max = 1e13,
     .text = "1s", .help = "time after which the cutoff moves"},
    {"window_requests", FIELD_COUNT, offsetof(struct gate_priority_cutoff, window_requests), .min = 1, .max = 1e9,
     .text = "2000", .help = "arrivals after which it moves sooner"},
    {"alpha", FIELD_RATIO, offsetof(struct gate_priority_cutoff, alpha), .min = 0, .max = 1, .text = "5%",
     .help = "share of the admitted that a window of overload takes away"},
    {"beta", FIELD_RATIO, offsetof(struct gate_priority_cutoff, beta), .min = 0, .max = 1, .text = "1%",
     .help = "share of the arrivals that a good window adds"},
    {"priorities", FIELD_COUNT, offsetof(struct gate_priority_cutoff, priorities), .min = 1, .max = 1000, .text = "4",
     .help = "priorities there are; larger numbers count as the last one"},
    {"users", FIELD_COUNT, offsetof(struct gate_priority_cutoff, users), .min = 1, .max = 10000, .text = "128",
     .help = "sublevels of each priority, to which callers are hashed"},
    {"rehash", FIELD_DURATION, offsetof(struct gate_priority_cutoff, rehash_ns), .min = 1e6, .max = 1e16,
     .text = "1h", .help = "time after which callers get other sublevels"},
    {0},
};

const struct gate_row gate_priority_cutoff = {
    .row = {.name = "priority-cutoff",
            .summary = "one line through all priorities and callers, moved by the wait in the queue",
            .formula = "overloaded: admitted x (1 - alpha); else admitted + beta x arrivals; cutoff by the histogram",
            .source = "DAGOR (WeChat), Zhou et al., SoCC 2018",
            .fields = fields,
            .size = sizeof(struct gate_priority_cutoff),
            .prepare = prepare},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .init = init,
    .ask = ask,
    .leave = leave,
    .looks_at_service = true,
    .tells_clients_apart = true,
};
