/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate bbr: when the workers are busy, no more under way than fits what passed at best in the least time it took.
 *
 *     refused if  (busy >= limit, or something was refused in the last cool_off)
 *            and  under way > most and its moving average > most
 *     most = max(1, most passed in a slice / slice x least mean latency of a slice) x clamp((1 - busy) / (1 - limit),
 *            0.1, 1)
 *
 * Over the closed slices of the window: throughput at its best times latency at its least is what the service holds
 * without a queue (Little's law). While nothing has passed yet the latency is taken for 1 s. */
#include "policy/gate/busy.h"

enum { PASSED, LATENCY, SUMS };

static size_t state_size(const void *parameters)
{
    return sizeof(struct gate_bbr_state) + rolling_size(&((const struct gate_bbr *)parameters)->shape);
}

static double most_in_flight(const struct gate_bbr *p, struct gate_bbr_state *state)
{
    double most_passed = 1, least_ns = 1e9;
    for (uint32_t age = 1; age < p->shape.slices; age++) {
        const int64_t *slice = rolling_slice(&p->shape, state->window, age);
        if (slice[PASSED] == 0)
            continue;
        most_passed = fmax(most_passed, (double)slice[PASSED]);
        least_ns = fmin(least_ns, (double)slice[LATENCY] / (double)slice[PASSED]);
    }
    return fmax(1, most_passed / (double)p->shape.slice_ns * least_ns);
}

static bool is_hot(const struct gate_bbr *p, struct gate_bbr_state *state, int64_t now_ns, double busy)
{
    if (busy >= p->busy) {
        state->hot_ns = now_ns;
        return true;
    }
    state->refused &= now_ns - state->hot_ns < p->cool_off_ns;
    return state->refused;
}

static struct gate_answer ask(const void *parameters, void *self, const struct gate_in *in)
{
    const struct gate_bbr *p = parameters;
    struct gate_bbr_state *state = self;
    double busy = gate_busy_now(&state->busy, in->signals, in->now_ns, p->average_ns);
    rolling_move(&p->shape, state->window, in->now_ns);
    if (is_hot(p, state, in->now_ns, busy)) {
        double most = most_in_flight(p, state) * gate_between((1 - busy) / (1 - p->busy), 0.1, 1);
        if (state->average_in_flight > most && (double)state->in_flight > most) {
            state->refused = true;
            return gate_refuse();
        }
    }
    state->in_flight++;
    return gate_admit();
}

static void leave(const void *parameters, void *self, const struct gate_out *out)
{
    const struct gate_bbr *p = parameters;
    struct gate_bbr_state *state = self;
    gate_busy_now(&state->busy, out->signals, out->now_ns, p->average_ns);
    rolling_move(&p->shape, state->window, out->now_ns);
    state->in_flight--;
    state->average_in_flight = state->average_in_flight * p->decay + (double)state->in_flight * (1 - p->decay);
    if (!out->good)
        return;
    rolling_add(&p->shape, state->window, PASSED, 1);
    rolling_add(&p->shape, state->window, LATENCY, out->latency_ns);
}

static const char *prepare(void *parameters)
{
    struct gate_bbr *p = parameters;
    if (p->slices > p->window_ns)
        return "more slices than window has nanoseconds";
    p->shape = (struct rolling_shape){p->window_ns / p->slices, (uint32_t)p->slices, SUMS};
    return NULL;
}

static const struct field fields[] = {
    {"busy", FIELD_RATIO, offsetof(struct gate_bbr, busy), .min = 0.01, .max = 0.999, .text = "90%",
     .help = "share of busy workers from which it looks closer"},
    {"average", FIELD_DURATION, offsetof(struct gate_bbr, average_ns), .min = 1e6, .max = 1e12, .text = "5s",
     .help = "time over which that share is averaged"},
    {"window", FIELD_DURATION, offsetof(struct gate_bbr, window_ns), .min = 1e6, .max = 1e13, .text = "5s",
     .help = "time over which the best throughput and the least latency are looked for"},
    {"slices", FIELD_COUNT, offsetof(struct gate_bbr, slices), .min = 2, .max = 1000, .text = "50",
     .help = "parts of the window in which they are measured"},
    {"decay", FIELD_RATIO, offsetof(struct gate_bbr, decay), .min = 0, .max = 0.999, .text = "0.9",
     .help = "weight of the past in the moving average of what is under way"},
    {"cool_off", FIELD_DURATION, offsetof(struct gate_bbr, cool_off_ns), .min = 0, .max = 1e13, .text = "1s",
     .help = "time for which it goes on after the workers are not too busy any more"},
    {0},
};

const struct gate_row gate_bbr = {
    .row = {.name = "bbr",
            .summary = "when the workers are busy, no more under way than best throughput x least latency",
            .formula = "most = max passed / slice x min latency x clamp((1 - busy) / (1 - limit), 0.1, 1)",
            .source = "go-zero adaptive shedder; Kratos bbr",
            .fields = fields,
            .size = sizeof(struct gate_bbr),
            .prepare = prepare},
    .refusal = FAILURE_BULKHEAD_FULL,
    .rejection = FAILURE_OVERLOADED,
    .state_size = state_size,
    .ask = ask,
    .leave = leave,
    .looks_at_service = true,
    .counts_workers = true,
};
