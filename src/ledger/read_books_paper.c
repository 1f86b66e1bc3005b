/*
 * read_books_paper.c: invoices and credit notes: as rows, and as the paper that a renderer draws.
 *
 * A paper's lines are spread as its invoice spread them: a credit note of one line shows the share
 * that this line had there.
 */
#include "ledger/read_rows.h"

#include <errno.h>
#include <stdlib.h>

#define INVOICE_COLUMNS                                                                            \
	"SELECT id, seq, customer, period, issued, due, lines, gross, rounding, payable, "         \
	"original,"                                                                                \
	" line, reason, why, credited, paid FROM invoice "
#define RATE_COLUMNS                                                                               \
	"SELECT vat_bp, gross, base, vat, posted FROM invoice_rate WHERE invoice = ?1"             \
	" ORDER BY vat_bp DESC LIMIT ?2"

static bool take_invoice(sqlite3_stmt *s, struct invoice_row *i)
{
	uint32_t reason;

	*i = (struct invoice_row){
		.id = {(uint64_t)column_i64(s, 0)},
		.seq = (uint64_t)column_i64(s, 1),
		.period = {(int32_t)column_i64(s, 3)},
		.issued = column_day(s, 4),
		.due = column_day(s, 5),
		.lines = (uint32_t)column_i64(s, 6),
		.gross = column_money(s, 7),
		.rounding = column_money(s, 8),
		.payable = column_money(s, 9),
		.original = {(uint64_t)column_i64(s, 10)},
		.line = (uint64_t)column_i64(s, 11),
		.credited = column_money(s, 14),
		.paid = column_money(s, 15),
	};
	if (!row_word(s, 12, CREDIT_REASONS, &reason) || column_i64(s, 6) < 0 ||
	    column_i64(s, 6) > INVOICE_LINES_MAX ||
	    !column_blob(s, 2, &i->customer, sizeof(i->customer)))
		return false;
	i->reason = (enum credit_reason)reason;
	column_text(s, 13, i->why, sizeof(i->why));
	return true;
}

static int take_rates(sqlite3_stmt *s, struct invoice_row *i)
{
	int rc;

	bind_u64(s, 1, i->id.n);
	bind_i64(s, 2, RATES_MAX);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW && i->rates < RATES_MAX)
		i->rate[i->rates++] = (struct invoice_rate){
			.vat_bp = (int32_t)column_i64(s, 0),
			.gross = column_money(s, 1),
			.base = column_money(s, 2),
			.vat = column_money(s, 3),
			.posted = column_money(s, 4),
		};
	sqlite3_reset(s);
	return rc;
}

/* --- rows */

struct invoices_query {
	const char *sql;
	int64_t period, id;
	struct invoice_row *ret;
	uint32_t max, n;
};

static int invoices_query(struct reader *r, void *data)
{
	struct invoices_query *q = data;
	int rc;
	sqlite3_stmt *get = rows_prepare(r, q->sql, &rc);
	sqlite3_stmt *rates = get ? rows_prepare(r, RATE_COLUMNS, &rc) : NULL;

	q->n = 0;
	if (rates) {
		bind_i64(get, 1, q->period);
		bind_i64(get, 2, q->id);
		bind_i64(get, 3, q->max);
		while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max) {
			if (!take_invoice(get, &q->ret[q->n]))
				rc = SQLITE_CORRUPT;
			else
				rc = take_rates(rates, &q->ret[q->n]);
			if (rc != SQLITE_DONE && rc != SQLITE_ROW)
				break;
			q->n++;
		}
	}
	sqlite3_finalize(get);
	sqlite3_finalize(rates);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

int reader_invoices(struct reader *r, struct period period, struct invoice_id after,
		    struct invoice_row *ret, uint32_t max)
{
	struct invoices_query q = {
		.sql = period.n != 0 ? INVOICE_COLUMNS
			       "WHERE period = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
				     : INVOICE_COLUMNS
			       "WHERE ?1 = 0 AND id > ?2 ORDER BY id LIMIT ?3",
		.period = period.n,
		.id = (int64_t)after.n,
		.ret = ret,
		.max = max,
	};
	int error;

