/*
 * test_erase.c: what may be forgotten is forgotten, to the last byte of the file, and nothing else:
 * the chain holds, the tables are what they were, a used token stays used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "ledger/read.h"
#include "ledger/rebuild.h"
#include "ledger_house.h"

#define T0     1790000000000
#define DAY_MS 86400000LL

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

/* Eight bytes that occur nowhere else, the same in every test's search. */
static void mark_of(uint32_t n, uint8_t mark[8])
{
	uint64_t x = (n + 1) * 0x9e3779b97f4a7c15U;

	memcpy(mark, &x, 8);
}

static bool in_file(const struct house *h, const char *name, const uint8_t mark[8])
{
	char path[128];
	FILE *f;
	uint8_t *bytes;
	size_t len;
	bool found;

	house_path(h, name, path);
	f = fopen(path, "rb");
	if (!f)
		return false;
	fseek(f, 0, SEEK_END);
	len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(len + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, len, f), len);
	fclose(f);
	found = memmem(bytes, len, mark, 8) != NULL;
	free(bytes);
	return found;
}

static bool anywhere(const struct house *h, uint32_t n)
{
	uint8_t mark[8];

	mark_of(n, mark);
	return in_file(h, "ledger.db", mark) || in_file(h, "ledger.db-wal", mark);
}

/* Which of the first `n` marks the file has, in one pass: a mark is its number times something odd,
 * so that any eight bytes tell which number they would be the mark of. */
static void find_in_file(const struct house *h, const char *name, bool *found, uint32_t n)
{
	uint64_t odd = 0x9e3779b97f4a7c15U, inverse = odd, x;
	char path[128];
	uint8_t *bytes;
	size_t len;
	FILE *f;

	for (int i = 0; i < 6; i++) /* Newton: each round doubles the bits that are right */
		inverse *= 2 - odd * inverse;
	assert_true(odd * inverse == 1);
	house_path(h, name, path);
	f = fopen(path, "rb");
	if (!f)
		return;
	fseek(f, 0, SEEK_END);
	len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(len + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, len, f), len);
	fclose(f);
	for (size_t i = 0; i + sizeof(x) <= len; i++) {
		memcpy(&x, bytes + i, sizeof(x));
		x = x * inverse - 1;
		if (x < n)
			found[x] = true;
	}
	free(bytes);
}

/* Refusals bear their mark in the key's id, which no table keeps; admissions in the token's. */
static void push(struct house *h, enum entry_kind kind, uint32_t n, int64_t at, uint8_t customer)
{
	struct entry e = sample_entry(kind);

	e.at.ms = at;
	if (kind == ENTRY_REFUSED) {
		mark_of(n, e.refused.kid.byte);
		e.refused.customer_known = customer != 0;
		e.refused.customer = sample_customer(customer);
	}
	if (kind == ENTRY_ADMITTED) {
		mark_of(n, e.admitted.cti);
		e.admitted.iat_s = at / 1000;
		e.admitted.exp_s = at / 1000 + 60;
		e.admitted.customer = sample_customer(customer);
	}
	while (!ledger_room(h->ledger, true)) {
		ledger_flush(h->ledger);
		house_committed(h, h->ticket);
	}
	assert_true(house_push(h, &e, true));
}

static void settle(struct house *h)
{
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
}

static uint32_t erase(struct house *h, const struct customer *whose, int64_t before)
{
	assert_true(ledger_ask_erase(h->ledger, whose, (struct wall){before}));
	assert_false(ledger_ask_erase(h->ledger, whose, (struct wall){before}));
	return house_wait(h, REPORT_ERASED).rows;
}

static void check(struct house *h, uint64_t erased)
{
	struct verify_result result;
	struct rebuild_found found;
	struct reader *r;
	int error;

	assert_int_equal(reader_open(h->dir, &r), 0);
	assert_int_equal(reader_verify(r, &result, NULL, NULL), 0);
	if (!result.ok)
		fail_msg("entry %llu: %s", (unsigned long long)result.bad_seq, result.why);
	assert_int_equal(result.erased, erased);
	reader_close(r);
	error = ledger_rebuild_check(h->dir, &found, NULL, NULL);
	if (error != 0 || !found.ok)
		fail_msg("%d: %s %s: %s", error, found.table, found.key, found.why);
}

