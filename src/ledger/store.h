/*
 * store.h: ledger.db as its one writing thread sees it: the connection, the statements, the head of
 * the chain. Internal to ledger/.
 *
 *   schema.c    what the file holds             append.c   one entry onto the chain
 *   store.c     open, transactions, checkpoint  derive*.c  what follows from an entry
 *   store_sql.c its statements                  rebuild.c  the tables, made again from the entries
 *   recall.c    what a start needs to know      rows.c     rows -> structs, shared with the readers
 *   erase.c     bodies that are forgotten       restore*.c a file that is behind its office's copy
 */
#ifndef SHOP_LEDGER_STORE_H
#define SHOP_LEDGER_STORE_H

#include <openssl/evp.h>

#include "books/chart.h"
#include "ledger/ledger.h"
#include "ledger/sql.h"

extern const struct sql_file ledger_file;
enum {
	LEDGER_FORMS = 6
};
extern const char *const ledger_forms[LEDGER_FORMS];
/** ledger_tables - makes every derived table, where there are none or those of an older form. */
extern const char ledger_tables[];
/** ledger_cards - the one derived table that is never emptied. */
extern const char ledger_cards[];

/** What became of a write. Everything else that can go wrong ends the process. */
enum stored {
	STORED_OK = 0,
	STORED_FULL = 1, /* no room: roll back */
};

/** The newest entry and what follows from all of them; goes back with a rollback. */
struct head {
	uint32_t epoch;
	uint64_t seq;	 /* 0: there is none */
	uint32_t posted; /* postings of this entry so far */
	struct sha256 hash;
	struct wall at;
	bool clock_trusted;	     /* since the last start or clock entry */
	struct wall clock_floor;     /* up to that entry */
	uint64_t acked;		     /* entries up to it are at the office (note `acked`) */
	bool running;		     /* the last of start and stop is a start */
	uint32_t token_slot;	     /* where the next used token id goes */
	struct entry_tax tax;	     /* the newest on record that can be used; else Sweden's */
	struct entry_chart chart;    /* the same; else BAS */
	bool tax_known, chart_known; /* they are from the record */
};

enum statement {
	DO_BEGIN,
	DO_COMMIT,
	DO_ROLLBACK,
	DO_ENTRY,
	DO_META,
	DO_TOKEN,
	DO_TOKENS_GONE,
	DO_CARD,
	DO_ERASE,
	GET_ERASABLE,
	DO_ALARM,
	DO_VISIT_OPENED,
	DO_VISIT_JOINED,
	DO_VISIT_CLOSED,
	DO_VISIT_ADD,
	/* lines */
	DO_LINE,
	DO_LINE_VOIDED,
	DO_LINE_CREDITED,
	DO_LINE_DATED,
	GET_LINE,
	GET_LINE_UNSURE,
	GET_CLOCK_BEFORE,
	GET_CLOCK_AFTER,
	/* the books */
	DO_DESK_KEY,
	DO_BALANCE_LINE,
	DO_BALANCE,
	DO_BALANCE_DUE,
	DO_STOCK_NEW,
	DO_STOCK,
	GET_STOCK,
	DO_MOVEMENT,
	DO_INVOICE,
	DO_INVOICE_RATE,
	DO_INVOICE_LINES,
	DO_INVOICE_DUE,
	DO_INVOICE_CREDITED,
	GET_INVOICE,
	GET_INVOICE_LINES,
	DO_PERIOD_CLOSED,
	DO_PAYMENT,
	DO_PAYMENT_ASSIGNED,
	GET_PAYMENT,
	DO_SETTLED,
	DO_SETTLED_GONE,
	DO_INVOICE_PAID,
	GET_POOL,
	GET_FREE_PAYMENT,
	GET_TAKEN_PAYMENT,
	GET_UNPAID,
	GET_PAID,
	GET_SETTLED,
	DO_CHECK,
	DO_REPORTED,
	DO_ANSWERED_VISIT,
	DO_ANSWERED_LINE,
	DO_ANSWERED_INVOICE,
	/* what a start needs to know */
	GET_VISITS_OPEN,
	GET_VISIT,
	GET_BEARERS,
	GET_LINES,
	GET_TOKENS,
	GET_CARDS,
	GET_ALARMS,
	GET_MODES,
	GET_BALANCES,
	GET_BOOKS,
	STATEMENTS
};
extern const char *const store_statements[STATEMENTS];

