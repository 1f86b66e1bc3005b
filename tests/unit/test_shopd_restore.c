/*
 * test_shopd_restore.c: a box that is behind its office: a new one in the place of another, with a
 * backup and without, a tail that does not fit, an end in the middle of it, a card that was put
 * back.
 *
 * courierd and the office are played by the test, the ledger is the real one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_office.h"

#include "ledger/backup.h"

/** What the office has of this shop: its entries, as they are carried. */
static struct {
	struct builder b;
	uint64_t seq;
	struct sha256 hash;
	uint8_t bytes[512 * 1024];
} tail;

static bool tail_add(void *data, const struct raw_entry *e)
{
	const uint64_t *upto = data;
	struct sync_entry s;

	if (!e) {
		tail.b.len = 0;
		return true;
	}
	if (e->seq > *upto)
		return false;
	s = (struct sync_entry){.epoch = e->epoch,
				.seq = e->seq,
				.at = e->at,
				.kind = e->kind,
				.erased = e->erased,
				.body = e->body};
	sync_entry_put(&tail.b, &s);
	tail.seq = e->seq;
	tail.hash = e->hash;
	return true;
}

/* Entries after `after` up to `upto`. */
static void tail_read(uint64_t after, uint64_t upto)
{
	struct reader *r = NULL;

	tail.b = builder_of(tail.bytes, sizeof(tail.bytes));
	assert_int_equal(reader_open(shell.config.state, &r), 0);
	assert_true(reader_raw(r, after, 4096, tail_add, &upto) >= 0);
	reader_close(r);
	sync_hash_put(&tail.b, &tail.hash);
	assert_false(tail.b.failed);
}

static const char *tail_bring(void)
{
	return bring(CARRY_TAIL, tail.bytes, tail.b.len);
}

/* Some days of a shop: entries of which the office has all. */
static void days_pass(void)
{
	struct sync_change c;

	for (uint32_t i = 0; i < 5; i++) {
		c = command_of_office(i % 2 == 0 ? VERB_LOCKDOWN : VERB_LOCK, 60000);
		c.command.id = i + 1;
		assert_null(feed_one(&c));
	}
	until(shell.committed == shell.ticket && shell.office->todo.todos == 0);
}

static void box_stops(void)
{
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_stop();
}

static void box_starts(void)
{
	bench_start();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
}

/* Another box, which knows nothing but its configuration. */
static void box_is_new(void)
{
	static const char *const names[] = {"ledger.db",   "ledger.db-wal",  "ledger.db-shm",
					    "catalog.db",  "catalog.db-wal", "catalog.db-shm",
					    "office.cbor", "box.key"};
	char path[128];

	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		bench_path(names[i], path);
		unlink(path);
	}
}

/* The first box lives, all of it is at the office, and it is gone. */
static void a_box_was_there(void)
{
	enrol();
	feed_first();
	days_pass();
	tail_read(0, UINT64_MAX);
	box_stops();
}

/* The new one asks; the office says how far it is. */
static void new_box_enrols(int backup)
{
	struct sync_head h = head_of(2, tail.seq);
	char code[CLAIM_CODE_MAX + 1];
	union message m;

	h.hash = tail.hash;
	code_of("viken", &office.root, code);
	message_init(&m, MESSAGE_ENROL, ++office.control.requests);
	memcpy(m.enrol.url, OFFICE_URL, sizeof(OFFICE_URL));
	memcpy(m.enrol.code, code, sizeof(code));
	assert_int_equal(ask_send(office.control.fd, &m, backup), 0);
	until_sync(office.sync.code[0] != '\0');
	say_head(&office.key, SAID_ENROLLED, &h);
	assert_null(bring_said());
}

static void made_whole(void)
{
	struct message_status_is s;
	struct entry e;

	until(status_ask().head_seq > tail.seq);
	s = status_ask();
	assert_int_equal(s.enrolled, 1);
	assert_int_equal(s.epoch, 2);
	assert_int_equal(s.ledger_ok, 1);
	assert_true(s.head_seq > tail.seq);
	assert_memory_equal(hash_of(tail.seq).byte, tail.hash.byte, 32);
	assert_true(recorded(ENTRY_OFFICE, &e));
	assert_int_equal(e.office.epoch, 2);
	until_sync(office.sync.acked >= tail.seq && office.sync.epoch == 2 &&
		   !office.sync.want_tail && office.sync.want_snapshot);
}

