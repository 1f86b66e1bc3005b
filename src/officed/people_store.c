/*
 * people_store.c: a member's row, what shops are told of it, and who may see or change it.
 *
 * A shop learns a random customer key, a role, flags, a limit and public keys, and nothing else.
 * Whoever asks to become a member, or was declined, no shop hears of.
 */
#include "officed/people.h"

#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/operators.h"

const char *member_state_word(enum member_state s)
{
	switch (s) {
	case MEMBER_ASKS:
		return "asks";
	case MEMBER_LIVE:
		return "live";
	case MEMBER_BARRED:
		return "blocked";
	case MEMBER_DECLINED:
		return "declined";
	case MEMBER_ERASED:
		return "erased";
	}
	return "unknown";
}

bool person_read(struct office *o, const char *member, struct person *ret)
{
	struct db_rows *rows;
	struct span customer;
	bool there;

	db_ask(o->db, &rows,
	       "SELECT customer, state, role, flags, credit_limit, party, language, mail_invoices,"
	       " made_at, changed_at, erased_at FROM member WHERE member = $1 LIMIT 1",
	       DB_VALUES(db_text(member)));
	there = db_next(rows);
	if (there) {
		memset(ret, 0, sizeof(*ret));
		snprintf(ret->member, sizeof(ret->member), "%s", member);
		customer = db_col_bytes(rows, 0);
		if (customer.len == sizeof(ret->customer.byte))
			memcpy(ret->customer.byte, customer.data, customer.len);
		ret->state = (enum member_state)db_col_int(rows, 1);
		ret->role = db_col_int(rows, 2);
		ret->flags = db_col_int(rows, 3);
		ret->credit_limit = db_col_int(rows, 4);
		snprintf(ret->party, sizeof(ret->party), "%s", db_col_text(rows, 5));
		ret->language = strcmp(db_col_text(rows, 6), "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
		ret->mail_invoices = db_col_int(rows, 7) != 0;
		ret->made_at = db_col_int(rows, 8);
		ret->changed_at = db_col_int(rows, 9);
		ret->erased_at = db_col_int(rows, 10);
	}
	db_rows_end(rows);
	return there;
}

void person_hold(struct office *o, const char *member)
{
	db_do(o->db, "UPDATE member SET changed_at = changed_at WHERE member = $1",
	      DB_VALUES(db_text(member)));
}

void person_write(struct office *o, const struct person *p, bool is_new)
{
	static const char insert[] =
		"INSERT INTO member(member, customer, state, role, flags, credit_limit, party,"
		" language, mail_invoices, made_at, changed_at, erased_at)"
		" VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	static const char update[] =
		"UPDATE member SET customer = $2, state = $3, role = $4, flags = $5,"
		" credit_limit = $6, party = $7, language = $8, mail_invoices = $9, made_at = $10,"
		" changed_at = $11, erased_at = $12 WHERE member = $1";

	db_do(o->db, is_new ? insert : update,
	      DB_VALUES(db_text(p->member), db_bytes(p->customer.byte, sizeof(p->customer.byte)),
			db_int(p->state), db_int(p->role), db_int(p->flags),
			db_int(p->credit_limit), db_text(p->party),
			db_text(p->language == LANGUAGE_EN ? "en" : "sv"), db_int(p->mail_invoices),
			db_int(p->made_at), db_int(p->changed_at), db_int(p->erased_at)));
}

void person_new(struct person *p, struct wall now)
{
	uint8_t number[8];

	random_bytes(number, sizeof(number));
	hex_text(number, sizeof(number), p->member);
	random_bytes(p->customer.byte, sizeof(p->customer.byte));
	p->made_at = p->changed_at = now.ms;
}

/* --- told */

static void change_to(struct office *o, const struct person *p, const char *shop,
		      const struct sync_change *c, struct wall now)
{
	if (!shop)
		feed_add_member(o, p->member, c, now);
	else if (strcmp(shop, EVERY_SHOP) == 0)
		feed_add_scope(o, "", c, now);
	else
		feed_add(o, shop, c, now);
}

/** @shop: NULL: all that the member may enter. */
static void tell(struct office *o, const struct person *p, const char *shop, struct wall now)
{
	struct sync_change c = {.kind = SYNC_MEMBER};
	struct db_rows *rows;

	if (!person_told(p))
		return;
	c.member = feed_member((struct span){p->customer.byte, sizeof(p->customer.byte)}, p->role,
			       p->flags, p->state, p->credit_limit);
	change_to(o, p, shop, &c, now);
	db_ask(o->db, &rows,
	       "SELECT key FROM member_key WHERE member = $1 AND removed_at = 0 ORDER BY key"
	       " LIMIT 16",
	       DB_VALUES(db_text(p->member)));
	while (db_next(rows)) {
		if (key_change(db_col_bytes(rows, 0), p->customer, false, &c))
			change_to(o, p, shop, &c, now);
	}
	db_rows_end(rows);
}

void person_tell(struct office *o, const struct person *p, struct wall now)
{
	tell(o, p, NULL, now);
}

void person_tell_shop(struct office *o, const struct person *p, const char *shop, struct wall now)
{
	tell(o, p, shop, now);
}

/* --- who may */

enum reach person_reach(struct office *o, const struct who *who, const char *member)
{
	struct db_rows *rows;
	uint32_t shops = 0, ours = 0;
	bool every = false;

	if (who_may(who, RIGHT_MEMBERS, NULL))
		return REACH_ALL;
	db_ask(o->db, &rows, "SELECT shop FROM member_shop WHERE member = $1 LIMIT 1000",
	       DB_VALUES(db_text(member)));
	for (; db_next(rows); shops++) {
		if (strcmp(db_col_text(rows, 0), EVERY_SHOP) == 0)
			every = true;
		else if (who_may(who, RIGHT_MEMBERS, db_col_text(rows, 0)))
			ours++;
	}
	db_rows_end(rows);
	if (shops > 0 && ours == shops)
		return REACH_ALL;
	return ours > 0 || every ? REACH_SOME : REACH_NONE;
}

bool owner_may(const struct who *who, int64_t role, struct reply *r)
{
	if (role != ROLE_OWNER || (who->rights & OWNER_RIGHTS) == OWNER_RIGHTS)
		return true;
	reply_problem(r, 403, "forbidden",
		      "An owner has rights that you have not: ask somebody who has members, goods, "
		      "remote and pull.");
	return false;
}

bool person_find(struct office *o, const struct ask *a, enum reach least, struct person *ret,
		 struct reply *r)
{
	bool there = person_read(o, a->param[0], ret);
	enum reach reach = there ? person_reach(o, &a->who, a->param[0]) : REACH_NONE;

	if (db_failed(o->db))
		return false;
	if (reach == REACH_NONE)
		reply_problem(r, 404, "unknown_member", "There is no member of this number.");
	else if (reach < least)
		reply_problem(r, 403, "shared_member",
			      "This member may enter shops that are not yours too: only who has "
			      "the right over all of them can do this.");
	return reach != REACH_NONE && reach >= least;
}

/* --- shown */

json_t *person_shops_json(struct office *o, const char *member)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT shop FROM member_shop WHERE member = $1 ORDER BY shop LIMIT 100",
	       DB_VALUES(db_text(member)));
	while (db_next(rows))
		json_array_append_new(list, json_string(db_col_text(rows, 0)));
	db_rows_end(rows);
	return list;
}

