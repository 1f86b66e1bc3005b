/* Members: invited, registered, approved, blocked; their keys, shops and passes; who has looked;
 * and nothing left of them but what the law keeps. Each test on SQLite, and on the PostgreSQL that
 * SHOP_TEST_POSTGRES names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/base64url.h"
#include "office_desk.h"
#include "officed/operators.h"
#include "token/base45.h"

#define PARTY                                                                                      \
	"{\"name\": \"Åsa Öberg\", \"street\": \"Strandvägen 1\", \"postcode\": \"263 61\","    \
	" \"city\": \"Viken\", \"country\": \"SE\", \"email\": \"asa@example.com\","               \
	" \"phone\": \"+46701234567\"}"

struct phone {
	uint8_t private_key[32];
	struct public_key key;
	char hex[2 * COSE_KEY_SIZE + 1];
	char token[BASE64URL_LEN(TOKEN_SIZE_MAX) + 1];
};

static void phone_sign(struct phone *p, const char *audience, int64_t iat_s, int64_t life_s)
{
	struct claims c = {.iat_s = iat_s, .exp_s = iat_s + life_s, .cti_len = 8};
	uint8_t payload[200], head[TOKEN_PROTECTED_SIZE], tbs[TO_BE_SIGNED_MAX], signature[64];
	uint8_t bytes[TOKEN_SIZE_MAX];
	struct kid kid = kid_of(&p->key);
	uint32_t len;

	snprintf(c.audience, sizeof(c.audience), "%s", audience);
	random_bytes(c.cti, 8);
	len = token_payload(&c, payload, sizeof(payload));
	token_protected(kid, head);
	assert_int_equal(es256_sign(p->private_key, tbs,
				    token_to_be_signed((struct span){head, sizeof(head)},
						       (struct span){payload, len}, tbs),
				    signature),
			 0);
	len = token_assemble(kid, (struct span){payload, len}, signature, bytes, sizeof(bytes));
	base64url_encode(bytes, len, p->token);
}

static void phone_make(struct phone *p)
{
	key_hex(p->private_key, &p->key, p->hex);
	phone_sign(p, "office/register", HOUSE_NOW / 1000, 60);
}

/** A new code; the desk's text. */
static const char *invite(struct desk *d, const char *body)
{
	static char code[20];

	desk_must(d, 201, "POST", "/v1/invitations", body);
	snprintf(code, sizeof(code), "%s", text_of(d->json, "code"));
	return code;
}

static void enter(struct desk *d, uint32_t status, const char *code, const struct phone *p,
		  const char *party)
{
	char body[2000];
	struct who who = d->who;

	d->who = (struct who){.kind = WHO_NOBODY};
	snprintf(body, sizeof(body), "{\"code\": \"%s\", \"key\": \"%s\", \"token\": \"%s\"%s%s}",
		 code, p->hex, p->token, party[0] ? ", \"mail_invoices\": true, \"party\": " : "",
		 party);
	desk_must(d, status, "POST", "/v1/register", body);
	d->who = who;
}

/** A member of viken with a phone; the number in `member`. */
static void settle(struct desk *d, struct phone *p, char member[MEMBER_TEXT_SIZE])
{
	phone_make(p);
	enter(d, 201, invite(d, "{\"shop\": \"viken\", \"approved\": true}"), p, PARTY);
	snprintf(member, MEMBER_TEXT_SIZE, "%s", text_of(d->json, "member"));
}

static void at(struct desk *d, uint32_t status, const char *method, const char *member,
	       const char *rest, const char *body)
{
	char path[120];

	snprintf(path, sizeof(path), "/v1/members/%s%s", member, rest);
	desk_must(d, status, method, path, body);
}

/* --- registration */

