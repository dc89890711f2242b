/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/progress.h"

#include <math.h>

#include "base/units.h"

static const double every_s = 0.2;

char *progress_line(uint32_t runs_done, uint32_t runs, double fraction, uint64_t events, double elapsed_s,
                    char line[128])
{
    char speed[UNITS_TEXT_SIZE], left[UNITS_TEXT_SIZE];
    int length = snprintf(line, 128, "run %u/%u  sim %.0f %%", runs_done, runs, floor(fraction * 100));
    if (events > 0 && elapsed_s > 0)
        length += snprintf(line + length, 128 - (size_t)length, "  %.20s events/s",
                           units_show_number((double)events / elapsed_s, speed));
    if (fraction > 0 && elapsed_s > 0)
        snprintf(line + length, 128 - (size_t)length, "  ETA %.20s",
                 units_show_duration(ceil(elapsed_s * (1 - fraction) / fraction), left));
    return line;
}

void progress_show(struct progress *progress, uint32_t runs_done, uint32_t runs, double fraction,
                   uint64_t events, double elapsed_s)
{
    char line[128];
    if (progress->drawn && elapsed_s - progress->drawn_s < every_s)
        return;
    fprintf(progress->stream, "\r%s\033[K",
            progress_line(runs_done, runs, fraction, events, elapsed_s, line));
    fflush(progress->stream);
    progress->drawn_s = elapsed_s;
    progress->drawn++;
}

void progress_erase(struct progress *progress)
{
    if (!progress->drawn)
        return;
    fputs("\r\033[K", progress->stream);
    fflush(progress->stream);
    progress->drawn = 0;
}