json_t *person_keys_json(struct office *o, const char *member, bool gone_too)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT kid, kind, label, added_at, removed_at FROM member_key WHERE member = $1"
	       " AND (removed_at = 0 OR $2 = 1) ORDER BY added_at, kid LIMIT 200",
	       DB_VALUES(db_text(member), db_int(gone_too)));
	while (db_next(rows)) {
		struct span kid = db_col_bytes(rows, 0);
		char text[2 * KID_SIZE + 1] = "";

		if (kid.len == KID_SIZE)
			hex_text(kid.data, KID_SIZE, text);
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:o, s:o}", "kid", text, "kind",
						db_col_text(rows, 1), "label", db_col_text(rows, 2),
						"added_at", json_wall(db_col_int(rows, 3)),
						"removed_at", json_wall(db_col_int(rows, 4))));
	}
	db_rows_end(rows);
	return list;
}

json_t *person_json(const struct person *p, bool whole)
{
	char customer[2 * sizeof(p->customer.byte) + 1];
	/* of the erased it stands on their invoices alone */
	bool shown = p->party[0] && p->state != MEMBER_ERASED;
	json_t *j, *party = shown ? json_loads(p->party, 0, NULL) : NULL;

	hex_text(p->customer.byte, sizeof(p->customer.byte), customer);
	j = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:s, s:b, s:o, s:o}", "member",
		      p->member, "customer", customer, "state", member_state_word(p->state), "role",
		      role_word((enum role)p->role), "extended", (p->flags & MEMBER_EXTENDED) != 0,
		      "overdue", (p->flags & MEMBER_OVERDUE) != 0, "credit_limit_minor",
		      p->flags & MEMBER_LIMITED ? json_integer(p->credit_limit) : json_null(),
		      "language", p->language == LANGUAGE_EN ? "en" : "sv", "mail_invoices",
		      p->mail_invoices, "made_at", json_wall(p->made_at), "changed_at",
		      json_wall(p->changed_at));
	if (p->erased_at != 0)
		json_object_set_new(j, "erased_at", json_wall(p->erased_at));
	if (whole)
		json_object_set(j, "party", party ? party : json_null());
	else if (json_object_get(party, "name"))
		json_object_set(j, "name", json_object_get(party, "name"));
	json_decref(party);
	return j;
}
