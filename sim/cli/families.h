/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The families of interchangeable mechanisms, for `list` and `describe`. */
#ifndef CLI_FAMILIES_H
#define CLI_FAMILIES_H

#include "base/table.h"

extern const struct table *const families[];     /* ends with NULL */
const struct table *family_find(const char *name);

#endif
