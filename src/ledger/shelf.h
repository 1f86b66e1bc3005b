/*
 * shelf.h: catalog.db as its one writing thread sees it. Internal to ledger/.
 *
 *   shelf.c             what the file holds, opening it, notes
 *   region.c            memory that is given back whole
 *   roster_rows.c       members, keys, passes: file -> arrays, and arrays with one row more
 *   article_rows.c      articles and their pasts: file -> arrays
 *   catalogue_member.c  the small changes          catalogue_import.c  a price list
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
};

/** shelf_open - as catalogue_open, without the thread. shelf_close - the arrays are not its own. */
MUST_CHECK int shelf_open(const char *dir, struct wall now, struct shelf *ret,
			  struct roster **ret_roster, struct articles **ret_articles,
			  char why[WHY_MAX]);
void shelf_close(struct shelf *s);

/** shelf_fail - rolls back what is open and says why: *ret gets -errno and words. */
void shelf_fail(struct shelf *s, int rc, const char *doing, struct changed *ret);

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
	bool key, member, office_key, pass;
};
struct roster *roster_copy(const struct roster *old, struct roster_more more);
/** roster_insert_… - into a copy that has room, at its place. */
void roster_insert_member(struct roster *r, const struct member_row *member);
void roster_insert_key(struct roster *r, struct kid kid, const struct public_key *key,
		       struct customer customer);
void roster_insert_pass(struct roster *r, const struct pass_row *pass);

/** change_… - makes one change; *ret says how it went. */
void change_member_add(struct shelf *s, const struct change *c, struct changed *ret);
void change_member_block(struct shelf *s, const struct change *c, struct changed *ret);
void change_member_trust(struct shelf *s, const struct change *c, struct changed *ret);
void change_office_key(struct shelf *s, const struct change *c, struct changed *ret);
void change_pass(struct shelf *s, const struct change *c, struct changed *ret);
void change_import(struct shelf *s, const struct change *c, struct wall now, struct changed *ret);

/** import_tidy - undoes what an import that was cut short has left. A result code. */
MUST_CHECK int import_tidy(struct shelf *s);

#endif
