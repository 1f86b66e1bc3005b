/*
 * web_people.c: keys that stand in the database and not in officed.conf. A member signs for
 * office/me with the key of a phone. Whoever signs for office/admin with a key that officed.conf
 * does not name is an operator made here; or a member whose role is owner, who is an operator over
 * the shops that he may enter and over nothing that reaches further: people, goods and doors, what
 * there is to pull, and to read alone the fleet and the money.
 *
 * It is looked up for each request: a key that was taken away, a role that was changed, a member
 * who was blocked is so from the next one on. Two keys may share a kid: each is tried, at most
 * TRIED_MAX.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "crypto/es256.h"
#include "officed/operators.h"
#include "officed/people.h"
#include "officed/web_inside.h"

enum {
	TRIED_MAX = 4
};

static bool signed_by(struct asked *a, struct span key)
{
	uint8_t tbs[TO_BE_SIGNED_MAX];
	struct public_key k;
	uint32_t len;

	if (key.len != sizeof(k))
		return false;
	memcpy(&k, key.data, sizeof(k));
	len = token_to_be_signed(a->token.protected_header, a->token.payload, tbs);
	return es256_verify(&k, tbs, len, a->token.signature) == 1;
}

static struct db_value kid_value(const struct asked *a)
{
	return db_bytes(a->token.kid.byte, KID_SIZE);
}

/** Words, as the request's own. */
static void shops_keep(struct asked *a, const char *words)
{
	free(a->shops);
	a->shops = strdup(words);
	CHECK(a->shops != NULL);
	a->ask.who.shops = a->shops;
}

/* --- an operator made here */

static bool is_coworker(struct db *d, struct asked *a)
{
	struct db_rows *rows;
	bool good = false;

	db_ask(d, &rows, "SELECT key, name, rights, shops FROM coworker WHERE kid = $1 LIMIT $2",
	       DB_VALUES(kid_value(a), db_int(TRIED_MAX)));
	while (!good && db_next(rows)) {
		good = signed_by(a, db_col_bytes(rows, 0));
		if (!good)
			continue;
		a->ask.who =
			(struct who){.kind = WHO_OPERATOR, .rights = (uint32_t)db_col_int(rows, 2)};
		snprintf(a->ask.who.name, sizeof(a->ask.who.name), "%s", db_col_text(rows, 1));
		shops_keep(a, db_col_text(rows, 3));
	}
	db_rows_end(rows);
	return good;
}

/* --- a member */

struct found {
	char member[MEMBER_TEXT_SIZE];
	enum member_state state;
	int64_t role;
};

static bool member_find(struct db *d, struct asked *a, struct found *ret)
{
	struct db_rows *rows;
	bool good = false;

	db_ask(d, &rows,
	       "SELECT k.key, m.member, m.state, m.role FROM member_key k JOIN member m"
	       " ON m.member = k.member WHERE k.kid = $1 AND k.removed_at = 0 LIMIT $2",
	       DB_VALUES(kid_value(a), db_int(TRIED_MAX)));
	while (!good && db_next(rows)) {
		good = signed_by(a, db_col_bytes(rows, 0));
		if (!good)
			continue;
		snprintf(ret->member, sizeof(ret->member), "%s", db_col_text(rows, 1));
		ret->state = (enum member_state)db_col_int(rows, 2);
		ret->role = db_col_int(rows, 3);
	}
	db_rows_end(rows);
	return good && ret->state != MEMBER_ERASED;
}

static bool is_member(struct db *d, struct asked *a)
{
	struct found f;

	if (!member_find(d, a, &f))
		return false;
	a->ask.who = (struct who){.kind = WHO_MEMBER, .shops = "", .state = f.state};
	memcpy(a->ask.who.member, f.member, sizeof(f.member));
	memcpy(a->ask.who.name, f.member, sizeof(f.member));
	return true;
}

/** The shops of an owner as words; "*" where there are all of them among these. */
static void owned(struct db *d, struct asked *a, const char *member)
{
	char words[MEMBER_SHOPS_MAX * (PLACE_MAX_LEN + 1) + 1] = "";
	struct db_rows *rows;
	size_t len = 0;

	db_ask(d, &rows, "SELECT shop FROM member_shop WHERE member = $1 ORDER BY shop LIMIT 64",
	       DB_VALUES(db_text(member)));
	while (db_next(rows))
		len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s",
					len > 0 ? " " : "", db_col_text(rows, 0));
	db_rows_end(rows);
	/* the star sorts before every name */
	shops_keep(a, words[0] == '*' ? "*" : words);
}

static bool is_owner(struct db *d, struct asked *a)
{
	struct who *who = &a->ask.who;
	struct found f;

	if (!member_find(d, a, &f) || f.role != ROLE_OWNER || f.state != MEMBER_LIVE)
		return false;
	*who = (struct who){.kind = WHO_OPERATOR,
			    .owner = true,
			    .rights = a->write ? OWNER_RIGHTS : OWNER_RIGHTS | OWNER_READS};
	memcpy(who->member, f.member, sizeof(f.member));
	/* a number, no name: it goes into logs */
	snprintf(who->name, sizeof(who->name), OWNER_PREFIX "%s", f.member);
	owned(d, a, f.member);
	return true;
}

int web_find(struct db *d, void *data)
{
	struct asked *a = data;
	const char *aud = a->token.claims.audience;

	a->ask.who = (struct who){.kind = WHO_NOBODY, .shops = ""};
	if (strcmp(aud, AUDIENCE_ME) == 0)
		a->good = is_member(d, a);
	else
		a->good = is_coworker(d, a) || is_owner(d, a);
	return db_failed(d);
}
