/* What shops are told: numbered, signed, whole; settings by the narrowest scope; commands; and the
 * snapshot for whose cursor is none. Each test on SQLite, and on the PostgreSQL that
 * SHOP_TEST_POSTGRES names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office_desk.h"
#include "officed/policy.h"

/* --- changes */

struct adding {
	struct desk *d;
	const char *shop, *scope, *member;
	struct sync_change c;
};

static int add_work(struct db *db, void *data)
{
	struct adding *a = data;

	if (a->shop)
		feed_add(&a->d->h.o, a->shop, &a->c, a->d->now);
	else if (a->member)
		feed_add_member(&a->d->h.o, a->member, &a->c, a->d->now);
	else
		feed_add_scope(&a->d->h.o, a->scope, &a->c, a->d->now);
	return db_failed(db);
}

static void add(struct desk *d, const char *shop, const char *scope, const char *value)
{
	struct adding a = {.d = d, .shop = shop, .scope = scope, .c.kind = SYNC_SETTING};

	snprintf(a.c.setting.name, sizeof(a.c.setting.name), "barred");
	snprintf(a.c.setting.value, sizeof(a.c.setting.value), "%s", value);
	assert_int_equal(db_transact(d->h.o.db, add_work, &a), 0);
}

static void numbers_changes_for_each_shop(void **state)
{
	struct desk *d = desk_of(state);

	desk_shop(d, "torp", "");
	add(d, "viken", NULL, "one");
	add(d, NULL, "", "two");
	add(d, "torp", NULL, "three");
	assert_int_equal(feed_to(d, "viken"), 2);
	assert_int_equal(feed_to(d, "torp"), 2);
	/* the first cursor is nobody's: whoever begins fetches everything */
	assert_int_equal(feed_after(d, "viken", 0), 409);
	assert_string_equal(d->code, "must_refetch");
	assert_int_equal(feed_after(d, "viken", 1), 200);
	assert_int_equal(d->feed.from, 1);
	assert_int_equal(d->feed.to, 2);
	assert_int_equal(d->feed.part, 0);
	assert_int_equal(d->feed.epoch, 1);
	assert_string_equal(d->feed.shop, "viken");
	assert_int_equal(d->changes, 1);
	assert_string_equal(d->change[0].setting.value, "two");
	assert_int_equal(feed_after(d, "viken", 2), 204);
	assert_int_equal(feed_after(d, "torp", 1), 200);
	assert_string_equal(d->change[0].setting.value, "three");
}

static void reaches_the_shops_of_a_scope(void **state)
{
	struct desk *d = desk_of(state);

	desk_shop(d, "torp", "north");
	desk_shop(d, "holm", "north");
	add(d, NULL, "group:north", "a");
	assert_int_equal(feed_to(d, "viken"), 0);
	assert_int_equal(feed_to(d, "torp"), 1);
	assert_int_equal(feed_to(d, "holm"), 1);
	add(d, NULL, "shop:torp", "b");
	assert_int_equal(feed_to(d, "torp"), 2);
	assert_int_equal(feed_to(d, "holm"), 1);
	add(d, NULL, "what", "c");
	assert_int_equal(feed_to(d, "torp"), 2);
}

static void gives_at_most_a_thousand_at_once(void **state)
{
	struct desk *d = desk_of(state);
	struct adding a = {.d = d, .shop = "viken", .c.kind = SYNC_ARTICLE_GONE};

	for (uint64_t i = 0; i < 1101; i++) {
		a.c.article_gone.n = i + 1;
		if (i % 100 == 0 || i > 1095)
			assert_int_equal(db_transact(d->h.o.db, add_work, &a), 0);
		else
			add(d, "viken", NULL, "x");
	}
	assert_int_equal(feed_after(d, "viken", 1), 200);
	assert_int_equal(d->feed.to, 1001);
	assert_int_equal(d->changes, 1000);
	assert_int_equal(feed_after(d, "viken", 1001), 200);
	assert_int_equal(d->changes, 100);
	assert_int_equal(d->feed.to, 1101);
}

