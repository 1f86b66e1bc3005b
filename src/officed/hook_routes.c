/* hook_routes.c: webhooks, as operators ask for them. A secret is shown once, when it is made. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "net/http_client.h"
#include "officed/goods_scope.h"
#include "officed/hook.h"
#include "officed/json.h"
#include "officed/routes.h"

struct hooking {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	char id[HOOK_ID_MAX + 1];
	const char *url, *kinds;
	uint8_t secret[HOOK_SECRET_SIZE];
	json_t *items;
	bool found;
};

static bool may(const struct ask *a, struct reply *r)
{
	if (who_may(&a->who, RIGHT_MONEY, NULL))
		return true;
	reply_problem(r, 403, "forbidden",
		      "A webhook hears of every shop: it needs the right over all of them.");
	return false;
}

static bool kinds_right(const char *kinds)
{
	for (; *kinds; kinds++)
		if (!(*kinds >= 'a' && *kinds <= 'z') && !strchr("._* ", *kinds))
			return false;
	return true;
}

static const char *url_wrong(const struct office *o, const char *url)
{
	const char *wrong = http_url_allowed(url);

	if (!wrong && strncmp(url, "https://", 8) != 0 && !o->config->private_webhooks)
		return "has to begin with https://";
	return wrong;
}

/* --- making one */

static int make_work(struct db *d, void *data)
{
	struct hooking *h = data;
	int64_t hooks = 0;

	db_one(d, &hooks, "SELECT count(*) FROM hook", 0, NULL);
	if (hooks >= HOOKS_MAX) {
		reply_problem(h->r, 409, "too_many", "There are %d webhooks already: delete one.",
			      HOOKS_MAX);
		return WORK_REFUSED;
	}
	db_do(d,
	      "INSERT INTO hook(id, url, secret, old_secret, old_until, kinds, disabled, why,"
	      " made_at) VALUES($1, $2, $3, $4, 0, $5, 0, '', $6)",
	      DB_VALUES(db_text(h->id), db_text(h->url), db_bytes(h->secret, sizeof(h->secret)),
			db_bytes("", 0), db_text(h->kinds), db_int(h->a->now.ms)));
	return db_failed(d);
}

static void secret_reply(struct hooking *h, uint32_t status)
{
	char secret[HOOK_SECRET_TEXT_SIZE];

	hook_secret_text(h->secret, secret);
	reply_json(h->r, status, json_pack("{s:s, s:s}", "webhook", h->id, "secret", secret));
	explicit_bzero(secret, sizeof(secret));
}

/** POST /v1/webhooks {"url", "kinds"?} */
static int hook_make(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"url", "kinds", NULL};
	struct hooking h = {.o = o, .a = a, .r = r, .kinds = ""};
	json_t *body = may(a, r) ? ask_json(a, r) : NULL;
	uint8_t random[8];
	const char *wrong;
	int error = 0;

	if (!body)
		return 0;
	if (!json_only(body, members, r) ||
	    !json_take_text(body, "url", true, OFFICE_URL_MAX, &h.url, r) ||
	    !json_take_text(body, "kinds", false, HOOK_KINDS_MAX, &h.kinds, r))
		goto out;
	wrong = url_wrong(o, h.url);
	if (wrong || !kinds_right(h.kinds)) {
		reply_problem(
			r, 422, wrong ? "bad_url" : "bad_kinds", "%s%s",
			wrong ? "The address " : "",
			wrong ? wrong
			      : "kinds are words like invoice.created or alarm.*, with blanks "
				"between them; none: all.");
		goto out;
	}
	random_bytes(random, sizeof(random));
	memcpy(h.id, "hook_", 5);
	hex_text(random, sizeof(random), h.id + 5);
	random_bytes(h.secret, sizeof(h.secret));
	error = db_transact(o->db, make_work, &h);
	if (error == 0)
		secret_reply(&h, 201);
out:
	json_decref(body);
	return work_answered(error);
}

/* --- listing them */

