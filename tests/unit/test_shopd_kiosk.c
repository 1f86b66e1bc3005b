/*
 * test_shopd_kiosk.c: what the screens beside doors and tills are told, and when: nothing while
 * nobody listens, what is about money not before it is on disk. And what they may ask for: the
 * till's visit, its PIN, the door's code; and a basket off a phone, each line of which is bought
 * once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "base/cbor.h"
#include "shopd/kiosk.c"
#include "token/base45.h"

#define PRICE_MINOR 100

static struct caller control, counter, screen;
static struct person anna, bo;
static struct phone annas;
static int till, door;

static void dial_all(void)
{
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	caller_dial(&screen, ROLE_COUNTER);
}

static void leave_all(void)
{
	caller_leave(&control);
	caller_leave(&counter);
	caller_leave(&screen);
}

static int set_up(void **state)
{
	const struct price price[] = {{.article = 1, .minor = PRICE_MINOR},
				      {.article = 2, .minor = PRICE_MINOR}};

	(void)state;
	bench_make("clock = rtc\n");
	till = scanner_plug("one");
	door = scanner_plug("front");
	bench_start();
	dial_all();
	prices_set(&control, price, ARRAY_LEN(price));
	member_add(&control, &anna, 0, 0);
	member_add(&control, &bo, 0, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	leave_all();
	bench_stop();
	close(till);
	close(door);
	bench_remove();
	return 0;
}

static void listens(bool yes)
{
	union message m;

	message_init(&m, MESSAGE_KIOSK, 0);
	m.kiosk.listens = yes;
	caller_say(&screen, &m);
}

static void hears(enum message_type type, union message *ret)
{
	caller_hear(&screen, ret);
	assert_int_equal(ret->head.type, type);
	assert_int_equal(ret->head.request, 0);
}

/* From now on the screen is told; how things stand is heard. */
static void begin(void)
{
	union message m;

	listens(true);
	hears(MESSAGE_DOORS_ARE, &m);
	hears(MESSAGE_TILLS_ARE, &m);
}

static void hears_verdict(bool at_till, enum verdict verdict)
{
	union message m;

	hears(MESSAGE_SHOWN, &m);
	assert_int_equal(m.shown.till, at_till);
	assert_string_equal(m.shown.name, at_till ? "one" : "front");
	assert_int_equal(m.shown.verdict, verdict);
}

static uint64_t hears_visit(void)
{
	union message m;

	hears(MESSAGE_TILLS_ARE, &m);
	assert_int_equal(m.tills_are.tills, 1);
	assert_string_equal(m.tills_are.till[0].name, "one");
	return m.tills_are.till[0].visit;
}

/* What became of a line; its key goes into `key`, which may be NULL. */
static enum answer hears_line(uint64_t visit, uint64_t article, char key[NAME_MAX_LEN + 1])
{
	union message m;

	hears(MESSAGE_SCANNED, &m);
	assert_string_equal(m.scanned.till, "one");
	assert_int_equal(m.scanned.visit, visit);
	assert_int_equal(m.scanned.gtin, article ? article_gtin(article) : 0);
	if (key)
		memcpy(key, m.scanned.key, sizeof(m.scanned.key));
	return (enum answer)m.scanned.answer;
}

static void show(const struct person *p)
{
	struct shoptoken_token token;

	token_of(p, "viken/till", &token);
	scan_token(till, &token);
}

/* Shows a token at the till, and hears who stands there now. */
static uint64_t stands(const struct person *p)
{
	uint64_t visit;

	show(p);
	hears_verdict(true, VERDICT_ADMITTED);
	visit = hears_visit();
	assert_int_equal(scanner_heard(till), 1);
	return visit;
}

static void scan_article(uint64_t article)
{
	char code[33];

	article_code(article, code);
	scan(till, code);
}

static enum answer ask_spot(enum message_type type, const char *name, bool at_till,
			    const char *digits)
{
	union message m;

	message_init(&m, type, 0);
	m.spot.till = at_till;
	memcpy(m.spot.name, name, strlen(name));
	memcpy(m.spot.pin, digits, strlen(digits));
	caller_ask(&counter, &m, MESSAGE_ANSWER);
	return (enum answer)m.answer.answer;
}

static void ask_bearer(struct message_visit_is *ret)
{
	union message m;

	message_init(&m, MESSAGE_TILL_VISIT, 0);
	m.spot.till = 1;
	memcpy(m.spot.name, "one", 4);
	caller_ask(&counter, &m, MESSAGE_VISIT_IS);
	assert_int_equal(m.visit_is.verdict, VERDICT_ADMITTED);
	*ret = m.visit_is;
}

/* --- the stream */

