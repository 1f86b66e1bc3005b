/*
 * test_shopd_desk.c: what is asked of the books and by whom, and what they do by themselves: the
 * month's close, the notice of what has run low, rates and accounts on record.
 *
 * The test hands out the wall clock; ledger and sockets are the real ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <time.h>

#include "shopd_bench.h"

#include "ledger/read.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS	  INT64_C(86400000)

static int64_t wall_ms; /* 0: the machine's */

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (clock != CLOCK_REALTIME || wall_ms == 0)
		return (int)syscall(SYS_clock_gettime, clock, ret);
	*ret = (struct timespec){.tv_sec = wall_ms / 1000, .tv_nsec = wall_ms % 1000 * 1000000};
	return 0;
}

static struct caller control, counter;
static struct person owner, staff, member;

/* The wall clock goes on to this time; what is due then is looked at. */
static void it_is(const char *utc)
{
	struct wall wall;

	assert_true(wall_parse(utc, (uint32_t)strlen(utc), &wall));
	wall_ms = wall.ms;
	if (shell.nights)
		nights_clock(&shell);
}

static void role_of(struct person *p, enum role role)
{
	union message m;

	assert_int_equal(shoptoken_key_make(&p->key), 0);
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, p->key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, p->key.public_key.y, sizeof(m.member.y));
	m.member.role = role;
	office_done(&control, &m);
	memcpy(p->customer.byte, m.done.customer, sizeof(p->customer.byte));
}

static void begin(const char *more)
{
	static const struct price prices[] = {{.article = 1, .minor = 2500},
					      {.article = 2, .minor = 9900}};
	char text[512];

	snprintf(text, sizeof(text), "clock = rtc\n%s", more);
	bench_make(text);
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	role_of(&owner, ROLE_OWNER);
	role_of(&staff, ROLE_STAFF);
	role_of(&member, ROLE_MEMBER);
	prices_set(&control, prices, ARRAY_LEN(prices));
}

/* The shop is shut and opened; whoever talked to it connects anew. */
static void again(void)
{
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
}

static int set_up(void **state)
{
	(void)state;
	it_is("2026-11-20T10:00:00Z");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bench_stop();
	bench_remove();
	wall_ms = 0;
	return 0;
}

/* --- asking */

static void stock_message(enum movement kind, uint64_t article, int64_t milli, const char *key,
			  union message *ret)
{
	message_init(ret, MESSAGE_DESK, 0);
	ret->desk.kind = DESK_STOCK;
	ret->desk.word = kind;
	ret->desk.gtin = article_gtin(article);
	ret->desk.quantity_milli = milli;
	ret->desk.amount_minor = kind == MOVEMENT_DELIVERY ? 1000 : 0;
	snprintf(ret->desk.key, sizeof(ret->desk.key), "%s", key);
}

static void put_token(union message *m, const struct person *p, const char *audience)
{
	struct shoptoken_token token;

	token_of(p, audience, &token);
	assert_true(token.len <= sizeof(m->desk.token));
	m->desk.token_len = (uint16_t)token.len;
	memcpy(m->desk.token, token.byte, token.len);
}

/* The answer, in *m. */
static enum desk_answer asked(struct caller *c, union message *m)
{
	caller_ask(c, m, MESSAGE_DESK_IS);
	while (m->desk_is.answer == DESK_WORKING)
		caller_hear(c, m);
	return (enum desk_answer)m->desk_is.answer;
}

static enum desk_answer stocked(enum movement kind, uint64_t article, int64_t milli,
				const char *key)
{
	union message m;

	stock_message(kind, article, milli, key, &m);
	return asked(&control, &m);
}

/* The newest entry of a kind, which there must be. */
static struct entry newest(enum entry_kind kind)
{
	static struct seq_entry row[400];
	struct reader *r = NULL;
	struct entry found = {0};
	int n;

	assert_int_equal(reader_open(bench.dir, &r), 0);
	n = reader_entries(r, 0, row, ARRAY_LEN(row));
	assert_true(n > 0 && n < (int)ARRAY_LEN(row));
	for (int i = 0; i < n; i++)
		if (row[i].kind == kind)
			found = row[i].entry;
	reader_close(r);
	assert_int_equal(found.kind, kind);
	return found;
}

