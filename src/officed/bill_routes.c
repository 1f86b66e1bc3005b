/* bill_routes.c: bundles and documents, as operators ask for them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "officed/bill_paper.h"
#include "officed/bill_payment.h"
#include "officed/goods_scope.h"
#include "officed/import_log.h"
#include "officed/pull.h"
#include "officed/routes.h"

/* --- bundles */

#define BUNDLE_COLUMNS                                                                             \
	"SELECT b.shop, b.id, b.member, b.customer, b.period, b.payable, b.due, b.made_at,"        \
	" b.mailed_at, b.due_at, b.tries, b.outcome, s.currency, b.kind, b.invoice FROM bundle b"  \
	" JOIN shop s ON s.shop = b.shop "

static const char *const bundle_words[BUNDLE_KINDS] = {
	[BUNDLE_MONTH] = "month",
	[BUNDLE_FIRST] = "reminder",
	[BUNDLE_SECOND] = "second_reminder",
};

static json_t *bundle_json(struct db_rows *rows)
{
	char period[PERIOD_TEXT_SIZE], reference[OCR_TEXT_SIZE];

	period_text((struct period){(int32_t)db_col_int(rows, 4)}, period);
	bundle_reference((uint64_t)db_col_int(rows, 1), reference);
	return json_pack(
		"{s:I, s:s, s:s, s:s, s:o, s:s, s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:s}",
		"bundle", (json_int_t)db_col_int(rows, 1), "kind",
		bundle_words[db_col_int(rows, 13) % BUNDLE_KINDS], "shop", db_col_text(rows, 0),
		"member", db_col_text(rows, 2), "customer", pull_customer(db_col_bytes(rows, 3)),
		"period", period, "payable_minor", (json_int_t)db_col_int(rows, 5), "currency",
		db_col_text(rows, 12), "reference", reference, "due", pull_day(db_col_int(rows, 6)),
		"made_at", json_wall(db_col_int(rows, 7)), "mailed_at",
		json_wall(db_col_int(rows, 8)), "next_try_at", json_wall(db_col_int(rows, 9)),
		"tries", (json_int_t)db_col_int(rows, 10), "outcome", db_col_text(rows, 11));
}

