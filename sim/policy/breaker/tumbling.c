/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker tumbling: trips on what happened since the present window of time began; then all is forgotten at once.
 *
 *     starts: grid   windows follow each other without gaps: [0, W), [W, 2 W) ... of the breaker's grid
 *     starts: call   a window begins with a call, and the first call more than W later begins the next one; results
 *                    that arrive before that call still belong to the old one */
#include "policy/breaker/rows.h"

struct window {
    int64_t ends_ns; /* of the grid, or (starts: call) by the clock; 0: none has begun */
    struct breaker_tally tally;
};

static size_t counts_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct window);
}

static void begin(struct window *window, int64_t ends_ns)
{
    *window = (struct window){.ends_ns = ends_ns};
}

static void turn(const struct breaker_tumbling *p, struct window *window, const struct breaker_time *at)
{
    if (p->starts == STARTS_GRID && at->grid_ns >= window->ends_ns)
        begin(window, at->grid_ns - at->grid_ns % p->window_ns + p->window_ns);
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_tumbling *p = parameters;
    struct window *window = counts;
    turn(p, window, at);
    return trip_reached(&p->trip, &window->tally, at->age_ns);
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_tumbling *p = parameters;
    struct window *window = counts;
    turn(p, window, at);
    trip_count(&p->trip, &window->tally, p->out_of == OUT_OF_ANSWERS, sample);
    return is_bad(parameters, counts, at);
}

static bool hears_calls(const void *parameters)
{
    const struct breaker_tumbling *p = parameters;
    return p->starts == STARTS_CALL || p->out_of == OUT_OF_CALLS;
}

static void asked(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_tumbling *p = parameters;
    struct window *window = counts;
    turn(p, window, at);
    if (p->starts == STARTS_CALL && (window->ends_ns == 0 || at->now_ns > window->ends_ns))
        begin(window, at->now_ns + p->window_ns);
    window->tally.calls += p->out_of == OUT_OF_CALLS;
}

static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    const struct breaker_tumbling *p = parameters;
    const struct window *window = counts;
    int64_t ages_ns = trip_ages_ns(p->trip.min_age_ns, at);
    if (p->starts == STARTS_CALL || at->grid_ns >= window->ends_ns)
        return ages_ns;
    int64_t ends_ns = at->now_ns + (window->ends_ns - at->grid_ns);
    return ends_ns < ages_ns ? ends_ns : ages_ns;
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)parameters;
    (void)at;
    begin(counts, 0);
}

static const char *prepare(void *parameters)
{
    return trip_complaint(&((const struct breaker_tumbling *)parameters)->trip);
}

static const char *const starts_names[] = {"grid", "call", NULL};

static const struct field fields[] = {
    {"window", FIELD_DURATION, offsetof(struct breaker_tumbling, window_ns), .min = 1, .max = 1e18,
     .help = "length of a window"},
    {"starts", FIELD_ENUM, offsetof(struct breaker_tumbling, starts), .names = starts_names, .text = "grid",
     .help = "one after the other (see grid), or with the first call after the last one"},
    BREAKER_TRIP_FIELDS(struct breaker_tumbling, "0", NULL),
    BREAKER_OUT_OF_FIELD(struct breaker_tumbling, out_of),
    {0},
};

const struct breaker_row breaker_tumbling = {
    .row = {.name = "tumbling",
            .summary = "trips on the failures since the present window of time began",
            .formula =
                "bad when calls >= min_calls and failures >= `failures` or failures / calls >= ratio, in one window",
            .source = "Sentinel (1 s, grid: clock); Spring Retry (5 s, starts: call)",
            .fields = fields,
            .size = sizeof(struct breaker_tumbling),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .asked = asked,
    .hears_calls = hears_calls,
    .reset = reset,
    .on_grid = true,
};