static int64_t bodies_between(struct house *h, uint64_t first, uint64_t last)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM entry WHERE body IS NULL AND seq BETWEEN %llu AND %llu",
		 (unsigned long long)first, (unsigned long long)last);
	return house_number(h, "ledger.db", sql);
}

/* Everything that an ENTRY_ERASED tells is so. */
static void check_told(struct house *h)
{
	static struct seq_entry list[4096];
	struct reader *r;
	uint64_t after = 0;
	int n;

	assert_int_equal(reader_open(h->dir, &r), 0);
	while ((n = reader_entries(r, after, list, 4096)) > 0)
		for (int i = 0; i < n; i++) {
			const struct entry_erased *e = &list[i].entry.erased;

			after = list[i].seq;
			if (list[i].kind != ENTRY_ERASED)
				continue;
			assert_true(list[i].readable);
			assert_true(e->bodies > 0 && e->bodies <= ERASE_SLICE);
			assert_true(e->first <= e->last && e->last < list[i].seq);
			if (!e->whose_known)
				assert_int_equal(bodies_between(h, e->first, e->last), e->bodies);
		}
	assert_int_equal(n, 0);
	reader_close(r);
}

/* 5000 refusals and lines between them; the first 4000 are old. */
static void retention(void **state)
{
	struct house *h = *state;
	struct entry line, opened = sample_entry(ENTRY_VISIT_OPENED);
	bool found[5000] = {false};
	char key[16];
	uint32_t gone = 0;

	house_open(h);
	house_write(h, &opened);
	for (uint32_t i = 0; i < 5000; i++) {
		push(h, ENTRY_REFUSED, i, T0 + (i < 4000 ? 0 : DAY_MS), (uint8_t)(i % 5));
		if (i % 3 == 0) {
			snprintf(key, sizeof(key), "l-%u", i);
			line = sample_line(5, key, 100);
			assert_true(house_push(h, &line, true));
		}
		if (i % 400 == 0)
			settle(h);
	}
	settle(h);
	assert_true(anywhere(h, 17));
	assert_int_equal(erase(h, NULL, T0 + 1), 4000);
	find_in_file(h, "ledger.db", found, 5000);
	find_in_file(h, "ledger.db-wal", found, 5000);
	for (uint32_t i = 0; i < 5000; i++)
		gone += !found[i];
	assert_int_equal(gone, 4000);
	assert_false(anywhere(h, 3999));
	assert_true(anywhere(h, 4000));
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry WHERE kind = 84"),
			 4);
	check_told(h);
	check(h, 4000);
	/* again: there is nothing more to do, and nothing is written */
	assert_int_equal(erase(h, NULL, T0 + 1), 0);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry WHERE kind = 84"),
			 4);
	house_close(h);
	assert_false(anywhere(h, 17));
	house_open(h);
	check(h, 4000);
	house_close(h);
}

/* One person's; the others' stay. */
static void a_person(void **state)
{
	struct house *h = *state;
	struct customer whose = sample_customer(3);

	house_open(h);
	for (uint32_t i = 0; i < 3000; i++)
		push(h, i % 2 ? ENTRY_REFUSED : ENTRY_ADMITTED, i, T0, (uint8_t)(i % 6));
	push(h, ENTRY_REFUSED, 9000, T0 + DAY_MS, 3);
	settle(h);
	assert_int_equal(erase(h, &whose, T0 + 1000), 500);
	for (uint32_t i = 1; i < 3000; i += 2) /* customer 3's are odd: refusals */
		assert_int_equal(anywhere(h, i), i % 6 != 3);
	assert_true(anywhere(h, 9000));
	check_told(h);
	check(h, 500);
	house_close(h);
}

