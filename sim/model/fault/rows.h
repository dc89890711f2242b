/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FAULT_ROWS_H
#define MODEL_FAULT_ROWS_H

#include "model/fault.h"

extern const struct fault_row fault_outage, fault_capacity, fault_speed, fault_errors, fault_load, fault_flush;

#endif
