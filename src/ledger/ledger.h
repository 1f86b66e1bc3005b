/*
 * ledger.h: ledger.db, the one place where what happened is kept (contracts 4), written by one
 * thread of shopd.
 *
 * The loop pushes facts into a queue that never blocks; the thread drains the queue into one
 * transaction (group commit), then reports the newest ticket that is on disk through an eventfd.
 * Nothing in this header but ledger_open and ledger_stop touches a disk on the caller's thread.
 *
 * A full disk rolls back, discards claims, keeps facts, and is retried every LEDGER_RETRY_MS; any
 * other write or sync error ends the process (an fsync is never retried).
 */
#ifndef SHOP_LEDGER_LEDGER_H
#define SHOP_LEDGER_LEDGER_H

#include "core/effect.h"
#include "core/event.h"

struct ledger;
struct desk_result;

/** Balance of one customer. */
struct balance {
	struct customer customer;
	struct money unbilled; /* lines not yet invoiced, gross */
	struct money unpaid; /* invoices less credit notes and payments; negative: in the customer's
				favour */
	struct day oldest_due; /* of the invoices not paid in full; DAY_NONE: there is none */
};

/** The newest counter that was honoured of a card. */
struct card_used {
	struct kid kid;
	uint32_t counter;
};

/** What was read at open, or when the disk was well again. Owned by the ledger until
 * ledger_recall_free(). */
struct recall {
	struct remembered remembered; /* arrays point into this recall */
	struct balance *balance;
	uint32_t balances;
	struct wall clock_floor; /* latest trusted time recorded; 0 when there is none */
	struct entry_tax tax;	 /* the newest on record; no rates: there is none */
	struct entry_chart chart;
	struct period closed;	  /* the newest month that is closed; 0: none */
	struct day first_line;	  /* of the oldest line on record; DAY_NONE: there is none */
	uint32_t epoch;		  /* of the newest entry */
	uint64_t acked;		  /* entries up to it are known to be at the office; 0: none */
	struct sha256 acked_hash; /* of that entry */
	struct visit *visit;
	struct entry_admitted *token;
	struct entry_alarm *alarm;
	struct wall *alarm_at;
	struct told_text *told;
	struct entry_door *mode;
	uint32_t cards; /* ascending by kid */
	struct card_used *card;
};
void ledger_recall_free(struct recall *r);

/** A visit with all its lines, as looked up on request. Owned by the receiver: free(). */
struct visit_book {
	struct visit visit;
	bool known; /* false: no such visit, or it was over more than VISIT_LATE_DAYS ago */
	uint32_t lines;
	struct line *line; /* names point into this allocation: one free() frees all */
};

enum report_kind {
	REPORT_COMMITTED =
		1,    /* everything up to `ticket` is on disk (claims in failed tickets excepted) */
	REPORT_FULL,  /* the disk is full: claims up to `ticket` are refused, and so are all until
			 REPORT_WELL */
	REPORT_WELL,  /* writing again: `recall` is what holds now */
	REPORT_VISIT, /* a book asked for by ledger_ask_visit */
	REPORT_DESK,  /* an answer to ledger_ask_desk (ledger/desk.h) */
	REPORT_ERASED, /* ledger_ask_erase is done: `rows` bodies are gone */
};

struct report {
	enum report_kind kind;
	uint64_t ticket;
	uint64_t head_seq;	  /* of the newest entry on disk */
	uint32_t rows;		  /* COMMITTED: in this transaction */
	int64_t commit_us;	  /* COMMITTED: how long it took */
	struct recall *recall;	  /* WELL: now the receiver's */
	struct visit_book *book;  /* VISIT: now the receiver's */
	struct visit_id visit;	  /* VISIT: which was asked for */
	struct desk_result *desk; /* DESK: now the receiver's */
	uint32_t rows_lost; /* COMMITTED, WELL: facts that have found no room since the last of
			       these */
};

/**
 * ledger_open - opens or makes `dir`/ledger.db, migrates, reads what is remembered, starts the
 * thread.
 * @ret_recall: what to start the core with; the caller's.
 * @return 0, or -errno with `why` (≤ 200 bytes) telling what is wrong and what to do; then shopd
 * runs on without a ledger and ends entry and purchases.
 */
MUST_CHECK int ledger_open(const char *dir, struct wall now, struct ledger **ret,
			   struct recall **ret_recall, char why[200]);

/** ledger_fd - readable when there are reports. ledger_report - the next one; false when there is
 * none. */
int ledger_fd(const struct ledger *l);
bool ledger_report(struct ledger *l, struct report *ret);

/** ledger_room - whether a claim (or with `fact`, a fact) of EFFECTS_RECORD_MAX rows finds room
 * now. */
bool ledger_room(const struct ledger *l, bool fact);

/** ledger_push - queues one record under `ticket` (rising; many records may share one). False when
 * there was no room: the record is lost and counted. */
bool ledger_push(struct ledger *l, const struct record *r, uint64_t ticket);

/** ledger_ask_visit - asks for the visit's book; a REPORT_VISIT follows. False when too many are
 * asked for. */
bool ledger_ask_visit(struct ledger *l, struct visit_id visit);

/** ledger_flush - tells the thread that the step's records are all pushed: it may begin to write.
 */
void ledger_flush(struct ledger *l);

/** ledger_acked - the office has everything up to `seq` (or, after it was itself restored, only up
 * to it); kept with the next commit. An ENTRY_OFFICE of OFFICE_EPOCH or
 * OFFICE_ENROLLED is the first entry of the epoch that it names. */
void ledger_acked(struct ledger *l, uint64_t seq);

/** ledger_ask_erase - bodies that may be erased go: of `whose` (NULL: of everybody) in entries
 * older than `before`, at most ERASE_SLICE a transaction, each slice told by an ENTRY_ERASED. A
 * REPORT_ERASED follows when all are gone. False: one is under way. */
#define ERASE_SLICE 1000
bool ledger_ask_erase(struct ledger *l, const struct customer *whose, struct wall before);

/** ledger_stop - writes what is queued (for at most 5 s), closes in order, joins the thread, frees.
 */
void ledger_stop(struct ledger *l);

#endif
