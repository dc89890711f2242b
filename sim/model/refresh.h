/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refresh ahead: a value that is still fresh is fetched anew, so that it need not expire at all.
 *
 * A row decides at a hit. In the foreground the reader who triggers it makes the fetch and waits; if it fails, the
 * answer is the value that is still there. In the background the reader is answered at once. The miss rule has its say
 * as well (miss.h), and after a failure that is remembered (`negative_ttl`) there is no refresh. */
#ifndef MODEL_REFRESH_H
#define MODEL_REFRESH_H

#include "base/table.h"
#include "model/world.h"

struct refresh_row {
    struct row row;
    bool one_winner;              /* never while a fetch of the key is under way, whatever the miss rule */
    /* Whether a hit so long before the expiry triggers; fetch_ns: how long the key's last fetch took. NULL: never. */
    bool (*is_due)(const void *parameters, int64_t left_ns, int64_t fetch_ns, struct stream *stream);
};

extern const struct table refresh_table;
extern const struct record refresh_record;   /* early, or {when: threshold, before: 5s, background: true} */

#endif
