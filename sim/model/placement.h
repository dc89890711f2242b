/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On which node of a cache cluster a key lives. Pure functions of the key's hash and the number of nodes.
 *
 * consistent: when m nodes become n > m, each key either stays or goes to one of the new ones, so (n - m) / n of them
 * move; back again, the same ones do. (Jump consistent hash of Lamping and Veach 2014: a key's node, as nodes are added
 * one by one, is a Markov chain that jumps to the new node k with probability 1 / (k + 1). O(log n).)
 * modulo: hash mod n. Nearly all keys move: 1 - 1 / max(m, n) where n and m differ by 1. */
#ifndef MODEL_PLACEMENT_H
#define MODEL_PLACEMENT_H

#include <stdint.h>

enum placement { PLACEMENT_CONSISTENT, PLACEMENT_MODULO };

uint32_t placement_node(enum placement placement, uint64_t hash, uint32_t nodes);

#endif
