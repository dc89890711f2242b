/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FAULT_ROWS_H
#define MODEL_FAULT_ROWS_H

#include "model/fault.h"

extern const struct fault_row fault_set, fault_scale;
extern const struct fault_row fault_outage, fault_stall, fault_kill, fault_deploy;
extern const struct fault_row fault_capacity, fault_speed, fault_errors;
extern const struct fault_row fault_latency, fault_loss, fault_partition;
extern const struct fault_row fault_load, fault_disconnect, fault_clients_restart;
extern const struct fault_row fault_flush, fault_ring_change;

#endif
