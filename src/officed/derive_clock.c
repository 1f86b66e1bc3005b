/*
 * derive_clock.c: the days of lines that were scanned while the shop's clock was not trusted, put
 * right as the shop itself does it (ledger/derive_clock.c, contracts 4).
 *
 * Whether a line's day is sure need not be remembered: trust changes only at a start or a clock
 * entry, a mark, so the lines that wait are those after the first mark that was not trusted since
 * the last one that was. When a mark is trusted again in the same boot, the steps that the clock
 * made since tell when each line was scanned; after another boot nothing does, and the line gets
 * the day on which the clock was trusted again. A day at which another VAT rate held changes the
 * line's rate.
 */
#include "officed/derive.h"

#include <stdlib.h>

#include "books/mark.h"
#include "books/vat.h"

enum {
	MARKS_PAGE = 200,
	LINES_PAGE = 500,
};

/* The marks before a trusted one, from the newest back, up to the last that was trusted. */
struct marks {
	uint32_t count, size;
	struct mark *mark;
	bool trusted; /* the oldest of them is trusted */
};

static struct mark mark_from(struct db_rows *rows)
{
	uint64_t seq = (uint64_t)db_col_int(rows, 0);
	struct entry e;

	if (db_col_null(rows, 3) ||
	    !entry_decode((uint16_t)db_col_int(rows, 2), db_col_bytes(rows, 3), &e))
		return (struct mark){.seq = seq};
	e.at.ms = db_col_int(rows, 1);
	return mark_of(seq, &e);
}

/* One page of marks before `seq`. False: there are no more to look at. */
static bool read_marks(struct derive *x, uint64_t seq, struct marks *m)
{
	uint32_t found = 0;
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "SELECT seq, at, kind, body FROM entry WHERE shop = $1 AND (kind = 1 OR kind = 3 OR "
	       "kind = 70)"
	       " AND kind < 70 AND seq < $2 ORDER BY seq DESC LIMIT $3",
	       DB_VALUES(db_text(x->shop), db_int((int64_t)seq), db_int(MARKS_PAGE)));
	while (!m->trusted && db_next(rows)) {
		if (m->count == m->size) {
			m->size = m->size ? 2 * m->size : 16;
			m->mark = realloc(m->mark, m->size * sizeof(*m->mark));
			CHECK(m->mark);
		}
		m->mark[m->count] = mark_from(rows);
		m->trusted = m->mark[m->count++].trusted;
		found++;
	}
	db_rows_end(rows);
	return !m->trusted && found == MARKS_PAGE;
}

/* --- lines between two marks */

struct stretch {
	uint64_t after, until; /* the marks around them */
	bool known;	       /* their clock reading can be put right */
	int64_t shift_ms;
	const struct mark *trusted;
	const struct entry_tax *tax;
};

struct dated {
	int64_t seq, day, vat_bp, vat;
};

/* What becomes of the line that `rows` stands on; false: nothing. One that was taken back by then
 * stays as it was posted. */
static bool dated_line(const struct stretch *s, struct db_rows *rows, struct dated *ret)
{
	int64_t bought = db_col_int(rows, 3), voided = db_col_int(rows, 4);
	int64_t credited = db_col_int(rows, 5), vat_class = db_col_int(rows, 2);
	int64_t by = (int64_t)s->trusted->seq;
	bool taken_back = (voided > 0 && voided < by) || (credited > 0 && credited < by);
	struct day day =
		mark_bought(s->trusted, (struct wall){db_col_int(rows, 1)}, s->known, s->shift_ms);

	if (day.n == bought)
		return false;
	*ret = (struct dated){.seq = db_col_int(rows, 0),
			      .day = day.n,
			      .vat_bp = db_col_int(rows, 7),
			      .vat = db_col_int(rows, 8)};
	if (vat_class == VAT_FIXED || taken_back || vat_class < 0 || vat_class >= VAT_CLASSES)
		return true;
	ret->vat_bp = vat_rate_on(s->tax, (enum vat_class)vat_class, day);
	ret->vat = money_minor(vat_included(money_of(db_col_int(rows, 6)), (int32_t)ret->vat_bp));
	return true;
}

