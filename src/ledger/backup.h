/* backup.h: copies of ledger.db and catalog.db, made while shopd writes on; and putting them back.
 */
#ifndef SHOP_LEDGER_BACKUP_H
#define SHOP_LEDGER_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

/**
 * ledger_backup - copies `dir`/ledger.db as it is at one moment into the new file `to` (mode 0600,
 * no journal beside it), synced. shopd goes on: its newest entries then are in the next backup.
 * @return 0, or -errno with `why`; then `to` is not there.
 */
MUST_CHECK int ledger_backup(const char *dir, const char *to, char why[200]);

/** catalogue_backup - the same of `dir`/catalog.db: members, prices, passes. */
MUST_CHECK int catalogue_backup(const char *dir, const char *to, char why[200]);

/** backup_sound - whether `path` is such a file, `catalogue` or ledger, whole (every page of it is
 * read) and of a form that this program knows. 0, or -errno with `why`: -EBADMSG, -EPROTO newer. */
MUST_CHECK int backup_sound(const char *path, bool catalogue, char why[200]);

/** books_forms - in which form this program writes ledger and catalogue; older ones it brings up to
 * these, newer ones it refuses. */
void books_forms(uint32_t *ret_ledger, uint32_t *ret_catalogue);

/** What a copy that is about to be put back stands in, within the folder of the books. */
#define RESTORE_DIR ".restore"
/** What the file that was there before is called then. */
#define RESTORE_BEFORE ".before-restore"

/**
 * backup_put_back - takes a file that stands whole and synced in `dir`/RESTORE_DIR into its place,
 * in one step: a power cut leaves the one before or this one. The one before is kept beside it,
 * with RESTORE_BEFORE behind its name. Nobody else may be writing it.
 * @return 0, or -errno with `why`: -EBUSY shopd has it open, -ENOENT there is none to put back.
 */
MUST_CHECK int backup_put_back(const char *dir, bool catalogue, char why[200]);

#endif
