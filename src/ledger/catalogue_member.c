/*
 * catalogue_member.c: the small changes: a member, a block, an office's key, a pass. Each is one
 * transaction, then a roster with just that changed.
 */
#include "ledger/shelf.h"

#include <errno.h>

static int write_member(struct shelf *s, const struct member_row *m)
{
	sqlite3_stmt *write = sql_prepare(
		s->writer.db, "INSERT INTO member(customer, role, flags, credit_limit, trust)"
			      " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(customer)"
			      " DO UPDATE SET flags = excluded.flags, trust = excluded.trust");

	if (write) {
		bind_blob(write, 1, m->customer.byte, sizeof(m->customer.byte));
		bind_u64(write, 2, m->role);
		bind_u64(write, 3, m->flags);
		bind_money(write, 4, m->credit_limit);
		bind_u64(write, 5, m->trust);
	}
	return sql_run(s->writer.db, write);
}

static int write_key(struct shelf *s, const struct change *c)
{
	sqlite3_stmt *write = sql_prepare(
		s->writer.db, "INSERT INTO member_key(kid, customer, key) VALUES(?1, ?2, ?3)");

	if (write) {
		bind_blob(write, 1, c->kid.byte, sizeof(c->kid.byte));
		bind_blob(write, 2, c->customer.byte, sizeof(c->customer.byte));
		bind_blob(write, 3, &c->key, sizeof(c->key));
	}
	return sql_run(s->writer.db, write);
}

static int write_both(struct shelf *s, const struct change *c, const struct member_row *member)
{
	int rc = sql_exec(s->writer.db, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK && member)
		rc = write_member(s, member);
	if (rc == SQLITE_OK)
		rc = write_key(s, c);
	return rc == SQLITE_OK ? sql_exec(s->writer.db, "COMMIT") : rc;
}

void change_member_add(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct key_row *key = NULL;
	uint32_t shared = roster_keys_of(s->roster, c->kid, &key);
	const struct member_row *known = roster_member(s->roster, c->customer);
	struct member_row member = {.customer = c->customer,
				    .credit_limit = c->credit_limit,
				    .flags = c->flags,
				    .role = c->role,
				    .trust = c->trust};
	int rc;

	for (uint32_t i = 0; i < shared; i++) {
		if (memcmp(&key[i].key, &c->key, sizeof(c->key)) != 0)
			continue;
		ret->customer = s->roster->member[key[i].member].customer;
		ret->existed = true;
		return;
	}
	if (c->role >= ROLES || c->trust >= TRUSTS || shared == KID_SHARED_MAX) {
		shelf_refuse(ret, -EINVAL,
			     c->role >= ROLES	  ? "no such role"
			     : c->trust >= TRUSTS ? "no such level of trust"
						  : "too many keys share this kid");
		return;
	}
	if (s->roster->keys == KEYS_MAX || (!known && s->roster->members == MEMBERS_MAX)) {
		shelf_refuse(ret, -ENOSPC, "there are as many members as a shop can hold");
		return;
	}
	rc = write_both(s, c, known ? NULL : &member);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "adding a member", ret);
		return;
	}
	ret->customer = c->customer;
	ret->roster = roster_copy(s->roster, (struct roster_more){.key = true, .member = !known});
	if (!known)
		roster_insert_member(ret->roster, &member);
	roster_insert_key(ret->roster, c->kid, &c->key, c->customer);
}

static int delete_all(struct shelf *s, struct customer customer)
{
	static const char *const from[] = {
		"DELETE FROM member_key WHERE customer = ?1",
		"DELETE FROM member_card WHERE customer = ?1",
		"DELETE FROM local_block WHERE customer = ?1",
		"DELETE FROM member WHERE customer = ?1",
	};
	int rc = sql_exec(s->writer.db, "BEGIN IMMEDIATE");

	for (uint32_t i = 0; i < ARRAY_LEN(from) && rc == SQLITE_OK; i++) {
		sqlite3_stmt *write = sql_prepare(s->writer.db, from[i]);

		if (write)
			bind_blob(write, 1, customer.byte, sizeof(customer.byte));
		rc = sql_run(s->writer.db, write);
	}
	return rc == SQLITE_OK ? sql_exec(s->writer.db, "COMMIT") : rc;
}

void change_member_gone(struct shelf *s, const struct change *c, struct changed *ret)
{
	int rc;

	ret->customer = c->customer;
	if (!roster_member(s->roster, c->customer)) {
		shelf_refuse(ret, -ENOENT, "there is no such member");
		return;
	}
	rc = delete_all(s, c->customer);
	if (rc == SQLITE_OK)
		rc = roster_load(s->writer.db, &ret->roster);
	if (rc != SQLITE_OK)
		shelf_fail(s, rc, "removing a member", ret);
}

/* The member of `customer` is to be as `member` now. */
static void change_row(struct shelf *s, const struct member_row *known,
		       const struct member_row *member, const char *doing, struct changed *ret)
{
	int rc;

	if (member->flags == known->flags && member->trust == known->trust) {
		ret->existed = true;
		return;
	}
	rc = write_member(s, member);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, doing, ret);
		return;
	}
	ret->roster = roster_copy(s->roster, (struct roster_more){0});
	ret->roster->member[known - s->roster->member] = *member;
}

