/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bins.h"

const char *const bin_count_names[BIN_COUNTS] = {
    "requests", "attempts", "first_attempts", "retries", "rejected", "served",
    "good",     "late",     "failed",         "timed_out", "denied_retries",
};
