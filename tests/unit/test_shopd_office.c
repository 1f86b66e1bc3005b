/*
 * test_shopd_office.c: what shopd believes of its head office and what it does about it: enrolling
 * and every way in which it is refused, answers to entries, epochs, the time and the feed.
 *
 * courierd and the office are played by the test, ledger and catalogue are the real ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "shopd_office.h"

/* --- enrolling */

static void a_shop_is_enrolled(void **state)
{
	struct message_status_is s;
	struct entry e;

	(void)state;
	enrol();
	assert_true(there("office.cbor") && there("box.key"));
	s = status_ask();
	assert_int_equal(s.enrolled, 1);
	assert_int_equal(s.epoch, 1);
	assert_string_equal(s.office, OFFICE_URL);
	assert_true(s.heard_at_ms > 0);
	assert_true(recorded(ENTRY_OFFICE, &e));
	assert_int_equal(e.office.event, OFFICE_ENROLLED);
	assert_int_equal(e.office.epoch, 1);
	assert_int_equal(e.office.keys_version, 1);
	assert_true(office.sync.want_snapshot);
	until_sync(office.sync.head_seq > 0);
	assert_int_equal(office.sync.acked, 0);
}

static void what_was_pinned_is_there_after_a_restart(void **state)
{
	uint8_t key[64];

	(void)state;
	enrol();
	memcpy(key, office.sync.key, sizeof(key));
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_restart();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
	assert_int_equal(office.sync.enrolled, 1);
	assert_int_equal(office.sync.epoch, 1);
	assert_memory_equal(office.sync.key, key, sizeof(key));
	assert_string_equal(office.sync.url, OFFICE_URL);
}

static void a_pin_that_was_changed_is_not_believed(void **state)
{
	char path[128];
	int fd;

	(void)state;
	enrol();
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_stop();
	bench_path("office.cbor", path);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	/* within the root's key: then its statement on the set does not verify */
	assert_int_equal(pwrite(fd, "x", 1, 60), 1);
	close(fd);
	bench_start();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
	assert_int_equal(office.sync.enrolled, 0);
	assert_true(logged_that("office.cbor cannot be used"));
}

static void what_cannot_be_is_refused_before_anybody_is_asked(void **state)
{
	static const char *const urls[] = {
		"http://office.example", "office.example",	     "https://",
		"https://a@b.example",	 "http://127.0.0.1.example", "http://128.0.0.1",
		"http://127.1"};
	char code[CLAIM_CODE_MAX + 1];

	(void)state;
	code_of("viken", &office.root, code);
	for (uint32_t i = 0; i < ARRAY_LEN(urls); i++) {
		enrol_ask(urls[i], code);
		assert_refused(person_heard(), "https://");
	}
	enrol_ask(OFFICE_URL, "viken-not-a-code");
	assert_refused(person_heard(), "no claim code");
	code_of("aspen", &office.root, code);
	enrol_ask(OFFICE_URL, code);
	assert_refused(person_heard(), "the code is for the shop aspen");
	code_of("viken", &office.root, code);
	caller_leave(&office.courier);
	until(listener_peers(shell.courier) == 0);
	enrol_ask(OFFICE_URL, code);
	assert_refused(person_heard(), "courierd is not running");
	courier_dial();
	assert_false(there("box.key"));
	assert_int_equal(office.sync.code[0], '\0');
}

/* Asks, and the office's answer is what stands in office.said; why it is refused. */
static void refused_answer(const char *why)
{
	char code[CLAIM_CODE_MAX + 1];

	code_of("viken", &office.root, code);
	enrol_ask(OFFICE_URL, code);
	until_sync(office.sync.code[0] != '\0');
	assert_refused(bring_said(), why);
	assert_refused(person_heard(), why);
	until_sync(office.sync.code[0] == '\0');
	assert_int_equal(status_ask().enrolled, 0);
	assert_false(there("office.cbor"));
}