	if (max == 0 || after.n > INT64_MAX)
		return 0;
	error = reader_run(r, READ_LEDGER, invoices_query, &q);
	return error < 0 ? error : (int)q.n;
}

int reader_invoice(struct reader *r, struct invoice_id id, struct invoice_row *ret)
{
	struct invoice_row row;
	struct invoices_query q = {
		.sql = INVOICE_COLUMNS "WHERE ?1 = 0 AND id = ?2 LIMIT ?3",
		.id = (int64_t)id.n,
		.ret = &row,
		.max = 1,
	};
	int error;

	if (id.n == 0 || id.n > INT64_MAX)
		return 0;
	error = reader_run(r, READ_LEDGER, invoices_query, &q);
	if (error == 0 && q.n == 1)
		*ret = row;
	return error < 0 ? error : (int)q.n;
}

/* --- papers */

struct paper_query {
	struct invoice_row of; /* whose lines they are: the invoice, or the one a note mirrors */
	struct paper *paper;   /* one allocation: the paper, its lines, then names and `why` */
	uint32_t lines;
	char *names;
	size_t names_len;
};

static int count_lines(struct reader *r, struct paper_query *q)
{
	int rc;
	sqlite3_stmt *s =
		rows_prepare(r,
			     "SELECT count(*), coalesce(sum(length(CAST(l.name AS BLOB)) + 1), 0)"
			     " FROM invoice_line b JOIN line l ON l.seq = b.line WHERE b.invoice ="
			     " ?1",
			     &rc);

	if (!s)
		return rc;
	bind_u64(s, 1, q->of.id.n);
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		q->lines = (uint32_t)column_i64(s, 0);
		q->names_len = (size_t)column_i64(s, 1);
		rc = column_i64(s, 0) > INVOICE_LINES_MAX ? SQLITE_CORRUPT : SQLITE_DONE;
	}
	sqlite3_finalize(s);
	return rc;
}

static bool take_line(sqlite3_stmt *s, struct paper_line *l)
{
	struct money total = column_money(s, 6);
	int64_t quantity = column_i64(s, 3), bp = column_i64(s, 4);

	*l = (struct paper_line){
		.seq = (uint64_t)column_i64(s, 0),
		.bought = column_day(s, 1),
		.gtin = {(uint64_t)column_i64(s, 2)},
		.quantity_milli = (int32_t)quantity,
		.vat_bp = (int32_t)bp,
		.unit_price = column_money(s, 5),
		.deposit = column_money(s, 7),
		.late = column_i64(s, 8) != 0,
		.list_price = column_money(s, 10),
	};
	return quantity > 0 && quantity <= QUANTITY_MAX_MILLI && bp >= 0 && bp <= 10000 &&
	       money_sub(total, l->deposit, &l->gross);
}

static int take_lines(struct reader *r, struct paper_query *q)
{
	char *name = q->names, *end = q->names + q->names_len;
	struct paper *p = q->paper;
	int rc;
	sqlite3_stmt *s =
		rows_prepare(r,
			     "SELECT l.seq, l.bought, l.gtin, l.quantity_milli, l.vat_bp,"
			     " l.unit_price, l.total, l.deposit, l.late, l.name, l.list_price"
			     " FROM invoice_line b JOIN line l ON l.seq = b.line WHERE b.invoice = "
			     "?1 ORDER BY b.line",
			     &rc);

	if (!s)
		return rc;
	bind_u64(s, 1, q->of.id.n);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		uint32_t len = (uint32_t)sqlite3_column_bytes(s, 9);

		if (p->lines == q->lines || len >= (size_t)(end - name) ||
		    !take_line(s, &p->line[p->lines])) {
			rc = SQLITE_CORRUPT;
			break;
		}
		column_text(s, 9, name, len + 1);
		p->line[p->lines++].name = name;
		name += len + 1;
	}
	sqlite3_finalize(s);
	return rc;
}