static void nobody_listens_nothing_is_said(void **state)
{
	(void)state;
	show(&anna);
	assert_int_equal(scanner_heard(till), 1);
	scan_article(1);
	assert_int_equal(scanner_heard(till), 1);
	scan(door, "nonsense");
	caller_heard_nothing(&screen);
	begin();
	listens(false);
	until(shell.kiosk->listeners == 0);
	scan(door, "nonsense");
	scan_article(1);
	assert_int_equal(scanner_heard(till), 1);
	caller_heard_nothing(&screen);
	begin();
	caller_leave(&screen);
	until(shell.kiosk->listeners == 0);
	caller_dial(&screen, ROLE_COUNTER);
	scan(door, "nonsense");
	caller_heard_nothing(&screen);
}

static void who_begins_is_told_how_it_stands(void **state)
{
	union message m;
	uint64_t visit;

	(void)state;
	listens(true);
	hears(MESSAGE_DOORS_ARE, &m);
	assert_int_equal(m.doors_are.doors, 1);
	assert_string_equal(m.doors_are.door[0].name, "front");
	hears(MESSAGE_TILLS_ARE, &m);
	assert_int_equal(m.tills_are.till[0].visit, 0);
	assert_int_equal(m.tills_are.silence_ms, TILL_SILENCE_MS);
	visit = stands(&anna);
	assert_int_not_equal(visit, 0);
	listens(true); /* said again, it is told again, and not twice from then on */
	hears(MESSAGE_DOORS_ARE, &m);
	assert_int_equal(hears_visit(), visit);
	scan(door, "nonsense");
	hears_verdict(false, VERDICT_MALFORMED);
	caller_heard_nothing(&screen);
}

static void not_before_the_disk(void **state)
{
	uint64_t visit;

	(void)state;
	begin();
	disk_stalls();
	show(&anna);
	until(shell.ticket > shell.committed);
	caller_heard_nothing(&screen);
	/* a refusal is no money; who stood there does no more, and that waits for the row before */
	scan(door, "nonsense");
	hears_verdict(false, VERDICT_MALFORMED);
	disk_goes_on();
	hears_verdict(true, VERDICT_ADMITTED);
	visit = hears_visit();
	assert_int_equal(visit, shop_visit_of(&shell.shop, anna.customer)->id.n);
	disk_stalls();
	scan_article(1);
	until(shell.ticket > shell.committed);
	caller_heard_nothing(&screen);
	disk_goes_on();
	assert_int_equal(hears_line(visit, 1, NULL), ANSWER_OK);
}

static void what_a_till_refuses(void **state)
{
	char key[NAME_MAX_LEN + 1];
	uint64_t visit;

	(void)state;
	begin();
	scan_article(1);
	assert_int_equal(hears_line(0, 1, key), ANSWER_NO_VISIT);
	assert_string_equal(key, "");
	assert_int_equal(scanner_heard(till), 2);
	visit = stands(&anna);
	scan_article(7);
	assert_int_equal(hears_line(visit, 7, key), ANSWER_UNKNOWN_ARTICLE);
	assert_string_equal(key, "");
	scan(till, "no goods");
	assert_int_equal(hears_line(visit, 0, NULL), ANSWER_UNKNOWN_ARTICLE);
	scan(till, "SKB1:no basket");
	assert_int_equal(hears_line(visit, 0, NULL), ANSWER_MALFORMED);
	scan(till, "SK1:no token");
	hears_verdict(true, VERDICT_MALFORMED);
	assert_int_equal(hears_visit(), 0);
	scan_article(1);
	assert_int_equal(hears_line(0, 1, NULL), ANSWER_NO_VISIT);
	caller_heard_nothing(&screen);
}

/* --- the till's visit */

