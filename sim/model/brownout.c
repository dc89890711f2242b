/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/brownout.h"

bool brownout_begins(const struct world *world, struct brownout *brownout, const struct attempt *attempt)
{
    const struct brownout_config *config = brownout->config;
    int64_t waited_ns = world->now_ns - attempt->arrived_ns;
    if (waited_ns >= config->enter_ns)
        level_set(&brownout->on, world->now_ns, 1);
    else if (waited_ns <= config->leave_ns)
        level_set(&brownout->on, world->now_ns, 0);
    struct stream stream = stream_of_id(brownout->key, attempt->id, attempt->number);
    return brownout->on.value && stream_uniform(&stream) < config->part;
}

struct brownout *brownout_new(const struct world *world, const struct brownout_config *config, const char *path)
{
    struct brownout *brownout = memory_zeroed(1, sizeof *brownout);
    brownout->config = config;
    brownout->key = stream_key(world->seed, world->replication, "brownout", path);
    return brownout;
}
