/*
 * office_desk.h: an office without a network, asked by method and path as web.c would: the routes'
 * table finds the work, its answer is JSON or a statement for a box. For the tests of people, goods
 * and the feed.
 */
#ifndef SHOP_TESTS_OFFICE_DESK_H
#define SHOP_TESTS_OFFICE_DESK_H

#include <jansson.h>

#include "intake_house.h"
#include "officed/feed.h"
#include "officed/people.h"
#include "officed/table.h"
#include "token/claims.h"
#include "token/statement.h"

#define CHANGES_KEPT 3000

struct desk {
	struct office_house h;
	struct wall now;
	struct who who;
	uint32_t status; /* of the newest answer */
	char code[40];	 /* of a problem */
	char next[128];	 /* SK-Next */
	char type[40];
	json_t *json; /* of the newest answer; the desk's */
	/* of the newest feed */
	struct sync_feed feed;
	struct sync_change change[CHANGES_KEPT];
	uint32_t changes;
	uint8_t *kept[8]; /* statements whose spans are lent */
	uint32_t statements;
};

static inline void desk_forget(struct desk *d)
{
	json_decref(d->json);
	d->json = NULL;
	d->code[0] = d->next[0] = d->type[0] = '\0';
}

static inline void desk_as(struct desk *d, const char *name, const char *shops, uint32_t rights)
{
	d->who = (struct who){.kind = WHO_OPERATOR, .rights = rights, .shops = shops};
	snprintf(d->who.name, sizeof(d->who.name), "%s", name);
}

#define RIGHTS_ALL 0xffU

static inline struct desk *desk_open(enum db_engine engine)
{
	struct desk *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	if (!house_open(&d->h, engine)) {
		free(d);
		return NULL;
	}
	d->h.config.keep_feed_days = 35;
	d->h.keys.kid = kid_of(&d->h.keys.key);
	d->now.ms = HOUSE_NOW;
	desk_as(d, "anna", "*", RIGHTS_ALL);
	return d;
}

static inline void desk_close(struct desk *d)
{
	desk_forget(d);
	for (uint32_t i = 0; i < d->statements; i++)
		free(d->kept[i]);
	house_close(&d->h);
	free(d);
}

static inline void desk_shop(struct desk *d, const char *shop, const char *group)
{
	char sql[500];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO shop(shop, shop_group, title, language, currency, seller, state,"
		 " key, epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to,"
		 " feed_from, changed) VALUES('%s', '%s', '%s', 'sv', 'SEK', '{}', 1, '',"
		 " 1, 0, 0, '', 0, 0, 0, 0, 0)",
		 shop, group, shop);
	house_do(&d->h, sql);
}

/* Splits "a=b&c=d" in place. */
static inline void desk_query(struct ask *a, char *query)
{
	char *at = query;

	for (char *part; (part = strsep(&at, "&"));) {
		char *value = strchr(part, '=');

		assert_non_null(value);
		*value = '\0';
		a->query[a->queries].name = part;
		a->query[a->queries++].value = value + 1;
	}
}

static inline void desk_take(struct desk *d, struct reply *r)
{
	d->status = r->status;
	snprintf(d->next, sizeof(d->next), "%s", r->next);
	snprintf(d->type, sizeof(d->type), "%s", r->content_type ? r->content_type : "");
	if (strstr(d->type, "json"))
		d->json = json_loadb(r->bytes, r->len, 0, NULL);
	if (json_object_get(d->json, "code"))
		snprintf(d->code, sizeof(d->code), "%s",
			 json_string_value(json_object_get(d->json, "code"))
				 ? json_string_value(json_object_get(d->json, "code"))
				 : "");
}

/** desk_route - the reply whole, the caller's to free. */
static inline struct reply desk_route(struct desk *d, const char *method, const char *path_query,
				      const void *body, size_t len)
{
	struct ask a = {.who = d->who, .now = d->now, .body = {body, (uint32_t)len}};
	char path[300], param[ASK_PARAMS_MAX][70] = {{0}};
	const struct office_route *route = NULL;
	struct route_match match;
	struct reply r = {0};
	char *query;

	snprintf(path, sizeof(path), "%s", path_query);
	query = strchr(path, '?');
	if (query) {
		*query = '\0';
		desk_query(&a, query + 1);
	}
	assert_int_equal(table_find(method, path, &route, &match), ROUTED);
	for (uint32_t i = 0; i < ASK_PARAMS_MAX; i++) {
		if (match.param[i].text)
			snprintf(param[i], sizeof(param[i]), "%.*s", (int)match.param[i].len,
				 match.param[i].text);
		a.param[i] = param[i];
	}
	if (len > 0)
		assert_true(len <= route->body_max);
	assert_int_equal(route->answer(&d->h.o, &a, &r), 0);
	assert_true(r.status != 0);
	return r;
}

/** desk_ask - the answer's JSON, the desk's until the next. */
static inline json_t *desk_ask(struct desk *d, const char *method, const char *path,
			       const char *body)
{
	struct reply r = desk_route(d, method, path, body, body ? strlen(body) : 0);

	desk_forget(d);
	desk_take(d, &r);
	if (d->status >= 400 && !d->code[0])
		print_error("%s %s: %u\n", method, path, d->status);
	reply_free(&r);
	return d->json;
}

/** desk_must - that with this status. */
static inline json_t *desk_must(struct desk *d, uint32_t status, const char *method,
				const char *path, const char *body)
{
	json_t *json = desk_ask(d, method, path, body);

	if (d->status != status) {
		char *text = json_dumps(json, 0);

		print_error("%s %s: %u %s\n", method, path, d->status, text ? text : "");
		free(text);
	}
	assert_int_equal(d->status, status);
	return json;
}

