/* read.c: ledger.db and catalog.db from outside shopd: read-only, one short query at a time. */
#include "shopctl/read.h"

#include <errno.h>
#include <string.h>

enum ctl_exit read_open(struct ctl *ctl, struct reader **ret)
{
	int err = reader_open(ctl->state_dir, ret);

	if (err != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the shop's files: %s", strerror(-err));
	return CTL_DONE;
}

enum ctl_exit read_failed(struct ctl *ctl, const char *file, int err)
{
	if (err == -ENOENT)
		return ctl_fail(ctl, CTL_UNREACHABLE,
				"there is no %s in %s: has shopd run, is --state right?", file,
				ctl->state_dir);
	if (err == -EACCES || err == -EPERM)
		return ctl_fail(ctl, CTL_UNREACHABLE, "%s in %s may not be read: try as its group",
				file, ctl->state_dir);
	if (err == -EAGAIN || err == -EBUSY)
		return ctl_fail(ctl, CTL_UNREACHABLE, "%s is busy, try again", file);
	return ctl_fail(ctl, CTL_INTERNAL, "%s cannot be read: %s", file, strerror(-err));
}