static void somebody_new_asks_and_is_approved(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	struct phone p, other;
	char member[MEMBER_TEXT_SIZE], code[20], low[20];

	phone_make(&p);
	phone_make(&other);
	snprintf(code, sizeof(code), "%s", invite(d, "{\"shop\": \"viken\"}"));
	for (size_t i = 0; i <= strlen(code); i++)
		low[i] = (char)(code[i] >= 'A' && code[i] <= 'Z' ? code[i] + 32 : code[i]);
	enter(d, 201, low, &p, PARTY);
	assert_string_equal(text_of(d->json, "state"), "asks");
	assert_null(json_object_get(d->json, "party"));
	snprintf(member, sizeof(member), "%s", text_of(d->json, "member"));
	/* the answer was lost: the same again; a code is used up for others */
	enter(d, 200, code, &p, PARTY);
	assert_string_equal(text_of(d->json, "member"), member);
	enter(d, 403, code, &other, PARTY);
	assert_string_equal(d->code, "invitation_unknown");
	assert_int_equal(feed_to(d, "viken"), 0);
	at(d, 200, "POST", member, "/approve", NULL);
	assert_string_equal(text_of(d->json, "state"), "live");
	assert_int_equal(feed_to(d, "viken"), 2);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_MEMBER, &c), 1);
	assert_int_equal(c->member.flags, 0);
	assert_int_equal(changes_of(d, SYNC_KEY, &c), 1);
	assert_memory_equal(&c->key.key, &p.key, sizeof(p.key));
	at(d, 409, "POST", member, "/decline", NULL);
	at(d, 200, "POST", member, "/approve", NULL);
	assert_int_equal(feed_to(d, "viken"), 2);
}

static void a_lost_phone_gets_a_successor(void **state)
{
	struct desk *d = desk_of(state);
	struct phone old, new;
	char member[MEMBER_TEXT_SIZE], body[100], rest[40], kid[17];
	struct kid k;

	settle(d, &old, member);
	k = kid_of(&old.key);
	hex_text(k.byte, sizeof(k.byte), kid);
	snprintf(rest, sizeof(rest), "/keys/%s", kid);
	at(d, 204, "DELETE", member, rest, NULL);
	at(d, 204, "DELETE", member, rest, NULL);
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_int_equal(changes_of(d, SYNC_KEY_GONE, NULL), 1);
	snprintf(body, sizeof(body), "{\"shop\": \"viken\", \"member\": \"%s\"}", member);
	phone_make(&new);
	enter(d, 201, invite(d, body), &new, "");
	assert_string_equal(text_of(d->json, "member"), member);
	at(d, 200, "GET", member, "/keys", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "keys")), 2);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_MEMBER, NULL), 1);
	assert_int_equal(changes_of(d, SYNC_KEY, NULL), 1);
}

/* A card is known by its kid; it is one member's, and the feed says so and takes it back. */
static void a_card(void **state)
{
	static const char card[] = "{\"kind\": \"card\", \"kid\": \"00c0ffee0badcafe\"}";
	struct desk *d = desk_of(state);
	const struct sync_change *c;
	struct phone anna, bert;
	char member[2][MEMBER_TEXT_SIZE];
	char kid[17];

	settle(d, &anna, member[0]);
	settle(d, &bert, member[1]);
	feed_snapshot_all(d, "viken");
	at(d, 400, "POST", member[0], "/keys", "{\"kind\": \"card\"}");
	at(d, 422, "POST", member[0], "/keys", "{\"kind\": \"card\", \"kid\": \"00c0ffee\"}");
	at(d, 422, "POST", member[0], "/keys", "{\"kid\": \"00c0ffee0badcafe\"}");
	at(d, 200, "POST", member[0], "/keys", card);
	at(d, 200, "POST", member[0], "/keys", card);
	at(d, 409, "POST", member[1], "/keys", card);
	assert_string_equal(d->code, "key_taken");
	at(d, 200, "GET", member[0], "/keys", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "keys")), 2);
	assert_int_equal(feed_after(d, "viken", 4), 200);
	assert_int_equal(changes_of(d, SYNC_CARD, &c), 1);
	hex_text(c->card.kid.byte, KID_SIZE, kid);
	assert_string_equal(kid, "00c0ffee0badcafe");
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_CARD, NULL), 1);
	assert_int_equal(changes_of(d, SYNC_KEY, NULL), 2);
	/* a blocked member is told of again, with all that is hers */
	at(d, 204, "DELETE", member[0], "/keys/00c0ffee0badcafe", NULL);
	assert_int_equal(feed_after(d, "viken", 5), 200);
	assert_int_equal(changes_of(d, SYNC_CARD_GONE, NULL), 1);
	at(d, 200, "POST", member[1], "/keys", card);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_CARD, &c), 1);
	assert_int_equal(changes_of(d, SYNC_CARD_GONE, NULL), 0);
}

