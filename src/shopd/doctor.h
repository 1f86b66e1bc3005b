/* doctor.h: `shopd --doctor FILE`: what only whoever has read the configuration can look at. */
#ifndef SHOP_SHOPD_DOCTOR_H
#define SHOP_SHOPD_DOCTOR_H

#include <stdio.h>

#include "shopd/config.h"

/**
 * doctor_look - looks at the lines, scanners, clock and disk that the configuration names, whether
 * shopd runs or not; touches none of them. A line each: `WORD FINDING WELL ABOUT`, the words and
 * findings of core/checkup_words.h, WELL 0 or 1, ABOUT the rest of the line.
 */
void doctor_look(const struct config *c, FILE *out);

#endif
