/*
 * feed.c: changes that shops are told, numbered for each shop.
 *
 * A change is appended in the transaction that makes it true, so that neither is ever seen without
 * the other. Its number comes off the shop's own row (feed_to), which the transaction keeps until
 * it commits: numbers are committed in their order, and who has read up to one has read all before
 * it. Whoever is to be told, one shop or all of a scope, the way is the same: mark the rows with a
 * number of the counter `fleet` that nobody else has, move their feed_to, and append the change to
 * each row so marked; two statements for ten thousand shops. The mark also wakes their held polls.
 *
 * Shops whose box was revoked or is not there yet are told too: a box restored from a backup goes
 * on from the cursor that it had then.
 */
#include "officed/feed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/catalog.h"

#define DAY_MS 86400000

bool scope_parse(const char *text, struct scope *ret)
{
	static const char group[] = "group:", shop[] = "shop:";
	struct scope s = {.kind = SCOPE_ALL};
	const char *name = NULL;

	if (strncmp(text, group, sizeof(group) - 1) == 0) {
		s.kind = SCOPE_GROUP;
		name = text + sizeof(group) - 1;
	} else if (strncmp(text, shop, sizeof(shop) - 1) == 0) {
		s.kind = SCOPE_SHOP;
		name = text + sizeof(shop) - 1;
	} else if (text[0]) {
		return false;
	}
	if (name) {
		uint32_t len = (uint32_t)strnlen(name, PLACE_MAX_LEN + 1);

		if (!place_valid(name, len))
			return false;
		memcpy(s.name, name, len);
	}
	*ret = s;
	return true;
}

void scope_text(const struct scope *s, char text[SCOPE_TEXT_MAX + 1])
{
	const char *kind = s->kind == SCOPE_GROUP ? "group:" : s->kind == SCOPE_SHOP ? "shop:" : "";

	snprintf(text, SCOPE_TEXT_MAX + 1, "%s%s", kind, s->name);
}

static struct span change_bytes(const struct sync_change *c, uint8_t bytes[SYNC_CHANGE_SIZE_MAX])
{
	struct builder b = builder_of(bytes, SYNC_CHANGE_SIZE_MAX);

	sync_change_put(&b, c);
	CHECK(!b.failed);
	return (struct span){bytes, b.len};
}

/** The change, to each shop whose row bears the mark. */
static void marked_tell(struct office *o, int64_t mark, const struct sync_change *c,
			struct wall now)
{
	uint8_t bytes[SYNC_CHANGE_SIZE_MAX];
	struct span change = change_bytes(c, bytes);

	db_do(o->db,
	      "INSERT INTO feed(shop, n, at, change)"
	      " SELECT shop, feed_to, $1, $2 FROM shop WHERE changed = $3",
	      DB_VALUES(db_int(now.ms), db_bytes(change.data, change.len), db_int(mark)));
}

void feed_add(struct office *o, const char *shop, const struct sync_change *c, struct wall now)
{
	int64_t mark = fleet_turn(o);

	db_do(o->db, "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE shop = $2",
	      DB_VALUES(db_int(mark), db_text(shop)));
	marked_tell(o, mark, c, now);
}

void feed_add_scope(struct office *o, const char *scope, const struct sync_change *c,
		    struct wall now)
{
	struct scope s;
	int64_t mark;

	if (!scope_parse(scope, &s))
		return;
	mark = fleet_turn(o);
	switch (s.kind) {
	case SCOPE_ALL:
		db_do(o->db, "UPDATE shop SET feed_to = feed_to + 1, changed = $1",
		      DB_VALUES(db_int(mark)));
		break;
	case SCOPE_GROUP:
		db_do(o->db,
		      "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE shop_group = $2",
		      DB_VALUES(db_int(mark), db_text(s.name)));
		break;
	case SCOPE_SHOP:
		db_do(o->db, "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE shop = $2",
		      DB_VALUES(db_int(mark), db_text(s.name)));
		break;
	}
	marked_tell(o, mark, c, now);
}

