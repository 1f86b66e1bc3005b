/* disk.h: whether the disk under the books is about to fail: nearly full, read-only, or slower than
 * any card should be. EVENT_FAULT of DISK_FAILING. */
#ifndef SHOP_SHOPD_DISK_H
#define SHOP_SHOPD_DISK_H

#include "shopd/shopd.h"

#ifndef DISK_LOOK_MS /* a test is faster */
#define DISK_LOOK_MS  60000
#define DISK_SLOW_MS  10000  /* a commit that takes longer */
#define DISK_AFTER_MS 600000 /* for so long after one that was slow it counts as failing */
#endif

/** disk_open - begins to look, once the core has started. 0 or -errno. disk_close - does not wait
 * for a disk that does not answer. */
MUST_CHECK int disk_open(struct shopd *sd);
void disk_close(struct shopd *sd);

/** disk_free_mib - MiB of free room as they were seen last; -1: not yet. */
int64_t disk_free_mib(const struct shopd *sd);

/** disk_committed - a transaction of the ledger is on disk, and took so long. */
void disk_committed(struct shopd *sd, int64_t commit_us);

#endif
