/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An error burst: attempts that start while it lasts fail with a probability. */
#include "model/fault/rows.h"

struct errors {
    const char *service;
    double ratio;
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct errors, service), .help = "the service that fails"},
    {"ratio", FIELD_RATIO, offsetof(struct errors, ratio), .min = 0, .max = 1,
     .help = "the attempts that end in an error, "
             "if that is more than the service's error_ratio; of several bursts the worst counts"},
    {0}};

const struct fault_row fault_errors = {
    .row = {.name = "errors", .summary = "an error burst: attempts fail with a probability", .fields = fields,
            .size = sizeof(struct errors)},
    .target = TARGET_SERVICE, .turn = TURN_AT_LEAST, .knob = KNOB_ERRORS, .amount = offsetof(struct errors, ratio),
};
