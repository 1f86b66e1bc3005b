/*
 * read_books.c: the books as other programs see them: payments, what is owed, checks, reports.
 * Pages of rows, by the number of the last one that was seen.
 */
#include "ledger/read_rows.h"

#include <time.h>

sqlite3_stmt *rows_prepare(struct reader *r, const char *sql, int *ret_rc)
{
	sqlite3 *db = r->connection[READ_LEDGER].db;
	sqlite3_stmt *s = sql_prepare(db, sql);

	if (!s)
		*ret_rc = sqlite3_errcode(db) == SQLITE_ERROR ? SQLITE_BUSY
							      : sqlite3_extended_errcode(db);
	return s;
}

struct day rows_day(struct wall at)
{
	time_t t = (time_t)(at.ms / 1000 - (at.ms % 1000 < 0));
	struct day day = DAY_NONE;
	struct tm tm;

	if (localtime_r(&t, &tm) && !day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &day))
		day = DAY_NONE;
	return day;
}

static int rows_query(struct reader *r, void *data)
{
	struct rows_query *q = data;
	int rc;
	sqlite3_stmt *s = rows_prepare(r, q->sql, &rc);

	if (!s)
		return rc;
	q->n = 0;
	for (uint32_t i = 0; i < q->args; i++)
		bind_i64(s, (int)i + 1, q->arg[i]);
	bind_i64(s, (int)q->args + 1, q->max);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW && q->n < q->max) {
		void *row = (uint8_t *)q->ret + q->n * q->size;

		memset(row, 0, q->size);
		if (!q->take(s, row)) {
			rc = SQLITE_CORRUPT;
			break;
		}
		q->n++;
	}
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

int rows_read(struct reader *r, struct rows_query *q)
{
	int error;

	for (uint32_t i = 0; i < q->args; i++)
		if (q->arg[i] < 0) /* a cursor past every number there can be */
			return 0;
	if (q->max == 0)
		return 0;
	error = reader_run(r, READ_LEDGER, rows_query, q);
	return error < 0 ? error : (int)q->n;
}

/* --- payments */

static bool take_payment(sqlite3_stmt *s, void *row)
{
	struct payment_row *p = row;

	p->seq = (uint64_t)column_i64(s, 0);
	column_text(s, 1, p->key, sizeof(p->key));
	p->claimed = sqlite3_column_type(s, 2) != SQLITE_NULL;
	p->invoice.n = (uint64_t)column_i64(s, 3);
	p->amount = column_money(s, 4);
	p->booked = column_day(s, 5);
	return !p->claimed || column_blob(s, 2, &p->customer, sizeof(p->customer));
}

int reader_payments(struct reader *r, bool unclaimed, uint64_t after, struct payment_row *ret,
		    uint32_t max)
{
	struct rows_query q = {
		.sql = unclaimed ? "SELECT seq, key, customer, invoice, amount, booked FROM payment"
				   " WHERE customer IS NULL AND seq > ?1 ORDER BY seq LIMIT ?2"
				 : "SELECT seq, key, customer, invoice, amount, booked FROM payment"
				   " WHERE seq > ?1 ORDER BY seq LIMIT ?2",
		.arg = {(int64_t)after},
		.args = 1,
		.take = take_payment,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}

static bool take_owed(sqlite3_stmt *s, void *row)
{
	struct owed *o = row;

	o->invoice.n = (uint64_t)column_i64(s, 0);
	o->issued = column_day(s, 2);
	o->due = column_day(s, 3);
	o->payable = column_money(s, 4);
	o->paid = column_money(s, 5);
	return column_blob(s, 1, &o->customer, sizeof(o->customer));
}

int reader_owed(struct reader *r, struct invoice_id after, struct owed *ret, uint32_t max)
{
	struct rows_query q = {
		.sql = "SELECT id, customer, issued, due, payable, paid + credited FROM invoice"
		       " WHERE id > ?1 AND original = 0 AND paid + credited < payable"
		       " ORDER BY id LIMIT ?2",
		.arg = {(int64_t)after.n},
		.args = 1,
		.take = take_owed,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}

/* --- checks and reports */

static bool take_check(sqlite3_stmt *s, void *row)
{
	struct check_row *c = row;
	uint32_t state, reason;
	bool known = row_word(s, 3, CHECK_STATES, &state);

	known = row_word(s, 4, CHECK_REASONS, &reason) && known;
	c->visit.n = (uint64_t)column_i64(s, 0);
	c->seq = (uint64_t)column_i64(s, 1);
	c->picked_at.ms = column_i64(s, 2);
	c->state = (enum check_state)state;
	c->reason = (enum check_reason)reason;
	column_text(s, 5, c->why, sizeof(c->why));
	column_text(s, 6, c->by, sizeof(c->by));
	return known;
}

#define CHECK_COLUMNS "SELECT visit, seq, picked_at, state, reason, why, by FROM visit_check "

int reader_checks(struct reader *r, bool open, struct visit_id after, struct check_row *ret,
		  uint32_t max)
{
	struct rows_query q = {
		.sql = open ? CHECK_COLUMNS "WHERE state = 0 AND visit > ?1 ORDER BY visit LIMIT ?2"
			    : CHECK_COLUMNS "WHERE visit > ?1 ORDER BY visit LIMIT ?2",
		.arg = {(int64_t)after.n},
		.args = 1,
		.take = take_check,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}

static bool take_reported(sqlite3_stmt *s, void *row)
{
	struct reported_row *p = row;
	uint32_t reason;

	if (!row_word(s, 3, CREDIT_REASONS, &reason))
		return false;
	p->seq = (uint64_t)column_i64(s, 0);
	p->at.ms = column_i64(s, 1);
	p->visit.n = (uint64_t)column_i64(s, 2);
	p->reason = (enum credit_reason)reason;
	column_text(s, 4, p->why, sizeof(p->why));
	p->answered = (uint64_t)column_i64(s, 5);
	column_text(s, 6, p->key.text, sizeof(p->key.text));
	p->gtin.n = (uint64_t)column_i64(s, 7);
	column_text(s, 8, p->name, sizeof(p->name));
	p->total = column_money(s, 9);
	return true;
}

#define REPORTED_COLUMNS                                                                           \
	"SELECT p.seq, e.at, p.visit, p.reason, p.why, p.answered, l.key, l.gtin, l.name, l.total" \
	" FROM reported p JOIN entry e ON e.seq = p.seq JOIN line l ON l.seq = p.line "

int reader_reported(struct reader *r, bool open, uint64_t after, struct reported_row *ret,
		    uint32_t max)
{
	struct rows_query q = {
		.sql = open ? REPORTED_COLUMNS "WHERE p.answered = 0 AND p.seq > ?1 ORDER BY p.seq"
					       " LIMIT ?2"
			    : REPORTED_COLUMNS "WHERE p.seq > ?1 ORDER BY p.seq LIMIT ?2",
		.arg = {(int64_t)after},
		.args = 1,
		.take = take_reported,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}
