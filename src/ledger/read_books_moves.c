/*
 * read_books_moves.c: everything that moved the shelf, in the order it happened: deliveries,
 * counts, waste and own use as they were written down, sales and what was put back as lines.
 *
 * Sales are many and stand in no index of their own, so the entries are looked through a window at
 * a time, each a short query, until a page is full. What one entry moved stays together: the number
 * of the last row is where the next page begins.
 */
#include "ledger/read_rows.h"

#include <stdlib.h>

enum {
	WINDOW = 2048, /* entries that one query looks at */
};

struct moves {
	struct gtin gtin;
	uint64_t after, to; /* the window: entries in (after, to] */
	uint64_t head;
	struct movement_row *row; /* of the window; grows */
	uint32_t rows, size;
};

static struct movement_row *new_row(struct moves *m)
{
	if (m->rows == m->size) {
		m->size = m->size ? 2 * m->size : 256;
		m->row = realloc(m->row, m->size * sizeof(*m->row));
		CHECK(m->row);
	}
	memset(&m->row[m->rows], 0, sizeof(*m->row));
	return &m->row[m->rows++];
}

/* --- written down, and sold */

static bool take_move(struct moves *m, sqlite3_stmt *s)
{
	struct movement_row *row = new_row(m);
	int64_t kind = column_i64(s, 3);

	row->seq = (uint64_t)column_i64(s, 0);
	row->at.ms = column_i64(s, 1);
	row->day = column_day(s, 2);
	row->kind = (enum movement)kind;
	row->gtin.n = (uint64_t)column_i64(s, 4);
	row->quantity_milli = column_i64(s, 5);
	row->value = column_money(s, 6);
	row->use_by = column_day(s, 7);
	row->best_before = column_day(s, 8);
	column_text(s, 9, row->lot, sizeof(row->lot));
	column_text(s, 10, row->why, sizeof(row->why));
	column_text(s, 11, row->by, sizeof(row->by));
	row->visit.n = (uint64_t)column_i64(s, 12);
	return kind > 0 && kind < MOVEMENTS;
}

static int read_moves(struct reader *r, struct moves *m)
{
	int rc;
	sqlite3_stmt *s = rows_prepare(
		r,
		"SELECT m.seq, e.at, m.day, m.kind, m.gtin, m.quantity, m.value, m.use_by,"
		" m.best_before, m.lot, m.why, m.by, 0 FROM movement m JOIN entry e ON"
		" e.seq = m.seq WHERE m.seq > ?1 AND m.seq <= ?2 AND (?3 = 0 OR m.gtin = ?3)"
		" UNION ALL SELECT seq, at, bought, 5, gtin, -quantity_milli, -cost, use_by,"
		" best_before, lot, '', '', visit FROM line WHERE seq > ?1 AND seq <= ?2"
		" AND (?3 = 0 OR gtin = ?3)",
		&rc);

	if (!s)
		return rc;
	bind_u64(s, 1, m->after);
	bind_u64(s, 2, m->to);
	bind_u64(s, 3, m->gtin.n);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		if (!take_move(m, s)) {
			rc = SQLITE_CORRUPT;
			break;
		}
	sqlite3_finalize(s);
	return rc;
}

/* --- put back on the shelf */

/* The statements that find the lines an entry put back. */
enum back {
	BACK_BY_KEY, /* of a visit */
	BACK_BY_SEQ,
	BACK_OF_INVOICE,
	BACKS
};

#define BACK_COLUMNS "l.gtin, l.quantity_milli, l.cost, l.use_by, l.best_before, l.lot, l.visit"

static const char *const back_sql[BACKS] = {
	[BACK_BY_KEY] = LINES_OF_VISIT "SELECT " BACK_COLUMNS " FROM line l JOIN chain USING(seq)"
				       " WHERE l.key = ?2",
	[BACK_BY_SEQ] = "SELECT " BACK_COLUMNS " FROM line l WHERE l.seq = ?1",
	[BACK_OF_INVOICE] = "SELECT " BACK_COLUMNS " FROM invoice_line b JOIN line l ON"
			    " l.seq = b.line WHERE b.invoice = ?1",
};

static int take_back(struct moves *m, sqlite3_stmt *s, uint64_t seq, const struct entry *e,
		     const char *why, const char *by)
{
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct movement_row *row;

		if (m->gtin.n != 0 && (uint64_t)column_i64(s, 0) != m->gtin.n)
			continue;
		row = new_row(m);
		row->seq = seq;
		row->at = e->at;
		row->day = rows_day(e->at);
		row->kind = MOVEMENT_RETURN;
		row->gtin.n = (uint64_t)column_i64(s, 0);
		row->quantity_milli = column_i64(s, 1);
		row->value = column_money(s, 2);
		row->use_by = column_day(s, 3);
		row->best_before = column_day(s, 4);
		column_text(s, 5, row->lot, sizeof(row->lot));
		row->visit.n = (uint64_t)column_i64(s, 6);
		memcpy(row->why, why, strlen(why) + 1);
		memcpy(row->by, by, strlen(by) + 1);
	}
	sqlite3_reset(s);
	return rc;
}

/* The lines of one entry that took lines back. Only what was scanned by mistake stands on the shelf
 * again. */
