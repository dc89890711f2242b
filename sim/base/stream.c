/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, the ziggurat of the exponential law, and the face that GSL sees.
 *
 * The table and the draws come from + - * / alone, so they are the same with every libm: the logarithm is a
 * series, and the tail needs none (beyond the last edge an exponential variable starts anew). Only one
 * comparison calls exp, where a different last bit changes about one draw in 1e17. */
#include "base/stream.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3); /* no UTF-8 has 0xff: ("ab", "c") is not ("a", "bc") */
}

uint64_t stream_key(uint64_t seed, uint32_t replication, const char *purpose, const char *entity)
{
    uint64_t name = hash_text(hash_text(UINT64_C(0xcbf29ce484222325), purpose), entity);
    uint64_t key = stream_mix(name + UINT64_C(0x9e3779b97f4a7c15));
    key = stream_mix((key ^ seed) + UINT64_C(0xd1342543de82ef95));
    return stream_mix((key ^ replication) + UINT64_C(0xda942042e4dd58b5));
}

/* ln(x) for 0 < x < 1: halves are counted, the rest is 2 atanh((m - 1) / (m + 1)) with m in [0.7, 1.4]. */
static double portable_log(double x)
{
    const double ln2 = 0x1.62e42fefa39efp-1;
    int exponent = 0;
    for (; x < 0.70710678118654752; x *= 2)
        exponent--;
    double ratio = (x - 1) / (x + 1);
    double square = ratio * ratio;
    double sum = 0;
    for (int k = 25; k >= 1; k -= 2) /* 0.172^26 < 2^-65 */
        sum = sum * square + 1.0 / k;
    return exponent * ln2 + 2 * ratio * sum;
}

static struct ziggurat table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

/* All layers have the area of the base strip with its tail, (edge + 1) * exp(-edge); `edge` is where 255
 * layers on top of it end at density 1 exactly. */
static void build_table(void)
{
    const double edge = 0x1.ec9d9297ebb83p+2;
    const double edge_density = 0x1.dc31c329f0b48p-12;
    const double area = (edge + 1) * edge_density;
    table.x[0] = area / edge_density;
    table.y[0] = 0;
    table.x[1] = edge;
    table.y[1] = edge_density;
    for (int i = 2; i < 256; i++) {
        table.y[i] = table.y[i - 1] + area / table.x[i - 1];
        table.x[i] = -portable_log(table.y[i]);
    }
    table.x[256] = 0;
    table.y[256] = 1;
}

const struct ziggurat *stream_ziggurat(void)
{
    pthread_once(&table_once, build_table);
    return &table;
}

double stream_exponential_slow(struct stream *stream, const struct ziggurat *zig, uint32_t layer, double x)
{
    if (layer == 0)
        return zig->x[1] + stream_exponential(stream, zig);
    double y = zig->y[layer] + stream_uniform(stream) * (zig->y[layer + 1] - zig->y[layer]);
    return y < exp(-x) ? x : stream_exponential(stream, zig);
}

static void gsl_set(void *state, unsigned long seed)
{
    ((struct stream *)state)->state = seed;
}

static unsigned long gsl_get(void *state)
{
    return (unsigned long)(stream_next(state) >> (64 - sizeof(unsigned long) * CHAR_BIT));
}

static double gsl_get_double(void *state)
{
    return stream_uniform(state);
}

static const gsl_rng_type gsl_type = {
    "retrystorm-stream", ULONG_MAX, 0, sizeof(struct stream), gsl_set, gsl_get, gsl_get_double,
};
const gsl_rng_type *const stream_gsl_type = &gsl_type;
