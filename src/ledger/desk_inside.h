/*
 * desk_inside.h: what the desk's files share, and how the ledger's thread drives them. Internal to
 * ledger/.
 *
 * A request is one transaction: its judge reads and appends, and what it left in the answer decides
 * whether the transaction is kept. Only a close is more than one: desk_do() takes it in, and every
 * desk_slice() does as much of it as a scan may wait for.
 */
#ifndef SHOP_LEDGER_DESK_INSIDE_H
#define SHOP_LEDGER_DESK_INSIDE_H

#include "ledger/desk.h"
#include "ledger/pulse.h"
#include "ledger/store.h"

enum desk_statement {
	DESK_GET_KEY,
	DESK_GET_BALANCE,
	DESK_GET_INVOICE,
	DESK_GET_INVOICE_RATES,
	DESK_GET_NOTES,
	DESK_GET_NUMBER,
	DESK_GET_LINE_OF_KEY,
	DESK_GET_LINE,
	DESK_GET_LINE_INVOICE,
	DESK_GET_INVOICE_LINES,
	DESK_GET_STOCK,
	DESK_GET_LEVELS,
	DESK_GET_PAYMENT,
	DESK_GET_CAME_IN,
	DESK_GET_VISIT,
	DESK_GET_CHECK,
	DESK_GET_REPORTED,
	DESK_GET_BOOKS,
	DESK_GET_ANY_LINE,
	DESK_GET_CHARTS,
	DESK_GET_POSTED,
	/* the close */
	DESK_GET_PERIOD,
	DESK_GET_CLOSED,
	DESK_GET_UNSURE,
	DESK_GET_VISITS_OPEN,
	DESK_GET_YEAR_BEFORE,
	DESK_GET_INVOICE_FROM,
	DESK_GET_BILLED,
	DESK_GET_PERIOD_BILLED,
	DESK_GET_PERIOD_COUNT,
	DESK_GET_LINES,
	DESK_GET_LINE_MONEY,
	DESK_STATEMENTS
};

struct close;

struct desk {
	struct store *store;
	sqlite3_stmt *statement[DESK_STATEMENTS];
	struct close *close;	  /* a month that is being closed; NULL: none */
	struct entry_chart chart; /* that this slice's invoices are posted by */
};

/** desk_open - over a store that is open. desk_shut - before the store is closed; a close that goes
 * on is left where it is: every transaction of it is whole. */
void desk_open(struct desk *d, struct store *s);
void desk_shut(struct desk *d);

/** desk_do - judges and writes one request. Its answer; NULL: a close has begun, and desk_slice()
 * answers. */
struct desk_result *desk_do(struct desk *d, const struct desk_request *q);

/** desk_answer_unavailable - the answer to what cannot be done now, for it finds no room. */
struct desk_result *desk_answer_unavailable(const struct desk_request *q);

/** Whether somebody else waits for the disk: a slice is then cut short. */
typedef bool desk_hurry_fn(void *data);

static inline bool desk_busy(const struct desk *d)
{
	return d->close != NULL;
}
/** desk_slice - one slice of the close. An answer, or NULL: not now. `tell`: DESK_WORKING may be
 * answered. */
struct desk_result *desk_slice(struct desk *d, bool tell, desk_hurry_fn *hurry, void *data);
/** desk_drop - gives the close up, for there is no room: its answer. */
struct desk_result *desk_drop(struct desk *d);

/* --- desk_sql.c */

/** desk_get - the statement, made when it is first asked for, ready to be bound. desk_row - steps
 * it: true for a row; else it is reset. An error of a read ends the process. */
sqlite3_stmt *desk_get(struct desk *d, enum desk_statement which);
MUST_CHECK bool desk_row(struct desk *d, enum desk_statement which);
/** desk_done - no more of its rows are wanted. */
void desk_done(struct desk *d, enum desk_statement which);
/** desk_damaged - ends the process: a row holds what it cannot hold. */
_Noreturn void desk_damaged(struct desk *d, const char *doing);

/* --- desk.c */

/** desk_result_new - an answer, DESK_DONE until a judge says otherwise. */
struct desk_result *desk_result_new(enum desk_kind kind, uint32_t tag);

/** desk_refuse - why not, in words. STORED_OK, so that a judge can end with it. */
__attribute__((format(printf, 2, 3))) enum stored desk_refuse(struct desk_result *r,
							      const char *format, ...);

/** desk_append - appends; on STORED_OK the answer is DESK_DONE with the entry's number. */
MUST_CHECK enum stored desk_append(struct desk *d, const struct entry *e, struct desk_result *r);

/** desk_balance - as it is now. desk_changed - notes in the answer what became of it since. */
struct balance desk_balance(struct desk *d, struct customer customer);
void desk_changed(struct desk *d, const struct balance *before, struct desk_result *r);

/** desk_key - what an earlier request wrote under this key: false when there was none. */
MUST_CHECK bool desk_key(struct desk *d, const char *key, uint64_t *ret_seq, struct entry *ret);
/** desk_entry - the entry of this number, as the statement's columns `at` (kind) and `at` + 1
 * (body) hold it. */
void desk_entry(struct desk *d, sqlite3_stmt *s, int at, struct entry *ret);

/** desk_names_wrong - whether the texts of a request may be kept: a key, who asks, why. */
MUST_CHECK bool desk_key_bad(const char key[NAME_MAX_LEN + 1], struct desk_result *r);
MUST_CHECK bool desk_by_bad(const char by[NAME_MAX_LEN + 1], struct desk_result *r);
MUST_CHECK bool desk_text_bad(const char *what, const char *text, uint32_t size,
			      struct desk_result *r);
/** desk_day_bad - a day that is no date of the calendar that we keep (DAY_NONE is let through). */
MUST_CHECK bool desk_day_bad(const char *what, struct day day, struct desk_result *r);

/** desk_next_number - the next of the year's series. False when the year has no more. */
MUST_CHECK bool desk_next_number(struct desk *d, struct day issued, struct invoice_id *ret);

/* --- the judges: what each kind of request asks for. STORED_FULL: there is no room. */

typedef enum stored desk_judge(struct desk *d, const struct desk_request *q, struct desk_result *r);
desk_judge desk_credit, desk_stock, desk_levels, desk_payment, desk_assign, desk_check,
	desk_reported, desk_books;

/** desk_tax_on_record, desk_chart_on_record - the newest; false when there is none. */
bool desk_tax_on_record(struct desk *d, struct entry_tax *ret);
bool desk_chart_on_record(struct desk *d, struct entry_chart *ret);

/** close_begin - whether the month may be closed: the close, or NULL with the answer in *r. */
struct close *close_begin(struct desk *d, const struct desk_request *q, struct desk_result *r);
void close_free(struct close *c);
/** close_credited - a line of this customer's was credited while the close goes on. */
void close_credited(struct close *c, struct customer customer);

#endif
