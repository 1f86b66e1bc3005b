/*
 * test_catalogue.c: catalog.db: members and keys, price lists and what they replace, lists that are
 * wrong, a list that is cut short by a kill, a damaged file; at the size of a large shop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "books/chart.h"
#include "catalogue_house.h"
#include "ledger/read.h"

static void check_sorted(const struct roster *r)
{
	for (uint32_t i = 1; i < r->members; i++)
		assert_true(memcmp(&r->member[i - 1].customer, &r->member[i].customer, 16) < 0);
	for (uint32_t i = 1; i < r->keys; i++) {
		int order = memcmp(&r->key[i - 1].kid, &r->key[i].kid, KID_SIZE);

		assert_true(order < 0 || (order == 0 && r->key[i - 1].member <= r->key[i].member));
	}
}

static void check_member(const struct roster *r, const struct change *c)
{
	const struct key_row *key = NULL;

	assert_int_equal(roster_keys_of(r, c->kid, &key), 1);
	assert_memory_equal(&key->key, &c->key, sizeof(c->key));
	assert_memory_equal(&r->member[key->member].customer, &c->customer, 16);
}

static void members(void **state)
{
	struct shelves *s = *state;
	struct changed changed;
	struct change c;

	open_it(s);
	for (uint32_t n = 0; n < 100; n++) {
		c = member_of(n);
		c.credit_limit = money_of(n);
		c.flags = MEMBER_LIMITED;
		changed = change(s, &c);
		assert_int_equal(changed.error, 0);
		assert_int_equal(changed.tag, n);
		assert_false(changed.existed);
		assert_memory_equal(&changed.customer, &c.customer, 16);
		check_sorted(s->roster);
	}
	/* the same key again: the same customer, whatever was drawn this time */
	c = member_of(42);
	memset(&c.customer, 9, sizeof(c.customer));
	changed = change(s, &c);
	c = member_of(42);
	assert_true(changed.existed);
	assert_null(changed.roster);
	assert_memory_equal(&changed.customer, &c.customer, 16);
	/* a second key of a member who is there */
	c = member_of(500);
	c.customer = member_of(42).customer;
	changed = change(s, &c);
	assert_int_equal(changed.error, 0);
	assert_int_equal(s->roster->members, 100);
	assert_int_equal(s->roster->keys, 101);
	check_member(s->roster, &c);
	close_it(s);
	/* what the arrays became step by step is what the file says */
	open_it(s);
	check_sorted(s->roster);
	assert_int_equal(s->roster->members, 100);
	for (uint32_t n = 0; n < 100; n++) {
		c = member_of(n);
		check_member(s->roster, &c);
		assert_int_equal(money_minor(roster_member(s->roster, c.customer)->credit_limit),
				 n);
	}
	close_it(s);
}

static void shared_kids(void **state)
{
	struct shelves *s = *state;
	const struct key_row *key;

	open_it(s);
	for (uint32_t n = 0; n <= KID_SHARED_MAX; n++) {
		struct change c = member_of(n);

		memset(&c.kid, 5, sizeof(c.kid));
		assert_int_equal(change(s, &c).error, n < KID_SHARED_MAX ? 0 : -EINVAL);
	}
	assert_int_equal(roster_keys_of(s->roster, (struct kid){{5, 5, 5, 5, 5, 5, 5, 5}}, &key),
			 KID_SHARED_MAX);
	check_sorted(s->roster);
	close_it(s);
}

static const struct card_row *card(const struct shelves *s, uint8_t n)
{
	return roster_card(s->roster, (struct kid){{n, 1, 2}});
}

