/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `list preset` and `describe NAME` of a preset: what it does in words, its text, where that was read and how sure it
 * is, the waits it gives, and what other versions of it do otherwise. */
#ifndef CLI_PRESETS_H
#define CLI_PRESETS_H

#include "cli/options.h"
#include "policy/preset.h"

void presets_list(void);

/* The exit status. --set changes a policy's preset, in the keys of `policy:`; --plot and --output draw its waits. */
int presets_describe(const struct preset_row *preset, const struct options *options);

#endif
