/*
 * What follows at the office from a shop's entries is what follows at the shop: a made-up year of a
 * real ledger, written by its own store and desk, is sent in batches cut at random, and then every
 * table that both have says the same. And made again from the entries alone, they say it still.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "books_house.h"
#include "intake_house.h"

#define DAY_IN_MS INT64_C(86400000)

enum {
	HOUSEHOLDS = 12,
	ARTICLES = 9,
	YEAR_VISITS = 2, /* a day */
};

/* --- a year at the shop */

struct year {
	struct books b;
	uint64_t seed;
	uint8_t boot;
	int64_t mono, skew; /* of the shop's clock, in ms; skew: how wrong it is */
	uint32_t invoices;  /* made by now */
};

static uint32_t draw(struct year *y, uint32_t below)
{
	y->seed ^= y->seed << 13;
	y->seed ^= y->seed >> 7;
	y->seed ^= y->seed << 17;
	return (uint32_t)((y->seed >> 32) % below);
}

static struct wall clock_of(const struct year *y)
{
	return (struct wall){books_at(&y->b).ms + y->skew};
}

static void mark(struct year *y, bool start, int64_t to_skew, bool trusted)
{
	struct entry e = {.kind = start ? ENTRY_START : ENTRY_CLOCK};
	struct wall before = clock_of(y);

	y->skew = to_skew;
	e.at = clock_of(y);
	if (start) {
		y->boot++;
		e.start = (struct entry_start){.boot_id = {y->boot},
					       .mono = {1000},
					       .clean = true,
					       .wall_trusted = trusted,
					       .utc_offset_min = 60};
	} else {
		e.clock = (struct entry_clock){.boot_id = {y->boot},
					       .mono = {1000},
					       .before = before,
					       .wall_trusted = trusted,
					       .utc_offset_min = 60};
	}
	books_write(&y->b, &e);
	y->b.clock_untrusted = !trusted;
}

static struct gtin article(uint32_t n)
{
	return (struct gtin){7310865004703 + 7 * n};
}

static void visit(struct year *y)
{
	uint32_t who = draw(y, HOUSEHOLDS), lines = draw(y, 5);
	struct entry e = {.kind = ENTRY_LINE_VOIDED};

	books_visit(&y->b, who);
	for (uint32_t i = 0; i < lines; i++) {
		int64_t total = 500 + draw(y, 20000);
		struct entry l = line_entry(&y->b, who, total, draw(y, 4) ? 1200 : 2500);

		l.at = clock_of(y);
		l.line.bought.n = (int32_t)((l.at.ms + 3600000) / DAY_IN_MS);
		l.line.gtin = article(draw(y, ARTICLES));
		l.line.quantity_milli = 1000 * (int32_t)(1 + draw(y, 3));
		books_write(&y->b, &l);
		if (draw(y, 12) != 0)
			continue;
		e.at = clock_of(y);
		e.line_voided = (struct entry_line_voided){.visit = l.line.visit,
							   .key = l.line.key,
							   .customer = l.line.customer,
							   .total = l.line.total};
		books_write(&y->b, &e);
	}
	if (draw(y, 9) != 0) /* one that nobody ever ended */
		books_leave(&y->b);
}

static void name_key(struct year *y, char key[NAME_MAX_LEN + 1])
{
	snprintf(key, NAME_MAX_LEN + 1, "key-%u", ++y->b.key);
}

static void move(struct year *y)
{
	static const enum movement kinds[] = {MOVEMENT_DELIVERY, MOVEMENT_DELIVERY, MOVEMENT_COUNT,
					      MOVEMENT_WASTE, MOVEMENT_OWN_USE};
	struct desk_request q = books_request(&y->b, DESK_STOCK);
	struct entry_stock *s = &q.entry.stock;

	name_key(y, s->key);
	s->kind = kinds[draw(y, ARRAY_LEN(kinds))];
	s->gtin = article(draw(y, ARTICLES));
	s->quantity_milli = 1000 * (int64_t)(1 + draw(y, 40));
	s->unit_cost = money_of(s->kind == MOVEMENT_DELIVERY ? 100 + draw(y, 900) : 0);
	snprintf(s->by, sizeof(s->by), "owner");
	(void)books_ask(&y->b, &q);
}

