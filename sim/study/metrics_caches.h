/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metrics of caches; used by metrics.c only. */
#ifndef STUDY_METRICS_CACHES_H
#define STUDY_METRICS_CACHES_H

#include "study/metrics.h"

size_t metrics_caches_count(void);
const struct metric_info *metrics_caches_info(size_t index);

#endif
