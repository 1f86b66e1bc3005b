/* test_officed_web.c: freshness of proofs, rights, query parameters, answers, the table of routes,
 * enrolment and epochs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake_house.h"
#include "officed/feed.h"
#include "officed/box.h"
#include "officed/proof.h"
#include "officed/shops.h"
#include "officed/table.h"
#include "token/statement.h"

#define NOW_S INT64_C(1790000000)

static const uint8_t secret[32] = {7};
static const struct kid kid = {{1, 2, 3}};

static struct claims claims_of(int64_t iat, int64_t exp, uint8_t id)
{
	struct claims c = {.iat_s = iat, .exp_s = exp, .cti_len = 8};

	c.cti[0] = id;
	return c;
}

static struct wall at_s(int64_t s)
{
	return (struct wall){s * 1000};
}

/* ---- proofs ---- */

static void a_token_is_good_once(void **state)
{
	struct proofs *p = proofs_new(secret);
	struct claims c = claims_of(NOW_S, NOW_S + 60, 1), other = claims_of(NOW_S, NOW_S + 60, 2);
	struct kid another = {{9}};

	(void)state;
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S)), PROOF_USED);
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S + 69)), PROOF_USED);
	assert_int_equal(proof_judge(p, kid, &other, at_s(NOW_S)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, another, &c, at_s(NOW_S)), PROOF_FRESH);
	proofs_free(p);
}

static void times_have_ten_seconds_of_skew(void **state)
{
	struct proofs *p = proofs_new(secret);
	struct claims early = claims_of(NOW_S + 10, NOW_S + 70, 1);
	struct claims too_early = claims_of(NOW_S + 11, NOW_S + 70, 2);
	struct claims late = claims_of(NOW_S - 60, NOW_S - 9, 3);
	struct claims too_late = claims_of(NOW_S - 60, NOW_S - 10, 4);
	struct claims life = claims_of(NOW_S, NOW_S + 120, 5);
	struct claims too_long = claims_of(NOW_S, NOW_S + 121, 6);

	(void)state;
	assert_int_equal(proof_judge(p, kid, &early, at_s(NOW_S)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, kid, &too_early, at_s(NOW_S)), PROOF_STALE);
	assert_int_equal(proof_judge(p, kid, &late, at_s(NOW_S)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, kid, &too_late, at_s(NOW_S)), PROOF_STALE);
	assert_int_equal(proof_judge(p, kid, &life, at_s(NOW_S)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, kid, &too_long, at_s(NOW_S)), PROOF_LONG);
	proofs_free(p);
}

static void a_nonce_stands_for_the_clock_once(void **state)
{
	struct proofs *p = proofs_new(secret), *twin = proofs_new(secret);
	struct claims c = claims_of(5, 65, 1); /* a clock that stands in 1970 */

	(void)state;
	c.has_nonce = true;
	proof_nonce(p, at_s(NOW_S), c.nonce);
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S + 61)), PROOF_STALE);
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S + 60)), PROOF_FRESH);
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S + 60)), PROOF_USED);
	/* another officed of the same office knows it; nobody else's is one */
	assert_int_equal(proof_judge(twin, kid, &c, at_s(NOW_S + 60)), PROOF_FRESH);
	proof_nonce(p, at_s(NOW_S), c.nonce);
	c.nonce[15] ^= 1;
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S)), PROOF_STALE);
	memset(c.nonce, 0, sizeof(c.nonce));
	assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S)), PROOF_STALE);
	proofs_free(p);
	proofs_free(twin);
}

static void many_are_remembered_for_their_life(void **state)
{
	struct proofs *p = proofs_new(secret);
	struct claims c = claims_of(NOW_S, NOW_S + 60, 0);

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		memcpy(c.cti, &i, sizeof(i));
		assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S)), PROOF_FRESH);
	}
	for (uint32_t i = 0; i < 20000; i += 997) {
		memcpy(c.cti, &i, sizeof(i));
		assert_int_equal(proof_judge(p, kid, &c, at_s(NOW_S + 69)), PROOF_USED);
	}
	proofs_free(p);
}