void feed_add_member(struct office *o, const char *member, const struct sync_change *c,
		     struct wall now)
{
	int64_t mark = fleet_turn(o);

	db_do(o->db,
	      "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE EXISTS (SELECT 1 FROM"
	      " member_shop m WHERE m.member = $2 AND (m.shop = shop.shop OR m.shop = '*'))",
	      DB_VALUES(db_int(mark), db_text(member)));
	marked_tell(o, mark, c, now);
}

/** What shops of a scope are told, but those for which a narrower scope says otherwise: `of_group`
 * and `of_all` move their rows on, with $1 the mark, then the group's name, then the key. */
static void scope_tell(struct office *o, const struct scope *scope, const char *of_group,
		       const char *of_all, struct db_value key, const struct sync_change *c,
		       struct wall now)
{
	int64_t mark;

	if (scope->kind == SCOPE_SHOP) {
		feed_add(o, scope->name, c, now);
		return;
	}
	mark = fleet_turn(o);
	if (scope->kind == SCOPE_GROUP)
		db_do(o->db, of_group, DB_VALUES(db_int(mark), db_text(scope->name), key));
	else
		db_do(o->db, of_all, DB_VALUES(db_int(mark), key));
	marked_tell(o, mark, c, now);
}

void feed_add_article(struct office *o, const struct scope *scope, const struct sync_change *c,
		      struct wall now)
{
	uint64_t gtin = c->kind == SYNC_ARTICLE_GONE ? c->article_gone.n : c->article.gtin.n;

	scope_tell(o, scope,
		   "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE shop_group = $2"
		   " AND NOT EXISTS (SELECT 1 FROM price p WHERE p.gtin = $3"
		   " AND p.scope = 'shop:' || shop.shop)",
		   "UPDATE shop SET feed_to = feed_to + 1, changed = $1"
		   " WHERE NOT EXISTS (SELECT 1 FROM price p WHERE p.gtin = $2 AND p.scope IN"
		   " ('shop:' || shop.shop, 'group:' || shop.shop_group))",
		   db_int((int64_t)gtin), c, now);
}

void feed_add_setting(struct office *o, const struct scope *scope, const struct sync_change *c,
		      struct wall now)
{
	scope_tell(o, scope,
		   "UPDATE shop SET feed_to = feed_to + 1, changed = $1 WHERE shop_group = $2"
		   " AND NOT EXISTS (SELECT 1 FROM policy p WHERE p.name = $3"
		   " AND p.scope = 'shop:' || shop.shop)",
		   "UPDATE shop SET feed_to = feed_to + 1, changed = $1"
		   " WHERE NOT EXISTS (SELECT 1 FROM policy p WHERE p.name = $2 AND p.scope IN"
		   " ('shop:' || shop.shop, 'group:' || shop.shop_group))",
		   db_text(c->setting.name), c, now);
}

void feed_forget(struct office *o, const char *shop)
{
	struct scope s = {.kind = SCOPE_SHOP};

	CHECK(strlen(shop) <= PLACE_MAX_LEN);
	memcpy(s.name, shop, strlen(shop));
	feed_forget_scope(o, &s);
}

void feed_leap(struct office *o, const char *shop)
{
	db_do(o->db, "UPDATE shop SET feed_to = feed_to + $2 WHERE shop = $1",
	      DB_VALUES(db_text(shop), db_int(FEED_LEAP)));
	feed_forget(o, shop);
}

void feed_forget_scope(struct office *o, const struct scope *scope)
{
	int64_t mark = fleet_turn(o);

	switch (scope->kind) {
	case SCOPE_ALL:
		db_do(o->db,
		      "UPDATE shop SET feed_from = feed_to + 1, feed_to = feed_to + 1,"
		      " changed = $1",
		      DB_VALUES(db_int(mark)));
		break;
	case SCOPE_GROUP:
		db_do(o->db,
		      "UPDATE shop SET feed_from = feed_to + 1, feed_to = feed_to + 1,"
		      " changed = $1 WHERE shop_group = $2",
		      DB_VALUES(db_int(mark), db_text(scope->name)));
		break;
	case SCOPE_SHOP:
		db_do(o->db,
		      "UPDATE shop SET feed_from = feed_to + 1, feed_to = feed_to + 1,"
		      " changed = $1 WHERE shop = $2",
		      DB_VALUES(db_int(mark), db_text(scope->name)));
		break;
	}
}

