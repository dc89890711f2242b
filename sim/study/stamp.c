/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/stamp.h"

#include <inttypes.h>

#include "version.h"

const char *stamp_version(void) { return RETRYSTORM_VERSION; }
const char *stamp_commit(void) { return RETRYSTORM_COMMIT; }

/* FNV-1a, 64 bits: tells edited scenarios apart; not meant against forgery. */
static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static const char *compiler(struct arena *arena)
{
#ifdef __clang__
    return arena_printf(arena, "clang %s", __clang_version__);
#else
    return arena_printf(arena, "gcc %s", __VERSION__);
#endif
}

struct stamp stamp_make(struct arena *arena, const char *path, const char *text, size_t size, uint64_t seed,
                        const char *command, const char *const *sets, size_t set_count)
{
    const char **copies = arena_alloc(arena, (set_count ? set_count : 1) * sizeof *copies);
    for (size_t i = 0; i < set_count; i++)
        copies[i] = arena_strdup(arena, sets[i]);
    return (struct stamp){.version = stamp_version(), .commit = stamp_commit(), .compiler = compiler(arena),
                          .scenario_path = arena_strdup(arena, path),
                          .scenario_hash = arena_printf(arena, "fnv1a:%016" PRIx64, hash_of(text, size)),
                          .command = arena_strdup(arena, command ? command : ""), .overrides = copies,
                          .override_count = set_count, .seed = seed};
}
