/*
 * hook.c: what is to be told to whom. A row for each receiver is written in the transaction of what
 * it tells of: neither can be without the other. Its id stays the same at every try.
 */
#include "officed/hook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/es256.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* After the first try, the second …: what the specification proposes. */
static const int64_t pauses[HOOK_TRIES_MAX] = {
	0,	   5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
	10 * HOUR, 14 * HOUR,  20 * HOUR,  24 * HOUR,	0,
};

int64_t hook_retry_ms(int64_t tries)
{
	return tries > 0 && tries < HOOK_TRIES_MAX ? pauses[tries] : 0;
}

bool hook_kind_wanted(const char *kinds, const char *kind)
{
	size_t group = strcspn(kind, ".");

	if (!kinds[0])
		return true;
	while (*kinds) {
		size_t len = strcspn(kinds, " ");

		if ((len == strlen(kind) && strncmp(kinds, kind, len) == 0) ||
		    (len == group + 2 && strncmp(kinds, kind, group) == 0 &&
		     strncmp(kinds + group, ".*", 2) == 0))
			return true;
		kinds += len;
		kinds += strspn(kinds, " ");
	}
	return false;
}

/* --- what happened */

static void put_call(struct office *o, const char *shop, const char *hook, const char *kind,
		     const char *body, struct wall now)
{
	uint8_t random[16];
	char id[HOOK_ID_MAX + 1] = "msg_";

	random_bytes(random, sizeof(random));
	hex_text(random, sizeof(random), id + 4);
	db_do(o->db,
	      "INSERT INTO hook_out(shop, id, hook, kind, body, made_at, due_at, tries, outcome)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, 0, '')",
	      DB_VALUES(db_text(shop), db_text(id), db_text(hook), db_text(kind), db_text(body),
			db_int(now.ms), db_int(now.ms)));
}

/* {"type", "timestamp", "data"}; NULL: no memory. */
static char *body_of(const char *shop, const char *kind, const char *json, struct wall now)
{
	time_t s = (time_t)(now.ms / 1000);
	struct tm t = {0};
	char at[32], *body = NULL;
	bool whole = strlen(json) < HOOK_BODY_MAX;

	gmtime_r(&s, &t);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &t);
	if (asprintf(&body, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"shop\":\"%s\",\"data\":%s}",
		     kind, at, shop, whole ? json : "null") < 0)
		return NULL;
	return body;
}

void hook_add(struct office *o, const char *shop, const char *kind, const char *json,
	      struct wall now)
{
	struct db_rows *rows;
	char *body = NULL;

	db_ask(o->db, &rows, "SELECT id, kinds FROM hook WHERE disabled = 0 ORDER BY id LIMIT $1",
	       DB_VALUES(db_int(HOOKS_MAX)));
	while (db_next(rows)) {
		if (!hook_kind_wanted(db_col_text(rows, 1), kind))
			continue;
		body = body ? body : body_of(shop, kind, json, now);
		CHECK(body);
		put_call(o, shop, db_col_text(rows, 0), kind, body, now);
	}
	db_rows_end(rows);
	free(body);
}

/* --- what is due */

static void take_call(struct db_rows *rows, struct hook_call *c)
{
	snprintf(c->shop, sizeof(c->shop), "%s", db_col_text(rows, 0));
	snprintf(c->id, sizeof(c->id), "%s", db_col_text(rows, 1));
	snprintf(c->hook, sizeof(c->hook), "%s", db_col_text(rows, 2));
	c->body = strdup(db_col_text(rows, 3));
	CHECK(c->body);
	c->tries = db_col_int(rows, 4);
}

static bool find_hook(struct office *o, struct wall now, struct hook_call *c)
{
	struct db_rows *rows;
	bool found;

	db_ask(o->db, &rows,
	       "SELECT url, secret, old_secret, old_until FROM hook WHERE id = $1 AND disabled = 0"
	       " LIMIT 1",
	       DB_VALUES(db_text(c->hook)));
	found = db_next(rows) && db_col_bytes(rows, 1).len == HOOK_SECRET_SIZE;
	if (found) {
		struct span old = db_col_bytes(rows, 2);

		snprintf(c->url, sizeof(c->url), "%s", db_col_text(rows, 0));
		memcpy(c->secret[c->secrets++], db_col_bytes(rows, 1).data, HOOK_SECRET_SIZE);
		if (old.len == HOOK_SECRET_SIZE && now.ms < db_col_int(rows, 3))
			memcpy(c->secret[c->secrets++], old.data, HOOK_SECRET_SIZE);
	}
	db_rows_end(rows);
	return found;
}

static void end_call(struct office *o, const struct hook_call *c, int64_t due, const char *outcome)
{
	db_do(o->db,
	      "UPDATE hook_out SET due_at = $4, outcome = $5"
	      " WHERE shop = $1 AND id = $2 AND hook = $3",
	      DB_VALUES(db_text(c->shop), db_text(c->id), db_text(c->hook), db_int(due),
			db_text(outcome)));
}

uint32_t hook_lease(struct office *o, struct wall now, struct hook_call call[HOOKS_A_LOOK])
{
	struct db_rows *rows;
	uint32_t n = 0, kept = 0;

	memset(call, 0, HOOKS_A_LOOK * sizeof(*call));
	db_ask(o->db, &rows,
	       "UPDATE hook_out SET due_at = $2, tries = tries + 1 WHERE (shop, id, hook) IN"
	       " (SELECT shop, id, hook FROM hook_out WHERE due_at > 0 AND due_at <= $1"
	       "  ORDER BY due_at LIMIT $3) AND due_at > 0 AND due_at <= $1"
	       " RETURNING shop, id, hook, body, tries",
	       DB_VALUES(db_int(now.ms), db_int(now.ms + HOOK_LEASE_MS), db_int(HOOKS_A_LOOK)));
	while (db_next(rows))
		take_call(rows, &call[n++]);
	db_rows_end(rows);
	for (uint32_t i = 0; i < n; i++) {
		struct hook_call c = call[i];

		memset(&call[i], 0, sizeof(call[i]));
		if (find_hook(o, now, &c)) {
			call[kept++] = c;
			continue;
		}
		end_call(o, &c, 0, "nobody asks for it any more");
		hook_call_free(&c);
	}
	return kept;
}

/* --- how it went */

static void disable(struct office *o, const struct hook_call *c, const char *why, struct wall now)
{
	char detail[200];

	db_do(o->db, "UPDATE hook SET disabled = $2, why = $3 WHERE id = $1",
	      DB_VALUES(db_text(c->hook), db_int(now.ms), db_text(why)));
	snprintf(detail, sizeof(detail), "webhook %s: %s", c->hook, why);
	notice_add(o, c->shop, NOTICE_HOOK, detail, now);
}

void hook_note(struct office *o, const struct hook_call *c, struct wall now)
{
	int64_t pause = hook_retry_ms(c->tries);
	char outcome[160];

	if (c->status >= 200 && c->status < 300) {
		end_call(o, c, 0, "taken");
		return;
	}
	if (c->status > 0)
		snprintf(outcome, sizeof(outcome), "answered %ld", c->status);
	else
		snprintf(outcome, sizeof(outcome), "%s", c->trouble);
	if (c->status == 410) /* Standard Webhooks: gone for good */
		disable(o, c, "its receiver says that it is gone (410)", now);
	else if (pause == 0)
		disable(o, c, "given up after three days without an answer", now);
	end_call(o, c, c->status == 410 || pause == 0 ? 0 : now.ms + pause, outcome);
}

void hook_call_free(struct hook_call *c)
{
	free(c->body);
	explicit_bzero(c, sizeof(*c));
}
