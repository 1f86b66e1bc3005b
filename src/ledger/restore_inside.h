/*
 * restore_inside.h: what the files of a restore share. Internal to ledger/.
 *
 *   restore.c          from the first question to the new file
 *   restore_source.c   the files that there are        restore_again.c    entries again
 *   restore_place.c    the new one in the old's place  restore_books.c    papers, credits, keys
 *                                                      restore_numbers.c  visits, alarms
 */
#ifndef SHOP_LEDGER_RESTORE_INSIDE_H
#define SHOP_LEDGER_RESTORE_INSIDE_H

#include <limits.h>

#include "ledger/erase.h"
#include "ledger/restore.h"
#include "ledger/store.h"

enum {
	SOURCES = 2, /* the backup, then the file of the folder */
};

/** A ledger that is read from. */
struct source {
	sqlite3 *db; /* NULL: there is none */
	sqlite3_stmt *one, *from, *clock, *visit;
	uint64_t head, acked;
	uint64_t last_visit, last_alarm;
};

/** An entry as a source has it; lent until the next one. */
struct source_entry {
	uint64_t seq;
	struct wall at;
	uint16_t kind;
	struct span body; /* data NULL: erased */
	struct sha256 body_hash, hash;
};

struct restoring {
	struct restore r;
	char dir[PATH_MAX];
	struct wall now;
	int lock_fd; /* of ledger.db.lock: nobody else writes meanwhile */
	struct source source[SOURCES];
	struct store store; /* of the new file */
	bool open;
	uint64_t base; /* copied from a source; what comes first from the office shows if rightly */
	bool based;    /* it has */
	uint32_t again;	    /* entries appended after the word of the new epoch */
	uint32_t left;	    /* entries of our own that could not be */
	char left_why[160]; /* the first of them */
};

/* Where a restore is, for tests that end it there. */
enum restore_stage {
	RESTORE_BEGUN,
	RESTORE_TAKEN, /* a batch */
	RESTORE_DERIVED,
	RESTORE_AGAIN,	 /* our own are in, not yet committed */
	RESTORE_WRITTEN, /* the new file is whole, beside the old one */
	RESTORE_SYNCED,	 /* and on the disk */
	RESTORE_EMPTIED, /* the old one's WAL is in the old one */
	RESTORE_KEPT,	 /* the old one has its second name */
	RESTORE_BARED,	 /* the old one's WAL is removed */
	RESTORE_RENAMED, /* the new one stands in its place */
	RESTORE_STAGES
};
extern void (*restore_at)(enum restore_stage stage);

/* --- restore_source.c */

/** source_open - 0 also where there is no such file: db is NULL. `ours`: it may be recovered; else
 * it is not touched. -errno with `why`. */
MUST_CHECK int source_open(const char *path, bool ours, struct source *ret, char why[WHY_MAX]);
void source_close(struct source *s);
/** source_at - the entry of this number. source_next - the first after it. False: there is none, or
 * the file is damaged: *ret_error then is -errno. */
MUST_CHECK bool source_at(struct source *s, uint64_t seq, struct source_entry *ret, int *ret_error);
MUST_CHECK bool source_next(struct source *s, uint64_t after, struct source_entry *ret,
			    int *ret_error);
/** source_clock - the newest start or clock entry up to `seq`. source_visit - whether it has this
 * visit. */
MUST_CHECK bool source_clock(struct source *s, uint64_t seq, struct source_entry *ret);
MUST_CHECK bool source_visit(struct source *s, uint64_t visit);
/** source_certain - the newest of its entries that is certainly at the office. */
MUST_CHECK int source_certain(struct source *s, const struct sync_head *head, uint64_t *ret_seq);

/* --- restore_again.c */

/** again_append - what the sources have beyond the office's entries, again. All in one transaction,
 * behind the office's word. 0 or -errno with `why`. */
MUST_CHECK int again_append(struct restoring *x, char why[WHY_MAX]);

/* --- restore_place.c */

extern const struct sql_file restore_file; /* the new file, while it is being made */
/** place_lock - nobody else may write the ledger. place_clear - removes what an earlier restore has
 * left half done. place_put - the new file, closed, into the old one's place. */
MUST_CHECK int place_lock(const char *dir, int *ret_fd, char why[WHY_MAX]);
void place_clear(const char *dir);
MUST_CHECK int place_put(const char *dir, uint32_t epoch, char why[WHY_MAX]);

#endif