static void a_new_box_takes_back_what_the_office_has(void **state)
{
	(void)state;
	a_box_was_there();
	box_is_new();
	box_starts();
	new_box_enrols(-1);
	until_sync(office.sync.want_tail);
	assert_int_equal(office.sync.tail_after, 0);
	assert_int_equal(office.sync.head_seq, office.sync.acked); /* nothing goes up meanwhile */
	assert_int_equal(status_ask().ledger_ok, 0);
	assert_int_equal(status_ask().restoring, tail.seq);
	assert_null(tail_bring());
	assert_null(person_heard());
	made_whole();
}

static void a_backup_saves_the_fetching(void **state)
{
	char path[128];
	int backup;

	(void)state;
	a_box_was_there();
	bench_path("ledger.db", path);
	backup = open(path, O_RDONLY);
	assert_true(backup >= 0);
	box_is_new();
	box_starts();
	new_box_enrols(backup);
	close(backup);
	assert_null(person_heard());
	made_whole();
	assert_false(there("restore.db"));
}

static void a_tail_that_does_not_fit_is_not_taken(void **state)
{
	(void)state;
	a_box_was_there();
	box_is_new();
	box_starts();
	new_box_enrols(-1);
	until_sync(office.sync.want_tail);
	tail.bytes[tail.b.len / 2] ^= 1;
	assert_refused(tail_bring(), "");
	assert_refused(person_heard(), "not taken back");
	/* the shop is open again, with the ledger that it had, and tries again by itself */
	until(status_ask().ledger_ok == 1);
	until_sync(!office.sync.want_tail);
	tail.bytes[tail.b.len / 2] ^= 1;
	shell.office->restore.at = loop_mono();
	office_clock(&shell);
	until_sync(office.sync.want_tail);
	assert_null(tail_bring());
	until(status_ask().restoring == 0 && status_ask().ledger_ok == 1);
	made_whole();
}

static void a_box_that_ends_meanwhile_goes_on_after_its_start(void **state)
{
	(void)state;
	a_box_was_there();
	box_is_new();
	box_starts();
	new_box_enrols(-1);
	until_sync(office.sync.want_tail);
	box_stops();
	box_starts();
	assert_int_equal(office.sync.enrolled, 1);
	until_sync(office.sync.want_tail);
	assert_null(tail_bring());
	until(status_ask().restoring == 0 && status_ask().ledger_ok == 1);
	made_whole();
}

/* The card was put back from an old copy: its own newer entries are at the office, and what it has
 * made since comes after them. */
static void a_card_that_was_put_back_catches_up(void **state)
{
	struct sync_head h;
	uint64_t had;
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	days_pass();
	had = shell.head_seq - 3;
	assert_null(ack(SYNC_TAKEN, 1, had));
	/* the office went another way after `had`: here it has an entry less and another head */
	tail_read(had, had + 2);
	h = head_of(1, had + 3);
	h.answer = SYNC_FORK;
	say_head(&office.key, SAID_ACK, &h);
	assert_null(bring_said());
	until_sync(office.sync.want_epoch);
	/* it grants, and its head is one that we have: nothing is to be fetched */
	h = head_of(2, tail.seq);
	h.hash = tail.hash;
	say_head(&office.key, SAID_GRANT, &h);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 2 && office.sync.acked == tail.seq);
	until(recorded(ENTRY_OFFICE, &e) && e.office.event == OFFICE_EPOCH);
}

static void a_backup_is_made_while_the_shop_goes_on(void **state)
{
	char dir[128], path[160], why[200] = "";
	struct verify_result result = {0};
	struct reader *r = NULL;

	(void)state;
	enrol();
	feed_first();
	days_pass();
	bench_path("copy", dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	snprintf(path, sizeof(path), "%s/ledger.db", dir);
	assert_int_equal(ledger_backup(shell.config.state, path, why), 0);
	assert_int_equal(reader_open(dir, &r), 0);
	assert_int_equal(reader_verify(r, &result, NULL, NULL), 0);
	reader_close(r);
	assert_true(result.ok);
	assert_int_equal(result.entries, shell.head_seq);
	assert_memory_equal(result.head.byte, hash_of(shell.head_seq).byte, 32);
	/* never over another; and what is not there gives no file */
	assert_int_equal(ledger_backup(shell.config.state, path, why), -EEXIST);
	unlink(path);
	assert_true(ledger_backup(dir, path, why) < 0);
	assert_true(why[0] != '\0');
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_backup_is_made_while_the_shop_goes_on),
		TEST(a_new_box_takes_back_what_the_office_has),
		TEST(a_backup_saves_the_fetching),
		TEST(a_tail_that_does_not_fit_is_not_taken),
		TEST(a_box_that_ends_meanwhile_goes_on_after_its_start),
		TEST(a_card_that_was_put_back_catches_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
