/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knobs: the numbers of a scenario that may change while it runs, and how faults change them.
 *
 * A knob's value is always computed anew, from the scenario and all faults that are on:
 *
 *     the value of the `set` that began last (of one instant: that listed last), or else the scenario's
 *     x the factors of all `scale`                       rounded down where it is a whole number
 *     and at least what every `at least` demands         never below 0, nor above what the scenario may say
 *
 * so faults may overlap and end in any order, and when all are over the scenario's value is back, exactly. An unlimited
 * value stays unlimited when it is scaled.
 *
 * A *parameter* is a knob's path in a scenario: `services.api.workers`. Its unit and range are those of the field
 * tables. Some stand for a knob that is no field: service_time turns the speed (the other way round), arrival.rate and
 * closed.think turn the load. */
#ifndef MODEL_KNOB_H
#define MODEL_KNOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/field.h"
#include "model/config.h"

struct world;

enum knob {
    KNOB_WORKERS, KNOB_SPEED, KNOB_QUEUE, KNOB_REJECT_COST, KNOB_ERRORS, KNOB_LOAD, KNOB_ATTEMPTS, KNOB_REQUEST_LOSS,
    KNOB_RESPONSE_LOSS
};
enum turn { TURN_NOT, TURN_SET, TURN_SCALE, TURN_AT_LEAST };

/* What a path leads to. */
struct parameter {
    enum knob knob;
    struct target target;
    const struct field *field;    /* its unit and range; NULL: it can only be scaled */
    double scenario;              /* its value there */
    bool relative;                /* the knob is a part of the scenario's value: x 1 is what it says */
    bool inverse;                 /* twice the value is half the knob */
};

/* False: the path leads to nothing that may change; knob_why_not says why, and what may. */
bool knob_find(const struct model_config *config, const char *path, struct parameter *parameter);
void knob_why_not(const struct model_config *config, const char *path, char *text, size_t size);

/* By how much `value` (a text, with its unit) or a factor turn a parameter's knob. Errors go to `diag`. */
double knob_set_amount(const struct parameter *parameter, const char *value, struct origin at, struct diag *diag);
double knob_scale_amount(const struct parameter *parameter, double factor);

/* Computes the knob of a target anew, and makes the world follow it. */
void knob_turn(struct world *world, enum knob knob, struct target target);

#endif
