/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals whose rate goes up and down like day and night: a sine. Work = expected arrivals, so a gap ends
 * where the integral of the rate has grown by an exponential draw (time change; exact, no thinning). */
#include <math.h>

#include "model/arrival/pieces.h"
#include "model/arrival/rows.h"

struct diurnal {
    double rate_per_s, amplitude;
    int64_t period_ns, phase_ns;
};

static const struct field fields[] = {
    {"rate", FIELD_RATE, offsetof(struct diurnal, rate_per_s), .min = 1e-9, .max = 1e9,
     .help = "the whole population's rate on average"},
    {"amplitude", FIELD_RATIO, offsetof(struct diurnal, amplitude), .min = 0, .max = 1, .text = "50%",
     .help = "how far the rate goes up and down, as a part of the average"},
    {"period", FIELD_DURATION, offsetof(struct diurnal, period_ns), .min = 1, .max = 8.64e17, .text = "24h",
     .help = "from one peak to the next"},
    {"phase", FIELD_DURATION, offsetof(struct diurnal, phase_ns), .text = "0s",
     .help = "how far into its period the run begins: 0s on the average and rising, a quarter of it at the peak"},
    {0}};

static const double TURN = 6.283185307179586;

/* The angle of the sine after a span; whole periods are left out while time is still a whole number. */
static double angle_at(const struct diurnal *p, int64_t ns)
{
    int64_t into_ns = (ns % p->period_ns + p->phase_ns % p->period_ns) % p->period_ns;
    return TURN * (double)into_ns / (double)p->period_ns;
}

static double angle_of(const struct diurnal *p, double span)
{
    return TURN * fmod(span, (double)p->period_ns) / (double)p->period_ns;
}

static double rate_per_ns(const struct diurnal *p, double angle)
{
    return p->rate_per_s * 1e-9 * (1 + p->amplitude * sin(angle));
}

/* Expected arrivals in a span of time that begins at an angle: the average's, and what the sine adds. */
static double work_in(const struct diurnal *p, double from, double span)
{
    double half = angle_of(p, span) / 2;
    double sine = 2 * sin(from + half) * sin(half);   /* cos(from) - cos(from + 2 half), without cancellation */
    return p->rate_per_s * 1e-9 * (span + p->amplitude * (double)p->period_ns / TURN * sine);
}

/* The span that does the work, by Newton's steps, or by halves where these would leave the range. The average's span
 * is off by no more than amplitude x period / pi. */
static double span_for(const struct diurnal *p, double from, double work)
{
    const double fine = 0.25;
    double span = work / (p->rate_per_s * 1e-9), stray = 2 * p->amplitude * (double)p->period_ns / TURN;
    double low = fmax(0, span - stray), high = span + stray;
    while (high - low > fine) {
        double over = work_in(p, from, span) - work;
        double next = span - over / rate_per_ns(p, from + angle_of(p, span));
        *(over > 0 ? &high : &low) = span;
        if (fabs(next - span) < fine)
            return next;
        span = next > low && next < high ? next : low + (high - low) / 2;
    }
    return span;
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    const struct diurnal *p = parameters;
    if (factor <= 0)
        return INT64_MAX;
    double span_ns = span_for(p, angle_at(p, from_ns), work / factor);
    return from_ns + law_round_ns(span_ns > 0 ? span_ns : 0);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    const struct diurnal *p = parameters;
    return work_in(p, angle_at(p, from_ns), (double)(to_ns - from_ns)) * factor;
}

const struct arrival_row arrival_diurnal = {
    .row = {.name = "diurnal", .summary = "independent callers at a rate that goes up and down like day and night",
            .formula = "rate(t) = rate (1 + amplitude sin(2 pi (t + phase) / period)); exact, by its integral",
            .source = "Cinlar, Introduction to Stochastic Processes (1975), 4.7", .fields = fields,
            .size = sizeof(struct diurnal)},
    .draw_work = pieces_draw_work, .finish_ns = finish_ns, .progress = progress,
};