/* One of the newest lines, whatever has become of it. */
static void pick_line(struct year *y, struct visit_id *ret_visit, struct line_key *ret)
{
	sqlite3_stmt *get =
		sql_prepare(y->b.store.writer.db, "SELECT visit, key FROM line ORDER BY seq DESC"
						  " LIMIT 1 OFFSET ?1");

	assert_non_null(get);
	bind_u64(get, 1, draw(y, 60));
	if (sqlite3_step(get) == SQLITE_ROW) {
		ret_visit->n = (uint64_t)column_i64(get, 0);
		column_text(get, 1, ret->text, sizeof(ret->text));
	}
	sqlite3_finalize(get);
}

static void credit(struct year *y)
{
	struct desk_request q = books_request(&y->b, DESK_CREDIT);
	struct entry_credit_note *n = &q.entry.credit_note;

	name_key(y, n->key);
	n->reason = draw(y, 2) ? CREDIT_WRONG_LINE : CREDIT_BROKEN;
	snprintf(n->by, sizeof(n->by), "owner");
	snprintf(n->why, sizeof(n->why), "sur");
	if (y->invoices > 0 && draw(y, 3) == 0) {
		n->invoice.n = 2026000001 + draw(y, y->invoices);
	} else {
		pick_line(y, &q.visit, &q.line);
	}
	(void)books_ask(&y->b, &q);
}

static void pay(struct year *y)
{
	struct desk_request q = books_request(&y->b, DESK_PAYMENT);
	struct entry_payment *p = &q.entry.payment;

	name_key(y, p->key);
	p->amount = money_of(draw(y, 6) ? 1000 * (1 + (int64_t)draw(y, 80))
					: -500 * (1 + (int64_t)draw(y, 20)));
	p->booked = y->b.today;
	switch (draw(y, 3)) {
	case 0:
		if (y->invoices > 0)
			p->invoice.n = 2026000001 + draw(y, y->invoices);
		break;
	case 1:
		p->customer = household(draw(y, HOUSEHOLDS));
		break;
	}
	if (books_ask(&y->b, &q) != DESK_DONE || p->invoice.n != 0 || p->customer.byte[0] != 0 ||
	    draw(y, 2))
		return;
	struct desk_request a = books_request(&y->b, DESK_ASSIGN);

	memcpy(a.entry.payment_assigned.key, p->key, sizeof(p->key));
	a.entry.payment_assigned.customer = household(draw(y, HOUSEHOLDS));
	snprintf(a.entry.payment_assigned.by, NAME_MAX_LEN, "owner");
	for (uint32_t i = draw(y, 3); i > 0; i--)
		visit(y);
	(void)books_ask(&y->b, &a);
}

/* A power cut; the clock comes back wrong, and is put right hours later, or after another one. */
static void lose_the_time(struct year *y)
{
	mark(y, true, -(int64_t)draw(y, 200) * 3600000, false);
	visit(y);
	if (draw(y, 2)) {
		mark(y, false, y->skew + (int64_t)draw(y, 48) * 3600000 - 86400000, false);
		visit(y);
	}
	if (draw(y, 3) == 0) {
		mark(y, true, -5 * 3600000, false);
		visit(y);
	}
	mark(y, false, 0, true);
}

static void close_month(struct year *y, int32_t period)
{
	assert_closed(&y->b, period);
	y->invoices = (uint32_t)books_number(
		&y->b, "SELECT coalesce(max(id), 2026000000) - 2026000000 FROM invoice");
}

static void day(struct year *y)
{
	int32_t year_n, month, day_n;

	for (uint32_t i = draw(y, 1 + 2 * YEAR_VISITS); i > 0; i--)
		visit(y);
	if (draw(y, 3) == 0)
		move(y);
	if (draw(y, 5) == 0)
		credit(y);
	if (draw(y, 4) == 0)
		pay(y);
	if (draw(y, 8) == 0)
		lose_the_time(y);
	day_civil(y->b.today, &year_n, &month, &day_n);
	if (day_n == 3)
		close_month(y, period_add(period_of(y->b.today), -1).n);
}

