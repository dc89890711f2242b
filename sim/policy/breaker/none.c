/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker none: always closed. */
#include "policy/breaker/rows.h"

static size_t state_size(const void *parameters)
{
    (void)parameters;
    return 0;
}

const struct breaker_row breaker_none = {
    .row = {.name = "none", .summary = "no breaker: every attempt is sent"},
    .state_size = state_size,
};
