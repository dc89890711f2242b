/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model on its way to a scenario: pieces of YAML, and what the length of a run depends on.
 *
 * One client population `web` calls one service `api`, or a cache `page` in front of it. A compose function
 * says what they are, in the model's own unit of time. `unit` (seconds per unit, a power of ten) makes the
 * shortest mean 10 ms or longer: its rounding to whole nanoseconds, 5e-8 of it at most, is far below any
 * standard error here, also where a mean wait is ten times as sensitive as the rate.
 *
 * `rate` and `relaxation` only choose how long to run. The relaxation time is the time constant with which
 * the slowest part of the starting state is forgotten; rough, rather too long than too short. */
#ifndef THEORY_PLAN_H
#define THEORY_PLAN_H

#include <stdint.h>

#include "parameters.h"

enum { PLAN_TEXT = 600, PLAN_NOTES = 4 };

struct text {
    char chars[PLAN_TEXT];
    size_t length;
};

/* What a run is for: nearly all metrics come from the first kind. */
enum run_kind {
    RUN_STEADY, RUN_ALL_FAIL, RUN_FIRST_REJECT, RUN_FIRST_OPENING, RUN_UNTIL, RUN_AROUND,
    RUN_EPISODE,          /* of an outage, a herd: see plan_episode */
    RUN_TO_RECOVERY,      /* likewise, up to the outage's end */
    RUN_WITHOUT_ARRIVALS, /* likewise, but nobody comes any more when it ends */
    RUN_FIRST_OF_ALL,     /* the first of several answers is enough */
    RUN_SATURATED,        /* there is always somebody who waits */
    RUN_VARIED,           /* many short stationary runs, for how much they differ */
    RUN_FED,              /* the budget alone, without the simulator: see feed.h */
    RUN_KINDS
};

struct model;

struct plan {
    const struct model *model;
    struct parameters *parameters;
    enum run_kind run;
    const char *any;   /* the law to take where any will do */
    bool any_used;     /* there was such a place */
    double unit;       /* seconds per unit of the model's time */
    double shortest;   /* shortest mean time in the model, in its unit */
    double rate;       /* attempts per unit of time, about */
    double relaxation; /* in the model's unit */
    double relaxations; /* no replication is longer than so many of them; 0: as long as the effort says */
    uint32_t replications; /* of a stationary run; 0: as many as the effort says */
    double from, until; /* likewise; until > 0: not stationary, measured from there to there, in many replications */
    double alpha;      /* a Pareto law's exponent; INFINITY: the model has none */
    double service_mean; /* of the service time, in the model's unit; 0: none */
    struct text client, policy, service;
    struct text others; /* whole lines: populations besides `web` */
    struct text tiers; /* likewise: services behind `api` */
    struct text cache; /* empty: the clients call the service itself */
    struct text faults; /* ", {kind: ...}, {...}" */
    double duration, bin; /* an episode's, in the model's unit; 0: none */
    double scale;      /* of a fluid limit: rates and counts are so many times the model's; else 1 */
    double grain;      /* likewise: relative deviation that its being made of whole requests explains */
    bool certain;      /* nothing is random: one replication is enough */
    double notes[PLAN_NOTES]; /* numbers for the functions that read the measures */
};

/* `any law with this mean`: true if the key has that value. Marks it as used and notes the place. */
bool plan_any(struct plan *plan, const char *key);

void plan_say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Pieces of text that live as long as the caller's array. */
enum { PIECE = 160 };
char *plan_duration(struct plan *plan, double time, char piece[PIECE]);

/* Law `name` ("det", "exp", "erlang3", ...) of that mean, with the parameters it needs; returns
 * "exponential, mean: 1s" to stand behind "law: ". `cv2` (may be NULL) gets variance / mean^2. */
char *plan_law(struct plan *plan, const char *name, double mean, double *cv2, char piece[PIECE]);

void plan_poisson(struct plan *plan, double lambda);
void plan_poisson_until(struct plan *plan, double lambda, double end); /* then nobody comes any more */
void plan_renewal(struct plan *plan, const char *law, double mean);
void plan_closed(struct plan *plan, double clients, const char *law, double mean);
void plan_herd(struct plan *plan, double clients, double spread); /* all come at 0, or spread evenly over a while */
void plan_timeout(struct plan *plan, const char *law, double mean);
void plan_attempts(struct plan *plan, double attempts); /* INFINITY: unlimited */

/* The service stops from one time to another. */
void plan_outage(struct plan *plan, const char *mode, double from, double to);
/* Of `web`, none come any more from then on. */
void plan_end_arrivals(struct plan *plan, double at);
/* One finite experiment that begins empty, repeated as often as the effort allows. */
void plan_episode(struct plan *plan, double duration, double bin);

/* A service and its relaxation time without anything else: that of an M/M/c queue, longer for a more variable
 * service, bounded by what fits into the queue. */
struct station {
    double lambda; /* attempts that reach it, per unit of time */
    const char *law;
    double mean;            /* of the service time; 0: no service at all */
    double workers, room;   /* INFINITY: unlimited */
    const char *discipline; /* NULL: fifo */
};
void plan_station(struct plan *plan, const struct station *station);
/* The same behind `api`: its own texts are left alone but for the relaxation time, which is the longer one. `more` is
 * added to its keys ("" for nothing). */
void plan_tier(struct plan *plan, const char *name, const struct station *station, const char *more);

#endif
