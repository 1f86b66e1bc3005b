/* backup.h: a folder from which a shop can be made again: ledger.db, catalog.db, and the
 * configuration. */
#ifndef SHOP_SHOPCTL_BACKUP_H
#define SHOP_SHOPCTL_BACKUP_H

#include "ledger/read.h"
#include "shopctl/shopctl.h"

#define ETC_DIR_DEFAULT "/etc/shopkeeper"

/** backup_make - the ledger and the configuration in `etc` into `dir`, which is made where it
 * lacks; the copy is read again and its whole chain verified before it takes the place of an older
 * one. Says what it did. */
enum ctl_exit backup_make(struct ctl *ctl, const char *dir, const char *etc);

/** backup_copy - the same, without a word. */
enum ctl_exit backup_copy(struct ctl *ctl, const char *dir, const char *etc,
			  struct verify_result *ret, uint32_t *ret_confs);

/** backup_verify - reads the ledger in `dir` whole, every hash of it. */
enum ctl_exit backup_verify(struct ctl *ctl, const char *dir, struct verify_result *ret);

/** backup_beside_remove - what a reader of this database leaves beside it. backup_dir_sync - what
 * was renamed in it is kept. */
void backup_beside_remove(const char *path);
bool backup_dir_sync(const char *dir);

/** backup_put_books - the books of the backup `dir` into the folder `state`, each whole and read
 * before it takes the place of what is there; that is kept beside it. Nobody may be writing them.
 */
enum ctl_exit backup_put_books(struct ctl *ctl, const char *dir, const char *state,
			       struct verify_result *ret);

/** backup_open - the ledger.db of a backup, to be handed over; the caller's. */
enum ctl_exit backup_open(struct ctl *ctl, const char *dir, int *ret_fd);

/** backup_etc_back - configuration files of the backup into `etc` where there is none of that name;
 * how many in *ret. Each is told. */
enum ctl_exit backup_etc_back(struct ctl *ctl, const char *dir, const char *etc, uint32_t *ret);

#endif
