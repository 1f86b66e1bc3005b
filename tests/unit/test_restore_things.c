/*
 * test_restore_things.c: a ledger that is behind its office's copy and has entries of its own,
 * thing by thing: what a visit, a line, an alarm, a payment and an invoice of the box's become
 * beside the office's; and what is forgotten on either side stays forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "restore_house.h"

/* The office and the box with the same start; both go on by hand. */
static void fork_by_hand(struct two *t)
{
	start(&t->office);
	open_visit(&t->office, 1, 0xc0);
	sell(&t->office, 1, "common", MILK, 1000, 1200);
	t->fork = t->office.store.head.seq;
	acked(&t->office, t->fork);
	copy_to(&t->office, t->box.dir);
	shop_open(&t->box);
}

static uint32_t come_together(struct two *t)
{
	struct restore r = restore_of(t, 1);
	uint32_t again = restored(t, &r);

	check_office(t, 1, again);
	check_all(&t->box);
	return again;
}

static struct entry opened_at(uint64_t visit, uint8_t customer, int64_t at)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	e.at.ms = at;
	e.visit_opened.visit.n = visit;
	e.visit_opened.customer = sample_customer(customer);
	return e;
}

/* Two different visits under one number: ours gets the next, and its lines with it. */
static void visits_collide(void **state)
{
	struct two *t = *state;
	struct entry e = opened_at(2, 0x10, T0 + 100);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	sell(&t->office, 2, "a", MILK, 500, 1200);
	close_visit(&t->office, 2);
	e = opened_at(2, 0xc0, T0 + 999);
	shop_write(&t->box, &e);
	sell(&t->box, 2, "a", MILK, 700, 1200);
	sell(&t->box, 2, "b", MILK, 300, 1200);
	e = sample_voided(2, "b", 300);
	shop_write(&t->box, &e);
	close_visit(&t->box, 2);
	e = opened_at(3, 0xc0, T0 + 5000);
	shop_write(&t->box, &e);
	sell(&t->box, 3, "c", MILK, 40, 1200);
	/* of the clock, and all seven */
	assert_int_equal(come_together(t), 8);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 2"), 500);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 4"), 700);
	assert_int_equal(shop_number(&t->box, "SELECT over FROM visit WHERE id = 4"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 3"), 40);
}

/* The same visit, and in it the same line: the phone sent it to both. */
static void a_line_comes_once(void **state)
{
	struct two *t = *state;
	struct entry e;

	fork_by_hand(t);
	sell(&t->office, 1, "twice", MILK, 500, 1200);
	sell(&t->box, 1, "twice", MILK, 500, 1200);
	sell(&t->box, 1, "once", MILK, 70, 1200);
	/* taken back at the box: it is, at the office's line */
	e = sample_voided(1, "twice", 500);
	shop_write(&t->box, &e);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM line WHERE key = 'twice'"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM line WHERE key = 'twice'"
					      " AND voided > 0"),
			 1);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 1070);
}

/* A line of a visit that nobody knows: billed, and never in another's visit. */
static void a_visit_that_nobody_knows(void **state)
{
	struct two *t = *state;
	struct entry e = opened_at(7, 0x10, T0 + 100);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	sell(&t->box, 7, "x", MILK, 600, 1200); /* its opening found no room */
	come_together(t);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 7"), 0);
	assert_int_equal(shop_number(&t->box, "SELECT visit FROM line WHERE key = 'x'"), 8);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 1600);
}

static struct entry alarm_of(uint64_t id, uint32_t code, enum alarm_state state)
{
	struct entry e = sample_entry(ENTRY_ALARM);

	e.alarm.alarm.n = id;
	e.alarm.code = code;
	e.alarm.state = state;
	return e;
}