enum {
	SHELF_SLOTS = 1024 /* articles whose stock is kept at hand: what a shop sells in a week */
};

/** What stands on the shelf of one article, as the newest entry has left it. */
struct shelf_row {
	struct gtin gtin; /* 0: an empty slot */
	bool known;	  /* it has a row in the table */
	int64_t on_hand;
	struct money value, unit_cost;
	uint64_t counted;
	int64_t shrunk;
};

/** What a person said to a door last is a note named after the door. */
#define NOTE_MODE "mode of "

/** A posting's id is its entry's number shifted by so much, and which of its postings it is: a
 * clock that is put right posts for every line of a day. */
#define POSTING_SHIFT 20

enum {
	SALTS = 64 /* drawn at once: a system call per 64 entries */
};

struct store {
	struct sql_writer writer;
	sqlite3_stmt *statement[STATEMENTS];
	sqlite3_stmt *posting[POSTINGS_MAX + 1]; /* by the count of rows; made when first used */
	struct head head, before; /* `before`: as it was at the transaction's begin */
	EVP_MD_CTX *hash;
	EVP_MD *sha256;
	uint64_t acked_to; /* what head.acked is to be, with the next commit */
	int read_error; /* the first result code that a read of this recall or book gave; 0: none */
	struct shelf_row shelf[SHELF_SLOTS]; /* by gtin; emptied by whatever goes back */
	bool checking;	    /* what is wrong with an entry is told, and does not end the process */
	const char *wrong;  /* what it is: the entry cannot follow from those before it */
	uint64_t wrong_seq; /* of that entry, where a rebuilding has met it */
	bool rebuilding;    /* the tables are behind the entries, and are being made again */
	uint32_t salts;
	uint8_t salt[SALTS][SALT_SIZE];
	uint32_t wal_frames;	/* in the WAL after the newest commit */
	uint32_t wal_attempted; /* of them when a checkpoint was last tried */
};

/** store_open - 0, or -errno with `why`. `pages_max`: a bound on the file, for tests; 0: none. */
MUST_CHECK int store_open(const char *dir, uint32_t pages_max, struct store *s, char why[WHY_MAX]);
/** store_open_file - the same under another name: a file that is being made. */
MUST_CHECK int store_open_file(const char *dir, const struct sql_file *file, uint32_t pages_max,
			       struct store *s, char why[WHY_MAX]);
void store_close(struct store *s);

/** A transaction: begin, append …, commit; or roll back, also after any STORED_FULL. */
MUST_CHECK enum stored store_begin(struct store *s);
MUST_CHECK enum stored store_append(struct store *s, const struct entry *e);

/** An entry whose body exists already. */
struct chained {
	uint32_t epoch;
	struct wall at;
	uint16_t kind;
	struct span body;	 /* data NULL: erased */
	struct sha256 body_hash; /* of an erased one; else it is computed */
};
/** store_chain - puts it behind the head, and derives nothing. */
MUST_CHECK enum stored store_chain(struct store *s, const struct chained *c);
MUST_CHECK enum stored store_commit(struct store *s);
void store_rollback(struct store *s);
/** store_mark_running - durably, before the first entry: a token used between here and the START
 * row must not look, after a power cut, as if the last stop had been in order. STORED_FULL: there
 * is no room, nothing is done. */
MUST_CHECK enum stored store_mark_running(struct store *s);

/** store_probe - a small write that says nothing, to learn whether there is room again. */
MUST_CHECK enum stored store_probe(struct store *s);

/** store_wal_new - pages in the WAL that no checkpoint has been tried for. store_checkpoint - moves
 * what is in the WAL into the file, as far as readers allow. */
uint32_t store_wal_new(const struct store *s);
void store_checkpoint(struct store *s);

