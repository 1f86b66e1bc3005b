/*
 * test_officed_bill.c: invoices joined with people: papers from entries, which go together and
 * when, whose money came in, who owes too long, what webhooks are told. On SQLite, and on the
 * PostgreSQL that SHOP_TEST_POSTGRES names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "base/base64.h"
#include "core/catalog.h"
#include "intake_house.h"
#include "officed/bill_payment.h"
#include "officed/hook.h"

#define SELLER                                                                                     \
	"{\"name\":\"Bodens Lanthandel AB\",\"street\":\"P\xc3\xa5hittsgatan 1\","                 \
	"\"postcode\":\"000 01\",\"city\":\"Sagby\",\"country\":\"SE\","                           \
	"\"organisation_number\":\"559900-0006\",\"vat_number\":\"SE559900000601\","               \
	"\"f_tax\":true,\"bankgiro\":\"991-2346\"}"
#define BUYER                                                                                      \
	"{\"name\":\"Exempla \xc3\x96"                                                             \
	"dm\xc3\xa5rdh\",\"street\":\"Fantasiv\xc3\xa4gen 7\","                                    \
	"\"postcode\":\"000 02\",\"city\":\"Sagby\",\"country\":\"SE\","                           \
	"\"email\":\"exempla@exempel.example\"}"
#define PERIOD	 202609
#define DAY_MS	 INT64_C(86400000)
#define OCTOBER1 INT64_C(20727) /* 2026-10-01 */

static int set_up(void **state)
{
	int r = house_set_up(state);

	if (*state)
		house_do(*state, "UPDATE shop SET seller = '" SELLER "'");
	return r;
}

/* --- what tests do in a transaction */

struct doing {
	struct office_house *h;
	void (*what)(struct office_house *h, void *data);
	void *data;
};

static int doing_work(struct db *d, void *data)
{
	struct doing *x = data;

	x->what(x->h, x->data);
	return db_failed(d);
}

static void in_transaction(struct office_house *h, void (*what)(struct office_house *, void *),
			   void *data)
{
	struct doing x = {h, what, data};
	int r = db_transact(h->o.db, doing_work, &x);

	if (r != 0)
		print_error("%s\n", db_why(h->o.db));
	assert_int_equal(r, 0);
}

/* --- a month at a shop */

static void put_varint(struct entry_invoice_lines *l, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		l->packed[l->packed_len++] = (uint8_t)(n | 0x80);
	l->packed[l->packed_len++] = (uint8_t)n;
}

/* Two lines of a customer and the invoice that bears them. */
static struct entry_invoice add_invoice(struct box *x, uint8_t customer, uint32_t number)
{
	static const int64_t total[] = {2990, 1295};
	struct entry lines = {.kind = ENTRY_INVOICE_LINES, .at = {HOUSE_NOW}};
	struct entry e = {.kind = ENTRY_INVOICE, .at = {HOUSE_NOW}};
	struct invoice_sum sum = {0};
	uint64_t last = 0, seq;
	char key[16];

	lines.invoice_lines.invoice = number_of(2026, number);
	for (uint32_t i = 0; i < 2; i++) {
		struct entry line;

		snprintf(key, sizeof(key), "k%u-%u", number, i);
		line = sample_line(number, key, total[i]);
		line.line.customer = sample_customer(customer);
		line.line.unit_price = line.line.list_price = money_of(total[i] / 2);
		seq = box_add(x, &line);
		put_varint(&lines.invoice_lines, seq - last);
		last = seq;
		lines.invoice_lines.lines++;
		assert_true(
			invoice_add(&sum, 600, money_of(total[i]), money_of(total[i] * 6 / 106)));
	}
	box_add(x, &lines);
	invoice_make(&sum, &e.invoice);
	e.invoice.invoice = number_of(2026, number);
	e.invoice.customer = sample_customer(customer);
	e.invoice.period.n = PERIOD;
	e.invoice.issued.n = (int32_t)OCTOBER1;
	e.invoice.due.n = (int32_t)OCTOBER1 + 30;
	box_add(x, &e);
	return e.invoice;
}

