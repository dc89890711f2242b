/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_ARRIVAL_ROWS_H
#define MODEL_ARRIVAL_ROWS_H

#include "model/arrival.h"

extern const struct arrival_row arrival_poisson, arrival_renewal, arrival_piecewise, arrival_ramp, arrival_spike,
    arrival_diurnal, arrival_trace, arrival_burst;

#endif
