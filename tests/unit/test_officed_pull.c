/* What accounting systems pull: everything once, by cursor, nothing that is not theirs to see. Each
 * test on SQLite, and on the PostgreSQL that SHOP_TEST_POSTGRES names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_house.h"
#include "officed/pull.h"

/* --- asking */

struct page {
	int result;
	uint32_t status;
	json_t *value;
	char etag[72];
};

/* Names and values, NULL-terminated. */
static struct page pull(struct office_house *h, route_fn *route, const char *shops,
			const char *etag, const char *const *query)
{
	struct ask a = house_ask(0);
	struct reply r = {0};
	struct page p = {0};

	a.who.rights = 1U << RIGHT_PULL;
	a.who.shops = shops;
	a.etag = etag;
	for (; query && *query; query += 2) {
		a.query[a.queries].name = query[0];
		a.query[a.queries++].value = query[1];
	}
	p.result = route(&h->o, &a, &r);
	if (p.result != 0)
		print_error("%s\n", db_why(h->o.db));
	assert_int_equal(p.result, 0);
	p.status = r.status;
	memcpy(p.etag, r.etag, sizeof(p.etag));
	if (r.status == 200)
		p.value = json_loadb(r.bytes, r.len, 0, NULL);
	reply_free(&r);
	return p;
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	assert_non_null(text);
	return text;
}

static int64_t number_of(const json_t *o, const char *name)
{
	const json_t *n = json_object_get(o, name);

	assert_true(json_is_integer(n));
	return json_integer_value(n);
}

/* All pages from `after` on; the rows in one array, the cursor at the end in `after`. */
static json_t *pull_all(struct office_house *h, route_fn *route, const char *name,
			const char *limit, char after[64])
{
	json_t *all = json_array();

	for (bool more = true; more;) {
		struct page p = pull(h, route, "*", NULL,
				     (const char *const[]){"limit", limit, "after", after, NULL});

		assert_int_equal(p.status, 200);
		json_array_extend(all, json_object_get(p.value, name));
		more = !json_is_true(json_object_get(p.value, "up_to_date"));
		assert_true(!more || strcmp(after, text_of(p.value, "next")) != 0);
		snprintf(after, 64, "%s", text_of(p.value, "next"));
		json_decref(p.value);
	}
	return all;
}

/* --- what happened */

static void add_line(struct box *x, uint64_t visit, const char *key, int64_t total)
{
	struct entry e = sample_line(visit, key, total);

	box_add(x, &e);
}

static void add_invoice(struct box *x, uint64_t number, int32_t period)
{
	struct entry e = sample_entry(ENTRY_INVOICE);

	e.invoice.invoice.n = number;
	e.invoice.period.n = period;
	box_add(x, &e);
}

static void every_invoice_comes_once(void **state)
{
	struct office_house *h = house(state);
	char after[64] = "0";
	json_t *all;

	for (uint64_t n = 1; n <= 7; n++)
		add_invoice(&h->box, 2026000000 + n, n < 5 ? 202609 : 202610);
	house_sync(h, 3);
	all = pull_all(h, pull_invoices, "invoices", "2", after);
	assert_int_equal(json_array_size(all), 7);
	for (uint32_t i = 0; i < 7; i++) {
		char number[24];

		snprintf(number, sizeof(number), "VIKEN-2026-%06u", i + 1);
		assert_string_equal(text_of(json_array_get(all, i), "number"), number);
	}
	json_decref(all);
	/* nothing new; then one more, and it alone */
	all = pull_all(h, pull_invoices, "invoices", "2", after);
	assert_int_equal(json_array_size(all), 0);
	json_decref(all);
	add_line(&h->box, 1, "k-1", 1000);
	add_invoice(&h->box, 2026000008, 202610);
	house_sync(h, 1);
	all = pull_all(h, pull_invoices, "invoices", "2", after);
	assert_int_equal(json_array_size(all), 1);
	assert_string_equal(text_of(json_array_get(all, 0), "number"), "VIKEN-2026-000008");
	json_decref(all);
}

