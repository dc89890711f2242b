/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models.h"

#include <string.h>

static const struct model *const families[] = {models_classical, models_impatience, models_retries, models_breakers,
                                               models_budgets, models_throttles, models_caches, models_outages,
                                               models_herds, models_tiers, models_statistics};

const struct model *model_find(const char *key)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (const struct model *model = families[f]; model->key; model++)
            if (strcmp(model->key, key) == 0)
                return model;
    return NULL;
}

static const struct measure *find_measure(const struct measure *measures, const char *metric)
{
    for (; measures->metric; measures++)
        if (strcmp(measures->metric, metric) == 0)
            return measures;
    return NULL;
}

/* A model's own measures come first, then those that any queue has. */
const struct measure *model_measure(const struct model *model, const char *metric)
{
    const struct measure *own = find_measure(model->measures, metric);
    return own ? own : find_measure(measures_station, metric);
}

double model_service_mean(struct plan *plan)
{
    static const char *const keys[] = {"service_mean", "service_time"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (parameters_has(plan->parameters, keys[i]))
            return parameters_number(plan->parameters, keys[i]);
    return 1 / parameters_number(plan->parameters, "mu");
}

const char *model_service_law(struct plan *plan)
{
    if (plan_any(plan, "service"))
        return plan->any;
    return parameters_word_or(plan->parameters, "service", plan->model->law ? plan->model->law : "exp");
}
