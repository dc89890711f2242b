/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_REFRESH_ROWS_H
#define MODEL_REFRESH_ROWS_H

#include "model/refresh.h"

extern const struct refresh_row refresh_none, refresh_early, refresh_threshold;

#endif
