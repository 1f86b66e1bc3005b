/*
 * people_keys.c: a member's phones and cards. A key opens doors, so it belongs to one member only,
 * and taking it away reaches the shops in the same transaction.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/people.h"
#include "token/claims.h"

bool key_take(const json_t *body, bool required, struct public_key *ret, bool *ret_there,
	      struct reply *r)
{
	uint8_t cose[COSE_KEY_SIZE];
	const char *hex = NULL;
	enum cose_key_parse parsed = COSE_KEY_MALFORMED;

	*ret_there = false;
	if (!json_take_text(body, "key", required, 2 * 2 * COSE_KEY_SIZE, &hex, r))
		return false;
	if (!hex)
		return true;
	if (strlen(hex) == sizeof(cose) * 2 &&
	    hex_parse(hex, (uint32_t)strlen(hex), cose, sizeof(cose)))
		parsed = cose_key_parse((struct span){cose, sizeof(cose)}, ret);
	*ret_there = parsed == COSE_KEY_GOOD && es256_key_valid(ret);
	if (!*ret_there)
		reply_problem(r, 422, "bad_key",
			      "key is the hex of a public COSE_Key (P-256, deterministic), without "
			      "its private part.");
	return *ret_there;
}

/* The member who has what is kept as these bytes: a phone's key, or a card's kid. */
static bool owner_of(struct office *o, struct kid kid, struct span key,
		     char ret_member[MEMBER_TEXT_SIZE])
{
	struct db_rows *rows;
	bool found;

	db_ask(o->db, &rows,
	       "SELECT member FROM member_key WHERE kid = $1 AND key = $2 AND removed_at = 0"
	       " LIMIT 1",
	       DB_VALUES(db_bytes(kid.byte, sizeof(kid.byte)), db_bytes(key.data, key.len)));
	found = db_next(rows);
	if (found)
		snprintf(ret_member, MEMBER_TEXT_SIZE, "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	return found;
}

static struct span key_bytes(const struct public_key *key)
{
	return (struct span){(const uint8_t *)key, sizeof(*key)};
}

bool key_owner(struct office *o, const struct public_key *key, char ret_member[MEMBER_TEXT_SIZE])
{
	return owner_of(o, kid_of(key), key_bytes(key), ret_member);
}

/* Two members with one key would each open doors as the other. */
void keys_hold(struct office *o)
{
	db_do(o->db, "UPDATE counter SET n = n WHERE name = 'look'", 0, NULL);
}

bool key_change(struct span key, struct customer customer, bool gone, struct sync_change *ret)
{
	*ret = (struct sync_change){.kind = gone ? SYNC_KEY_GONE : SYNC_KEY};
	if (key.len == sizeof(ret->key.key)) {
		ret->key.customer = customer;
		memcpy(ret->key.key.x, key.data, 32);
		memcpy(ret->key.key.y, key.data + 32, 32);
		return true;
	}
	if (key.len != KID_SIZE)
		return false;
	*ret = (struct sync_change){.kind = gone ? SYNC_CARD_GONE : SYNC_CARD,
				    .card.customer = customer};
	memcpy(ret->card.kid.byte, key.data, KID_SIZE);
	return true;
}

static enum key_add add(struct office *o, const struct person *p, struct kid kid, struct span key,
			const char *kind, const char *label, struct wall now)
{
	struct sync_change c;
	char owner[MEMBER_TEXT_SIZE];
	int64_t n = 0;

	keys_hold(o);
	if (owner_of(o, kid, key, owner))
		return strcmp(owner, p->member) == 0 ? KEY_THERE : KEY_OTHERS;
	db_one(o->db, &n,
	       "SELECT count(*) FROM member_key WHERE member = $1 AND removed_at = 0 LIMIT 1",
	       DB_VALUES(db_text(p->member)));
	if (n >= MEMBER_KEYS_MAX)
		return KEY_MANY;
	db_do(o->db,
	      "INSERT INTO member_key(member, key, kid, kind, label, added_at, removed_at)"
	      " VALUES($1, $2, $3, $4, $5, $6, 0) ON CONFLICT(member, key) DO UPDATE SET"
	      " kind = excluded.kind, label = excluded.label, added_at = excluded.added_at,"
	      " removed_at = 0",
	      DB_VALUES(db_text(p->member), db_bytes(key.data, key.len),
			db_bytes(kid.byte, sizeof(kid.byte)), db_text(kind), db_text(label),
			db_int(now.ms)));
	if (key_change(key, p->customer, false, &c) && person_told(p))
		feed_add_member(o, p->member, &c, now);
	return KEY_NEW;
}

enum key_add key_add(struct office *o, const struct person *p, const struct public_key *key,
		     const char *kind, const char *label, struct wall now)
{
	return add(o, p, kid_of(key), key_bytes(key), kind, label, now);
}

bool key_add_said(enum key_add added, struct reply *r)
{
	switch (added) {
	case KEY_NEW:
	case KEY_THERE:
		return true;
	case KEY_OTHERS:
		reply_problem(r, 409, "key_taken",
			      "This key is another member's: make a new one on the phone, or take "
			      "the card from that member first.");
		return false;
	case KEY_MANY:
		reply_problem(r, 409, "too_many_keys",
			      "A member has at most %d keys: remove one that is not used.",
			      MEMBER_KEYS_MAX);
		return false;
	}
	return false;
}

struct keying {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct person p;
	struct public_key key;
	struct kid kid;
	bool card;
	const char *kind, *label;
	int64_t last; /* 1: she means her only key */
	json_t *answer;
};

static int add_work(struct db *d, void *data)
{
	struct keying *k = data;
	enum key_add added;

	person_hold(k->o, k->a->param[0]);
	if (!person_find(k->o, k->a, REACH_ALL, &k->p, k->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (k->p.state == MEMBER_ERASED) {
		reply_problem(k->r, 409, "erased", "This member was erased.");
		return WORK_REFUSED;
	}
	if (!owner_may(&k->a->who, k->p.role, k->r))
		return WORK_REFUSED;
	added = add(k->o, &k->p, k->kid,
		    k->card ? (struct span){k->kid.byte, KID_SIZE} : key_bytes(&k->key), k->kind,
		    k->label, k->a->now);
	if (!db_failed(d) && !key_add_said(added, k->r))
		return WORK_REFUSED;
	json_decref(k->answer);
	k->answer = person_keys_json(k->o, k->p.member, false);
	return db_failed(d);
}

/* A card is known by its kid alone: only a shop that has the card's key can read more of it. */
static bool card_take(const json_t *body, struct kid *ret, struct reply *r)
{
	const char *hex = NULL;

	if (json_object_get(body, "key")) {
		reply_problem(r, 422, "bad_key", "A card has a kid and no key.");
		return false;
	}
	if (!json_take_text(body, "kid", true, 64, &hex, r))
		return false;
	if (hex_parse(hex, (uint32_t)strlen(hex), ret->byte, KID_SIZE))
		return true;
	reply_problem(
		r, 422, "bad_key",
		"kid is the card's, 16 hex digits, as it was told when the card was written.");
	return false;
}

static bool phone_take(const json_t *body, struct keying *k, struct reply *r)
{
	bool there;

	if (json_object_get(body, "kid")) {
		reply_problem(r, 422, "bad_key", "A phone has a key, and its kid follows from it.");
		return false;
	}
	if (!key_take(body, true, &k->key, &there, r))
		return false;
	k->kid = kid_of(&k->key);
	return true;
}

static bool credential_take(const json_t *body, struct keying *k, struct reply *r)
{
	k->card = strcmp(k->kind, "card") == 0;
	if (!k->card && strcmp(k->kind, "phone") != 0) {
		reply_problem(r, 422, "bad_kind", "kind is phone or card.");
		return false;
	}
	return k->card ? card_take(body, &k->kid, r) : phone_take(body, k, r);
}

/** POST /v1/members/{member}/keys {"key", "kind": "phone", "label"} or {"kid", "kind": "card",
 * "label"} */
int member_key_add(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"key", "kid", "kind", "label", NULL};
	struct keying k = {.o = o, .a = a, .r = r, .kind = "phone", .label = ""};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	if (json_only(body, members, r) && json_take_text(body, "kind", false, 8, &k.kind, r) &&
	    json_take_text(body, "label", false, LABEL_MAX, &k.label, r) &&
	    credential_take(body, &k, r))
		error = db_transact(o->db, add_work, &k);
	if (error == 0 && k.answer)
		reply_json(r, 200, json_pack("{s:O}", "keys", k.answer));
	json_decref(k.answer);
	json_decref(body);
	return work_answered(error);
}

/** Whether she takes away her only key, and has not said that she means it. A card is none: it
 * opens doors, and no page. */
static bool is_last(struct keying *k)
{
	int64_t others = 0, is_hers = 0;

	if (!k->a->who.herself || k->last)
		return false;
	db_one(k->o->db, &is_hers,
	       "SELECT 1 FROM member_key WHERE member = $1 AND kid = $2 AND removed_at = 0"
	       " AND length(key) = 64 LIMIT 1",
	       DB_VALUES(db_text(k->p.member), db_bytes(k->kid.byte, sizeof(k->kid.byte))));
	db_one(k->o->db, &others,
	       "SELECT count(*) FROM member_key WHERE member = $1 AND kid <> $2 AND removed_at = 0"
	       " AND length(key) = 64 LIMIT 1",
	       DB_VALUES(db_text(k->p.member), db_bytes(k->kid.byte, sizeof(k->kid.byte))));
	if (is_hers == 0 || others > 0 || db_failed(k->o->db))
		return false;
	reply_problem(
		k->r, 409, "last_key",
		"This is your only key. Without it no phone opens a door, and this page knows "
		"you no more, until you register a phone again with a mailed code or an "
		"invitation. "
		"Say last=1 if you want that.");
	return true;
}

/** Whoever had that phone in his hands may have asked it for a code for another. */
static void codes_end(struct office *o, const char *member)
{
	db_do(o->db, "DELETE FROM invitation WHERE member = $1 AND made_by = $1",
	      DB_VALUES(db_text(member)));
}

/** Live keys of this kid: hardly ever more than one. */
static int remove_work(struct db *d, void *data)
{
	struct keying *k = data;
	struct sync_change c;
	struct db_rows *rows;
	bool gone = false;

	person_hold(k->o, k->a->param[0]);
	if (!person_find(k->o, k->a, REACH_ALL, &k->p, k->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (is_last(k))
		return WORK_REFUSED;
	db_ask(d, &rows,
	       "UPDATE member_key SET removed_at = $3 WHERE member = $1 AND kid = $2"
	       " AND removed_at = 0 RETURNING key",
	       DB_VALUES(db_text(k->p.member), db_bytes(k->kid.byte, sizeof(k->kid.byte)),
			 db_int(k->a->now.ms)));
	while (db_next(rows)) {
		if (!key_change(db_col_bytes(rows, 0), k->p.customer, true, &c))
			continue;
		if (person_told(&k->p))
			feed_add_member(k->o, k->p.member, &c, k->a->now);
		gone = true;
	}
	db_rows_end(rows);
	if (gone)
		codes_end(k->o, k->p.member);
	return db_failed(d);
}

/** DELETE /v1/members/{member}/keys/{kid}: a lost phone. Again the same answer. */
int member_key_remove(struct office *o, const struct ask *a, struct reply *r)
{
	struct keying k = {.o = o, .a = a, .r = r};
	int error;

	if (a->who.herself && !ask_query_int(a, "last", 0, 1, 0, &k.last, r))
		return 0;
	if (!hex_parse(a->param[1], (uint32_t)strlen(a->param[1]), k.kid.byte, KID_SIZE)) {
		reply_problem(r, 400, "malformed", "A kid is 16 hex digits.");
		return 0;
	}
	error = db_transact(o->db, remove_work, &k);
	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return work_answered(error);
}

static int keys_work(struct db *d, void *data)
{
	struct keying *k = data;

	if (!person_find(k->o, k->a, REACH_SOME, &k->p, k->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	json_decref(k->answer);
	k->answer = person_keys_json(k->o, k->p.member, true);
	return db_failed(d);
}

/** GET /v1/members/{member}/keys */
int member_keys(struct office *o, const struct ask *a, struct reply *r)
{
	struct keying k = {.o = o, .a = a, .r = r};
	int error = db_read(o->db, keys_work, &k);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "keys", k.answer));
	json_decref(k.answer);
	return work_answered(error);
}
