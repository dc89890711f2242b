/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/arrival/rows.h"

static const struct row *const rows[] = {
    &arrival_poisson.row,
    &arrival_renewal.row,
    &arrival_piecewise.row,
    &arrival_ramp.row,
    &arrival_spike.row,
    &arrival_diurnal.row,
    &arrival_trace.row,
    &arrival_burst.row,
    NULL,
};

const struct table arrival_table = {"arrival", "when an open-loop population sends its next request", rows, NULL};
