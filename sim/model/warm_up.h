/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warm-up: after a restart the speed rises in a straight line from a part of the full one.
 *
 *     m(t) = from + (1 - from) (t - begin) / (end - begin)   between begin and end, 1 at all other times
 *
 * Work and time follow from it exactly, without steps. A zeroed one is always warm. */
#ifndef MODEL_WARM_UP_H
#define MODEL_WARM_UP_H

#include "model/world.h"

/* Everything here is asked about times from `begin` on. */
double warm_up_at(const struct warm_up *warm_up, int64_t time_ns);
/* The integral of m: time at full speed that the time from a to b is worth. */
double warm_up_worth_ns(const struct warm_up *warm_up, int64_t a_ns, int64_t b_ns);
/* Its inverse: how long it takes from a on until `worth_ns` of full speed are done. */
double warm_up_time_ns(const struct warm_up *warm_up, int64_t a_ns, double worth_ns);

#endif