static void an_office_that_is_another_is_refused(void **state)
{
	struct signer other, root = office.root;
	struct sync_head h = head_of(1, 0);

	(void)state;
	signer_make(&other);
	/* whoever answers there has a root of his own, all else is in order */
	office.root = other;
	office.keys_len = keys_say(&other, &office.key, 1, office.keys);
	h = head_of(1, 0);
	office.root = root;
	say_head(&office.key, SAID_ENROLLED, &h);
	refused_answer("not the office that the code is of");
	/* the right root, whose statement somebody else has signed */
	h = head_of(1, 0);
	say_head(&office.key, SAID_ENROLLED, &h);
	refused_answer("not signed by its root");
	/* the right set, and an answer that is signed by none of it */
	office.keys_len = keys_say(&root, &office.key, 1, office.keys);
	h = head_of(1, 0);
	say_head(&other, SAID_ENROLLED, &h);
	refused_answer("not signed by a key of the office");
	/* all in order, and about somebody else's shop */
	h = head_of(1, 0);
	memcpy(h.shop, "aspen", 6);
	say_head(&office.key, SAID_ENROLLED, &h);
	refused_answer("another shop");
}

static void the_office_s_no_reaches_the_person(void **state)
{
	char code[CLAIM_CODE_MAX + 1];

	(void)state;
	code_of("viken", &office.root, code);
	enrol_ask(OFFICE_URL, code);
	until_sync(office.sync.code[0] != '\0');
	carried(CARRIED_ENROL_REFUSED, "this code was used");
	assert_refused(person_heard(), "this code was used");
	until_sync(office.sync.code[0] == '\0');
}

static void twice_is_refused_and_once_left_it_goes_again(void **state)
{
	char code[CLAIM_CODE_MAX + 1];
	union message m;

	(void)state;
	enrol();
	code_of("viken", &office.root, code);
	enrol_ask(OFFICE_URL, code);
	assert_refused(person_heard(), "leave");
	message_init(&m, MESSAGE_LEAVE, ++office.control.requests);
	caller_say(&office.control, &m);
	assert_null(person_heard());
	assert_false(there("office.cbor"));
	until_sync(!office.sync.enrolled);
	enrol();
	message_init(&m, MESSAGE_LEAVE, ++office.control.requests);
	caller_say(&office.control, &m);
	assert_null(person_heard());
	message_init(&m, MESSAGE_LEAVE, ++office.control.requests);
	caller_say(&office.control, &m);
	assert_refused(person_heard(), "no office");
}

/* --- the box proves itself */

static void a_proof_is_a_token_of_the_box(void **state)
{
	static const uint8_t nonce[NONCE_SIZE] = "sixteen bytes 01";
	struct public_key key;
	struct token token;
	uint8_t tbs[TO_BE_SIGNED_MAX];
	union message m;

	(void)state;
	message_init(&m, MESSAGE_PROOF, 0);
	memcpy(m.proof.purpose, "entries", 8);
	caller_say(&office.courier, &m);
	until(courier_took(&m));
	assert_int_equal(m.proof_is.token_len, 0); /* there is no key yet */
	enrol();
	message_init(&m, MESSAGE_PROOF, 7);
	memcpy(m.proof.purpose, "entries", 8);
	m.proof.has_nonce = 1;
	memcpy(m.proof.nonce, nonce, sizeof(nonce));
	caller_say(&office.courier, &m);
	until(courier_took(&m));
	assert_int_equal(m.head.type, MESSAGE_PROOF_IS);
	assert_true(token_parse((struct span){m.proof_is.token, m.proof_is.token_len}, &token));
	assert_string_equal(token.claims.audience, "office/entries");
	assert_int_equal(token.claims.exp_s - token.claims.iat_s, 60);
	assert_true(token.claims.has_nonce);
	assert_memory_equal(token.claims.nonce, nonce, sizeof(nonce));
	memcpy(key.x, office.sync.key, 32);
	memcpy(key.y, office.sync.key + 32, 32);
	assert_int_equal(
		es256_verify(&key, tbs,
			     token_to_be_signed(token.protected_header, token.payload, tbs),
			     token.signature),
		1);
}

/* --- answers to entries */

static void what_was_taken_moves_the_mark(void **state)
{
	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	until_sync(office.sync.acked == 2);
	assert_memory_equal(office.sync.acked_hash, hash_of(2).byte, 32);
	assert_int_equal(status_ask().acked_seq, 2);
	/* it is kept */
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_restart();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
	assert_int_equal(office.sync.acked, 2);
	assert_memory_equal(office.sync.acked_hash, hash_of(2).byte, 32);
}

