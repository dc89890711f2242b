/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What diag_print writes, as a text to be freed. */
#ifndef UNIT_PRINTED_H
#define UNIT_PRINTED_H

#include "base/diag.h"

char *printed(const struct diag *diag);

#endif
