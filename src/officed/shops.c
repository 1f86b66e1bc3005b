/*
 * shops.c: shops are made, looked at and changed. A shop's name never changes: it stands in every
 * token, invoice number and entry of it.
 */
#include "officed/shops.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/feed.h"
#include "officed/page.h"
#include "officed/texts.h"
#include "paper/party.h"

/* ---- list and one ---- */

struct listing {
	struct office *o;
	const struct ask *a;
	const char *after;
	char pattern[4 * TITLE_MAX]; /* of `q`; empty: all of them */
	int64_t limit;
	json_t *shops;
	bool more;
	char last[PLACE_MAX_LEN + 1];
};

static void list_rows(struct listing *l, struct db_rows *rows, uint32_t *ret_rows)
{
	*ret_rows = 0;
	while (db_next(rows)) {
		const char *shop = db_col_text(rows, 0);

		(*ret_rows)++;
		if ((int64_t)json_array_size(l->shops) >= l->limit) {
			l->more = true;
			break;
		}
		snprintf(l->last, sizeof(l->last), "%s", shop);
		if (who_may(&l->a->who, RIGHT_FLEET, shop))
			(void)json_array_append_new(l->shops, shop_json(rows, l->a->now));
	}
	db_rows_end(rows);
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	uint32_t rows_read = SHOPS_PAGE_MAX;

	json_array_clear(l->shops);
	l->more = false;
	snprintf(l->last, sizeof(l->last), "%s", l->after);
	/* whoever may see few of them has their page filled all the same */
	while (rows_read == SHOPS_PAGE_MAX && !l->more && db_failed(d) == 0) {
		struct db_rows *rows;

		db_ask(d, &rows,
		       "SELECT " SHOP_COLUMNS " FROM shop h LEFT JOIN shop_seen s ON s.shop = "
		       "h.shop WHERE h.shop > $1 AND ($2 = '' OR lower(h.shop || ' ' || h.title || "
		       "' ' || h.shop_group) LIKE $2 ESCAPE '\\') ORDER BY h.shop LIMIT 500",
		       DB_VALUES(db_text(l->last), db_text(l->pattern)));
		list_rows(l, rows, &rows_read);
	}
	return db_failed(d);
}

int shops_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .after = ask_query(a, "after")};
	const char *q = ask_query(a, "q");
	json_t *body;
	int error;

	if (!ask_query_int(a, "limit", 1, SHOPS_PAGE_MAX, 100, &l.limit, r))
		return 0;
	if (l.after == NULL)
		l.after = "";
	if (strlen(l.after) > PLACE_MAX_LEN) {
		reply_problem(r, 400, "malformed", "after= is the name of a shop.");
		return 0;
	}
	if (q != NULL && q[0] != '\0' && !page_pattern(q, l.pattern, sizeof(l.pattern))) {
		reply_problem(r, 400, "malformed", "q= is a piece of a name, %d bytes at most.",
			      TITLE_MAX);
		return 0;
	}
	l.shops = json_array();
	error = db_read(o->db, list_work, &l);
	if (error < 0) {
		json_decref(l.shops);
		return error;
	}
	body = json_object();
	(void)json_object_set_new(body, "shops", l.shops);
	(void)json_object_set_new(body, "next", l.more ? json_string(l.last) : json_null());
	(void)json_object_set_new(body, "at", json_wall(a->now.ms));
	reply_json(r, 200, body);
	return 0;
}

struct one {
	const struct ask *a;
	const char *shop;
	json_t *json;
};

static int one_work(struct db *d, void *data)
{
	struct one *one = data;
	struct db_rows *rows;

	json_decref(one->json);
	one->json = NULL;
	db_ask(d, &rows,
	       "SELECT " SHOP_COLUMNS " FROM shop h LEFT JOIN shop_seen s ON s.shop = h.shop WHERE "
	       "h.shop = $1 LIMIT 1",
	       DB_VALUES(db_text(one->shop)));
	if (db_next(rows))
		one->json = shop_json(rows, one->a->now);
	db_rows_end(rows);
	return db_failed(d);
}