static int back_of(struct moves *m, sqlite3_stmt *const find[BACKS], uint64_t seq,
		   const struct entry *e)
{
	if (e->kind == ENTRY_LINE_VOIDED) {
		bind_u64(find[BACK_BY_KEY], 1, e->line_voided.visit.n);
		bind_text(find[BACK_BY_KEY], 2, e->line_voided.key.text);
		return take_back(m, find[BACK_BY_KEY], seq, e, "", "");
	}
	if (e->kind == ENTRY_LINE_CREDITED && e->line_credited.reason == CREDIT_WRONG_LINE) {
		bind_u64(find[BACK_BY_SEQ], 1, e->line_credited.line);
		return take_back(m, find[BACK_BY_SEQ], seq, e, e->line_credited.why,
				 e->line_credited.by);
	}
	if (e->kind == ENTRY_CREDIT_NOTE && e->credit_note.reason == CREDIT_WRONG_LINE) {
		const struct entry_credit_note *n = &e->credit_note;
		sqlite3_stmt *s = find[n->line != 0 ? BACK_BY_SEQ : BACK_OF_INVOICE];

		bind_u64(s, 1, n->line != 0 ? n->line : n->invoice.n);
		return take_back(m, s, seq, e, n->why, n->by);
	}
	return SQLITE_DONE;
}

static int each_back(struct moves *m, sqlite3_stmt *entries, sqlite3_stmt *const find[BACKS])
{
	int rc, rc_back;

	bind_u64(entries, 1, m->after);
	bind_u64(entries, 2, m->to);
	while ((rc = sqlite3_step(entries)) == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(entries, 3),
				    (uint32_t)sqlite3_column_bytes(entries, 3)};
		struct entry e;

		if (!body.data || !entry_decode((uint16_t)column_i64(entries, 2), body, &e))
			return SQLITE_CORRUPT;
		e.at.ms = column_i64(entries, 1);
		rc_back = back_of(m, find, (uint64_t)column_i64(entries, 0), &e);
		if (rc_back != SQLITE_DONE)
			return rc_back;
	}
	return rc;
}

static int read_back(struct reader *r, struct moves *m)
{
	int rc = SQLITE_DONE;
	sqlite3_stmt *find[BACKS] = {NULL};
	sqlite3_stmt *entries =
		rows_prepare(r,
			     "SELECT seq, at, kind, body FROM entry WHERE seq > ?1 AND seq <= ?2"
			     " AND kind IN (51, 74, 75) ORDER BY seq",
			     &rc);

	for (uint32_t i = 0; i < BACKS && rc == SQLITE_DONE; i++)
		find[i] = rows_prepare(r, back_sql[i], &rc);
	if (entries && rc == SQLITE_DONE)
		rc = each_back(m, entries, find);
	for (uint32_t i = 0; i < BACKS; i++)
		sqlite3_finalize(find[i]);
	sqlite3_finalize(entries);
	return rc;
}

/* --- windows */

static int window_query(struct reader *r, void *data)
{
	struct moves *m = data;
	int64_t head = 0;
	int rc = sql_number(r->connection[READ_LEDGER].db,
			    "SELECT coalesce(max(seq), 0) FROM entry", &head);

	m->rows = 0;
	m->head = (uint64_t)head;
	m->to = m->after + WINDOW < m->head ? m->after + WINDOW : m->head;
	if (rc != SQLITE_OK || m->after >= m->head)
		return rc;
	rc = read_moves(r, m);
	return rc == SQLITE_DONE ? read_back(r, m) : rc;
}

static int by_entry(const void *a, const void *b)
{
	const struct movement_row *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return x->gtin.n < y->gtin.n ? -1 : x->gtin.n > y->gtin.n;
}

/* How many rows of the window fit: an entry's rows go together, but where they alone are more. */
static uint32_t fitting(const struct moves *m, uint32_t n, uint32_t max)
{
	uint32_t fit = m->rows;

	if (fit <= max - n)
		return fit;
	fit = max - n;
	while (fit > 0 && m->row[fit - 1].seq == m->row[fit].seq)
		fit--;
	return fit == 0 && n == 0 ? max : fit;
}

int reader_movements(struct reader *r, struct gtin gtin, uint64_t after, struct movement_row *ret,
		     uint32_t max)
{
	struct moves m = {.gtin = gtin, .after = after};
	struct stock_row stock;
	uint32_t n = 0, fit;
	int error = 0;

	if (after > INT64_MAX || gtin.n > INT64_MAX)
		return 0;
	/* what was never sold nor written down need not be looked for */
	if (gtin.n != 0) {
		int known = reader_stock_one(r, gtin, &stock);

		if (known != 1)
			return known;
	}
	while (n < max) {
		error = reader_run(r, READ_LEDGER, window_query, &m);
		if (error < 0 || m.after >= m.head)
			break;
		if (m.rows > 1)
			qsort(m.row, m.rows, sizeof(*m.row), by_entry);
		fit = fitting(&m, n, max);
		if (fit > 0)
			memcpy(ret + n, m.row, fit * sizeof(*ret));
		n += fit;
		if (fit < m.rows)
			break;
		m.after = m.to;
	}
	free(m.row);
	return error < 0 ? error : (int)n;
}
