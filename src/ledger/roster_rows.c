/*
 * roster_rows.c: members and their keys from the file into the flat arrays of core/catalog.h, and
 * those arrays with one row more. Reading 100,000 again for one new member would take the thread as
 * long as a start; copying and inserting takes a hundredth of it.
 */
#include "ledger/shelf.h"

struct counts {
	int64_t keys, cards, members, office_keys, passes;
};

static size_t aligned(size_t size)
{
	return (size + 63) & ~(size_t)63;
}

static struct roster *roster_new(const struct counts *n)
{
	size_t keys_at = aligned(sizeof(struct roster));
	size_t cards_at = keys_at + aligned((size_t)n->keys * sizeof(struct key_row));
	size_t members_at = cards_at + aligned((size_t)n->cards * sizeof(struct card_row));
	size_t office_at = members_at + aligned((size_t)n->members * sizeof(struct member_row));
	size_t passes_at =
		office_at + aligned((size_t)n->office_keys * sizeof(struct office_key_row));
	uint8_t *base = region_new(passes_at + (size_t)n->passes * sizeof(struct pass_row));
	struct roster *r = (struct roster *)(void *)base;

	r->key = (struct key_row *)(void *)(base + keys_at);
	r->card = (struct card_row *)(void *)(base + cards_at);
	r->member = (struct member_row *)(void *)(base + members_at);
	r->office_key = (struct office_key_row *)(void *)(base + office_at);
	r->pass = (struct pass_row *)(void *)(base + passes_at);
	return r;
}

static int count_all(sqlite3 *db, struct counts *n)
{
	int rc = sql_number(db, "SELECT count(*) FROM member_key", &n->keys);

	if (rc == SQLITE_OK)
		rc = sql_number(db, "SELECT count(*) FROM member_card", &n->cards);
	if (rc == SQLITE_OK)
		rc = sql_number(db, "SELECT count(*) FROM member", &n->members);
	if (rc == SQLITE_OK)
		rc = sql_number(db, "SELECT count(*) FROM office_key", &n->office_keys);
	if (rc == SQLITE_OK)
		rc = sql_number(db, "SELECT count(*) FROM pass", &n->passes);
	if (rc == SQLITE_OK &&
	    (n->keys > KEYS_MAX || n->cards > CARDS_MAX || n->members > MEMBERS_MAX ||
	     n->office_keys > OFFICE_KEYS_MAX || n->passes > PASSES_MAX))
		rc = SQLITE_CORRUPT;
	return rc;
}

/*
 * Customer keys are random, so their first two bytes spread them evenly: where those of each value
 * begin. It spares the 100,000 keys most of a search each, all of it cache misses.
 */
#define STARTS 65536

struct loading {
	struct roster *roster;
	uint32_t *start; /* STARTS + 1 of them */
};

typedef bool take_row_fn(sqlite3_stmt *get, struct loading *l);

/* Calls `take` for every row, at most `rows` times. */
static int each_row(sqlite3 *db, const char *sql, int64_t rows, take_row_fn *take,
		    struct loading *l)
{
	sqlite3_stmt *get = sql_prepare(db, sql);
	int rc = get ? SQLITE_ROW : sqlite3_extended_errcode(db);