int64_t feed_shops(struct office *o, const struct scope *scope)
{
	int64_t n = 0;

	switch (scope->kind) {
	case SCOPE_ALL:
		db_one(o->db, &n, "SELECT count(*) FROM shop LIMIT 1", 0, NULL);
		break;
	case SCOPE_GROUP:
		db_one(o->db, &n, "SELECT count(*) FROM shop WHERE shop_group = $1 LIMIT 1",
		       DB_VALUES(db_text(scope->name)));
		break;
	case SCOPE_SHOP:
		db_one(o->db, &n, "SELECT count(*) FROM shop WHERE shop = $1 LIMIT 1",
		       DB_VALUES(db_text(scope->name)));
		break;
	}
	return n;
}

struct sync_member feed_member(struct span customer, int64_t role, int64_t flags, int64_t state,
			       int64_t credit_limit)
{
	struct sync_member m = {.role = (uint8_t)role, .flags = (uint16_t)flags};

	if (customer.len == sizeof(m.customer.byte))
		memcpy(m.customer.byte, customer.data, customer.len);
	m.flags = (uint16_t)(m.flags & ~MEMBER_BLOCKED);
	if (state != MEMBER_LIVE)
		m.flags |= MEMBER_BLOCKED;
	m.credit_limit = money_of(credit_limit);
	return m;
}

struct sync_pass feed_pass(struct span cti, bool revoked, bool wants_pin, struct span pin_salt,
			   struct span pin_hash)
{
	struct sync_pass p = {.revoked = revoked, .wants_pin = wants_pin};

	CHECK(cti.len >= CTI_SIZE_MIN && cti.len <= CTI_SIZE_MAX);
	p.cti_len = (uint8_t)cti.len;
	memcpy(p.cti, cti.data, cti.len);
	if (wants_pin && pin_salt.len == sizeof(p.pin_salt) &&
	    pin_hash.len == sizeof(p.pin_hash.byte)) {
		memcpy(p.pin_salt, pin_salt.data, pin_salt.len);
		memcpy(p.pin_hash.byte, pin_hash.data, pin_hash.len);
	}
	return p;
}

/* --- what is old */

struct trim {
	struct office *o;
	int64_t before;
	int64_t gone;
};

/** One shop's old changes. Its row is taken first, so that nobody appends in between. */
static void shop_trim(struct office *o, const char *shop, int64_t last, int64_t *gone)
{
	db_do(o->db, "UPDATE shop SET feed_from = $2 WHERE shop = $1 AND feed_from < $2",
	      DB_VALUES(db_text(shop), db_int(last)));
	*gone += db_do(o->db, "DELETE FROM feed WHERE shop = $1 AND n <= $2",
		       DB_VALUES(db_text(shop), db_int(last)));
}

static int trim_work(struct db *d, void *data)
{
	struct trim *t = data;
	struct db_rows *rows;

	t->gone = 0;
	db_ask(d, &rows,
	       "SELECT shop, max(n) FROM (SELECT shop, n FROM feed WHERE at < $1 LIMIT 5000) f"
	       " GROUP BY shop LIMIT 5000",
	       DB_VALUES(db_int(t->before)));
	while (db_next(rows))
		shop_trim(t->o, db_col_text(rows, 0), db_col_int(rows, 1), &t->gone);
	db_rows_end(rows);
	return db_failed(d);
}

int64_t feed_trim(struct office *o, struct wall now)
{
	struct trim t = {.o = o, .before = now.ms - (int64_t)o->config->keep_feed_days * DAY_MS};
	int error = db_transact(o->db, trim_work, &t);

	return error < 0 ? error : t.gone;
}