static void knows_a_cursor_that_is_none_of_its_own(void **state)
{
	struct desk *d = desk_of(state);

	add(d, "viken", NULL, "one");
	/* an office restored from an older backup: its numbers go on above the box's */
	assert_int_equal(feed_after(d, "viken", 50), 409);
	assert_string_equal(d->code, "must_refetch");
	assert_int_equal(feed_snapshot_all(d, "viken"), 1);
	assert_true(d->feed.to > 50);
	assert_int_equal(feed_after(d, "viken", d->feed.to), 204);
	assert_int_equal(feed_after(d, "viken", 50), 409);
	assert_int_equal(feed_after(d, "holm", 50), 404);
	/* one that says any number does not take away all that are left */
	assert_int_equal(feed_after(d, "viken", UINT64_C(999999999999999999)), 409);
	feed_snapshot_all(d, "viken");
	assert_true(d->feed.to < 1000);
	assert_int_equal(feed_after(d, "viken", d->feed.to), 204);
}

static int forget_work(struct db *db, void *data)
{
	struct desk *d = data;

	feed_forget(&d->h.o, "viken");
	return db_failed(db);
}

static void makes_a_shop_fetch_anew(void **state)
{
	struct desk *d = desk_of(state);

	add(d, "viken", NULL, "one");
	add(d, "viken", NULL, "two");
	assert_int_equal(db_transact(d->h.o.db, forget_work, d), 0);
	assert_int_equal(feed_after(d, "viken", 1), 409);
	assert_int_equal(feed_after(d, "viken", 2), 409);
	assert_int_equal(feed_after(d, "viken", 3), 204);
}

static void a_box_that_knows_more_fetches_anew(void **state)
{
	struct desk *d = desk_of(state);
	struct answered x;

	for (uint32_t i = 0; i < 6; i++) {
		struct entry e = sample_entry(ENTRY_VISIT_OPENED);

		e.visit_opened.visit.n = i + 1;
		box_add(&d->h.box, &e);
	}
	/* numbers given since the office was restored are not those that the box has seen */
	add(d, "viken", NULL, "one");
	add(d, "viken", NULL, "two");
	x = house_post(&d->h, 4, 6, 1, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_GAP);
	assert_int_equal(feed_after(d, "viken", 1), 409);
	assert_int_equal(feed_after(d, "viken", 2), 409);
	feed_snapshot_all(d, "viken");
	assert_int_equal(d->feed.to, FEED_LEAP + 3);
}

static void forgets_what_is_old(void **state)
{
	struct desk *d = desk_of(state);

	add(d, "viken", NULL, "one");
	add(d, "viken", NULL, "two");
	d->now.ms += INT64_C(40) * 86400000;
	add(d, "viken", NULL, "three");
	assert_int_equal(feed_trim(&d->h.o, d->now), 2);
	assert_int_equal(feed_trim(&d->h.o, d->now), 0);
	assert_int_equal(feed_after(d, "viken", 1), 409);
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_string_equal(d->change[0].setting.value, "three");
}

/* --- the snapshot */

static void begins_above_every_first_cursor(void **state)
{
	struct desk *d = desk_of(state);

	assert_int_equal(feed_snapshot_all(d, "viken"), 1);
	assert_int_equal(d->feed.to, 1);
	assert_int_equal(d->feed.part, -1);
	assert_int_equal(d->changes, 0);
}

