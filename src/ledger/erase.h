/*
 * erase.h: bodies that may be forgotten, forgotten (contracts 4): driven slice by slice by the
 * ledger's thread, and by a restore that finds in the chain what had been erased. Internal to
 * ledger/.
 */
#ifndef SHOP_LEDGER_ERASE_H
#define SHOP_LEDGER_ERASE_H

#include "ledger/store.h"

/** What is to go. */
struct erase_ask {
	bool whose_known; /* of this customer alone; else of everybody */
	struct customer whose;
	struct wall before; /* entries older than it */
};

struct erase {
	struct erase_ask ask;
	uint64_t at, upto; /* looked at; the newest entry when it was asked */
	uint32_t bodies;   /* gone by now */
	bool swept;	   /* all are: what is left is to clean the file */
};

/** erase_begin - up to the newest entry of now. */
void erase_begin(struct erase *e, const struct erase_ask *ask, const struct store *s);

/** erase_slice - one transaction: at most ERASE_SLICE bodies, and the entry that says so. Cut short
 * once `hurry` says that somebody waits. STORED_FULL: rolled back, to be done again. */
typedef bool erase_hurry_fn(void *data);
MUST_CHECK enum stored erase_slice(struct store *s, struct erase *e, struct wall now,
				   erase_hurry_fn *hurry, void *data);

/** erase_clean - leaves no byte of what is gone in the WAL or in a file that a restore has kept.
 * False: a reader stands in the way, or there is no room: again a little later. */
bool erase_clean(struct store *s, const struct erase *e);

/** erase_told - what an ENTRY_ERASED of the chain says is gone, gone here too. */
MUST_CHECK enum stored erase_told(struct store *s, const struct entry_erased *told);

#endif
