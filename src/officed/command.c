/*
 * command.c: commands. One is told to the shop once, with the moment past which it must not be done
 * any more, and is answered by an entry of the shop's ledger; until then it is `waiting`, and after
 * its time `expired`, with the age of both. Who asked, when and for what stays on record.
 *
 * A request that is sent again with its `key` is the same command: a door is not opened twice for a
 * lost answer. Ids rise with the clock, so that those of an office restored from an older backup
 * are new ones.
 */
#include "officed/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/goods_scope.h"
#include "officed/policy.h"

enum {
	EXPIRES_MAX_S = 300,
	EXPIRES_USUAL_S = 60,
	HOLD_MAX_MINUTES = 720,
};

#define COMMANDS_NEWEST INT64_C(999999999999999999)

struct commanding {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct sync_command c;
	char key[NAME_MAX_LEN + 1];
	int64_t id, after, limit;
	uint32_t status;
	json_t *answer;
};

static const char *outcome_word(int64_t outcome)
{
	switch ((enum command_outcome)outcome) {
	case COMMAND_DONE:
		return "done";
	case COMMAND_REFUSED:
		return "refused";
	case COMMAND_EXPIRED:
		return "expired";
	}
	return "unknown";
}

#define COLUMNS                                                                                    \
	" id, verb, door, hold_ms, setting, value, made_by, made_at, expires_at, answered_seq,"    \
	" outcome "

/** A row of COLUMNS: what came of it, or how long it has been waiting. */
static json_t *command_json(struct db_rows *rows, const char *shop, struct wall now)
{
	int64_t verb = db_col_int(rows, 1), made = db_col_int(rows, 7);
	bool answered = db_col_int(rows, 9) != 0, late = db_col_int(rows, 8) <= now.ms;
	const char *state = answered ? outcome_word(db_col_int(rows, 10))
			    : late   ? "expired"
				     : "waiting";
	json_t *j = json_pack(
		"{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:b}", "command",
		(json_int_t)db_col_int(rows, 0), "shop", shop, "verb",
		verb > 0 && verb <= VERB_LAST ? command_verb_word((enum command_verb)verb)
					      : "unknown",
		"door", db_col_text(rows, 2), "state", state, "made_by", db_col_text(rows, 6),
		"made_at", json_wall(made), "expires_at", json_wall(db_col_int(rows, 8)), "age_s",
		(json_int_t)((now.ms - made) / 1000), "answered", answered);

	if (verb == VERB_PROP)
		json_object_set_new(j, "hold_minutes", json_integer(db_col_int(rows, 3) / 60000));
	if (verb == VERB_ACKNOWLEDGE)
		json_object_set_new(j, "alarm",
				    json_integer(strtoll(db_col_text(rows, 5), NULL, 10)));
	if (verb == VERB_SET) {
		json_object_set_new(j, "setting", json_string(db_col_text(rows, 4)));
		json_object_set_new(j, "value", json_string(db_col_text(rows, 5)));
	}
	if (answered)
		json_object_set_new(j, "seq", json_integer(db_col_int(rows, 9)));
	return j;
}

/** The shop takes commands; else the problem. Its row is ours until the end of the transaction. */
static bool shop_takes(struct commanding *c)
{
	struct db_rows *rows;
	int64_t state = -1;

	db_ask(c->o->db, &rows, "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING state",
	       DB_VALUES(db_text(c->a->param[0])));
	if (db_next(rows))
		state = db_col_int(rows, 0);
	db_rows_end(rows);
	if (db_failed(c->o->db))
		return false;
	if (state < 0)
		reply_problem(c->r, 404, "unknown_shop", "There is no shop of this name.");
	else if (state != SHOP_LIVE)
		reply_problem(c->r, 409, "shop_not_live",
			      "No box of this shop is enrolled that could do this.");
	return state == SHOP_LIVE;
}

/** The command that this key asked for before. */
static bool asked_before(struct commanding *c)
{
	struct db_rows *rows;
	bool found;

	db_ask(c->o->db, &rows,
	       "SELECT" COLUMNS "FROM command WHERE shop = $1 AND key = $2 LIMIT 1",
	       DB_VALUES(db_text(c->a->param[0]), db_text(c->key)));
	found = db_next(rows);
	if (found &&
	    (db_col_int(rows, 1) != c->c.verb || strcmp(db_col_text(rows, 2), c->c.door) != 0 ||
	     db_col_int(rows, 3) != c->c.hold_ms ||
	     strcmp(db_col_text(rows, 4), c->c.setting.name) != 0 ||
	     strcmp(db_col_text(rows, 5), c->c.setting.value) != 0)) {
		reply_problem(c->r, 422, "key_reused",
			      "This key was used for another command: take a new one.");
		c->status = 422;
	} else if (found) {
		json_decref(c->answer);
		c->answer = command_json(rows, c->a->param[0], c->a->now);
		c->status = 200;
	}
	db_rows_end(rows);
	return found;
}

