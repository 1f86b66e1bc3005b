/*
 * bill_overdue.c: who owes for too long in one shop may not come into any of theirs until it is
 * paid. A shop bars by its own invoices by itself; this is for the others, which know nothing of
 * them.
 */
#include <string.h>

#include "core/catalog.h"
#include "officed/bill_payment.h"
#include "officed/feed.h"

#define DAY_MS INT64_C(86400000)

static void mark(struct office *o, const char *member, bool overdue, struct wall now)
{
	struct sync_change c = {.kind = SYNC_MEMBER};
	struct db_rows *rows;
	bool found;

	db_ask(o->db, &rows,
	       "UPDATE member SET flags = flags + $2, changed_at = $3 WHERE member = $1"
	       " RETURNING customer, role, flags, state, credit_limit",
	       DB_VALUES(db_text(member), db_int(overdue ? MEMBER_OVERDUE : -MEMBER_OVERDUE),
			 db_int(now.ms)));
	/* of who asks, was declined or is erased no shop hears */
	found = db_next(rows) &&
		(db_col_int(rows, 3) == MEMBER_LIVE || db_col_int(rows, 3) == MEMBER_BARRED);
	if (found)
		c.member =
			feed_member(db_col_bytes(rows, 0), db_col_int(rows, 1), db_col_int(rows, 2),
				    db_col_int(rows, 3), db_col_int(rows, 4));
	db_rows_end(rows);
	if (found)
		feed_add_member(o, member, &c, now);
}

bool overdue_mark(struct office *o, struct wall now)
{
	int64_t before = now.ms / DAY_MS - reminder_policy_default().bar_days;
	struct db_rows *rows;
	uint32_t marked = 0;

	_Static_assert(MEMBER_OVERDUE == 2, "the second bit, as the statements below have it");
	db_ask(o->db, &rows,
	       "SELECT m.member FROM member m WHERE m.flags / 2 % 2 = 0 AND m.customer IN"
	       " (SELECT i.customer FROM invoice i WHERE i.credit_note = 0"
	       "  AND i.payable > i.paid + i.credited AND i.due < $1) ORDER BY m.member LIMIT $2",
	       DB_VALUES(db_int(before), db_int(OVERDUE_A_JOB)));
	for (; db_next(rows); marked++)
		mark(o, db_col_text(rows, 0), true, now);
	db_rows_end(rows);
	db_ask(o->db, &rows,
	       "SELECT m.member FROM member m WHERE m.flags / 2 % 2 = 1 AND m.customer NOT IN"
	       " (SELECT i.customer FROM invoice i WHERE i.credit_note = 0"
	       "  AND i.payable > i.paid + i.credited AND i.due < $1) ORDER BY m.member LIMIT $2",
	       DB_VALUES(db_int(before), db_int(OVERDUE_A_JOB)));
	for (; db_next(rows); marked++)
		mark(o, db_col_text(rows, 0), false, now);
	db_rows_end(rows);
	return marked >= OVERDUE_A_JOB;
}
