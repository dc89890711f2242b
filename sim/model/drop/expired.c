/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drops what cannot be answered in time any more: the service knows when the caller gives up. */
#include "model/caller.h"
#include "model/cache.h"
#include "model/drop/rows.h"

struct expired {
    int64_t margin_ns;
};

static bool drops(struct world *world, struct service *service, const struct attempt *attempt)
{
    const struct expired *p = drop_parameters(service);
    if (cache_wants(world, attempt))
        return false;
    return caller_gives_up_ns(world, attempt) - world->now_ns < p->margin_ns || attempt->flags & ATTEMPT_DEAD;
}

static const struct field fields[] = {
    {"margin", FIELD_DURATION, offsetof(struct expired, margin_ns), .max = 3.6e12, .text = "0s",
     .help = "time that must be left for the work and the way back; a good value is a high quantile of the service "
             "time"},
    {0}};

const struct drop_row drop_expired = {
    .row = {.name = "expired",
            .summary = "drops attempts whose caller will have given up before they are done",
            .formula = "drop if the end of the timeout (or deadline) - now < margin; without a margin, all that fifo "
                       "serves in an overload have next to no time left",
            .source = "Google SRE book, chapter 22 (deadline propagation)",
            .fields = fields, .size = sizeof(struct expired)},
    .drops = drops,
};
