/* stamp.h: what the newest backup of this box was: a small file for whoever wants to know how old
 * it is, and may not read the backup itself. */
#ifndef SHOP_LEDGER_STAMP_H
#define SHOP_LEDGER_STAMP_H

#include "base/check.h"
#include "base/clock.h"

/** Where the scheduled backup leaves it. */
#define BACKUP_STAMP "/var/lib/shopkeeper-backup/last"

struct backup_stamp {
	struct wall at;	     /* a copy was made and read whole */
	bool also;	     /* the same is to be beyond this box's disk … */
	struct wall also_at; /* … and was; 0: never */
	uint64_t entries;    /* of the ledger in it */
};

/** backup_stamp_read - false: there is none, or it cannot be read. Never waits. */
MUST_CHECK bool backup_stamp_read(const char *path, struct backup_stamp *ret);

/** backup_stamp_write - beside it, synced, and by rename; readable by all. 0 or -errno. */
MUST_CHECK int backup_stamp_write(const char *path, const struct backup_stamp *stamp);

#endif
