/* pass_list.c: passes that are there: listed, and revoked together when their member is erased. */
#include <stdio.h>
#include <string.h>

#include "officed/pass.h"
#include "officed/people.h"

void pass_revoke_all(struct office *o, const char *member, struct wall now)
{
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "UPDATE pass SET revoked = 1, label = '' WHERE member = $1 RETURNING shop, cti,"
	       " wants_pin, pin_salt, pin_hash, expires_at",
	       DB_VALUES(db_text(member)));
	while (db_next(rows)) {
		struct span cti = db_col_bytes(rows, 1);
		struct sync_pass pass;

		if (cti.len < CTI_SIZE_MIN || cti.len > CTI_SIZE_MAX ||
		    db_col_int(rows, 5) <= now.ms)
			continue;
		pass = feed_pass(cti, true, db_col_int(rows, 2) != 0, db_col_bytes(rows, 3),
				 db_col_bytes(rows, 4));
		pass_tell(o, db_col_text(rows, 0), &pass, now);
	}
	db_rows_end(rows);
}

struct listing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop, *member; /* "": all */
	json_t *items;
};

static int list_work(struct db *d, void *data)
{
	struct listing *s = data;
	struct db_rows *rows;

	json_array_clear(s->items);
	db_ask(d, &rows,
	       "SELECT shop, cti, member, label, not_before, expires_at, revoked, wants_pin,"
	       " made_by, made_at FROM pass WHERE expires_at > $1 AND ($2 = '' OR shop = $2)"
	       " AND ($3 = '' OR member = $3) ORDER BY shop, made_at LIMIT 5000",
	       DB_VALUES(db_int(s->a->now.ms), db_text(s->shop), db_text(s->member)));
	while (db_next(rows)) {
		struct span cti = db_col_bytes(rows, 1);
		char text[2 * CTI_SIZE_MAX + 1];

		if (!who_may(&s->a->who, RIGHT_MEMBERS, db_col_text(rows, 0)) ||
		    cti.len > CTI_SIZE_MAX)
			continue;
		hex_text(cti.data, cti.len, text);
		json_array_append_new(
			s->items,
			json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:s, s:o}", "pass",
				  text, "shop", db_col_text(rows, 0), "member",
				  db_col_text(rows, 2), "label", db_col_text(rows, 3), "not_before",
				  json_wall(db_col_int(rows, 4)), "expires_at",
				  json_wall(db_col_int(rows, 5)), "revoked",
				  (int)db_col_int(rows, 6), "wants_pin", (int)db_col_int(rows, 7),
				  "made_by", db_col_text(rows, 8), "made_at",
				  json_wall(db_col_int(rows, 9))));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/passes?shop=&member=: those that have not run out */
int pass_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing s = {.o = o, .a = a, .r = r, .items = json_array()};
	int error;

	s.shop = ask_query(a, "shop") ? ask_query(a, "shop") : "";
	s.member = ask_query(a, "member") ? ask_query(a, "member") : "";
	error = db_read(o->db, list_work, &s);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "passes", s.items));
	json_decref(s.items);
	return error;
}
