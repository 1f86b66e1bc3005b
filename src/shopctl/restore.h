/* restore.h: the books of a shop without an office, from a backup. */
#ifndef SHOP_SHOPCTL_RESTORE_H
#define SHOP_SHOPCTL_RESTORE_H

#include "shopctl/shopctl.h"

/** restore_books - `from`: a backup, or a folder of them (the newest). shopd must not be running.
 * Says what it did. `unsent`: nothing that was written since that backup has left the box, which is
 * all that keeps a shop with an office from it. */
enum ctl_exit restore_books(struct ctl *ctl, const char *from, bool unsent);

#endif
