/*
 * rebuild.h: proof that the books follow from the entries: every table of ledger.db is derived
 * again, from the first entry on, and held against what is there (contracts 4). For another process
 * than the one that writes; the shop goes on meanwhile.
 */
#ifndef SHOP_LEDGER_REBUILD_H
#define SHOP_LEDGER_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

struct rebuild_found {
	bool ok;	     /* nothing differs */
	uint64_t entries;    /* derived again */
	uint64_t unreadable; /* of them not erased, and yet not to be read: nothing follows */
	uint64_t erased;     /* bodies that are gone; what they alone told is not compared */
	uint64_t rows;	     /* compared */
	uint32_t tables;     /* compared */
	char table[32];	     /* of the first difference */
	char key[100];	     /* of its row, as in the table; a customer by 8 hex digits */
	char why[200];	     /* what differs, or what could not be done, in words */
};

/**
 * ledger_rebuild_check - derives every table of `dir`/ledger.db again into a private temporary file
 * (SQLite's: in SQLITE_TMPDIR, TMPDIR, /var/tmp or /tmp, deleted by itself) and compares row by
 * row, in short reads, so that a shop that writes is not held up. Changes nothing.
 * @progress: told now and then, may be NULL.
 * @return 0 with *ret (ok or not), or -errno with ret->why: -ENOENT no ledger, -EBADMSG damaged,
 * another's file, or an entry that cannot follow from those before it (table "entry"), -EPROTO of
 * another form than this program's, -ENOSPC, -EIO.
 */
MUST_CHECK int ledger_rebuild_check(const char *dir, struct rebuild_found *ret,
				    void (*progress)(void *data, uint64_t done, uint64_t all),
				    void *data);

#endif