static void alarms_collide(void **state)
{
	struct two *t = *state;
	struct entry e = alarm_of(1, 111111, ALARM_RAISED);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	e = alarm_of(1, 222222, ALARM_RAISED);
	shop_write(&t->box, &e);
	e = alarm_of(1, 222222, ALARM_ACKNOWLEDGED);
	shop_write(&t->box, &e);
	come_together(t);
	assert_int_equal(shop_number(&t->box, "SELECT code FROM alarm WHERE id = 1"), 111111);
	assert_int_equal(shop_number(&t->box, "SELECT state FROM alarm WHERE id = 1"),
			 ALARM_RAISED);
	assert_int_equal(shop_number(&t->box, "SELECT code FROM alarm WHERE id = 2"), 222222);
	assert_int_equal(shop_number(&t->box, "SELECT state FROM alarm WHERE id = 2"),
			 ALARM_ACKNOWLEDGED);
}

static struct entry payment(const char *key, int64_t amount)
{
	struct entry e = sample_entry(ENTRY_PAYMENT);

	snprintf(e.payment.key, sizeof(e.payment.key), "%s", key);
	e.payment.amount = money_of(amount);
	e.payment.invoice.n = 0;
	return e;
}

/* What has a key holds once. */
static void keys_hold_once(void **state)
{
	struct two *t = *state;
	struct entry e = payment("bank-1", 900);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	e.at.ms++;
	shop_write(&t->box, &e);
	e = payment("bank-2", 50);
	shop_write(&t->box, &e);
	e = moved(MOVEMENT_DELIVERY, MILK, 4000, 100, "d-1");
	shop_write(&t->office, &e);
	e.at.ms++;
	shop_write(&t->box, &e);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM payment"), 2);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), -950);
	assert_int_equal(shop_number(&t->box, "SELECT on_hand FROM stock WHERE gtin = %lld", MILK),
			 3000);
}

/* An invoice over some lines of customer 0xc0's. */
static void bill(struct shop *h, uint64_t number, const uint64_t *line, uint32_t n)
{
	struct entry lines = {.kind = ENTRY_INVOICE_LINES, .at = {T0 + 70000}};
	struct entry e = {.kind = ENTRY_INVOICE, .at = {T0 + 70000}};
	struct invoice_sum sum = {0};
	uint64_t before = 0;

	lines.invoice_lines.invoice.n = number;
	for (uint32_t i = 0; i < n; i++) {
		unsigned long long seq = line[i];

		assert_true(line[i] - before < 0x80);
		lines.invoice_lines.packed[lines.invoice_lines.packed_len++] =
			(uint8_t)(line[i] - before);
		lines.invoice_lines.lines++;
		before = line[i];
		assert_true(invoice_add(
			&sum,
			(int32_t)shop_number(h, "SELECT vat_bp FROM line WHERE seq = %llu", seq),
			money_of(shop_number(h, "SELECT total FROM line WHERE seq = %llu", seq)),
			money_of(shop_number(h, "SELECT vat FROM line WHERE seq = %llu", seq))));
	}
	invoice_make(&sum, &e.invoice);
	e.invoice.invoice.n = number;
	e.invoice.customer = sample_customer(0xc0);
	e.invoice.period.n = 202609;
	e.invoice.issued.n = 20720;
	e.invoice.due.n = 20750;
	shop_begin(h);
	shop_add(h, &lines);
	shop_add(h, &e);
	shop_commit(h);
}

/* An invoice of the box's own: its number is the next, so it is kept, and bears its lines by the
 * numbers that they have now. */
static void an_invoice_comes_again(void **state)
{
	struct two *t = *state;
	uint64_t line[3] = {3, 0, 0};

	fork_by_hand(t);
	sell(&t->office, 1, "o-1", MILK, 111, 1200);
	sell(&t->office, 1, "o-2", MILK, 222, 1200);
	line[1] = sell(&t->box, 1, "b-1", MILK, 4000, 1200);
	line[2] = sell(&t->box, 1, "b-2", MILK, 500, 2500);
	bill(&t->box, 2026000001, line, 3);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM invoice_line i JOIN line l"
					      " ON l.seq = i.line WHERE l.key IN ('common', 'b-1',"
					      " 'b-2')"),
			 3);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 333);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 5500);
}

/* Its number is given: it is left out, with words, and its lines wait for the next. A line that the
 * office has on an invoice is not taken back at the box. A closed month is closed again. */