static void an_invoice_says_what_it_is(void **state)
{
	struct office_house *h = house(state);
	struct entry e = sample_entry(ENTRY_INVOICE), pay = sample_entry(ENTRY_PAYMENT);
	struct entry note = sample_entry(ENTRY_CREDIT_NOTE);
	const json_t *i;
	struct page p;

	box_add(&h->box, &e);
	pay.payment.customer = e.invoice.customer;
	pay.payment.invoice = e.invoice.invoice;
	pay.payment.amount = money_of(700);
	box_add(&h->box, &pay);
	note.credit_note.invoice = e.invoice.invoice;
	note.credit_note.customer = e.invoice.customer;
	box_add(&h->box, &note);
	house_sync(h, 9);
	p = pull(h, pull_invoices, "*", NULL, NULL);
	assert_int_equal(json_array_size(json_object_get(p.value, "invoices")), 2);
	i = json_array_get(json_object_get(p.value, "invoices"), 0);
	assert_string_equal(text_of(i, "shop"), "viken");
	assert_string_equal(text_of(i, "kind"), "invoice");
	assert_string_equal(text_of(i, "currency"), "SEK");
	assert_int_equal(strlen(text_of(i, "customer")), 32);
	assert_int_equal(strlen(text_of(i, "ocr")), 12);
	assert_int_equal(number_of(i, "payable_minor"), money_minor(e.invoice.payable));
	assert_int_equal(number_of(i, "credited_minor"), money_minor(note.credit_note.payable));
	assert_int_equal(json_array_size(json_object_get(i, "vat")), e.invoice.rates);
	assert_int_equal(number_of(json_array_get(json_object_get(i, "vat"), 0), "base_minor"),
			 money_minor(e.invoice.rate[0].base));
	/* names and what people write are nobody's here */
	assert_null(json_object_get(i, "why"));
	assert_null(json_object_get(i, "name"));
	i = json_array_get(json_object_get(p.value, "invoices"), 1);
	assert_string_equal(text_of(i, "kind"), "credit_note");
	assert_true(json_is_null(json_object_get(i, "due")));
	json_decref(p.value);
	/* a month alone, and one that has none */
	p = pull(h, pull_invoices, "*", NULL, (const char *const[]){"period", "1999-01", NULL});
	assert_int_equal(json_array_size(json_object_get(p.value, "invoices")), 0);
	json_decref(p.value);
	p = pull(h, pull_invoices, "*", NULL, (const char *const[]){"period", "1999-13", NULL});
	assert_int_equal(p.status, 400);
}

static void an_etag_saves_the_body(void **state)
{
	struct office_house *h = house(state);
	struct page p, again;

	add_invoice(&h->box, 2026000001, 202609);
	house_sync(h, 9);
	p = pull(h, pull_invoices, "*", NULL, NULL);
	assert_int_equal(strlen(p.etag), 66);
	json_decref(p.value);
	again = pull(h, pull_invoices, "*", p.etag, NULL);
	assert_int_equal(again.status, 304);
	assert_string_equal(again.etag, p.etag);
	add_invoice(&h->box, 2026000002, 202609);
	house_sync(h, 9);
	again = pull(h, pull_invoices, "*", p.etag, NULL);
	assert_int_equal(again.status, 200);
	assert_string_not_equal(again.etag, p.etag);
	json_decref(again.value);
}

