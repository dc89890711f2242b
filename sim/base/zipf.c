/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zipf.h"

#include <math.h>

/* (e^t - 1) / t and ln(1 + t) / t, both 1 at t = 0. */
static double expm1_by(double t) { return fabs(t) > 1e-9 ? expm1(t) / t : 1 + t / 2; }
static double log1p_by(double t) { return fabs(t) > 1e-9 ? log1p(t) / t : 1 - t / 2; }

static double density(double exponent, double x) { return exp(-exponent * log(x)); }

/* The area under the density from 1 to x, and the x that it belongs to. */
static double area(double exponent, double x)
{
    double log_x = log(x);
    return expm1_by((1 - exponent) * log_x) * log_x;
}

static double inverse(double exponent, double area)
{
    double t = (1 - exponent) * area;
    return t > -1 ? exp(log1p_by(t) * area) : INFINITY;
}

struct zipf zipf_of(uint32_t count, double exponent)
{
    struct zipf zipf = {.exponent = exponent, .count = count, .top = area(exponent, count + 0.5)};
    zipf.span = zipf.top - (area(exponent, 1.5) - 1);
    zipf.sure = 2 - inverse(exponent, area(exponent, 2.5) - density(exponent, 2));
    return zipf;
}

static double nearest(const struct zipf *zipf, double x)
{
    double k = floor(x + 0.5);
    return k < 1 ? 1 : k > zipf->count ? zipf->count : k;
}

uint32_t zipf_draw(const struct zipf *zipf, struct stream *stream)
{
    if (zipf->exponent == 0)
        return (uint32_t)(stream_uniform(stream) * zipf->count);
    for (;;) {
        double below = zipf->top - stream_uniform(stream) * zipf->span;
        double x = zipf->exponent == 1 ? exp(below) : inverse(zipf->exponent, below);
        double k = nearest(zipf, x);
        if (k - x <= zipf->sure || below >= area(zipf->exponent, k + 0.5) - density(zipf->exponent, k))
            return (uint32_t)k - 1;
    }
}