struct listing {
	const struct ask *a;
	int64_t after, limit, newest;
	const char *member;
	json_t *items;
	int64_t next;
};

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->items);
	l->next = 0;
	if (l->newest)
		db_ask(d, &rows,
		       BUNDLE_COLUMNS "WHERE ($1 = 0 OR b.id < $1) AND ($2 = '' OR b.member = $2)"
				      " ORDER BY b.id DESC LIMIT $3",
		       DB_VALUES(db_int(l->after), db_text(l->member), db_int(l->limit)));
	else
		db_ask(d, &rows,
		       BUNDLE_COLUMNS
		       "WHERE b.id > $1 AND ($2 = '' OR b.member = $2) ORDER BY b.id LIMIT $3",
		       DB_VALUES(db_int(l->after), db_text(l->member), db_int(l->limit)));
	while (db_next(rows)) {
		l->next = db_col_int(rows, 1);
		if (who_may(&l->a->who, RIGHT_MONEY, db_col_text(rows, 0)))
			json_array_append_new(l->items, bundle_json(rows));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/bundles?after=&limit=&member=&newest=1 */
static int bundles_list(struct office *o, const struct ask *a, struct reply *r)
{
	const char *member = ask_query(a, "member");
	struct listing l = {.a = a, .member = member ? member : ""};
	int error;

	if (!page_limit(a, &l.limit, r) ||
	    !ask_query_int(a, "after", 0, INT64_MAX, 0, &l.after, r) ||
	    !ask_query_int(a, "newest", 0, 1, 0, &l.newest, r))
		return 0;
	l.items = json_array();
	error = db_read(o->db, list_work, &l);
	if (error == 0)
		reply_json(
			r, 200,
			json_pack("{s:O, s:o}", "bundles", l.items, "next",
				  l.next ? json_sprintf("%lld", (long long)l.next) : json_null()));
	json_decref(l.items);
	return error;
}

struct one {
	const struct ask *a;
	struct reply *r;
	int64_t id;
	json_t *json;
};

static bool bundle_of(const struct ask *a, int64_t *ret, struct reply *r)
{
	uint64_t n = 0;

	for (const char *c = a->param[0]; *c; c++) {
		if (*c < '0' || *c > '9' || n > UINT64_C(1000000000000)) {
			reply_problem(r, 404, "unknown_bundle", "No bundle has this number.");
			return false;
		}
		n = n * 10 + (uint64_t)(*c - '0');
	}
	*ret = (int64_t)n;
	return true;
}

static void add_papers(struct db *d, struct one *x)
{
	json_t *papers = json_array();
	struct db_rows *rows;

	db_ask(d, &rows,
	       "SELECT b.shop, b.invoice, i.credit_note, i.payable, i.paid, i.credited, i.due,"
	       " s.currency FROM (SELECT shop, invoice FROM bundle_invoice WHERE bundle = $1"
	       "  UNION ALL SELECT shop, invoice FROM bundle WHERE id = $1 AND kind > 0) b"
	       " JOIN invoice i ON i.shop = b.shop AND i.id = b.invoice"
	       " JOIN shop s ON s.shop = b.shop ORDER BY b.shop, b.invoice LIMIT $2",
	       DB_VALUES(db_int(x->id), db_int(BUNDLE_PAPERS_MAX)));
	while (db_next(rows)) {
		if (!who_may(&x->a->who, RIGHT_MONEY, db_col_text(rows, 0)))
			continue; /* what they bought elsewhere is not for this eye */
		json_array_append_new(
			papers,
			json_pack("{s:s, s:o, s:b, s:I, s:I, s:I, s:s, s:o}", "shop",
				  db_col_text(rows, 0), "number",
				  pull_number(db_col_text(rows, 0), db_col_int(rows, 1)),
				  "credit_note", db_col_int(rows, 2) != 0, "payable_minor",
				  (json_int_t)db_col_int(rows, 3), "paid_minor",
				  (json_int_t)db_col_int(rows, 4), "credited_minor",
				  (json_int_t)db_col_int(rows, 5), "currency", db_col_text(rows, 7),
				  "due", pull_day(db_col_int(rows, 6))));
	}
	db_rows_end(rows);
	json_object_set_new(x->json, "invoices", papers);
}

static int show_work(struct db *d, void *data)
{
	struct one *x = data;
	struct db_rows *rows;

	json_decref(x->json);
	x->json = NULL;
	db_ask(d, &rows, BUNDLE_COLUMNS "WHERE b.id = $1 LIMIT 1", DB_VALUES(db_int(x->id)));
	if (db_next(rows) && who_may(&x->a->who, RIGHT_MONEY, db_col_text(rows, 0)))
		x->json = bundle_json(rows);
	db_rows_end(rows);
	if (x->json)
		add_papers(d, x);
	return db_failed(d);
}

/** GET /v1/bundles/{bundle} */
static int bundle_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct one x = {.a = a, .r = r};
	int error;

	if (!bundle_of(a, &x.id, r))
		return 0;
	error = db_read(o->db, show_work, &x);
	if (error == 0 && x.json)
		pull_send(a, r, x.json);
	else if (error == 0)
		reply_problem(r, 404, "unknown_bundle", "No bundle has this number.");
	return error;
}

static int again_work(struct db *d, void *data)
{
	struct one *x = data;
	int r = show_work(d, x);

	if (r == 0 && x->json)
		db_do(d, "UPDATE bundle SET due_at = $2, tries = 0, outcome = '' WHERE id = $1",
		      DB_VALUES(db_int(x->id), db_int(x->a->now.ms)));
	return db_failed(d);
}

