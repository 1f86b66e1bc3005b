/*
 * restore.h: a ledger that is behind what its office has, made whole again (contracts 5).
 *
 * A new file is made beside the old one: what both have in common, then the office's entries, whose
 * chain is recomputed up to the head that the office has signed, then an ENTRY_OFFICE of the new
 * epoch, then what this box had made since, appended again (a line whose key its visit has already
 * is left out). Synced, then renamed over the old one, which is kept as ledger.db.before-EPOCH.
 * Killed at any point, the next start finds the old file or the new one, whole.
 *
 * Blocking; for a thread of its own, while no ledger is open.
 */
#ifndef SHOP_LEDGER_RESTORE_H
#define SHOP_LEDGER_RESTORE_H

#include "ledger/ledger.h"
#include "wire/sync.h"

struct restore {
	const char *dir;
	const char *backup;    /* a ledger.db to begin with where `dir` has none or a shorter one of
				  the    same chain; NULL: none */
	struct sync_head head; /* the office's, signed: epoch granted, seq, hash */
};

/** restore_common - the newest entry of `dir`'s ledger (or of the backup) that is certainly at the
 * office: the tail is to be fetched from there. *ret_seq 0: from the beginning. 0 or -errno. */
MUST_CHECK int restore_common(const struct restore *r, uint64_t *ret_seq, char why[200]);

struct restoring;
/** restore_begin - opens what is needed. restore_take - a batch of the office's entries
 * (wire/sync.h), in order: checked against the chain as it comes; *ret_after is what to fetch next,
 * equal to head.seq when all is there. restore_end - finishes and puts the new file in place, or
 * with `keep` false throws it away; `again` tells how many entries of our own were appended again.
 */
MUST_CHECK int restore_begin(const struct restore *r, struct wall now, struct restoring **ret,
			     char why[200]);
MUST_CHECK int restore_take(struct restoring *x, struct span batch, uint64_t *ret_after,
			    char why[200]);
MUST_CHECK int restore_end(struct restoring *x, bool keep, uint32_t *ret_again, char why[200]);

#endif