static void command_write(struct commanding *c)
{
	struct sync_change change = {.kind = SYNC_COMMAND};
	int64_t id = c->a->now.ms, last = 0;
	char own[24];

	if (db_one(c->o->db, &last,
		   "SELECT id FROM command WHERE shop = $1 ORDER BY id DESC LIMIT 1",
		   DB_VALUES(db_text(c->a->param[0]))) &&
	    id <= last)
		id = last + 1;
	c->id = id;
	c->c.id = (uint64_t)id;
	snprintf(own, sizeof(own), ".%" PRId64, id); /* no key of a request begins so */
	db_do(c->o->db,
	      "INSERT INTO command(shop, id, verb, door, hold_ms, setting, value, made_by,"
	      " made_at, expires_at, key, answered_seq, outcome)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)",
	      DB_VALUES(db_text(c->a->param[0]), db_int(id), db_int(c->c.verb), db_text(c->c.door),
			db_int(c->c.hold_ms), db_text(c->c.setting.name),
			db_text(c->c.setting.value), db_text(c->a->who.name), db_int(c->a->now.ms),
			db_int(c->c.expires.ms), db_text(c->key[0] ? c->key : own)));
	change.command = c->c;
	feed_add(c->o, c->a->param[0], &change, c->a->now);
}

static int show_into(struct commanding *c)
{
	struct db_rows *rows;
	bool found;

	db_ask(c->o->db, &rows, "SELECT" COLUMNS "FROM command WHERE shop = $1 AND id = $2 LIMIT 1",
	       DB_VALUES(db_text(c->a->param[0]), db_int(c->id)));
	found = db_next(rows);
	if (found) {
		json_decref(c->answer);
		c->answer = command_json(rows, c->a->param[0], c->a->now);
	}
	db_rows_end(rows);
	if (!found && !db_failed(c->o->db)) {
		reply_problem(c->r, 404, "unknown_command", "This shop was sent no such command.");
		return WORK_REFUSED;
	}
	return db_failed(c->o->db);
}

static int make_work(struct db *d, void *data)
{
	struct commanding *c = data;

	c->status = 201;
	if (!shop_takes(c))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (c->key[0] && asked_before(c))
		return c->status == 422 ? WORK_REFUSED : db_failed(d);
	command_write(c);
	return show_into(c);
}

static bool verb_take(const json_t *body, struct commanding *c)
{
	const char *verb = NULL, *door = "";

	if (!json_take_text(body, "verb", true, 16, &verb, c->r) ||
	    !json_take_text(body, "door", false, PLACE_MAX_LEN, &door, c->r))
		return false;
	if (!command_verb_parse(verb, &c->c.verb)) {
		reply_problem(c->r, 422, "bad_verb",
			      "verb is release, unlock, lock, prop, lockdown, set or acknowledge.");
		return false;
	}
	if (door[0] && !place_valid(door, (uint32_t)strlen(door))) {
		reply_problem(c->r, 422, "bad_door", "A door's name is 1 to %d of a-z, 0-9, -.",
			      PLACE_MAX_LEN);
		return false;
	}
	memcpy(c->c.door, door, strlen(door) + 1);
	return true;
}

static bool hold_take(const json_t *body, struct commanding *c)
{
	int64_t minutes = 0;

	if (!json_take_int(body, "hold_minutes", c->c.verb == VERB_PROP, 1, HOLD_MAX_MINUTES,
			   &minutes, c->r))
		return false;
	if (minutes > 0 && c->c.verb != VERB_PROP) {
		reply_problem(c->r, 422, "bad_hold", "hold_minutes goes with prop alone.");
		return false;
	}
	c->c.hold_ms = minutes * 60000;
	return true;
}

static bool setting_take(const json_t *body, struct commanding *c)
{
	const char *name = NULL, *value = NULL;
	char why[POLICY_WHY_MAX];
	bool set = c->c.verb == VERB_SET;

	if (!json_take_text(body, "setting", set, SETTING_NAME_MAX, &name, c->r) ||
	    !json_take_text(body, "value", set, SETTING_VALUE_MAX, &value, c->r))
		return false;
	if (!set && (name || value)) {
		reply_problem(c->r, 422, "bad_setting", "setting and value go with set alone.");
		return false;
	}
	if (set && !policy_check(name, value, why)) {
		reply_problem(c->r, 422, "bad_setting", "%s", why);
		return false;
	}
	if (set) {
		snprintf(c->c.setting.name, sizeof(c->c.setting.name), "%s", name);
		snprintf(c->c.setting.value, sizeof(c->c.setting.value), "%s", value);
	}
	return true;
}