/* Clocks go back: a range never claims an entry that stays. */
static void clock_goes_back(void **state)
{
	struct house *h = *state;

	house_open(h);
	for (uint32_t i = 0; i < 300; i++)
		push(h, ENTRY_REFUSED, i, T0 + (i % 7 == 3 ? DAY_MS : 0), 1);
	settle(h);
	assert_int_equal(erase(h, NULL, T0 + 1), 300 - 43);
	check_told(h);
	check(h, 300 - 43);
	for (uint32_t i = 0; i < 300; i++)
		assert_int_equal(anywhere(h, i), i % 7 == 3);
	house_close(h);
}

static bool recalled(const struct house *h, uint32_t n)
{
	uint8_t mark[8];

	mark_of(n, mark);
	for (uint32_t i = 0; i < h->recall->remembered.tokens; i++)
		if (memcmp(h->recall->remembered.token[i].cti, mark, 8) == 0)
			return true;
	return false;
}

/* A token that was used stays used while it lives, though its entry is erased, and though the
 * tables are made again; then nothing is left of it either. */
static void tokens(void **state)
{
	struct house *h = *state;
	struct customer whose = sample_customer(7);
	sqlite3 *db;

	house_open_at(h, (struct wall){T0});
	for (uint32_t i = 0; i < 20; i++)
		push(h, ENTRY_ADMITTED, i, T0 - (i < 10 ? DAY_MS : 0), i % 2 ? 7 : 8);
	settle(h);
	assert_int_equal(erase(h, &whose, T0 + 1), 10);
	assert_false(anywhere(h, 3)); /* its life is over */
	assert_true(anywhere(h, 13));
	house_close(h);
	house_open_at(h, (struct wall){T0});
	for (uint32_t i = 10; i < 20; i++)
		assert_true(recalled(h, i));
	house_close(h);
	db = house_raw(h, "ledger.db");
	assert_int_equal(sql_exec(db, "UPDATE meta SET value = 0 WHERE name = 'derived'"),
			 SQLITE_OK);
	sqlite3_close(db);
	house_open_at(h, (struct wall){T0});
	for (uint32_t i = 10; i < 20; i++)
		assert_true(recalled(h, i));
	assert_int_equal(h->recall->remembered.tokens, 10);
	/* used ones that come after it do not push it out */
	for (uint32_t i = 100; i < 110; i++)
		push(h, ENTRY_ADMITTED, i, T0, 8);
	settle(h);
	house_close(h);
	house_open_at(h, (struct wall){T0 + DAY_MS});
	assert_int_equal(erase(h, &whose, T0 + DAY_MS), 0);
	assert_false(anywhere(h, 13));
	house_close(h);
}

/* Where a card's counter stands outlives the entry that told of it, and a rebuilding: else what was
 * read off it in secret years ago would be news again. */
static void cards(void **state)
{
	struct house *h = *state;
	struct customer whose = sample_customer(7);
	struct entry e = sample_entry(ENTRY_ADMITTED);

	house_open_at(h, (struct wall){T0});
	e.at.ms = T0 - DAY_MS;
	e.admitted.customer = whose;
	e.admitted.cti_len = 0;
	for (uint32_t i = 1; i <= 20; i++) {
		e.admitted.card_counter = i * 1000;
		house_write(h, &e);
	}
	assert_int_equal(erase(h, &whose, T0), 20);
	check(h, 20);
	house_close(h);
	for (uint32_t i = 0; i < 2; i++) {
		sqlite3 *db;

		house_open_at(h, (struct wall){T0});
		assert_int_equal(h->recall->cards, 1);
		assert_int_equal(h->recall->card[0].counter, 20000);
		house_close(h);
		db = house_raw(h, "ledger.db");
		assert_int_equal(sql_exec(db, "UPDATE meta SET value = 0 WHERE name = 'derived'"),
				 SQLITE_OK);
		sqlite3_close(db);
	}
}

static void *hold(const struct house *h)
{
	sqlite3 *db = house_raw(h, "ledger.db");
	int64_t n;

	assert_int_equal(sql_exec(db, "BEGIN"), SQLITE_OK);
	assert_int_equal(sql_number(db, "SELECT count(*) FROM entry", &n), SQLITE_OK);
	return db;
}