static void live(struct year *y, uint64_t seed, int32_t days)
{
	*y = (struct year){.seed = seed, .boot = 1};
	books_make(&y->b);
	/* nobody pulls the plug on a test */
	assert_int_equal(sql_exec(y->b.store.writer.db, "PRAGMA synchronous=OFF"), SQLITE_OK);
	for (int32_t i = 0; i < days; i++, y->b.today.n++)
		day(y);
}

/* --- what both have */

static void copy_entries(struct year *y, struct box *x)
{
	sqlite3_stmt *get = sql_prepare(y->b.store.writer.db,
					"SELECT epoch, seq, at, kind, body, hash FROM entry"
					" ORDER BY seq");

	assert_non_null(get);
	while (sqlite3_step(get) == SQLITE_ROW) {
		struct kept *k = box_room(x);

		memset(k, 0, sizeof(*k));
		k->raw = (struct sync_entry){.epoch = (uint32_t)column_i64(get, 0),
					     .seq = (uint64_t)column_i64(get, 1),
					     .at = {column_i64(get, 2)},
					     .kind = (uint16_t)column_i64(get, 3)};
		k->raw.body.len = (uint32_t)sqlite3_column_bytes(get, 4);
		memcpy(k->body, sqlite3_column_blob(get, 4), k->raw.body.len);
		k->raw.body.data = k->body;
		memcpy(k->hash.byte, sqlite3_column_blob(get, 5), sizeof(k->hash.byte));
		assert_int_equal(k->raw.seq, x->entries);
		x->epoch = k->raw.epoch;
	}
	sqlite3_finalize(get);
}

/* One query on both sides: the same rows. */
struct pair {
	const char *shop, *office;
	const char *columns; /* i: a number, b: bytes */
	sqlite3_stmt *get;
	uint32_t rows;
};

static int compare_work(struct db *d, void *data)
{
	struct pair *p = data;
	struct db_rows *rows;

	p->rows = 0;
	db_ask(d, &rows, p->office, 0, NULL);
	while (sqlite3_step(p->get) == SQLITE_ROW) {
		if (!db_next(rows))
			fail_msg("%s: only %u rows at the office", p->office, p->rows);
		for (uint32_t i = 0; p->columns[i]; i++) {
			struct span bytes = {sqlite3_column_blob(p->get, (int)i),
					     (uint32_t)sqlite3_column_bytes(p->get, (int)i)};

			if (p->columns[i] == 'b'
				    ? !span_is(db_col_bytes(rows, i), bytes.data, bytes.len)
				    : db_col_int(rows, i) != column_i64(p->get, (int)i))
				fail_msg(
					"%s: row %u, column %u: %lld at the office, %lld at the "
					"shop (first column %lld)",
					p->office, p->rows, i,
					(long long)(p->columns[i] == 'b' ? 0 : db_col_int(rows, i)),
					(long long)column_i64(p->get, (int)i),
					(long long)column_i64(p->get, 0));
		}
		p->rows++;
	}
	if (db_next(rows))
		fail_msg("%s: more than %u rows at the office", p->office, p->rows);
	db_rows_end(rows);
	return db_failed(d);
}

static uint32_t compare(struct year *y, struct office_house *h, const char *columns,
			const char *shop, const char *office)
{
	struct pair p = {.shop = shop, .office = office, .columns = columns};
	int r;

	p.get = sql_prepare(y->b.store.writer.db, shop);
	assert_non_null(p.get);
	r = db_transact(h->o.db, compare_work, &p);
	sqlite3_finalize(p.get);
	if (r != 0)
		print_error("%s: %s\n", office, db_why(h->o.db));
	assert_int_equal(r, 0);
	return p.rows;
}

