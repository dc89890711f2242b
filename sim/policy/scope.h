/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who shares the state of a budget, a breaker or a limiter: each caller has its own, or a population has one; and that
 * for each replica of the pool that it calls, or one for all (the same where there is no pool). */
#ifndef POLICY_SCOPE_H
#define POLICY_SCOPE_H

enum scope { SCOPE_CLIENT, SCOPE_POPULATION, SCOPE_ENDPOINT, SCOPE_CLIENT_ENDPOINT };

extern const char *const scope_names[]; /* for field tables; ends with NULL */

#endif
