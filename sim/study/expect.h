/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `expect:` lines: what must come out, judged on the mean over the replications. An undefined metric fails. */
#ifndef STUDY_EXPECT_H
#define STUDY_EXPECT_H

#include "scenario/scenario.h"
#include "study/result.h"

void expect_judge(struct result *result, const struct scenario *scenario);

#endif