/** POST /v1/bundles/{bundle}/mail - its mail is sent again. */
static int bundle_mail(struct office *o, const struct ask *a, struct reply *r)
{
	struct one x = {.a = a, .r = r};
	int error;

	if (!bundle_of(a, &x.id, r))
		return 0;
	if (!o->config->mail.given) {
		reply_problem(r, 409, "no_mail",
			      "officed.conf has no [mail]: nothing can be sent from here.");
		return 0;
	}
	error = db_transact(o->db, again_work, &x);
	if (error == 0 && x.json)
		reply_json(r, 202, json_incref(x.json));
	else if (error == 0)
		reply_problem(r, 404, "unknown_bundle", "No bundle has this number.");
	json_decref(x.json);
	return error;
}

/* --- invoices of customers that nobody here knows */

/* Who sees but some shops has to be looked for among all of them. */
static int64_t rows_for(const struct ask *a, int64_t limit)
{
	return who_may(&a->who, RIGHT_MONEY, NULL) ? limit : DB_ROWS_MAX;
}

static int unknown_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->items);
	db_ask(d, &rows,
	       "SELECT shop, invoice, customer FROM bundle_invoice WHERE bundle = -1"
	       " ORDER BY shop, invoice LIMIT $1",
	       DB_VALUES(db_int(rows_for(l->a, l->limit))));
	while ((int64_t)json_array_size(l->items) < l->limit && db_next(rows)) {
		if (!who_may(&l->a->who, RIGHT_MONEY, db_col_text(rows, 0)))
			continue;
		json_array_append_new(
			l->items,
			json_pack("{s:s, s:o, s:o}", "shop", db_col_text(rows, 0), "number",
				  pull_number(db_col_text(rows, 0), db_col_int(rows, 1)),
				  "customer", pull_customer(db_col_bytes(rows, 2))));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/unbilled - invoices whose customer is no member here. */
static int unbilled_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.a = a};
	int error;

	if (!page_limit(a, &l.limit, r))
		return 0;
	l.items = json_array();
	error = db_read(o->db, unknown_work, &l);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "invoices", l.items));
	json_decref(l.items);
	return error;
}

static int requeue_work(struct db *d, void *data)
{
	int64_t *rows = data;

	*rows = db_do(d,
		      "UPDATE bundle_invoice SET bundle = 0 WHERE bundle = -1 AND customer IN"
		      " (SELECT customer FROM member)",
		      0, NULL);
	return db_failed(d);
}

/** POST /v1/unbilled/retry - those whose customer is known now are billed. */
static int unbilled_retry(struct office *o, const struct ask *a, struct reply *r)
{
	int64_t rows = 0;
	int error;

	(void)a;
	error = db_transact(o->db, requeue_work, &rows);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:I}", "invoices", (json_int_t)rows));
	return error;
}

/* --- documents */

struct document {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct invoice_id id;
	struct paper *paper;
	struct parties parties;
	char why[PARTY_WHY_MAX];
	int error;
	bool has_parties;
};

/** Whether a member who asks for herself stands on it. */
static bool is_hers(struct db *d, const struct document *x)
{
	int64_t one;

	return db_one(d, &one,
		      "SELECT 1 FROM invoice i JOIN member m ON m.customer = i.customer"
		      " WHERE i.shop = $1 AND i.id = $2 AND m.member = $3 LIMIT 1",
		      DB_VALUES(db_text(x->a->param[0]), db_int((int64_t)x->id.n),
				db_text(x->a->who.member)));
}

static int document_work(struct db *d, void *data)
{
	struct document *x = data;
	struct db_rows *rows;

	free(x->paper);
	x->paper = NULL;
	x->has_parties = false;
	if (x->a->who.herself && !is_hers(d, x))
		return db_failed(d);
	x->paper = bill_paper(x->o, x->a->param[0], x->id, &x->error);
	if (!x->paper)
		return db_failed(d);
	db_ask(d, &rows,
	       "SELECT s.seller, m.party, m.language, m.member FROM shop s, member m"
	       " WHERE s.shop = $1 AND m.customer = $2 LIMIT 1",
	       DB_VALUES(db_text(x->a->param[0]),
			 db_bytes(x->paper->customer.byte, sizeof(x->paper->customer.byte))));
	snprintf(x->why, sizeof(x->why), "nobody here knows the customer");
	if (db_next(rows)) {
		x->has_parties = parties_of(db_col_text(rows, 0), db_col_text(rows, 1),
					    db_col_text(rows, 2), &x->parties, x->why);
		look_add(x->o, &x->a->who, db_col_text(rows, 3), "invoice", x->a->now);
	}
	db_rows_end(rows);
	return db_failed(d);
}

