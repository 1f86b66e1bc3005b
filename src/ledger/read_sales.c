/*
 * read_sales.c: what was sold when (read_sales.h).
 *
 * A line's day is `bought`, as the books have it. Lines stand in the order in which they came, and
 * no index says on which days they were bought: an index would be a page more to write for each of
 * them. But a line comes VISIT_LATE_DAYS after it was bought at the latest, so that all of a day
 * stand between the first line of about a week before and the first of about a week after; the
 * former is found by halving. Lines whose day is not sure yet are passed over in that search.
 *
 * The hour is that of the moment when it was scanned, as the phone said where the line came late.
 */
#include "ledger/read_sales.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "ledger/read_rows.h"

enum {
	LINES_A_STEP = 2048, /* a few milliseconds */
	SLACK_DAYS = VISIT_LATE_DAYS + 1,
	NOTED_MAX = 1 << 20, /* lines of credit notes: more are not of one shop */
	QUARTER_MS = 900000, /* zones change their offset at whole quarters of an hour */
};

struct sales {
	enum sales_by by;
	struct day from, to;
	bool begun, ended;
	uint64_t after; /* lines up to this one are read */
	struct sold_row total;
	struct sold_row *row; /* a slot each; of articles a table of open addressing */
	uint32_t size, used;
	uint64_t *noted; /* lines that a credit note took back, ascending */
	uint32_t noteds, noted_size;
	int64_t quarter; /* for which `hour` was worked out */
	uint32_t hour;
};

struct sales *sales_new(enum sales_by by, struct day from, struct day to)
{
	static const uint32_t sizes[SALES_BYS] = {
		[SALES_BY_HOUR] = 24, [SALES_BY_WEEKDAY] = 7, [SALES_BY_ARTICLE] = 512};
	struct sales *s = calloc(1, sizeof(*s));

	CHECK(s && by < SALES_BYS && from.n > 0 && to.n >= from.n &&
	      to.n - from.n < SALES_DAYS_MAX);
	s->by = by;
	s->from = from;
	s->to = to;
	s->quarter = INT64_MIN;
	s->size = by == SALES_BY_DAY ? (uint32_t)(to.n - from.n) + 1 : sizes[by];
	s->row = calloc(s->size, sizeof(*s->row));
	CHECK(s->row);
	for (uint32_t i = 0; by != SALES_BY_ARTICLE && i < s->size; i++)
		s->row[i].key = by == SALES_BY_DAY ? (uint64_t)from.n + i : i;
	return s;
}

void sales_free(struct sales *s)
{
	if (!s)
		return;
	free(s->row);
	free(s->noted);
	free(s);
}

/* --- where a line counts */

static struct sold_row *slot_of(struct sold_row *row, uint32_t size, uint64_t gtin)
{
	uint32_t at = (uint32_t)(gtin * 0x9e3779b97f4a7c15U >> 32) & (size - 1);

	while (row[at].key != 0 && row[at].key != gtin)
		at = (at + 1) & (size - 1);
	return &row[at];
}

static void grow(struct sales *s)
{
	struct sold_row *row = calloc(2 * s->size, sizeof(*row));

	CHECK(row);
	for (uint32_t i = 0; i < s->size; i++)
		if (s->row[i].key != 0)
			*slot_of(row, 2 * s->size, s->row[i].key) = s->row[i];
	free(s->row);
	s->row = row;
	s->size *= 2;
}

static struct sold_row *article_row(struct sales *s, uint64_t gtin)
{
	struct sold_row *row;

	if (2 * s->used >= s->size)
		grow(s);
	row = slot_of(s->row, s->size, gtin);
	s->used += row->key == 0;
	row->key = gtin;
	return row;
}

static uint32_t hour_of(struct sales *s, struct wall at)
{
	int64_t quarter = at.ms / QUARTER_MS - (at.ms % QUARTER_MS < 0);
	time_t seconds = (time_t)(quarter * (QUARTER_MS / 1000));
	struct tm local;

	if (quarter != s->quarter && localtime_r(&seconds, &local)) {
		s->quarter = quarter;
		s->hour = (uint32_t)local.tm_hour;
	}
	return s->hour;
}

