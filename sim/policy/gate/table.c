/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All gates: rates, what callers learn from answers, how many at the same time, priorities. */
#include "policy/gate/rows.h"

static const struct row *const rows[] = {
    &gate_none.row,
    &gate_token_bucket.row, &gate_leaky.row, &gate_cycle.row, &gate_fixed_window.row, &gate_sliding_window.row,
    &gate_sliding_log.row, &gate_warm_up.row,
    &gate_adaptive_throttle.row, &gate_nack_throttle.row, &gate_aws_adaptive.row,
    &gate_bulkhead.row, &gate_concurrency.row, &gate_aimd.row, &gate_vegas.row, &gate_gradient.row,
    &gate_gradient2.row, &gate_envoy_adaptive.row, &gate_bbr.row, &gate_credits.row,
    &gate_cpu.row, &gate_queue_delay.row, &gate_priority_cutoff.row,
    NULL};

const struct table gate_table = {"gate", "what may pass, at a client's or a service's end of an edge", rows,
                                 "token-bucket"};
