/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No refresh: values live to the end of their TTL. */
#include "model/refresh/rows.h"

const struct refresh_row refresh_none = {.row = {.name = "none", .summary = "values are fetched when they are missed"}};
