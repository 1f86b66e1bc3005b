/*
 * bill_bundle.c: which invoices go to a member together.
 *
 * Every invoice and credit note that comes in waits in bundle_invoice with bundle 0. Those of one
 * customer and month become a bundle when nobody has to be waited for any more: every shop that the
 * member may enter has closed that month, or the wait is over; what comes later is a bundle of its
 * own. Which arrivals were looked at is a counter, moved in the same transaction; whoever moves it
 * has it for himself, so several officed may do this.
 */
#include "officed/bill.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

enum {
	REFERENCE_DIGITS = 14,
	NUMBER_DIGITS = 11,
};

/* --- the number */

void bundle_reference(uint64_t bundle, char text[OCR_TEXT_SIZE])
{
	CHECK(bundle > 0 && bundle < UINT64_C(100000000000));
	snprintf(text, OCR_TEXT_SIZE, "8%011llu%u", (unsigned long long)bundle,
		 REFERENCE_DIGITS % 10U);
	text[REFERENCE_DIGITS - 1] = luhn_digit(text, REFERENCE_DIGITS - 1);
	text[REFERENCE_DIGITS] = '\0';
}

bool bundle_of_reference(const char *text, uint32_t len, uint64_t *ret_bundle)
{
	char digits[OCR_TEXT_SIZE];
	uint64_t n = 0;

	if (ocr_digits(text, len, digits) != REFERENCE_DIGITS || digits[0] != '8' ||
	    digits[REFERENCE_DIGITS - 2] != '0' + REFERENCE_DIGITS % 10 ||
	    !luhn_holds(digits, REFERENCE_DIGITS))
		return false;
	for (uint32_t i = 1; i <= NUMBER_DIGITS; i++)
		n = n * 10 + (uint64_t)(digits[i] - '0');
	*ret_bundle = n;
	return n > 0;
}

/* --- what has come in */

bool bundle_gather(struct office *o)
{
	struct db_rows *rows;
	int64_t from = 0, upto;
	uint32_t arrivals = 0;

	if (!db_one(o->db, &from, "UPDATE counter SET n = n WHERE name = 'bundled' RETURNING n", 0,
		    NULL))
		return false;
	upto = from;
	db_ask(o->db, &rows,
	       "SELECT n, shop, first_seq, last_seq FROM arrival WHERE n > $1 AND invoices > 0"
	       " ORDER BY n LIMIT $2",
	       DB_VALUES(db_int(from), db_int(ARRIVALS_A_JOB)));
	for (; db_next(rows); arrivals++) {
		upto = db_col_int(rows, 0);
		db_do(o->db,
		      "INSERT INTO bundle_invoice(shop, invoice, bundle, customer, period)"
		      " SELECT i.shop, i.id, 0, i.customer, i.period FROM invoice i"
		      " WHERE i.shop = $1 AND i.seq BETWEEN $2 AND $3"
		      " ON CONFLICT(shop, invoice) DO NOTHING",
		      DB_VALUES(db_text(db_col_text(rows, 1)), db_int(db_col_int(rows, 2)),
				db_int(db_col_int(rows, 3))));
	}
	db_rows_end(rows);
	if (upto > from)
		db_do(o->db, "UPDATE counter SET n = $1 WHERE name = 'bundled'",
		      DB_VALUES(db_int(upto)));
	return arrivals == ARRIVALS_A_JOB;
}

/* --- what is ready */

/* One customer's month. */
struct month {
	struct customer customer;
	struct period period;
	bool known; /* whose it is */
	char member[33];
	bool mail;
	uint32_t papers;
	struct {
		char shop[PLACE_MAX_LEN + 1];
		int64_t invoice;
	} paper[BUNDLE_PAPERS_MAX];
	struct money payable;
	int64_t due; /* the first of its due days; 0: nothing is to be paid */
};

static struct db_value customer_value(const struct customer *c)
{
	return db_bytes(c->byte, sizeof(c->byte));
}

static void find_member(struct office *o, struct month *m)
{
	struct db_rows *rows;

	db_ask(o->db, &rows, "SELECT member, mail_invoices FROM member WHERE customer = $1 LIMIT 1",
	       DB_VALUES(customer_value(&m->customer)));
	m->known = db_next(rows);
	if (m->known) {
		snprintf(m->member, sizeof(m->member), "%s", db_col_text(rows, 0));
		m->mail = db_col_int(rows, 1) != 0;
	}
	db_rows_end(rows);
}

/* The wait is over at the end of the BUNDLE_WAIT_DAYSth day of the next month. */
static bool is_ready(struct office *o, const struct month *m, struct wall now)
{
	int64_t until = period_first(period_add(m->period, 1)).n + BUNDLE_WAIT_DAYS, open = 0;

	if (now.ms >= until * DAY_MS)
		return true;
	db_one(o->db, &open,
	       "SELECT count(*) FROM shop s WHERE s.state = $2 AND EXISTS (SELECT 1 FROM "
	       "member_shop m"
	       " WHERE m.member = $1 AND (m.shop = s.shop OR m.shop = '*')) AND NOT EXISTS"
	       " (SELECT 1 FROM period_closed p WHERE p.shop = s.shop AND p.period = $3)",
	       DB_VALUES(db_text(m->member), db_int(SHOP_LIVE), db_int(m->period.n)));
	return open == 0;
}

