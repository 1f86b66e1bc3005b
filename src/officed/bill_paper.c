/*
 * bill_paper.c: a document as its shop made it. The sums stand in the invoice's own entry, which
 * lines it bears in the entries right before it, and the lines in their table; the net is spread
 * over them by the same rule as at the shop (books/invoice.h), so that a paper drawn here is the
 * one that would be drawn there.
 */
#include "officed/bill_paper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNKS_MAX = INVOICE_LINES_MAX /
		     8, /* INVOICE_LINES entries of one invoice; a full one has 120 */
};

struct making {
	struct office *o;
	const char *shop;
	char currency[4];
	struct entry is, of; /* the document; and the invoice whose lines it bears: itself, or what
				it mirrors */
	uint64_t first_seq, seq; /* of `of` */
	uint32_t lines;
	uint64_t *line; /* entry numbers */
	struct paper *paper;
	char *names;
};

/* The entry `seq`, which has to be of this kind. */
static bool entry_at(struct making *m, uint64_t seq, enum entry_kind kind, struct entry *ret)
{
	struct db_rows *rows;
	bool found = false;

	db_ask(m->o->db, &rows, "SELECT kind, body FROM entry WHERE shop = $1 AND seq = $2 LIMIT 1",
	       DB_VALUES(db_text(m->shop), db_int((int64_t)seq)));
	if (db_next(rows) && db_col_int(rows, 0) == kind)
		found = entry_decode((uint16_t)kind, db_col_bytes(rows, 1), ret);
	db_rows_end(rows);
	return found;
}

/* Where an invoice's or a note's entries stand; 0: there is no such document. */
static bool place_of(struct making *m, struct invoice_id id, bool *ret_note, uint64_t *ret_first,
		     uint64_t *ret_seq)
{
	struct db_rows *rows;
	bool found;

	db_ask(m->o->db, &rows,
	       "SELECT i.credit_note, i.first_seq, i.seq, s.currency FROM invoice i"
	       " JOIN shop s ON s.shop = i.shop WHERE i.shop = $1 AND i.id = $2 LIMIT 1",
	       DB_VALUES(db_text(m->shop), db_int((int64_t)id.n)));
	found = db_next(rows);
	if (found) {
		*ret_note = db_col_int(rows, 0) != 0;
		*ret_first = (uint64_t)db_col_int(rows, 1);
		*ret_seq = (uint64_t)db_col_int(rows, 2);
		strncpy(m->currency, db_col_text(rows, 3), sizeof(m->currency) - 1);
	}
	db_rows_end(rows);
	return found;
}

static bool find(struct making *m, struct invoice_id id)
{
	uint64_t first, seq;
	bool note;

	if (id.n > INT64_MAX || !place_of(m, id, &note, &m->first_seq, &m->seq))
		return false;
	if (!note)
		return entry_at(m, m->seq, ENTRY_INVOICE, &m->is) && (m->of = m->is, true);
	if (!entry_at(m, m->seq, ENTRY_CREDIT_NOTE, &m->is) ||
	    !place_of(m, m->is.credit_note.invoice, &note, &first, &seq) || note)
		return false;
	m->first_seq = first;
	m->seq = seq;
	return entry_at(m, seq, ENTRY_INVOICE, &m->of);
}

/* One entry's lines behind those that are there already. */
static bool unpack_lines(struct making *m, const struct entry_invoice_lines *l)
{
	struct span packed = {l->packed, l->packed_len};
	uint64_t line = 0, step;

	if (l->invoice.n != m->of.invoice.invoice.n)
		return false;
	while (packed.len > 0) {
		if (!span_take_varint(&packed, &step) || m->lines == INVOICE_LINES_MAX)
			return false;
		line += step;
		m->line[m->lines++] = line;
	}
	return true;
}

static bool find_lines(struct making *m)
{
	struct db_rows *rows;
	bool good = true;

	m->line = calloc(INVOICE_LINES_MAX, sizeof(*m->line));
	CHECK(m->line);
	db_ask(m->o->db, &rows,
	       "SELECT body FROM entry WHERE shop = $1 AND seq >= $2 AND seq < $3 AND kind = $4"
	       " ORDER BY seq LIMIT $5",
	       DB_VALUES(db_text(m->shop), db_int((int64_t)m->first_seq), db_int((int64_t)m->seq),
			 db_int(ENTRY_INVOICE_LINES), db_int(CHUNKS_MAX)));
	while (good && db_next(rows)) {
		struct entry e;

		good = entry_decode(ENTRY_INVOICE_LINES, db_col_bytes(rows, 0), &e) &&
		       unpack_lines(m, &e.invoice_lines);
	}
	db_rows_end(rows);
	return good && m->lines == m->of.invoice.lines;
}

static void make_room(struct making *m)
{
	size_t lines = m->lines * sizeof(struct paper_line);
	size_t names = m->lines * (size_t)(ARTICLE_NAME_MAX + 1);

	_Static_assert(sizeof(struct paper) % _Alignof(struct paper_line) == 0,
		       "lines follow the paper");
	m->paper = calloc(1, sizeof(struct paper) + lines + names + REASON_MAX + 1);
	CHECK(m->paper);
	m->paper->line = (struct paper_line *)(void *)(m->paper + 1);
	m->names = (char *)m->paper->line + lines;
}