static void a_key_has_to_prove_itself(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p, other;
	char code[20];

	snprintf(code, sizeof(code), "%s", invite(d, "{\"shop\": \"viken\", \"uses\": 9}"));
	phone_make(&p);
	phone_make(&other);
	memcpy(p.token, other.token, sizeof(p.token));
	enter(d, 401, code, &p, PARTY);
	phone_sign(&p, "viken/front", HOUSE_NOW / 1000, 60);
	enter(d, 401, code, &p, PARTY);
	phone_sign(&p, "office/register", HOUSE_NOW / 1000 - 900, 60);
	enter(d, 401, code, &p, PARTY);
	phone_sign(&p, "office/register", HOUSE_NOW / 1000, 600);
	enter(d, 401, code, &p, PARTY);
	phone_sign(&p, "office/register", HOUSE_NOW / 1000 - 300, 60);
	enter(d, 422, code, &p, "{\"name\": \"A\"}");
	assert_string_equal(d->code, "bad_party");
	enter(d, 422, code, &p, "");
	enter(d, 403, "AAAA-BBBB-CCCC", &p, PARTY);
	enter(d, 403, "nonsense", &p, PARTY);
	enter(d, 201, code, &p, PARTY);
	d->now.ms += INT64_C(15) * 86400000;
	phone_sign(&other, "office/register", d->now.ms / 1000, 60);
	enter(d, 403, code, &other, PARTY);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM member LIMIT 1"), 1);
}

/* An owner may open doors and set prices (web_people.c): nobody gives away what he has not. */
static void who_looks_after_people_makes_no_owner(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p, other;
	char owner[MEMBER_TEXT_SIZE], member[MEMBER_TEXT_SIZE], body[400];

	phone_make(&p);
	phone_make(&other);
	enter(d, 201, invite(d, "{\"shop\": \"viken\", \"role\": \"owner\", \"approved\": true}"),
	      &p, PARTY);
	snprintf(owner, sizeof(owner), "%s", text_of(d->json, "member"));
	desk_as(d, "eva", "viken", 1U << RIGHT_MEMBERS);
	desk_must(d, 403, "POST", "/v1/invitations", "{\"shop\": \"viken\", \"role\": \"owner\"}");
	snprintf(body, sizeof(body), "{\"shop\": \"viken\", \"member\": \"%s\"}", owner);
	desk_must(d, 403, "POST", "/v1/invitations", body);
	desk_must(d, 403, "POST", "/v1/members",
		  "{\"shop\": \"viken\", \"role\": \"owner\", \"party\": " PARTY "}");
	desk_must(d, 201, "POST", "/v1/members",
		  "{\"shop\": \"viken\", \"role\": \"member\", \"party\": " PARTY "}");
	snprintf(member, sizeof(member), "%s", text_of(d->json, "member"));
	at(d, 403, "PUT", member, "", "{\"role\": \"owner\"}");
	snprintf(body, sizeof(body), "{\"key\": \"%s\"}", other.hex);
	at(d, 403, "POST", owner, "/keys", body);
	at(d, 200, "PUT", owner, "", "{\"role\": \"owner\", \"language\": \"en\"}");
	at(d, 200, "POST", owner, "/block", NULL);
	at(d, 200, "POST", owner, "/unblock", NULL);
	desk_as(d, "owner-1", "viken", OWNER_RIGHTS); /* as an owner herself writes */
	at(d, 200, "PUT", member, "", "{\"role\": \"owner\"}");
	at(d, 200, "POST", owner, "/keys", body);
}

