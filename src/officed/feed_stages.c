/*
 * feed_stages.c: what a snapshot is made of, stage by stage, each in the order of a key: keys of
 * the office, settings, members with their keys, articles with their prices, passes, and what the
 * shop has to do once and has not shown done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/feed_snap.h"
#include "officed/goods_price.h"
#include "officed/people.h"
#include "officed/policy.h"

enum {
	MEMBERS_READ = 250, /* at once: with their keys they are a page at most */
	KEYS_EACH_MAX = 16, /* live keys of one member that a shop is told */
};

/** Whether `changes` more find room, however large they are. */
static bool room_for(const struct snap *s, uint32_t changes)
{
	return s->changes + changes <= SYNC_CHANGES_MAX &&
	       s->b.len + changes * SYNC_CHANGE_SIZE_MAX / 8 + SYNC_CHANGE_SIZE_MAX <= s->b.size;
}

static void put(struct snap *s, const struct sync_change *c)
{
	sync_change_put(&s->b, c);
	CHECK(!s->b.failed);
	s->changes++;
}

static void key_keep(struct snap *s, const char *key)
{
	snprintf(s->key, sizeof(s->key), "%s", key);
}

static bool stage_key_set(struct snap *s)
{
	const struct office_keys *keys = s->o->keys;
	struct sync_change c = {.kind = SYNC_KEY_SET,
				.key_set = {keys->statement, keys->statement_len}};

	if (keys->statement_len > 0)
		put(s, &c);
	return true;
}

