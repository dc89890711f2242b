/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fault/rows.h"

static const struct row *const rows[] = {
    &fault_set.row,
    &fault_scale.row,
    &fault_outage.row,
    &fault_stall.row,
    &fault_kill.row,
    &fault_deploy.row,
    &fault_capacity.row,
    &fault_speed.row,
    &fault_errors.row,
    &fault_latency.row,
    &fault_loss.row,
    &fault_partition.row,
    &fault_load.row,
    &fault_disconnect.row,
    &fault_clients_restart.row,
    &fault_flush.row,
    &fault_ring_change.row,
    NULL,
};

const struct table fault_table = {"fault", "what goes wrong, when, for how long", rows, NULL};