static void many_members(struct desk *d, uint32_t n, uint32_t keys)
{
	static char sql[400];
	char why[DB_WHY_MAX];

	for (uint32_t i = 0; i < n; i++) {
		snprintf(sql, sizeof(sql), "%s", "");
		for (uint32_t part = 0; part <= keys + 1; part++) {
			const char *blob = db_engine(d->h.o.db) == DB_SQLITE ? "X'" : "'\\x";

			if (part == 0)
				snprintf(sql, sizeof(sql),
					 "INSERT INTO member VALUES('%016x', %s%032x', 1, 0, 0, 0,"
					 " '', 'sv', 0, 1, 1, 0)",
					 i, blob, i + 1);
			else if (part == 1)
				snprintf(sql, sizeof(sql),
					 "INSERT INTO member_shop VALUES('%s', '%016x', %s%032x')",
					 i % 2 ? "*" : "viken", i, blob, i + 1);
			else
				snprintf(sql, sizeof(sql),
					 "INSERT INTO member_key VALUES('%016x', %s%0128x', "
					 "%s%016x',"
					 " 'phone', '', 1, 0)",
					 i, blob, i * 10 + part, blob, i);
			assert_int_equal(db_script(d->h.o.db, sql, why), 0);
		}
	}
}

static void comes_in_parts_that_are_whole(void **state)
{
	struct desk *d = desk_of(state);
	uint32_t parts;

	many_members(d, 600, 2);
	add(d, "viken", NULL, "one");
	parts = feed_snapshot_all(d, "viken");
	assert_in_range(parts, 2, 4);
	assert_int_equal(changes_of(d, SYNC_MEMBER, NULL), 600);
	assert_int_equal(changes_of(d, SYNC_KEY, NULL), 1200);
	for (uint32_t i = 0; i < d->changes; i++)
		if (d->change[i].kind == SYNC_KEY)
			assert_true(i > 0 && (d->change[i - 1].kind == SYNC_KEY ||
					      customer_is(d->change[i - 1].member.customer,
							  d->change[i].key.customer)));
}

static void refuses_a_place_that_is_none(void **state)
{
	struct desk *d = desk_of(state);

	d->who = (struct who){.kind = WHO_BOX};
	desk_must(d, 400, "GET", "/v1/shops/viken/feed?snapshot=1&next=x", NULL);
	desk_must(d, 400, "GET", "/v1/shops/viken/feed?snapshot=1&next=1.2.99.", NULL);
	desk_must(d, 400, "GET", "/v1/shops/viken/feed?snapshot=1&next=1.1.0.", NULL);
	desk_must(d, 400, "GET", "/v1/shops/viken/feed?snapshot=1&next=1.2.2.a'b", NULL);
	desk_must(d, 400, "GET", "/v1/shops/viken/feed?after=-1", NULL);
}

static void tells_money_until_it_is_on_record(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	bool sqlite = db_engine(d->h.o.db) == DB_SQLITE;

	house_do(&d->h, sqlite ? "INSERT INTO money_in(shop, key, customer, invoice, amount,"
				 " booked, reference, came_at) VALUES('viken', 'k1',"
				 " X'000102030405060708090a0b0c0d0e0f', 2026000001, 5000, 20500,"
				 " 'ref', 1)"
			       : "INSERT INTO money_in(shop, key, customer, invoice, amount,"
				 " booked, reference, came_at) VALUES('viken', 'k1',"
				 " '\\x000102030405060708090a0b0c0d0e0f', 2026000001, 5000, 20500,"
				 " 'ref', 1)");
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_PAYMENT, &c), 1);
	assert_string_equal(c->payment.key, "k1");
	assert_int_equal(money_minor(c->payment.amount), 5000);
	/* the shop has it, but not whose it was */
	house_do(&d->h, sqlite ? "INSERT INTO payment(shop, key, seq, customer, invoice,"
				 " amount, booked, assigned) VALUES('viken', 'k1', 7,"
				 " X'00000000000000000000000000000000', 0, 5000, 20500, 0)"
			       : "INSERT INTO payment(shop, key, seq, customer, invoice,"
				 " amount, booked, assigned) VALUES('viken', 'k1', 7,"
				 " '\\x00000000000000000000000000000000', 0, 5000, 20500, 0)");
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_PAYMENT, NULL), 0);
	assert_int_equal(changes_of(d, SYNC_PAYMENT_ASSIGNED, &c), 1);
	assert_int_equal(c->assigned.customer.byte[15], 15);
}