/** The shop as it is now, as the answer. */
static int one_reply(struct office *o, const struct ask *a, const char *shop, uint32_t status,
		     struct reply *r)
{
	struct one one = {.a = a, .shop = shop};
	int error = db_read(o->db, one_work, &one);

	if (error < 0 || one.json == NULL) {
		json_decref(one.json);
		if (error == 0)
			shop_unknown(r);
		return error;
	}
	reply_json(r, status, one.json);
	return 0;
}

int shops_get(struct office *o, const struct ask *a, struct reply *r)
{
	return one_reply(o, a, a->param[0], 200, r);
}

/* ---- made and changed ---- */

struct settings {
	struct office *o;
	const struct ask *a;
	const char *shop, *title, *group, *language, *currency;
	char *seller; /* JSON; NULL: not given */
	bool done, moved;
};

/** What stands in `seller` has to be good for an invoice. */
static bool seller_take(const json_t *body, struct settings *s, struct reply *r)
{
	json_t *seller = json_object_get(body, "seller"), *parties;
	struct parties *read;
	char why[PARTY_WHY_MAX] = "it must be an object";
	char *text;
	bool good = false;

	if (seller == NULL)
		return true;
	parties = json_pack("{s:O,s:{s:s,s:s,s:s,s:s,s:s}}", "seller", seller, "buyer", "name", "A",
			    "street", "B", "postcode", "12345", "city", "C", "country", "SE");
	text = parties != NULL ? json_dumps(parties, JSON_COMPACT) : NULL;
	read = calloc(1, sizeof(*read));
	if (text != NULL && read != NULL && json_is_object(seller))
		good = party_read(text, (uint32_t)strlen(text), read, why);
	free(read);
	free(text);
	json_decref(parties);
	s->seller = good ? json_dumps(seller, JSON_COMPACT) : NULL;
	if (s->seller != NULL && strlen(s->seller) <= SELLER_TEXT_MAX)
		return true;
	reply_problem(r, 422, "seller", "\"seller\": %.160s.", good ? "it is too long" : why);
	return false;
}

