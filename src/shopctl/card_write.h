/* card_write.h: a card is made this shop's, in a reader of this machine. */
#ifndef SHOP_SHOPCTL_CARD_WRITE_H
#define SHOP_SHOPCTL_CARD_WRITE_H

#include "shopctl/shopctl.h"

/** card_write - the command `card write`. */
enum ctl_exit card_write(struct ctl *ctl);

#endif