static bool stage_settings(struct snap *s)
{
	struct sync_setting setting[POLICY_NAMES];
	uint32_t n = policy_effective(s->o, s->shop, s->group, setting);

	if (!room_for(s, n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct sync_change c = {.kind = SYNC_SETTING, .setting = setting[i]};

		put(s, &c);
	}
	return true;
}

/* --- members with their keys */

struct one_member {
	char member[17];
	struct sync_member m;
};

static uint32_t members_read(struct snap *s, const char *shop,
			     struct one_member member[MEMBERS_READ])
{
	struct db_rows *rows;
	uint32_t n = 0;

	db_ask(s->o->db, &rows,
	       "SELECT s.member, m.customer, m.role, m.flags, m.state, m.credit_limit"
	       " FROM member_shop s JOIN member m ON m.member = s.member"
	       " WHERE s.shop = $1 AND s.member > $2 AND m.state IN (1, 2)"
	       " ORDER BY s.member LIMIT 250",
	       DB_VALUES(db_text(shop), db_text(s->key)));
	while (n < MEMBERS_READ && db_next(rows)) {
		struct one_member *one = &member[n++];

		snprintf(one->member, sizeof(one->member), "%s", db_col_text(rows, 0));
		one->m = feed_member(db_col_bytes(rows, 1), db_col_int(rows, 2),
				     db_col_int(rows, 3), db_col_int(rows, 4), db_col_int(rows, 5));
	}
	db_rows_end(rows);
	return n;
}

/** The member stood on with its keys, which `rows` brings in the same order. */
static void member_put(struct snap *s, const struct one_member *one, struct db_rows *rows,
		       bool *more)
{
	struct sync_change c = {.kind = SYNC_MEMBER, .member = one->m};
	uint32_t keys = 0;

	put(s, &c);
	while (*more && strcmp(db_col_text(rows, 0), one->member) < 0)
		*more = db_next(rows);
	while (*more && strcmp(db_col_text(rows, 0), one->member) == 0) {
		if (key_change(db_col_bytes(rows, 1), one->m.customer, false, &c) &&
		    keys++ < KEYS_EACH_MAX)
			put(s, &c);
		*more = db_next(rows);
	}
	key_keep(s, one->member);
}

/** Those of member_shop's `shop`, which is the shop or '*'. */
static bool members_of(struct snap *s, const char *shop)
{
	struct one_member *member = calloc(MEMBERS_READ, sizeof(*member));
	bool full = false;
	uint32_t n;

	CHECK(member);
	do {
		struct db_rows *rows;
		bool more;

		n = members_read(s, shop, member);
		if (n == 0)
			break;
		db_ask(s->o->db, &rows,
		       "SELECT k.member, k.key FROM member_shop s JOIN member_key k"
		       " ON k.member = s.member WHERE s.shop = $1 AND s.member > $2"
		       " AND s.member <= $3 AND k.removed_at = 0 ORDER BY k.member LIMIT 10000",
		       DB_VALUES(db_text(shop), db_text(s->key), db_text(member[n - 1].member)));
		more = db_next(rows);
		for (uint32_t i = 0; i < n && !full; i++) {
			full = !room_for(s, 1 + KEYS_EACH_MAX);
			if (!full)
				member_put(s, &member[i], rows, &more);
		}
		db_rows_end(rows);
	} while (!full && n == MEMBERS_READ);
	free(member);
	return !full;
}

static bool stage_members(struct snap *s)
{
	return members_of(s, s->shop);
}

static bool stage_members_everywhere(struct snap *s)
{
	return members_of(s, "*");
}

/* --- articles */

static bool stage_articles(struct snap *s)
{
	struct price_pages *p = price_pages_new(s->o, s->shop, s->group, s->a->now);
	int64_t after = strtoll(s->key, NULL, 10), gtin;
	struct sync_change c[PRICE_STEPS_MAX];
	bool full = false;
	uint32_t n;

	CHECK(p);
	while (!full && price_pages_next(p, after, c, &n, &gtin)) {
		full = !room_for(s, n);
		if (full)
			break;
		for (uint32_t i = 0; i < n; i++)
			put(s, &c[i]);
		after = gtin;
		snprintf(s->key, sizeof(s->key), "%" PRId64, after);
	}
	price_pages_free(p);
	return !full;
}

/* --- passes of which there is something to tell */

static bool stage_passes(struct snap *s)
{
	uint8_t after[CTI_SIZE_MAX] = {0};
	uint32_t after_len = (uint32_t)strlen(s->key) / 2;
	struct db_rows *rows;
	bool full = false;

	if (after_len > sizeof(after) ||
	    !hex_parse(s->key, (uint32_t)strlen(s->key), after, after_len))
		after_len = 0;
	db_ask(s->o->db, &rows,
	       "SELECT cti, revoked, wants_pin, pin_salt, pin_hash FROM pass WHERE shop = $1"
	       " AND cti > $2 AND (revoked = 1 OR wants_pin = 1) AND expires_at > $3"
	       " ORDER BY cti LIMIT 1000",
	       DB_VALUES(db_text(s->shop), db_bytes(after, after_len), db_int(s->a->now.ms)));
	while (!full && db_next(rows)) {
		struct sync_change c = {.kind = SYNC_PASS};
		struct span cti = db_col_bytes(rows, 0);

		full = !room_for(s, 1);
		if (full)
			break;
		c.pass = feed_pass(cti, db_col_int(rows, 1) != 0, db_col_int(rows, 2) != 0,
				   db_col_bytes(rows, 3), db_col_bytes(rows, 4));
		put(s, &c);
		hex_text(cti.data, c.pass.cti_len, s->key);
	}
	db_rows_end(rows);
	return !full;
}

/* --- what has to be done once, and no entry shows it done */

static struct customer customer_of(struct span bytes)
{
	struct customer c = {0};

	if (bytes.len == sizeof(c.byte))
		memcpy(c.byte, bytes.data, sizeof(c.byte));
	return c;
}

static bool stage_payments(struct snap *s)
{
	struct db_rows *rows;
	bool full = false;

	db_ask(s->o->db, &rows,
	       "SELECT m.key, m.customer, m.invoice, m.amount, m.booked FROM money_in m"
	       " WHERE m.shop = $1 AND m.key > $2 AND NOT EXISTS (SELECT 1 FROM payment p"
	       " WHERE p.shop = m.shop AND p.key = m.key) ORDER BY m.key LIMIT 1000",
	       DB_VALUES(db_text(s->shop), db_text(s->key)));
	while (!full && db_next(rows)) {
		struct sync_change c = {.kind = SYNC_PAYMENT};

		full = !room_for(s, 1);
		if (full)
			break;
		snprintf(c.payment.key, sizeof(c.payment.key), "%s", db_col_text(rows, 0));
		c.payment.customer = customer_of(db_col_bytes(rows, 1));
		c.payment.invoice.n = (uint64_t)db_col_int(rows, 2);
		c.payment.amount = money_of(db_col_int(rows, 3));
		c.payment.booked.n = (int32_t)db_col_int(rows, 4);
		put(s, &c);
		key_keep(s, c.payment.key);
	}
	db_rows_end(rows);
	return !full;
}

static bool stage_assigned(struct snap *s)
{
	static const uint8_t nobody[16];
	struct db_rows *rows;
	bool full = false;

	db_ask(s->o->db, &rows,
	       "SELECT m.key, m.customer, m.invoice FROM money_in m JOIN payment p"
	       " ON p.shop = m.shop AND p.key = m.key WHERE m.shop = $1 AND m.key > $2"
	       " AND p.customer = $3 AND m.customer <> $3 ORDER BY m.key LIMIT 1000",
	       DB_VALUES(db_text(s->shop), db_text(s->key), db_bytes(nobody, sizeof(nobody))));
	while (!full && db_next(rows)) {
		struct sync_change c = {.kind = SYNC_PAYMENT_ASSIGNED};
		struct customer customer = customer_of(db_col_bytes(rows, 1));

		full = !room_for(s, 1);
		if (full)
			break;
		key_keep(s, db_col_text(rows, 0));
		if (customer_is(customer, (struct customer){0}))
			continue;
		snprintf(c.assigned.key, sizeof(c.assigned.key), "%s", s->key);
		c.assigned.customer = customer;
		c.assigned.invoice.n = (uint64_t)db_col_int(rows, 2);
		snprintf(c.assigned.by, sizeof(c.assigned.by), "office");
		put(s, &c);
	}
	db_rows_end(rows);
	return !full;
}

static bool stage_erased(struct snap *s)
{
	struct db_rows *rows;
	bool full = false;

	db_ask(s->o->db, &rows,
	       "SELECT m.member, m.customer FROM member_shop s JOIN member m ON m.member = s.member"
	       " WHERE s.shop IN ($1, '*') AND s.member > $2 AND m.state = 4"
	       " ORDER BY s.member LIMIT 1000",
	       DB_VALUES(db_text(s->shop), db_text(s->key)));
	while (!full && db_next(rows)) {
		struct sync_change c = {.kind = SYNC_ERASE,
					.gone = customer_of(db_col_bytes(rows, 1))};

		full = !room_for(s, 1);
		if (full)
			break;
		put(s, &c);
		key_keep(s, db_col_text(rows, 0));
	}
	db_rows_end(rows);
	return !full;
}

snap_stage_fn *const snap_stages[SNAP_STAGES] = {
	stage_key_set,	stage_settings, stage_members,	stage_members_everywhere,
	stage_articles, stage_passes,	stage_payments, stage_assigned,
	stage_erased,
};