static inline const char *text_of(const json_t *j, const char *name)
{
	const char *text = json_string_value(json_object_get(j, name));

	return text ? text : "";
}

static inline int64_t number_of_json(const json_t *j, const char *name)
{
	return json_integer_value(json_object_get(j, name));
}

/* --- the feed, as a box reads it */

static inline void feed_take(struct desk *d, const struct reply *r)
{
	uint8_t *bytes = malloc(r->len), *tbs = malloc(r->len + STATEMENT_EXTRA);
	struct statement s;
	struct span rest;
	uint32_t len;

	assert_true(d->statements < ARRAY_LEN(d->kept));
	memcpy(bytes, r->bytes, r->len);
	d->kept[d->statements++] = bytes;
	assert_true(statement_parse((struct span){bytes, (uint32_t)r->len}, &s));
	assert_memory_equal(&s.kid, &d->h.keys.kid, KID_SIZE);
	len = statement_to_be_signed(s.kid, s.payload, tbs, (uint32_t)r->len + STATEMENT_EXTRA);
	assert_int_equal(es256_verify(&d->h.keys.key, tbs, len, s.signature), 1);
	free(tbs);
	assert_true(sync_feed_take(s.payload, &d->feed));
	rest = d->feed.change;
	for (uint32_t i = 0; i < d->feed.changes; i++) {
		assert_true(d->changes < CHANGES_KEPT);
		assert_int_equal(sync_change_take(&rest, &d->change[d->changes++]),
				 SYNC_CHANGE_GOOD);
	}
	assert_int_equal(rest.len, 0);
}

static inline void feed_drop(struct desk *d)
{
	for (uint32_t i = 0; i < d->statements; i++)
		free(d->kept[i]);
	d->statements = d->changes = 0;
}

/** feed_after - what the shop is told after this cursor: the status, d->change, d->feed. */
static inline uint32_t feed_after(struct desk *d, const char *shop, uint64_t after)
{
	char path[100];
	struct who who = d->who;
	struct reply r;

	feed_drop(d);
	d->who = (struct who){.kind = WHO_BOX};
	snprintf(path, sizeof(path), "/v1/shops/%s/feed?after=%llu", shop,
		 (unsigned long long)after);
	r = desk_route(d, "GET", path, NULL, 0);
	d->who = who;
	desk_forget(d);
	desk_take(d, &r);
	if (r.status == 200)
		feed_take(d, &r);
	reply_free(&r);
	return d->status;
}

/** feed_snapshot_all - every part; false for a path that is refused. The parts' number. */
static inline uint32_t feed_snapshot_all(struct desk *d, const char *shop)
{
	char path[300], next[128] = "";
	struct who who = d->who;
	uint32_t parts = 0;
	uint64_t to = 0;

	feed_drop(d);
	d->who = (struct who){.kind = WHO_BOX};
	do {
		struct reply r;

		snprintf(path, sizeof(path), "/v1/shops/%s/feed?snapshot=1%s%s", shop,
			 next[0] ? "&next=" : "", next);
		r = desk_route(d, "GET", path, NULL, 0);
		assert_int_equal(r.status, 200);
		feed_take(d, &r);
		parts++;
		assert_int_equal(d->feed.from, 0);
		assert_true(to == 0 || to == d->feed.to);
		to = d->feed.to;
		assert_int_equal(d->feed.part, r.next[0] ? (int)parts : -(int)parts);
		snprintf(next, sizeof(next), "%s", r.next);
		reply_free(&r);
		assert_true(d->statements < ARRAY_LEN(d->kept));
	} while (next[0]);
	d->who = who;
	return parts;
}

/** changes_of - how many of this kind there are; the last one in *ret (NULL: not wanted). */
static inline uint32_t changes_of(const struct desk *d, enum sync_change_kind kind,
				  const struct sync_change **ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->changes; i++) {
		if (d->change[i].kind != kind)
			continue;
		n++;
		if (ret)
			*ret = &d->change[i];
	}
	return n;
}

static inline int64_t feed_to(struct desk *d, const char *shop)
{
	/* a text each: statements are known by its address */
	if (strcmp(shop, "viken") == 0)
		return house_number(&d->h, "SELECT feed_to FROM shop WHERE shop = 'viken' LIMIT 1");
	if (strcmp(shop, "torp") == 0)
		return house_number(&d->h, "SELECT feed_to FROM shop WHERE shop = 'torp' LIMIT 1");
	return house_number(&d->h, "SELECT feed_to FROM shop WHERE shop = 'holm' LIMIT 1");
}

/* --- tests on either engine */

static inline int desk_set_up(void **state)
{
	*state = desk_open(*(const enum db_engine *)*state);
	return 0;
}

static inline int desk_tear_down(void **state)
{
	if (*state)
		desk_close(*state);
	return 0;
}

static inline struct desk *desk_of(void **state)
{
	if (!*state)
		skip();
	return *state;
}

#define ON_BOTH(test) ON_BOTH_WITH(test, desk_set_up, desk_tear_down)

/** key_hex - of a new key: its private part in *ret_private. */
static inline void key_hex(uint8_t ret_private[32], struct public_key *ret_key,
			   char hex[2 * COSE_KEY_SIZE + 1])
{
	uint8_t cose[COSE_KEY_SIZE];

	assert_int_equal(es256_make(ret_private, ret_key), 0);
	cose_key_encode(ret_key, cose);
	hex_text(cose, sizeof(cose), hex);
}

#endif