/* As if they had never been: key, card, block, and after a restart; the others stay. */
static void gone_again(void **state)
{
	struct shelves *s = *state;
	struct change anna = member_of(7), bo = member_of(8), c = {.kind = CHANGE_CARD_ADD};
	const struct key_row *key;

	open_it(s);
	assert_int_equal(change(s, &anna).error, 0);
	assert_int_equal(change(s, &bo).error, 0);
	c.customer = anna.customer;
	c.kid = (struct kid){{9, 1, 2}};
	assert_int_equal(change(s, &c).error, 0);
	c.kind = CHANGE_MEMBER_BLOCK;
	c.on = true;
	assert_int_equal(change(s, &c).error, 0);
	c.kind = CHANGE_MEMBER_GONE;
	assert_int_equal(change(s, &c).error, 0);
	assert_int_equal(change(s, &c).error, -ENOENT);
	for (uint32_t again = 0; again < 2; again++) {
		assert_int_equal(s->roster->members, 1);
		assert_int_equal(roster_keys_of(s->roster, anna.kid, &key), 0);
		assert_int_equal(roster_keys_of(s->roster, bo.kid, &key), 1);
		assert_null(card(s, 9));
		close_it(s);
		open_it(s);
	}
	assert_false(change(s, &anna).existed);
	assert_false(roster_member(s->roster, anna.customer)->flags & MEMBER_BLOCKED);
	check_sorted(s->roster);
	close_it(s);
}

/* A card is one member's; for somebody without a phone a member is made with it. */
static void cards(void **state)
{
	struct shelves *s = *state;
	struct change anna = member_of(7), c = {.kind = CHANGE_CARD_ADD};
	struct changed changed;
	const struct key_row *key;

	open_it(s);
	c.customer = anna.customer;
	c.kid = (struct kid){{9, 1, 2}};
	assert_int_equal(change(s, &c).error, -ENOENT); /* there is no such member */
	assert_int_equal(change(s, &anna).error, 0);
	assert_int_equal(change(s, &c).error, 0);
	assert_true(change(s, &c).existed);
	c.customer.byte[15] = 0xda; /* another's, and a new member of this name */
	changed = change(s, &c);
	assert_int_equal(changed.error, -EEXIST);
	assert_true(customer_is(changed.customer, anna.customer));
	c.on = true;
	c.kid.byte[0] = 3;
	c.flags = MEMBER_LIMITED;
	c.credit_limit = money_of(20000);
	assert_int_equal(change(s, &c).error, 0);
	assert_int_equal(s->roster->members, 2);
	for (uint32_t again = 0; again < 2; again++) {
		assert_int_equal(s->roster->cards, 2);
		assert_true(
			customer_is(s->roster->member[card(s, 9)->member].customer, anna.customer));
		assert_true(
			customer_is(s->roster->member[card(s, 3)->member].customer, c.customer));
		assert_null(card(s, 4));
		assert_int_equal(roster_keys_of(s->roster, c.kid, &key), 0); /* no phone's */
		close_it(s);
		open_it(s);
	}
	c.kind = CHANGE_CARD_GONE;
	assert_int_equal(change(s, &c).error, 0);
	assert_int_equal(change(s, &c).error, -ENOENT);
	assert_null(card(s, 3));
	assert_non_null(card(s, 9));
	/* a member who comes between the others takes no card along */
	for (uint32_t n = 20; n < 40; n++) {
		anna = member_of(n);
		assert_int_equal(change(s, &anna).error, 0);
	}
	anna = member_of(7);
	assert_true(customer_is(s->roster->member[card(s, 9)->member].customer, anna.customer));
	close_it(s);
}

static void blocks(void **state)
{
	struct shelves *s = *state;
	struct change c = member_of(7), block = {.kind = CHANGE_MEMBER_BLOCK, .on = true};

	open_it(s);
	block.customer = c.customer;
	assert_int_equal(change(s, &block).error, -ENOENT);
	c.flags = MEMBER_EXTENDED;
	change(s, &c);
	for (int on = 1; on >= 0; on--) {
		block.on = on;
		assert_int_equal(change(s, &block).error, 0);
		assert_int_equal(roster_member(s->roster, c.customer)->flags,
				 MEMBER_EXTENDED | (on ? MEMBER_BLOCKED : 0));
		close_it(s);
		open_it(s);
		assert_int_equal(roster_member(s->roster, c.customer)->flags,
				 MEMBER_EXTENDED | (on ? MEMBER_BLOCKED : 0));
	}
	close_it(s);
}

