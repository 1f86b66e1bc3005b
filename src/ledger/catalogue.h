/*
 * catalogue.h: catalog.db (members' keys, articles, prices, passes), written by one thread of shopd
 * and turned into the flat arrays of core/catalog.h.
 *
 * A change is asked for by value or with a sealed memfd, made on the thread in transactions of ≤
 * 1,000 rows, switched at the end, and reported with the new arrays, which the loop swaps in whole.
 * The thread is nice: the door goes first.
 *
 * The thread makes the next arrays from those it handed over last, so these must live until the
 * next ones of their kind have been received, or catalogue_stop() has returned.
 */
#ifndef SHOP_LEDGER_CATALOGUE_H
#define SHOP_LEDGER_CATALOGUE_H

#include "base/clock.h"
#include "core/catalog.h"
#include "wire/entry.h"
#include "wire/sync.h"

struct catalogue;

/** One article of an import; rows stand back to back in the sealed memfd, checked field by field.
 */
struct import_row {
	uint64_t gtin;
	int64_t price_minor;
	int32_t deposit_minor; /* a piece */
	uint16_t vat_bp;       /* VAT_FIXED alone */
	uint16_t reorder;
	uint8_t class;
	uint8_t state;
	uint8_t vat_class;
	uint8_t name_len;
	char name[ARTICLE_NAME_MAX]; /* UTF-8, not NUL-terminated */
};

enum change_kind {
	CHANGE_MEMBER_ADD =
		1,	     /* key, role, flags, limit; the same key again gives the same answer */
	CHANGE_MEMBER_BLOCK, /* customer, on */
	CHANGE_MEMBER_GONE,  /* customer: as if there had been no MEMBER_ADD */
	CHANGE_IMPORT, /* fd with `rows` import_rows: replaces the price list (absent articles go)
			*/
	CHANGE_OFFICE_KEY_ADD, /* key */
	CHANGE_PASS,	       /* pass: revoked, PIN */
	CHANGE_MEMBER_TRUST,   /* customer, trust */
	CHANGE_FEED,	       /* fd with a statement of the office: see struct feed_judge */
	CHANGE_TODO_DONE,      /* todo: it is on record, forget it */
	CHANGE_LEAVE,	       /* forget the office's cursor; what it said stays */
	CHANGE_CARD_ADD,       /* kid, customer: a member's, or (`on`) one that is made, with role,
				  flags, limit; the same card again gives the same answer */
	CHANGE_CARD_GONE,      /* kid */
	CHANGE_DUE,	       /* queued by catalogue_clock(): prices whose time has come */
};

/** How the thread learns whether a statement may be believed: it hashes up to a MiB, which the loop
 * may not. `verify` is called on the thread: whether the office's set holds the statement's key and
 * its signature is good; false with `why`. */
struct feed_judge {
	bool (*verify)(void *data, struct span statement, struct span *ret_payload, char why[200]);
	void *data;
	char shop[PLACE_MAX_LEN + 1];
	uint32_t epoch;
};

enum {
	SETTINGS_MAX = 32,
	LOCAL_BLOCKS_MAX = 256,
	TODOS_MAX = 4 * SYNC_CHANGES_MAX, /* kept at once; with more, a feed waits */
};

/** What a feed asks of the shop beside its roster and catalogue. Commands are handed over once
 * (lost with a power cut, and then expired); the others are kept in catalog.db until
 * CHANGE_TODO_DONE says that they are on record. */
struct feed_todo {
	uint64_t n;		   /* 0: a command */
	struct sync_change change; /* COMMAND, PAYMENT, PAYMENT_ASSIGNED, ERASE */
	uint8_t *key_set;	   /* KEY_SET: the statement, key_set_len bytes; free() */
	uint32_t key_set_len;
};

/** What the catalogue knows of the office. An error of CHANGE_FEED with must_refetch false is one
 * batch that cannot be (why says it); with -EAGAIN, -ENOSPC it may come again later. */
