/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of law_table, one a file, and what their descriptors share. */
#ifndef BASE_LAW_ROWS_H
#define BASE_LAW_ROWS_H

#include "base/law.h"

/* The range of a duration that must not be 0, for a field: 1ns to 13343d (whole days, for the messages). */
#define LAW_SHORTEST_NS 1.0
#define LAW_LONGEST_NS (13343 * 86400e9)

extern const struct law_row law_fixed;
extern const struct law_row law_exponential;
extern const struct law_row law_uniform;
extern const struct law_row law_lognormal;
extern const struct law_row law_normal;
extern const struct law_row law_gamma;
extern const struct law_row law_weibull;
extern const struct law_row law_pareto;
extern const struct law_row law_hyperexponential;
extern const struct law_row law_erlang;
extern const struct law_row law_empirical;

#endif