static void office_keys_and_passes(void **state)
{
	struct shelves *s = *state;
	struct change c = {.kind = CHANGE_OFFICE_KEY_ADD, .kid = {{1}}};
	struct change pass = {.kind = CHANGE_PASS};
	const struct pass_row *row;
	uint8_t cti[16] = {0};

	open_it(s);
	for (uint8_t i = 0; i <= OFFICE_KEYS_MAX; i++) {
		c.kid.byte[1] = c.key.x[0] = i;
		assert_int_equal(change(s, &c).error, i < OFFICE_KEYS_MAX ? 0 : -ENOSPC);
	}
	c.kid.byte[1] = c.key.x[0] = 3;
	assert_true(change(s, &c).existed);
	c.key.x[0] = 99;
	assert_int_equal(change(s, &c).error, -EEXIST);

	for (uint8_t i = 0; i < 40; i++) {
		pass.pass = (struct pass_row){.cti_len = (uint8_t)(i % 2 ? 8 : 16),
					      .cti = {(uint8_t)(i * 77)},
					      .wants_pin = true};
		assert_int_equal(change(s, &pass).error, 0);
	}
	pass.pass.revoked = true;
	pass.pass.pin_hash.byte[31] = 4;
	assert_true(change(s, &pass).existed);
	for (int again = 0; again <= 1; again++) {
		assert_int_equal(s->roster->passes, 40);
		assert_int_equal(s->roster->office_keys, OFFICE_KEYS_MAX);
		for (uint8_t i = 0; i < 40; i++) {
			cti[0] = (uint8_t)(i * 77);
			row = roster_pass(s->roster, cti, (uint8_t)(i % 2 ? 8 : 16));
			assert_non_null(row);
			assert_int_equal(row->revoked, i == 39);
			assert_true(row->wants_pin);
			assert_int_equal(row->pin_hash.byte[31], i == 39 ? 4 : 0);
		}
		close_it(s);
		open_it(s);
	}
	pass.pass.cti_len = 7;
	assert_int_equal(change(s, &pass).error, -EINVAL);
	close_it(s);
}

/* --- price lists */

static int64_t price_then(const struct shelves *s, uint64_t gtin, uint32_t version)
{
	const struct article_row *row = articles_then(s->articles, (struct gtin){gtin}, version);

	return row ? money_minor(row->price) : -1;
}

static void check_history(const struct shelves *s)
{
	static const int64_t want[4][6] = {
		/* version 0, 1, 2, 3, 4, 5 */
		{100, 100, 110, 110, 120, 120}, /* 10 */
		{200, 200, 200, -1, -1, 210},	/* 20: gone from 3, back in 5 */
		{-1, -1, 300, 300, 300, 300},	/* 30: new in 2 */
		{400, 400, 400, 400, 400, -1},	/* 40: gone in 5 */
	};

	assert_int_equal(s->articles->version, 5);
	for (uint64_t i = 0; i < 4; i++)
		for (uint32_t version = 0; version <= 5; version++)
			if (price_then(s, 10 * (i + 1), version) != want[i][version])
				fail_msg("%llu in %u is %lld", (unsigned long long)(10 * (i + 1)),
					 version, (long long)price_then(s, 10 * (i + 1), version));
	assert_string_equal(
		articles_name(s->articles, articles_now(s->articles, (struct gtin){20})),
		"Br\xc3\xb6"
		"d");
}

