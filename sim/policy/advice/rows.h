/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What services say with rejections: one file a row, listed in table.c. */
#ifndef POLICY_ADVICE_ROWS_H
#define POLICY_ADVICE_ROWS_H

#include "policy/advice.h"

struct advice_fixed {
    int64_t wait_ns;
};

struct advice_backlog {
    bool spread;
    int64_t max_ns;
};

struct advice_sessions {
    bool spread;
    int64_t max_ns;
};

extern const struct advice_row advice_none, advice_fixed, advice_gate, advice_backlog, advice_sessions;

#endif
