/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the scopes. */
#include "policy/scope.h"

#include <stddef.h>

const char *const scope_names[] = {"client", "population", "endpoint", "client-endpoint", NULL};