static void a_new_set_of_keys_is_told_once(void **state)
{
	struct desk *d = desk_of(state);
	static uint8_t set[900];
	struct sync_keys keys = {.version = 1, .keys = 1, .key = {d->h.keys.key}};
	uint8_t payload[700];
	struct builder b = builder_of(payload, sizeof(payload));

	sync_keys_put(&b, &keys);
	d->h.keys.statement = set;
	d->h.keys.statement_len = office_sign(&d->h.o, &b, set, sizeof(set));
	d->h.keys.version = 1;
	assert_int_equal(feed_key_set(&d->h.o, d->now, true), 0);
	assert_int_equal(feed_key_set(&d->h.o, d->now, true), 0);
	assert_int_equal(feed_to(d, "viken"), 1);
	d->h.keys.version = 2;
	assert_int_equal(feed_key_set(&d->h.o, d->now, true), 0);
	/* another officed that has not been started again */
	d->h.keys.version = 1;
	assert_int_equal(feed_key_set(&d->h.o, d->now, true), 0);
	assert_int_equal(feed_after(d, "viken", 1), 200);
	assert_int_equal(d->changes, 1);
	assert_int_equal(d->change[0].kind, SYNC_KEY_SET);
	assert_memory_equal(d->change[0].key_set.data, set, d->h.keys.statement_len);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_KEY_SET, NULL), 1);
}

static void no_shop_has_a_set_that_is_not_on_record(void **state)
{
	struct desk *d = desk_of(state);
	static uint8_t set[] = "what the root has signed";
	struct reply r;

	d->h.keys.statement = set;
	d->h.keys.statement_len = sizeof(set);
	d->h.keys.version = 7;
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM office_key"), 0);
	d->who = (struct who){.kind = WHO_BOX, .shops = ""};
	r = desk_route(d, "GET", "/v1/shops/viken/keys", NULL, 0);
	assert_int_equal(r.status, 200);
	assert_memory_equal(r.bytes, set, sizeof(set));
	reply_free(&r);
	assert_int_equal(house_number(&d->h, "SELECT max(version) FROM office_key"), 7);
	assert_int_equal(feed_to(d, "viken"), 1);
}

/* --- settings */

static void holds_settings_to_what_a_shop_takes(void **state)
{
	char why[POLICY_WHY_MAX];

	(void)state;
	assert_true(policy_check("hours.monday", "05:00-23:00", why));
	assert_true(policy_check("hours.sunday", "closed", why));
	assert_true(policy_check("barred", "alcohol, tobacco", why));
	assert_true(policy_check("occupancy_max", "12", why));
	assert_true(policy_check("occupancy_max", "", why));
	assert_false(policy_check("occupancy_max", "0", why));
	assert_false(policy_check("hours.monday", "5-23", why));
	assert_false(policy_check("barred", "whisky", why));
	assert_false(policy_check("hours.mondy", "closed", why));
	assert_non_null(strstr(why, "hours.monday"));
	assert_false(policy_check("barred", "alcohol\nshop = x", why));
}

