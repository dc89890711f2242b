/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gnuplot templates of plots/, one array a file: its lines, comments left out, then NULL.
 *
 * The Makefile makes build/plots.c from plots/NAME.gp, which becomes plot_NAME. A template reads variables
 * that script.c sets before it; plots/README.md lists them. */
#ifndef OUTPUT_PLOTS_H
#define OUTPUT_PLOTS_H

extern const char *const plot_look[], *const plot_style[];
extern const char *const plot_overlay[], *const plot_panels[], *const plot_term[];
extern const char *const plot_load[], *const plot_goodput[], *const plot_latency[], *const plot_waits[];

#endif