static uint32_t entries_of(enum entry_kind kind)
{
	static struct seq_entry row[400];
	struct reader *r = NULL;
	uint32_t found = 0;
	int n;

	assert_int_equal(reader_open(bench.dir, &r), 0);
	n = reader_entries(r, 0, row, ARRAY_LEN(row));
	assert_true(n >= 0 && n < (int)ARRAY_LEN(row));
	for (int i = 0; i < n; i++)
		found += row[i].kind == kind;
	reader_close(r);
	return found;
}

static void the_operator_asks_without_a_token(void **state)
{
	union message m;

	(void)state;
	begin("");
	stock_message(MOVEMENT_DELIVERY, 1, 12000, "d1", &m);
	assert_int_equal(asked(&control, &m), DESK_DONE);
	assert_true(m.desk_is.seq > 0);
	assert_string_equal(newest(ENTRY_STOCK).stock.by, "shopctl");
	assert_int_equal(newest(ENTRY_STOCK).stock.day.n, time_now(&shell).day.n);
	/* the same again, and the same key for something else */
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 12000, "d1"), DESK_REPEATED);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 13000, "d1"), DESK_REFUSED);
	/* on another day too */
	it_is("2026-11-21T10:00:00Z");
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 12000, "d1"), DESK_REPEATED);
	assert_int_equal(entries_of(ENTRY_STOCK), 1);
	/* what cannot be asked has words */
	stock_message(MOVEMENT_DELIVERY, 1, 1000, "", &m);
	assert_int_equal(asked(&control, &m), DESK_REFUSED);
	assert_non_null(strstr(m.desk_is.why, "key"));
	message_init(&m, MESSAGE_DESK, 0);
	m.desk.kind = DESK_CLOSE;
	m.desk.period = 202613;
	assert_int_equal(asked(&control, &m), DESK_REFUSED);
	assert_non_null(strstr(m.desk_is.why, "month"));
	m.desk.kind = DESK_CHECK;
	message_init(&m, MESSAGE_DESK, 0);
	m.desk.kind = DESK_CHECK;
	assert_int_equal(asked(&control, &m), DESK_REFUSED);
	assert_non_null(strstr(m.desk_is.why, "visit"));
}

static void counterd_needs_an_owner_s_token(void **state)
{
	struct {
		const struct person *who;
		const char *audience;
		enum desk_answer answer;
		enum verdict verdict;
	} tries[] = {
		{&owner, "viken/owner", DESK_DONE, VERDICT_ADMITTED},
		{&staff, "viken/owner", DESK_DONE, VERDICT_ADMITTED},
		{&member, "viken/owner", DESK_REFUSED, VERDICT_WRONG_AUDIENCE},
		{&owner, "viken/till", DESK_REFUSED, VERDICT_WRONG_AUDIENCE},
	};
	char key[8], hex[9], by[32];
	union message m, spent;

	(void)state;
	begin("");
	for (uint32_t i = 0; i < ARRAY_LEN(tries); i++) {
		snprintf(key, sizeof(key), "k%u", i);
		stock_message(MOVEMENT_DELIVERY, 1, 1000, key, &m);
		snprintf(m.desk.by, sizeof(m.desk.by), "somebody-else");
		put_token(&m, tries[i].who, tries[i].audience);
		spent = m;
		assert_int_equal(asked(&counter, &m), tries[i].answer);
		assert_int_equal(m.desk_is.verdict, tries[i].verdict);
		if (tries[i].answer != DESK_DONE)
			continue;
		hex_text(tries[i].who->customer.byte, 4, hex);
		snprintf(by, sizeof(by), "%s-%s",
			 role_word(tries[i].who == &owner ? ROLE_OWNER : ROLE_STAFF), hex);
		assert_string_equal(newest(ENTRY_STOCK).stock.by, by);
		/* it is good for one answer */
		assert_int_equal(asked(&counter, &spent), DESK_REFUSED);
		assert_int_equal(spent.desk_is.verdict, VERDICT_REPLAYED);
	}
	stock_message(MOVEMENT_DELIVERY, 1, 1000, "none", &m);
	assert_int_equal(asked(&counter, &m), DESK_REFUSED);
	assert_int_equal(m.desk_is.verdict, VERDICT_MALFORMED);
	assert_int_equal(entries_of(ENTRY_STOCK), 2);
}