static void invitations_are_listed_without_their_codes(void **state)
{
	struct desk *d = desk_of(state);
	char path[80];

	invite(d, "{\"shop\": \"viken\", \"role\": \"delivery\", \"uses\": 3}");
	desk_must(d, 200, "GET", "/v1/invitations", NULL);
	json_t *one = json_array_get(json_object_get(d->json, "invitations"), 0);

	assert_string_equal(text_of(one, "role"), "delivery");
	assert_null(json_object_get(one, "code"));
	snprintf(path, sizeof(path), "/v1/invitations/%s", text_of(one, "invitation"));
	desk_must(d, 204, "DELETE", path, NULL);
	desk_must(d, 200, "GET", "/v1/invitations", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invitations")), 0);
	/* those of other shops hide none, and neither do members' own codes */
	invite(d, "{\"shop\": \"viken\"}");
	d->now.ms++;
	for (uint32_t i = 0; i < 1000; i++)
		invite(d, "{\"shop\": \"*\"}");
	desk_as(d, "eva", "viken", 1U << RIGHT_MEMBERS);
	desk_must(d, 200, "GET", "/v1/invitations", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invitations")), 1);
	desk_as(d, "anna", "*", RIGHTS_ALL);
	desk_must(d, 200, "GET", "/v1/invitations", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invitations")), 1000);
	desk_must(d, 404, "POST", "/v1/invitations", "{\"shop\": \"nowhere\"}");
	desk_must(d, 422, "POST", "/v1/invitations", "{\"shop\": \"viken\", \"role\": \"king\"}");
	desk_must(d, 400, "POST", "/v1/invitations", "{\"shop\": \"viken\", \"rol\": \"owner\"}");
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	desk_must(d, 403, "POST", "/v1/invitations", "{\"shop\": \"viken\"}");
	desk_must(d, 403, "POST", "/v1/invitations", "{\"shop\": \"*\"}");
}

/** Others were in the way: what a transaction did is done once, however often it ran. */
static void what_is_tried_again_is_done_once(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char code[20], member[MEMBER_TEXT_SIZE];

	snprintf(code, sizeof(code), "%s", invite(d, "{\"shop\": \"viken\", \"uses\": 5}"));
	phone_make(&p);
	db_trouble_inject(d->h.o.db, 2);
	enter(d, 201, code, &p, PARTY);
	snprintf(member, sizeof(member), "%s", text_of(d->json, "member"));
	assert_int_equal(
		house_number(&d->h,
			     "SELECT uses_left FROM invitation WHERE shop = 'viken' LIMIT 1"),
		4);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM member LIMIT 1"), 1);
	db_trouble_inject(d->h.o.db, 2);
	at(d, 200, "POST", member, "/approve", NULL);
	assert_int_equal(feed_to(d, "viken"), 2);
	db_trouble_inject(d->h.o.db, 1);
	desk_must(d, 200, "GET", "/v1/members", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "members")), 1);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM look LIMIT 1"), 2);
	db_trouble_inject(d->h.o.db, 1);
	at(d, 200, "DELETE", member, "", NULL);
	assert_int_equal(feed_to(d, "viken"), 4);
}

/* --- members */

static void blocking_reaches_the_shops_at_once(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	settle(d, &p, member);
	at(d, 200, "POST", member, "/block", NULL);
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_int_equal(d->change[0].member.flags, MEMBER_BLOCKED);
	at(d, 200, "POST", member, "/unblock", NULL);
	assert_int_equal(feed_after(d, "viken", 4), 200);
	assert_int_equal(d->change[0].member.flags, 0);
	at(d, 404, "POST", "0123456789abcdef", "/block", NULL);
}

static void what_a_change_does_not_say_stays(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];
	int64_t to;

	settle(d, &p, member);
	at(d, 200, "PUT", member, "",
	   "{\"credit_limit_minor\": 50000, \"extended\": true, \"role\": \"staff\"}");
	assert_string_equal(text_of(json_object_get(d->json, "party"), "name"), "Åsa Öberg");
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_int_equal(d->change[0].member.flags, MEMBER_EXTENDED | MEMBER_LIMITED);
	assert_int_equal(money_minor(d->change[0].member.credit_limit), 50000);
	assert_int_equal(d->change[0].member.role, ROLE_STAFF);
	to = feed_to(d, "viken");
	/* a name is no shop's business */
	at(d, 200, "PUT", member, "",
	   "{\"language\": \"en\", \"mail_invoices\": false, \"party\": " PARTY "}");
	assert_int_equal(feed_to(d, "viken"), to);
	assert_int_equal(number_of_json(d->json, "credit_limit_minor"), 50000);
	at(d, 200, "PUT", member, "", "{\"credit_limit_minor\": null}");
	assert_true(json_is_null(json_object_get(d->json, "credit_limit_minor")));
	at(d, 422, "PUT", member, "", "{\"party\": {\"name\": \"x\", \"bankgiro\": \"1\"}}");
	at(d, 400, "PUT", member, "", "{\"customer\": \"00\"}");
	at(d, 400, "PUT", member, "", "{\"extended\": true, \"extended\": false}");
}

