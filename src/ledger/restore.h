/*
 * restore.h: a ledger that is behind what its office has, made whole again (contracts 5).
 *
 * A new file is made beside the old one: what both have in common, then the office's entries, whose
 * chain is recomputed up to the head that the office has signed, then an ENTRY_OFFICE of the new
 * epoch, then what this box had made since, appended again (a line whose key its visit has already
 * is left out; restore_again.c says what else). Synced, then renamed over the old one, which is
 * kept as ledger.db.before-EPOCH until something is erased that it holds. Killed at any point, the
 * next start finds the old file or the new one, whole.
 *
 * Blocking; for a thread of its own, while no ledger is open.
 */
#ifndef SHOP_LEDGER_RESTORE_H
#define SHOP_LEDGER_RESTORE_H

#include "ledger/ledger.h"
#include "wire/sync.h"

struct restore {
	const char *dir;
	const char *backup;    /* a ledger.db: what it has need not be fetched, and what the office
				  has not is appended again, before that of `dir`; NULL: none */
	struct sync_head head; /* the office's, signed: epoch granted, seq, hash */
	/* told now and then while the tables are made, which takes longest; may be NULL */
	void (*progress)(void *data, uint64_t done, uint64_t all);
	void *progress_data;
};

/** restore_common - the newest entry of `dir`'s ledger (or of the backup) that is certainly at the
 * office: the tail is to be fetched from there. *ret_seq 0: from the beginning. 0 or -errno. */
MUST_CHECK int restore_common(const struct restore *r, uint64_t *ret_seq, char why[200]);

struct restoring;
/** restore_begin - opens what is needed. restore_take - a batch of the office's entries
 * (wire/sync.h), in order: checked against the chain as it comes; *ret_after is what to fetch next,
 * equal to head.seq when all is there. It may go back to 0: what had been acknowledged is not what
 * the office has. restore_end - finishes and puts the new file in place, or with `keep` false
 * throws it away; in either case, and when it fails, *x is gone. `again` tells how many entries of
 * our own were appended again; `why` then is empty, or says what could not be.
 */
MUST_CHECK int restore_begin(const struct restore *r, struct wall now, struct restoring **ret,
			     char why[200]);
MUST_CHECK int restore_take(struct restoring *x, struct span batch, uint64_t *ret_after,
			    char why[200]);
MUST_CHECK int restore_end(struct restoring *x, bool keep, uint32_t *ret_again, char why[200]);

#endif