static int list_work(struct db *d, void *data)
{
	struct hooking *h = data;
	struct db_rows *rows;

	json_array_clear(h->items);
	db_ask(d, &rows,
	       "SELECT h.id, h.url, h.kinds, h.disabled, h.why, h.made_at,"
	       " (SELECT count(*) FROM hook_out x WHERE x.hook = h.id AND x.due_at > 0)"
	       " FROM hook h ORDER BY h.made_at, h.id LIMIT $1",
	       DB_VALUES(db_int(HOOKS_MAX)));
	while (db_next(rows))
		json_array_append_new(h->items,
				      json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:I}", "webhook",
						db_col_text(rows, 0), "url", db_col_text(rows, 1),
						"kinds", db_col_text(rows, 2), "disabled_at",
						json_wall(db_col_int(rows, 3)), "why",
						db_col_text(rows, 4), "made_at",
						json_wall(db_col_int(rows, 5)), "waiting",
						(json_int_t)db_col_int(rows, 6)));
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/webhooks */
static int hooks_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct hooking h = {.o = o, .a = a, .r = r};
	int error;

	if (!may(a, r))
		return 0;
	h.items = json_array();
	error = db_read(o->db, list_work, &h);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "webhooks", h.items));
	json_decref(h.items);
	return error;
}

/* --- one of them */

static int delete_work(struct db *d, void *data)
{
	struct hooking *h = data;

	h->found =
		db_do(d, "DELETE FROM hook WHERE id = $1", DB_VALUES(db_text(h->a->param[0]))) > 0;
	db_do(d, "DELETE FROM hook_out WHERE hook = $1", DB_VALUES(db_text(h->a->param[0])));
	return db_failed(d);
}

static int rotate_work(struct db *d, void *data)
{
	struct hooking *h = data;

	h->found = db_do(d,
			 "UPDATE hook SET old_secret = secret, old_until = $3, secret = $2"
			 " WHERE id = $1",
			 DB_VALUES(db_text(h->a->param[0]), db_bytes(h->secret, sizeof(h->secret)),
				   db_int(h->a->now.ms + HOOK_ROTATE_MS))) > 0;
	return db_failed(d);
}

/* Whatever was given up is told from the start. */
static int enable_work(struct db *d, void *data)
{
	struct hooking *h = data;

	h->found = db_do(d, "UPDATE hook SET disabled = 0, why = '' WHERE id = $1",
			 DB_VALUES(db_text(h->a->param[0]))) > 0;
	db_do(d,
	      "UPDATE hook_out SET due_at = $2, tries = 0 WHERE hook = $1 AND due_at = 0"
	      " AND outcome <> 'taken'",
	      DB_VALUES(db_text(h->a->param[0]), db_int(h->a->now.ms)));
	return db_failed(d);
}

static int change_one(struct office *o, const struct ask *a, struct reply *r, db_work_fn *work,
		      struct hooking *h)
{
	int error;

	*h = (struct hooking){.o = o, .a = a, .r = r};
	if (!may(a, r))
		return WORK_REFUSED;
	snprintf(h->id, sizeof(h->id), "%s", a->param[0]);
	random_bytes(h->secret, sizeof(h->secret));
	error = db_transact(o->db, work, h);
	if (error == 0 && !h->found) {
		reply_problem(r, 404, "unknown_webhook", "No webhook has this id.");
		return WORK_REFUSED;
	}
	return error;
}

/** DELETE /v1/webhooks/{webhook} */
static int hook_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct hooking h;
	int error = change_one(o, a, r, delete_work, &h);

	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return work_answered(error);
}

/** POST /v1/webhooks/{webhook}/rotate - a new secret; the old one signs too for a day. */
static int hook_rotate(struct office *o, const struct ask *a, struct reply *r)
{
	struct hooking h;
	int error = change_one(o, a, r, rotate_work, &h);

	if (error == 0)
		secret_reply(&h, 200);
	return work_answered(error);
}

/** POST /v1/webhooks/{webhook}/enable - again, with all that was not taken. */
static int hook_enable(struct office *o, const struct ask *a, struct reply *r)
{
	struct hooking h;
	int error = change_one(o, a, r, enable_work, &h);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:s}", "webhook", h.id));
	return work_answered(error);
}

const struct office_route hook_routes[] = {
	{"GET", "/v1/webhooks", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, hooks_list},
	{"POST", "/v1/webhooks", FOR_OPERATOR, RIGHT_MONEY, NULL, "application/json", 4096,
	 hook_make},
	{"DELETE", "/v1/webhooks/{webhook}", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0, hook_delete},
	{"POST", "/v1/webhooks/{webhook}/rotate", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0,
	 hook_rotate},
	{"POST", "/v1/webhooks/{webhook}/enable", FOR_OPERATOR, RIGHT_MONEY, NULL, NULL, 0,
	 hook_enable},
	{NULL, NULL, 0, 0, NULL, NULL, 0, NULL},
};