static void a_member_made_by_hand_is_made_once(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char body[400], customer[40];

	phone_make(&p);
	snprintf(body, sizeof(body), "{\"shop\": \"viken\", \"key\": \"%s\"}", p.hex);
	desk_must(d, 201, "POST", "/v1/members", body);
	snprintf(customer, sizeof(customer), "%s", text_of(d->json, "customer"));
	desk_must(d, 200, "POST", "/v1/members", body);
	assert_string_equal(text_of(d->json, "customer"), customer);
	assert_int_equal(feed_to(d, "viken"), 2);
	desk_must(d, 422, "POST", "/v1/members", "{\"shop\": \"viken\", \"key\": \"00\"}");
	desk_must(d, 422, "POST", "/v1/members", "{\"shop\": \"viken\", \"mail_invoices\": true}");
}

static void finds_members_whatever_the_case(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];
	static const char *const found[] = {"åsa", "ÅSA", "öberg", "strandv", "asa@EXAMPLE"};
	static const char *const not_found[] = {"name", "bertil", "%", "_"};
	char path[100];

	settle(d, &p, member);
	for (uint32_t i = 0; i < ARRAY_LEN(found); i++) {
		snprintf(path, sizeof(path), "/v1/members?q=%s", found[i]);
		desk_must(d, 200, "GET", path, NULL);
		assert_int_equal(json_array_size(json_object_get(d->json, "members")), 1);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(not_found); i++) {
		snprintf(path, sizeof(path), "/v1/members?q=%s", not_found[i]);
		desk_must(d, 200, "GET", path, NULL);
		assert_int_equal(json_array_size(json_object_get(d->json, "members")), 0);
	}
	settle(d, &p, member);
	settle(d, &p, member);
	desk_must(d, 200, "GET", "/v1/members?limit=2&state=live&shop=viken", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "members")), 2);
	snprintf(path, sizeof(path), "/v1/members?limit=2&after=%s", text_of(d->json, "next"));
	desk_must(d, 200, "GET", path, NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "members")), 1);
	desk_must(d, 200, "GET", "/v1/members?state=asks", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "members")), 0);
	desk_must(d, 400, "GET", "/v1/members?state=dead", NULL);
	desk_must(d, 400, "GET", "/v1/members?limit=1000", NULL);
}

static void one_owner_does_not_rule_anothers_members(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	desk_shop(d, "torp", "");
	settle(d, &p, member);
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	at(d, 404, "GET", member, "", NULL);
	desk_must(d, 200, "GET", "/v1/members", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "members")), 0);
	desk_as(d, "anna", "*", RIGHTS_ALL);
	at(d, 200, "PUT", member, "/shops/torp", NULL);
	feed_snapshot_all(d, "torp");
	assert_int_equal(changes_of(d, SYNC_KEY, NULL), 1);
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	at(d, 200, "GET", member, "", NULL);
	at(d, 403, "POST", member, "/block", NULL);
	assert_string_equal(d->code, "shared_member");
	at(d, 403, "DELETE", member, "", NULL);
	at(d, 403, "DELETE", member, "/shops/viken", NULL);
	at(d, 200, "DELETE", member, "/shops/torp", NULL);
	feed_snapshot_all(d, "torp");
	assert_int_equal(d->changes, 0);
	at(d, 404, "GET", member, "", NULL);
}

static void every_shop_is_all_of_them_now_and_later(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	desk_shop(d, "torp", "");
	settle(d, &p, member);
	at(d, 200, "PUT", member, "/shops/all", NULL);
	assert_int_equal(feed_to(d, "torp"), 2);
	desk_shop(d, "holm", "");
	feed_snapshot_all(d, "holm");
	assert_int_equal(changes_of(d, SYNC_MEMBER, NULL), 1);
	/* what is left lets the member in again */
	at(d, 200, "DELETE", member, "/shops/all", NULL);
	assert_int_equal(feed_after(d, "torp", 2), 200);
	assert_int_equal(d->changes, 1);
	assert_int_equal(d->change[0].kind, SYNC_MEMBER_GONE);
	assert_int_equal(feed_after(d, "viken", 4), 200);
	assert_int_equal(d->change[0].kind, SYNC_MEMBER_GONE);
	assert_int_equal(changes_of(d, SYNC_KEY, NULL), 1);
}