static void an_answer_that_is_not_for_us_moves_nothing(void **state)
{
	struct sync_head h;
	struct signer other;
	union message m;
	int fd;

	(void)state;
	signer_make(&other);
	h = head_of(1, 1);
	say_head(&office.key, SAID_ACK, &h);
	assert_refused(bring_said(), "no office");
	enrol();
	say_head(&other, SAID_ACK, &h);
	assert_refused(bring_said(), "not signed by a key");
	memcpy(h.shop, "aspen", 6);
	say_head(&office.key, SAID_ACK, &h);
	assert_refused(bring_said(), "another shop");
	assert_refused(ack(SYNC_TAKEN, 2, 1), "another epoch");
	h = head_of(2, 1);
	say_head(&office.key, SAID_GRANT, &h);
	assert_refused(bring_said(), "not asked for");
	h = head_of(1, 0);
	say_head(&office.key, SAID_ENROLLED, &h);
	assert_refused(bring_said(), "enrolled already");
	assert_refused(bring(CARRY_STATEMENT, "nonsense", 8), "malformed");
	assert_refused(bring(CARRY_TAIL, "tail", 4), "no tail");
	/* and what could be changed while it is judged is not looked at */
	fd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_int_equal(write(fd, office.said, office.said_len), office.said_len);
	message_init(&m, MESSAGE_SAID, ++office.courier.requests);
	m.said.what = CARRY_STATEMENT;
	m.said.bytes = office.said_len;
	assert_int_equal(ask_send(office.courier.fd, &m, fd), 0);
	close(fd);
	until(courier_took(&m));
	assert_refused(m.said_is.taken ? NULL : m.said_is.why, "sealed");
	assert_int_equal(status_ask().acked_seq, 0);
}

static void an_old_answer_is_not_taken_twice(void **state)
{
	struct sync_head h;

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	h = head_of(1, 0);
	h.answer = SYNC_GAP;
	h.at.ms -= 3600000;
	say_head(&office.key, SAID_ACK, &h);
	assert_refused(bring_said(), "an old answer");
	assert_int_equal(status_ask().acked_seq, 2);
}

static void an_office_restored_from_an_old_backup_is_sent_it_again(void **state)
{
	(void)state;
	enrol();
	until_sync(office.sync.head_seq >= 3);
	assert_null(ack(SYNC_TAKEN, 1, 3));
	assert_null(ack(SYNC_GAP, 1, 1));
	until_sync(office.sync.acked == 1);
	assert_false(office.sync.want_epoch);
	assert_null(ack(SYNC_GAP, 1, 0));
	until_sync(office.sync.acked == 0);
	assert_false(office.sync.want_epoch);
}

static void a_box_that_is_behind_asks_for_a_new_epoch(void **state)
{
	struct sync_head h;

	(void)state;
	enrol();
	assert_null(ack(SYNC_GAP, 1, 1000));
	until_sync(office.sync.want_epoch);
	/* or has another entry there */
	assert_null(ack(SYNC_TAKEN, 1, 2));
	until_sync(!office.sync.want_epoch);
	h = head_of(1, 2);
	h.answer = SYNC_GAP;
	h.hash.byte[0] = 1;
	say_head(&office.key, SAID_ACK, &h);
	assert_null(bring_said());
	until_sync(office.sync.want_epoch);
}

static void a_clone_is_an_alarm_until_entries_are_taken_again(void **state)
{
	struct sync_head h;
	struct entry e;

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	assert_null(ack(SYNC_FORK, 1, 3));
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
	until_sync(office.sync.want_epoch);
	/* the grant continues from an entry that we have: nothing is to be taken back */
	h = head_of(2, 2);
	h.hash = hash_of(2);
	say_head(&office.key, SAID_GRANT, &h);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 2 && !office.sync.want_epoch);
	until(recorded(ENTRY_OFFICE, &e) && e.office.event == OFFICE_EPOCH && e.office.epoch == 2);
	assert_null(ack(SYNC_TAKEN, 2, 3));
	until(!alarm_is_up(CONDITION_OFFICE_REFUSED));
	assert_refused(ack(SYNC_EPOCH_OLD, 2, 0), "not");
	assert_null(ack(SYNC_EPOCH_OLD, 3, 0));
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
}