static void add_member(struct office_house *h, uint8_t customer, const char *member)
{
	struct customer c = sample_customer(customer);
	char sql[1400], bytes[40], hex[33];

	/* bytes are written differently by the two */
	hex_text(c.byte, sizeof(c.byte), hex);
	snprintf(bytes, sizeof(bytes), h->db.engine == DB_SQLITE ? "x'%s'" : "'\\x%s'", hex);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO member(member, customer, state, role, flags, credit_limit, party,"
		 " language, mail_invoices, made_at, changed_at, erased_at)"
		 " VALUES('%s', %s, 1, 0, 0, 0, '" BUYER "', 'sv', 1, 0, 0, 0);"
		 "INSERT INTO member_shop(shop, member, customer) VALUES('viken', '%s', %s)",
		 member, bytes, member, bytes);
	house_do(h, sql);
}

/* Somebody whose one invoice is not paid; the month is not closed. */
static void a_member_owes(struct office_house *h)
{
	add_member(h, 0xc0, "exempla");
	add_invoice(&h->box, 0xc0, 1);
	house_sync(h, 100);
}

static void add_closed(struct box *x)
{
	struct entry e = sample_entry(ENTRY_PERIOD_CLOSED);

	e.period_closed.period.n = PERIOD;
	box_add(x, &e);
}

/* --- papers */

struct papering {
	struct invoice_id id;
	struct paper *paper;
	int error;
};

static void read_paper(struct office_house *h, void *data)
{
	struct papering *p = data;

	free(p->paper);
	p->paper = bill_paper(&h->o, HOUSE_SHOP, p->id, &p->error);
}

static void a_paper_is_its_entries(void **state)
{
	struct office_house *h = house(state);
	struct entry_invoice i = add_invoice(&h->box, 0xc0, 7);
	struct papering p = {.id = i.invoice};
	struct money net = MONEY_ZERO, gross = MONEY_ZERO;

	house_sync(h, 100);
	in_transaction(h, read_paper, &p);
	assert_non_null(p.paper);
	assert_int_equal(p.paper->lines, 2);
	assert_string_equal(p.paper->currency, "SEK");
	assert_string_equal(p.paper->shop.name, HOUSE_SHOP);
	assert_int_equal(money_minor(p.paper->payable), money_minor(i.payable));
	assert_int_equal(p.paper->rates, 1);
	for (uint32_t n = 0; n < 2; n++) {
		assert_string_equal(p.paper->line[n].name, "Mellanmj\xc3\xb6lk 1,5 l");
		assert_true(money_add(net, p.paper->line[n].net, &net));
		assert_true(money_add(gross, p.paper->line[n].gross, &gross));
	}
	/* what was spread is the base, to the last minor unit */
	assert_int_equal(money_minor(net), money_minor(i.rate[0].base));
	assert_int_equal(money_minor(gross), money_minor(i.gross));
	free(p.paper);
	/* there is no such invoice */
	p = (struct papering){.id = number_of(2026, 8)};
	in_transaction(h, read_paper, &p);
	assert_null(p.paper);
	assert_int_equal(p.error, 0);
	/* a line that has gone: it does not add up, and is not drawn */
	house_do(h, "DELETE FROM line WHERE seq = 1");
	p = (struct papering){.id = i.invoice};
	in_transaction(h, read_paper, &p);
	assert_null(p.paper);
	assert_int_equal(p.error, -EBADMSG);
}

/* --- bundles */

struct bundling {
	struct wall now;
	struct bundle_walk walk;
};

static void bundle(struct office_house *h, void *data)
{
	struct bundling *b = data;

	bundle_gather(&h->o);
	bundle_make(&h->o, &b->walk, b->now);
}

static void bundle_at(struct office_house *h, int64_t day)
{
	struct bundling b = {.now = {day * DAY_MS}};

	in_transaction(h, bundle, &b);
}