static void the_narrowest_setting_holds(void **state)
{
	struct desk *d = desk_of(state);
	json_t *j;

	desk_must(d, 200, "PUT", "/v1/groups/north", NULL);
	desk_shop(d, "torp", "north");
	desk_shop(d, "holm", "north");
	desk_must(d, 200, "PUT", "/v1/policy/all/occupancy_max", "{\"value\": \"30\"}");
	assert_int_equal(feed_to(d, "viken"), 1);
	desk_must(d, 200, "PUT", "/v1/policy/group_north/occupancy_max", "{\"value\": \"20\"}");
	assert_int_equal(feed_to(d, "viken"), 1);
	assert_int_equal(feed_to(d, "holm"), 2);
	desk_must(d, 200, "PUT", "/v1/policy/shop_torp/occupancy_max", "{\"value\": \"10\"}");
	/* who has a narrower one is not told of a wider */
	desk_must(d, 200, "PUT", "/v1/policy/all/occupancy_max", "{\"value\": \"31\"}");
	assert_int_equal(feed_to(d, "viken"), 2);
	assert_int_equal(feed_to(d, "torp"), 3);
	assert_int_equal(feed_to(d, "holm"), 2);
	j = desk_must(d, 200, "GET", "/v1/shops/torp/policy", NULL);
	assert_string_equal(text_of(json_object_get(j, "policy"), "occupancy_max"), "10");
	/* what is taken away is told as what holds instead */
	desk_must(d, 200, "PUT", "/v1/policy/shop_torp/occupancy_max", "{\"value\": \"\"}");
	assert_int_equal(feed_after(d, "torp", 3), 200);
	assert_string_equal(d->change[0].setting.value, "20");
	desk_must(d, 422, "PUT", "/v1/policy/all/occupancy_max", "{\"value\": \"many\"}");
	desk_must(d, 404, "PUT", "/v1/policy/shop_nowhere/occupancy_max", "{\"value\": \"3\"}");
	desk_must(d, 400, "PUT", "/v1/policy/all/occupancy_max", "{\"valeu\": \"3\"}");
	feed_snapshot_all(d, "holm");
	assert_int_equal(changes_of(d, SYNC_SETTING, NULL), 1);
	assert_string_equal(d->change[0].setting.value, "20");
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	desk_must(d, 403, "PUT", "/v1/policy/all/occupancy_max", "{\"value\": \"3\"}");
	desk_must(d, 200, "PUT", "/v1/policy/shop_torp/hours_monday",
		  "{\"value\": \"06:00-22:00\"}");
	feed_snapshot_all(d, "torp");
	assert_string_equal(d->change[0].setting.name, "hours.monday");
}

static void a_shop_that_moves_fetches_anew(void **state)
{
	struct desk *d = desk_of(state);
	json_t *j;

	desk_must(d, 200, "PUT", "/v1/groups/north", NULL);
	add(d, "viken", NULL, "x");
	desk_must(d, 200, "PUT", "/v1/shops/viken/group", "{\"group\": \"north\"}");
	assert_int_equal(feed_after(d, "viken", 1), 409);
	desk_must(d, 200, "PUT", "/v1/shops/viken/group", "{\"group\": \"north\"}");
	assert_int_equal(feed_to(d, "viken"), 2);
	desk_must(d, 404, "PUT", "/v1/shops/viken/group", "{\"group\": \"south\"}");
	desk_must(d, 409, "DELETE", "/v1/groups/north", NULL);
	j = desk_must(d, 200, "GET", "/v1/groups", NULL);
	assert_int_equal(json_array_size(json_object_get(
				 json_array_get(json_object_get(j, "groups"), 0), "shops")),
			 1);
	desk_must(d, 200, "PUT", "/v1/shops/viken/group", "{\"group\": \"\"}");
	desk_must(d, 204, "DELETE", "/v1/groups/north", NULL);
}

/* --- commands */

