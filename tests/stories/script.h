/* script.h: the language of the stories: what may happen in a shop, one line each. */
#ifndef SHOP_TESTS_SCRIPT_H
#define SHOP_TESTS_SCRIPT_H

#include "fake_shell.h"

#define SCRIPT_WHY 160

/** script_setup - a line without a time: who and what there is (`member anna a11a0001 limit=500`).
 */
bool script_setup(struct fake_shell *f, const char *line, char why[SCRIPT_WHY]);

/** script_input - what stands behind `>`: something happens now. */
bool script_input(struct fake_shell *f, const char *line, char why[SCRIPT_WHY]);

#endif