static void a_bundle_waits_for_every_shop(void **state)
{
	struct office_house *h = house(state);

	add_member(h, 0xc0, "exempla");
	house_do(h, "INSERT INTO shop(shop, shop_group, title, language, currency, seller, state,"
		    " key, epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to,"
		    " feed_from, changed) SELECT 'boden', '', 'Boden', 'sv', 'SEK', seller, 1, '',"
		    " 1, 0, 0, '', 0, 0, 0, 0, 0 FROM shop WHERE shop = 'viken';"
		    "INSERT INTO member_shop(shop, member, customer) SELECT 'boden', member,"
		    " customer FROM member");
	add_invoice(&h->box, 0xc0, 1);
	add_closed(&h->box);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle_invoice WHERE bundle = 0"),
			 1);
	/* the other shop has closed its month: now */
	house_do(h, "INSERT INTO period_closed(shop, period, seq, invoices, receivable)"
		    " VALUES('boden', 202609, 1, 0, 0)");
	bundle_at(h, OCTOBER1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 1);
	assert_int_equal(house_number(h, "SELECT bundle FROM bundle_invoice LIMIT 1"), 1);
	assert_int_equal(house_number(h, "SELECT payable FROM bundle LIMIT 1"), 4300);
	assert_int_equal(house_number(h, "SELECT due FROM bundle LIMIT 1"), OCTOBER1 + 30);
	/* nothing is bundled twice */
	bundle_at(h, OCTOBER1 + 9);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 1);
}

static void a_bundle_does_not_wait_for_ever(void **state)
{
	struct office_house *h = house(state);

	add_member(h, 0xc0, "exempla");
	add_invoice(&h->box, 0xc0, 1);
	house_sync(h, 100); /* the month is not closed */
	bundle_at(h, OCTOBER1 + BUNDLE_WAIT_DAYS - 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 0);
	bundle_at(h, OCTOBER1 + BUNDLE_WAIT_DAYS);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 1);
	/* what comes later is one of its own */
	add_invoice(&h->box, 0xc0, 2);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1 + BUNDLE_WAIT_DAYS);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 2);
}

static void whom_nobody_knows_waits(void **state)
{
	struct office_house *h = house(state);

	add_invoice(&h->box, 0xc0, 1);
	add_closed(&h->box);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1);
	assert_int_equal(house_number(h, "SELECT bundle FROM bundle_invoice LIMIT 1"), -1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 0);
}

/* --- its mail */

struct mailing_of {
	struct mailing mailing;
	struct wall now;
	bool leased;
};

static void lease(struct office_house *h, void *data)
{
	struct mailing_of *m = data;

	mailing_free(&m->mailing);
	m->leased = mailing_lease(&h->o, m->now, &m->mailing);
}

static void note(struct office_house *h, void *data)
{
	struct mailing_of *m = data;

	mailing_note(&h->o, &m->mailing, m->now);
}

static void a_mail_is_leased_noted_and_given_up(void **state)
{
	struct office_house *h = house(state);
	static struct mailing_of m;
	char subject[BILL_SUBJECT_SIZE], *text;

	add_member(h, 0xc0, "exempla");
	add_invoice(&h->box, 0xc0, 1);
	add_closed(&h->box);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1);
	m.now.ms = OCTOBER1 * DAY_MS;
	in_transaction(h, lease, &m);
	assert_true(m.leased);
	assert_int_equal(m.mailing.result, 0);
	assert_int_equal(m.mailing.papers, 1);
	bill_subject(&m.mailing, subject);
	assert_string_equal(subject, "Faktura september 2026, Bodens Lanthandel AB");
	text = bill_text(&m.mailing);
	assert_non_null(strstr(text, "Hej Exempla \xc3\x96"
				     "dm\xc3\xa5rdh,"));
	assert_non_null(strstr(text, "VIKEN-2026-000001"));
	assert_non_null(strstr(text, "Att betala: 43,00"));
	assert_non_null(strstr(text, "bankgiro 991-2346"));
	free(text);
	/* nobody else gets it, until the lease is over */
	in_transaction(h, lease, &m);
	assert_false(m.leased);
	m.now.ms += MAIL_LEASE_MS;
	in_transaction(h, lease, &m);
	assert_true(m.leased);
	assert_int_equal(m.mailing.tries, 2);
	/* later, and later, and then never: a person is told */
	for (int64_t tries = 2; tries <= MAIL_TRIES_MAX; tries++) {
		assert_true(m.leased);
		assert_int_equal(m.mailing.tries, tries);
		m.mailing.result = -EAGAIN;
		snprintf(m.mailing.why, sizeof(m.mailing.why), "450 try later");
		in_transaction(h, note, &m);
		m.now.ms += MAIL_RETRY_MAX_MS;
		in_transaction(h, lease, &m);
	}
	assert_false(m.leased);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 7"), 1);
	mailing_free(&m.mailing);
}