static void a_box_that_is_revoked_says_so(void **state)
{
	(void)state;
	enrol();
	carried(CARRIED_REFUSED, "revoked");
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
	assert_int_equal(status_ask().road, CARRIED_REFUSED);
	carried(CARRIED_WELL, "");
	until(!alarm_is_up(CONDITION_OFFICE_REFUSED));
}

/* --- the feed */

static void a_price_and_a_member_arrive(void **state)
{
	struct sync_change c = {.kind = SYNC_ARTICLE};
	const struct article_row *row;
	struct signer phone;

	(void)state;
	enrol();
	feed_first();
	c.article.gtin.n = article_gtin(1);
	c.article.price = money_of(1490);
	c.article.vat_class = VAT_FOOD;
	memcpy(c.article.name, "milk", 5);
	assert_null(feed_one(&c));
	row = articles_now(shell.articles, c.article.gtin);
	assert_non_null(row);
	assert_int_equal(money_minor(row->price), 1490);
	until_sync(office.sync.feed == 2);

	signer_make(&phone);
	c = (struct sync_change){.kind = SYNC_MEMBER};
	memcpy(c.member.customer.byte, "sixteen byte key", 16);
	assert_null(feed_one(&c));
	assert_non_null(roster_member(shell.roster, c.member.customer));
	/* what does not go on from here is not applied, and all is asked for anew */
	shell.office->want_snapshot = false;
	shell.office->feed.cursor = 9;
	assert_refused(feed_one(&c), "");
	until_sync(office.sync.want_snapshot);
}

/* A box that asks for all of it and has it: the office has nothing newer to say. */
static void a_snapshot_that_is_no_news_is_not_asked_for_again(void **state)
{
	static struct feed_made f;

	(void)state;
	enrol();
	feed_first();
	shell.office->want_snapshot = true;
	sync_tell(&shell);
	until_sync(office.sync.want_snapshot);
	feed_begin(&f);
	assert_null(feed_bring(&f, 0, 1, -1));
	until_sync(!office.sync.want_snapshot);
}

static void a_price_begins_when_it_is_time(void **state)
{
	struct sync_change c = {.kind = SYNC_ARTICLE};
	const struct article_row *row;
	uint32_t version;

	(void)state;
	enrol();
	feed_first();
	c.article.gtin.n = article_gtin(1);
	c.article.price = money_of(1490);
	c.article.vat_class = VAT_FOOD;
	memcpy(c.article.name, "milk", 5);
	assert_null(feed_one(&c));
	c.article.price = money_of(1590);
	c.article.valid_from.ms = loop_wall().ms + 700;
	assert_null(feed_one(&c));
	row = articles_now(shell.articles, c.article.gtin);
	assert_non_null(row);
	assert_int_equal(money_minor(row->price), 1490);
	version = shell.articles->version;
	until(shell.articles->version > version);
	row = articles_now(shell.articles, c.article.gtin);
	assert_int_equal(money_minor(row->price), 1590);
	assert_true(loop_wall().ms >= c.article.valid_from.ms);
}

static void who_is_blocked_by_the_feed_is_told_to_counterd(void **state)
{
	struct sync_change c = {.kind = SYNC_MEMBER};
	struct caller counter;

	(void)state;
	enrol();
	feed_first();
	caller_dial(&counter, ROLE_COUNTER);
	memcpy(c.member.customer.byte, "sixteen byte key", 16);
	assert_null(feed_one(&c));
	c.member.flags = MEMBER_BLOCKED;
	assert_null(feed_one(&c));
	until((caller_heard_nothing(&counter), bench.blocked == 1));
	/* and who is no member here any more, once */
	c = (struct sync_change){.kind = SYNC_MEMBER_GONE};
	memcpy(c.gone.byte, "sixteen byte key", 16);
	assert_null(feed_one(&c));
	caller_heard_nothing(&counter);
	assert_int_equal(bench.blocked, 1);
	caller_leave(&counter);
}

static void a_feed_of_another_is_not_applied(void **state)
{
	struct sync_change c = {.kind = SYNC_MEMBER};
	struct signer other, mine = office.key;

	(void)state;
	enrol();
	feed_first();
	signer_make(&other);
	memcpy(c.member.customer.byte, "sixteen byte key", 16);
	office.key = other;
	assert_refused(feed_one(&c), "not signed by a key");
	office.key = mine;
	assert_null(roster_member(shell.roster, c.member.customer));
	assert_null(feed_one(&c));
	assert_non_null(roster_member(shell.roster, c.member.customer));
}

