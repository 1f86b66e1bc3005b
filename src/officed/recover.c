/*
 * recover.c: a code for a new phone, to the mail address that the office has.
 *
 * Whoever asks is told the same, and as fast, whether or not the address is a member's: the request
 * does no more than write the address down. Who has it is looked up later, where nobody waits for
 * it; so is whether it was asked for too often. The mail goes to the address as it stands here, and
 * not as it was typed. The code is made for each try and kept as its hash; it adds a key to the
 * member, as an invitation of hers does, and takes none away. Only a shopper's: whoever reads an
 * owner's mailbox does not come to own the shop; owners and staff are invited again by a person.
 *
 * For the same reason an address that is changed is told of it, by the same way.
 */
#include "officed/recover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "crypto/es256.h"

#define HOUR_MS INT64_C(3600000)
#define MADE_BY "recover"

/* ---- it is asked for ---- */

struct asking {
	const struct ask *a;
	char email[MAIL_PATH_MAX + 1];
	struct sha256 address;
	char id[RECOVER_ID_SIZE];
};

static int ask_work(struct db *d, void *data)
{
	struct asking *k = data;

	db_do(d,
	      "INSERT INTO recovery(id, address, email, asked_at, due_at, tries)"
	      " VALUES($1, $2, $3, $4, $4, 0)",
	      DB_VALUES(db_text(k->id), db_bytes(k->address.byte, sizeof(k->address.byte)),
			db_text(k->email), db_int(k->a->now.ms)));
	return db_failed(d);
}

/** In small letters, as addresses are compared. */
static void lower_copy(const char *text, char *to, size_t size)
{
	size_t n = 0;

	for (; text[n] != '\0' && n + 1 < size; n++)
		to[n] = (char)(text[n] >= 'A' && text[n] <= 'Z' ? text[n] + 32 : text[n]);
	to[n] = '\0';
}

static void asking_make(struct asking *k, const char *email)
{
	uint8_t random[16];

	lower_copy(email, k->email, sizeof(k->email));
	k->address = sha256(k->email, (uint32_t)strlen(k->email));
	random_bytes(random, sizeof(random));
	hex_text(random, sizeof(random), k->id);
}

/** POST /v1/recover {"email"} */
int me_recover(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"email", NULL};
	struct asking k = {.a = a};
	const char *email = NULL;
	json_t *body = ask_json(a, r);
	int error = WORK_REFUSED;

	if (body == NULL)
		return 0;
	if (!json_only(body, members, r) ||
	    !json_take_text(body, "email", true, MAIL_PATH_MAX, &email, r))
		goto out;
	if (!o->config->mail.given) {
		reply_problem(r, 503, "no_mail",
			      "This office sends no mail: ask the shop for an invitation to a new "
			      "phone.");
		r->retry_after_s = 86400;
		goto out;
	}
	if (!mail_address_valid(email)) {
		reply_problem(r, 422, "bad_email", "email is an address like anna@example.com.");
		goto out;
	}
	asking_make(&k, email);
	error = db_transact(o->db, ask_work, &k);
	if (error == 0)
		reply_json(r, 202, json_pack("{s:i}", "minutes", CODE_MINUTES));
	explicit_bzero(&k, sizeof(k));
out:
	json_decref(body);
	return work_answered(error);
}

/* ---- an address is changed ---- */

/** The mail address of a party, as it stands there; "" where it has none. */
static void email_of(const char *party, char to[MAIL_PATH_MAX + 1])
{
	json_t *p = party[0] != '\0' ? json_loads(party, 0, NULL) : NULL;
	const char *email = json_string_value(json_object_get(p, "email"));

	snprintf(to, MAIL_PATH_MAX + 1, "%s", email != NULL ? email : "");
	json_decref(p);
}

void recover_changed(struct office *o, const struct person *before, const struct person *after,
		     enum recover_kind by, struct wall now)
{
	char had[MAIL_PATH_MAX + 1], has[MAIL_PATH_MAX + 1], same[2][MAIL_PATH_MAX + 1];
	struct asking k;