static void a_mail_to_nowhere_is_not_tried(void **state)
{
	struct office_house *h = house(state);
	static struct mailing_of m;

	add_member(h, 0xc0, "exempla");
	house_do(h,
		 "UPDATE member SET party = '{\"name\":\"X\",\"street\":\"Y\",\"postcode\":\"1\","
		 "\"city\":\"Z\",\"country\":\"SE\"}'");
	add_invoice(&h->box, 0xc0, 1);
	add_closed(&h->box);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1);
	m.now.ms = OCTOBER1 * DAY_MS;
	in_transaction(h, lease, &m);
	assert_true(m.leased);
	assert_int_equal(m.mailing.result, -EINVAL);
	assert_non_null(strstr(m.mailing.why, "mail address"));
	in_transaction(h, note, &m);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle WHERE due_at > 0"), 0);
	mailing_free(&m.mailing);
}

/* --- money */

struct paying {
	struct bank_payment payment;
	struct placed placed;
};

static void pay(struct office_house *h, void *data)
{
	struct paying *p = data;
	struct payee *payee;
	uint32_t payees = payees_of(&h->o, NULL, "9912346", &payee);

	payment_place(&h->o, payee, payees, &p->payment, (struct wall){HOUSE_NOW}, &p->placed);
	free(payee);
}

static struct placed paid(struct office_house *h, const char *key, const char *reference,
			  int64_t amount)
{
	struct paying p = {.payment = {.amount = money_of(amount),
				       .currency = "SEK",
				       .booked = {(int32_t)OCTOBER1 + 12}}};

	snprintf(p.payment.bank_key, sizeof(p.payment.bank_key), "%s", key);
	snprintf(p.payment.reference, sizeof(p.payment.reference), "%s", reference);
	in_transaction(h, pay, &p);
	return p.placed;
}

static void money_finds_its_invoice(void **state)
{
	struct office_house *h = house(state);
	struct entry_invoice i = add_invoice(&h->box, 0xc0, 1);
	char ocr[OCR_TEXT_SIZE];
	struct placed p;

	house_sync(h, 100);
	ocr_text(i.invoice, ocr);
	p = paid(h, "aa", ocr, 4300);
	assert_int_equal(p.match, PAYMENT_EXACT);
	assert_string_equal(p.shop, HOUSE_SHOP);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 1);
	/* the same file again */
	p = paid(h, "aa", ocr, 4300);
	assert_true(p.repeated);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 1);
	/* in words, too little, too much; and of nobody */
	assert_int_equal(paid(h, "bb", "Viken-2026-000001", 100).match, PAYMENT_UNDER);
	assert_int_equal(paid(h, "cc", ocr, 5000).match, PAYMENT_OVER);
	assert_int_equal(paid(h, "dd", "tack!", 77).match, PAYMENT_UNKNOWN);
	assert_int_equal(house_number(h, "SELECT count(*) FROM money_in WHERE shop = ''"), 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 3);
}

