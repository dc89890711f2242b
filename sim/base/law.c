/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A law in a scenario, and the calls that go through its row. */
#include "base/law.h"

#include <math.h>

static const struct field fields[] = {
    {"law", FIELD_CHOICE, offsetof(struct law, choice), .table = &law_table,
     .help = "the shape of the distribution; a bare duration is the fixed law"},
    {0},
};

const struct record law_record = {
    .what = "a law of durations",
    .size = sizeof(struct law),
    .fields = fields,
    .shorthand = "law",
};

static const struct law_row *row_of(const struct law *law)
{
    return (const struct law_row *)law->choice.row;
}

double law_mean_ns(const struct law *law)
{
    return row_of(law)->mean_ns(law->choice.parameters);
}

int64_t law_draw_other_ns(const struct law *law, struct stream *stream)
{
    return law_round_ns(row_of(law)->draw_ns(law->choice.parameters, stream));
}

double law_bisect_ns(double (*below)(const void *parameters, double ns), const void *parameters, double p)
{
    const double finest_ns = 1e-3;
    if (!(p > 0))
        return 0;
    if (p >= 1)
        return INFINITY;
    double low = 0, high = finest_ns;
    while (below(parameters, high) < p && isfinite(high)) {
        low = high;
        high *= 2;
    }
    double middle = low + (high - low) / 2;
    while (high > finest_ns && middle > low && middle < high) {
        if (below(parameters, middle) < p)
            low = middle;
        else
            high = middle;
        middle = low + (high - low) / 2;
    }
    return high;
}