/* What holds now, by GTIN: 10, 20, 30; nothing that did. */
static void check_pages(struct reader *reader, struct wall made_at)
{
	struct product page[3], alone;
	struct wall as_of = {0};

	assert_int_equal(reader_products(reader, (struct gtin){0}, page, 3, &as_of), 3);
	assert_int_equal(as_of.ms, made_at.ms);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(page[i].gtin.n, 10 * (i + 1));
		assert_int_equal(reader_product(reader, page[i].gtin, &alone), 1);
		assert_string_equal(page[i].name, alone.name);
		assert_int_equal(money_minor(page[i].price), money_minor(alone.price));
		assert_int_equal(page[i].price_version, 5);
	}
	assert_int_equal(reader_products(reader, (struct gtin){0}, page, 2, &as_of), 2);
	assert_int_equal(page[1].gtin.n, 20);
	assert_int_equal(reader_products(reader, (struct gtin){20}, page, 3, &as_of), 1);
	assert_int_equal(page[0].gtin.n, 30);
	assert_int_equal(reader_products(reader, (struct gtin){30}, page, 3, &as_of), 0);
	assert_int_equal(reader_products(reader, (struct gtin){UINT64_MAX}, page, 3, &as_of), 0);
}

static void lists(void **state)
{
	struct shelves *s = *state;
	struct import_row list[4];
	struct reader *reader;
	struct product p;

	open_it(s);
	assert_int_equal(s->articles->version, 0);
	list[0] = row_of(40, 400, "\xc3\x84gg");
	list[1] = row_of(10, 100, "Mj\xc3\xb6lk");
	list[2] = row_of(20, 200,
			 "Br\xc3\xb6"
			 "d");
	assert_int_equal(import_rows(s, list, 3).rows, 3);
	assert_int_equal(s->articles->version, 1);
	assert_int_equal(s->articles->made_at.ms, s->now.ms);
	assert_int_equal(s->articles->pasts, 0);
	list[1].price_minor = 110;
	list[3] = row_of(30, 300, "Sm\xc3\xb6r");
	import_rows(s, list, 4);
	list[2] = list[3];
	import_rows(s, list, 3);
	list[1].price_minor = 120;
	import_rows(s, list, 3);
	list[0] = row_of(20, 210,
			 "Br\xc3\xb6"
			 "d");
	s->now.ms += 1000;
	import_rows(s, list, 3);
	check_history(s);
	assert_int_equal(reader_open(s->house.dir, &reader), 0);
	assert_int_equal(reader_product(reader, (struct gtin){10}, &p), 1);
	assert_int_equal(money_minor(p.price), 120);
	assert_int_equal(p.price_version, 5);
	assert_int_equal(reader_product(reader, (struct gtin){40}, &p), 0);
	check_pages(reader, s->now);
	reader_close(reader);
	close_it(s);
	open_it(s);
	check_history(s);
	assert_int_equal(s->articles->made_at.ms, s->now.ms);
	close_it(s);
	/* 9 days on nobody is pinned to them any more; the next list takes them off the disk too */
	s->now.ms += 9 * DAY_MS;
	open_it(s);
	assert_int_equal(s->articles->pasts, 0);
	assert_int_equal(price_then(s, 10, 1), 120);
	import_rows(s, list, 3);
	close_it(s);
	assert_int_equal(house_number(&s->house, "catalog.db", "SELECT count(*) FROM article"), 3);
}

static void expect_wrong(struct shelves *s, struct change c, const char *word)
{
	struct changed changed = change(s, &c);

	assert_int_equal(changed.error, -EINVAL);
	if (!strstr(changed.why, word))
		fail_msg("\"%s\" does not say \"%s\"", changed.why, word);
	assert_null(changed.articles);
}

