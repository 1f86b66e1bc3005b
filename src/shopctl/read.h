/* read.h: the shop's files, opened for reading, and what it means when they cannot be read. */
#ifndef SHOP_SHOPCTL_READ_H
#define SHOP_SHOPCTL_READ_H

#include "ledger/read.h"
#include "shopctl/shopctl.h"

/** read_open - a reader of the state folder. */
enum ctl_exit read_open(struct ctl *ctl, struct reader **ret);

/** read_failed - says why `file` could not be read; `err` is a reader's -errno. CTL_UNREACHABLE
 * where the file is not there, not ours or busy; CTL_INTERNAL else. */
enum ctl_exit read_failed(struct ctl *ctl, const char *file, int err);

#endif