/** store_recall - what a start needs; NULL when the file is damaged: s->read_error says how.
 * store_book - a visit with its lines; never NULL, a damaged file ends the process. */
struct recall *store_recall(struct store *s, struct wall now);
struct visit_book *store_book(struct store *s, struct visit_id visit, struct wall now);

/** store_failed - what became of a write that did not end well: there is no room, or else the
 * process ends, but while the tables are checked: then `doing` is s->wrong. */
MUST_CHECK enum stored store_failed(struct store *s, int rc, const char *doing);
/** store_step - steps a write to its end and resets it. */
MUST_CHECK enum stored store_step(struct store *s, enum statement which, const char *doing);
/** store_row - steps a read: true for a row; else it is reset, and s->read_error tells an error. */
MUST_CHECK bool store_row(struct store *s, enum statement which);

/** derive_entry - writes what follows from an entry: the one that s->head.seq is. */
MUST_CHECK enum stored derive_entry(struct store *s, const struct entry *e);

/** store_prepare - makes the statements of s->writer.db. store_finalize - the other way. A result
 * code. */
int store_prepare(struct store *s);
void store_finalize(struct store *s);
/** store_read_notes - head's clock, tokens, tax and chart, as the tables that are derived up to
 * entry head.seq have them. A result code. */
int store_read_notes(struct store *s);

typedef void rebuild_progress_fn(void *data, uint64_t done, uint64_t all);
/** store_rebuild - derives every entry after meta `derived`, or all of them where that is 0, in
 * transactions of bounded size; s->head is then the newest. 0, or -errno with `why`. Interrupted at
 * any point it goes on when it is called again. */
MUST_CHECK int store_rebuild(struct store *s, rebuild_progress_fn *progress, void *data,
			     char why[WHY_MAX]);
/** rebuild_entry - derives the entry that `row` stands on: columns seq, at, kind, body.
 * *ret_read: whether its body was there and could be read. */
MUST_CHECK enum stored rebuild_entry(struct store *s, sqlite3_stmt *row, bool *ret_read);

/** derive_forget - what is at hand of the tables is read again: they went back, or are made anew.
 */
void derive_forget(struct store *s);

/** chain_hash - an entry's hash (contracts 4). chain_sha256 - of any bytes. */
struct chain_entry {
	uint32_t epoch;
	uint64_t seq;
	struct wall at;
	uint16_t kind;
	struct sha256 body_hash, prev_hash;
};
struct sha256 chain_hash(EVP_MD_CTX *hash, const EVP_MD *sha256, const struct chain_entry *e);
struct sha256 chain_sha256(EVP_MD_CTX *hash, const EVP_MD *sha256, struct span bytes);

/* rows.c: columns in the order of the ROW_ lists. */
#define ROW_VISIT                                                                                  \
	"id, customer, place, price_version, opened_at, closed_at, over, ended, lines, "           \
	"lines_ever, total"
#define ROW_LINE                                                                                   \
	"key, customer, gtin, quantity_milli, unit_price, total, vat_bp, class, price_version, "   \
	"at, scanned_at, late, voided + credited, name, vat_class, deposit, list_price, bought, "  \
	"use_by, best_before, lot"
/** False when a column does not hold what it should: the file is damaged. */
MUST_CHECK bool row_visit(sqlite3_stmt *s, struct visit *ret);
/** row_line - a line that was credited after its visit reads as voided: its money is taken back.
 * `name` is left NULL: it stands in the column ROW_LINE_NAME. */
MUST_CHECK bool row_line(sqlite3_stmt *s, struct line *ret);
#define ROW_LINE_NAME 13
/* What has to be known of a line to take it back: struct sold. */
#define ROW_SOLD "seq, visit, customer, gtin, quantity_milli, total, deposit, vat_bp, cost"
/** `chain`: the seqs of visit ?1's lines, by the way from its newest one back. */
#define LINES_OF_VISIT                                                                             \
	"WITH RECURSIVE chain(seq) AS (SELECT last_line FROM visit WHERE id = ?1 UNION ALL"        \
	" SELECT before FROM line JOIN chain USING(seq) WHERE before > 0) "

#endif