static bool words_fit(const struct settings *s, struct reply *r)
{
	const char *c = s->currency;

	if (s->group != NULL && s->group[0] != '\0' &&
	    !place_valid(s->group, (uint32_t)strlen(s->group)))
		reply_problem(r, 400, "malformed",
			      "\"group\" must be small letters, digits and hyphens, at most 16.");
	else if (s->language != NULL && strcmp(s->language, "sv") != 0 &&
		 strcmp(s->language, "en") != 0)
		reply_problem(r, 400, "malformed", "\"language\" must be sv or en.");
	else if (c != NULL && (strlen(c) != 3 || strspn(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		reply_problem(r, 400, "malformed",
			      "\"currency\" must be three capitals of ISO 4217, like SEK.");
	else
		return true;
	return false;
}

static bool settings_take(const json_t *body, struct settings *s, struct reply *r)
{
	return json_take_text(body, "title", false, TITLE_MAX, &s->title, r) &&
	       json_take_text(body, "group", false, PLACE_MAX_LEN, &s->group, r) &&
	       json_take_text(body, "language", false, 2, &s->language, r) &&
	       json_take_text(body, "currency", false, 3, &s->currency, r) && words_fit(s, r) &&
	       seller_take(body, s, r);
}

static void group_put(struct db *d, const char *group)
{
	if (group != NULL && group[0] != '\0')
		db_do(d, "INSERT INTO shop_group(name) VALUES($1) ON CONFLICT(name) DO NOTHING",
		      DB_VALUES(db_text(group)));
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

static int create_work(struct db *d, void *data)
{
	struct settings *s = data;

	group_put(d, s->group);
	s->done = db_do(d,
			"INSERT INTO shop(shop, shop_group, title, language, currency, seller, "
			"state, key, epoch, granted_at, head_seq, head_hash, head_at, took_at, "
			"feed_to, feed_from, changed) VALUES($1, $2, $3, $4, $5, $6, 0, $7, 0, 0, "
			"0, $8, 0, 0, 0, 0, 0) ON CONFLICT(shop) DO NOTHING",
			DB_VALUES(db_text(s->shop), db_text(text_or(s->group, "")),
				  db_text(text_or(s->title, s->shop)),
				  db_text(text_or(s->language, "sv")),
				  db_text(text_or(s->currency, "SEK")),
				  db_text(text_or(s->seller, "")), db_bytes("", 0),
				  db_bytes((uint8_t[32]){0}, 32))) == 1;
	if (s->done) {
		shop_touch(s->o, s->shop);
		feed_forget(s->o, s->shop); /* it begins with a snapshot */
	}
	return db_failed(d);
}

int shops_create(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const names[] = {"shop",	"title",  "group", "language",
					    "currency", "seller", NULL};
	struct settings s = {.o = o, .a = a};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (body == NULL)
		return 0;
	if (json_only(body, names, r) &&
	    json_take_text(body, "shop", true, PLACE_MAX_LEN, &s.shop, r) &&
	    settings_take(body, &s, r)) {
		if (!place_valid(s.shop, (uint32_t)strlen(s.shop)))
			reply_problem(r, 400, "malformed",
				      "\"shop\" must be small letters, digits and hyphens, at "
				      "most 16.");
		else if (!who_may(&a->who, RIGHT_FLEET, s.shop))
			reply_problem(r, 403, "forbidden", "You have no such right over %s.",
				      s.shop);
		else
			error = db_transact(o->db, create_work, &s);
		if (error == 0 && r->status == 0 && s.done)
			error = one_reply(o, a, s.shop, 201, r);
		else if (error == 0 && r->status == 0)
			reply_problem(r, 409, "shop_exists", "There is a shop %s already.", s.shop);
	}
	free(s.seller);
	json_decref(body);
	return error;
}

static int change_work(struct db *d, void *data)
{
	struct settings *s = data;
	struct db_rows *rows;

	group_put(d, s->group);
	db_ask(d, &rows,
	       "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING shop_group, title, "
	       "language, currency, seller, head_seq",
	       DB_VALUES(db_text(s->shop)));
	s->done = db_next(rows);
	if (s->done) {
		s->moved = s->group != NULL && strcmp(s->group, db_col_text(rows, 0)) != 0;
		db_do(d,
		      "UPDATE shop SET shop_group = $1, title = $2, language = $3, currency = $4, "
		      "seller = $5 WHERE shop = $6",
		      DB_VALUES(db_text(text_or(s->group, db_col_text(rows, 0))),
				db_text(text_or(s->title, db_col_text(rows, 1))),
				db_text(text_or(s->language, db_col_text(rows, 2))),
				db_text(text_or(s->currency, db_col_text(rows, 3))),
				db_text(text_or(s->seller, db_col_text(rows, 4))),
				db_text(s->shop)));
	}
	db_rows_end(rows);
	if (s->moved)
		feed_forget(s->o, s->shop); /* other prices and policy hold for it now */
	if (s->done)
		shop_touch(s->o, s->shop);
	return db_failed(d);
}

int shops_change(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const names[] = {"title", "group", "language", "seller", NULL};
	struct settings s = {.o = o, .a = a, .shop = a->param[0]};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (body == NULL)
		return 0;
	if (json_only(body, names, r) && settings_take(body, &s, r)) {
		error = db_transact(o->db, change_work, &s);
		if (error == 0 && s.done)
			error = one_reply(o, a, s.shop, 200, r);
		else if (error == 0)
			shop_unknown(r);
	}
	free(s.seller);
	json_decref(body);
	return error;
}