	if (!o->config->mail.given)
		return;
	email_of(before->party, had);
	email_of(after->party, has);
	lower_copy(had, same[0], sizeof(same[0]));
	lower_copy(has, same[1], sizeof(same[1]));
	if (mail_address_valid(had) && strcmp(same[0], same[1]) != 0) {
		asking_make(&k, had);
		db_do(o->db,
		      "INSERT INTO recovery(id, address, email, asked_at, due_at, tries, kind, "
		      "member) VALUES($1, $2, $3, $4, $4, 0, $5, $6)",
		      DB_VALUES(db_text(k.id), db_bytes(k.address.byte, sizeof(k.address.byte)),
				db_text(had), db_int(now.ms), db_int(by), db_text(before->member)));
		explicit_bzero(&k, sizeof(k));
	}
	explicit_bzero(had, sizeof(had));
	explicit_bzero(has, sizeof(has));
	explicit_bzero(same, sizeof(same));
}

/* ---- who has the address ---- */

static bool lease_row(struct office *o, struct wall now, struct recovering *r)
{
	struct db_rows *rows;
	bool found;

	db_ask(o->db, &rows,
	       "UPDATE recovery SET due_at = $2, tries = tries + 1 WHERE id IN"
	       " (SELECT id FROM recovery WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at"
	       "  LIMIT 1) AND due_at > 0 AND due_at <= $1 RETURNING id, email, tries, asked_at,"
	       " kind, member",
	       DB_VALUES(db_int(now.ms), db_int(now.ms + RECOVER_LEASE_MS)));
	found = db_next(rows);
	if (found) {
		snprintf(r->id, sizeof(r->id), "%s", db_col_text(rows, 0));
		snprintf(r->email, sizeof(r->email), "%s", db_col_text(rows, 1));
		r->tries = db_col_int(rows, 2);
		r->made.ms = db_col_int(rows, 3);
		r->kind = (enum recover_kind)db_col_int(rows, 4);
		snprintf(r->member, sizeof(r->member), "%s", db_col_text(rows, 5));
	}
	db_rows_end(rows);
	return found;
}

/** More than RECOVER_AN_HOUR of its kind were asked for before this one: it is one too many. */
static bool too_often(struct office *o, const struct recovering *r)
{
	char email[MAIL_PATH_MAX + 1];
	struct sha256 address;
	int64_t n = 0;

	lower_copy(r->email, email, sizeof(email));
	address = sha256(email, (uint32_t)strlen(email));

	db_one(o->db, &n,
	       "SELECT count(*) FROM recovery WHERE address = $1 AND asked_at > $2 AND"
	       " (asked_at < $3 OR (asked_at = $3 AND id < $4)) AND kind = $5 LIMIT 1",
	       DB_VALUES(db_bytes(address.byte, sizeof(address.byte)), db_int(r->made.ms - HOUR_MS),
			 db_int(r->made.ms), db_text(r->id), db_int(r->kind)));
	return n >= RECOVER_AN_HOUR;
}

/** `"email":"anna@example.com"` as the JSON of a party has it, for LIKE. */
static bool pattern_make(const char *email, char *to, size_t size)
{
	size_t n = (size_t)snprintf(to, size, "%%\"email\":\"");

	for (; *email != '\0'; email++) {
		if (n + 6 > size)
			return false;
		if (*email == '%' || *email == '_' || *email == '\\')
			to[n++] = '\\';
		to[n++] = *email;
	}
	snprintf(to + n, size - n, "\"%%");
	return true;
}

/** The shop of a member as people call it. */
static void title_read(struct office *o, const char *member, char title[RECOVER_TITLE_SIZE])
{
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT h.title FROM shop h WHERE h.shop IN (SELECT shop FROM member_shop WHERE"
	       " member = $1) OR EXISTS (SELECT 1 FROM member_shop WHERE member = $1 AND"
	       " shop = '*') ORDER BY h.shop LIMIT 1",
	       DB_VALUES(db_text(member)));
	if (db_next(rows))
		utf8_cut(db_col_text(rows, 0), title, RECOVER_TITLE_SIZE);
	db_rows_end(rows);
}