static void write_dated(struct derive *x, const struct dated *d)
{
	uint64_t seq = (uint64_t)d->seq;

	db_do(x->o->db,
	      "UPDATE line SET bought = $3, vat_bp = $4, vat = $5 WHERE shop = $1 AND seq = $2",
	      DB_VALUES(db_text(x->shop), db_int(d->seq), db_int(d->day), db_int(d->vat_bp),
			db_int(d->vat)));
	if (seq >= x->fact[0].raw.seq)
		return;
	if (x->dated_first == 0 || seq < x->dated_first)
		x->dated_first = seq;
	if (seq > x->dated_last)
		x->dated_last = seq;
}

static void date_stretch(struct derive *x, const struct stretch *s)
{
	struct dated *dated = malloc(LINES_PAGE * sizeof(*dated));
	int64_t after = (int64_t)s->after;
	uint32_t found = LINES_PAGE, changed;
	struct db_rows *rows;

	CHECK(dated);
	while (found == LINES_PAGE) {
		found = changed = 0;
		db_ask(x->o->db, &rows,
		       "SELECT seq, at, vat_class, bought, voided, credited, total, vat_bp, vat"
		       " FROM line WHERE shop = $1 AND seq > $2 AND seq < $3 ORDER BY seq LIMIT $4",
		       DB_VALUES(db_text(x->shop), db_int(after), db_int((int64_t)s->until),
				 db_int(LINES_PAGE)));
		for (; db_next(rows); found++) {
			after = db_col_int(rows, 0);
			changed += dated_line(s, rows, &dated[changed]);
		}
		db_rows_end(rows);
		for (uint32_t i = 0; i < changed; i++)
			write_dated(x, &dated[i]);
	}
	free(dated);
}

/* --- a mark that is trusted after others were not */

static struct entry_tax tax_at(struct derive *x, uint64_t seq)
{
	struct entry_tax tax = vat_sweden();
	struct db_rows *rows;
	struct entry e;
	bool found = false;

	db_ask(x->o->db, &rows,
	       "SELECT body FROM entry WHERE shop = $1 AND (kind = 1 OR kind = 3 OR kind = 70)"
	       " AND kind = 70"
	       " AND seq < $2 ORDER BY seq DESC LIMIT 20",
	       DB_VALUES(db_text(x->shop), db_int((int64_t)seq)));
	/* a table that cannot be used is on record all the same, and the one before it holds */
	while (!found && db_next(rows)) {
		found = entry_decode(ENTRY_TAX, db_col_bytes(rows, 0), &e) &&
			!vat_tax_wrong(&e.tax);
		if (found)
			tax = e.tax;
	}
	db_rows_end(rows);
	return tax;
}

/* From the newest stretch back: the steps of all marks after its lines add up. */
static void date_lines(struct derive *x, const struct marks *m, const struct mark *trusted)
{
	struct entry_tax tax = tax_at(x, trusted->seq);
	struct stretch s = {.trusted = trusted, .tax = &tax, .known = true};
	const struct mark *after = trusted;
	bool all_read = true;

	for (uint32_t i = 0; i <= m->count; i++) {
		const struct mark *before = i < m->count ? &m->mark[i] : NULL;

		if (before && before->trusted)
			break;
		s.after = before ? before->seq : 0;
		s.until = after->seq;
		all_read = all_read && before && before->kind != 0;
		s.known = all_read && mark_same_boot(before, trusted);
		if (s.known &&
		    __builtin_add_overflow(s.shift_ms, mark_step(before, after), &s.shift_ms))
			all_read = s.known = false;
		date_stretch(x, &s);
		after = before;
	}
}

void derive_later_clock(struct derive *x, const struct fact *f)
{
	struct mark trusted = mark_of(f->raw.seq, &f->e);
	struct marks m = {0};
	uint64_t seq = f->raw.seq;

	if (!trusted.trusted)
		return;
	while (read_marks(x, seq, &m))
		seq = m.mark[m.count - 1].seq;
	if (!m.trusted || m.count > 1)
		date_lines(x, &m, &trusted);
	free(m.mark);
}
