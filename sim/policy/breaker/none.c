/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker none: always closed. */
#include "policy/breaker/rows.h"

const struct breaker_row breaker_none = {
    .row = {.name = "none", .summary = "no breaker: every attempt is sent"},
};
