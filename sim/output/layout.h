/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things stand in a figure: margins from the widths of texts, panels, labels that do not meet.
 *
 * gnuplot does not know how wide a text is; the widths here are those of DejaVu Sans, the font that the
 * pictures use. */
#ifndef OUTPUT_LAYOUT_H
#define OUTPUT_LAYOUT_H

#include <stdbool.h>

#include "output/axis.h"
#include "study/result.h"

struct figure;

enum { LAYOUT_HEAD = 4, LAYOUT_LINE_SIZE = 400, LAYOUT_NAME_SIZE = 128, LAYOUT_LABEL_ROWS = 3 };

/* How a fault looks. */
enum layout_look { LAYOUT_SHADED, LAYOUT_LINE, LAYOUT_UNSEEN };

struct layout_label {
    const char *text;    /* "" if there is no room for it */
    double from_s, to_s; /* the band, within the picture */
    double at_s;         /* where the label begins, or ends if it is to the left */
    int row;
    bool to_the_left;
};

struct layout {
    int width, height;               /* pixels, or characters in a terminal */
    double left, right, top, bottom; /* of the plot, or of all panels: fractions of the whole */
    int columns, rows;
    struct axis time;
    bool crowded;                             /* panels: the last tic's label would meet the next panel's first */
    double seconds_a_pixel;                   /* of the plot, or of a panel */
    double warmup_s;                          /* within the picture */
    bool warmup_label;                        /* there is room for one */
    char head[LAYOUT_HEAD][LAYOUT_LINE_SIZE]; /* two lines of title, two of subtitle */
    double head_at[LAYOUT_HEAD];              /* pixels from the top */
    double name_room;                         /* pixels for a strategy's name */
    struct layout_label *faults;
};

/* First what depends on widths, then, when the figure's subtitle is complete, the rest. malloc'ed */
struct layout *layout_across(const struct figure *figure, bool term);
void layout_down(const struct figure *figure, struct layout *layout, bool term);
enum layout_look layout_look(const struct layout *layout, const struct fault_result *fault);
void layout_free(struct layout *layout);

/* As much of a name as fits into so many pixels, then an ellipsis. */
const char *layout_shorten(const char *name, double room, char shown[LAYOUT_NAME_SIZE]);

#endif