static bool make_paper(struct paper_query *q)
{
	size_t lines_at = sizeof(struct paper);
	size_t names_at = lines_at + q->lines * sizeof(struct paper_line);

	_Static_assert(sizeof(struct paper) % _Alignof(struct paper_line) == 0,
		       "lines follow the paper");
	q->paper = calloc(1, names_at + q->names_len + REASON_MAX + 1);
	if (!q->paper)
		return false;
	q->paper->line = (struct paper_line *)(void *)((uint8_t *)q->paper + lines_at);
	q->names = (char *)q->paper + names_at;
	return true;
}

/* Spreads the invoice's net over its lines. */
static bool spread(struct paper *p, const struct invoice_row *of)
{
	size_t n = p->lines ? 2 * (size_t)p->lines : 1;
	struct paper_room room = {.gross = calloc(n, sizeof(*room.gross)),
				  .net = calloc(n, sizeof(*room.net)),
				  .order = calloc(n, sizeof(*room.order))};
	bool spread_well = false;

	p->rates = of->rates;
	memcpy(p->rate, of->rate, sizeof(p->rate));
	if (room.gross && room.net && room.order)
		spread_well = paper_spread(p, room);
	free(room.gross);
	free(room.net);
	free(room.order);
	return spread_well;
}

/* What the paper itself says; of a note of one line, only that line. */
static bool head(struct paper_query *q, const struct invoice_row *is)
{
	struct paper *p = q->paper;
	char *why = q->names + q->names_len;

	p->credit_note = is->original.n != 0;
	p->id = is->id;
	p->original = is->original;
	p->customer = is->customer;
	p->period = is->period;
	p->issued = is->issued;
	p->due = is->due;
	p->rates = is->rates;
	memcpy(p->rate, is->rate, sizeof(p->rate));
	p->gross = is->gross;
	p->rounding = is->rounding;
	p->payable = is->payable;
	p->reason = is->reason;
	memcpy(why, is->why, sizeof(is->why));
	p->why = why;
	for (uint32_t i = 0; is->line != 0 && i < p->lines; i++)
		if (p->line[i].seq == is->line) {
			p->line[0] = p->line[i];
			p->lines = 1;
			return true;
		}
	return is->line == 0;
}

/* One transaction, so that the lines are those of the rates. */
static int paper_query(struct reader *r, void *data)
{
	struct paper_query *q = data;
	int rc = sqlite3_step(r->statement[READ_BEGIN]);

	free(q->paper);
	q->paper = NULL;
	sqlite3_reset(r->statement[READ_BEGIN]);
	if (rc == SQLITE_DONE)
		rc = count_lines(r, q);
	if (rc == SQLITE_DONE)
		rc = make_paper(q) ? take_lines(r, q) : SQLITE_NOMEM;
	if (rc == SQLITE_DONE)
		rc = sqlite3_step(r->statement[READ_END]);
	return rc;
}

int reader_paper(struct reader *r, struct invoice_id id, struct paper **ret)
{
	struct invoice_row is;
	struct paper_query q = {0};
	int error = reader_invoice(r, id, &is);

	if (error != 1)
		return error;
	q.of = is;
	if (is.original.n != 0)
		error = reader_invoice(r, is.original, &q.of);
	if (error == 1)
		error = reader_run(r, READ_LEDGER, paper_query, &q);
	else if (error == 0)
		error = -EBADMSG; /* a note without its invoice */
	/* papers do not change: what was read in two queries fits together */
	if (error == 0 && (!spread(q.paper, &q.of) || !head(&q, &is)))
		error = -EBADMSG;
	if (error < 0) {
		free(q.paper);
		return error;
	}
	*ret = q.paper;
	return 1;
}
