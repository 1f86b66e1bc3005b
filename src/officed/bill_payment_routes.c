/* bill_payment_routes.c: bank files and what is unpaid, as operators ask. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "officed/bill_payment.h"
#include "officed/goods_scope.h"
#include "officed/import_log.h"
#include "officed/json.h"
#include "officed/pull.h"
#include "paper/bankfile.h"

enum {
	SHOWN_MAX = 1000, /* payments of a file that are told one by one; of the rest the sums */
	REMINDERS_MAX = 1000,
};

/* --- a file */

struct importing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop, *giro;
	uint32_t payments, at;
	struct bank_payment *payment;
	struct placed *placed;
	struct payee *payee;
	uint32_t payees;
};

/* What no shop could put on record: a bank sends no such thing, a slip of the pen does. */
static bool can_be_booked(const struct bank_payment *p)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.kind = ENTRY_PAYMENT;
	e.payment.amount = p->amount;
	e.payment.booked = p->booked;
	memcpy(e.payment.key, p->bank_key, sizeof(e.payment.key));
	return entry_valid(&e);
}

static int take_payment(void *data, const struct bank_payment *p)
{
	struct importing *im = data;

	if (im->payments == PAYMENTS_MAX)
		return -EFBIG;
	if (!can_be_booked(p))
		return -ERANGE;
	im->payment[im->payments++] = *p;
	return 0;
}

static int payees_work(struct db *d, void *data)
{
	struct importing *im = data;

	free(im->payee);
	im->payees = payees_of(im->o, im->shop, im->giro, &im->payee);
	return db_failed(d);
}

/* A chunk of them; run again, it does the same again. */
static int place_work(struct db *d, void *data)
{
	struct importing *im = data;

	/* the same file at the same time: the second finds what the first has placed */
	db_do(d, "UPDATE counter SET n = n WHERE name = 'bundle'", 0, NULL);
	for (uint32_t i = im->at; i < im->payments && i < im->at + PAYMENTS_A_CHUNK; i++)
		payment_place(im->o, im->payee, im->payees, &im->payment[i], im->a->now,
			      &im->placed[i]);
	return db_failed(d);
}

static json_t *placed_json(const struct bank_payment *p, const struct placed *at)
{
	return json_pack(
		"{s:s, s:s, s:I, s:s, s:o, s:s, s:b, s:o, s:o}", "key", p->bank_key, "reference",
		p->reference, "amount_minor", (json_int_t)money_minor(p->amount), "currency",
		p->currency, "booked", pull_day(p->booked.n), "match",
		payment_match_word(at->match), "repeated", at->repeated, "shop",
		at->shop[0] ? json_string(at->shop) : json_null(), "number",
		at->invoice.n ? pull_number(at->shop, (int64_t)at->invoice.n) : json_null());
}

static void import_reply(struct importing *im)
{
	json_t *items = json_array();
	uint32_t counts[PAYMENT_MATCHES] = {0}, repeated = 0;
	json_t *matches = json_object();

	for (uint32_t i = 0; i < im->payments; i++) {
		repeated += im->placed[i].repeated;
		counts[im->placed[i].match] += !im->placed[i].repeated;
		if (i < SHOWN_MAX)
			json_array_append_new(items, placed_json(&im->payment[i], &im->placed[i]));
	}
	for (uint32_t m = 0; m < PAYMENT_MATCHES; m++)
		json_object_set_new(matches, payment_match_word((enum payment_match)m),
				    json_integer(counts[m]));
	reply_json(im->r, 200,
		   json_pack("{s:I, s:I, s:o, s:o}", "payments", (json_int_t)im->payments,
			     "repeated", (json_int_t)repeated, "matches", matches, "items", items));
}

/** Of those that are new: how many, and how many nobody has an invoice for. */
static int log_it(const struct importing *im)
{
	struct import_counts counts = {.rows = im->payments};

	for (uint32_t i = 0; i < im->payments; i++) {
		counts.changed += !im->placed[i].repeated;
		counts.bad += !im->placed[i].repeated && im->placed[i].invoice.n == 0;
	}
	return import_log(im->o, im->a, IMPORT_PAYMENTS, im->shop != NULL ? im->shop : "", &counts);
}

static int import_all(struct importing *im)
{
	int r = db_read(im->o->db, payees_work, im);

	if (r == 0 && im->payees == 0) {
		reply_problem(im->r, 422, "no_shop",
			      "No shop is paid on this account: say ?shop= or ?giro=.");
		return 0;
	}
	for (im->at = 0; r == 0 && im->at < im->payments; im->at += PAYMENTS_A_CHUNK)
		r = db_transact(im->o->db, place_work, im);
	if (r == 0)
		r = log_it(im);
	if (r == 0)
		import_reply(im);
	return r;
}

