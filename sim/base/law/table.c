/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The laws of random durations; a new one is one file and one line here. */
#include "base/law/rows.h"

static const struct row *const rows[] = {
    &law_fixed.row,
    &law_exponential.row,
    &law_uniform.row,
    &law_lognormal.row,
    &law_normal.row,
    &law_gamma.row,
    &law_weibull.row,
    &law_pareto.row,
    &law_hyperexponential.row,
    &law_erlang.row,
    &law_empirical.row,
    NULL,
};

const struct table law_table = {
    .family = "law",
    .summary = "random durations: service, think time, latency, gaps between arrivals",
    .rows = rows,
    .shorthand = "fixed",
};