/* --- passes */

static void a_pass_is_signed_and_can_be_revoked(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	struct phone p;
	char member[MEMBER_TEXT_SIZE], body[300], path[400];
	uint8_t bytes[TOKEN_SIZE_MAX], tbs[TO_BE_SIGNED_MAX], salted[20];
	struct sha256 hash;
	struct token t;
	uint32_t len;

	settle(d, &p, member);
	snprintf(body, sizeof(body),
		 "{\"shop\": \"viken\", \"member\": \"%s\", \"label\": \"post\", \"pin\": \"1234\","
		 " \"expires_at\": \"2027-01-01T00:00:00Z\"}",
		 member);
	desk_must(d, 201, "POST", "/v1/passes", body);
	assert_true(qr_text_decode(QR_TOKEN_PREFIX, text_of(d->json, "code"),
				   (uint32_t)strlen(text_of(d->json, "code")), bytes, sizeof(bytes),
				   &len));
	assert_true(token_parse((struct span){bytes, len}, &t));
	assert_true(t.claims.is_pass);
	assert_string_equal(t.claims.audience, "viken");
	assert_int_equal(es256_verify(&d->h.keys.key, tbs,
				      token_to_be_signed(t.protected_header, t.payload, tbs),
				      t.signature),
			 1);
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_int_equal(changes_of(d, SYNC_PASS, &c), 1);
	assert_memory_equal(c->pass.cti, t.claims.cti, t.claims.cti_len);
	assert_true(c->pass.wants_pin && !c->pass.revoked);
	memcpy(salted, c->pass.pin_salt, 16);
	memcpy(salted + 16, "1234", 4);
	hash = sha256(salted, sizeof(salted));
	assert_memory_equal(&hash, &c->pass.pin_hash, sizeof(hash));
	hex_text(t.claims.cti, t.claims.cti_len, body);
	snprintf(path, sizeof(path), "/v1/passes/%s?shop=viken", body);
	desk_must(d, 204, "DELETE", path, NULL);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_PASS, &c), 1);
	assert_true(c->pass.revoked && c->pass.wants_pin);
	snprintf(path, sizeof(path), "/v1/passes/%s/pin?shop=viken", body);
	desk_must(d, 204, "PUT", path, "{\"pin\": \"\"}");
	desk_must(d, 422, "PUT", path, "{\"pin\": \"12a4\"}");
	desk_must(d, 200, "GET", "/v1/passes?shop=viken", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "passes")), 1);
	desk_must(d, 404, "DELETE", "/v1/passes/0011223344556677?shop=viken", NULL);
	desk_must(d, 400, "DELETE", "/v1/passes/0011223344556677", NULL);
}

static void a_pass_opens_only_for_who_is_let_in(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE], body[300];

	desk_shop(d, "torp", "");
	settle(d, &p, member);
	snprintf(body, sizeof(body),
		 "{\"shop\": \"torp\", \"member\": \"%s\","
		 " \"expires_at\": \"2027-01-01T00:00:00Z\"}",
		 member);
	desk_must(d, 409, "POST", "/v1/passes", body);
	snprintf(body, sizeof(body),
		 "{\"shop\": \"viken\", \"member\": \"%s\","
		 " \"expires_at\": \"2020-01-01T00:00:00Z\"}",
		 member);
	desk_must(d, 422, "POST", "/v1/passes", body);
	at(d, 200, "POST", member, "/block", NULL);
	snprintf(body, sizeof(body),
		 "{\"shop\": \"viken\", \"member\": \"%s\","
		 " \"expires_at\": \"2027-01-01T00:00:00Z\"}",
		 member);
	desk_must(d, 409, "POST", "/v1/passes", body);
}

/* --- seen, and forgotten */