static void wrong_lists(void **state)
{
	struct shelves *s = *state;
	struct import_row good[3] = {row_of(1, 1, "a"), row_of(2, 2, "b"), row_of(3, 3, "c")};
	struct {
		struct import_row row;
		const char *word;
	} bad[] = {
		{row_of(0, 1, "a"), "gtin"},	{row_of(100000000000000, 1, "a"), "gtin"},
		{row_of(9, -1, "a"), "price"},	{row_of(9, 1000000001, "a"), "price"},
		{row_of(9, 1, ""), "name"},	{row_of(9, 1, "a\nb"), "name"},
		{row_of(9, 1, "\xff"), "name"}, {row_of(9, 1, "\xc2\x85"), "name"},
		{row_of(3, 1, "a"), "twice"},	{row_of(9, 1, "a"), "VAT"},
		{row_of(9, 1, "a"), "class"},	{row_of(9, 1, "a"), "class or state"},
		{row_of(9, 1, "a"), "name"},	{row_of(9, 1, "a"), "class or state"},
		{row_of(9, 1, "a"), "beside"},	{row_of(9, 1, "a"), "deposit"},
		{row_of(9, 1, "a"), "deposit"}, {row_of(9, 1, "a"), "no account"},
	};
	const struct entry_chart chart = chart_bas();
	const uint32_t n = ARRAY_LEN(bad);
	struct change c = {.kind = CHANGE_IMPORT, .rows = 3};

	bad[n - 9].row.vat_bp = 10001;
	bad[n - 8].row.class = ARTICLE_CLASSES;
	bad[n - 7].row.state = ARTICLE_STATES;
	bad[n - 6].row.name_len = ARTICLE_NAME_MAX + 1;
	bad[n - 5].row.vat_class = VAT_CLASSES;
	bad[n - 4].row.vat_class = VAT_FOOD; /* and 6 % as a number */
	bad[n - 3].row.deposit_minor = -1;
	bad[n - 2].row.deposit_minor = 1000001;
	bad[n - 1].row.vat_bp = 700;
	open_it(s);
	catalogue_chart(s->catalogue, &chart);
	import_rows(s, good, 3);
	for (uint32_t i = 0; i < n; i++) {
		struct import_row list[4] = {good[0], good[1], good[2], bad[i].row};

		c.fd = sealed(list, sizeof(list), SEALS);
		c.rows = 4;
		expect_wrong(s, c, bad[i].word);
	}
	c.rows = 3;
	c.fd = sealed(good, sizeof(good), F_SEAL_SHRINK | F_SEAL_GROW);
	expect_wrong(s, c, "sealed");
	c.fd = open("/dev/null", O_RDONLY);
	expect_wrong(s, c, "sealed");
	c.fd = sealed(good, sizeof(good) - 1, SEALS);
	expect_wrong(s, c, "as long as it says");
	c.fd = sealed(good, sizeof(good), SEALS);
	c.rows = 2;
	expect_wrong(s, c, "as long as it says");
	c.fd = sealed(good, sizeof(good), SEALS);
	c.rows = 0;
	expect_wrong(s, c, "1 to");
	c.fd = sealed(good, sizeof(good), SEALS);
	c.rows = UINT32_MAX;
	expect_wrong(s, c, "1 to");
	assert_int_equal(s->articles->version, 1);
	close_it(s);
	open_it(s);
	assert_int_equal(s->articles->version, 1);
	assert_int_equal(s->articles->rows, 3);
	close_it(s);
}

/* --- size */

#ifdef __SANITIZE_THREAD__  /* how many there are is no matter between threads */
#define MANY_MEMBERS  10000 /* numbers, for SQL too */
#define MANY_ARTICLES 5000
#else
#define MANY_MEMBERS  100000
#define MANY_ARTICLES 50000
#endif

static struct import_row *many_rows(int64_t price)
{
	struct import_row *rows = calloc(MANY_ARTICLES, sizeof(*rows));
	char name[64];

	assert_non_null(rows);
	for (uint32_t i = 0; i < MANY_ARTICLES; i++) {
		snprintf(name, sizeof(name), "Article number %u of a large shop", i);
		rows[i] = row_of(7310000000000 + (i * 7919ULL) % MANY_ARTICLES, price, name);
	}
	return rows;
}

