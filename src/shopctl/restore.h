/* restore.h: the books of a shop without an office, from a backup. */
#ifndef SHOP_SHOPCTL_RESTORE_H
#define SHOP_SHOPCTL_RESTORE_H

#include "shopctl/shopctl.h"

/** restore_books - `from`: a backup, or a folder of them (the newest). shopd must not be running.
 * Says what it did. */
enum ctl_exit restore_books(struct ctl *ctl, const char *from);

#endif