/* Whom the shop has blocked itself stays so, whatever the office says (contracts 7). */
static bool local_block(struct shelf *s, struct customer customer, bool on, struct changed *ret)
{
	sqlite3_stmt *write;
	int64_t blocks = 0;
	int rc = sql_number(s->writer.db, "SELECT count(*) FROM local_block", &blocks);

	if (rc == SQLITE_OK && on && blocks >= LOCAL_BLOCKS_MAX) {
		shelf_refuse(ret, -ENOSPC, "too many are blocked here: block them at the office");
		return false;
	}
	write = sql_prepare(s->writer.db, on ? "INSERT OR IGNORE INTO local_block VALUES(?1)"
					     : "DELETE FROM local_block WHERE customer = ?1");
	if (write)
		bind_blob(write, 1, customer.byte, sizeof(customer.byte));
	if (rc == SQLITE_OK)
		rc = sql_run(s->writer.db, write);
	if (rc != SQLITE_OK)
		shelf_fail(s, rc, "blocking a member", ret);
	return rc == SQLITE_OK;
}

void change_member_block(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct member_row *known = roster_member(s->roster, c->customer);
	struct member_row member;

	ret->customer = c->customer;
	if (!known) {
		shelf_refuse(ret, -ENOENT, "there is no such member");
		return;
	}
	member = *known;
	if (!local_block(s, c->customer, c->on, ret))
		return;
	member.flags =
		(uint16_t)(c->on ? member.flags | MEMBER_BLOCKED : member.flags & ~MEMBER_BLOCKED);
	change_row(s, known, &member, "blocking a member", ret);
}

void change_member_trust(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct member_row *known = roster_member(s->roster, c->customer);
	struct member_row member;

	ret->customer = c->customer;
	if (!known || c->trust >= TRUSTS) {
		shelf_refuse(ret, known ? -EINVAL : -ENOENT,
			     known ? "no such level of trust" : "there is no such member");
		return;
	}
	member = *known;
	member.trust = c->trust;
	change_row(s, known, &member, "trusting a member", ret);
}

void change_office_key(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct office_key_row *known = roster_office_key(s->roster, c->kid);
	sqlite3_stmt *write;
	int rc;

	if (known && memcmp(&known->key, &c->key, sizeof(c->key)) == 0) {
		ret->existed = true;
		return;
	}
	if (known || s->roster->office_keys == OFFICE_KEYS_MAX) {
		shelf_refuse(ret, known ? -EEXIST : -ENOSPC,
			     known ? "another office key has this kid" : "too many office keys");
		return;
	}
	write = sql_prepare(s->writer.db, "INSERT INTO office_key(kid, key) VALUES(?1, ?2)");
	if (write) {
		bind_blob(write, 1, c->kid.byte, sizeof(c->kid.byte));
		bind_blob(write, 2, &c->key, sizeof(c->key));
	}
	rc = sql_run(s->writer.db, write);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "adding an office key", ret);
		return;
	}
	ret->roster = roster_copy(s->roster, (struct roster_more){.office_key = true});
	ret->roster->office_key[ret->roster->office_keys++] =
		(struct office_key_row){.kid = c->kid, .key = c->key};
}

/* Revoked is for ever; a PIN stays until another one is given. */
static void pass_merge(struct pass_row *p, const struct pass_row *known)
{
	p->revoked |= known->revoked;
	if (p->wants_pin || !known->wants_pin)
		return;
	p->wants_pin = true;
	memcpy(p->pin_salt, known->pin_salt, sizeof(p->pin_salt));
	p->pin_hash = known->pin_hash;
}

void change_pass(struct shelf *s, const struct change *c, struct changed *ret)
{
	struct pass_row merged = c->pass, *p = &merged;
	const struct pass_row *known;
	sqlite3_stmt *write;
	int rc;

	if (p->cti_len < CTI_SIZE_MIN || p->cti_len > CTI_SIZE_MAX) {
		shelf_refuse(ret, -EINVAL, "a pass's id has 8 to 16 bytes");
		return;
	}
	known = roster_pass(s->roster, p->cti, p->cti_len);
	if (!known && s->roster->passes == PASSES_MAX) {
		shelf_refuse(ret, -ENOSPC, "there are as many passes as a shop can hold");
		return;
	}
	if (known)
		pass_merge(p, known);
	write = sql_prepare(s->writer.db,
			    "INSERT OR REPLACE INTO pass(cti, revoked, wants_pin, pin_salt,"
			    " pin_hash) VALUES(?1, ?2, ?3, ?4, ?5)");
	if (write) {
		bind_blob(write, 1, p->cti, p->cti_len);
		bind_i64(write, 2, p->revoked);
		bind_i64(write, 3, p->wants_pin);
		bind_blob(write, 4, p->pin_salt, sizeof(p->pin_salt));
		bind_blob(write, 5, p->pin_hash.byte, sizeof(p->pin_hash.byte));
	}
	rc = sql_run(s->writer.db, write);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "keeping a pass", ret);
		return;
	}
	ret->existed = known != NULL;
	ret->roster = roster_copy(s->roster, (struct roster_more){.pass = !known});
	if (known)
		ret->roster->pass[known - s->roster->pass] = *p;
	else
		roster_insert_pass(ret->roster, p);
}