static void both_say_the_same(struct year *y, struct office_house *h)
{
	assert_int_not_equal(compare(y, h, "iibb",
				     "SELECT seq, kind, body, hash FROM entry"
				     " ORDER BY seq",
				     "SELECT seq, kind, body, hash FROM entry ORDER BY seq"
				     " LIMIT 100000"),
			     0);
	assert_int_not_equal(
		compare(y, h, "iibiiiiiiiiiii",
			"SELECT seq, visit, customer, gtin, quantity_milli, unit_price, total,"
			" deposit, vat_bp, vat, bought, at, voided, credited FROM line"
			" ORDER BY seq",
			"SELECT seq, visit, customer, gtin, quantity_milli, unit_price, total,"
			" deposit, vat_bp, vat, bought, at, voided, credited FROM line"
			" ORDER BY seq LIMIT 100000"),
		0);
	assert_int_not_equal(compare(y, h, "ibii",
				     "SELECT id, customer, opened_at, closed_at FROM visit"
				     " ORDER BY id",
				     "SELECT visit, customer, opened_at, closed_at FROM visit"
				     " ORDER BY visit LIMIT 100000"),
			     0);
	assert_int_not_equal(
		compare(y, h, "iibiiiiiiiiii",
			"SELECT id, seq, customer, period, issued, due, lines, gross, rounding,"
			" payable, original, paid, credited FROM invoice ORDER BY id",
			"SELECT id, seq, customer, period, issued, due, lines, gross, rounding,"
			" payable, original, paid, credited FROM invoice ORDER BY id"
			" LIMIT 100000"),
		0);
	compare(y, h, "iiiii",
		"SELECT seq, invoice, amount, booked, assigned FROM payment ORDER BY seq",
		"SELECT seq, invoice, amount, booked, assigned FROM payment ORDER BY seq"
		" LIMIT 100000");
	assert_int_not_equal(compare(y, h, "iii",
				     "SELECT gtin, on_hand, unit_cost FROM stock ORDER BY gtin",
				     "SELECT gtin, on_hand_milli, unit_cost FROM stock"
				     " ORDER BY gtin LIMIT 100000"),
			     0);
	compare(y, h, "iiii",
		"SELECT period, seq, invoices, receivable FROM period_closed ORDER BY period",
		"SELECT period, seq, invoices, receivable FROM period_closed ORDER BY period"
		" LIMIT 100000");
}

static void send_all(struct year *y, struct office_house *h, bool one_by_one)
{
	uint64_t at = 0;

	while (at < h->box.entries) {
		uint64_t last = at + 1 + (one_by_one ? 0 : draw(y, draw(y, 9) ? 4 : 300));
		struct answered x;

		last = last < h->box.entries ? last : h->box.entries;
		x = house_post(h, at + 1, last, 1, NULL);
		if (x.result != 0)
			print_error("%s\n", db_why(h->o.db));
		assert_int_equal(x.result, 0);
		assert_int_equal(x.ack.answer, SYNC_TAKEN);
		at = last;
	}
}

static void rebuild_says_it_too(struct office_house *h)
{
	struct rebuilt found;

	assert_int_equal(intake_rebuild(&h->o, HOUSE_SHOP, (struct wall){HOUSE_NOW}, &found), 0);
	if (found.differ != 0)
		print_error("%s\n", found.first);
	assert_int_equal(found.differ, 0);
	assert_int_equal(found.entries, h->box.entries);
}

/* A year in which the rules above came up. */
static void much_happened(struct office_house *h)
{
	assert_true(house_number(h, "SELECT count(*) FROM line WHERE voided > 0 LIMIT 1") > 5);
	assert_true(house_number(h, "SELECT count(*) FROM line WHERE credited > 0 LIMIT 1") > 1);
	assert_true(house_number(h, "SELECT count(*) FROM invoice WHERE paid > 0 LIMIT 1") > 5);
	assert_true(house_number(h, "SELECT count(*) FROM invoice WHERE credited > 0 LIMIT 1") > 1);
	assert_true(house_number(h, "SELECT count(*) FROM payment WHERE assigned > 0 LIMIT 1") > 1);
	assert_true(house_number(h, "SELECT count(*) FROM payment WHERE amount < 0 LIMIT 1") > 1);
	assert_true(house_number(h, "SELECT count(*) FROM period_closed LIMIT 1") > 5);
	/* days that were put right after they had come in */
	assert_true(house_number(h, "SELECT count(*) FROM arrival a JOIN arrival b ON"
				    " b.shop = a.shop AND b.n < a.n AND b.last_seq >= a.first_seq"
				    " LIMIT 1") > 0);
}