	while (rc == SQLITE_ROW && (rc = sqlite3_step(get)) == SQLITE_ROW)
		if (rows-- == 0 || !take(get, l))
			rc = SQLITE_CORRUPT;
	sqlite3_finalize(get);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static bool take_member(sqlite3_stmt *get, struct loading *l)
{
	struct roster *r = l->roster;
	struct member_row *m = &r->member[r->members];
	int64_t role = column_i64(get, 1), flags = column_i64(get, 2), trust = column_i64(get, 4);

	if (!column_blob(get, 0, &m->customer, sizeof(m->customer)) || role < 0 || role >= ROLES ||
	    flags < 0 || flags > UINT16_MAX || trust < 0 || trust >= TRUSTS)
		return false;
	m->role = (uint8_t)role;
	m->trust = (uint8_t)trust;
	m->flags = (uint16_t)flags;
	m->credit_limit = column_money(get, 3);
	r->members++;
	return true;
}

static uint32_t bucket(struct customer c)
{
	return (uint32_t)c.byte[0] << 8 | c.byte[1];
}

static void find_starts(struct loading *l)
{
	const struct roster *r = l->roster;
	uint32_t at = 0;

	for (uint32_t b = 0; b <= STARTS; b++) {
		while (at < r->members && bucket(r->member[at].customer) < b)
			at++;
		l->start[b] = at;
	}
}

static const struct member_row *find_member(const struct loading *l, struct customer c)
{
	uint32_t b = bucket(c);
	struct roster some = {.members = l->start[b + 1] - l->start[b],
			      .member = l->roster->member + l->start[b]};

	return roster_member(&some, c);
}

static bool take_key(sqlite3_stmt *get, struct loading *l)
{
	struct roster *r = l->roster;
	struct key_row *k = &r->key[r->keys];
	const struct member_row *member;
	struct customer customer;

	if (!column_blob(get, 0, &k->kid, sizeof(k->kid)) ||
	    !column_blob(get, 1, &customer, sizeof(customer)) ||
	    !column_blob(get, 2, &k->key, sizeof(k->key)))
		return false;
	member = find_member(l, customer);
	if (!member)
		return false;
	k->member = (uint32_t)(member - r->member);
	r->keys++;
	return true;
}

static bool take_card(sqlite3_stmt *get, struct loading *l)
{
	struct roster *r = l->roster;
	struct card_row *c = &r->card[r->cards];
	const struct member_row *member;
	struct customer customer;

	if (!column_blob(get, 0, &c->kid, sizeof(c->kid)) ||
	    !column_blob(get, 1, &customer, sizeof(customer)))
		return false;
	member = find_member(l, customer);
	if (!member)
		return false;
	c->member = (uint32_t)(member - r->member);
	r->cards++;
	return true;
}

static bool take_office_key(sqlite3_stmt *get, struct loading *l)
{
	struct roster *r = l->roster;
	struct office_key_row *k = &r->office_key[r->office_keys];

	if (!column_blob(get, 0, &k->kid, sizeof(k->kid)) ||
	    !column_blob(get, 1, &k->key, sizeof(k->key)))
		return false;
	r->office_keys++;
	return true;
}

static bool take_pass(sqlite3_stmt *get, struct loading *l)
{
	struct roster *r = l->roster;
	struct pass_row *p = &r->pass[r->passes];
	uint32_t len = (uint32_t)sqlite3_column_bytes(get, 0);

	if (len < CTI_SIZE_MIN || len > CTI_SIZE_MAX || !column_blob(get, 0, p->cti, len) ||
	    !column_blob(get, 3, p->pin_salt, sizeof(p->pin_salt)) ||
	    !column_blob(get, 4, &p->pin_hash, sizeof(p->pin_hash)))
		return false;
	p->cti_len = (uint8_t)len;
	p->revoked = column_i64(get, 1) != 0;
	p->wants_pin = column_i64(get, 2) != 0;
	r->passes++;
	return true;
}

static int load_all(sqlite3 *db, const struct counts *n, struct loading *l)
{
	int rc = each_row(db,
			  "SELECT customer, role, flags, credit_limit, trust FROM member"
			  " ORDER BY customer",
			  n->members, take_member, l);

	find_starts(l);
	if (rc == SQLITE_OK)
		rc = each_row(db,
			      "SELECT kid, customer, key FROM member_key ORDER BY kid, customer",
			      n->keys, take_key, l);
	if (rc == SQLITE_OK)
		rc = each_row(db, "SELECT kid, customer FROM member_card ORDER BY kid", n->cards,
			      take_card, l);
	if (rc == SQLITE_OK)
		rc = each_row(db, "SELECT kid, key FROM office_key ORDER BY kid", n->office_keys,
			      take_office_key, l);
	if (rc == SQLITE_OK)
		rc = each_row(db,
			      "SELECT cti, revoked, wants_pin, pin_salt, pin_hash FROM pass"
			      " ORDER BY length(cti), cti",
			      n->passes, take_pass, l);
	return rc;
}

int roster_load(sqlite3 *db, struct roster **ret)
{
	struct counts n;
	struct loading l;
	int rc = count_all(db, &n);

	if (rc != SQLITE_OK)
		return rc;
	l.roster = roster_new(&n);
	l.start = region_new((STARTS + 1) * sizeof(*l.start));
	rc = load_all(db, &n, &l);
	region_free(l.start);
	if (rc != SQLITE_OK) {
		roster_free(l.roster);
		return rc;
	}
	*ret = l.roster;
	return SQLITE_OK;
}

struct roster *roster_copy(const struct roster *old, struct roster_more more)
{
	struct counts n = {
		.keys = (int64_t)old->keys + more.key,
		.cards = (int64_t)old->cards + more.card,
		.members = (int64_t)old->members + more.member,
		.office_keys = (int64_t)old->office_keys + more.office_key,
		.passes = (int64_t)old->passes + more.pass,
	};
	struct roster *r = roster_new(&n);