int payments_import(struct office *o, const struct ask *a, struct reply *r)
{
	struct importing im = {
		.o = o, .a = a, .r = r, .shop = ask_query(a, "shop"), .giro = ask_query(a, "giro")};
	char why[BANKFILE_WHY_MAX] = "";
	int error;

	if (!who_may(&a->who, RIGHT_MONEY, im.shop)) {
		reply_problem(
			r, 403, "forbidden",
			"Payments for all shops need the right over all of them: say ?shop=.");
		return 0;
	}
	im.payment = calloc(PAYMENTS_MAX, sizeof(*im.payment));
	im.placed = calloc(PAYMENTS_MAX, sizeof(*im.placed));
	CHECK(im.payment && im.placed);
	error = bankfile_read((const char *)a->body.data, a->body.len, take_payment, &im, why);
	if (error < 0) {
		reply_problem(r, 422, "bad_bank_file", "%s",
			      why[0]		 ? why
			      : error == -ERANGE ? "It has a payment of an amount or day that "
						   "cannot be: nothing was booked."
						 : "The file has more payments than fit at once.");
		error = 0;
	} else {
		error = import_all(&im);
	}
	free(im.payment);
	free(im.placed);
	free(im.payee);
	return error;
}

/* --- a list */

struct listing {
	const struct ask *a;
	int64_t limit;
	bool unclaimed;
	const char *shop, *after;
	json_t *items;
	char next[NAME_MAX_LEN + 1];
};

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->items);
	l->next[0] = '\0';
	db_ask(d, &rows,
	       "SELECT m.key, m.customer, m.invoice, m.amount, m.booked, m.reference, m.came_at,"
	       " (SELECT count(*) FROM payment p WHERE p.shop = m.shop AND p.key = m.key), m.shop"
	       " FROM money_in m WHERE m.shop = $1 AND m.key > $2 ORDER BY m.key LIMIT $3",
	       DB_VALUES(db_text(l->unclaimed ? "" : l->shop), db_text(l->after),
			 db_int(l->limit)));
	while (db_next(rows)) {
		const char *shop = db_col_text(rows, 8);
		int64_t invoice = db_col_int(rows, 2);

		snprintf(l->next, sizeof(l->next), "%s", db_col_text(rows, 0));
		json_array_append_new(
			l->items,
			json_pack("{s:s, s:o, s:o, s:o, s:I, s:o, s:s, s:o, s:b}", "key",
				  db_col_text(rows, 0), "shop",
				  shop[0] ? json_string(shop) : json_null(), "customer",
				  pull_customer(db_col_bytes(rows, 1)), "number",
				  invoice ? pull_number(shop, invoice) : json_null(),
				  "amount_minor", (json_int_t)db_col_int(rows, 3), "booked",
				  pull_day(db_col_int(rows, 4)), "reference", db_col_text(rows, 5),
				  "came_at", json_wall(db_col_int(rows, 6)), "booked_by_shop",
				  db_col_int(rows, 7) != 0));
	}
	db_rows_end(rows);
	return db_failed(d);
}

int payments_list(struct office *o, const struct ask *a, struct reply *r)
{
	const char *shop = ask_query(a, "shop"), *after = ask_query(a, "after");
	struct listing l = {.a = a,
			    .unclaimed = ask_query(a, "unclaimed") != NULL,
			    .shop = shop ? shop : "",
			    .after = after ? after : ""};
	int error;

	if (!page_limit(a, &l.limit, r))
		return 0;
	if (!l.unclaimed && !shop) {
		reply_problem(r, 400, "malformed", "Say ?shop=NAME or ?unclaimed=1.");
		return 0;
	}
	if (!who_may(&a->who, RIGHT_MONEY, l.unclaimed ? NULL : shop)) {
		reply_problem(r, 403, "forbidden", "You may not see these payments.");
		return 0;
	}
	l.items = json_array();
	error = db_read(o->db, list_work, &l);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "payments", l.items, "next",
				     l.next[0] ? json_string(l.next) : json_null()));
	json_decref(l.items);
	return error;
}

/* --- whose it was */

struct assigning {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop, *number;
	struct invoice_id invoice;
	struct entry_payment payment;
};

static int assign_work(struct db *d, void *data)
{
	struct assigning *x = data;
	struct db_rows *rows;
	char reference[64] = "";
	bool there, owed;

	db_ask(d, &rows,
	       "SELECT customer FROM invoice WHERE shop = $1 AND id = $2"
	       " AND credit_note = 0 LIMIT 1",
	       DB_VALUES(db_text(x->shop), db_int((int64_t)x->invoice.n)));
	owed = db_next(rows) && db_col_bytes(rows, 0).len == sizeof(x->payment.customer.byte);
	if (owed)
		memcpy(x->payment.customer.byte, db_col_bytes(rows, 0).data,
		       sizeof(x->payment.customer.byte));
	db_rows_end(rows);
	if (!owed) {
		reply_problem(x->r, 422, "unknown_invoice", "No invoice of %s has this number.",
			      x->shop);
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	}
	db_ask(d, &rows,
	       "DELETE FROM money_in WHERE shop = '' AND key = $1"
	       " RETURNING amount, booked, reference",
	       DB_VALUES(db_text(x->a->param[0])));
	there = db_next(rows);
	if (there) {
		snprintf(x->payment.key, sizeof(x->payment.key), "%s", x->a->param[0]);
		x->payment.amount = money_of(db_col_int(rows, 0));
		x->payment.booked.n = (int32_t)db_col_int(rows, 1);
		x->payment.invoice = x->invoice;
		snprintf(reference, sizeof(reference), "%s", db_col_text(rows, 2));
	}
	db_rows_end(rows);
	if (!there) {
		reply_problem(x->r, 404, "unknown_payment",
			      "No unclaimed payment has this key: somebody may have said already.");
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	}
	payment_told(x->o, x->shop, &x->payment, reference, x->a->now);
	return db_failed(d);
}