static void a_year(enum db_engine engine, uint64_t seed, int32_t days, bool one_by_one)
{
	struct office_house h;
	struct year y;

	if (!house_open(&h, engine))
		skip();
	live(&y, seed, days);
	copy_entries(&y, &h.box);
	house_do(&h, "UPDATE shop SET epoch = 1 WHERE shop = 'viken'");
	h.box.epoch = 1;
	send_all(&y, &h, one_by_one);
	both_say_the_same(&y, &h);
	if (days >= 200)
		much_happened(&h);
	/* every month's sums were those of the shop */
	assert_int_equal(house_number(&h, "SELECT count(*) FROM notice LIMIT 1"), 0);
	rebuild_says_it_too(&h);
	both_say_the_same(&y, &h);
	books_end(&y.b);
	house_close(&h);
}

static void a_year_on_sqlite(void **state)
{
	(void)state;
	a_year(DB_SQLITE, 0x9e3779b97f4a7c15, 300, false);
}

static void many_springs_on_sqlite(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++)
		a_year(DB_SQLITE, seed * 0x9e3779b97f4a7c15 + 1, 70, seed == 1);
}

static void a_year_on_postgres(void **state)
{
	(void)state;
	a_year(DB_POSTGRES, 0x9e3779b97f4a7c15, 200, false);
}

/* What a planted fault does to it. */
static void a_rebuild_finds_what_differs(void **state)
{
	struct office_house h;
	struct rebuilt found;
	struct year y;

	(void)state;
	assert_true(house_open(&h, DB_SQLITE));
	live(&y, 77, 40);
	copy_entries(&y, &h.box);
	h.box.epoch = 1;
	send_all(&y, &h, false);
	house_do(&h, "UPDATE line SET total = total + 1 WHERE seq = (SELECT min(seq) FROM line)");
	house_do(&h, "UPDATE stock SET on_hand_milli = 0 WHERE gtin = (SELECT max(gtin) FROM"
		     " stock)");
	assert_int_equal(intake_rebuild(&h.o, NULL, (struct wall){HOUSE_NOW}, &found), 0);
	assert_int_equal(found.shops, 1);
	assert_int_equal(found.differ, 2);
	assert_string_equal(found.first, "viken: line");
	both_say_the_same(&y, &h);
	rebuild_says_it_too(&h);
	assert_int_equal(intake_rebuild(&h.o, "nowhere", (struct wall){HOUSE_NOW}, &found),
			 -ENOENT);
	books_end(&y.b);
	house_close(&h);
}

/* A shop's month and ours differ by an öre: a person is told. */
static void a_sum_that_differs_is_told(void **state)
{
	struct office_house h;
	struct year y;
	uint64_t half;

	(void)state;
	assert_true(house_open(&h, DB_SQLITE));
	live(&y, 5, 64);
	copy_entries(&y, &h.box);
	h.box.epoch = 1;
	half = 20;
	assert_int_equal(house_post(&h, 1, half, 1, NULL).ack.answer, SYNC_TAKEN);
	house_do(&h, "UPDATE line SET total = total + 1");
	house_sync(&h, 500);
	assert_int_equal(house_number(&h, "SELECT count(*) FROM notice WHERE kind = 9 LIMIT 1"), 1);
	books_end(&y.b);
	house_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year_on_sqlite),
		cmocka_unit_test(many_springs_on_sqlite),
		cmocka_unit_test(a_year_on_postgres),
		cmocka_unit_test(a_rebuild_finds_what_differs),
		cmocka_unit_test(a_sum_that_differs_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
