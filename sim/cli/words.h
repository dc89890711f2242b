/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decoded policy, or a part of one, in words: one line a subject, indented by two. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "output/text.h"
#include "policy/policy.h"

void words_policy(const struct policy *policy);
void words_breaker(const struct breaker *breaker);
void words_budget(const struct budget *budget);
void words_gate(const struct gate *gate);

void words_failures(struct text *line, uint32_t set);      /* "timeout, reset" */

/* "LABEL text", the text broken at blanks to fit the width, its other lines under the first. */
void words_wrapped(const char *label, const char *text);

#endif