static void the_screen_speaks_for_who_stands_there(void **state)
{
	struct message_visit_is first, again;
	struct phone till_phone = {.counter = &counter};
	uint64_t visit;

	(void)state;
	begin();
	ask_bearer(&first);
	assert_int_equal(first.answer, ANSWER_NO_VISIT);
	visit = stands(&anna);
	ask_bearer(&first);
	assert_int_equal(first.answer, ANSWER_REPEATED);
	assert_int_equal(first.visit, visit);
	ask_bearer(&again);
	assert_memory_equal(again.bearer, first.bearer, sizeof(first.bearer));
	assert_int_equal(shop_visit_of(&shell.shop, anna.customer)->bearers, 1);
	till_phone.visit = visit;
	memcpy(till_phone.bearer, first.bearer, sizeof(first.bearer));
	assert_int_equal(phone_puts(&till_phone, "k1", 1, 1000, NULL), ANSWER_OK);
	assert_int_not_equal(stands(&bo), visit);
	ask_bearer(&again);
	assert_memory_not_equal(again.bearer, first.bearer, sizeof(first.bearer));
	assert_int_equal(phone_puts(&till_phone, "k2", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
	assert_int_equal(ask_spot(MESSAGE_TILL_LEAVE, "one", true, ""), ANSWER_OK);
	assert_int_equal(hears_visit(), 0);
	assert_int_equal(ask_spot(MESSAGE_TILL_LEAVE, "one", true, ""), ANSWER_OK);
	assert_non_null(shop_visit_of(&shell.shop, bo.customer)); /* it goes on */
	caller_heard_nothing(&screen);
}

static void places_that_are_none(void **state)
{
	(void)state;
	assert_int_equal(ask_spot(MESSAGE_TILL_VISIT, "two", true, ""), ANSWER_UNKNOWN_VISIT);
	assert_int_equal(ask_spot(MESSAGE_TILL_VISIT, "front", false, ""), ANSWER_UNKNOWN_VISIT);
	assert_int_equal(ask_spot(MESSAGE_TILL_LEAVE, "front", true, ""), ANSWER_UNKNOWN_VISIT);
	assert_int_equal(ask_spot(MESSAGE_PIN, "back", false, "1234"), ANSWER_UNKNOWN_VISIT);
	assert_int_equal(ask_spot(MESSAGE_PIN, "one", false, "1234"), ANSWER_UNKNOWN_VISIT);
	assert_int_equal(ask_spot(MESSAGE_PIN, "one", true, "1234"), ANSWER_NO_PASS);
	assert_int_equal(ask_spot(MESSAGE_PIN, "front", false, "1234"), ANSWER_NO_PASS);
}

/* --- the door's code */

static void ask_code(const char *name, struct message_challenge_is *ret)
{
	union message m;

	message_init(&m, MESSAGE_NONCE, 0);
	memcpy(m.spot.name, name, strlen(name));
	caller_ask(&counter, &m, MESSAGE_CHALLENGE_IS);
	assert_string_equal(m.challenge_is.door, name);
	*ret = m.challenge_is;
}

static void one_code_for_all_who_look(void **state)
{
	struct message_challenge_is first, again;
	struct challenge *c = &shell.kiosk->challenge[0];

	(void)state;
	ask_code("front", &first);
	ask_code("front", &again);
	assert_string_equal(first.text, again.text);
	assert_in_range(again.changes_in_ms, 1, first.changes_in_ms);
	c->changes = loop_mono(); /* half a minute later */
	ask_code("front", &again);
	assert_string_not_equal(first.text, again.text);
	assert_in_range(again.changes_in_ms, NONCE_RENEW_MS - 1000, NONCE_RENEW_MS);
	assert_false(challenge_used(&shell, 0, c));
	first = again;
	for (uint32_t i = 0; i < NONCES_MAX; i++) /* a token has used it */
		shell.shop.admission.nonces[0].nonce[i].live = false;
	assert_true(challenge_used(&shell, 0, c));
	ask_code("front", &again);
	assert_string_not_equal(first.text, again.text);
	ask_code("back", &again);
	assert_string_equal(again.text, "");
}

/* --- a basket */

struct kept {
	const char *key; /* 8 to 16 bytes */
	uint64_t article;
	uint32_t quantity;
};

static void scan_basket(const struct kept *line, uint32_t lines)
{
	uint8_t bytes[512];
	char text[TOKEN_SIZE_MAX + 1];
	struct builder b = builder_of(bytes, sizeof(bytes));

	cbor_put_array(&b, lines);
	for (uint32_t i = 0; i < lines; i++) {
		cbor_put_array(&b, 4);
		cbor_put_bytes(&b, line[i].key, (uint32_t)strlen(line[i].key));
		cbor_put_uint(&b, article_gtin(line[i].article));
		cbor_put_uint(&b, line[i].quantity);
		cbor_put_uint(&b, (uint64_t)(loop_wall().ms / 1000));
	}
	assert_true(qr_text_encode(QR_BASKET_PREFIX, bytes, b.len, text, sizeof(text)) > 0);
	scan(till, text);
}

static const struct kept three[] = {
	{"key-1-of-3", 1, 1000}, {"key-2-of-3", 2, 2000}, {"key-3-of-3", 1, 1000}};
/* base64url of them */
static const char *const keys[] = {"a2V5LTEtb2YtMw", "a2V5LTItb2YtMw", "a2V5LTMtb2YtMw"};

static void hears_three(uint64_t visit, enum answer answer)
{
	char key[NAME_MAX_LEN + 1];

	for (uint32_t i = 0; i < ARRAY_LEN(three); i++) {
		assert_int_equal(hears_line(visit, three[i].article, key), answer);
		assert_string_equal(key, keys[i]);
	}
}

static void each_line_once(void **state)
{
	uint64_t visit;

	(void)state;
	begin();
	scan_basket(three, 3);
	hears_three(0, ANSWER_NO_VISIT);
	assert_int_equal(scanner_heard(till), 2); /* one sound for all */
	visit = stands(&anna);
	scan_basket(three, 3);
	hears_three(visit, ANSWER_OK);
	assert_int_equal(scanner_heard(till), 1);
	scan_basket(three, 3);
	hears_three(visit, ANSWER_REPEATED);
	assert_int_equal(scanner_heard(till), 1);
	phone_enters(&annas, &counter, &anna);
	assert_int_equal(annas.visit, visit);
	assert_int_equal(phone_puts(&annas, keys[1], 2, 2000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&annas, keys[1], 2, 1000, NULL), ANSWER_KEY_REUSED);
	assert_int_equal(phone_voids(&annas, keys[2], NULL), ANSWER_OK);
	scan_basket(three + 2, 1);
	assert_int_equal(hears_line(visit, 1, NULL), ANSWER_VOIDED);
	assert_int_equal(scanner_heard(till), 2);
	assert_int_equal(shop_visit(&shell.shop, (struct visit_id){visit})->lines, 2);
}

static void after_a_restart_its_book_is_read_first(void **state)
{
	uint64_t visit;

	(void)state;
	begin();
	visit = stands(&anna);
	scan_basket(three, 2);
	assert_int_equal(scanner_heard(till), 1);
	leave_all();
	bench_restart();
	dial_all();
	begin();
	assert_int_equal(stands(&anna), visit);
	/* while the disk is busy the book cannot be read: the code waits, and what comes after it
	 * is refused */
	disk_stalls();
	scan_article(1);
	until(shell.ticket > shell.committed);
	scan_basket(three, 3);
	scan_basket(three, 1);
	assert_int_equal(hears_line(visit, 0, NULL), ANSWER_LEDGER_UNAVAILABLE);
	assert_int_equal(scanner_heard(till), 2);
	scan_article(2);
	assert_int_equal(hears_line(visit, 0, NULL), ANSWER_LEDGER_UNAVAILABLE);
	assert_int_equal(scanner_heard(till), 2);
	disk_goes_on();
	assert_int_equal(hears_line(visit, 1, NULL), ANSWER_OK);
	assert_int_equal(hears_line(visit, 1, NULL), ANSWER_REPEATED);
	assert_int_equal(hears_line(visit, 2, NULL), ANSWER_REPEATED);
	assert_int_equal(hears_line(visit, 1, NULL), ANSWER_OK);
	assert_int_equal(shop_visit(&shell.shop, (struct visit_id){visit})->lines, 4);
	assert_int_equal(shell.port[2].basket.lines, 0);
}

/* Who comes to the till while a basket waits does not pay for it. */
static void a_basket_that_waited_is_its_own_visits(void **state)
{
	const struct visit *at_till;
	uint64_t visit;

	(void)state;
	begin();
	(void)stands(&anna);
	scan_basket(three, 2);
	assert_int_equal(scanner_heard(till), 1);
	leave_all();
	bench_restart();
	dial_all();
	begin();
	visit = stands(&anna);
	disk_stalls();
	scan_article(1);
	until(shell.ticket > shell.committed);
	scan_basket(three, 3);
	until(shell.port[2].basket.lines == 3);
	show(&bo);
	until((at_till = shop_till_visit(&shell.shop, 2)) && at_till->id.n != visit);
	disk_goes_on();
	until(shell.port[2].basket.lines == 0 && shell.ticket == shell.committed);
	at_till = shop_till_visit(&shell.shop, 2);
	assert_true(at_till && at_till->id.n != visit);
	assert_int_equal(at_till->lines, 0);
}

/* Not before the disk: neither a word nor a sound. */
static void a_basket_waits_for_the_disk(void **state)
{
	uint64_t visit;
	char bell;

	(void)state;
	begin();
	visit = stands(&anna);
	disk_stalls();
	scan_basket(three, 3);
	until(shell.ticket > shell.committed);
	caller_heard_nothing(&screen);
	assert_true(read(till, &bell, 1) < 0);
	disk_goes_on();
	hears_three(visit, ANSWER_OK);
	assert_int_equal(scanner_heard(till), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(nobody_listens_nothing_is_said),
		T(who_begins_is_told_how_it_stands),
		T(not_before_the_disk),
		T(what_a_till_refuses),
		T(the_screen_speaks_for_who_stands_there),
		T(places_that_are_none),
		T(one_code_for_all_who_look),
		T(each_line_once),
		T(after_a_restart_its_book_is_read_first),
		T(a_basket_that_waited_is_its_own_visits),
		T(a_basket_waits_for_the_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
