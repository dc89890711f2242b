/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/figure.h"

enum { WIDTH = 960, HEIGHT = 440, TERM_WIDTH = 100, TERM_HEIGHT = 24, NAME_MOST = 28 };
/* Pixels. */
enum { EDGE = 14, HEAD = 44, TITLE_LINE = 22, FOOT = 34, TIC_ROOM = 12, KEY_SAMPLE = 46, PANEL_HEIGHT = 170 };
enum { SIZE_SMALL = 9, SIZE_PLAIN = 11, SIZE_TITLE = 13 };

/* ---- texts ---- */

/* Thousandths of the font size that a character is wide. */
static int advance(unsigned char c)
{
    if ((c & 0xc0) == 0x80)
        return 0;
    if (strchr("iljI.,:;'|!", c))
        return 330;
    if (strchr("frt ()[]/-", c))
        return 400;
    if (strchr("mwMW%@", c) || c >= 0x80)
        return 900;
    return c >= 'A' && c <= 'Z' ? 700 : 630;
}

/* In pixels: pictures have 96 of them an inch, fonts 72 points. */
static double text_width(const char *text, int size)
{
    long sum = 0;
    for (; *text; text++)
        sum += advance((unsigned char)*text);
    return (double)sum / 1000 * size * 96 / 72;
}

