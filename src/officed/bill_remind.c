/*
 * bill_remind.c: a mail about an invoice that is not paid: a first word and a second, each once,
 * with the document. Payments that a bank has told of, and that their shop has not booked yet,
 * count as made.
 */
#include <stdio.h>
#include <string.h>

#include "officed/bill_payment.h"

#define DAY_MS INT64_C(86400000)

enum {
	REMINDERS_A_JOB = 100
};

/* One of them, unless it was made before. */
static void put(struct office *o, enum bundle_kind kind, struct db_rows *rows, struct wall now)
{
	struct span customer = db_col_bytes(rows, 5);
	bool mail = db_col_int(rows, 7) != 0;
	int64_t id = 0;

	if (!db_one(o->db, &id, "UPDATE counter SET n = n + 1 WHERE name = 'bundle' RETURNING n", 0,
		    NULL))
		return;
	db_do(o->db,
	      "INSERT INTO bundle(shop, id, kind, invoice, member, customer, period, payable, due,"
	      " made_at, due_at, tries, mailed_at, outcome)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12)",
	      DB_VALUES(db_text(db_col_text(rows, 0)), db_int(id), db_int(kind),
			db_int(db_col_int(rows, 1)), db_text(db_col_text(rows, 6)),
			db_bytes(customer.data, customer.len), db_int(db_col_int(rows, 4)),
			db_int(db_col_int(rows, 3)), db_int(db_col_int(rows, 2)), db_int(now.ms),
			db_int(mail ? now.ms : 0), db_text(mail ? "" : "no mail wanted")));
}

static uint32_t make(struct office *o, enum bundle_kind kind, int32_t days, struct wall now)
{
	struct db_rows *rows;
	uint32_t made = 0;

	db_ask(o->db, &rows,
	       "SELECT i.shop, i.id, i.due, i.payable - i.paid - i.credited, i.period, i.customer,"
	       " m.member, m.mail_invoices FROM invoice i JOIN member m ON m.customer = i.customer"
	       " WHERE i.credit_note = 0 AND i.payable > i.paid + i.credited AND i.due <= $1"
	       " AND NOT EXISTS (SELECT 1 FROM bundle b WHERE b.shop = i.shop AND b.invoice = i.id"
	       "  AND b.kind = $2 AND b.kind > 0)"
	       " AND NOT EXISTS (SELECT 1 FROM money_in x WHERE x.shop = i.shop"
	       "  AND x.invoice = i.id AND NOT EXISTS (SELECT 1 FROM payment p"
	       "   WHERE p.shop = x.shop AND p.key = x.key))"
	       " ORDER BY i.due, i.shop, i.id LIMIT $3",
	       DB_VALUES(db_int(now.ms / DAY_MS - days), db_int(kind), db_int(REMINDERS_A_JOB)));
	for (; db_next(rows); made++)
		put(o, kind, rows, now);
	db_rows_end(rows);
	return made;
}

bool reminder_make(struct office *o, struct wall now)
{
	struct reminder_policy policy = reminder_policy_default();
	uint32_t made = make(o, BUNDLE_FIRST, policy.first_days, now);

	made += make(o, BUNDLE_SECOND, policy.second_days, now);
	return made >= REMINDERS_A_JOB;
}