/* A reader in the middle of a query keeps the WAL: the report waits until nothing is left there. */
static void a_reader_in_the_way(void **state)
{
	struct house *h = *state;
	struct pollfd fd;
	struct report report;
	sqlite3 *db;

	house_open(h);
	for (uint32_t i = 0; i < 50; i++)
		push(h, ENTRY_REFUSED, i, T0, 1);
	settle(h);
	db = hold(h);
	fd = (struct pollfd){.fd = ledger_fd(h->ledger), .events = POLLIN};
	assert_true(ledger_ask_erase(h->ledger, NULL, (struct wall){T0 + 1}));
	/* until the bodies are gone from the tables */
	while (house_number(h, "ledger.db", "SELECT count(*) FROM entry WHERE body IS NULL") < 50)
		poll(NULL, 0, 1);
	poll(&fd, 1, 120);
	while (ledger_report(h->ledger, &report))
		assert_int_not_equal(report.kind, REPORT_ERASED);
	assert_true(anywhere(h, 7));
	/* the shop goes on meanwhile */
	push(h, ENTRY_REFUSED, 777, T0 + DAY_MS, 1);
	settle(h);
	assert_int_equal(sql_exec(db, "COMMIT"), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(house_wait(h, REPORT_ERASED).rows, 50);
	for (uint32_t i = 0; i < 50; i++)
		assert_false(anywhere(h, i));
	assert_true(anywhere(h, 777));
	house_close(h);
}

/* What a restore has set aside is forgotten too: at once where a person asks. */
static void what_was_set_aside(void **state)
{
	struct house *h = *state;
	struct customer whose = sample_customer(1);
	char path[128];
	int fd;

	house_path(h, "ledger.db.before-3", path);
	fd = open(path, O_WRONLY | O_CREAT, 0640);
	assert_true(fd >= 0);
	close(fd);
	house_open(h);
	push(h, ENTRY_REFUSED, 1, T0, 1);
	settle(h);
	assert_int_equal(erase(h, NULL, T0), 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(erase(h, &whose, T0 + 1), 1);
	assert_int_equal(access(path, F_OK), -1);
	house_close(h);
}

/* While lines are scanned a slice is short, and nothing is lost. */
static void beside_the_shop(void **state)
{
	struct house *h = *state;
	struct report report;
	struct entry line, opened = sample_entry(ENTRY_VISIT_OPENED);
	uint32_t lines = 0;
	bool done = false;
	char key[16];

	house_open(h);
	house_write(h, &opened);
	for (uint32_t i = 0; i < 4000; i++)
		push(h, ENTRY_REFUSED, i, T0, 1);
	settle(h);
	assert_true(ledger_ask_erase(h->ledger, NULL, (struct wall){T0 + 1}));
	while (!done) {
		snprintf(key, sizeof(key), "l-%u", lines++);
		line = sample_line(5, key, 100);
		house_push(h, &line, true);
		ledger_flush(h->ledger);
		poll(&(struct pollfd){.fd = ledger_fd(h->ledger), .events = POLLIN}, 1, WAIT_MS);
		while (ledger_report(h->ledger, &report))
			if (report.kind == REPORT_ERASED) {
				assert_int_equal(report.rows, 4000);
				done = true;
			}
	}
	house_close(h);
	house_open(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM line"), lines);
	check_told(h);
	check(h, 4000);
	house_close(h);
}

static void entries_that_stay(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);
	sqlite3 *db;

	house_open(h);
	house_write(h, &e);
	assert_int_equal(erase(h, NULL, INT64_MAX), 0);
	db = house_raw(h, "ledger.db");
	assert_int_not_equal(sql_exec(db, "UPDATE entry SET body = NULL"), SQLITE_OK);
	sqlite3_close(db);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(retention, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_person, set_up, tear_down),
		cmocka_unit_test_setup_teardown(clock_goes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tokens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cards, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reader_in_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_set_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(beside_the_shop, set_up, tear_down),
		cmocka_unit_test_setup_teardown(entries_that_stay, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
