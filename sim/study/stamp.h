/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a result says about its own making. No time and no host: the same run gives the same bytes. */
#ifndef STUDY_STAMP_H
#define STUDY_STAMP_H

#include "study/result.h"

struct stamp stamp_make(struct arena *arena, const char *path, const char *text, size_t size, uint64_t seed,
                        const char *command, const char *const *sets, size_t set_count);

const char *stamp_version(void);
const char *stamp_commit(void);

#endif