/** An invoice of 120.00, of which `paid` is paid. */
static void owe(struct desk *d, const char *member, int64_t paid)
{
	char why[DB_WHY_MAX];
	static char sql[600];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO visit(shop, visit, customer, place, opened_at, closed_at, seq)"
		 " SELECT 'viken', 77, customer, 'front', 1790000000000, 1790000100000, 1"
		 " FROM member WHERE member = '%s'",
		 member);
	assert_int_equal(db_script(d->h.o.db, sql, why), 0);
	snprintf(
		sql, sizeof(sql),
		"INSERT INTO invoice(shop, id, seq, first_seq, credit_note, customer, period,"
		" issued, due, lines, gross, rounding, payable, original, paid, credited)"
		" SELECT 'viken', 2026000001, 9, 8, 0, customer, 202610, 20700, 20730, 1, 12000, 0,"
		" 12000, 0, %lld, 0 FROM member WHERE member = '%s'",
		(long long)paid, member);
	if (db_script(d->h.o.db, sql, why) != 0)
		fail_msg("%s", why);
}

static void every_look_is_written_down(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];
	json_t *looks;

	settle(d, &p, member);
	owe(d, member, 5000);
	desk_as(d, "berit", "viken", RIGHTS_ALL);
	at(d, 200, "GET", member, "/view", NULL);
	assert_int_equal(number_of_json(d->json, "open_minor"), 7000);
	assert_string_equal(text_of(d->json, "currency"), "SEK");
	assert_string_equal(
		text_of(json_array_get(json_object_get(d->json, "invoices"), 0), "number"),
		"VIKEN-2026-000001");
	assert_int_equal(json_array_size(json_object_get(d->json, "visits")), 1);
	assert_int_equal(json_array_size(json_object_get(d->json, "devices")), 1);
	at(d, 200, "GET", member, "", NULL);
	desk_must(d, 200, "GET", "/v1/members", NULL);
	at(d, 200, "GET", member, "/export", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "looks")), 4);
	at(d, 200, "GET", member, "/looks", NULL);
	looks = json_object_get(d->json, "looks");
	assert_int_equal(json_array_size(looks), 4);
	assert_string_equal(text_of(json_array_get(looks, 0), "what"), "export");
	assert_string_equal(text_of(json_array_get(looks, 3), "what"), "view");
	assert_string_equal(text_of(json_array_get(looks, 3), "who"), "berit");
}

static void others_see_their_shops_part(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	desk_shop(d, "torp", "");
	settle(d, &p, member);
	at(d, 200, "PUT", member, "/shops/torp", NULL);
	owe(d, member, 5000);
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	at(d, 200, "GET", member, "/view", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invoices")), 0);
	assert_int_equal(json_array_size(json_object_get(d->json, "visits")), 0);
	assert_true(json_is_false(json_object_get(d->json, "complete")));
	at(d, 403, "GET", member, "/export", NULL);
	at(d, 403, "GET", member, "/looks", NULL);
}

/* Members whose party says this. */
static int64_t naming(struct desk *d, const char *like)
{
	return strcmp(like, "%@%") == 0
		       ? house_number(&d->h, "SELECT count(*) FROM member WHERE party LIKE '%@%'"
					     " LIMIT 1")
		       : house_number(&d->h, "SELECT count(*) FROM member WHERE party LIKE '%4670%'"
					     " LIMIT 1");
}

static int64_t rows_naming(struct desk *d)
{
	return house_number(&d->h,
			    "SELECT count(*) FROM member WHERE party LIKE '%Strand%' LIMIT 1");
}

static void nothing_is_left_but_what_the_law_keeps(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;
	struct phone p;
	char member[MEMBER_TEXT_SIZE], *text;

	settle(d, &p, member);
	owe(d, member, 12000);
	at(d, 200, "DELETE", member, "", NULL);
	text = json_dumps(d->json, 0);
	assert_non_null(strstr(text, "Bokf"));
	assert_non_null(strstr(text, "2033-12-31"));
	free(text);
	/* the name that stands on an invoice, and nowhere else; mail and phone are gone */
	assert_int_equal(rows_naming(d), 1);
	assert_int_equal(naming(d, "%@%") + naming(d, "%4670%"), 0);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM member_key LIMIT 1"), 0);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM look LIMIT 1"), 0);
	at(d, 200, "GET", member, "", NULL);
	text = json_dumps(d->json, 0);
	assert_null(strstr(text, "Strand"));
	free(text);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM invoice LIMIT 1"), 1);
	assert_int_equal(feed_after(d, "viken", 2), 200);
	assert_int_equal(changes_of(d, SYNC_MEMBER_GONE, NULL), 1);
	assert_int_equal(changes_of(d, SYNC_ERASE, &c), 1);
	/* again the same; and a box restored from an old backup is told again */
	at(d, 200, "DELETE", member, "", NULL);
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_MEMBER, NULL), 0);
	assert_int_equal(changes_of(d, SYNC_ERASE, NULL), 1);
	at(d, 409, "PUT", member, "", "{\"extended\": true}");
	at(d, 409, "POST", member, "/unblock", NULL);
}