static void sends_a_command_once(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	char path[80];
	int64_t id;

	desk_must(d, 201, "POST", "/v1/shops/viken/commands",
		  "{\"verb\": \"prop\", \"door\": \"front\", \"hold_minutes\": 10, \"key\": \"a\","
		  " \"expires_s\": 120}");
	id = number_of_json(d->json, "command");
	assert_string_equal(text_of(d->json, "state"), "waiting");
	assert_string_equal(text_of(d->json, "made_by"), "anna");
	/* the same again is the same */
	desk_must(
		d, 200, "POST", "/v1/shops/viken/commands",
		"{\"verb\": \"prop\", \"door\": \"front\", \"hold_minutes\": 10, \"key\": \"a\"}");
	assert_int_equal(number_of_json(d->json, "command"), id);
	desk_must(d, 422, "POST", "/v1/shops/viken/commands",
		  "{\"verb\": \"lock\", \"door\": \"front\", \"key\": \"a\"}");
	assert_string_equal(d->code, "key_reused");
	assert_int_equal(feed_to(d, "viken"), 1);
	desk_must(d, 201, "POST", "/v1/shops/viken/commands", "{\"verb\": \"lockdown\"}");
	assert_true(number_of_json(d->json, "command") > id);
	assert_int_equal(feed_after(d, "viken", 1), 200);
	assert_int_equal(changes_of(d, SYNC_COMMAND, &c), 1);
	assert_int_equal(c->command.verb, VERB_LOCKDOWN);
	assert_string_equal(c->command.by, "anna");
	assert_int_equal(c->command.expires.ms, HOUSE_NOW + 60000);
	/* no commands in a snapshot */
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_COMMAND, NULL), 0);
	snprintf(path, sizeof(path), "/v1/shops/viken/commands/%lld", (long long)id);
	desk_must(d, 200, "GET", path, NULL);
	d->now.ms += 121000;
	desk_must(d, 200, "GET", path, NULL);
	assert_string_equal(text_of(d->json, "state"), "expired");
	assert_int_equal(number_of_json(d->json, "age_s"), 121);
	house_do(&d->h, "UPDATE command SET answered_seq = 9, outcome = 0");
	desk_must(d, 200, "GET", path, NULL);
	assert_string_equal(text_of(d->json, "state"), "done");
	desk_must(d, 200, "GET", "/v1/shops/viken/commands", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "commands")), 2);
}

static void refuses_a_command_that_is_none(void **state)
{
	static const char *const bad[] = {
		"{\"verb\": \"explode\"}",
		"{\"verb\": \"prop\"}",
		"{\"verb\": \"lock\", \"hold_minutes\": 3}",
		"{\"verb\": \"lock\", \"door\": \"Front Door\"}",
		"{\"verb\": \"lock\", \"expires_s\": 301}",
		"{\"verb\": \"set\", \"setting\": \"occupancy_max\", \"value\": \"x\"}",
		"{\"verb\": \"set\", \"setting\": \"occupancy_max\"}",
		"{\"verb\": \"lock\", \"value\": \"x\"}",
		"{\"verb\": \"lock\", \"key\": \"a b\"}",
		"{\"verb\": \"lock\", \"verb\": \"unlock\"}",
		"[]",
		"{",
	};
	struct desk *d = desk_of(state);

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		desk_ask(d, "POST", "/v1/shops/viken/commands", bad[i]);
		assert_in_range(d->status, 400, 422);
	}
	assert_int_equal(feed_to(d, "viken"), 0);
	desk_must(d, 404, "POST", "/v1/shops/holm/commands", "{\"verb\": \"lock\"}");
	desk_must(d, 404, "GET", "/v1/shops/viken/commands/12", NULL);
	desk_must(d, 400, "GET", "/v1/shops/viken/commands/x", NULL);
	house_do(&d->h, "UPDATE shop SET state = 2");
	desk_must(d, 409, "POST", "/v1/shops/viken/commands", "{\"verb\": \"lock\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(numbers_changes_for_each_shop),
		ON_BOTH(reaches_the_shops_of_a_scope),
		ON_BOTH(gives_at_most_a_thousand_at_once),
		ON_BOTH(knows_a_cursor_that_is_none_of_its_own),
		ON_BOTH(makes_a_shop_fetch_anew),
		ON_BOTH(a_box_that_knows_more_fetches_anew),
		ON_BOTH(forgets_what_is_old),
		ON_BOTH(begins_above_every_first_cursor),
		ON_BOTH(comes_in_parts_that_are_whole),
		ON_BOTH(refuses_a_place_that_is_none),
		ON_BOTH(tells_money_until_it_is_on_record),
		ON_BOTH(a_new_set_of_keys_is_told_once),
		ON_BOTH(no_shop_has_a_set_that_is_not_on_record),
		cmocka_unit_test(holds_settings_to_what_a_shop_takes),
		ON_BOTH(the_narrowest_setting_holds),
		ON_BOTH(a_shop_that_moves_fetches_anew),
		ON_BOTH(sends_a_command_once),
		ON_BOTH(refuses_a_command_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