static bool take_line(struct making *m, struct db_rows *rows, uint32_t i)
{
	char *name = m->names + i * (size_t)(ARTICLE_NAME_MAX + 1);
	struct paper_line *l = &m->paper->line[i];

	*l = (struct paper_line){
		.seq = m->line[i],
		.bought = {(int32_t)db_col_int(rows, 0)},
		.gtin = {(uint64_t)db_col_int(rows, 1)},
		.name = name,
		.quantity_milli = (int32_t)db_col_int(rows, 2),
		.vat_bp = (int32_t)db_col_int(rows, 3),
		.unit_price = money_of(db_col_int(rows, 4)),
		.deposit = money_of(db_col_int(rows, 6)),
		.late = db_col_int(rows, 7) != 0,
		.list_price = money_of(db_col_int(rows, 9)),
	};
	strncpy(name, db_col_text(rows, 8), ARTICLE_NAME_MAX);
	return money_sub(money_of(db_col_int(rows, 5)), l->deposit, &l->gross);
}

static bool read_lines(struct making *m)
{
	bool good = true;

	for (uint32_t i = 0; good && i < m->lines; i++) {
		struct db_rows *rows;

		db_ask(m->o->db, &rows,
		       "SELECT bought, gtin, quantity_milli, vat_bp, unit_price, total, deposit, "
		       "late,"
		       " name, list_price FROM line WHERE shop = $1 AND seq = $2 LIMIT 1",
		       DB_VALUES(db_text(m->shop), db_int((int64_t)m->line[i])));
		good = db_next(rows) && take_line(m, rows, i);
		db_rows_end(rows);
	}
	m->paper->lines = m->lines;
	return good;
}

/* The invoice's net over its lines. */
static bool spread(struct making *m)
{
	size_t n = 2 * (size_t)m->lines + 1;
	struct money *room = calloc(2 * n, sizeof(*room));
	uint32_t *order = calloc(n, sizeof(*order));
	bool spread_well;

	CHECK(room && order);
	m->paper->rates = m->of.invoice.rates;
	memcpy(m->paper->rate, m->of.invoice.rate, sizeof(m->paper->rate));
	spread_well = paper_spread(
		m->paper, (struct paper_room){.gross = room, .net = room + n, .order = order});
	free(order);
	free(room);
	return spread_well;
}

static void say_invoice(struct making *m)
{
	const struct entry_invoice *i = &m->is.invoice;
	struct paper *p = m->paper;

	p->id = i->invoice;
	p->customer = i->customer;
	p->period = i->period;
	p->issued = i->issued;
	p->due = i->due;
	p->gross = i->gross;
	p->rounding = i->rounding;
	p->payable = i->payable;
	p->why = m->names + m->lines * (size_t)(ARTICLE_NAME_MAX + 1);
}

/* A note: of all of it, or of one line, which then alone stands there. */
static bool say_note(struct making *m)
{
	const struct entry_credit_note *n = &m->is.credit_note;
	char *why = m->names + m->lines * (size_t)(ARTICLE_NAME_MAX + 1);
	struct paper *p = m->paper;
	uint32_t at = 0;

	p->credit_note = true;
	p->id = n->credit_note;
	p->original = n->invoice;
	p->customer = n->customer;
	p->period = m->of.invoice.period;
	p->issued = n->issued;
	p->rates = n->rates;
	memcpy(p->rate, n->rate, sizeof(p->rate));
	p->gross = n->gross;
	p->rounding = n->rounding;
	p->payable = n->payable;
	p->reason = n->reason;
	memcpy(why, n->why, sizeof(n->why));
	p->why = why;
	if (n->line == 0)
		return true;
	while (at < p->lines && p->line[at].seq != n->line)
		at++;
	if (at == p->lines)
		return false;
	p->line[0] = p->line[at];
	p->lines = 1;
	return true;
}

static bool make(struct making *m)
{
	if (!find_lines(m))
		return false;
	make_room(m);
	if (!read_lines(m) || !spread(m))
		return false;
	strncpy(m->paper->shop.name, m->shop, PLACE_MAX_LEN);
	memcpy(m->paper->currency, m->currency, sizeof(m->paper->currency));
	if (m->is.kind == ENTRY_CREDIT_NOTE)
		return say_note(m);
	say_invoice(m);
	return true;
}

struct paper *bill_paper(struct office *o, const char *shop, struct invoice_id id, int *ret_error)
{
	struct making m = {.o = o, .shop = shop};

	*ret_error = 0;
	if (!find(&m, id))
		return NULL;
	if (!make(&m)) {
		*ret_error = db_failed(o->db) ? 0 : -EBADMSG;
		free(m.paper);
		m.paper = NULL;
	}
	free(m.line);
	return m.paper;
}
