/* Two who change the same member at the same moment, on two connections to one PostgreSQL: neither
 * writes what the other has just taken back, and a key comes to one member only. In SQLite one
 * writes after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>

#include "net/base64url.h"
#include "office_desk.h"

#define PARTY                                                                                      \
	"{\"name\": \"Åsa Öberg\", \"street\": \"Strandvägen 1\", \"postcode\": \"263 61\","    \
	" \"city\": \"Viken\", \"country\": \"SE\"}"

/* --- somebody else, who holds the row until we wait for it */

struct other {
	struct db *db;
	pthread_t thread;
	pthread_barrier_t has_it;
	bool told;
	int result;
};

static bool somebody_waits(struct db *d)
{
	int64_t n = 0;

	return db_one(d, &n, "SELECT count(*) FROM pg_locks WHERE NOT granted", 0, NULL) && n > 0;
}

static int block_work(struct db *d, void *data)
{
	struct other *x = data;

	db_do(d, "UPDATE member SET state = 2", 0, NULL);
	if (!x->told)
		pthread_barrier_wait(&x->has_it);
	x->told = true;
	for (uint32_t i = 0; i < 500 && !somebody_waits(d); i++)
		poll(NULL, 0, 10);
	return db_failed(d);
}

static void *block(void *data)
{
	struct other *x = data;

	x->result = db_transact(x->db, block_work, x);
	return NULL;
}

static void a_member_made(struct desk *d, char member[MEMBER_TEXT_SIZE])
{
	desk_must(d, 201, "POST", "/v1/members", "{\"shop\": \"viken\", \"party\": " PARTY "}");
	snprintf(member, MEMBER_TEXT_SIZE, "%s", text_of(d->json, "member"));
}

static struct db *another_connection(const struct desk *d)
{
	char why[DB_WHY_MAX];
	struct db *db;

	assert_int_equal(db_open(d->h.db.where, &db, why), 0);
	return db;
}

/** Somebody blocks the member while we ask for this. */
static void while_blocked(struct desk *d, const char *method, const char *path, const char *body)
{
	struct other x = {.db = another_connection(d)};

	assert_int_equal(pthread_barrier_init(&x.has_it, NULL, 2), 0);
	assert_int_equal(pthread_create(&x.thread, NULL, block, &x), 0);
	pthread_barrier_wait(&x.has_it);
	(void)desk_ask(d, method, path, body);
	assert_int_equal(pthread_join(x.thread, NULL), 0);
	assert_int_equal(x.result, 0);
	pthread_barrier_destroy(&x.has_it);
	db_close(x.db);
}

static void a_change_does_not_unblock(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	char member[MEMBER_TEXT_SIZE], path[80];

	a_member_made(d, member);
	snprintf(path, sizeof(path), "/v1/members/%s", member);
	while_blocked(d, "PUT", path, "{\"credit_limit_minor\": 5000}");
	assert_int_equal(d->status, 200);
	assert_string_equal(text_of(d->json, "state"), "blocked");
	assert_int_equal(house_number(&d->h, "SELECT state FROM member LIMIT 1"), MEMBER_BARRED);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_MEMBER, &c), 1);
	assert_true(c->member.flags & MEMBER_BLOCKED);
}

static void a_shop_is_told_of_the_block(void **state)
{
	struct desk *d = desk_of(state);
	char member[MEMBER_TEXT_SIZE], path[80];
	const struct sync_change *c = NULL;

	a_member_made(d, member);
	desk_shop(d, "torp", "");
	house_do(&d->h, "UPDATE shop SET feed_to = 1 WHERE shop = 'torp'");
	snprintf(path, sizeof(path), "/v1/members/%s/shops/torp", member);
	while_blocked(d, "PUT", path, NULL);
	assert_int_equal(d->status, 200);
	assert_int_equal(feed_after(d, "torp", 1), 200);
	assert_int_equal(changes_of(d, SYNC_MEMBER, &c), 1);
	assert_true(c->member.flags & MEMBER_BLOCKED);
}

