/*
 * catalogue_card.c: cards, where there is no office to say whose they are. A card is one member's:
 * who finds a member's card in the drawer and gives it to another takes it away first. For somebody
 * who has no phone either a member is made with it, as with a phone's key.
 */
#include "ledger/shelf.h"

#include <errno.h>

static int write_member(sqlite3 *db, const struct member_row *m)
{
	sqlite3_stmt *write =
		sql_prepare(db, "INSERT INTO member(customer, role, flags, credit_limit, trust)"
				" VALUES(?1, ?2, ?3, ?4, ?5)");

	if (write) {
		bind_blob(write, 1, m->customer.byte, sizeof(m->customer.byte));
		bind_u64(write, 2, m->role);
		bind_u64(write, 3, m->flags);
		bind_money(write, 4, m->credit_limit);
		bind_u64(write, 5, m->trust);
	}
	return sql_run(db, write);
}

static int write_card(sqlite3 *db, struct kid kid, struct customer customer)
{
	sqlite3_stmt *write =
		sql_prepare(db, "INSERT INTO member_card(kid, customer) VALUES(?1, ?2)");

	if (write) {
		bind_blob(write, 1, kid.byte, sizeof(kid.byte));
		bind_blob(write, 2, customer.byte, sizeof(customer.byte));
	}
	return sql_run(db, write);
}

/* The card, and the member where one is made with it. */
static int write_both(struct shelf *s, const struct change *c, const struct member_row *member)
{
	sqlite3 *db = s->writer.db;
	int rc = sql_exec(db, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK && member)
		rc = write_member(db, member);
	if (rc == SQLITE_OK)
		rc = write_card(db, c->kid, c->customer);
	return rc == SQLITE_OK ? sql_exec(db, "COMMIT") : rc;
}

/* Why it cannot be; false: it can. */
static bool refused(const struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct roster *r = s->roster;
	bool known = roster_member(r, c->customer) != NULL;

	if (known == c->on)
		shelf_refuse(ret, c->on ? -EEXIST : -ENOENT, "there is no such member");
	else if (c->on && (c->role >= ROLES || c->trust >= TRUSTS))
		shelf_refuse(ret, -EINVAL, "no such role, or no such level of trust");
	else if (r->cards == CARDS_MAX || (c->on && r->members == MEMBERS_MAX))
		shelf_refuse(ret, -ENOSPC, "there are as many cards or members as a shop can hold");
	else
		return false;
	return true;
}

void change_card_add(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct card_row *card = roster_card(s->roster, c->kid);
	struct member_row member = {.customer = c->customer,
				    .credit_limit = c->credit_limit,
				    .flags = c->flags,
				    .role = c->role,
				    .trust = c->trust};
	int rc;

	if (card) {
		ret->customer = s->roster->member[card->member].customer;
		ret->existed = true;
		if (!c->on && !customer_is(ret->customer, c->customer))
			shelf_refuse(ret, -EEXIST,
				     "the card is another member's: remove it there first");
		return;
	}
	if (refused(s, c, ret))
		return;
	rc = write_both(s, c, c->on ? &member : NULL);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "adding a card", ret);
		return;
	}
	ret->customer = c->customer;
	ret->roster = roster_copy(s->roster, (struct roster_more){.card = true, .member = c->on});
	if (c->on)
		roster_insert_member(ret->roster, &member);
	roster_insert_card(ret->roster, c->kid, c->customer);
}

void change_card_gone(struct shelf *s, const struct change *c, struct changed *ret)
{
	const struct card_row *card = roster_card(s->roster, c->kid);
	sqlite3_stmt *write;
	struct roster *r;
	uint32_t at;
	int rc;

	if (!card) {
		shelf_refuse(ret, -ENOENT, "there is no such card");
		return;
	}
	at = (uint32_t)(card - s->roster->card);
	ret->customer = s->roster->member[card->member].customer;
	write = sql_prepare(s->writer.db, "DELETE FROM member_card WHERE kid = ?1");
	if (write)
		bind_blob(write, 1, c->kid.byte, sizeof(c->kid.byte));
	rc = sql_run(s->writer.db, write);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "removing a card", ret);
		return;
	}
	r = ret->roster = roster_copy(s->roster, (struct roster_more){0});
	r->cards--;
	memmove(&r->card[at], &r->card[at + 1], (r->cards - at) * sizeof(*r->card));
}