	memcpy(r->key, old->key, old->keys * sizeof(*r->key));
	memcpy(r->card, old->card, old->cards * sizeof(*r->card));
	memcpy(r->member, old->member, old->members * sizeof(*r->member));
	memcpy(r->office_key, old->office_key, old->office_keys * sizeof(*r->office_key));
	memcpy(r->pass, old->pass, old->passes * sizeof(*r->pass));
	r->keys = old->keys;
	r->cards = old->cards;
	r->members = old->members;
	r->office_keys = old->office_keys;
	r->passes = old->passes;
	return r;
}

void roster_insert_member(struct roster *r, const struct member_row *member)
{
	uint32_t at = 0;

	while (at < r->members && memcmp(r->member[at].customer.byte, member->customer.byte,
					 sizeof(member->customer.byte)) < 0)
		at++;
	memmove(&r->member[at + 1], &r->member[at], (r->members - at) * sizeof(*r->member));
	r->member[at] = *member;
	r->members++;
	/* keys and cards name their member by its place */
	for (uint32_t i = 0; i < r->keys; i++)
		if (r->key[i].member >= at)
			r->key[i].member++;
	for (uint32_t i = 0; i < r->cards; i++)
		if (r->card[i].member >= at)
			r->card[i].member++;
}

void roster_insert_card(struct roster *r, struct kid kid, struct customer customer)
{
	const struct member_row *owner = roster_member(r, customer);
	uint32_t at = 0;

	CHECK(owner);
	while (at < r->cards && memcmp(r->card[at].kid.byte, kid.byte, sizeof(kid.byte)) < 0)
		at++;
	memmove(&r->card[at + 1], &r->card[at], (r->cards - at) * sizeof(*r->card));
	r->card[at] = (struct card_row){.kid = kid, .member = (uint32_t)(owner - r->member)};
	r->cards++;
}

void roster_insert_key(struct roster *r, struct kid kid, const struct public_key *key,
		       struct customer customer)
{
	const struct member_row *owner = roster_member(r, customer);
	struct key_row row = {.kid = kid, .key = *key};
	uint32_t at = 0;

	CHECK(owner);
	row.member = (uint32_t)(owner - r->member);
	for (; at < r->keys; at++) {
		int order = memcmp(r->key[at].kid.byte, kid.byte, sizeof(kid.byte));

		if (order > 0 || (order == 0 && r->key[at].member > row.member))
			break;
	}
	memmove(&r->key[at + 1], &r->key[at], (r->keys - at) * sizeof(*r->key));
	r->key[at] = row;
	r->keys++;
}

void roster_insert_pass(struct roster *r, const struct pass_row *pass)
{
	uint32_t at = 0;

	for (; at < r->passes; at++) {
		const struct pass_row *p = &r->pass[at];

		if (p->cti_len > pass->cti_len ||
		    (p->cti_len == pass->cti_len && memcmp(p->cti, pass->cti, pass->cti_len) > 0))
			break;
	}
	memmove(&r->pass[at + 1], &r->pass[at], (r->passes - at) * sizeof(*r->pass));
	r->pass[at] = *pass;
	r->passes++;
}
