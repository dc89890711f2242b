/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/advice/rows.h"

const struct advice_row advice_none = {.row = {.name = "none", .summary = "nothing"}};