/* ---- rights, queries, answers ---- */

static void rights_are_over_shops(void **state)
{
	struct who some = {
		.kind = WHO_OPERATOR, .rights = 1U << RIGHT_FLEET, .shops = "viken falun"};
	struct who all = {.kind = WHO_OPERATOR, .rights = 1U << RIGHT_FLEET, .shops = "*"};
	struct who box = {.kind = WHO_BOX, .rights = UINT32_MAX, .shops = "*"};

	(void)state;
	assert_true(who_may(&some, RIGHT_FLEET, "viken"));
	assert_true(who_may(&some, RIGHT_FLEET, "falun"));
	assert_false(who_may(&some, RIGHT_FLEET, "vike"));
	assert_false(who_may(&some, RIGHT_FLEET, "viken falun"));
	assert_false(who_may(&some, RIGHT_FLEET, NULL));
	assert_false(who_may(&some, RIGHT_MONEY, "viken"));
	assert_true(who_may(&all, RIGHT_FLEET, NULL));
	assert_true(who_may(&all, RIGHT_FLEET, "anything"));
	assert_false(who_may(&box, RIGHT_FLEET, "viken"));
}

static bool int_of(const char *text, int64_t *ret, struct reply *r)
{
	struct ask a = {.queries = 1};

	a.query[0].name = "n";
	a.query[0].value = text;
	reply_free(r);
	return ask_query_int(&a, "n", -5, 1000, 7, ret, r);
}

static void numbers_of_a_query_are_held_to_their_bounds(void **state)
{
	static const char *const bad[] = {"",	  " 1",	  "+1", "1 ",  "1.0",
					  "0x10", "1001", "-6", "abc", "99999999999999999999"};
	struct reply r = {0};
	struct ask none = {0};
	int64_t n = 0;

	(void)state;
	assert_true(int_of("1000", &n, &r) && n == 1000);
	assert_true(int_of("-5", &n, &r) && n == -5);
	assert_true(ask_query_int(&none, "n", 0, 10, 7, &n, &r) && n == 7);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(int_of(bad[i], &n, &r));
		assert_int_equal(r.status, 400);
	}
	reply_free(&r);
}