/* A line as it is read. */
struct sold {
	uint64_t seq, gtin;
	struct day bought;
	bool sure, back; /* its day is; its money was given back */
	int64_t quantity_milli;
	struct money total;
	struct wall scanned;
};

static struct sold_row *row_for(struct sales *s, const struct sold *l)
{
	switch (s->by) {
	case SALES_BY_HOUR:
		return &s->row[hour_of(s, l->scanned)];
	case SALES_BY_WEEKDAY:
		return &s->row[day_weekday(l->bought)];
	case SALES_BY_DAY:
		return &s->row[l->bought.n - s->from.n];
	case SALES_BY_ARTICLE:
		break;
	}
	return article_row(s, l->gtin);
}

static bool add(struct sold_row *row, const struct sold *l)
{
	row->lines++;
	row->last_seq = l->seq;
	return money_add(row->total, l->total, &row->total) &&
	       !__builtin_add_overflow(row->quantity_milli, l->quantity_milli,
				       &row->quantity_milli);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool is_noted(const struct sales *s, uint64_t seq)
{
	return s->noteds > 0 && bsearch(&seq, s->noted, s->noteds, sizeof(seq), by_number);
}

static bool take(struct sales *s, const struct sold *l)
{
	if (l->bought.n < s->from.n || l->bought.n > s->to.n || l->back || is_noted(s, l->seq))
		return true;
	return add(row_for(s, l), l) && add(&s->total, l);
}

/* --- reading */

/* Lines that credit notes took back: a note is never older than its line. */
static int noted_query(struct reader *r, struct sales *s)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		"SELECT line FROM invoice WHERE original > 0 AND line > 0 AND issued >= ?1"
		" UNION ALL SELECT b.line FROM invoice n JOIN invoice_line b"
		" ON b.invoice = n.original WHERE n.original > 0 AND n.line = 0"
		" AND n.issued >= ?1",
		&rc);

	if (!get)
		return rc;
	s->noteds = 0;
	bind_i64(get, 1, s->from.n - 1);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && s->noteds < NOTED_MAX) {
		if (s->noteds == s->noted_size) {
			s->noted_size = s->noted_size ? 2 * s->noted_size : 64;
			s->noted = realloc(s->noted, s->noted_size * sizeof(*s->noted));
			CHECK(s->noted);
		}
		s->noted[s->noteds++] = (uint64_t)column_i64(get, 0);
	}
	sqlite3_finalize(get);
	if (s->noteds > 1)
		qsort(s->noted, s->noteds, sizeof(*s->noted), by_number);
	return rc;
}

/* The last line before which none of these days is. */
static int start_query(struct reader *r, struct sales *s)
{
	int64_t low = 0, high = 0;
	int rc = sql_number(r->connection[READ_LEDGER].db, "SELECT coalesce(max(seq), 0) FROM line",
			    &high);
	sqlite3_stmt *get = rc == SQLITE_OK
				    ? rows_prepare(r,
						   "SELECT seq, bought FROM line WHERE seq > ?1"
						   " AND day_sure <> 0 ORDER BY seq LIMIT 1",
						   &rc)
				    : NULL;

	if (!get)
		return rc;
	while (low < high && rc == SQLITE_OK) {
		int64_t middle = low + (high - low) / 2;

		bind_i64(get, 1, middle);
		if (sqlite3_step(get) == SQLITE_ROW && column_i64(get, 1) < s->from.n - SLACK_DAYS)
			low = column_i64(get, 0);
		else
			high = middle;
		rc = sqlite3_reset(get);
	}
	sqlite3_finalize(get);
	s->after = (uint64_t)low;
	return rc;
}

static int begin_query(struct reader *r, void *data)
{
	struct sales *s = data;
	int rc = noted_query(r, s);

	return rc == SQLITE_DONE ? start_query(r, s) : rc;
}

static struct sold sold_of(sqlite3_stmt *get)
{
	struct sold l = {
		.seq = (uint64_t)column_i64(get, 0),
		.total = column_money(get, 1),
		.bought = column_day(get, 2),
		.sure = column_i64(get, 3) != 0,
		.back = column_i64(get, 4) != 0 || column_i64(get, 5) != 0,
		.gtin = (uint64_t)column_i64(get, 6),
		.quantity_milli = column_i64(get, 7),
		.scanned = {column_i64(get, 8)},
	};

