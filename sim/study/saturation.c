/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/saturation.h"

#include <math.h>

#include "model/fault.h"
#include "study/metrics_common.h"

static const double SATURATED = 0.99;

static uint32_t first_bin(const struct world *world)
{
    int64_t begins_ns, ends_ns, warm_ns = world->config->warmup_ns;
    if (!fault_incident(world, &begins_ns, &ends_ns) || begins_ns < warm_ns)
        begins_ns = warm_ns;
    return (uint32_t)(begins_ns / world->config->bin_ns);
}

/* The part of its workers' time that was taken. Without a number of workers: none. */
static double taken(const struct bin_row *row)
{
    bool wanted = row->counts[COUNT_ATTEMPTS] > 0 || row->queue_length > 0 || row->in_service > 0;
    bool away = row->capacity == 0 && wanted;
    return away ? 1 : isnan(row->busy_ratio) ? 0 : row->busy_ratio;
}

double saturation_begins_s(const struct world *world, const struct service *service)
{
    int64_t bin_ns = world->config->bin_ns;
    uint32_t window = lasting_bins(world);
    double sum = 0;
    for (uint32_t first = first_bin(world), bin = first; bin < world->bin; bin++) {
        sum += taken(&service->place.rows[bin]);
        if (bin + 1 < first + window)
            continue;
        if (sum >= SATURATED * window)
            return (double)((bin + 1 - window) * bin_ns) * 1e-9;
        sum -= taken(&service->place.rows[bin + 1 - window]);
    }
    return NAN;
}
