/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/figure.h"

enum { WIDTH = 960, HEIGHT = 440, TERM_WIDTH = 100, TERM_HEIGHT = 24 };
/* Pixels. */
enum {
    EDGE = 14,
    TITLE_LINE = 22,
    SUBTITLE_LINE = 17,
    GAP = 14,
    FOOT = 34,
    TIC_ROOM = 12,
    KEY_SAMPLE = 62,
    NAME_ROOM = 240,
    PANEL_GAP = 36,
    LABEL_GAP = 26,
    PANEL_HEIGHT = 165,
    PANEL_HEAD = 100
};
enum { SIZE_SMALL = 9, SIZE_PLAIN = 11, SIZE_TITLE = 13 };

#define BOLD 1.12 /* wider than plain */

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
static double text_width(const char *text, double size)
{
    long sum = 0;
    for (; *text; text++)
        sum += advance((unsigned char)*text);
    return (double)sum / 1000 * size * 96 / 72;
}

/* How many bytes of a text fit, whole characters only. */
static size_t fitting(const char *text, double size, double room)
{
    size_t bytes = 0;
    double width = 0;
    while (text[bytes]) {
        char one[8] = "";
        size_t length = text_character(text + bytes);
        length = length ? length : 1;
        memcpy(one, text + bytes, length);
        width += text_width(one, size);
        if (width > room)
            break;
        bytes += length;
    }
    return bytes;
}

const char *layout_shorten(const char *name, double room, char shown[LAYOUT_NAME_SIZE])
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t bytes = fitting(name, SIZE_PLAIN, room);
    if (name[bytes])
        bytes = fitting(name, SIZE_PLAIN, room - text_width(ellipsis, SIZE_PLAIN));
    if (bytes > LAYOUT_NAME_SIZE - sizeof ellipsis)
        bytes = LAYOUT_NAME_SIZE - sizeof ellipsis;
    snprintf(shown, LAYOUT_NAME_SIZE, "%.*s%s", (int)bytes, name, name[bytes] ? ellipsis : "");
    return shown;
}

/* Two lines, broken at a blank; what then does not fit is cut off. */
static void break_lines(const struct text *whole, double size, double room, char *one, char *two)
{
    size_t first = fitting(whole->bytes, size, room), next = first;
    if (first < whole->length) {
        while (next > 0 && whole->bytes[next] != ' ')
            next--;
        first = next > 0 ? next : first;
        next = next > 0 ? next + 1 : first;
    }
    const char *rest = whole->bytes + next;
    snprintf(one, LAYOUT_LINE_SIZE, "%.*s", (int)first, whole->bytes);
    snprintf(two, LAYOUT_LINE_SIZE, "%.*s", (int)fitting(rest, size, room), rest);
}

static void choose_head(const struct figure *figure, struct layout *layout)
{
    const struct result *result = figure->result;
    double room = layout->width - 2 * EDGE;
    struct text title = text_in_memory();
    text_add(&title, result->name);
    if (result->question && *result->question)
        text_printf(&title, ": %s", result->question);
    break_lines(&title, SIZE_TITLE * BOLD, room, layout->head[0], layout->head[1]);
    break_lines(&figure->subtitle, SIZE_SMALL, room, layout->head[2], layout->head[3]);
    text_free(&title);
    double at = 6;
    for (int i = 0; i < LAYOUT_HEAD; i++) {
        at += !*layout->head[i] ? 0 : i < 2 ? TITLE_LINE : i == 2 ? SUBTITLE_LINE + 2 : SUBTITLE_LINE;
        layout->head_at[i] = at - 6;
    }
}

/* ---- faults ---- */

/* In the first row in which it does not meet an earlier label; without a label if there is none. */
static void place_label(struct layout *layout, size_t index, double end_s)
{
    struct layout_label *label = &layout->faults[index];
    double seconds_a_pixel = layout->seconds_a_pixel;
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
            if (*other->text && other->row == label->row && from_s < other_from_s + other_width_s &&
                other_from_s < to_s)
                free_row = false;
        }
        if (free_row)
            return;
    }
    label->text = "";
    label->row = 0;
}

enum layout_look layout_look(const struct layout *layout, const struct fault_result *fault)
{
    double from_s = fmin(text_rounded(fault->from_s, 15), layout->time.high);
    double length_s = fmin(text_rounded(fault->to_s, 15), layout->time.high) - from_s;
    if (length_s <= 0)
        return LAYOUT_LINE;
    return length_s >= 2 * layout->seconds_a_pixel ? LAYOUT_SHADED : LAYOUT_UNSEEN;
}

static void place_faults(const struct figure *figure, struct layout *layout)
{
    const struct result *result = figure->result;
    double end_s = figure->grid.duration_s;
    layout->faults = memory_zeroed(result->fault_count, sizeof *layout->faults);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct fault_result *fault = &result->faults[i];
        struct layout_label *label = &layout->faults[i];
        label->text = fault->label;
        label->from_s = fmin(text_rounded(fault->from_s, 15), end_s);
        label->to_s = fmin(text_rounded(fault->to_s, 15), end_s);
        if (layout_look(layout, fault) == LAYOUT_UNSEEN)
            label->text = "";
        place_label(layout, i, end_s);
    }
}

