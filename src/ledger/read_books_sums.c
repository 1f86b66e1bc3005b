/*
 * read_books_sums.c: whether the books agree with themselves, from the first entry to the newest.
 *
 * Close by close: each audit begins with what the close before it said, and has to end with what
 * its own close said. So what is held in memory is a month, and what is wrong is wrong in a month.
 */
#include "ledger/read_rows.h"

#include <stdio.h>

#include "ledger/audit.h"

struct sums {
	struct entry_period_closed from, to; /* the close before, and the one that is looked at */
	uint64_t upto, head;
	bool is_close; /* `to` is on record; else what came after the last */
	struct audit *audit;
	struct audit_found found;
	bool done;
};

/* The next close after `from`, or what came after the newest. */
static int next_query(struct reader *r, void *data)
{
	struct sums *s = data;
	int rc;
	sqlite3_stmt *get =
		rows_prepare(r,
			     "SELECT e.body, (SELECT coalesce(max(seq), 0) FROM entry) FROM"
			     " (SELECT 1) LEFT JOIN (SELECT seq FROM period_closed WHERE period >"
			     " ?1 ORDER BY period LIMIT 1) p LEFT JOIN entry e ON e.seq = p.seq",
			     &rc);
	struct entry e;

	if (!get)
		return rc;
	bind_i64(get, 1, s->from.period.n);
	rc = sqlite3_step(get);
	if (rc == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		rc = SQLITE_OK;
		s->head = (uint64_t)column_i64(get, 1);
		s->is_close = body.data != NULL;
		if (s->is_close && !entry_decode(ENTRY_PERIOD_CLOSED, body, &e))
			rc = SQLITE_CORRUPT;
		else if (s->is_close)
			s->to = e.period_closed;
		s->upto = s->is_close ? s->to.upto : s->head;
	}
	sqlite3_finalize(get);
	return rc;
}

static int audit_query(struct reader *r, void *data)
{
	struct sums *s = data;
	int rc = audit_step(s->audit, r->connection[READ_LEDGER].db, &s->found);

	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		s->done = rc == SQLITE_DONE;
	else if (audit_torn(s->audit))
		rc = SQLITE_ABORT; /* half of it is added up: never from its start again */
	return rc;
}

static int look_on(struct reader *r, struct sums *s)
{
	int error = reader_run(r, READ_LEDGER, next_query, s);

	s->audit = audit_new(&s->from, s->upto);
	s->done = false;
	while (error == 0 && !s->done)
		error = reader_run(r, READ_LEDGER, audit_query, s);
	audit_free(s->audit);
	s->audit = NULL;
	return error;
}

/* What a close said of itself, against what the tables say of it today. */
static bool close_differs(const struct sums *s, char why[240])
{
	const struct entry_period_closed *is = &s->found.sums, *was = &s->to;
	const struct {
		const char *what;
		struct money is, was;
	} sum[] = {
		{"lines", is->lines, was->lines},
		{"invoiced", is->invoiced, was->invoiced},
		{"unbilled", is->unbilled, was->unbilled},
		{"payable", is->payable, was->payable},
		{"paid", is->paid, was->paid},
		{"receivable", is->receivable, was->receivable},
		{"VAT", is->vat, was->vat},
	};
	char month[PERIOD_TEXT_SIZE];

	period_text(was->period, month);
	for (uint32_t i = 0; i < ARRAY_LEN(sum); i++)
		if (money_compare(sum[i].is, sum[i].was) != 0) {
			snprintf(why, 240,
				 "%s was closed with %s of %lld öre, and the tables say %lld",
				 month, sum[i].what, (long long)money_minor(sum[i].was),
				 (long long)money_minor(sum[i].is));
			return true;
		}
	return false;
}

/* Rows of entries that were never made. */
static int beyond_query(struct reader *r, void *data)
{
	struct sums_found *ret = data;
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		"SELECT (SELECT coalesce(max(seq), 0) FROM entry), (SELECT coalesce(max(seq), 0)"
		" FROM line), (SELECT coalesce(max(seq), 0) FROM"
		" (SELECT seq FROM posting ORDER BY id DESC LIMIT 1)),"
		" (SELECT coalesce(max(seq), 0) FROM payment)",
		&rc);

	if (!get)
		return rc;
	rc = sqlite3_step(get);
	for (int i = 1; rc == SQLITE_ROW && i < 4; i++)
		if (column_i64(get, i) > column_i64(get, 0) && ret->ok) {
			static const char *const what[] = {"", "line", "posting", "payment"};

			ret->ok = false;
			snprintf(ret->why, sizeof(ret->why),
				 "there is a %s of entry %lld, and the newest entry is %lld",
				 what[i], (long long)column_i64(get, i),
				 (long long)column_i64(get, 0));
		}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static void take_found(const struct sums *s, struct sums_found *ret)
{
	ret->lines += s->found.lines;
	ret->invoices += s->found.invoices;
	ret->postings += s->found.postings;
	ret->ok = s->found.ok;
	memcpy(ret->why, s->found.why, sizeof(s->found.why));
	if (ret->ok && s->is_close && close_differs(s, ret->why))
		ret->ok = false;
}

int reader_check_sums(struct reader *r, struct sums_found *ret)
{
	struct sums s = {0};
	struct sums_found found = {.ok = true};
	int error;

	do {
		error = look_on(r, &s);
		/* a line's day put right meanwhile is posted by an entry of later: look again */
		if (error == 0 && !s.found.ok && !s.is_close)
			error = look_on(r, &s);
		if (error < 0)
			return error;
		take_found(&s, &found);
		s.from = s.to;
	} while (found.ok && s.is_close);
	if (found.ok)
		error = reader_run(r, READ_LEDGER, beyond_query, &found);
	if (error == 0)
		*ret = found;
	return error;
}
