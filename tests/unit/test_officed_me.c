/*
 * test_officed_me.c: a member about herself: what no invoice bears yet, to the line; whose visits
 * her lines stand in; a code by mail for whoever has the address, three an hour. On SQLite, and on
 * the PostgreSQL that SHOP_TEST_POSTGRES names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "books/invoice.h"
#include "books/number.h"
#include "office_desk.h"
#include "officed/operators.h"
#include "officed/page.h"
#include "officed/recover.h"

#define PARTY                                                                                      \
	"{\"name\": \"%s\", \"street\": \"Strandvägen 1\", \"postcode\": \"263 61\","             \
	" \"city\": \"Viken\", \"country\": \"SE\", \"email\": \"%s\"}"
#define MINUTE_MS INT64_C(60000)

/* --- who there is */

/** A member of viken; his number. */
static void member_made(struct desk *d, const char *name, const char *email,
			char ret[MEMBER_TEXT_SIZE])
{
	char body[700];

	desk_as(d, "anna", "*", RIGHTS_ALL);
	snprintf(body, sizeof(body), "{\"shop\": \"viken\", \"party\": " PARTY "}", name, email);
	snprintf(ret, MEMBER_TEXT_SIZE, "%s",
		 text_of(desk_must(d, 201, "POST", "/v1/members", body), "member"));
}

/** The desk asks as this member, of herself. */
static void as_member(struct desk *d, const char *member)
{
	d->who = (struct who){.kind = WHO_MEMBER, .shops = "", .state = MEMBER_LIVE};
	snprintf(d->who.member, sizeof(d->who.member), "%s", member);
	snprintf(d->who.name, sizeof(d->who.name), "%s", member);
}

struct reading {
	struct office *o;
	const char *member;
	struct person p;
};

static int read_work(struct db *db, void *data)
{
	struct reading *r = data;

	assert_true(person_read(r->o, r->member, &r->p));
	return db_failed(db);
}

static struct customer customer_of(struct desk *d, const char *member)
{
	struct reading r = {.o = &d->h.o, .member = member};

	assert_int_equal(db_transact(d->h.o.db, read_work, &r), 0);
	return r.p.customer;
}

/* --- what they buy */

static uint64_t line_add(struct desk *d, uint64_t visit, const char *key, int64_t total,
			 struct customer customer)
{
	struct entry e = sample_line(visit, key, total);

	e.line.customer = customer;
	return box_add(&d->h.box, &e);
}

/** An invoice that bears these lines, rising, and a close behind it whose low is `low`. */
static void billed(struct desk *d, struct customer customer, const uint64_t *line, uint32_t lines,
		   uint64_t low)
{
	struct entry l = {.kind = ENTRY_INVOICE_LINES, .at = {HOUSE_NOW}};
	struct entry e = {.kind = ENTRY_INVOICE, .at = {HOUSE_NOW}};
	struct entry closed = sample_entry(ENTRY_PERIOD_CLOSED);
	struct invoice_sum sum = {0};
	uint64_t last = 0;

	l.invoice_lines.invoice = number_of(2026, 1);
	for (uint32_t i = 0; i < lines; i++) {
		assert_true(line[i] - last < 0x80);
		l.invoice_lines.packed[l.invoice_lines.packed_len++] = (uint8_t)(line[i] - last);
		last = line[i];
		l.invoice_lines.lines++;
		assert_true(invoice_add(&sum, 600, money_of(1000), money_of(1000 * 6 / 106)));
	}
	box_add(&d->h.box, &l);
	invoice_make(&sum, &e.invoice);
	e.invoice.invoice = number_of(2026, 1);
	e.invoice.customer = customer;
	e.invoice.period.n = 202609;
	e.invoice.issued.n = 20727;
	e.invoice.due.n = 20757;
	box_add(&d->h.box, &e);
	closed.period_closed.period.n = 202609;
	closed.period_closed.low = low;
	box_add(&d->h.box, &closed);
}

static const json_t *bill_of(struct desk *d, const char *member)
{
	as_member(d, member);
	return json_object_get(desk_must(d, 200, "GET", "/v1/me/view?month=2026-09", NULL), "bill");
}