	if (column_i64(get, 10) != 0 && column_i64(get, 9) != 0)
		l.scanned.ms = column_i64(get, 9);
	return l;
}

struct step_query {
	struct sales *s;
	uint32_t lines;
	struct sold line[LINES_A_STEP];
};

/* Read first, summed after: a query that found the file busy begins again. */
static int step_query(struct reader *r, void *data)
{
	struct step_query *q = data;
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		"SELECT seq, total, bought, day_sure, voided, credited, gtin, quantity_milli, at,"
		" scanned_at, late FROM line WHERE seq > ?1 ORDER BY seq LIMIT ?2",
		&rc);

	if (!get)
		return rc;
	q->lines = 0;
	bind_u64(get, 1, q->s->after);
	bind_i64(get, 2, LINES_A_STEP);
	while (q->lines < LINES_A_STEP && (rc = sqlite3_step(get)) == SQLITE_ROW)
		q->line[q->lines++] = sold_of(get);
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static int sum(struct sales *s, const struct step_query *q)
{
	for (uint32_t i = 0; i < q->lines && !s->ended; i++) {
		const struct sold *l = &q->line[i];

		s->after = l->seq;
		if (l->sure && l->bought.n > s->to.n + SLACK_DAYS)
			s->ended = true;
		else if (!take(s, l))
			return -EBADMSG;
	}
	s->ended = s->ended || q->lines < LINES_A_STEP;
	return s->ended ? 0 : 1;
}

int sales_step(struct reader *r, struct sales *s)
{
	struct step_query *q;
	int error;

	if (!s->begun) {
		error = reader_run(r, READ_LEDGER, begin_query, s);
		s->begun = error == 0;
		return error < 0 ? error : 1;
	}
	if (s->ended)
		return 0;
	q = malloc(sizeof(*q));
	CHECK(q);
	q->s = s;
	error = reader_run(r, READ_LEDGER, step_query, q);
	if (error == 0)
		error = sum(s, q);
	free(q);
	return error;
}

/* --- the sums */

static int by_total(const void *a, const void *b)
{
	const struct sold_row *x = a, *y = b;
	int order = money_compare(y->total, x->total);

	if (order != 0)
		return order;
	return x->key < y->key ? -1 : x->key > y->key;
}

const struct sold_row *sales_rows(struct sales *s, uint32_t *ret_rows)
{
	uint32_t n = 0;

	CHECK(s->ended);
	if (s->by != SALES_BY_ARTICLE) {
		*ret_rows = s->size;
		return s->row;
	}
	for (uint32_t i = 0; i < s->size; i++)
		if (s->row[i].key != 0)
			s->row[n++] = s->row[i];
	if (n > 1)
		qsort(s->row, n, sizeof(*s->row), by_total);
	*ret_rows = n;
	return s->row;
}

struct sold_row sales_total(const struct sales *s)
{
	return s->total;
}

const struct sold_row *sales_of(const struct sales *s, struct gtin gtin)
{
	const struct sold_row *row;

	CHECK(s->by == SALES_BY_ARTICLE);
	row = slot_of(s->row, s->size, gtin.n);
	return row->key == gtin.n && gtin.n != 0 ? row : NULL;
}

struct name_query {
	uint64_t seq;
	char *name;
	bool found;
};

static int name_query(struct reader *r, void *data)
{
	struct name_query *q = data;
	int rc;
	sqlite3_stmt *get = rows_prepare(r, "SELECT name FROM line WHERE seq = ?1", &rc);

	if (!get)
		return rc;
	bind_u64(get, 1, q->seq);
	rc = sqlite3_step(get);
	q->found = rc == SQLITE_ROW;
	if (q->found)
		column_text(get, 0, q->name, ARTICLE_NAME_MAX + 1);
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

int reader_line_name(struct reader *r, uint64_t seq, char name[ARTICLE_NAME_MAX + 1])
{
	struct name_query q = {.seq = seq, .name = name};
	int error = reader_run(r, READ_LEDGER, name_query, &q);

	return error < 0 ? error : q.found;
}
