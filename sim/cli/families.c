/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/families.h"

#include <string.h>

#include "base/law.h"
#include "model/arrival.h"
#include "model/chooser.h"
#include "model/discipline.h"
#include "model/drop.h"
#include "model/eviction.h"
#include "model/fault.h"
#include "model/miss.h"
#include "model/rate.h"
#include "model/refresh.h"
#include "policy/advice.h"
#include "policy/policy.h"
#include "policy/preset.h"

const struct table *const families[] = {
    &shape_table,
    &jitter_table,
    &budget_table,
    &breaker_table,
    &gate_table,
    &advice_table,
    &preset_table,
    &failure_table,
    &arrival_table,
    &law_table,
    &discipline_table,
    &drop_table,
    &rate_table,
    &chooser_table,
    &fault_table,
    &miss_table,
    &refresh_table,
    &eviction_table,
    NULL,
};

const struct table *family_find(const char *name)
{
    for (size_t i = 0; families[i]; i++)
        if (strcmp(families[i]->family, name) == 0)
            return families[i];
    return NULL;
}