static void person_add(struct office *o, struct recovering *r, struct db_rows *rows,
		       const json_t *party, struct wall now)
{
	const char *member = db_col_text(rows, 0);
	const char *name = json_string_value(json_object_get(party, "name"));
	struct sha256 hash;

	if (r->people == 0) {
		r->language = strcmp(db_col_text(rows, 2), "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
		title_read(o, member, r->title);
		snprintf(r->email, sizeof(r->email), "%s",
			 json_string_value(json_object_get(party, "email")));
	}
	utf8_cut(name != NULL ? name : "", r->person[r->people].name, RECOVER_NAME_SIZE);
	code_new(r->person[r->people].code);
	CHECK(code_hash(r->person[r->people].code, &hash));
	code_for_member(o, member, MADE_BY, &hash, now, now.ms + CODE_MINUTES * 60000);
	r->people++;
}

/* Letters outside ASCII do not stand in an address, so that both engines fold alike. Who was let in
 * comes first: whoever registers may claim any address, and nobody has looked at that yet. */
static void people_find(struct office *o, struct recovering *r, struct wall now)
{
	char pattern[2 * MAIL_PATH_MAX + 32], wanted[MAIL_PATH_MAX + 1], has[MAIL_PATH_MAX + 1];
	struct db_rows *rows;

	memcpy(wanted, r->email, sizeof(wanted));
	if (!pattern_make(wanted, pattern, sizeof(pattern)))
		return;
	db_ask(o->db, &rows,
	       "SELECT member, party, language FROM member WHERE state IN (0, 1, 2)"
	       " AND role = $3 AND lower(party) LIKE $1 ESCAPE '\\'"
	       " ORDER BY CASE state WHEN 0 THEN 1 ELSE 0 END, member LIMIT $2",
	       DB_VALUES(db_text(pattern), db_int(RECOVER_PEOPLE), db_int(ROLE_MEMBER)));
	while (db_next(rows)) {
		json_t *party = json_loads(db_col_text(rows, 1), 0, NULL);
		const char *email = json_string_value(json_object_get(party, "email"));

		lower_copy(email != NULL ? email : "", has, sizeof(has));
		if (strcmp(has, wanted) == 0)
			person_add(o, r, rows, party, now);
		json_decref(party);
	}
	db_rows_end(rows);
}

/** Whose address it was: her name, her language, and her shop's title. */
static void person_was(struct office *o, struct recovering *r)
{
	struct db_rows *rows;

	db_ask(o->db, &rows, "SELECT party, language FROM member WHERE member = $1 LIMIT 1",
	       DB_VALUES(db_text(r->member)));
	if (db_next(rows)) {
		json_t *party = json_loads(db_col_text(rows, 0), 0, NULL);
		const char *name = json_string_value(json_object_get(party, "name"));

		r->language = strcmp(db_col_text(rows, 1), "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
		utf8_cut(name != NULL ? name : "", r->person[0].name, RECOVER_NAME_SIZE);
		title_read(o, r->member, r->title);
		r->people = 1;
		json_decref(party);
	}
	db_rows_end(rows);
}

static void done(struct office *o, const char *id)
{
	db_do(o->db, "UPDATE recovery SET email = '', due_at = 0 WHERE id = $1",
	      DB_VALUES(db_text(id)));
}

bool recover_lease(struct office *o, struct wall now, struct recovering *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!lease_row(o, now, ret))
		return false;
	if (too_often(o, ret)) /* it does not count: three an hour there are, whoever asks */
		db_do(o->db, "UPDATE recovery SET address = $2 WHERE id = $1",
		      DB_VALUES(db_text(ret->id), db_bytes("", 0)));
	else if (ret->tries <= RECOVER_TRIES_MAX && ret->kind == RECOVER_CODE)
		people_find(o, ret, now);
	else if (ret->tries <= RECOVER_TOLD_TRIES_MAX)
		person_was(o, ret);
	if (ret->people == 0)
		done(o, ret->id);
	return true;
}

/** A code is waited for, and of use for minutes; that an address was changed is told within a day.
 */
static int64_t retry_ms(const struct recovering *r)
{
	int64_t ms = RECOVER_RETRY_MS;

	if (r->kind == RECOVER_CODE)
		return r->tries < RECOVER_TRIES_MAX ? ms : 0;
	for (int64_t i = 1; i < r->tries; i++)
		ms *= 2;
	return r->tries < RECOVER_TOLD_TRIES_MAX ? ms : 0;
}

void recover_note(struct office *o, const struct recovering *r, struct wall now)
{
	int64_t pause = r->result == -EAGAIN ? retry_ms(r) : 0;

	if (pause > 0)
		db_do(o->db, "UPDATE recovery SET due_at = $2 WHERE id = $1",
		      DB_VALUES(db_text(r->id), db_int(now.ms + pause)));
	else
		done(o, r->id);
}
