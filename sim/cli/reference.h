/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `describe reference`: the whole scenario language from the tables, as Markdown: scenarios/REFERENCE.md. */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

int reference_print(void);     /* the exit status */

#endif
