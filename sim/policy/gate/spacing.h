/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times with 32 bits below the nanosecond, for permits at a rate.
 *
 * The interval between two permits, 1 / rate, is rounded up to 2^-32 ns: never more than burst + rate * t permits in
 * any time t, and 1e9 permits are late by at most 0.24 ns. */
#ifndef POLICY_GATE_SPACING_H
#define POLICY_GATE_SPACING_H

#include <math.h>
#include <stdint.h>

/* Also the longest wait: three of them still fit an int64_t. */
#define SPACING_LONGEST_NS INT64_C(1000000000000000000)

/* Nanoseconds and a fraction in 2^-32 ns. */
struct fine {
    int64_t ns, fraction;
};

static inline struct fine fine_carry(int64_t ns, int64_t fraction)
{
    return (struct fine){ns + (fraction >> 32), fraction & INT64_C(0xffffffff)};
}

static inline struct fine fine_add(struct fine a, struct fine b)
{
    return fine_carry(a.ns + b.ns, a.fraction + b.fraction);
}

static inline struct fine fine_less(struct fine a, struct fine b)
{
    return fine_carry(a.ns - b.ns, a.fraction - b.fraction);
}

static inline struct fine fine_later(struct fine a, int64_t ns) { return a.ns < ns ? (struct fine){ns, 0} : a; }

static inline int64_t fine_round_up(struct fine a) { return a.ns + (a.fraction > 0); }

/* 1e9 / rate, rounded up. The remainder of the division (exact, by fma) gives the digits a double has no room for. */
static inline struct fine fine_interval(double rate_per_s)
{
    double quotient = 1e9 / rate_per_s;
    double rest = fma(-quotient, rate_per_s, 1e9) / rate_per_s;
    double whole = floor(quotient);
    double fraction = ceil(((quotient - whole) + rest) * 0x1p32);
    return fine_carry((int64_t)whole, (int64_t)fraction);
}

static inline struct fine fine_times(struct fine step, int64_t count)
{
    if (count > SPACING_LONGEST_NS / (step.ns + 1))
        return (struct fine){SPACING_LONGEST_NS, 0};
    return fine_carry(step.ns * count, step.fraction * count);
}

#endif
