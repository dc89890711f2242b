/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_RATE_ROWS_H
#define MODEL_RATE_ROWS_H

#include "model/rate.h"

extern const struct rate_row rate_constant, rate_amdahl, rate_usl, rate_memory;

#endif
