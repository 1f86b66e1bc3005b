/* backup_kept.h: backups on schedule: the newest so many, each in a folder named after its time. */
#ifndef SHOP_SHOPCTL_BACKUP_KEPT_H
#define SHOP_SHOPCTL_BACKUP_KEPT_H

#include "shopctl/shopctl.h"

#define BACKUP_CONF "/etc/shopkeeper/backup.conf"

/** backup.conf. */
struct backup_conf {
	char dir[200];	/* where they are */
	char also[200]; /* and where a copy of the newest goes, a stick's folder; empty: nowhere */
	int64_t keep;	/* so many, in either */
	bool same_disk; /* for trials: `also` is no other disk */
};

/** backup_conf_read - the file, or what is in force without one. */
enum ctl_exit backup_conf_read(struct ctl *ctl, const char *path, struct backup_conf *ret);

/**
 * backup_kept_make - a new one: copied, restored into a folder of its own, and read whole there;
 * only then it takes its name, and the oldest beyond `keep` go. A power cut at any moment leaves
 * every backup that had a name. Then the same to `also`. Says what it did; `stamp` tells the
 * others.
 */
enum ctl_exit backup_kept_make(struct ctl *ctl, const struct backup_conf *conf, const char *etc,
			       const char *stamp);

/** backup_newest - `dir` itself where it holds a ledger, else the newest of those kept in it. */
enum ctl_exit backup_newest(struct ctl *ctl, const char *dir, char ret[CTL_PATH_SIZE]);

#endif
