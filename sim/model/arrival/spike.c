/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals at a constant rate, multiplied while a spike lasts; spikes may come again and again. */
#include "model/arrival/pieces.h"
#include "model/arrival/rows.h"

struct spike {
    double rate_per_s, factor;
    int64_t at_ns, for_ns, every_ns;   /* every: INT64_MAX: once */
};

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct spike, rate_per_s), .min = 1e-9, .max = 1e9,
     .help = "the whole population's rate outside the spikes"},
    {"factor", FIELD_REAL, offsetof(struct spike, factor), .min = 0, .max = 1e6,
     .help = "in a spike the rate is multiplied by this"},
    {"at", FIELD_DURATION, offsetof(struct spike, at_ns), .help = "when the first spike begins"},
    {"for", FIELD_DURATION, offsetof(struct spike, for_ns), .help = "how long a spike lasts"},
    {"every", FIELD_DURATION, offsetof(struct spike, every_ns), .text = "never", .word = "never",
     .help = "time from the beginning of a spike to that of the next; never: there is one"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct spike *p = parameters;
    return p->every_ns > p->for_ns ? NULL : "every: the next spike would begin before the last has ended";
}

static bool repeats(const struct spike *p) { return p->every_ns < INT64_MAX; }

static struct piece piece_at(const void *parameters, int64_t ns)
{
    const struct spike *p = parameters;
    double base = p->rate_per_s * 1e-9;
    if (ns < p->at_ns)
        return (struct piece){p->at_ns, base, 0};
    int64_t begin_ns = repeats(p) ? ns - (ns - p->at_ns) % p->every_ns : p->at_ns;
    if (ns - begin_ns < p->for_ns)
        return (struct piece){begin_ns + p->for_ns, base * p->factor, 0};
    return (struct piece){repeats(p) ? begin_ns + p->every_ns : INT64_MAX, base, 0};
}

static struct rate rate_of(const void *parameters)
{
    const struct spike *p = parameters;
    struct rate rate = {.at = piece_at, .parameters = parameters};
    if (repeats(p)) {
        double spike = (double)p->for_ns * p->factor, rest = (double)(p->every_ns - p->for_ns);
        rate.cycle_from_ns = p->at_ns;
        rate.cycle_ns = p->every_ns;
        rate.cycle_work = p->rate_per_s * 1e-9 * (spike + rest);
    }
    return rate;
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    struct rate rate = rate_of(parameters);
    return pieces_finish_ns(&rate, from_ns, work, factor);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    struct rate rate = rate_of(parameters);
    return pieces_progress(&rate, from_ns, to_ns, factor);
}

const struct arrival_row arrival_spike = {
    .row = {.name = "spike", .summary = "independent callers at a rate that is multiplied now and then, for a while",
            .formula = "rate(t) = rate x factor in [at + k every, at + k every + for), otherwise rate",
            .source = "Cinlar, Introduction to Stochastic Processes (1975), 4.7", .fields = fields,
            .size = sizeof(struct spike), .prepare = prepare},
    .draw_work = pieces_draw_work, .finish_ns = finish_ns, .progress = progress,
};
