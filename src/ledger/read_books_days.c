/*
 * read_books_days.c: the account book, day by day, for the bookkeeper's file.
 *
 * A month's postings stand between two closes: none of its entries was made before a close that was
 * made before the month began, for a close waits for a clock that is trusted; and lines of it come
 * as late as a week after it. That bounds what is read, whatever the years before it hold.
 *
 * A month that is closed is in the bookkeeper's hands: what comes after its close is booked on the
 * day it came, or it would change verifications that were handed over, and be in no file at all for
 * whoever fetched that month in time. Its rate stays the one of the day it was bought.
 */
#include "ledger/read_rows.h"

#include <errno.h>
#include <stdlib.h>

enum {
	POSTINGS_A_STEP = 8192,
	LATE_DAYS = VISIT_LATE_DAYS + 2, /* and a visit over midnight, and another zone */
	SUMS_AT_FIRST = 1024,		 /* a power of two */
};

#define DAY_MS 86400000LL

struct days {
	struct period period;
	struct day first, last;
	uint64_t from, to;  /* entries in (from, to] */
	uint64_t closed[2]; /* by which entry the month is, and the one before it; 0: not yet */
	uint64_t at;	    /* the newest posting taken */
	bool more;
	struct account_row *row; /* by hash; account 0: free */
	uint32_t rows, size;
};

static uint32_t slot_of(const struct account_row *r, uint32_t size)
{
	uint64_t hash = (uint64_t)(uint32_t)r->day.n << 40 ^ (uint64_t)r->kind << 24 ^ r->account;

	return (uint32_t)(hash * 0x9e3779b97f4a7c15U >> 32) & (size - 1);
}

static struct account_row *find_row(struct account_row *row, uint32_t size,
				    const struct account_row *key)
{
	uint32_t at = slot_of(key, size);

	while (row[at].account != 0 && (row[at].account != key->account ||
					row[at].day.n != key->day.n || row[at].kind != key->kind))
		at = (at + 1) & (size - 1);
	return &row[at];
}

static bool grow_rows(struct days *d)
{
	uint32_t size = d->size ? 2 * d->size : SUMS_AT_FIRST;
	struct account_row *row = calloc(size, sizeof(*row));

	if (!row)
		return false;
	for (uint32_t i = 0; i < d->size; i++)
		if (d->row[i].account != 0)
			*find_row(row, size, &d->row[i]) = d->row[i];
	free(d->row);
	d->row = row;
	d->size = size;
	return true;
}

static bool add_row(struct days *d, struct day day, uint16_t kind, uint32_t account,
		    struct money amount)
{
	struct account_row key = {.day = day, .kind = kind, .account = account};
	struct account_row *row;

	if (day.n < d->first.n || day.n > d->last.n)
		return true;
	if (2 * d->rows >= d->size && !grow_rows(d))
		return false;
	row = find_row(d->row, d->size, &key);
	if (row->account == 0) {
		*row = key;
		d->rows++;
	}
	return money_add(row->amount, amount, &row->amount);
}

/* The entries of the month, where their postings begin, and what closed it. */
static int bounds_query(struct reader *r, void *data)
{
	struct days *d = data;
	int rc = SQLITE_OK;
	sqlite3_stmt *closes =
		rows_prepare(r,
			     "SELECT coalesce(max(CASE WHEN e.at < ?1 THEN p.seq END), 0),"
			     " coalesce(min(CASE WHEN e.at > ?2 THEN p.seq END), (SELECT "
			     "coalesce(max(seq), 0)"
			     " FROM entry)), coalesce(max(CASE WHEN p.period = ?3 THEN p.seq END),"
			     " 0), coalesce(max(CASE WHEN p.period = ?4 THEN p.seq END), 0)"
			     " FROM period_closed p JOIN entry e ON e.seq = p.seq",
			     &rc);

	if (!closes)
		return rc;
	bind_i64(closes, 1, (d->first.n - 1) * DAY_MS);
	bind_i64(closes, 2, (d->last.n + 1 + LATE_DAYS) * DAY_MS);
	bind_i64(closes, 3, d->period.n);
	bind_i64(closes, 4, period_add(d->period, -1).n);
	rc = sqlite3_step(closes);
	d->from = (uint64_t)column_i64(closes, 0);
	d->to = (uint64_t)column_i64(closes, 1);
	d->closed[0] = (uint64_t)column_i64(closes, 2);
	d->closed[1] = (uint64_t)column_i64(closes, 3);
	sqlite3_finalize(closes);
	if (rc != SQLITE_ROW)
		return rc;
	d->at = ((d->from + 1) << POSTING_SHIFT) - 1;
	return SQLITE_OK;
}