static size_t character_bytes(const char *text)
{
    size_t bytes = 1;
    while (((unsigned char)text[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

const char *layout_shorten(const char *name, char shown[LAYOUT_NAME_SIZE])
{
    size_t bytes = 0;
    if (text_columns(name) <= NAME_MOST) {
        snprintf(shown, LAYOUT_NAME_SIZE, "%s", name);
        return shown;
    }
    for (int i = 0; i < NAME_MOST - 1; i++)
        bytes += character_bytes(name + bytes);
    snprintf(shown, LAYOUT_NAME_SIZE, "%.*s\xe2\x80\xa6", (int)bytes, name);
    return shown;
}

/* Moves what does not fit from the first line to the second, at a blank; what then does not fit is cut off. */
static void break_title(struct layout *layout, double room)
{
    char *first = layout->title[0], *second = layout->title[1];
    while (text_width(first, SIZE_TITLE) > room) {
        char *blank = strrchr(first, ' ');
        if (!blank || blank == first)
            break;
        char rest[LAYOUT_TITLE_SIZE];
        snprintf(rest, sizeof rest, "%.390s%s%.390s", blank + 1, *second ? " " : "", second);
        memcpy(second, rest, sizeof rest);
        *blank = '\0';
    }
    for (char *line = first; line <= second; line += LAYOUT_TITLE_SIZE)
        while (text_width(line, SIZE_TITLE) > room) {
            size_t length = strlen(line);
            do
                length--;
            while (((unsigned char)line[length] & 0xc0) == 0x80);
            line[length] = '\0';
        }
}

static void choose_title(const struct figure *figure, struct layout *layout)
{
    const struct result *result = figure->result;
    const char *question = result->question ? result->question : "";
    snprintf(layout->title[0], LAYOUT_TITLE_SIZE, "%.120s%s%.260s", result->name, *question ? ": " : "", question);
    break_title(layout, layout->width - 2 * EDGE);
}

/* ---- faults ---- */

/* In the first row in which it does not meet an earlier label; without a label if there is none. */
static void place_label(struct layout *layout, size_t index, double seconds_a_pixel, double end_s)
{
    struct layout_label *label = &layout->faults[index];
    double width_s = (text_width(label->text, SIZE_SMALL) + 10) * seconds_a_pixel;
    label->to_the_left = label->from_s + width_s > end_s;
    label->at_s = label->to_the_left ? label->to_s : label->from_s;
    double from_s = label->to_the_left ? label->to_s - width_s : label->from_s, to_s = from_s + width_s;
    for (label->row = 0; label->row < LAYOUT_LABEL_ROWS; label->row++) {
        bool free_row = true;
        for (size_t i = 0; i < index; i++) {
            const struct layout_label *other = &layout->faults[i];
            double other_width_s = (text_width(other->text, SIZE_SMALL) + 10) * seconds_a_pixel;
            double other_from_s = other->to_the_left ? other->at_s - other_width_s : other->at_s;
            if (*other->text && other->row == label->row && from_s < other_from_s + other_width_s && other_from_s < to_s)
                free_row = false;
        }
        if (free_row)
            return;
    }
    label->text = "";
    label->row = 0;
}

static void place_faults(const struct figure *figure, struct layout *layout)
{
    const struct result *result = figure->result;
    double end_s = figure->grid.duration_s;
    double seconds_a_pixel = end_s / (layout->width * (layout->right - layout->left));
    layout->faults = memory_zeroed(result->fault_count, sizeof *layout->faults);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct fault_result *fault = &result->faults[i];
        struct layout_label *label = &layout->faults[i];
        label->text = fault->label;
        label->from_s = fmin(text_rounded(fault->from_s, 15), end_s);
        label->to_s = fmin(text_rounded(fault->to_s, 15), end_s);
        place_label(layout, i, seconds_a_pixel, end_s);
    }
}

/* ---- margins ---- */

static double widest_tic(const struct axis *axis, int size)
{
    double widest = 0;
    for (int i = 0; i < axis->count; i++)
        widest = fmax(widest, text_width(axis->tics[i].label, size));
    return widest;
}

static double key_width(const struct figure *figure)
{
    double widest = fmax(figure->ground ? text_width(figure->ground_name, SIZE_PLAIN) : 0,
                         isnan(figure->level) ? 0 : text_width(figure->level_name, SIZE_PLAIN));
    for (size_t i = 0; i < figure->count; i++) {
        char shown[LAYOUT_NAME_SIZE], entry[2 * LAYOUT_NAME_SIZE];
        layout_shorten(figure->curves[i].strategy->name, shown);
        snprintf(entry, sizeof entry, "%s (%s)", shown, figure->curves[i].note);
        widest = fmax(widest, text_width(entry, SIZE_PLAIN));
    }
    return widest + KEY_SAMPLE;
}

static void set_margins(struct layout *layout, double left, double right)
{
    double head = HEAD + TITLE_LINE * (*layout->title[1] ? 1 : 0);
    layout->left = left / layout->width;
    layout->right = 1 - right / layout->width;
    layout->top = 1 - head / layout->height;
    layout->bottom = (double)FOOT / layout->height;
}

static void lay_out_panels(const struct figure *figure, struct layout *layout)
{
    int count = (int)figure->count;
    layout->columns = count <= 9 ? 3 : 4;
    layout->rows = (count + layout->columns - 1) / layout->columns;
    layout->height = 90 + layout->rows * PANEL_HEIGHT;
    layout->time_steps = 4;
    choose_title(figure, layout);
    set_margins(layout, EDGE + TIC_ROOM + widest_tic(&figure->y, SIZE_SMALL), 2 * EDGE);
}

struct layout *layout_of(const struct figure *figure, bool term, bool panels)
{
    struct layout *layout = memory_zeroed(1, sizeof *layout);
    *layout = (struct layout){.width = term ? TERM_WIDTH : WIDTH, .height = term ? TERM_HEIGHT : HEIGHT,
                              .columns = 1, .rows = 1, .time_steps = term ? 6 : 8, .right = 1, .top = 1};
    if (panels) {
        lay_out_panels(figure, layout);
    } else if (term) {
        snprintf(layout->title[0], LAYOUT_TITLE_SIZE, "%.90s", figure->result->name);
    } else {
        choose_title(figure, layout);
        set_margins(layout, EDGE + TIC_ROOM + widest_tic(&figure->y, SIZE_PLAIN), key_width(figure) + EDGE);
    }
    place_faults(figure, layout);
    return layout;
}

void layout_free(struct layout *layout)
{
    free(layout->faults);
    free(layout);
}
