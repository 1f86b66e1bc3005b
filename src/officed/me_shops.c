/*
 * me_shops.c: a member's shops, and how old what is known of each is. A shop that is heard is known
 * up to its last heartbeat, for it says in each what it has not sent yet; one that is silent up to
 * the last entry that came from it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "officed/me.h"

#define COLUMNS                                                                                    \
	"SELECT h.shop, h.title, h.currency, h.took_at, s.seen_at, s.silent_since, s.said,"        \
	" h.head_seq FROM shop h LEFT JOIN shop_seen s ON s.shop = h.shop "

static int64_t as_of(struct db_rows *rows, struct wall now)
{
	int64_t took = db_col_int(rows, 3), seen = db_col_int(rows, 4);
	struct sync_heartbeat h;

	if (seen <= took || db_col_int(rows, 5) != 0 || now.ms - seen > SYNC_SILENT_MS)
		return took;
	/* what it had then has come */
	if (sync_heartbeat_take(db_col_bytes(rows, 6), &h) &&
	    (int64_t)h.head_seq <= db_col_int(rows, 7))
		return seen;
	return took;
}

static void take(struct db_rows *rows, struct wall now, struct my_shops *ret)
{
	ret->count = 0;
	while (ret->count < MY_SHOPS_MAX && db_next(rows)) {
		struct my_shop *s = &ret->shop[ret->count++];

		*s = (struct my_shop){.as_of = as_of(rows, now)};
		snprintf(s->name, sizeof(s->name), "%s", db_col_text(rows, 0));
		snprintf(s->currency, sizeof(s->currency), "%s", db_col_text(rows, 2));
		utf8_cut(db_col_text(rows, 1), s->title, sizeof(s->title));
	}
	db_rows_end(rows);
}

void my_shops_enter(struct office *o, const struct person *p, struct wall now, struct my_shops *ret)
{
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       COLUMNS "WHERE h.shop IN (SELECT shop FROM member_shop WHERE member = $1)"
		       " OR EXISTS (SELECT 1 FROM member_shop WHERE member = $1 AND shop = '*')"
		       " ORDER BY h.shop LIMIT 200",
	       DB_VALUES(db_text(p->member)));
	take(rows, now, ret);
}

void my_shops_known(struct office *o, const struct person *p, struct wall now, struct my_shops *ret)
{
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       COLUMNS "WHERE h.shop IN (SELECT shop FROM member_shop WHERE member = $1"
		       " UNION SELECT shop FROM visit WHERE customer = $2"
		       " UNION SELECT shop FROM invoice WHERE customer = $2)"
		       " ORDER BY h.shop LIMIT 200",
	       DB_VALUES(db_text(p->member), db_bytes(p->customer.byte, sizeof(p->customer.byte))));
	take(rows, now, ret);
}

int64_t my_shops_as_of(const struct my_shops *s)
{
	int64_t oldest = s->count > 0 ? INT64_MAX : 0;

	for (uint32_t i = 0; i < s->count; i++)
		if (s->shop[i].as_of < oldest)
			oldest = s->shop[i].as_of;
	return oldest;
}

const struct my_shop *my_shops_find(const struct my_shops *s, const char *name)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (strcmp(s->shop[i].name, name) == 0)
			return &s->shop[i];
	return NULL;
}

const char *my_currency(const struct my_shops *s)
{
	for (uint32_t i = 1; i < s->count; i++)
		if (strcmp(s->shop[i].currency, s->shop[0].currency) != 0)
			return NULL;
	return s->count > 0 ? s->shop[0].currency : NULL;
}

int64_t my_owed(struct office *o, const struct person *p, const struct my_shops *s)
{
	struct db_rows *rows;
	int64_t owed = 0;

	db_ask(o->db, &rows,
	       "SELECT shop, CAST(sum(payable - paid - credited) AS BIGINT) FROM invoice"
	       " WHERE customer = $1 AND credit_note = 0 GROUP BY shop LIMIT 1000",
	       DB_VALUES(db_bytes(p->customer.byte, sizeof(p->customer.byte))));
	while (db_next(rows))
		if (my_shops_find(s, db_col_text(rows, 0)) != NULL)
			owed += db_col_int(rows, 1);
	db_rows_end(rows);
	return owed;
}