/* Whether the month of that day was closed before this entry came. */
static bool too_late(const struct days *d, struct day bought, uint64_t seq)
{
	struct period month = period_of(bought);

	for (int32_t back = 0; back < 2; back++)
		if (month.n == period_add(d->period, -back).n)
			return d->closed[back] != 0 && seq > d->closed[back];
	return false;
}

/* Of what kind an entry is, and on which day it counts: a line's is the day it was bought, while
 * the books of that month are open. */
static int entry_day(const struct days *d, sqlite3_stmt *of, uint64_t seq, uint16_t *ret_kind,
		     struct day *ret_day)
{
	int rc;

	bind_u64(of, 1, seq);
	rc = sqlite3_step(of);
	if (rc == SQLITE_ROW) {
		*ret_kind = (uint16_t)column_i64(of, 0);
		*ret_day = rows_day((struct wall){column_i64(of, 1)});
		if (sqlite3_column_type(of, 2) != SQLITE_NULL &&
		    !too_late(d, column_day(of, 2), seq))
			*ret_day = column_day(of, 2);
	}
	sqlite3_reset(of);
	return rc == SQLITE_ROW ? SQLITE_OK : rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
}

static int take_postings(struct days *d, sqlite3_stmt *get, sqlite3_stmt *of, uint32_t *ret_n)
{
	uint64_t seq = 0;
	uint16_t kind = 0;
	struct day day = DAY_NONE;
	int rc, rc_of = SQLITE_OK;

	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		if (seq != (uint64_t)column_i64(get, 1)) {
			seq = (uint64_t)column_i64(get, 1);
			if (seq > d->to)
				return SQLITE_DONE;
			rc_of = entry_day(d, of, seq, &kind, &day);
		}
		if (rc_of != SQLITE_OK)
			return rc_of;
		if (!add_row(d, day, kind, (uint32_t)column_i64(get, 2), column_money(get, 3)))
			return SQLITE_CORRUPT;
		d->at = (uint64_t)column_i64(get, 0);
		++*ret_n;
	}
	return rc;
}

static int days_query(struct reader *r, void *data)
{
	struct days *d = data;
	uint32_t n = 0;
	int rc = SQLITE_OK;
	sqlite3_stmt *get = rows_prepare(r,
					 "SELECT id, seq, account, amount FROM posting"
					 " WHERE id > ?1 ORDER BY id LIMIT ?2",
					 &rc);
	sqlite3_stmt *of = rows_prepare(r,
					"SELECT e.kind, e.at, l.bought FROM entry e"
					" LEFT JOIN line l ON l.seq = e.seq AND e.kind = 50"
					" WHERE e.seq = ?1",
					&rc);

	if (get && of) {
		bind_u64(get, 1, d->at);
		bind_i64(get, 2, POSTINGS_A_STEP);
		rc = take_postings(d, get, of, &n);
	}
	sqlite3_finalize(get);
	sqlite3_finalize(of);
	d->more = n == POSTINGS_A_STEP;
	return rc;
}

static int by_day(const void *a, const void *b)
{
	const struct account_row *x = a, *y = b;

	if (x->day.n != y->day.n)
		return x->day.n < y->day.n ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->account < y->account ? -1 : x->account > y->account;
}

static int hand_out(struct days *d, int (*each)(void *data, const struct account_row *row),
		    void *data)
{
	uint32_t n = 0;
	int r = 0;

	for (uint32_t i = 0; i < d->size; i++)
		if (d->row[i].account != 0 && money_compare(d->row[i].amount, MONEY_ZERO) != 0)
			d->row[n++] = d->row[i];
	if (n > 1)
		qsort(d->row, n, sizeof(*d->row), by_day);
	for (uint32_t i = 0; i < n && r == 0; i++)
		r = each(data, &d->row[i]);
	return r;
}

int reader_account_days(struct reader *r, struct period period,
			int (*each)(void *data, const struct account_row *row), void *data)
{
	struct days d = {.period = period, .more = true};
	int error;

	if (period.n / 100 < 1970 || period.n / 100 > 9998 || period.n % 100 < 1 ||
	    period.n % 100 > 12)
		return -EINVAL;
	d.first = period_first(period);
	d.last.n = period_first(period_add(period, 1)).n - 1;
	error = reader_run(r, READ_LEDGER, bounds_query, &d);
	while (error == 0 && d.more)
		error = reader_run(r, READ_LEDGER, days_query, &d);
	if (error == 0)
		error = hand_out(&d, each, data);
	free(d.row);
	return error;
}
