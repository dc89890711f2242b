/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random small scenarios for tests: number n is always the same text. */
#ifndef TESTS_UNIT_RANDOM_MODEL_H
#define TESTS_UNIT_RANDOM_MODEL_H

#include <stdint.h>

enum { RANDOM_MODEL_SIZE = 30000 };

/* Without the line `name:` (model_scenario puts it in front). */
void random_model(uint64_t number, char text[RANDOM_MODEL_SIZE]);

#endif