static void lines_are_billed_one_by_one(void **state)
{
	struct desk *d = desk_of(state);
	char anna[MEMBER_TEXT_SIZE], bo[MEMBER_TEXT_SIZE];
	struct entry credited = sample_entry(ENTRY_LINE_CREDITED);
	struct customer hers, his;
	uint64_t line[2], back;
	const json_t *bill;

	member_made(d, "Anna Ek", "anna@example.com", anna);
	member_made(d, "Bo Ek", "bo@example.com", bo);
	hers = customer_of(d, anna);
	his = customer_of(d, bo);
	line[0] = line_add(d, 7, "a1", 1000, hers);
	(void)line_add(d, 8, "a2", 300, hers); /* of a visit that goes on over the close */
	(void)line_add(d, 8, "b1", 77, his);
	line[1] = line_add(d, 7, "a3", 1000, hers);
	back = line_add(d, 9, "a4", 50, hers);
	billed(d, hers, line, 2, 1);
	(void)line_add(d, 10, "a5", 4000, hers);
	credited.line_credited.line = back;
	credited.line_credited.reason = CREDIT_WRONG_LINE;
	box_add(&d->h.box, &credited);
	house_sync(&d->h, 100);
	bill = bill_of(d, anna);
	assert_int_equal(number_of_json(bill, "total_minor"), 4300);
	assert_int_equal(number_of_json(bill, "credit_minor"), 50);
	assert_string_equal(text_of(bill, "currency"), "SEK");
	assert_int_equal(number_of_json(json_array_get(json_object_get(bill, "shops"), 0), "lines"),
			 2);
	bill = bill_of(d, bo);
	assert_int_equal(number_of_json(bill, "total_minor"), 77);
	as_member(d, anna);
	assert_int_equal(number_of_json(desk_must(d, 200, "GET", "/v1/me", NULL), "unbilled_minor"),
			 4300);
}

static void what_is_done_with_is_not_looked_at(void **state)
{
	struct desk *d = desk_of(state);
	char anna[MEMBER_TEXT_SIZE];
	struct customer hers;
	uint64_t line[1];

	member_made(d, "Anna Ek", "anna@example.com", anna);
	hers = customer_of(d, anna);
	(void)line_add(d, 7, "old", 500, hers);
	line[0] = line_add(d, 7, "a1", 1000, hers);
	billed(d, hers, line, 1, line[0]); /* its shop says: all before that one is done with */
	house_sync(&d->h, 100);
	assert_int_equal(number_of_json(bill_of(d, anna), "total_minor"), 0);
	assert_int_equal(json_array_size(json_object_get(bill_of(d, anna), "shops")), 0);
}

static void nobody_waits_behind_another_route(void **state)
{
	static const struct {
		const char *method, *path, *body;
	} all[] = {
		{"GET", "/v1/me/view", NULL},
		{"GET", "/v1/me/invoices", NULL},
		{"GET", "/v1/me/keys", NULL},
		{"POST", "/v1/me/invitation", NULL},
		{"GET", "/v1/me/export", NULL},
		{"DELETE", "/v1/me?force=1", NULL},
		{"PUT", "/v1/me", "{}"},
		{"DELETE", "/v1/me/keys/0011223344556677", NULL},
		{"GET", "/v1/me/invoices/viken/VIKEN-2026-000001", NULL},
	};
	struct desk *d = desk_of(state);
	char anna[MEMBER_TEXT_SIZE];

	member_made(d, "Anna Ek", "anna@example.com", anna);
	for (enum member_state s = MEMBER_ASKS; s <= MEMBER_DECLINED; s++) {
		if (s == MEMBER_LIVE || s == MEMBER_BARRED)
			continue;
		as_member(d, anna);
		d->who.state = s;
		for (uint32_t i = 0; i < ARRAY_LEN(all); i++) {
			desk_must(d, 403, all[i].method, all[i].path, all[i].body);
			assert_string_equal(d->code, "waits_for_approval");
		}
	}
}

static int64_t codes_of(struct desk *d)
{
	return house_number(&d->h, "SELECT count(*) FROM invitation");
}

/* Who had a lost phone in his hands may have asked it for a code. */
static void a_key_that_goes_takes_its_codes_along(void **state)
{
	struct desk *d = desk_of(state);
	char anna[MEMBER_TEXT_SIZE], bo[MEMBER_TEXT_SIZE], path[80], body[300];
	char hex[2 * COSE_KEY_SIZE + 1], kid[2 * KID_SIZE + 1];
	struct public_key key;
	uint8_t private_key[32];
	struct kid k;

	key_hex(private_key, &key, hex);
	k = kid_of(&key);
	hex_text(k.byte, KID_SIZE, kid);
	member_made(d, "Anna Ek", "anna@example.com", anna);
	member_made(d, "Bo Ek", "bo@example.com", bo);
	as_member(d, bo);
	desk_must(d, 201, "POST", "/v1/me/invitation", NULL);
	as_member(d, anna);
	desk_must(d, 201, "POST", "/v1/me/invitation", NULL);
	desk_must(d, 204, "DELETE", "/v1/me/keys/0011223344556677", NULL);
	assert_int_equal(codes_of(d), 2); /* no key of hers: nothing was taken away */
	snprintf(path, sizeof(path), "/v1/members/%s/keys", anna);
	desk_as(d, "anna", "*", RIGHTS_ALL);
	snprintf(body, sizeof(body), "{\"key\": \"%s\"}", hex);
	desk_must(d, 200, "POST", path, body);
	snprintf(path, sizeof(path), "/v1/me/keys/%s?last=1", kid);
	as_member(d, anna);
	desk_must(d, 204, "DELETE", path, NULL);
	assert_int_equal(codes_of(d), 1); /* Bo's */
}