static void document_reply(struct document *x, bool pdf)
{
	char *bytes = NULL, why[RENDER_WHY_MAX] = "";
	size_t len = 0;
	int r = pdf ? render_pdf(x->paper, &x->parties, &bytes, &len, why)
		    : render_ubl(x->paper, &x->parties, &bytes, &len, why);

	if (r == 0)
		reply_bytes(x->r, 200, pdf ? "application/pdf" : "application/xml", bytes, len);
	else
		reply_problem(x->r, r == -EINVAL ? 422 : 503, "not_drawn",
			      "The document could not be made: %s.", why);
	if (bytes)
		explicit_bzero(bytes, len);
	free(bytes);
}

/** GET /v1/shops/{shop}/invoices/{number}?format=pdf|ubl - with names, so it is a look. */
int document_show(struct office *o, const struct ask *a, struct reply *r)
{
	const char *format = ask_query(a, "format");
	struct document x = {.o = o, .a = a, .r = r};
	struct place shop = {.name = ""};
	bool pdf = !format || strcmp(format, "pdf") == 0;
	int error;

	snprintf(shop.name, sizeof(shop.name), "%s", a->param[0]);
	if (!pdf && strcmp(format, "ubl") != 0) {
		reply_problem(r, 400, "malformed", "format is pdf or ubl.");
		return 0;
	}
	if (!number_parse(shop, a->param[1], (uint32_t)strlen(a->param[1]), &x.id)) {
		reply_problem(r, 404, "unknown_invoice",
			      "That is no invoice number of this shop, like %s-2026-000001.",
			      a->param[0]);
		return 0;
	}
	error = db_transact(o->db, document_work, &x);
	if (error == 0 && !x.paper)
		reply_problem(r, x.error ? 500 : 404,
			      x.error ? "does_not_add_up" : "unknown_invoice",
			      x.error ? "The invoice does not add up from its entries."
				      : "No invoice of this shop has this number.");
	else if (error == 0 && !x.has_parties)
		reply_problem(r, 409, "no_parties", "The document has no names: %s.", x.why);
	else if (error == 0)
		document_reply(&x, pdf);
	free(x.paper);
	explicit_bzero(&x.parties, sizeof(x.parties));
	return error;
}

const struct office_route bill_routes[] = {
	{"GET", "/v1/bills", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, bills_list},
	{"GET", "/v1/bundles", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, bundles_list},
	{"GET", "/v1/bundles/{bundle}", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, bundle_show},
	{"POST", "/v1/bundles/{bundle}/mail", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0,
	 bundle_mail},
	{"GET", "/v1/unbilled", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, unbilled_list},
	{"POST", "/v1/unbilled/retry", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, unbilled_retry},
	{"GET", "/v1/shops/{shop}/invoices/{number}", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0,
	 document_show},
	{"POST", "/v1/payments/import", FOR_OPERATOR, RIGHT_MONEY, NULL, "application/octet-stream",
	 1024 * 1024, payments_import},
	{"GET", "/v1/payments/imports", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, payments_imports},
	{"GET", "/v1/payments", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, payments_list},
	{"POST", "/v1/payments/{key}/assign", FOR_OPERATOR, RIGHT_MONEY, NULL, "application/json",
	 4096, payment_assign},
	{"GET", "/v1/reminders", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, reminders_list},
	{NULL, NULL, 0, 0, NULL, NULL, 0, NULL},
};