static void money_that_came_in_is_booked_once(void **state)
{
	struct sync_change c = {.kind = SYNC_PAYMENT};
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	memcpy(c.payment.key, "bank-1", 7);
	c.payment.amount = money_of(12000);
	c.payment.booked = time_day(&shell, loop_wall());
	assert_null(feed_one(&c));
	until(recorded(ENTRY_PAYMENT, &e));
	assert_string_equal(e.payment.key, "bank-1");
	until(shell.office->todo.todos == 0);
	/* the same again: an office may say it twice */
	assert_null(feed_one(&c));
	until(shell.office->todo.todos == 0);
	c = (struct sync_change){.kind = SYNC_ERASE};
	memcpy(c.gone.byte, "sixteen byte key", 16);
	assert_null(feed_one(&c));
	until(shell.office->todo.todos == 0);
	assert_true(logged_that("is forgotten"));
}

static void new_keys_must_be_the_root_s(void **state)
{
	struct signer next, other;
	uint8_t keys[KEYS_STATEMENT_MAX];
	struct sync_change c = {.kind = SYNC_KEY_SET};
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	signer_make(&next);
	signer_make(&other);
	c.key_set = (struct span){keys, keys_say(&other, &next, 2, keys)};
	assert_null(feed_one(&c));
	until(shell.office->todo.todos == 0);
	assert_true(logged_that("NEW KEYS REFUSED"));
	assert_int_equal(shell.office->pin.keys.version, 1);
	c.key_set = (struct span){keys, keys_say(&office.root, &next, 1, keys)};
	assert_null(feed_one(&c));
	until(shell.office->todo.todos == 0);
	assert_memory_equal(&shell.office->pin.keys.key[0], &office.key.key, 64);
	c.key_set = (struct span){keys, keys_say(&office.root, &next, 2, keys)};
	assert_null(feed_one(&c));
	until(recorded(ENTRY_OFFICE, &e) && e.office.event == OFFICE_KEYS);
	assert_int_equal(e.office.keys_version, 2);
	assert_refused(ack(SYNC_TAKEN, 1, 1), "not signed by a key");
	office.key = next;
	assert_null(ack(SYNC_TAKEN, 1, 1));
}

/* Where office.cbor cannot be written: what would stand in it is not forgotten for that. */
static void new_keys_wait_for_the_disk(void **state)
{
	struct signer next;
	uint8_t keys[KEYS_STATEMENT_MAX];
	struct sync_change c = {.kind = SYNC_KEY_SET};
	struct entry e;
	char path[128];

	(void)state;
	enrol();
	feed_first();
	bench_path("office.cbor.new", path);
	until(mkdir(path, 0700) == 0);
	signer_make(&next);
	c.key_set = (struct span){keys, keys_say(&office.root, &next, 2, keys)};
	assert_null(feed_one(&c));
	until(logged_that("cannot be written"));
	assert_int_equal(shell.office->todo.todos, 1);
	assert_int_equal(rmdir(path), 0);
	shell.office->todo.again_at = loop_mono();
	sync_look(&shell);
	until(recorded(ENTRY_OFFICE, &e) && e.office.event == OFFICE_KEYS);
	until(shell.office->todo.todos == 0);
	assert_int_equal(shell.office->pin.keys.version, 2);
}

static void a_grant_waits_for_the_disk(void **state)
{
	struct sync_head h;
	char path[128];

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	assert_null(ack(SYNC_FORK, 1, 3));
	until_sync(office.sync.want_epoch);
	bench_path("office.cbor.new", path);
	until(mkdir(path, 0700) == 0);
	h = head_of(2, 2);
	h.hash = hash_of(2);
	say_head(&office.key, SAID_GRANT, &h);
	assert_refused(bring_said(), "could not be written");
	/* asked for again, from the epoch that it has: the office says the same once more */
	until_sync(office.sync.want_epoch && office.sync.epoch == 1);
	assert_int_equal(rmdir(path), 0);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 2 && !office.sync.want_epoch);
}

/* --- the time */

