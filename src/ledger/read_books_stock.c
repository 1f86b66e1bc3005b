/*
 * read_books_stock.c: what stands on the shelf, what moved it, what will expire there, and what a
 * count found missing.
 *
 * Which piece of an article was sold nobody knows; first expired, first sold is assumed. So what is
 * on hand is of the lots that expire last, and a lot is shown when it may still be there.
 */
#include "ledger/read_rows.h"

#include <stdlib.h>

enum {
	LOT_MOVEMENTS = 512,  /* of one article that are looked through for lots, newest first */
	ARTICLES_A_STEP = 64, /* whose lots one query looks at */
};

/* --- stock */

#define STOCK_COLUMNS                                                                              \
	"SELECT s.gtin, s.on_hand, s.value, s.unit_cost, coalesce(e.at, 0), s.shrunk FROM stock s" \
	" LEFT JOIN entry e ON e.seq = s.counted "

static bool take_stock(sqlite3_stmt *s, void *row)
{
	*(struct stock_row *)row = (struct stock_row){
		.gtin = {(uint64_t)column_i64(s, 0)},
		.on_hand_milli = column_i64(s, 1),
		.value = column_money(s, 2),
		.unit_cost = column_money(s, 3),
		.counted_at = {column_i64(s, 4)},
		.shrunk_milli = column_i64(s, 5),
	};
	return true;
}

