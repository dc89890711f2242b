/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zipf's law over ranks: P(rank) proportional to (rank + 1)^-exponent, rank = 0 .. count - 1. Exponent 0: all alike.
 *
 * Drawn by rejection from an inversion (Hoermann and Derflinger 1996): the area under the smooth x^-exponent is
 * inverted, the nearest whole number is taken, and the little that this puts too much on a rank is refused; 98 of 100
 * draws stand, whatever the exponent. No table: 40 bytes, no set-up worth mentioning, no memory to wait for at 1e8
 * ranks. The cost is one exp (exponent 1), or an exp and a log1p; nothing at exponent 0. A draw takes as many numbers
 * from the stream as it needs, so give it a stream of its own. */
#ifndef BASE_ZIPF_H
#define BASE_ZIPF_H

#include <stdint.h>

#include "base/stream.h"

struct zipf {
    double exponent, count;
    double top, span;             /* areas: up to count + 1/2, and from there down to where rank 0 begins */
    double sure;                  /* a whole number so near above x stands without a further test */
};

struct zipf zipf_of(uint32_t count, double exponent);
uint32_t zipf_draw(const struct zipf *zipf, struct stream *stream);

#endif
