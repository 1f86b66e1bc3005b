/* backup.h: a folder from which a shop can be made again: ledger.db, and the configuration. */
#ifndef SHOP_SHOPCTL_BACKUP_H
#define SHOP_SHOPCTL_BACKUP_H

#include "shopctl/shopctl.h"

#define ETC_DIR_DEFAULT "/etc/shopkeeper"

/** backup_make - the ledger and the configuration in `etc` into `dir`, which is made where it
 * lacks; the copy is read again and its whole chain verified before it takes the place of an older
 * one. Says what it did. */
enum ctl_exit backup_make(struct ctl *ctl, const char *dir, const char *etc);

/** backup_open - the ledger.db of a backup, to be handed over; the caller's. */
enum ctl_exit backup_open(struct ctl *ctl, const char *dir, int *ret_fd);

/** backup_etc_back - configuration files of the backup into `etc` where there is none of that name;
 * how many in *ret. Each is told. */
enum ctl_exit backup_etc_back(struct ctl *ctl, const char *dir, const char *etc, uint32_t *ret);

#endif