static void a_report_needs_the_visit_s_bearer(void **state)
{
	struct phone phone;
	union message m, other;

	(void)state;
	begin("");
	phone_enters(&phone, &counter, &member);
	assert_int_equal(phone_puts(&phone, "line-1", 1, 1000, NULL), ANSWER_OK);
	message_init(&m, MESSAGE_DESK, 0);
	m.desk.kind = DESK_REPORT;
	m.desk.visit = phone.visit;
	m.desk.word = CREDIT_BROKEN;
	memcpy(m.desk.bearer, phone.bearer, sizeof(m.desk.bearer));
	snprintf(m.desk.key, sizeof(m.desk.key), "r1");
	snprintf(m.desk.line, sizeof(m.desk.line), "line-1");
	snprintf(m.desk.why, sizeof(m.desk.why), "läcker");
	other = m;
	other.desk.bearer[0] ^= 1;
	assert_int_equal(asked(&counter, &other), DESK_REFUSED);
	assert_int_equal(other.desk_is.verdict, VERDICT_UNKNOWN_KEY);
	other = m;
	other.desk.visit = 4711;
	assert_int_equal(asked(&counter, &other), DESK_REFUSED);
	assert_int_equal(other.desk_is.verdict, VERDICT_UNKNOWN_KEY);
	other = m;
	assert_int_equal(asked(&counter, &other), DESK_DONE);
	assert_string_equal(newest(ENTRY_REPORTED).reported.why, "läcker");
	/* over, and after a restart it is looked up: the answer is parked and comes */
	assert_int_equal(phone_closes(&phone), ANSWER_OK);
	again();
	other = m;
	other.desk.bearer[31] ^= 1;
	assert_int_equal(asked(&counter, &other), DESK_REFUSED);
	assert_int_equal(asked(&counter, &m), DESK_REPEATED);
}

static void many_wait_and_the_next_comes_again(void **state)
{
	uint32_t answers[DESK_WORKING + 1] = {0};
	union message m;
	char key[8];

	(void)state;
	begin("");
	caller_heard_nothing(&control);
	/* what shopd itself has asked at its start is answered before this */
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 1000, "first"), DESK_DONE);
	disk_stalls();
	for (uint32_t i = 0; i < DESK_ASKS_MAX + 4; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		stock_message(MOVEMENT_DELIVERY, 1, 1000, key, &m);
		m.head.request = ++control.requests;
		caller_say(&control, &m);
	}
	for (uint32_t i = 0; i < 4; i++) {
		caller_hear(&control, &m);
		answers[m.desk_is.answer]++;
	}
	assert_int_equal(answers[DESK_UNAVAILABLE], 4);
	disk_goes_on();
	for (uint32_t i = 0; i < DESK_ASKS_MAX; i++) {
		caller_hear(&control, &m);
		answers[m.desk_is.answer]++;
	}
	assert_int_equal(answers[DESK_DONE], DESK_ASKS_MAX);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 1000, "later"), DESK_DONE);
}

static void without_a_ledger_nothing_is_taken(void **state)
{
	char path[128];
	union message m;

	(void)state;
	bench_make("clock = rtc\n");
	bench_path("ledger.db", path);
	assert_int_equal(mkdir(path, 0700), 0);
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	stock_message(MOVEMENT_DELIVERY, 1, 1000, "k", &m);
	assert_int_equal(asked(&control, &m), DESK_UNAVAILABLE);
	assert_non_null(strstr(m.desk_is.why, "try again"));
	/* a token is not spent on it: it is asked for again */
	stock_message(MOVEMENT_DELIVERY, 1, 1000, "k", &m);
	assert_int_equal(asked(&counter, &m), DESK_UNAVAILABLE);
	assert_int_equal(m.desk_is.verdict, VERDICT_ADMITTED);
	nights_clock(&shell); /* nothing is known, nothing is closed */
	caller_heard_nothing(&control);
	assert_false(logged_that("closing"));
	assert_int_equal(rmdir(path), 0);
}

/* --- rates and accounts */

static void the_configuration_goes_on_record_once(void **state)
{
	(void)state;
	begin("[stock]\ncontact = owner\n");
	until(logged_that("rates and accounts of the configuration are on record"));
	assert_int_equal(entries_of(ENTRY_TAX), 1);
	assert_int_equal(entries_of(ENTRY_CHART), 1);
	log_forget();
	again();
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 1000, "d"), DESK_DONE);
	assert_int_equal(entries_of(ENTRY_TAX), 1);
	assert_int_equal(entries_of(ENTRY_CHART), 1);
	/* another account from now on */
	shell.config.chart.own_use = 4965;
	again();
	until(logged_that("rates and accounts of the configuration are on record"));
	assert_int_equal(entries_of(ENTRY_CHART), 2);
	assert_int_equal(newest(ENTRY_CHART).chart.own_use, 4965);
}