struct feed_state {
	bool known;	      /* a snapshot was applied whole: `cursor` holds */
	uint64_t cursor;      /* applied up to it */
	struct wall heard;    /* when the newest applied batch was signed */
	int32_t part;	      /* of a snapshot under way: the last that was applied; 0: none */
	uint64_t snapshot_to; /* of that snapshot */
	uint32_t settings;
	struct sync_setting setting[SETTINGS_MAX];
};

struct change {
	enum change_kind kind;
	uint32_t tag; /* the asker's, handed back */
	struct public_key key;
	struct kid kid; /* of key; CARD_…: the card's */
	struct customer
		customer; /* MEMBER_ADD: drawn at random by the asker, used if the key is new */
	uint8_t role;
	uint8_t trust;
	uint16_t flags;
	struct money credit_limit;
	bool on;
	int fd; /* IMPORT: now the catalogue's */
	uint32_t rows;
	struct pass_row pass;
	struct feed_judge judge; /* FEED */
	uint64_t todo;		 /* TODO_DONE */
};

struct changed {
	enum change_kind kind;
	uint32_t tag;
	int error;		  /* 0 or -errno */
	char why[200];		  /* when not 0: which row, what is wrong */
	struct customer customer; /* MEMBER_ADD, CARD_…: the key's, the card's */
	bool existed;		  /* MEMBER_ADD, CARD_ADD: it was known */
	uint32_t rows;		  /* IMPORT: taken; version in articles */
	bool must_refetch;	  /* FEED: it does not go on from the cursor */
	struct feed_state *feed;  /* FEED: as it is now; the receiver's: free() */
	uint32_t todos;		  /* FEED: now for the receiver; free(todo) */
	struct feed_todo *todo;
	struct roster *roster; /* new, now the receiver's; NULL: unchanged */
	struct articles *articles;
};

/**
 * catalogue_open - opens or makes `dir`/catalog.db, reads it all, starts the thread.
 * A file that is damaged is moved aside (it can be fetched again) and told in `why`, with return 0.
 */
MUST_CHECK int catalogue_open(const char *dir, struct wall now, struct catalogue **ret,
			      struct roster **ret_roster, struct articles **ret_articles,
			      char why[200]);
/** catalogue_chart - from here on an import may name only VAT rates that have accounts in `chart`,
 * which must outlive the catalogue. */
void catalogue_chart(struct catalogue *c, const struct entry_chart *chart);
/** catalogue_feed - what the file knew of the office when it was opened, and what is still to be
 * done of what it said; the caller's, as in struct changed. Before the first change. NULL: the file
 * cannot be read. */
struct feed_state *catalogue_feed(struct catalogue *c, struct feed_todo **ret_todo,
				  uint32_t *ret_todos);
/** catalogue_due - when an article's next price begins (UTC), as of the change reported last; 0:
 * none is known. catalogue_clock - by a clock that can be trusted it is `now`: prices that are due
 * begin, which is reported as CHANGE_DUE. False: nothing is due, or it was asked for already. */
struct wall catalogue_due(const struct catalogue *c);
bool catalogue_clock(struct catalogue *c, struct wall now);
int catalogue_fd(const struct catalogue *c);
/** catalogue_change - queues one; false when 16 are queued already (and `fd` stays the caller's).
 */
bool catalogue_change(struct catalogue *c, const struct change *change, struct wall now);
bool catalogue_changed(struct catalogue *c, struct changed *ret);
/** changed_free - what came with it but roster and articles. */
void changed_free(struct changed *changed);
/** catalogue_stop - finishes the change under way, joins, frees. */
void catalogue_stop(struct catalogue *c);

/** roster_free - gives back what was handed over, whole, to the system; NULL is fine. */
void roster_free(struct roster *r);
/** articles_free - see roster_free. */
void articles_free(struct articles *a);

#endif