/* ---- margins ---- */

static double widest_tic(const struct axis *axis, double size)
{
    double widest = 0;
    for (int i = 0; i < axis->count; i++)
        widest = fmax(widest, text_width(axis->tics[i].label, size));
    return widest;
}

static double key_width(const struct figure *figure)
{
    double widest = fmax(figure->curves[0].ground ? text_width(figure->ground_name, SIZE_PLAIN) : 0,
                         isnan(figure->level) ? 0 : text_width(figure->level_name, SIZE_PLAIN));
    for (size_t i = 0; i < figure->count; i++) {
        const char *note = figure->curves[i].note;
        char shown[LAYOUT_NAME_SIZE], entry[2 * LAYOUT_NAME_SIZE];
        layout_shorten(figure->curves[i].strategy->name, NAME_ROOM, shown);
        if (*note)
            snprintf(entry, sizeof entry, "%s (%s %s)", shown, figure->note_name, note);
        else
            snprintf(entry, sizeof entry, "%s", shown);
        widest = fmax(widest, text_width(entry, SIZE_PLAIN));
    }
    return widest + KEY_SAMPLE;
}

/* Of a plot or a panel: how many seconds a pixel is, and what follows from it. */
static void choose_time(const struct figure *figure, struct layout *layout, double pixels, int steps)
{
    const struct grid *grid = &figure->grid;
    layout->time = axis_time(grid->duration_s, steps);
    layout->seconds_a_pixel = grid->duration_s / pixels;
    layout->warmup_s = fmin(grid->warmup_s, grid->duration_s);
    layout->warmup_label = !figure->panels && layout->warmup_s / layout->seconds_a_pixel >=
                                                  text_width("warm-up", SIZE_SMALL) + 8;
}

static void set_sides(struct layout *layout, double left, double right)
{
    layout->left = left / layout->width;
    layout->right = 1 - right / layout->width;
}

static void choose_name_room(const struct figure *figure, struct layout *layout, double panel)
{
    layout->name_room = panel;
    for (size_t i = 0; i < figure->count; i++) {
        const char *note = figure->curves[i].note;
        double taken = text_width(figure->note_name, SIZE_SMALL) + text_width(note, SIZE_SMALL) + 10;
        layout->name_room = fmin(layout->name_room, panel - (*note ? taken : 0));
    }
}

static void lay_out_panels(const struct figure *figure, struct layout *layout)
{
    int count = (int)figure->count;
    layout->columns = count <= 4 ? 2 : count <= 9 ? 3 : 4;
    layout->rows = (count + layout->columns - 1) / layout->columns;
    layout->height = PANEL_HEAD + layout->rows * (layout->columns == 2 ? PANEL_HEIGHT + 10 : PANEL_HEIGHT);
    set_sides(layout, EDGE + TIC_ROOM + widest_tic(&figure->y, SIZE_SMALL), 2 * EDGE);
    double panel = (layout->right - layout->left) * layout->width / layout->columns - PANEL_GAP;
    choose_name_room(figure, layout, panel);
    choose_time(figure, layout, panel, layout->columns == 2 ? 6 : 4);
    const struct tic *last = &layout->time.tics[layout->time.count - 1];
    double behind = (layout->time.high - last->at) / layout->seconds_a_pixel + PANEL_GAP;
    layout->crowded = text_width(last->label, SIZE_SMALL) / 2 + LABEL_GAP > behind;
}

struct layout *layout_across(const struct figure *figure, bool term)
{
    struct layout *layout = memory_zeroed(1, sizeof *layout);
    *layout = (struct layout){.width = term ? TERM_WIDTH : WIDTH,
                              .height = term ? TERM_HEIGHT : HEIGHT,
                              .columns = 1,
                              .rows = 1,
                              .right = 1,
                              .top = 1,
                              .name_room = NAME_ROOM};
    if (figure->panels) {
        lay_out_panels(figure, layout);
        return layout;
    }
    if (!term)
        set_sides(layout, EDGE + TIC_ROOM + widest_tic(&figure->y, SIZE_PLAIN), key_width(figure) + EDGE);
    choose_time(figure, layout, layout->width * (layout->right - layout->left), term ? 6 : 8);
    return layout;
}

void layout_down(const struct figure *figure, struct layout *layout, bool term)
{
    if (term) {
        snprintf(layout->head[0], LAYOUT_LINE_SIZE, "%.40s", figure->result->name);
    } else {
        choose_head(figure, layout);
        layout->top = 1 - (layout->head_at[LAYOUT_HEAD - 1] + GAP) / layout->height;
        layout->bottom = (double)FOOT / layout->height;
    }
    place_faults(figure, layout);
}

void layout_free(struct layout *layout)
{
    free(layout->faults);
    free(layout);
}
