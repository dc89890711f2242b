/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random streams: 8 bytes of state, named, independent, the same on every machine.
 *
 * A stream is a counter that is hashed (the 64-bit finaliser of SplitMix64 over a Weyl sequence). A *key*
 * names a family of streams by (seed, replication, purpose, entity); `stream_at` opens the stream of one
 * item of that family (a request, an attempt) in constant time and without memory. So a draw depends on
 * what it is for and never on what other parts of the model drew before: strategies see the same arrivals
 * and demands (common random numbers), and adding a mechanism reshuffles nothing.
 *
 * Draw once per statement: the order of two draws in one expression is the compiler's choice. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

struct stream {
    uint64_t state;
};

static inline uint64_t stream_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint64_t stream_next(struct stream *stream)
{
    stream->state += UINT64_C(0x9e3779b97f4a7c15);
    return stream_mix(stream->state);
}

/* The key of a family. `entity` is a name ("clients.web"), so that the order of a file does not matter. */
uint64_t stream_key(uint64_t seed, uint32_t replication, const char *purpose, const char *entity);

/* The stream of item (a, b) of a family. */
static inline struct stream stream_at(uint64_t key, uint64_t a, uint64_t b)
{
    uint64_t state = stream_mix(key + a * UINT64_C(0xd1342543de82ef95));
    return (struct stream){state + b * UINT64_C(0xda942042e4dd58b5)};
}

/* The same where `id` is a hash already: one multiplication chain less. Two families of one id differ by their keys. */
static inline struct stream stream_of_id(uint64_t key, uint64_t id, uint64_t n)
{
    return (struct stream){(key ^ id) + n * UINT64_C(0xda942042e4dd58b5)};
}

/* Uniform on [0, 1), 53 bits. */
static inline double stream_uniform(struct stream *stream)
{
    return (double)(stream_next(stream) >> 11) * 0x1p-53;
}

/* Uniform on (0, 1): never 0, for logarithms. */
static inline double stream_uniform_open(struct stream *stream)
{
    return ((double)(stream_next(stream) >> 12) + 0.5) * 0x1p-52;
}

/* Exponential with mean 1, by a 256-layer ziggurat (Marsaglia and Tsang 2000); one draw in 97.8 % of cases. */
struct ziggurat {
    double x[257], y[257];    /* layer edges and densities there; x[0] holds the base strip with the tail */
};
extern const struct ziggurat *stream_ziggurat(void);
double stream_exponential_slow(struct stream *stream, const struct ziggurat *zig, uint32_t layer, double x);

static inline double stream_exponential(struct stream *stream, const struct ziggurat *zig)
{
    uint64_t bits = stream_next(stream);
    uint32_t layer = (uint32_t)(bits & 255);
    double x = (double)(bits >> 11) * 0x1p-53 * zig->x[layer];
    if (__builtin_expect(x < zig->x[layer + 1], 1))
        return x;
    return stream_exponential_slow(stream, zig, layer, x);
}

/* The same streams for every gsl_ran_*: `gsl_rng r = stream_gsl(&s); gsl_ran_gamma(&r, ...)`. */
extern const gsl_rng_type *const stream_gsl_type;
static inline gsl_rng stream_gsl(struct stream *stream)
{
    return (gsl_rng){stream_gsl_type, stream};
}

#endif