/* --- codes by mail */

struct leasing {
	struct desk *d;
	struct recovering *r;
	bool found;
};

static int lease_work(struct db *db, void *data)
{
	struct leasing *l = data;

	l->found = recover_lease(&l->d->h.o, l->d->now, l->r);
	return db_failed(db);
}

static bool lease(struct desk *d, struct recovering *r)
{
	struct leasing l = {.d = d, .r = r};

	assert_int_equal(db_transact(d->h.o.db, lease_work, &l), 0);
	return l.found;
}

static int note_work(struct db *db, void *data)
{
	struct leasing *l = data;

	recover_note(&l->d->h.o, l->r, l->d->now);
	return db_failed(db);
}

static void note(struct desk *d, struct recovering *r, int result)
{
	struct leasing l = {.d = d, .r = r};

	r->result = result;
	assert_int_equal(db_transact(d->h.o.db, note_work, &l), 0);
}

static void ask_code(struct desk *d, const char *email, uint32_t status)
{
	char body[400];

	d->who = (struct who){.shops = ""};
	snprintf(body, sizeof(body), "{\"email\": \"%s\"}", email);
	desk_must(d, status, "POST", "/v1/recover", body);
}

static void a_code_goes_to_who_has_the_address(void **state)
{
	struct desk *d = desk_of(state);
	struct recovering r;
	char anna[MEMBER_TEXT_SIZE], bo[MEMBER_TEXT_SIZE], first[INVITE_CODE_SIZE];

	ask_code(d, "anna@example.com", 503);
	d->h.config.mail.given = true;
	member_made(d, "Anna Ek", "Anna_1%@example.com", anna);
	member_made(d, "Bo Ek", "annax1%@example.com", bo);
	ask_code(d, "anna_1%@EXAMPLE.com", 202);
	d->now.ms++;
	ask_code(d, "nobody@example.com", 202);
	assert_true(lease(d, &r));
	assert_int_equal(r.people, 1);
	assert_string_equal(r.person[0].name, "Anna Ek");
	assert_string_equal(r.email, "Anna_1%@example.com");
	snprintf(first, sizeof(first), "%s", r.person[0].code);
	note(d, &r, -EAGAIN);
	assert_true(lease(d, &r)); /* nobody's */
	assert_int_equal(r.people, 0);
	assert_false(lease(d, &r));
	d->now.ms += MINUTE_MS;
	assert_true(lease(d, &r));
	assert_int_equal(r.people, 1);
	assert_string_not_equal(r.person[0].code, first); /* another one, and the only one */
	assert_int_equal(
		house_number(&d->h, "SELECT count(*) FROM invitation WHERE made_by = 'recover'"),
		1);
	note(d, &r, 0);
	d->now.ms += 60 * MINUTE_MS;
	assert_false(lease(d, &r));
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM recovery WHERE email <> ''"), 0);
}

/* Whoever has an invitation may register with another's address; nobody approved that yet. */
static void nobody_is_crowded_out(void **state)
{
	struct desk *d = desk_of(state);
	struct recovering r;
	char number[MEMBER_TEXT_SIZE];
	uint32_t annas = 0;

	d->h.config.mail.given = true;
	for (uint32_t i = 0; i < 3 * RECOVER_PEOPLE; i++)
		member_made(d, "Mallory Ek", "anna@example.com", number);
	house_do(&d->h, "UPDATE member SET state = 0");
	member_made(d, "Anna Ek", "anna@example.com", number);
	house_do(&d->h, "UPDATE member_shop SET member = 'ffffffffffffffff' WHERE member IN"
			" (SELECT member FROM member WHERE state = 1)");
	house_do(&d->h, "UPDATE member SET member = 'ffffffffffffffff' WHERE state = 1");
	ask_code(d, "anna@example.com", 202);
	assert_true(lease(d, &r));
	assert_int_equal(r.people, RECOVER_PEOPLE);
	for (uint32_t i = 0; i < r.people; i++)
		annas += strcmp(r.person[i].name, "Anna Ek") == 0;
	assert_int_equal(annas, 1);
}

