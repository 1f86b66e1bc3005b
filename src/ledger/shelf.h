/*
 * shelf.h: catalog.db as its one writing thread sees it. Internal to ledger/.
 *
 *   shelf.c             what the file holds, opening it, notes
 *   region.c            memory that is given back whole
 *   roster_rows.c       members, keys, passes: file -> arrays, and arrays with one row more
 *   article_rows.c      articles and their pasts: file -> arrays
 *   catalogue_member.c  the small changes          catalogue_import.c  a price list
 *   catalogue_card.c    likewise of cards
 *   catalogue_feed.c    what the office says, change by change
 *   catalogue_snapshot.c  all that holds at the office, staged and then switched to
 *   feed_rows.c         what both write: one change onto its table
 *   feed_state.c        the notes of the feed
 *   catalogue_due.c     prices that are to come
 *   catalogue.c         the thread and its queue
 */
#ifndef SHOP_LEDGER_SHELF_H
#define SHOP_LEDGER_SHELF_H

#include "ledger/catalogue.h"
#include "ledger/sql.h"

extern const struct sql_file catalogue_file;

enum {
	/* visits that are over are spoken of for VISIT_LATE_DAYS: their prices a day longer */
	PAST_DAYS = VISIT_LATE_DAYS + 1,
	ROWS_A_TRANSACTION = 1000, /* contracts 5 */
};

struct shelf {
	struct sql_writer writer;
	const struct entry_chart *chart; /* the rates that have accounts; NULL: nobody said */
	bool broken;	  /* a write failed in a way that says nothing about what the disk holds */
	uint32_t version; /* of the price list; 0: there is none */
	struct wall made_at;
	/* what was handed over last: alive until the next is, see catalogue.h */
	const struct roster *roster;
	const struct articles *articles;
	/* what the office has said so far */
	bool feed_known;	/* a snapshot was applied whole */
	uint64_t feed_cursor;	/* then: applied up to it */
	struct wall feed_heard; /* when the newest batch was signed */
	int32_t part;		/* of the snapshot that is being staged; 0: none is */
	uint64_t part_to;	/* that snapshot's `to` */
	struct wall due;	/* when the next price begins; 0: none waits */
};

/** shelf_open - as catalogue_open, without the thread. shelf_close - the arrays are not its own. */
MUST_CHECK int shelf_open(const char *dir, struct wall now, struct shelf *ret,
			  struct roster **ret_roster, struct articles **ret_articles,
			  char why[WHY_MAX]);
void shelf_close(struct shelf *s);

/** shelf_fail - rolls back what is open and says why: *ret gets -errno and words. */
void shelf_fail(struct shelf *s, int rc, const char *doing, struct changed *ret);
/** shelf_refuse - *ret gets -errno and these words; nothing was changed. */
void shelf_refuse(struct changed *ret, int error, const char *why);

/** region_new - zeroed memory from the system itself, given back whole by region_free(). Never
 * NULL. Pages of it that are never touched cost nothing. */
void *region_new(size_t size);
void region_free(void *region);

/** roster_load, articles_load - a result code; SQLITE_CORRUPT for a row that cannot be. */
MUST_CHECK int roster_load(sqlite3 *db, struct roster **ret);
MUST_CHECK int articles_load(struct shelf *s, struct wall now, struct articles **ret);

/** roster_more - a copy with room for one more of each that is asked for; the counts are still the
 * old ones. */
struct roster_more {
	bool key, card, member, office_key, pass;
};
struct roster *roster_copy(const struct roster *old, struct roster_more more);
/** roster_insert_… - into a copy that has room, at its place. */
void roster_insert_member(struct roster *r, const struct member_row *member);
void roster_insert_key(struct roster *r, struct kid kid, const struct public_key *key,
		       struct customer customer);
void roster_insert_card(struct roster *r, struct kid kid, struct customer customer);
void roster_insert_pass(struct roster *r, const struct pass_row *pass);

/** change_… - makes one change; *ret says how it went. */
void change_member_add(struct shelf *s, const struct change *c, struct changed *ret);
void change_member_gone(struct shelf *s, const struct change *c, struct changed *ret);
void change_card_add(struct shelf *s, const struct change *c, struct changed *ret);
void change_card_gone(struct shelf *s, const struct change *c, struct changed *ret);
void change_member_block(struct shelf *s, const struct change *c, struct changed *ret);
void change_member_trust(struct shelf *s, const struct change *c, struct changed *ret);
void change_office_key(struct shelf *s, const struct change *c, struct changed *ret);
void change_pass(struct shelf *s, const struct change *c, struct changed *ret);
void change_import(struct shelf *s, const struct change *c, struct wall now, struct changed *ret);

