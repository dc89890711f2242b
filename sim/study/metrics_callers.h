/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metrics of callers, one population's or all together; used by metrics.c only. */
#ifndef STUDY_METRICS_CALLERS_H
#define STUDY_METRICS_CALLERS_H

#include "study/metrics.h"

size_t metrics_callers_count(void);
const struct metric_info *metrics_callers_info(size_t index);

#endif
