/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/rows.h"

#include <stddef.h>

const struct output_row *const output_rows[] = {
    &output_load_csv,
    &output_summary_csv,
    &output_summary_json,
    &output_load,
    &output_goodput,
    &output_latency,
    &output_hop,
    NULL,
};
