/*
 * pads.h: PIN pads beside doors: a Wiegand keypad on two lines of the chip (`pad_d0`, `pad_d1`).
 * What is typed there is the PIN of the pass that the door's scanner has just read, and nothing
 * else; `*` begins again, `#` ends it.
 */
#ifndef SHOP_SHOPD_PADS_H
#define SHOP_SHOPD_PADS_H

#include "shopd/shopd.h"

/** pads_start - takes the lines of every door that has a pad: 0 or -errno. A pad that is not there
 * is no error: it is a fault of that door's reader, and tried again. */
MUST_CHECK int pads_start(struct shopd *sd);
void pads_stop(struct shopd *sd);

#endif
