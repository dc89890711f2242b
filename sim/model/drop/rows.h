/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_DROP_ROWS_H
#define MODEL_DROP_ROWS_H

#include "model/drop.h"

extern const struct drop_row drop_none, drop_expired, drop_codel, drop_queue_timeout;

#endif