/* --- the month */

static void buys(const char *key)
{
	struct phone phone;

	phone_enters(&phone, &counter, &member);
	assert_int_equal(phone_puts(&phone, key, 2, 3000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&phone), ANSWER_OK);
}

static void a_month_is_closed_in_its_first_night(void **state)
{
	(void)state;
	it_is("2026-10-20T10:00:00Z");
	begin("");
	buys("october");
	it_is("2026-11-01T01:59:00Z"); /* 02:59 in the shop: the clocks went back a week ago */
	caller_heard_nothing(&control);
	assert_false(logged_that("closing"));
	it_is("2026-11-01T02:00:00Z");
	until(logged_that("books: 2026-10 is closed, 1 invoices"));
	assert_int_equal(entries_of(ENTRY_INVOICE), 1);
	assert_int_equal(newest(ENTRY_INVOICE).invoice.due.n,
			 newest(ENTRY_INVOICE).invoice.issued.n + 30);
	/* the member owes it, and is late thirty days after the due day */
	assert_false(accounts_member(&shell, member.customer).overdue);
	log_forget();
	it_is("2026-11-02T03:00:00Z");
	caller_heard_nothing(&control);
	assert_false(logged_that("closing"));
	it_is("2027-01-01T02:00:00Z"); /* both months that it slept through, one after the other */
	until(logged_that("2026-12 is closed"));
	assert_true(logged_that("2026-11 is closed"));
	assert_int_equal(entries_of(ENTRY_PERIOD_CLOSED), 3);
	assert_true(accounts_member(&shell, member.customer).overdue);
}

/* Door logs go after the days that policy keeps them, in a night, once. */
static void what_was_kept_long_enough_is_erased(void **state)
{
	(void)state;
	it_is("2026-10-05T10:00:00Z");
	begin("door_log_days = 7\n");
	buys("october");
	it_is("2026-10-12T09:00:00Z");
	caller_heard_nothing(&control);
	assert_int_equal(entries_of(ENTRY_ERASED), 0);
	until(shell.erasing == ERASE_NOBODY);
	it_is("2026-10-13T00:30:00Z"); /* 02:30 in the shop */
	caller_heard_nothing(&control);
	assert_int_equal(entries_of(ENTRY_ERASED), 0);
	it_is("2026-10-13T03:00:00Z");
	until(entries_of(ENTRY_ERASED) == 1);
	assert_true(newest(ENTRY_ERASED).erased.bodies > 0);
	assert_false(newest(ENTRY_ERASED).erased.whose_known);
	until(shell.erasing == ERASE_NOBODY);
	assert_int_equal(entries_of(ENTRY_LINE), 1); /* what the books need stays */
	it_is("2026-10-13T05:00:00Z");
	caller_heard_nothing(&control);
	assert_int_equal(entries_of(ENTRY_ERASED), 1);
}

static void a_month_missed_is_closed_at_the_start(void **state)
{
	(void)state;
	it_is("2026-10-20T10:00:00Z");
	begin("");
	buys("october");
	bench_stop();
	it_is("2026-11-22T10:00:00Z");
	bench_start();
	until(logged_that("books: 2026-10 is closed"));
	assert_int_equal(entries_of(ENTRY_PERIOD_CLOSED), 1);
	log_forget();
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 1000, "d"), DESK_DONE);
	assert_false(logged_that("closing"));
}

static void nothing_is_closed_by_a_clock_that_nobody_trusts(void **state)
{
	(void)state;
	it_is("2026-10-20T10:00:00Z");
	begin("");
	buys("october");
	bench_stop();
	it_is("2027-06-22T10:00:00Z"); /* months past the newest trusted time on record */
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_heard_nothing(&control);
	assert_false(logged_that("closing"));
	time_vouch(&shell, "a person");
	until(logged_that("books: 2026-10 is closed"));
}