static int64_t resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long long size, resident;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lld %lld", &size, &resident), 2);
	fclose(f);
	return resident * 4;
}

#define TEXT_OF(n)  TEXT_OF_(n)
#define TEXT_OF_(n) #n

static void fill_members(const struct shelves *s)
{
	sqlite3 *db = house_raw(&s->house, "catalog.db");

	assert_int_equal(
		sql_exec(db, "BEGIN; WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
			     " i < " TEXT_OF(MANY_MEMBERS) ") INSERT INTO member(customer, role, "
							   "flags, credit_limit) "
							   "SELECT randomblob(16), 0, 0, 0 FROM n;"
							   "INSERT INTO member_key SELECT "
							   "randomblob(8), customer, randomblob(64)"
							   " FROM member; COMMIT"),
		SQLITE_OK);
	sqlite3_close(db);
}

static void large_shop(void **state)
{
	struct shelves *s = *state;
	struct import_row *rows;
	int64_t began, before, after;
	struct change c = member_of(1);

	open_it(s);
	rows = many_rows(1000);
	assert_int_equal(import_rows(s, rows, MANY_ARTICLES).error, 0);
	close_it(s);
	fill_members(s);
	began = thread_mono_us();
	open_it(s);
	print_message("%d members and %d articles read in %lld ms\n", MANY_MEMBERS, MANY_ARTICLES,
		      (long long)(thread_mono_us() - began) / 1000);
	assert_int_equal(s->roster->keys, MANY_MEMBERS);
	assert_int_equal(s->articles->rows, MANY_ARTICLES);
	check_sorted(s->roster);
	began = thread_mono_us();
	assert_int_equal(change(s, &c).error, 0);
	print_message("a member added in %lld ms\n", (long long)(thread_mono_us() - began) / 1000);
	check_member(s->roster, &c);
	/* a few lists, each the same size: what they have used goes back */
	import_rows(s, rows, MANY_ARTICLES);
	before = resident_kib();
	for (int i = 0; i < 3; i++) {
		began = thread_mono_us();
		assert_int_equal(import_rows(s, rows, MANY_ARTICLES).error, 0);
		print_message("the same list again in %lld ms\n",
			      (long long)(thread_mono_us() - began) / 1000);
	}
	after = resident_kib();
	print_message("resident: %lld KiB, then %lld KiB\n", (long long)before, (long long)after);
#ifndef __SANITIZE_ADDRESS__ /* it keeps what is freed, to watch it */
	assert_true(after < before + 1024);
#endif
	free(rows);
	rows = many_rows(1100);
	began = thread_mono_us();
	assert_int_equal(import_rows(s, rows, MANY_ARTICLES).error, 0);
	print_message("a list in which every price differs in %lld ms\n",
		      (long long)(thread_mono_us() - began) / 1000);
	assert_int_equal(s->articles->pasts, MANY_ARTICLES);
	assert_int_equal(price_then(s, 7310000000005, 1), 1000);
	assert_int_equal(price_then(s, 7310000000005, s->articles->version), 1100);
	/* the fourth list with all new prices would be more pasts than there is room for */
	for (int64_t price = 1200; price <= 1300; price += 100) {
		free(rows);
		rows = many_rows(price);
		assert_int_equal(import_rows(s, rows, MANY_ARTICLES).error, 0);
	}
	assert_true(s->articles->pasts <= PRICES_PAST_MAX);
	assert_int_equal(price_then(s, 7310000000005, s->articles->version - 1), 1200);
	free(rows);
	close_it(s);
}

/* --- harm */

/* Until so many rows of a list that does not hold yet are on disk, or it holds already. */
static void wait_until_written(struct shelves *s, int64_t rows)
{
	static const char ahead[] = "SELECT count(*) FROM article WHERE since >"
				    " (SELECT max(version) FROM price_version)";
	static const char version[] = "SELECT max(version) FROM price_version";
	int64_t before = house_number(&s->house, "catalog.db", version);

	while (house_number(&s->house, "catalog.db", ahead) <= rows &&
	       house_number(&s->house, "catalog.db", version) == before)
		sched_yield();
}