static bool alarm_take(const json_t *body, struct commanding *c)
{
	bool acknowledges = c->c.verb == VERB_ACKNOWLEDGE;
	int64_t alarm = 0;

	if (!json_take_int(body, "alarm", acknowledges, 1, JSON_INTS_MAX, &alarm, c->r))
		return false;
	if (!acknowledges && alarm != 0) {
		reply_problem(c->r, 422, "bad_alarm", "alarm goes with acknowledge alone.");
		return false;
	}
	if (acknowledges) {
		snprintf(c->c.setting.name, sizeof(c->c.setting.name), "alarm");
		snprintf(c->c.setting.value, sizeof(c->c.setting.value), "%lld", (long long)alarm);
	}
	return true;
}

static bool command_take(const json_t *body, struct commanding *c)
{
	static const char *const members[] = {"verb",	   "door",  "hold_minutes",
					      "setting",   "value", "alarm",
					      "expires_s", "key",   NULL};
	int64_t expires = EXPIRES_USUAL_S;
	const char *key = "";

	if (!json_only(body, members, c->r) || !verb_take(body, c) || !hold_take(body, c) ||
	    !setting_take(body, c) || !alarm_take(body, c) ||
	    !json_take_int(body, "expires_s", false, 1, EXPIRES_MAX_S, &expires, c->r) ||
	    !json_take_text(body, "key", false, NAME_MAX_LEN, &key, c->r))
		return false;
	if (key[0] && !name_valid(key, (uint32_t)strlen(key))) {
		reply_problem(c->r, 422, "bad_key", "key is 1 to %d of A-Z, a-z, 0-9, - and _.",
			      NAME_MAX_LEN);
		return false;
	}
	snprintf(c->key, sizeof(c->key), "%s", key);
	c->c.expires.ms = c->a->now.ms + expires * 1000;
	snprintf(c->c.by, sizeof(c->c.by), "%s", c->a->who.name);
	return true;
}

/** POST /v1/shops/{shop}/commands {"verb", "door", "hold_minutes", "setting", "value", "alarm",
 * "expires_s", "key"} */
int command_make(struct office *o, const struct ask *a, struct reply *r)
{
	struct commanding c = {.o = o, .a = a, .r = r};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	if (command_take(body, &c)) {
		error = db_transact(o->db, make_work, &c);
		if (error == 0)
			reply_json(r, c.status, json_incref(c.answer));
	}
	json_decref(c.answer);
	json_decref(body);
	return work_answered(error);
}

static int show_work(struct db *d, void *data)
{
	(void)d;
	return show_into(data);
}

/** GET /v1/shops/{shop}/commands/{command} */
int command_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct commanding c = {.o = o, .a = a, .r = r};
	char *end;
	int error;

	c.id = strtoll(a->param[1], &end, 10);
	if (*end || c.id <= 0) {
		reply_problem(r, 400, "malformed", "A command is named by a number.");
		return 0;
	}
	error = db_read(o->db, show_work, &c);
	if (error == 0)
		reply_json(r, 200, json_incref(c.answer));
	json_decref(c.answer);
	return work_answered(error);
}

static int list_work(struct db *d, void *data)
{
	struct commanding *c = data;
	struct db_rows *rows;

	json_array_clear(c->answer);
	db_ask(d, &rows,
	       "SELECT" COLUMNS "FROM command WHERE shop = $1 AND id < $2 ORDER BY id DESC"
	       " LIMIT $3",
	       DB_VALUES(db_text(c->a->param[0]), db_int(c->after), db_int(c->limit)));
	while (db_next(rows))
		json_array_append_new(c->answer, command_json(rows, c->a->param[0], c->a->now));
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/shops/{shop}/commands?after=&limit=: the newest first */
int command_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct commanding c = {.o = o, .a = a, .r = r};
	json_t *last;
	int error;

	if (!page_limit(a, &c.limit, r) ||
	    !ask_query_int(a, "after", 1, COMMANDS_NEWEST, COMMANDS_NEWEST, &c.after, r))
		return 0;
	c.answer = json_array();
	error = db_read(o->db, list_work, &c);
	last = (int64_t)json_array_size(c.answer) == c.limit
		       ? json_object_get(json_array_get(c.answer, (size_t)c.limit - 1), "command")
		       : NULL;
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:O}", "commands", c.answer, "next",
				     last ? last : json_null()));
	json_decref(c.answer);
	return error;
}
