/* backup.h: a copy of ledger.db, made while shopd writes on. */
#ifndef SHOP_LEDGER_BACKUP_H
#define SHOP_LEDGER_BACKUP_H

#include "base/check.h"

/**
 * ledger_backup - copies `dir`/ledger.db as it is at one moment into the new file `to` (mode 0600,
 * no journal beside it), synced. shopd goes on: its newest entries then are in the next backup.
 * @return 0, or -errno with `why`; then `to` is not there.
 */
MUST_CHECK int ledger_backup(const char *dir, const char *to, char why[200]);

#endif