static void nobody_sees_what_is_not_theirs(void **state)
{
	static route_fn *const routes[] = {pull_invoices, pull_sales, pull_stock};
	static const char *const names[] = {"invoices", "sales", "stock"};
	struct office_house *h = house(state);

	add_line(&h->box, 1, "k-1", 1000);
	add_invoice(&h->box, 2026000001, 202609);
	house_sync(h, 9);
	for (uint32_t i = 0; i < ARRAY_LEN(routes); i++) {
		struct page p = pull(h, routes[i], "lund ystad", NULL, NULL);

		assert_int_equal(json_array_size(json_object_get(p.value, names[i])), 0);
		assert_true(json_is_true(json_object_get(p.value, "up_to_date")));
		json_decref(p.value);
		p = pull(h, routes[i], "lund ystad", NULL,
			 (const char *const[]){"shop", "viken", NULL});
		assert_int_equal(p.status, 403);
		p = pull(h, routes[i], "lund viken", NULL, NULL);
		assert_int_equal(json_array_size(json_object_get(p.value, names[i])), 1);
		json_decref(p.value);
		p = pull(h, routes[i], "viken", NULL, NULL);
		assert_int_equal(json_array_size(json_object_get(p.value, names[i])), 1);
		json_decref(p.value);
		p = pull(h, routes[i], "*", NULL, (const char *const[]){"after", "1-x", NULL});
		assert_int_equal(p.status, 400);
		p = pull(h, routes[i], "*", NULL, (const char *const[]){"limit", "0", NULL});
		assert_int_equal(p.status, 400);
	}
}

/* --- sales */

static void a_line_taken_back_is_told_twice(void **state)
{
	struct office_house *h = house(state);
	struct entry e = sample_voided(1, "k-2", 2000);
	char after[64] = "0";
	int64_t sum = 0;
	json_t *all;

	add_line(&h->box, 1, "k-1", 1000);
	add_line(&h->box, 1, "k-2", 2000);
	add_line(&h->box, 1, "k-3", 3000);
	house_sync(h, 2);
	all = pull_all(h, pull_sales, "sales", "2", after);
	assert_int_equal(json_array_size(all), 3);
	assert_string_equal(text_of(json_array_get(all, 1), "kind"), "sale");
	assert_int_equal(number_of(json_array_get(all, 1), "total_minor"), 2000);
	assert_string_equal(text_of(json_array_get(all, 1), "gtin"), "7310865004703");
	assert_string_equal(text_of(json_array_get(all, 1), "bought"), "2026-09-21");
	json_decref(all);
	box_add(&h->box, &e);
	e = sample_entry(ENTRY_LINE_CREDITED);
	e.line_credited.line = 3;
	box_add(&h->box, &e);
	house_sync(h, 9);
	all = pull_all(h, pull_sales, "sales", "1", after);
	assert_int_equal(json_array_size(all), 2);
	assert_string_equal(text_of(json_array_get(all, 0), "kind"), "void");
	assert_int_equal(number_of(json_array_get(all, 0), "line"), 2);
	assert_int_equal(number_of(json_array_get(all, 0), "total_minor"), -2000);
	assert_string_equal(text_of(json_array_get(all, 1), "kind"), "credit");
	assert_int_equal(number_of(json_array_get(all, 1), "quantity"), -2000);
	json_decref(all);
	/* from the beginning: the sum is what holds */
	snprintf(after, sizeof(after), "0");
	all = pull_all(h, pull_sales, "sales", "2", after);
	assert_int_equal(json_array_size(all), 5);
	for (uint32_t i = 0; i < 5; i++)
		sum += number_of(json_array_get(all, i), "total_minor");
	assert_int_equal(sum, 1000);
	json_decref(all);
}

