/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls and programs as a scenario says them.
 *
 *     - name: api
 *       workers: 200
 *       queue: {capacity: 100}
 *       calls:
 *         - {name: db, policy: {timeout: 1s, attempts: 3}}
 *         - {name: ads, to: ad-server, policy: {timeout: 50ms}}
 *       program:
 *         - {work: 2ms}
 *         - {call: db, times: 2}
 *         - {call: ads, chance: 50%, optional: true, fallback: 1ms}
 *         - {work: {law: exponential, mean: 5ms}}
 *
 * A service without a program does one thing: {work: service_time}. */
#ifndef MODEL_CONFIG_PROGRAM_H
#define MODEL_CONFIG_PROGRAM_H

#include "model/config.h"

extern const struct record call_record, step_record;

/* What config_link checks of calls and programs: names, calls that no step makes, cycles. */
struct linker;
void config_check_calls(const struct linker *linker);

/* Worker time of an attempt on average, all its steps' work; 0: none. */
double config_work_ns(const struct service_config *service);

#endif