/* --- a phone that asks twice at once */

struct phone {
	struct desk *desk;
	pthread_t thread;
	pthread_barrier_t *both;
	const char *body;
	uint32_t status;
};

static void *enter(void *data)
{
	struct phone *p = data;
	struct reply r;

	pthread_barrier_wait(p->both);
	r = desk_route(p->desk, "POST", "/v1/register", p->body, strlen(p->body));
	p->status = r.status;
	reply_free(&r);
	return NULL;
}

static void token_of(const uint8_t private_key[32], const struct public_key *key, char *text)
{
	struct claims c = {.iat_s = HOUSE_NOW / 1000, .exp_s = HOUSE_NOW / 1000 + 60, .cti_len = 8};
	uint8_t payload[200], head[TOKEN_PROTECTED_SIZE], tbs[TO_BE_SIGNED_MAX], signature[64];
	uint8_t bytes[TOKEN_SIZE_MAX];
	struct kid kid = kid_of(key);
	uint32_t len;

	snprintf(c.audience, sizeof(c.audience), "office/register");
	len = token_payload(&c, payload, sizeof(payload));
	token_protected(kid, head);
	assert_int_equal(es256_sign(private_key, tbs,
				    token_to_be_signed((struct span){head, sizeof(head)},
						       (struct span){payload, len}, tbs),
				    signature),
			 0);
	len = token_assemble(kid, (struct span){payload, len}, signature, bytes, sizeof(bytes));
	base64url_encode(bytes, len, text);
}

/** The same registration on two connections. */
static void enter_twice(struct desk *d, struct desk *too, const char *code)
{
	char body[2000], hex[2 * COSE_KEY_SIZE + 1], token[BASE64URL_LEN(TOKEN_SIZE_MAX) + 1];
	struct phone phone[2] = {{.desk = d}, {.desk = too}};
	uint8_t private_key[32];
	struct public_key key;
	pthread_barrier_t both;

	key_hex(private_key, &key, hex);
	token_of(private_key, &key, token);
	snprintf(body, sizeof(body),
		 "{\"code\": \"%s\", \"key\": \"%s\", \"token\": \"%s\", \"party\": " PARTY "}",
		 code, hex, token);
	assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
	for (uint32_t i = 0; i < 2; i++) {
		phone[i].both = &both;
		phone[i].body = body;
		assert_int_equal(pthread_create(&phone[i].thread, NULL, enter, &phone[i]), 0);
	}
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(phone[i].thread, NULL), 0);
	pthread_barrier_destroy(&both);
	assert_int_equal(phone[0].status + phone[1].status, 200 + 201);
}

static void a_phone_that_asks_twice_is_one_member(void **state)
{
	struct desk *d = desk_of(state), *too;
	char code[40];

	desk_must(d, 201, "POST", "/v1/invitations",
		  "{\"shop\": \"viken\", \"approved\": true, \"uses\": 100}");
	snprintf(code, sizeof(code), "%s", text_of(d->json, "code"));
	too = calloc(1, sizeof(*too));
	assert_non_null(too);
	too->now = d->now;
	too->h.o = d->h.o;
	too->h.o.db = another_connection(d);
	for (uint32_t i = 0; i < 20; i++)
		enter_twice(d, too, code);
	db_close(too->h.o.db);
	free(too);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM member LIMIT 1"), 20);
	assert_int_equal(house_number(&d->h, "SELECT uses_left FROM invitation LIMIT 1"), 80);
}

#define ON_POSTGRES(test)                                                                          \
	{                                                                                          \
#test, test, desk_set_up, desk_tear_down, (void *)(uintptr_t)&house_postgres       \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRES(a_change_does_not_unblock),
		ON_POSTGRES(a_shop_is_told_of_the_block),
		ON_BOTH(a_phone_that_asks_twice_is_one_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