static void who_owes_is_not_forgotten_by_mistake(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	settle(d, &p, member);
	owe(d, member, 5000);
	at(d, 409, "DELETE", member, "", NULL);
	assert_string_equal(d->code, "invoices_unpaid");
	assert_non_null(strstr(text_of(d->json, "detail"), "70.00"));
	assert_int_equal(rows_naming(d), 1);
	at(d, 200, "DELETE", member, "?force=1", NULL);
	/* how to write about what is owed, and no more */
	assert_int_equal(rows_naming(d), 1);
	assert_int_equal(naming(d, "%4670%"), 0);
	assert_int_equal(naming(d, "%@%"), 1);
	assert_int_equal(people_forget(&d->h.o, d->now), 0);
	house_do(&d->h, "UPDATE invoice SET paid = payable");
	assert_int_equal(people_forget(&d->h.o, d->now), 1);
	assert_int_equal(naming(d, "%@%"), 0);
	assert_int_equal(rows_naming(d), 1);
	assert_int_equal(people_forget(&d->h.o, d->now), 0);
	/* the seventh year is over */
	d->now.ms += 2700 * INT64_C(86400000);
	assert_int_equal(people_forget(&d->h.o, d->now), 1);
	assert_int_equal(rows_naming(d), 0);
	assert_int_equal(people_forget(&d->h.o, d->now), 0);
}

/* A broken box may date an invoice as it likes. */
static void an_invoice_of_a_day_that_never_comes_ends_nobody(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	settle(d, &p, member);
	owe(d, member, 7000);
	house_do(&d->h, "UPDATE invoice SET issued = 2932896");
	at(d, 200, "DELETE", member, "?force=1", NULL);
	assert_int_equal(people_forget(&d->h.o, d->now), 0);
	assert_int_equal(rows_naming(d), 1);
}

static void who_never_bought_leaves_no_name(void **state)
{
	struct desk *d = desk_of(state);
	struct phone p;
	char member[MEMBER_TEXT_SIZE];

	settle(d, &p, member);
	at(d, 200, "DELETE", member, "", NULL);
	assert_int_equal(rows_naming(d), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(somebody_new_asks_and_is_approved),
		ON_BOTH(a_lost_phone_gets_a_successor),
		ON_BOTH(a_card),
		ON_BOTH(a_key_has_to_prove_itself),
		ON_BOTH(who_looks_after_people_makes_no_owner),
		ON_BOTH(invitations_are_listed_without_their_codes),
		ON_BOTH(what_is_tried_again_is_done_once),
		ON_BOTH(blocking_reaches_the_shops_at_once),
		ON_BOTH(what_a_change_does_not_say_stays),
		ON_BOTH(a_member_made_by_hand_is_made_once),
		ON_BOTH(finds_members_whatever_the_case),
		ON_BOTH(one_owner_does_not_rule_anothers_members),
		ON_BOTH(every_shop_is_all_of_them_now_and_later),
		ON_BOTH(a_pass_is_signed_and_can_be_revoked),
		ON_BOTH(a_pass_opens_only_for_who_is_let_in),
		ON_BOTH(every_look_is_written_down),
		ON_BOTH(others_see_their_shops_part),
		ON_BOTH(nothing_is_left_but_what_the_law_keeps),
		ON_BOTH(who_owes_is_not_forgotten_by_mistake),
		ON_BOTH(who_never_bought_leaves_no_name),
		ON_BOTH(an_invoice_of_a_day_that_never_comes_ends_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