int reader_stock(struct reader *r, struct gtin after, struct stock_row *ret, uint32_t max)
{
	struct rows_query q = {
		.sql = STOCK_COLUMNS "WHERE s.gtin > ?1 ORDER BY s.gtin LIMIT ?2",
		.arg = {(int64_t)after.n},
		.args = 1,
		.take = take_stock,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}

int reader_stock_one(struct reader *r, struct gtin gtin, struct stock_row *ret)
{
	struct stock_row row;
	struct rows_query q = {
		.sql = STOCK_COLUMNS "WHERE s.gtin = ?1 LIMIT ?2",
		.arg = {(int64_t)gtin.n},
		.args = 1,
		.take = take_stock,
		.ret = &row,
		.size = sizeof(row),
		.max = 1,
	};
	int n = rows_read(r, &q);

	if (n == 1)
		*ret = row;
	return n;
}

/* --- shrink */

struct count_row {
	struct shrink_row shrink;
	struct wall before; /* when it was counted last; 0: never */
};

static bool take_count(sqlite3_stmt *s, void *row)
{
	struct count_row *c = row;

	c->shrink.seq = (uint64_t)column_i64(s, 0);
	c->shrink.at.ms = column_i64(s, 1);
	c->shrink.gtin.n = (uint64_t)column_i64(s, 2);
	c->before.ms = column_i64(s, 5);
	return !__builtin_sub_overflow(0, column_i64(s, 3), &c->shrink.missing_milli) &&
	       money_sub(MONEY_ZERO, column_money(s, 4), &c->shrink.value);
}

/* The newest visit that was opened by then: numbers rise with the time. */
static int visit_by(sqlite3_stmt *get, struct wall at, int64_t newest, int64_t *ret)
{
	int64_t low = 0, high = newest;
	int rc = SQLITE_OK;

	while (low < high && rc == SQLITE_OK) {
		int64_t middle = low + (high - low + 1) / 2;

		bind_i64(get, 1, middle);
		if (sqlite3_step(get) == SQLITE_ROW && column_i64(get, 1) <= at.ms)
			low = column_i64(get, 0) > middle ? column_i64(get, 0) : middle;
		else
			high = middle - 1;
		rc = sqlite3_reset(get);
	}
	*ret = low;
	return rc;
}

struct visits_query {
	struct count_row *count;
	uint32_t counts;
};

static int count_visits(sqlite3_stmt *opened, sqlite3_stmt *count, int64_t newest,
			struct count_row *c)
{
	int64_t from = 0, to = 0;
	int rc = visit_by(opened, c->shrink.at, newest, &to);

	if (rc == SQLITE_OK && c->before.ms > 0)
		rc = visit_by(opened, c->before, newest, &from);
	if (rc != SQLITE_OK)
		return rc;
	bind_i64(count, 1, from);
	bind_i64(count, 2, to);
	if (sqlite3_step(count) == SQLITE_ROW)
		c->shrink.visits = (uint32_t)column_i64(count, 0);
	return sqlite3_reset(count);
}

static int visits_query(struct reader *r, void *data)
{
	struct visits_query *q = data;
	int rc = SQLITE_OK;
	int64_t newest = 0;
	sqlite3_stmt *opened = rows_prepare(r,
					    "SELECT id, opened_at FROM visit WHERE id >= ?1"
					    " ORDER BY id LIMIT 1",
					    &rc);
	sqlite3_stmt *count = rows_prepare(r,
					   "SELECT count(*) FROM visit WHERE id > ?1"
					   " AND id <= ?2",
					   &rc);

	if (opened && count)
		rc = sql_number(r->connection[READ_LEDGER].db,
				"SELECT coalesce(max(id), 0) FROM visit", &newest);
	for (uint32_t i = 0; i < q->counts && rc == SQLITE_OK; i++)
		rc = count_visits(opened, count, newest, &q->count[i]);
	sqlite3_finalize(opened);
	sqlite3_finalize(count);
	return rc;
}

int reader_shrink(struct reader *r, uint64_t after, struct shrink_row *ret, uint32_t max)
{
	struct count_row *count = calloc(max ? max : 1, sizeof(*count));
	struct rows_query q = {
		.sql = "SELECT m.seq, e.at, m.gtin, m.quantity, m.value, coalesce((SELECT b.at FROM"
		       " movement c JOIN entry b ON b.seq = c.seq WHERE c.gtin = m.gtin AND c.kind"
		       " = 2 AND c.seq < m.seq ORDER BY c.seq DESC LIMIT 1), 0) FROM movement m"
		       " JOIN entry e ON e.seq = m.seq WHERE m.kind = 2 AND m.quantity < 0"
		       " AND m.seq > ?1 ORDER BY m.seq LIMIT ?2",
		.arg = {(int64_t)after},
		.args = 1,
		.take = take_count,
		.ret = count,
		.size = sizeof(*count),
		.max = max,
	};
	struct visits_query visits = {.count = count};
	int n;

	CHECK(count);
	n = rows_read(r, &q);
	if (n > 0) {
		visits.counts = (uint32_t)n;
		n = reader_run(r, READ_LEDGER, visits_query, &visits);
	}
	for (uint32_t i = 0; n >= 0 && i < visits.counts; i++)
		ret[i] = count[i].shrink;
	free(count);
	return n < 0 ? n : (int)visits.counts;
}

/* --- lots */

/* What came of a lot, less what of it was thrown away or taken. */
struct lots_query {
	struct gtin after;
	struct day until;
	struct lot_row *row; /* grows */
	uint32_t rows, size;
	bool more;
};

static struct day expires(const struct lot_row *l)
{
	if (l->use_by.n == 0)
		return l->best_before;
	return l->best_before.n == 0 || l->use_by.n < l->best_before.n ? l->use_by : l->best_before;
}

static void keep_lot(struct lots_query *q, const struct lot_row *l)
{
	if (q->rows == q->size) {
		q->size = q->size ? 2 * q->size : LOTS_MAX;
		q->row = realloc(q->row, q->size * sizeof(*q->row));
		CHECK(q->row);
	}
	q->row[q->rows++] = *l;
}

/* The lots of one article, those that expire last first: what is on hand is of them. */
static int article_lots(sqlite3_stmt *get, struct gtin gtin, int64_t on_hand, struct lots_query *q)
{
	int64_t left = on_hand;
	int rc;

	bind_u64(get, 1, gtin.n);
	bind_i64(get, 2, LOT_MOVEMENTS);
	bind_i64(get, 3, LOTS_MAX);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && left > 0) {
		struct lot_row l = {.gtin = gtin,
				    .use_by = column_day(get, 1),
				    .best_before = column_day(get, 2),
				    .left_milli = column_i64(get, 3)};

		column_text(get, 0, l.lot, sizeof(l.lot));
		if (l.left_milli > left)
			l.left_milli = left;
		left -= l.left_milli;
		if (expires(&l).n <= q->until.n)
			keep_lot(q, &l);
	}
	sqlite3_reset(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static int lots_query(struct reader *r, void *data)
{
	struct lots_query *q = data;
	uint32_t n = 0, rows = q->rows;
	struct gtin last = q->after;
	int rc = SQLITE_DONE;
	sqlite3_stmt *stock = rows_prepare(r,
					   "SELECT gtin, on_hand FROM stock WHERE gtin > ?1"
					   " AND on_hand > 0 ORDER BY gtin LIMIT ?2",
					   &rc);
	sqlite3_stmt *get = rows_prepare(
		r,
		"SELECT lot, use_by, best_before, sum(quantity) FROM (SELECT * FROM movement"
		" WHERE gtin = ?1 ORDER BY seq DESC LIMIT ?2) WHERE kind IN (1, 3, 4)"
		" AND use_by + best_before > 0 GROUP BY use_by, best_before, lot"
		" HAVING sum(quantity) > 0 ORDER BY CASE WHEN use_by = 0 THEN best_before"
		" WHEN best_before = 0 THEN use_by ELSE min(use_by, best_before) END DESC LIMIT ?3",
		&rc);

	if (stock && get) {
		bind_u64(stock, 1, q->after.n);
		bind_i64(stock, 2, ARTICLES_A_STEP);
		while ((rc = sqlite3_step(stock)) == SQLITE_ROW) {
			last.n = (uint64_t)column_i64(stock, 0);
			n++;
			rc = article_lots(get, last, column_i64(stock, 1), q);
			if (rc != SQLITE_DONE)
				break;
		}
	}
	sqlite3_finalize(stock);
	sqlite3_finalize(get);
	if (rc != SQLITE_DONE) {
		q->rows = rows; /* it may be asked again */
		return rc;
	}
	q->after = last;
	q->more = n == ARTICLES_A_STEP;
	return SQLITE_DONE;
}

static int soonest_first(const void *a, const void *b)
{
	const struct lot_row *x = a, *y = b;
	struct day dx = expires(x), dy = expires(y);

	if (dx.n != dy.n)
		return dx.n < dy.n ? -1 : 1;
	if (x->gtin.n != y->gtin.n)
		return x->gtin.n < y->gtin.n ? -1 : 1;
	return strcmp(x->lot, y->lot);
}

int reader_lots(struct reader *r, struct day until, struct lot_row *ret, uint32_t max)
{
	struct lots_query q = {.until = until, .more = true};
	int error = 0;

	while (q.more && error == 0)
		error = reader_run(r, READ_LEDGER, lots_query, &q);
	if (q.rows > 0)
		qsort(q.row, q.rows, sizeof(*q.row), soonest_first);
	if (q.rows > max)
		q.rows = max;
	if (error == 0 && q.rows > 0)
		memcpy(ret, q.row, q.rows * sizeof(*ret));
	free(q.row);
	return error < 0 ? error : (int)q.rows;
}