static void the_office_vouches_for_a_clock_that_agrees(void **state)
{
	struct sync_time t = {.at = loop_wall()};
	uint8_t bytes[256];
	struct builder b;

	(void)state;
	enrol();
	assert_true(shell.clock_trusted);
	shell.clock_trusted = false;
	shell.clock_floor.ms = loop_wall().ms + 3600000; /* it is an hour behind what was trusted */
	office_clock(&shell);
	until_sync(office.sync.want_time);
	b = builder_of(bytes, sizeof(bytes));
	memcpy(t.nonce, "not the one that was asked with", NONCE_SIZE);
	sync_time_put(&b, &t);
	say(&office.key, &b);
	assert_refused(bring_said(), "no nonce");
	assert_false(shell.clock_trusted);
	b = builder_of(bytes, sizeof(bytes));
	memcpy(t.nonce, office.sync.time_nonce, NONCE_SIZE);
	t.at.ms += 20000; /* it does not agree */
	sync_time_put(&b, &t);
	say(&office.key, &b);
	assert_null(bring_said());
	assert_false(shell.clock_trusted);
	assert_refused(bring_said(), "no nonce"); /* once */
	shell.office->time_at = loop_mono();
	office_clock(&shell);
	until_sync(office.sync.want_time && memcmp(office.sync.time_nonce, t.nonce, 16) != 0);
	b = builder_of(bytes, sizeof(bytes));
	memcpy(t.nonce, office.sync.time_nonce, NONCE_SIZE);
	t.at = loop_wall();
	sync_time_put(&b, &t);
	say(&office.key, &b);
	assert_null(bring_said());
	assert_true(shell.clock_trusted);
	assert_true(logged_that("the office vouches"));
}

static void an_office_that_is_silent_is_an_alarm(void **state)
{
	(void)state;
	enrol();
	shell.office->heard_mono = mono_add(loop_mono(), -73 * 3600000LL);
	office_clock(&shell);
	assert_true(alarm_is_up(CONDITION_ROSTER_STALE));
	assert_null(ack(SYNC_TAKEN, 1, 1));
	until(!alarm_is_up(CONDITION_ROSTER_STALE));
}

/* --- once enrolled */

static void members_come_from_the_office_alone(void **state)
{
	struct person p;
	union message m;

	(void)state;
	member_add(&office.control, &p, 0, 0);
	enrol();
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, p.key.public_key.x, 32);
	memcpy(m.member.y, p.key.public_key.y, 32);
	caller_ask(&office.control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
	assert_non_null(strstr(m.done.text, "come from the office"));
	message_init(&m, MESSAGE_PASS, 0);
	m.pass.cti_len = 16;
	caller_ask(&office.control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
	member_block(&office.control, &p, true);
	assert_true(roster_member(shell.roster, p.customer)->flags & MEMBER_BLOCKED);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_shop_is_enrolled),
		TEST(what_was_pinned_is_there_after_a_restart),
		TEST(a_pin_that_was_changed_is_not_believed),
		TEST(what_cannot_be_is_refused_before_anybody_is_asked),
		TEST(an_office_that_is_another_is_refused),
		TEST(the_office_s_no_reaches_the_person),
		TEST(twice_is_refused_and_once_left_it_goes_again),
		TEST(a_proof_is_a_token_of_the_box),
		TEST(what_was_taken_moves_the_mark),
		TEST(an_answer_that_is_not_for_us_moves_nothing),
		TEST(an_old_answer_is_not_taken_twice),
		TEST(an_office_restored_from_an_old_backup_is_sent_it_again),
		TEST(a_box_that_is_behind_asks_for_a_new_epoch),
		TEST(a_clone_is_an_alarm_until_entries_are_taken_again),
		TEST(a_box_that_is_revoked_says_so),
		TEST(a_price_and_a_member_arrive),
		TEST(a_price_begins_when_it_is_time),
		TEST(who_is_blocked_by_the_feed_is_told_to_counterd),
		TEST(a_feed_of_another_is_not_applied),
		TEST(money_that_came_in_is_booked_once),
		TEST(new_keys_must_be_the_root_s),
		TEST(new_keys_wait_for_the_disk),
		TEST(a_grant_waits_for_the_disk),
		TEST(a_snapshot_that_is_no_news_is_not_asked_for_again),
		TEST(the_office_vouches_for_a_clock_that_agrees),
		TEST(an_office_that_is_silent_is_an_alarm),
		TEST(members_come_from_the_office_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