static void the_same_number_of_two_shops(void **state)
{
	struct office_house *h = house(state);
	struct entry_invoice i = add_invoice(&h->box, 0xc0, 1);
	char ocr[OCR_TEXT_SIZE];

	house_sync(h, 100);
	house_do(h, "INSERT INTO shop(shop, shop_group, title, language, currency, seller, state,"
		    " key, epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to,"
		    " feed_from, changed) SELECT 'boden', '', 'Boden', 'sv', 'SEK', seller, 1, '',"
		    " 1, 0, 0, '', 0, 0, 0, 0, 0 FROM shop WHERE shop = 'viken';"
		    "INSERT INTO invoice(shop, id, seq, first_seq, credit_note, customer, period,"
		    " issued, due, lines, gross, rounding, payable, original, paid, credited)"
		    " SELECT 'boden', id, seq, first_seq, 0, customer, period, issued, due, lines,"
		    " gross, rounding, 9900, 0, 0, 0 FROM invoice");
	ocr_text(i.invoice, ocr);
	/* the amount tells which; else a person has to */
	assert_string_equal(paid(h, "aa", ocr, 9900).shop, "boden");
	assert_string_equal(paid(h, "bb", ocr, 4300).shop, "viken");
	assert_string_equal(paid(h, "cc", ocr, 5).shop, "");
}

static void a_bundle_is_paid_at_once(void **state)
{
	struct office_house *h = house(state);
	char reference[OCR_TEXT_SIZE];
	struct placed p;
	uint64_t back;

	add_member(h, 0xc0, "exempla");
	add_invoice(&h->box, 0xc0, 1);
	add_invoice(&h->box, 0xc0, 2);
	add_closed(&h->box);
	house_sync(h, 100);
	bundle_at(h, OCTOBER1);
	bundle_reference(1, reference);
	assert_true(bundle_of_reference(reference, (uint32_t)strlen(reference), &back));
	assert_int_equal(back, 1);
	p = paid(h, "aa", reference, 8600);
	assert_int_equal(p.match, PAYMENT_EXACT);
	assert_int_equal(house_number(h, "SELECT amount FROM money_in LIMIT 1"), 8600);
	reference[4] = reference[4] == '9' ? '8' : '9';
	assert_false(bundle_of_reference(reference, (uint32_t)strlen(reference), &back));
	for (uint32_t n = 1; n < 2000; n += 37) {
		struct invoice_id id;

		/* no bundle's number is an invoice's */
		bundle_reference(n, reference);
		assert_false(ocr_parse(reference, (uint32_t)strlen(reference), &id));
	}
}

static void mark_overdue(struct office_house *h, void *data)
{
	const struct wall *now = data;

	overdue_mark(&h->o, *now);
}

static void who_owes_too_long_is_told_to_all_shops(void **state)
{
	struct office_house *h = house(state);
	struct wall now = {(OCTOBER1 + 30 + 30) * DAY_MS};

	a_member_owes(h);
	in_transaction(h, mark_overdue, &now);
	assert_int_equal(house_number(h, "SELECT flags FROM member LIMIT 1"), 0);
	now.ms += DAY_MS;
	in_transaction(h, mark_overdue, &now);
	assert_int_equal(house_number(h, "SELECT flags FROM member LIMIT 1"), MEMBER_OVERDUE);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 1);
	in_transaction(h, mark_overdue, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 1);
	house_do(h, "UPDATE invoice SET paid = payable");
	in_transaction(h, mark_overdue, &now);
	assert_int_equal(house_number(h, "SELECT flags FROM member LIMIT 1"), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM feed"), 2);
}

static void remind(struct office_house *h, void *data)
{
	const struct wall *now = data;

	reminder_make(&h->o, *now);
}