static void a_number_that_is_given(void **state)
{
	struct two *t = *state;
	const uint64_t common[1] = {3};
	uint64_t line[2] = {3, 0};
	struct entry e;

	fork_by_hand(t);
	bill(&t->office, 2026000001, common, 1);
	line[1] = sell(&t->box, 1, "b-1", MILK, 4000, 1200);
	bill(&t->box, 2026000001, line, 2);
	e = sample_entry(ENTRY_PERIOD_CLOSED);
	shop_write(&t->box, &e);
	come_together(t);
	assert_non_null(strstr(t->why, "2 of this box's own entries"));
	assert_non_null(strstr(t->why, "the number 2026-000001 is given"));
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM invoice"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM period_closed"), 0);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 4000);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 1000);
}

static void a_line_that_is_billed(void **state)
{
	struct two *t = *state;
	const uint64_t common[1] = {3};
	struct entry e = sample_voided(1, "common", 1000);

	fork_by_hand(t);
	bill(&t->office, 2026000001, common, 1);
	shop_write(&t->box, &e);
	come_together(t);
	assert_non_null(strstr(t->why, "line 3 is on an invoice already"));
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 1000);
}

/* --- what is forgotten stays forgotten */

static uint64_t refused(struct shop *h, uint8_t mark, uint8_t customer)
{
	struct entry e = sample_entry(ENTRY_REFUSED);

	memset(e.refused.kid.byte, mark, sizeof(e.refused.kid.byte));
	e.refused.customer = sample_customer(customer);
	return shop_write(h, &e);
}

static bool never(void *data)
{
	(void)data;
	return false;
}

static void erase_of(struct shop *h, uint8_t customer)
{
	struct erase_ask ask = {
		.whose_known = true, .whose = sample_customer(customer), .before = {INT64_MAX}};
	struct erase e;

	erase_begin(&e, &ask, &h->store);
	while (!e.swept)
		assert_int_equal(erase_slice(&h->store, &e, (struct wall){T0}, never, NULL),
				 STORED_OK);
}

static bool in_file(const struct shop *h, uint8_t mark)
{
	char path[128];
	uint8_t want[8], *bytes;
	struct stat st;
	bool found;
	FILE *f;

	memset(want, mark, sizeof(want));
	snprintf(path, sizeof(path), "%s/ledger.db", h->dir);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	bytes = malloc((size_t)st.st_size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	found = memmem(bytes, (size_t)st.st_size, want, sizeof(want)) != NULL;
	free(bytes);
	return found;
}

/* Erased here, and the office has it still; told as erased by the office's entries; erased among
 * what comes again. None of it is in the new file. */
static void forgotten(void **state)
{
	struct two *t = *state;
	struct restore r;

	fork_by_hand(t);
	refused(&t->office, 0xa1, 5);
	refused(&t->office, 0xa2, 6);
	shop_close(&t->box);
	empty_folder(t->box.dir);
	copy_to(&t->office, t->box.dir);
	shop_open(&t->box);
	erase_of(&t->box, 5);
	refused(&t->box, 0xb1, 7);
	refused(&t->box, 0xb2, 8);
	erase_of(&t->box, 7);
	refused(&t->office, 0xa3, 9);
	erase_of(&t->office, 9);
	/* the office keeps what it had: as if it had never been told */
	{
		struct entry e = sample_entry(ENTRY_ERASED);

		e.erased = (struct entry_erased){.first = 1,
						 .last = t->office.store.head.seq,
						 .bodies = 1,
						 .whose_known = true,
						 .whose = sample_customer(6)};
		shop_write(&t->office, &e);
	}
	r = restore_of(t, 1);
	restored(t, &r);
	check_all(&t->box);
	shop_close(&t->box);
	assert_false(in_file(&t->box, 0xa1));
	assert_false(in_file(&t->box, 0xa2));
	assert_false(in_file(&t->box, 0xa3));
	assert_false(in_file(&t->box, 0xb1));
	assert_true(in_file(&t->box, 0xb2));
	shop_open(&t->box);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM entry WHERE kind = 84"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(visits_collide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_line_comes_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_visit_that_nobody_knows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(alarms_collide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_hold_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_invoice_comes_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_number_that_is_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_is_billed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forgotten, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