/* The documents that wait, as many as go into one mail. */
static void read_papers(struct office *o, struct month *m)
{
	struct db_rows *rows;

	m->papers = 0;
	m->payable = MONEY_ZERO;
	m->due = 0;
	db_ask(o->db, &rows,
	       "SELECT b.shop, b.invoice, i.credit_note, i.payable, i.due FROM bundle_invoice b"
	       " JOIN invoice i ON i.shop = b.shop AND i.id = b.invoice"
	       " WHERE b.bundle = 0 AND b.customer = $1 AND b.period = $2"
	       " ORDER BY b.shop, b.invoice LIMIT $3",
	       DB_VALUES(customer_value(&m->customer), db_int(m->period.n),
			 db_int(BUNDLE_PAPERS_MAX)));
	while (db_next(rows)) {
		struct money payable = money_of(db_col_int(rows, 3));
		bool note = db_col_int(rows, 2) != 0;

		snprintf(m->paper[m->papers].shop, sizeof(m->paper[0].shop), "%s",
			 db_col_text(rows, 0));
		m->paper[m->papers++].invoice = db_col_int(rows, 1);
		CHECK(note ? money_sub(m->payable, payable, &m->payable)
			   : money_add(m->payable, payable, &m->payable));
		if (!note && (m->due == 0 || db_col_int(rows, 4) < m->due))
			m->due = db_col_int(rows, 4);
	}
	db_rows_end(rows);
}

static void put_bundle(struct office *o, const struct month *m, struct wall now)
{
	int64_t id = 0;

	if (!db_one(o->db, &id, "UPDATE counter SET n = n + 1 WHERE name = 'bundle' RETURNING n", 0,
		    NULL))
		return;
	db_do(o->db,
	      "INSERT INTO bundle(shop, id, kind, invoice, member, customer, period, payable, due,"
	      " made_at, due_at, tries, mailed_at, outcome)"
	      " VALUES($1, $2, 0, 0, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10)",
	      DB_VALUES(db_text(m->paper[0].shop), db_int(id), db_text(m->member),
			customer_value(&m->customer), db_int(m->period.n),
			db_int(money_minor(m->payable)), db_int(m->due), db_int(now.ms),
			db_int(m->mail ? now.ms : 0), db_text(m->mail ? "" : "no mail wanted")));
	for (uint32_t i = 0; i < m->papers; i++)
		db_do(o->db,
		      "UPDATE bundle_invoice SET bundle = $3 WHERE shop = $1 AND invoice = $2",
		      DB_VALUES(db_text(m->paper[i].shop), db_int(m->paper[i].invoice),
				db_int(id)));
}

/* Nobody here knows the customer: they are listed, and wait until somebody does. */
static void put_aside(struct office *o, const struct month *m)
{
	db_do(o->db,
	      "UPDATE bundle_invoice SET bundle = -1 WHERE bundle = 0 AND customer = $1"
	      " AND period = $2",
	      DB_VALUES(customer_value(&m->customer), db_int(m->period.n)));
}

static void bundle_month(struct office *o, struct month *m, struct wall now)
{
	find_member(o, m);
	if (!m->known) {
		put_aside(o, m);
		return;
	}
	if (!is_ready(o, m, now))
		return;
	read_papers(o, m);
	if (m->papers > 0)
		put_bundle(o, m, now);
}

bool bundle_make(struct office *o, struct bundle_walk *walk, struct wall now)
{
	struct db_rows *rows;
	uint32_t months = 0;

	/* only one at a time: two would give the same invoices two numbers */
	db_do(o->db, "UPDATE counter SET n = n WHERE name = 'bundle'", 0, NULL);
	db_ask(o->db, &rows,
	       "SELECT DISTINCT customer, period FROM bundle_invoice WHERE bundle = 0"
	       " AND (customer > $1 OR (customer = $1 AND period > $2))"
	       " ORDER BY customer, period LIMIT $3",
	       DB_VALUES(customer_value(&walk->customer), db_int(walk->period.n),
			 db_int(BUNDLES_A_JOB)));
	for (; db_next(rows); months++) {
		struct month m = {.period = {(int32_t)db_col_int(rows, 1)}};
		struct span customer = db_col_bytes(rows, 0);

		if (customer.len != sizeof(m.customer.byte))
			continue;
		memcpy(m.customer.byte, customer.data, customer.len);
		bundle_month(o, &m, now);
		*walk = (struct bundle_walk){m.customer, m.period};
	}
	db_rows_end(rows);
	if (months < BUNDLES_A_JOB)
		*walk = (struct bundle_walk){0};
	return months == BUNDLES_A_JOB;
}