/** change_feed - a batch of the office's feed, or a part of its snapshot; *ret has the feed's state
 * whatever became of it. change_todo_done, change_leave, change_due - as enum change_kind says. */
void change_feed(struct shelf *s, const struct change *c, struct wall now, struct changed *ret);
void change_todo_done(struct shelf *s, const struct change *c, struct changed *ret);
void change_leave(struct shelf *s, struct changed *ret);
void change_due(struct shelf *s, struct wall now, struct changed *ret);

/** import_row_wrong - NULL, or what is wrong with a row, in words. */
const char *import_row_wrong(const struct import_row *r, const struct entry_chart *chart);
/** import_list - a price list whose rows are right and different, in the place of the present one;
 * `with` (may be NULL) runs in the transaction that switches to it. A result code; *ret is loaded
 * anew. */
typedef int import_with_fn(struct shelf *s, void *data);
MUST_CHECK int import_list(struct shelf *s, const struct import_row *row, uint32_t rows,
			   struct wall now, import_with_fn *with, void *data,
			   struct articles **ret);

/** shelf_trim - after much was written: every commit is synced again, the WAL is short, memory goes
 * back to the system. */
void shelf_trim(struct shelf *s);

/* --- feed_rows.c */

/** Where a change is written: the tables that hold, or those of a snapshot being staged. */
enum feed_into {
	INTO_LIVE = 0,
	INTO_STAGED = 1
};

#define FEED_WRITES 16
/** Writes changes; zero it but for the first members. */
struct feed_writer {
	struct shelf *s;
	struct wall now;
	enum feed_into into;
	sqlite3_stmt *write[FEED_WRITES]; /* made when first used */
	uint32_t version;		  /* of the price list that the articles belong to */
	bool roster, articles;		  /* touched */
	uint32_t left_out; /* changes that cannot be: an article without an account … */
	char why[WHY_MAX]; /* the first of them */
};
/** feed_write - one change, not a todo. A result code. feed_writer_end - lets go of the statements.
 */
MUST_CHECK int feed_write(struct feed_writer *w, const struct sync_change *c);
void feed_writer_end(struct feed_writer *w);
/* --- feed_state.c */

/** feed_is_todo - it is for the loop to do, not for a table. */
bool feed_is_todo(enum sync_change_kind kind);
/** shelf_kid - RFC 9679, as crypto/ has it. */
struct kid shelf_kid(const struct public_key *key);
/** feed_todo_keep - a todo's bytes, so that it outlives a power cut. `suffix`: "", or "_new" of a
 * snapshot that is being staged. A result code. */
MUST_CHECK int feed_todo_keep(struct shelf *s, const char *suffix, struct span change,
			      uint64_t *ret_n);
/** feed_todo_of - a change as it is handed to the loop. feed_todos_load - those that wait, kept
 * after the one of this number. */
void feed_todo_of(const struct sync_change *c, uint64_t n, struct feed_todo *ret);
MUST_CHECK int feed_todos_load(struct shelf *s, uint64_t after, struct feed_todo **ret,
			       uint32_t *ret_todos);
/** feed_note - the cursor, durably with this transaction. feed_open - what the file knows of the
 * feed, and when the next price is due. feed_state_new - a copy for the loop. */
MUST_CHECK int feed_note(struct shelf *s, uint64_t cursor, struct wall heard);
MUST_CHECK int feed_open(struct shelf *s);
struct feed_state *feed_state_new(struct shelf *s);
/** feed_room - whether what the tables (`suffix` "" or "_new") hold now is no more than a shop can:
 * SQLITE_OK, SQLITE_FULL with `why`, or what went wrong. */
MUST_CHECK int feed_room(struct shelf *s, const char *suffix, char why[WHY_MAX]);
/** price_version_new - a version for what this transaction writes to the price list. */
MUST_CHECK int price_version_new(struct shelf *s, uint32_t version, struct wall now);

/* --- catalogue_snapshot.c, catalogue_due.c */

/** snapshot_part - one part of everything: staged, and with the last one switched to. */
void snapshot_part(struct shelf *s, const struct sync_feed *feed, struct wall now,
		   struct changed *ret);
/** snapshot_clear - what was staged goes. A result code. */
MUST_CHECK int snapshot_clear(struct shelf *s);
/** due_find - s->due, from the file. A result code. */
MUST_CHECK int due_find(struct shelf *s);

/** import_tidy - undoes what an import that was cut short has left. A result code. */
MUST_CHECK int import_tidy(struct shelf *s);

#endif
