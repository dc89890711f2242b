/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who shares the state of a budget, a breaker or a limiter: each caller has its own, or a population has one. */
#ifndef POLICY_SCOPE_H
#define POLICY_SCOPE_H

enum scope { SCOPE_CLIENT, SCOPE_POPULATION };

extern const char *const scope_names[]; /* for field tables; ends with NULL */

#endif