static void three_an_hour(void **state)
{
	struct desk *d = desk_of(state);
	struct recovering r;
	char anna[MEMBER_TEXT_SIZE];
	uint32_t mails = 0;

	d->h.config.mail.given = true;
	member_made(d, "Anna Ek", "anna@example.com", anna);
	for (uint32_t i = 0; i < 7; i++) {
		ask_code(d, "anna@example.com", 202);
		d->now.ms += MINUTE_MS;
		assert_true(lease(d, &r));
		mails += r.people;
		note(d, &r, 0);
	}
	assert_int_equal(mails, RECOVER_AN_HOUR);
	d->now.ms += 60 * MINUTE_MS;
	ask_code(d, "anna@example.com", 202);
	assert_true(lease(d, &r));
	assert_int_equal(r.people, 1); /* those that did not go do not count */
}

static void an_address_is_an_address(void **state)
{
	struct desk *d = desk_of(state);

	d->h.config.mail.given = true;
	ask_code(d, "anna", 422);
	ask_code(d, "a b@example.com", 422);
	ask_code(d, "a@example.com,b@example.com", 422);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM recovery"), 0);
}

static void the_mail_speaks_her_language(void **state)
{
	struct recovering r = {.people = 1, .language = LANGUAGE_SV, .title = "Lanthandeln"};
	char subject[MAIL_SUBJECT_MAX];
	char *text;

	(void)state;
	snprintf(r.person[0].code, sizeof(r.person[0].code), "AAAA-BBBB-CCCC");
	snprintf(r.person[0].name, sizeof(r.person[0].name), "Anna Ek");
	text = recover_words(&r, subject);
	assert_string_equal(subject, "Kod till din telefon, Lanthandeln");
	assert_non_null(strstr(text, "    AAAA-BBBB-CCCC\n"));
	assert_non_null(strstr(text, "tio minuter"));
	free(text);
	r.language = LANGUAGE_EN;
	r.people = 2;
	text = recover_words(&r, subject);
	assert_string_equal(subject, "A code for your phone, Lanthandeln");
	assert_non_null(strstr(text, "    AAAA-BBBB-CCCC   (Anna Ek)\n"));
	free(text);
}

/* --- places in lists */

static void a_place_is_read_as_it_is_written(void **state)
{
	static const char *const bad[] = {"",
					  "1",
					  "1.viken",
					  "1.viken.",
					  ".viken.1",
					  "1..1",
					  "1.VIKEN.1",
					  "1.viken.1 ",
					  "-1.viken.1",
					  "1.viken.-1",
					  "1.viken.1.1",
					  " 1.viken.1",
					  "1.seventeen-letters.1",
					  "1234567890123456789.viken.1"};
	struct page_place p = {.time = 1790000000000, .id = 17, .shop = "viken"}, again;
	char text[PAGE_PLACE_SIZE];

	(void)state;
	page_place_text(&p, text);
	assert_string_equal(text, "1790000000000.viken.17");
	assert_true(page_place_read(text, 5, &again));
	assert_true(again.time == p.time && again.id == p.id);
	assert_string_equal(again.shop, p.shop);
	assert_true(page_place_read(NULL, 5, &again));
	assert_int_equal(again.time, 5);
	assert_string_equal(again.shop, "");
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(page_place_read(bad[i], 5, &again));
}

/* --- owners */

static void an_owner_reaches_nothing_but_shops(void **state)
{
	struct who owner = {.kind = WHO_OPERATOR,
			    .owner = true,
			    .rights = OWNER_RIGHTS | OWNER_READS,
			    .shops = "*"};

	(void)state;
	for (enum right right = RIGHT_FLEET; right <= RIGHT_PULL; right++) {
		assert_true(who_may(&owner, right, "viken"));
		assert_false(who_may(&owner, right, NULL));
	}
	owner.shops = "viken";
	assert_false(who_may(&owner, RIGHT_MEMBERS, "falun"));
	owner.kind = WHO_MEMBER;
	assert_false(who_may(&owner, RIGHT_MEMBERS, "viken"));
	assert_int_equal(OWNER_RIGHTS & OWNER_READS, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(lines_are_billed_one_by_one),
		ON_BOTH(what_is_done_with_is_not_looked_at),
		ON_BOTH(nobody_waits_behind_another_route),
		ON_BOTH(a_key_that_goes_takes_its_codes_along),
		ON_BOTH(a_code_goes_to_who_has_the_address),
		ON_BOTH(nobody_is_crowded_out),
		ON_BOTH(three_an_hour),
		ON_BOTH(an_address_is_an_address),
		cmocka_unit_test(a_place_is_read_as_it_is_written),
		cmocka_unit_test(the_mail_speaks_her_language),
		cmocka_unit_test(an_owner_reaches_nothing_but_shops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