int payment_assign(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"shop", "number", NULL};
	struct assigning x = {.o = o, .a = a, .r = r};
	struct place shop = {.name = ""};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	if (!json_only(body, members, r) ||
	    !json_take_text(body, "shop", true, PLACE_MAX_LEN, &x.shop, r) ||
	    !json_take_text(body, "number", true, NUMBER_TEXT_SIZE - 1, &x.number, r))
		goto out;
	if (!who_may(&a->who, RIGHT_MONEY, x.shop)) {
		reply_problem(r, 403, "forbidden", "You have no right over this shop's money.");
		goto out;
	}
	snprintf(shop.name, sizeof(shop.name), "%s", x.shop);
	if (!number_parse(shop, x.number, (uint32_t)strlen(x.number), &x.invoice)) {
		reply_problem(r, 422, "unknown_invoice", "That is no invoice number of %s.",
			      x.shop);
		goto out;
	}
	error = db_transact(o->db, assign_work, &x);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:s, s:s, s:s, s:I}", "key", a->param[0], "shop", x.shop,
				     "number", x.number, "amount_minor",
				     (json_int_t)money_minor(x.payment.amount)));
out:
	json_decref(body);
	return work_answered(error);
}

/* --- what calls for something */

struct reminding {
	const struct ask *a;
	struct day today;
	json_t *items;
};

static int remind_work(struct db *d, void *data)
{
	struct reminding *x = data;
	struct reminder_policy policy = reminder_policy_default();
	struct db_rows *rows;

	json_array_clear(x->items);
	db_ask(d, &rows,
	       "SELECT i.shop, i.id, i.due, i.payable, i.paid + i.credited, i.customer, m.member,"
	       " s.currency FROM invoice i JOIN shop s ON s.shop = i.shop"
	       " LEFT JOIN member m ON m.customer = i.customer"
	       " WHERE i.credit_note = 0 AND i.payable > i.paid + i.credited AND i.due <= $1"
	       " ORDER BY i.due, i.shop, i.id LIMIT $2",
	       DB_VALUES(db_int(x->today.n - policy.first_days),
			 /* who sees but some shops has to be looked for among all of them */
			 db_int(who_may(&x->a->who, RIGHT_MONEY, NULL) ? REMINDERS_MAX
								       : DB_ROWS_MAX)));
	while (json_array_size(x->items) < REMINDERS_MAX && db_next(rows)) {
		struct owed owed = {.due = {(int32_t)db_col_int(rows, 2)},
				    .payable = money_of(db_col_int(rows, 3)),
				    .paid = money_of(db_col_int(rows, 4))};
		const char *shop = db_col_text(rows, 0), *member = db_col_text(rows, 6);

		if (!who_may(&x->a->who, RIGHT_MONEY, shop))
			continue;
		json_array_append_new(
			x->items,
			json_pack("{s:s, s:o, s:o, s:o, s:I, s:s, s:o, s:s}", "shop", shop,
				  "number", pull_number(shop, db_col_int(rows, 1)), "member",
				  member[0] ? json_string(member) : json_null(), "customer",
				  pull_customer(db_col_bytes(rows, 5)), "open_minor",
				  (json_int_t)(db_col_int(rows, 3) - db_col_int(rows, 4)),
				  "currency", db_col_text(rows, 7), "due",
				  pull_day(db_col_int(rows, 2)), "reminder",
				  reminder_word(reminder_due(&policy, &owed, x->today))));
	}
	db_rows_end(rows);
	return db_failed(d);
}

int reminders_list(struct office *o, const struct ask *a, struct reply *r)
{
	const char *date = ask_query(a, "date");
	struct reminding x = {.a = a, .today = {(int32_t)(a->now.ms / 86400000)}};
	int error;

	if (date && !day_parse(date, (uint32_t)strlen(date), &x.today)) {
		reply_problem(r, 400, "malformed", "date is a day like 2026-11-30.");
		return 0;
	}
	x.items = json_array();
	error = db_read(o->db, remind_work, &x);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "reminders", x.items));
	json_decref(x.items);
	return error;
}