static void cut_short(void **state)
{
	struct shelves *s = *state;
	struct import_row *rows;
	int status;

	open_it(s);
	rows = many_rows(1000);
	import_rows(s, rows, MANY_ARTICLES);
	close_it(s);
	free(rows);
	for (int round = 0; round < 4; round++) {
		int ready[2];
		char byte;
		pid_t child;

		assert_int_equal(pipe(ready), 0);
		child = fork();
		if (child == 0) {
			struct change c = {.kind = CHANGE_IMPORT, .rows = MANY_ARTICLES};

			rows = many_rows(2000 + round);
			c.fd = sealed(rows, MANY_ARTICLES * sizeof(*rows), SEALS);
			open_it(s);
			if (!catalogue_change(s->catalogue, &c, s->now) ||
			    write(ready[1], "x", 1) != 1)
				_exit(1);
			pause();
		}
		assert_int_equal(read(ready[0], &byte, 1), 1);
		wait_until_written(s, MANY_ARTICLES / 5 * round);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		close(ready[0]);
		close(ready[1]);
		open_it(s);
		/* the one list or the other, and nothing of both */
		assert_int_equal(s->articles->rows, MANY_ARTICLES);
		for (uint32_t i = 1; i < MANY_ARTICLES; i++)
			assert_int_equal(
				money_compare(s->articles->row[i].price, s->articles->row[0].price),
				0);
		close_it(s);
		assert_int_equal(house_number(&s->house, "catalog.db",
					      "SELECT count(*) FROM article WHERE until = 0"),
				 MANY_ARTICLES);
	}
}

static void damaged(void **state)
{
	struct shelves *s = *state;
	struct change c = member_of(1);
	char path[128];
	struct stat st;
	sqlite3 *db;
	int fd;

	open_it(s);
	change(s, &c);
	assert_string_equal(s->why, "");
	close_it(s);
	house_path(&s->house, "catalog.db", path);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "this is no database, and it is not empty", 40, 0), 40);
	close(fd);
	house_path(&s->house, "catalog.db-wal", path);
	unlink(path);
	open_it(s);
	assert_non_null(strstr(s->why, "moved aside"));
	assert_int_equal(s->roster->members, 0);
	change(s, &c);
	close_it(s);
	house_path(&s->house, "catalog.db.damaged", path);
	assert_int_equal(stat(path, &st), 0);
	open_it(s);
	assert_string_equal(s->why, "");
	assert_int_equal(s->roster->members, 1);
	close_it(s);
	/* newer than we are: not ours to move */
	db = house_raw(&s->house, "catalog.db");
	assert_int_equal(sql_exec(db, "PRAGMA user_version=9"), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(catalogue_open(s->house.dir, s->now, &s->catalogue, &s->roster,
					&s->articles, s->why),
			 -EPROTO);
}

static void many_asked(void **state)
{
	struct shelves *s = *state;
	struct change c;
	uint32_t asked = 0;

	open_it(s);
	while (asked < 1000) {
		c = member_of(asked);
		if (!catalogue_change(s->catalogue, &c, s->now))
			break;
		asked++;
	}
	/* none has been read, so there are no more than 16 */
	assert_int_equal(asked, 16);
	for (uint32_t i = 0; i < 8; i++)
		assert_int_equal(wait_changed(s).tag, i);
	/* stopped with answers unread */
	close_it(s);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(members),    T(shared_kids), T(blocks),
		T(gone_again), T(cards),       T(office_keys_and_passes),
		T(lists),      T(wrong_lists), T(large_shop),
		T(cut_short),  T(damaged),     T(many_asked),
	};

	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
