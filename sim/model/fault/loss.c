/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loss: messages of an edge get lost. With network.rto they are sent again and so come late. */
#include "model/fault/rows.h"
#include "model/network.h"

static const struct field fields[] = {
    {"edge", FIELD_TEXT, offsetof(struct loss_fault, edge), .help = "the path of the caller's side: clients.web"},
    {"requests", FIELD_RATIO, offsetof(struct loss_fault, ratio[TO_SERVICE]), .min = 0, .max = 1, .text = "0%",
     .help = "attempts that never arrive"},
    {"responses", FIELD_RATIO, offsetof(struct loss_fault, ratio[TO_CALLER]), .min = 0, .max = 1, .text = "0%",
     .help = "answers that never arrive: the work is done, and done again for the retry"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct loss_fault *fault = parameters;
    return fault->ratio[TO_SERVICE] > 0 || fault->ratio[TO_CALLER] > 0 ? NULL : "requests, responses: both are 0";
}

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    (void)target, (void)begins;
    knob_turn(world, KNOB_REQUEST_LOSS, fault->target);
    knob_turn(world, KNOB_RESPONSE_LOSS, fault->target);
}

const struct fault_row fault_loss = {
    .row = {.name = "loss", .summary = "messages between a caller and what it calls get lost",
            .formula = "of independent losses a and b: 1 - (1 - a) (1 - b)", .fields = fields,
            .size = sizeof(struct loss_fault), .prepare = prepare},
    .target = TARGET_EDGE, .apply = apply,
};
