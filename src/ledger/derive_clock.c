/*
 * derive_clock.c: what is known of the time, and the days of lines that were scanned when it was
 * not (contracts 4).
 *
 * A line that was scanned while the clock was not trusted has a day that is not sure, and waits: it
 * is put on no invoice. When the clock is trusted again in the same boot, the steps that it made
 * since tell when the line was scanned; after another boot nothing does, and the line gets the day
 * on which the clock was trusted again. A day at which another VAT rate held changes the line's
 * rate and posts the difference.
 */
#include "ledger/derive.h"

#include "books/mark.h"
#include "books/vat.h"

/* The floor is the latest trusted time on record (contracts 1, clock). It is written only where
 * trust may change; until then the newest entry's own time is the floor, see recall.c. */
static enum stored note_clock(struct store *s, struct wall at, bool trusted)
{
	struct head *head = &s->head;

	if (head->clock_trusted && head->at.ms > head->clock_floor.ms)
		head->clock_floor = head->at;
	/* trust that was just found or confirmed counts even where it lowers the floor */
	if (trusted)
		head->clock_floor = at;
	head->clock_trusted = trusted;
	if (derive_note(s, "clock_trusted", trusted) != STORED_OK)
		return STORED_FULL;
	return derive_note(s, "clock_floor", head->clock_floor.ms);
}

/* The mark that a read finds. One that cannot be read is as good as none. */
static bool take_mark(struct store *s, enum statement which, struct mark *ret)
{
	sqlite3_stmt *get = s->statement[which];
	struct entry e;
	bool found = derive_row(s, which);

	if (found) {
		struct span body = {sqlite3_column_blob(get, 3),
				    (uint32_t)sqlite3_column_bytes(get, 3)};

		found = body.data && entry_decode((uint16_t)column_i64(get, 2), body, &e);
		e.at.ms = column_i64(get, 1);
		if (found)
			*ret = mark_of((uint64_t)column_i64(get, 0), &e);
		derive_read(s, which);
	}
	return found;
}

/* What the lines between two marks have in common. */
struct stretch {
	uint64_t until; /* the first mark after them */
	bool known;	/* the same boot: their clock reading can be put right */
	int64_t shift_ms;
};

/* The steps of all marks after `line`, up to and with the one that is trusted. */
static struct stretch stretch_of(struct store *s, uint64_t line, const struct mark *trusted)
{
	struct stretch stretch = {.until = trusted->seq, .known = true};
	struct mark before, next;
	bool first = true;

	bind_u64(s->statement[GET_CLOCK_BEFORE], 1, line);
	if (!take_mark(s, GET_CLOCK_BEFORE, &before) || !mark_same_boot(&before, trusted))
		stretch.known = false;
	for (uint64_t seq = line; seq < trusted->seq; seq = next.seq) {
		bind_u64(s->statement[GET_CLOCK_AFTER], 1, seq);
		bind_u64(s->statement[GET_CLOCK_AFTER], 2, trusted->seq);
		if (!take_mark(s, GET_CLOCK_AFTER, &next)) {
			stretch.known = false;
			break;
		}
		if (first)
			stretch.until = next.seq;
		first = false;
		if (!stretch.known)
			break;
		if (__builtin_add_overflow(stretch.shift_ms, mark_step(&before, &next),
					   &stretch.shift_ms))
			stretch.known = false;
		before = next;
	}
	return stretch;
}

/* A line whose day is not sure. */
struct unsure {
	struct wall at;
	enum vat_class vat_class;
	struct day bought;
	bool taken_back;
	struct sold sold;
};

static bool next_unsure(struct store *s, struct unsure *ret)
{
	sqlite3_stmt *get = s->statement[GET_LINE_UNSURE];

	if (!derive_row(s, GET_LINE_UNSURE))
		return false;
	ret->at.ms = column_i64(get, 1);
	ret->vat_class = (enum vat_class)column_i64(get, 2);
	ret->bought.n = (int32_t)column_i64(get, 3);
	ret->taken_back = column_i64(get, 4) != 0;
	derive_sold(get, 5, &ret->sold);
	derive_read(s, GET_LINE_UNSURE);
	return true;
}

/* The line at its day's rate; one that was taken back stays as it was posted, there and back. */
static enum stored date_line(struct store *s, const struct unsure *u, struct day day)
{
	sqlite3_stmt *update = s->statement[DO_LINE_DATED];
	const struct line_money *m = &u->sold.money;
	int32_t rates[2] = {m->vat_bp, m->vat_bp};
	struct entry_chart room;
	struct postings postings;

	if (u->vat_class != VAT_FIXED && !u->taken_back && day.n != u->bought.n)
		rates[1] = vat_rate_on(&s->head.tax, u->vat_class, day);
	bind_u64(update, 1, u->sold.seq);
	bind_i64(update, 2, day.n);
	bind_i64(update, 3, rates[1]);
	bind_money(update, 4, vat_included(m->total, rates[1]));
	if (store_step(s, DO_LINE_DATED, "putting a line's day right") != STORED_OK)
		return STORED_FULL;
	if (rates[0] == rates[1] ||
	    !post_line_rerated(derive_chart(s, rates, 2, &room), m, rates[1], &postings))
		return STORED_OK;
	return derive_post(s, &postings);
}

static enum stored date_lines(struct store *s, const struct mark *trusted)
{
	struct stretch stretch = {0};
	struct unsure u;

	while (next_unsure(s, &u)) {
		if (u.sold.seq > stretch.until)
			stretch = stretch_of(s, u.sold.seq, trusted);
		if (date_line(s, &u, mark_bought(trusted, u.at, stretch.known, stretch.shift_ms)) !=
		    STORED_OK)
			return STORED_FULL;
	}
	return STORED_OK;
}

enum stored derive_clock(struct store *s, const struct entry *e)
{
	struct mark mark = mark_of(s->head.seq, e);
	bool trusted = e->kind == ENTRY_START ? e->start.wall_trusted : e->clock.wall_trusted;

	if (note_clock(s, e->at, trusted) != STORED_OK)
		return STORED_FULL;
	return trusted ? date_lines(s, &mark) : STORED_OK;
}
