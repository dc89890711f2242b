/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power of choices: of a few replicas drawn at random the one with the fewest attempts outstanding. */
#include "model/chooser/rows.h"

struct p2c {
    int64_t choices;
    bool distinct;
};

static const struct field fields[] = {
    {"choices", FIELD_COUNT, offsetof(struct p2c, choices), .min = 2, .max = 100, .text = "2",
     .help = "replicas drawn for each attempt"},
    {"distinct", FIELD_BOOL, offsetof(struct p2c, distinct), .text = "false",
     .help = "the second is never the first (nginx, Finagle); false: it may be (Envoy). Beyond two it is drawn anew "
             "only against the best so far"},
    {0}};

static uint32_t choose(const void *parameters, struct pool *pool, const struct chooser_in *in)
{
    const struct p2c *p = parameters;
    uint32_t best = choose_by_weight(pool, in);
    for (int64_t i = 1; i < p->choices; i++) {
        uint32_t other = choose_by_weight(pool, in);
        while (p->distinct && other == best && pool->available_count > 1)
            other = choose_by_weight(pool, in);
        if (load_of(pool, other, in->now_ns) < load_of(pool, best, in->now_ns))
            best = other;
    }
    return best;
}

const struct chooser_row chooser_p2c = {
    .row = {.name = "p2c", .summary = "of two replicas drawn at random the one with fewer attempts outstanding",
            .formula = "one of n that is always the emptiest gets 1 - (1 - 1/n)^choices of the attempts; distinct: 2/n",
            .source = "Mitzenmacher, The Power of Two Choices (2001); Envoy LEAST_REQUEST, Finagle, nginx random two",
            .fields = fields, .size = sizeof(struct p2c)},
    .choose = choose,
};
