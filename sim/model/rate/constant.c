/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The constant rate: the workers do not get in each other's way. */
#include "model/rate/rows.h"

const struct rate_row rate_constant = {
    .row = {.name = "constant", .summary = "each worker is as fast as ever, however many are busy",
            .formula = "X(n) = n / S"},
};