/* Moves an öre behind the books' back. */
static void spoil(const char *sql)
{
	sqlite3 *db = NULL;
	char path[128];

	bench_path("ledger.db", path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static bool alarmed(void)
{
	const struct alarm *a;

	for (uint32_t i = 0; (a = shop_alarm_at(&shell.shop, i)); i++)
		if (a->condition == CONDITION_CLOSE_REFUSED && a->active)
			return true;
	return false;
}

static void a_close_that_is_refused_is_told_and_tried_again(void **state)
{
	(void)state;
	it_is("2026-10-20T10:00:00Z");
	begin("");
	buys("october");
	bench_stop();
	spoil("UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM posting)");
	it_is("2026-11-05T10:00:00Z");
	bench_start();
	until(logged_that("books: 2026-10 is not closed"));
	assert_true(alarmed());
	log_forget();
	it_is("2026-11-05T22:00:00Z");
	it_is("2026-11-06T01:00:00Z"); /* not before the night's hour */
	caller_dial(&control, ROLE_CONTROL);
	caller_heard_nothing(&control);
	assert_false(logged_that("closing"));
	it_is("2026-11-06T02:00:00Z");
	until(logged_that("books: 2026-10 is not closed"));
	bench_stop();
	spoil("UPDATE posting SET amount = amount - 1 WHERE id = (SELECT min(id) FROM posting)");
	log_forget();
	bench_start();
	until(logged_that("books: 2026-10 is closed"));
	assert_false(alarmed());
}

/* --- what has run low, and what shrinks */

static int courier;

static void courier_dial(void)
{
	struct caller c;
	union message m;
	ssize_t n = 0;

	caller_connect(&c, "courier.sock");
	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = ROLE_COURIER;
	memcpy(m.hello.program, "bench", 6);
	caller_say(&c, &m);
	until((n = recv(c.fd, &m, sizeof(m), MSG_DONTWAIT)) > 0);
	assert_int_equal(m.head.type, MESSAGE_HELLO);
	courier = c.fd;
}

/* Whether a notice has come; its words in *ret. */
static bool noticed(char ret[400])
{
	union message m;
	ssize_t n;

	do /* alarms and the office are another's test */
		n = recv(courier, &m, sizeof(m), MSG_DONTWAIT);
	while (n > 0 && (m.head.type == MESSAGE_NOTIFY || m.head.type == MESSAGE_SYNC));
	if (n <= 0)
		return false;
	assert_null(message_check(&m, (uint32_t)n, ROLE_COURIER, WAY_FROM_SHOPD));
	assert_int_equal(m.head.type, MESSAGE_NOTICE);
	assert_string_equal(m.notice.contact, "owner");
	memcpy(ret, m.notice.text, sizeof(m.notice.text));
	return true;
}

static void import(const struct import_row *row, uint32_t rows)
{
	int fd = memfd_create("prices", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	union message m;

	assert_int_equal(write(fd, row, rows * sizeof(*row)), (ssize_t)(rows * sizeof(*row)));
	assert_int_equal(
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL),
		0);
	message_init(&m, MESSAGE_IMPORT, ++control.requests);
	m.import.rows = rows;
	assert_int_equal(ask_send(control.fd, &m, fd), 0);
	close(fd);
	caller_hear(&control, &m);
	assert_int_equal(m.done.error, 0);
}

static void priced(struct import_row *row, uint64_t article, const char *name, uint16_t reorder)
{
	*row = (struct import_row){.gtin = article_gtin(article),
				   .price_minor = 1000,
				   .vat_class = VAT_FOOD,
				   .reorder = reorder,
				   .name_len = (uint8_t)strlen(name)};
	memcpy(row->name, name, strlen(name));
}

static void what_has_run_low_is_told_when_it_changes(void **state)
{
	struct import_row row[3];
	char text[400];

	(void)state;
	begin("[stock]\ncontact = owner\nnotice_at = 08:00\n");
	courier_dial();
	priced(&row[0], 1, "Mjölk 1 l", 4);
	priced(&row[1], 2, "Kaffe", 2);
	priced(&row[2], 3, "Salt", 0);
	import(row, 3);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 6000, "m"), DESK_DONE);
	it_is("2026-11-21T06:59:00Z");
	caller_heard_nothing(&control);
	assert_false(noticed(text));
	it_is("2026-11-21T07:00:00Z"); /* 08:00 */
	until(noticed(text));
	assert_string_equal(text, "Viken: 1 vara att beställa: Kaffe (slut)");
	/* tomorrow it is the same, and no news */
	it_is("2026-11-22T08:00:00Z");
	assert_int_equal(stocked(MOVEMENT_WASTE, 1, 2500, "w"), DESK_DONE);
	caller_heard_nothing(&control);
	assert_false(noticed(text));
	it_is("2026-11-23T08:00:00Z");
	until(noticed(text));
	assert_string_equal(text,
			    "Viken: 2 varor att beställa: Mjölk 1 l (3,5 kvar), Kaffe (slut)");
	/* all is there again: nothing is said, and what lacks anew is news */
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 9000, "m2"), DESK_DONE);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 2, 9000, "k"), DESK_DONE);
	it_is("2026-11-24T08:00:00Z");
	assert_int_equal(stocked(MOVEMENT_OWN_USE, 2, 8000, "k2"), DESK_DONE);
	assert_false(noticed(text));
	it_is("2026-11-25T08:00:00Z");
	until(noticed(text));
	assert_string_equal(text, "Viken: 1 vara att beställa: Kaffe (1 kvar)");
}

