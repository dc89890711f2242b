/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the disciplines with a lane for each priority share: lane i holds priority i, 0 the most critical. */
#ifndef MODEL_DISCIPLINE_CLASSES_H
#define MODEL_DISCIPLINE_CLASSES_H

#include "model/discipline.h"

uint32_t classes_count(const void *parameters, const struct model_config *config);
uint32_t classes_lane_of(const struct world *world, const struct service *service, const struct attempt *attempt);
/* The least critical class that waits, if it is less critical than `lane`; else NONE. */
uint32_t classes_below(const struct waiting *waiting, uint32_t lane);

#endif