static void days_add_up(void **state)
{
	static const char *const query[] = {"by",	  "day", "shop",       "viken", "from",
					    "2026-09-01", "to",	 "2026-09-30", NULL};
	struct office_house *h = house(state);
	struct entry e = sample_line(1, "other", 5000), v = sample_voided(1, "k-2", 2000);
	const json_t *days;
	struct page p;

	add_line(&h->box, 1, "k-1", 1000);
	add_line(&h->box, 1, "k-2", 2000);
	add_line(&h->box, 1, "k-3", 3000);
	box_add(&h->box, &v);
	e.line.vat_bp = 2500;
	box_add(&h->box, &e);
	e = sample_line(1, "october", 9000);
	e.line.bought.n += 30;
	box_add(&h->box, &e);
	house_sync(h, 9);
	p = pull(h, pull_sales, "*", NULL, query);
	assert_int_equal(p.status, 200);
	days = json_object_get(p.value, "days");
	assert_int_equal(json_array_size(days), 2);
	assert_string_equal(text_of(json_array_get(days, 0), "day"), "2026-09-21");
	assert_int_equal(number_of(json_array_get(days, 0), "vat_bp"), 600);
	assert_int_equal(number_of(json_array_get(days, 0), "line_count"), 2);
	assert_int_equal(number_of(json_array_get(days, 0), "total_minor"), 4000);
	assert_int_equal(number_of(json_array_get(days, 1), "total_minor"), 5000);
	assert_int_equal(number_of(json_array_get(days, 1), "vat_minor"), 1000);
	json_decref(p.value);
	p = pull(h, pull_sales, "*", NULL,
		 (const char *const[]){"by", "day", "shop", "viken", "from", "2026-09-30", "to",
				       "2026-09-01", NULL});
	assert_int_equal(p.status, 400);
	p = pull(h, pull_sales, "*", NULL, (const char *const[]){"by", "week", NULL});
	assert_int_equal(p.status, 400);
}

/* --- stock */

static struct entry delivery(uint64_t gtin, int64_t quantity, const char *key)
{
	struct entry e = sample_entry(ENTRY_STOCK);

	e.stock.kind = MOVEMENT_DELIVERY;
	e.stock.gtin.n = gtin;
	e.stock.quantity_milli = quantity;
	e.stock.unit_cost = money_of(700);
	snprintf(e.stock.key, sizeof(e.stock.key), "%s", key);
	return e;
}

static void only_what_moved_comes_again(void **state)
{
	struct office_house *h = house(state);
	char after[64] = "0", key[16];
	struct entry e;
	json_t *all;

	for (uint64_t n = 0; n < 5; n++) {
		snprintf(key, sizeof(key), "d-%u", (unsigned)n);
		e = delivery(7310865004703 + 7 * n, 4000, key);
		box_add(&h->box, &e);
	}
	house_sync(h, 2);
	all = pull_all(h, pull_stock, "stock", "2", after);
	assert_int_equal(json_array_size(all), 5);
	assert_int_equal(number_of(json_array_get(all, 0), "on_hand"), 4000);
	assert_int_equal(number_of(json_array_get(all, 0), "unit_cost_minor"), 700);
	json_decref(all);
	all = pull_all(h, pull_stock, "stock", "2", after);
	assert_int_equal(json_array_size(all), 0);
	json_decref(all);
	add_line(&h->box, 1, "k-1", 1000);
	house_sync(h, 9);
	all = pull_all(h, pull_stock, "stock", "2", after);
	assert_int_equal(json_array_size(all), 1);
	assert_string_equal(text_of(json_array_get(all, 0), "gtin"), "7310865004703");
	assert_int_equal(number_of(json_array_get(all, 0), "on_hand"), 2000);
	json_decref(all);
	/* one that moves while the round goes on comes, then or in the next */
	e = delivery(7310865004710, 1000, "d-7");
	box_add(&h->box, &e);
	house_sync(h, 9);
	all = pull_all(h, pull_stock, "stock", "1", after);
	assert_int_equal(json_array_size(all), 1);
	assert_int_equal(number_of(json_array_get(all, 0), "on_hand"), 5000);
	json_decref(all);
}

#define ON_BOTH(test) ON_BOTH_WITH(test, house_set_up, house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(every_invoice_comes_once),	  ON_BOTH(an_invoice_says_what_it_is),
		ON_BOTH(an_etag_saves_the_body),	  ON_BOTH(nobody_sees_what_is_not_theirs),
		ON_BOTH(a_line_taken_back_is_told_twice), ON_BOTH(days_add_up),
		ON_BOTH(only_what_moved_comes_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