static void a_long_list_is_cut_between_names(void **state)
{
	static struct import_row row[60];
	char name[ARTICLE_NAME_MAX], text[400];

	(void)state;
	begin("[stock]\ncontact = owner\nnotice_at = 08:00\nlanguage = en\n");
	courier_dial();
	for (uint32_t i = 0; i < ARRAY_LEN(row); i++) {
		snprintf(name, sizeof(name), "A rather long name of article %u", i);
		priced(&row[i], i + 1, name, 1);
	}
	import(row, ARRAY_LEN(row));
	it_is("2026-11-21T07:00:00Z");
	until(noticed(text));
	assert_true(strncmp(text,
			    "Viken: 60 articles to order: A rather long name of article 0 "
			    "(sold out), ",
			    70) == 0);
	assert_non_null(strstr(text, " more"));
	assert_true(strlen(text) <= 320);
}

static void a_notice_waits_for_courierd(void **state)
{
	struct import_row row;
	char text[400];

	(void)state;
	begin("[stock]\ncontact = owner\nnotice_at = 08:00\n");
	priced(&row, 1, "Bröd", 1);
	import(&row, 1);
	it_is("2026-11-21T07:30:00Z");
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 1000, "b"), DESK_DONE);
	caller_heard_nothing(&control);
	courier_dial();
	until(noticed(text));
	assert_string_equal(text, "Viken: 1 vara att beställa: Bröd (1 kvar)");
}

static void a_count_that_misses_makes_it_shrink(void **state)
{
	struct gtin gtin;

	(void)state;
	begin("");
	gtin = (struct gtin){article_gtin(1)};
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 1, 10000, "d"), DESK_DONE);
	assert_int_equal(stocked(MOVEMENT_COUNT, 1, 9000, "c1"), DESK_DONE);
	assert_int_equal(stocked(MOVEMENT_DELIVERY, 2, 1000, "d2"), DESK_DONE);
	assert_false(desk_shrinking(&shell, gtin)); /* one may be a slip */
	assert_int_equal(stocked(MOVEMENT_COUNT, 1, 7000, "c2"), DESK_DONE);
	until(desk_shrinking(&shell, gtin));
	assert_false(desk_shrinking(&shell, (struct gtin){article_gtin(2)}));
	again();
	until(desk_shrinking(&shell, gtin));
	assert_int_equal(stocked(MOVEMENT_COUNT, 1, 7000, "c3"), DESK_DONE);
	until(!desk_shrinking(&shell, gtin));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_operator_asks_without_a_token),
		TEST(counterd_needs_an_owner_s_token),
		TEST(a_report_needs_the_visit_s_bearer),
		TEST(many_wait_and_the_next_comes_again),
		TEST(without_a_ledger_nothing_is_taken),
		TEST(the_configuration_goes_on_record_once),
		TEST(a_month_is_closed_in_its_first_night),
		TEST(what_was_kept_long_enough_is_erased),
		TEST(a_month_missed_is_closed_at_the_start),
		TEST(nothing_is_closed_by_a_clock_that_nobody_trusts),
		TEST(a_close_that_is_refused_is_told_and_tried_again),
		TEST(what_has_run_low_is_told_when_it_changes),
		TEST(a_long_list_is_cut_between_names),
		TEST(a_notice_waits_for_courierd),
		TEST(a_count_that_misses_makes_it_shrink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
