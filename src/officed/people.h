/*
 * people.h: members at the office. Names and addresses are here and nowhere else (design 6): not in
 * a log, not in a notice, not in what a shop is told.
 *
 *   people_store.c     rows, and what shops are told of them     people_party.c   names, addresses
 *   people_invite.c    invitations     people_register.c   who comes with one
 *   people_members.c   made, changed, approved, blocked          people_list.c    listed, searched
 *   people_keys.c      phones and cards   people_shops.c   where they may go
 *   view.c, view_export.c   all of one member      erase.c   and none of it
 */
#ifndef SHOP_OFFICED_PEOPLE_H
#define SHOP_OFFICED_PEOPLE_H

#include "core/catalog.h"
#include "officed/goods_scope.h"
#include "officed/office.h"

enum {
	PARTY_JSON_MAX = 2048,
	LABEL_MAX = 40,
	MEMBER_KEYS_MAX = 16,  /* live ones of one member */
	MEMBER_SHOPS_MAX = 64, /* of one member; more than that is '*' */
	INVITE_CODE_SIZE = 15, /* XXXX-XXXX-XXXX and its NUL */
	LIMIT_MAX = 100000000, /* a million */
};

/** The shop of a member_shop row that stands for all of them, now and later. */
#define EVERY_SHOP "*"

struct person {
	char member[MEMBER_TEXT_SIZE];
	struct customer customer;
	enum member_state state;
	int64_t role, flags, credit_limit;
	char party[PARTY_JSON_MAX + 1]; /* JSON; empty: none */
	enum language language;
	bool mail_invoices;
	int64_t made_at, changed_at, erased_at;
};

/** person_read - whether there is one. person_write - inserts or updates the whole row. person_new
 * - with a number and a customer key of its own, drawn at random. */
MUST_CHECK bool person_read(struct office *o, const char *member, struct person *ret);
void person_write(struct office *o, const struct person *p, bool is_new);
void person_new(struct person *p, struct wall now);
/** person_hold - the member's row is ours until we commit: what is read after this is not changed
 * by others before we write. For whoever writes; first of all. */
void person_hold(struct office *o, const char *member);

/** person_tell - every shop that the member may enter is told of the member and the live keys;
 * person_tell_shop - one shop is, EVERY_SHOP all. Of one who asks or was declined nobody is told.
 */
void person_tell(struct office *o, const struct person *p, struct wall now);
void person_tell_shop(struct office *o, const struct person *p, const char *shop, struct wall now);

/** person_told - whether shops know of somebody in this state. */
static inline bool person_told(const struct person *p)
{
	return p->state == MEMBER_LIVE || p->state == MEMBER_BARRED;
}

/** Whom an operator may see and change: seen by who has the right over one of the shops that the
 * member may enter, changed by who has it over all of them. */
enum reach {
	REACH_NONE = 0,
	REACH_SOME = 1,
	REACH_ALL = 2,
};
enum reach person_reach(struct office *o, const struct who *who, const char *member);

/** person_find - the member of a path, for one who may see (REACH_SOME) or change it (REACH_ALL);
 * else the problem in *r: a member out of sight is not there. */
MUST_CHECK bool person_find(struct office *o, const struct ask *a, enum reach least,
			    struct person *ret, struct reply *r);

/** person_json - without keys; the name and address only `whole`. */
json_t *person_json(const struct person *p, bool whole);
json_t *person_shops_json(struct office *o, const char *member);
json_t *person_keys_json(struct office *o, const char *member, bool gone_too);

/** member_state_word - "asks", "live", "blocked", "declined", "erased". */
const char *member_state_word(enum member_state s);

/* --- party */

/** party_take - the member `party` of a body (a buyer of paper/party.h) as the text to keep. False
 * with the problem in *r, which names words and never what stands behind them. */
MUST_CHECK bool party_take(const json_t *party, char ret[PARTY_JSON_MAX + 1], struct reply *r);
/** party_email - whether there is an address that invoices can be mailed to. */
bool party_has_email(const char *party);
/** party_reduce - what an unpaid invoice still needs: name, address, and where `mail` the mail
 * address; the rest is gone. */
void party_reduce(char party[PARTY_JSON_MAX + 1], bool mail);

/* --- keys */

/** key_take - the member `key` of a body, hex of a COSE_Key. */
MUST_CHECK bool key_take(const json_t *body, bool required, struct public_key *ret, bool *ret_there,
			 struct reply *r);
/** key_owner - whose live key this is; false: nobody's. */
MUST_CHECK bool key_owner(struct office *o, const struct public_key *key,
			  char ret_member[MEMBER_TEXT_SIZE]);
enum key_add {
	KEY_NEW = 0,
	KEY_THERE = 1,	/* it is this member's already */
	KEY_OTHERS = 2, /* somebody else's */
	KEY_MANY = 3,	/* MEMBER_KEYS_MAX */
};
/** keys_hold - until we commit nobody else gives a key to anybody: who looks for a key's owner
 * before adding it holds them first. key_add - the shops are told where they know the member. */
void keys_hold(struct office *o);
/** key_change - what the feed says of a key as member_key keeps it: 64 bytes are a phone's, 8 are a
 * card's kid. False: neither. */
bool key_change(struct span key, struct customer customer, bool gone, struct sync_change *ret);
enum key_add key_add(struct office *o, const struct person *p, const struct public_key *key,
		     const char *kind, const char *label, struct wall now);
/** owner_may - whether they may make somebody of this role, let him in or give him a key: an owner
 * has rights here by his role (web_people.c), and nobody gives away what he has not. Else the
 * problem in *r. */
MUST_CHECK bool owner_may(const struct who *who, int64_t role, struct reply *r);
/** key_add_said - false with the problem in *r for what is none of KEY_NEW and KEY_THERE. */
MUST_CHECK bool key_add_said(enum key_add added, struct reply *r);

/* --- shops */

/** place_may - whether who asks may let members into this shop (or EVERY_SHOP) and it is there;
 * else the problem in *r. shop_join - the member may enter it: told. */
MUST_CHECK bool place_may(struct office *o, const struct ask *a, const char *shop, struct reply *r);
void shop_join(struct office *o, const struct person *p, const char *shop, struct wall now);

/** people_forget - a job: of members who were erased while they owed something, what was kept for
 * that, once it is paid. How many, or -errno. */
int64_t people_forget(struct office *o, struct wall now);

extern route_fn invitation_make, invitation_list, invitation_delete, member_register, member_make,
	member_list, member_show, member_change, member_approve, member_decline, member_block,
	member_unblock, member_keys, member_key_add, member_key_remove, member_shop_add,
	member_shop_remove, member_view, member_looks, member_export, member_erase;

#endif