static void what_is_not_paid_is_said_twice(void **state)
{
	struct office_house *h = house(state);
	static struct mailing_of m;
	char subject[BILL_SUBJECT_SIZE], *text;
	struct wall now = {(OCTOBER1 + 30 + 4) * DAY_MS};

	a_member_owes(h);
	in_transaction(h, remind, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 0);
	now.ms += DAY_MS;
	in_transaction(h, remind, &now);
	in_transaction(h, remind, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 1);
	m.now = now;
	in_transaction(h, lease, &m);
	assert_true(m.leased);
	assert_int_equal(m.mailing.result, 0);
	assert_int_equal(m.mailing.papers, 1);
	bill_subject(&m.mailing, subject);
	assert_string_equal(subject, "P\xc3\xa5minnelse: faktura VIKEN-2026-000001");
	text = bill_text(&m.mailing);
	assert_non_null(strstr(text, "inte sett n\xc3\xa5gon betalning"));
	assert_non_null(strstr(text, "Att betala: 43,00"));
	free(text);
	mailing_free(&m.mailing);
	/* money is on its way: no second word */
	now.ms += 10 * DAY_MS;
	house_do(h, "INSERT INTO money_in(shop, key, customer, invoice, amount, booked, reference,"
		    " came_at) SELECT 'viken', 'aa', customer, id, 4300, 1, '', 1 FROM invoice");
	in_transaction(h, remind, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 1);
	house_do(h, "DELETE FROM money_in");
	in_transaction(h, remind, &now);
	in_transaction(h, remind, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle WHERE kind = 2"), 1);
	house_do(h, "UPDATE invoice SET paid = payable; DELETE FROM bundle");
	in_transaction(h, remind, &now);
	assert_int_equal(house_number(h, "SELECT count(*) FROM bundle"), 0);
}

/* --- webhooks */

struct hooked {
	struct hook_call call[HOOKS_A_LOOK];
	uint32_t calls;
	struct wall now;
};

static void ask_to_be_told(struct office_house *h, void *data)
{
	(void)data;
	db_do(h->o.db,
	      "INSERT INTO hook(id, url, secret, old_secret, old_until, kinds, disabled, why,"
	      " made_at) VALUES('hook_1', 'https://example.com/x', $1, $2, 0, 'invoice.*', 0, '', "
	      "0)",
	      DB_VALUES(db_bytes("01234567890123456789012345678901", HOOK_SECRET_SIZE),
			db_bytes("", 0)));
}

static void tell(struct office_house *h, void *data)
{
	(void)data;
	hook_add(&h->o, HOUSE_SHOP, "invoice.created", "{\"number\":1}", (struct wall){HOUSE_NOW});
	hook_add(&h->o, HOUSE_SHOP, "alarm.raised", "{}", (struct wall){HOUSE_NOW});
}

static void hooks_due(struct office_house *h, void *data)
{
	struct hooked *x = data;

	for (uint32_t i = 0; i < x->calls; i++)
		hook_call_free(&x->call[i]);
	x->calls = hook_lease(&h->o, x->now, x->call);
}

static void hooks_noted(struct office_house *h, void *data)
{
	struct hooked *x = data;

	for (uint32_t i = 0; i < x->calls; i++)
		hook_note(&h->o, &x->call[i], x->now);
}

static void webhooks_are_told_until_they_take_it(void **state)
{
	struct office_house *h = house(state);
	static struct hooked x;
	char id[HOOK_ID_MAX + 1];

	x.now.ms = HOUSE_NOW;
	in_transaction(h, ask_to_be_told, NULL);
	in_transaction(h, tell, NULL);
	in_transaction(h, hooks_due, &x);
	assert_int_equal(x.calls, 1); /* alarms it does not want */
	assert_non_null(strstr(x.call[0].body, "\"type\":\"invoice.created\""));
	assert_non_null(strstr(x.call[0].body, "\"data\":{\"number\":1}"));
	memcpy(id, x.call[0].id, sizeof(id));
	/* leased: nobody else tells it; refused: after five seconds, under the same id */
	x.call[0].status = 500;
	in_transaction(h, hooks_noted, &x);
	in_transaction(h, hooks_due, &x);
	assert_int_equal(x.calls, 0);
	x.now.ms += 5000;
	in_transaction(h, hooks_due, &x);
	assert_int_equal(x.calls, 1);
	assert_string_equal(x.call[0].id, id);
	assert_int_equal(x.call[0].tries, 2);
	x.call[0].status = 204;
	in_transaction(h, hooks_noted, &x);
	assert_int_equal(house_number(h, "SELECT count(*) FROM hook_out WHERE due_at > 0"), 0);
	/* gone: nothing is told any more, and a person knows */
	in_transaction(h, tell, NULL);
	in_transaction(h, hooks_due, &x);
	x.call[0].status = 410;
	in_transaction(h, hooks_noted, &x);
	assert_int_equal(house_number(h, "SELECT count(*) FROM hook WHERE disabled > 0"), 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 8"), 1);
	in_transaction(h, tell, NULL);
	in_transaction(h, hooks_due, &x);
	assert_int_equal(x.calls, 0);
}

/* The example that the reference libraries of Standard Webhooks are tested with: its secret has 24
 * bytes. */
static void a_signature_is_the_specifications(void **state)
{
	static const uint8_t secret[24] = {0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a,
					   0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c,
					   0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0};
	static const char content[] =
		"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
	struct hook_call c = {.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
			      .body = (char *)(uintptr_t) "{\"test\": 2432232314}",
			      .secrets = 2};
	struct sha256 mac = hmac_sha256(secret, sizeof(secret), content, sizeof(content) - 1);
	char text[HOOK_SIGNATURE_SIZE], digits[BASE64_SIZE(32)];

	(void)state;
	base64_encode(mac.byte, sizeof(mac.byte), digits);
	assert_string_equal(digits, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	/* two secrets while one takes the other's place: both sign */
	memset(c.secret[0], 7, HOOK_SECRET_SIZE);
	memset(c.secret[1], 8, HOOK_SECRET_SIZE);
	hook_signature(&c, 1614265330, text);
	for (uint32_t i = 0; i < 2; i++) {
		const char *at = text + i * (strlen("v1,") + strlen(digits) + 1);

		mac = hmac_sha256(c.secret[i], HOOK_SECRET_SIZE, content, sizeof(content) - 1);
		base64_encode(mac.byte, sizeof(mac.byte), digits);
		assert_memory_equal(at, "v1,", 3);
		assert_memory_equal(at + 3, digits, strlen(digits));
	}
}

static void pauses_and_kinds(void **state)
{
	int64_t all = 0;

	(void)state;
	for (int64_t tries = 1; hook_retry_ms(tries) > 0; tries++) {
		assert_true(hook_retry_ms(tries) >= hook_retry_ms(tries - 1));
		all += hook_retry_ms(tries);
	}
	assert_in_range(all, 3 * DAY_MS, 4 * DAY_MS);
	assert_true(hook_kind_wanted("", "alarm.raised"));
	assert_true(hook_kind_wanted("invoice.created alarm.raised", "alarm.raised"));
	assert_true(hook_kind_wanted("alarm.*", "alarm.raised"));
	assert_false(hook_kind_wanted("alarm", "alarm.raised"));
	assert_false(hook_kind_wanted("alarms.*", "alarm.raised"));
	assert_false(hook_kind_wanted("invoice.created", "invoice.createdx"));
}

#define ON_BOTH(test) ON_BOTH_WITH(test, set_up, house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_paper_is_its_entries),
		ON_BOTH(a_bundle_waits_for_every_shop),
		ON_BOTH(a_bundle_does_not_wait_for_ever),
		ON_BOTH(whom_nobody_knows_waits),
		ON_BOTH(a_mail_is_leased_noted_and_given_up),
		ON_BOTH(a_mail_to_nowhere_is_not_tried),
		ON_BOTH(money_finds_its_invoice),
		ON_BOTH(the_same_number_of_two_shops),
		ON_BOTH(a_bundle_is_paid_at_once),
		ON_BOTH(who_owes_too_long_is_told_to_all_shops),
		ON_BOTH(what_is_not_paid_is_said_twice),
		ON_BOTH(webhooks_are_told_until_they_take_it),
		cmocka_unit_test(a_signature_is_the_specifications),
		cmocka_unit_test(pauses_and_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