static void a_problem_is_json_whatever_stands_in_it(void **state)
{
	struct reply r = {0};
	char long_text[2000];

	(void)state;
	memset(long_text, '"', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	reply_problem(&r, 422, "code", "A \"%s\"", long_text);
	assert_int_equal(r.status, 422);
	assert_string_equal(r.content_type, "application/problem+json");
	assert_true(r.len > 100 && ((char *)r.bytes)[r.len - 1] == '}');
	reply_free(&r);
	assert_null(r.bytes);
}

/* ---- routes ---- */

static void every_route_says_who_may(void **state)
{
	uint32_t rows = 0;

	(void)state;
	for (const struct office_route *r; (r = table_each(rows)) != NULL; rows++) {
		bool of_box = (r->who & FOR_BOX) != 0;

		assert_true(r->who != 0);
		assert_int_equal(of_box, r->purpose != NULL);
		assert_true((r->who & (FOR_OPERATOR | FOR_CLIENT)) == 0 ||
			    (r->right >= RIGHT_FLEET && r->right <= RIGHT_PULL) ||
			    strcmp(r->path, "/v1/whoami") == 0);
		/* a member asks of herself, under /v1/me, and nobody else does there */
		assert_int_equal(strcmp(r->path, "/v1/me") == 0 ||
					 strncmp(r->path, "/v1/me/", 7) == 0,
				 r->who == FOR_MEMBER);
		assert_true((r->who & FOR_MEMBER) == 0 || r->who == FOR_MEMBER);
		assert_true(r->answer != NULL || strcmp(r->purpose, "heartbeat") == 0);
		assert_int_equal(r->content_type != NULL, r->body_max > 0);
		assert_true((r->who & FOR_CLIENT) == 0 || strcmp(r->method, "GET") == 0);
		for (uint32_t j = 0; j < rows; j++)
			assert_false(strcmp(r->path, table_each(j)->path) == 0 &&
				     strcmp(r->method, table_each(j)->method) == 0);
	}
	assert_true(rows > 50);
}

static void paths_find_their_rows(void **state)
{
	const struct office_route *route;
	struct route_match match;

	(void)state;
	assert_int_equal(table_find("GET", "/v1/shops/viken/feed", &route, &match), ROUTED);
	assert_string_equal(route->purpose, "feed");
	assert_int_equal(table_find("HEAD", "/v1/shops", &route, &match), ROUTED);
	assert_int_equal(table_find("DELETE", "/v1/shops", &route, &match), ROUTED_NO_METHOD);
	assert_int_equal(table_find("GET", "/v1/shops/", &route, &match), ROUTED_NO_PATH);
	assert_int_equal(table_find("GET", "/v1/shops/../healthz", &route, &match), ROUTED_NO_PATH);
}

/* ---- a box, as the database sees it ---- */

struct enrolled {
	uint32_t status;
	struct sync_head head;
};

static struct public_key key_of(uint8_t seed)
{
	uint8_t private_key[32] = {0};
	struct public_key key;

	private_key[31] = seed;
	assert_int_equal(es256_public(private_key, &key), 0);
	return key;
}

static struct reply answered(struct office_house *h, route_fn *fn, struct span body, int64_t ms)
{
	struct ask a = {.now = {ms}, .param = {HOUSE_SHOP, "", ""}, .body = body};
	struct reply r = {0};

	memcpy(a.who.name, "anna", 5);
	a.who.kind = WHO_OPERATOR;
	a.who.rights = UINT32_MAX;
	a.who.shops = "*";
	assert_int_equal(fn(&h->o, &a, &r), 0);
	return r;
}

static struct enrolled head_of(struct reply *r, enum sync_said kind)
{
	struct enrolled e = {.status = r->status};
	struct statement s;

	if (r->status == 200) {
		assert_true(statement_parse((struct span){r->bytes, (uint32_t)r->len}, &s));
		assert_true(sync_head_take(s.payload, kind, &e.head));
	}
	reply_free(r);
	return e;
}

static struct enrolled enrol(struct office_house *h, const char *code, uint8_t seed, int64_t ms)
{
	struct sync_enrol e = {.key = key_of(seed), .version = "1.0"};
	uint8_t bytes[512];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct reply r;

	memcpy(e.code, code, strlen(code) + 1);
	sync_enrol_put(&b, &e);
	r = answered(h, box_enrol, (struct span){bytes, b.len}, ms);
	return head_of(&r, SAID_ENROLLED);
}

static struct enrolled ask_epoch(struct office_house *h, uint32_t epoch, int64_t ms)
{
	struct sync_epoch e = {.epoch = epoch};
	uint8_t bytes[128];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct reply r;

	sync_epoch_put(&b, &e);
	r = answered(h, box_epoch, (struct span){bytes, b.len}, ms);
	return head_of(&r, SAID_GRANT);
}

static void code_for(struct office_house *h, const char *body, int64_t ms,
		     char code[CLAIM_CODE_MAX + 1])
{
	struct reply r = answered(h, shops_claim,
				  (struct span){(const uint8_t *)body, (uint32_t)strlen(body)}, ms);
	json_t *json = json_loadb(r.bytes, r.len, 0, NULL);

	assert_int_equal(r.status, 201);
	assert_non_null(json);
	snprintf(code, CLAIM_CODE_MAX + 1, "%s", json_string_value(json_object_get(json, "code")));
	json_decref(json);
	reply_free(&r);
}

static void house_of_boxes(struct office_house *h, enum db_engine engine, bool *ret_there)
{
	static uint8_t statement[] = {0xd2};

	*ret_there = house_open(h, engine);
	if (!*ret_there)
		return;
	h->keys.kid = kid_of(&h->keys.key);
	h->keys.root = key_of(200);
	h->keys.statement = statement;
	h->keys.statement_len = sizeof(statement);
	house_do(h, "UPDATE shop SET state = 0, epoch = 0");
}

static void a_box_enrols_once(struct office_house *h)
{
	char code[CLAIM_CODE_MAX + 1], restore[CLAIM_CODE_MAX + 1];
	struct enrolled e;

	code_for(h, "{}", HOUSE_NOW, code);
	e = enrol(h, code, 1, HOUSE_NOW + CLAIM_LIFE_MS);
	assert_int_equal(e.status, 403); /* a day is over */
	e = enrol(h, code, 1, HOUSE_NOW + 1000);
	assert_int_equal(e.status, 200);
	assert_int_equal(e.head.epoch, 1);
	e = enrol(h, code, 2, HOUSE_NOW + 2000);
	assert_int_equal(e.status, 403); /* it was used */
	e = enrol(h, code, 1, HOUSE_NOW + 3000);
	assert_int_equal(e.status, 200); /* its answer was lost */
	assert_int_equal(e.head.epoch, 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 5"), 1);

	code_for(h, "{\"restore\":true}", HOUSE_NOW, restore);
	e = enrol(h, restore, 2, HOUSE_NOW + 4000);
	assert_int_equal(e.head.epoch, 2);
	e = enrol(h, code, 1, HOUSE_NOW + 5000);
	assert_int_equal(e.status, 403); /* another box has taken its place */
}

static void a_revoked_box_stays_out(struct office_house *h)
{
	char code[CLAIM_CODE_MAX + 1], open[CLAIM_CODE_MAX + 1];
	struct reply r;

	code_for(h, "{}", HOUSE_NOW, code);
	assert_int_equal(enrol(h, code, 1, HOUSE_NOW).status, 200);
	code_for(h, "{\"restore\":true}", HOUSE_NOW, open);
	r = answered(h, shops_revoke, (struct span){(const uint8_t *)"{}", 2}, HOUSE_NOW + 1);
	assert_int_equal(r.status, 200);
	reply_free(&r);
	assert_int_equal(house_number(h, "SELECT state FROM shop"), SHOP_REVOKED);
	assert_int_equal(enrol(h, open, 3, HOUSE_NOW + 2).status, 403); /* codes are void too */
	assert_int_equal(ask_epoch(h, 1, HOUSE_NOW + 2).status, 403);
	code_for(h, "{\"restore\":true}", HOUSE_NOW, code);
	assert_int_equal(enrol(h, code, 1, HOUSE_NOW + 3).status, 403); /* the stolen one */
	assert_int_equal(enrol(h, code, 2, HOUSE_NOW + 4).status, 200);
	assert_int_equal(house_number(h, "SELECT state FROM shop"), SHOP_LIVE);
}

static void an_epoch_a_day(struct office_house *h)
{
	int64_t day = EPOCH_EVERY_MS;
	struct enrolled e;

	house_do(h, "UPDATE shop SET state = 1, epoch = 1");
	e = ask_epoch(h, 1, HOUSE_NOW);
	assert_int_equal(e.head.epoch, 2);
	e = ask_epoch(h, 1, HOUSE_NOW + 10);
	assert_int_equal(e.head.epoch, 2); /* its answer was lost */
	assert_int_equal(ask_epoch(h, 2, HOUSE_NOW + day - 1).status, 409);
	e = ask_epoch(h, 2, HOUSE_NOW + day);
	assert_int_equal(e.head.epoch, 3);
	assert_int_equal(ask_epoch(h, 3, HOUSE_NOW + day + 1).status, 409);
	house_do(h, "UPDATE shop SET granted_at = 0"); /* an operator allowed it */
	e = ask_epoch(h, 7, HOUSE_NOW + day + 2);
	assert_int_equal(e.head.epoch, 8); /* the office was restored from an old backup */
	house_do(h, "UPDATE shop SET granted_at = 0");
	assert_int_equal(ask_epoch(h, 8 + EPOCH_AHEAD_MAX + 1, HOUSE_NOW + day).status, 409);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 3"), 3);
}

static void add_some(struct box *x)
{
	for (uint32_t i = 0; i < 3; i++)
		box_add_strange(x, 900, "made by a newer box");
}

/** Its backup is from before the box was granted epoch 5. */
static void a_restored_office_grants_what_is_higher_than_both(struct office_house *h)
{
	struct answered x;
	struct enrolled e;
	uint64_t head;

	house_do(h, "UPDATE shop SET state = 1, epoch = 1, feed_from = 0, feed_to = 4");
	add_some(&h->box);
	house_sync(h, 100);
	head = h->box.entries;
	h->box.epoch = 5;
	add_some(&h->box);
	x = house_post(h, head + 1, h->box.entries, 5, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_EPOCH_OLD);
	assert_int_equal(x.ack.epoch, 1);
	assert_int_equal(x.ack.seq, head);
	e = ask_epoch(h, 5, HOUSE_NOW);
	assert_int_equal(e.status, 200);
	assert_int_equal(e.head.epoch, 6);
	assert_int_equal(e.head.seq, head);
	assert_int_equal(ask_epoch(h, 5, HOUSE_NOW + 1).head.epoch, 6); /* its answer was lost */
	/* numbers of the feed that the box has seen are given anew: it is to fetch everything */
	assert_int_equal(house_number(h, "SELECT feed_from - feed_to FROM shop"), 0);
	assert_true(house_number(h, "SELECT feed_from FROM shop") > FEED_LEAP);
	h->box.epoch = 6;
	house_sync(h, 100); /* in the order in which they were made: epoch 5, then 6 */
	add_some(&h->box);
	house_sync(h, 100);
	assert_true(house_number(h, "SELECT count(*) FROM entry WHERE epoch = 5") > 0);
	assert_int_equal(house_number(h, "SELECT head_seq FROM shop"), h->box.entries);
	/* as soon again, only when a person says so */
	assert_int_equal(ask_epoch(h, 9, HOUSE_NOW + EPOCH_EVERY_MS - 1).status, 409);
	house_do(h, "UPDATE shop SET granted_at = 0");
	assert_int_equal(ask_epoch(h, 9, HOUSE_NOW + 2).head.epoch, 10);
}

static void run(enum db_engine engine)
{
	static void (*const cases[])(struct office_house *) = {
		a_box_enrols_once, a_revoked_box_stays_out, an_epoch_a_day,
		a_restored_office_grants_what_is_higher_than_both};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct office_house h;
		bool there;

		house_of_boxes(&h, engine, &there);
		if (!there)
			skip();
		cases[i](&h);
		house_close(&h);
	}
}

static void boxes_on_sqlite(void **state)
{
	(void)state;
	run(DB_SQLITE);
}

static void boxes_on_postgres(void **state)
{
	(void)state;
	run(DB_POSTGRES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_good_once),
		cmocka_unit_test(times_have_ten_seconds_of_skew),
		cmocka_unit_test(a_nonce_stands_for_the_clock_once),
		cmocka_unit_test(many_are_remembered_for_their_life),
		cmocka_unit_test(rights_are_over_shops),
		cmocka_unit_test(numbers_of_a_query_are_held_to_their_bounds),
		cmocka_unit_test(a_problem_is_json_whatever_stands_in_it),
		cmocka_unit_test(every_route_says_who_may),
		cmocka_unit_test(paths_find_their_rows),
		cmocka_unit_test(boxes_on_sqlite),
		cmocka_unit_test(boxes_on_postgres),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
