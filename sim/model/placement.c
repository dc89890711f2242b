/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/placement.h"

#include <math.h>

#include "base/stream.h"

/* The chain's next jump from node k goes beyond n with probability (k + 1) / n: to floor((k + 1) / U). */
static uint32_t jump(uint64_t hash, uint32_t nodes)
{
    struct stream stream = {hash};
    uint32_t node = 0;
    for (;;) {
        double next = floor((node + 1) / stream_uniform_open(&stream));
        if (next >= nodes)
            return node;
        node = (uint32_t)next;
    }
}

uint32_t placement_node(enum placement placement, uint64_t hash, uint32_t nodes)
{
    return placement == PLACEMENT_MODULO ? (uint32_t)(hash % nodes) : jump(hash, nodes);
}
