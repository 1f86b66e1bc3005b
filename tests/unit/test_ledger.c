/*
 * test_ledger.c: what is kept: the chain to the byte, the tables that follow from it, what a start
 * remembers, and who may touch the file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <openssl/sha.h>
#include <signal.h>
#include <sys/wait.h>

#include "ledger/read.h"
#include "ledger_house.h"

#define DAY_MS 86400000LL

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

static struct entry at(struct entry e, int64_t ms)
{
	e.at.ms = ms;
	return e;
}

/* --- the chain */

static void put_be(uint8_t *bytes, uint64_t v, int width)
{
	for (int i = 0; i < width; i++)
		bytes[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
}

/* Contracts 4, written down a second time, with nothing of ours. */
static void check_hashes(const struct house *h, int64_t rows)
{
	sqlite3 *db = house_raw(h, "ledger.db");
	sqlite3_stmt *get;
	uint8_t prev[32] = {0}, want[32], message[90];
	int64_t n = 0;

	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT epoch, seq, at, kind, body, body_hash,"
					    " prev_hash, hash FROM entry ORDER BY seq",
					    -1, &get, NULL),
			 SQLITE_OK);
	while (sqlite3_step(get) == SQLITE_ROW) {
		assert_int_equal(sqlite3_column_int64(get, 1), ++n);
		SHA256(sqlite3_column_blob(get, 4), (size_t)sqlite3_column_bytes(get, 4), want);
		assert_memory_equal(sqlite3_column_blob(get, 5), want, 32);
		assert_memory_equal(sqlite3_column_blob(get, 6), prev, 32);
		memcpy(message, "SKL1", 4);
		put_be(message + 4, (uint64_t)sqlite3_column_int64(get, 0), 4);
		put_be(message + 8, (uint64_t)sqlite3_column_int64(get, 1), 8);
		put_be(message + 16, (uint64_t)sqlite3_column_int64(get, 2), 8);
		put_be(message + 24, (uint64_t)sqlite3_column_int64(get, 3), 2);
		memcpy(message + 26, want, 32);
		memcpy(message + 58, prev, 32);
		SHA256(message, sizeof(message), prev);
		assert_memory_equal(sqlite3_column_blob(get, 7), prev, 32);
	}
	assert_int_equal(n, rows);
	sqlite3_finalize(get);
	sqlite3_close(db);
}

static void chain(void **state)
{
	struct house *h = *state;

	house_open(h);
	for (uint32_t i = 0; i < SAMPLES_ALONE; i++) {
		struct entry e = sample_entry(sample_kinds[i]);

		assert_true(house_push(h, &e, true));
	}
	ledger_flush(h->ledger);
	assert_int_equal(house_committed(h, h->ticket).head_seq, SAMPLES_ALONE);
	check_hashes(h, SAMPLES_ALONE);
	house_close(h);
	/* it goes on where it was */
	house_open(h);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	house_close(h);
	check_hashes(h, SAMPLES_ALONE + 1);
	/* the same fact twice has two bodies: the salts differ */
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT count(DISTINCT substr(body, 3, 16)) FROM entry"),
			 SAMPLES_ALONE + 1);
}

static void triggers(void **state)
{
	static const char *const refused[] = {
		"DELETE FROM entry",
		"DELETE FROM entry WHERE seq = 2",
		"UPDATE entry SET at = at + 1",
		"UPDATE entry SET body = NULL WHERE kind = 60",
		"UPDATE entry SET body = x'00' WHERE kind = 20",
		"UPDATE entry SET body = NULL, kind = 20 WHERE kind = 60",
		"UPDATE entry SET body = NULL, seq = 9 WHERE kind = 20",
		"UPDATE entry SET hash = prev_hash",
		"INSERT INTO entry SELECT epoch, seq + 5, at, kind, body, body_hash, prev_hash,"
		" hash FROM entry WHERE seq = 2",
		"INSERT OR REPLACE INTO entry SELECT epoch, 1, at, kind, body, body_hash,"
		" prev_hash, hash FROM entry WHERE seq = 2",
		"REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
		"UPDATE OR REPLACE entry SET seq = 1 WHERE seq = 2",
	};
	struct house *h = *state;
	struct entry door = sample_entry(ENTRY_DOOR), told = sample_entry(ENTRY_TOLD);
	sqlite3 *db;

	house_open(h);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	house_write(h, &door);
	house_write(h, &told);
	house_close(h);
	db = house_raw(h, "ledger.db");
	for (uint32_t i = 0; i < ARRAY_LEN(refused); i++)
		if (sqlite3_exec(db, refused[i], NULL, NULL, NULL) == SQLITE_OK)
			fail_msg("not refused: %s", refused[i]);
	/* the one that is allowed: the body of a kind that has a retention */
	assert_int_equal(sql_exec(db, "UPDATE entry SET body = NULL WHERE kind = 20"), SQLITE_OK);
	assert_int_equal(sqlite3_changes(db), 1);
	assert_int_equal(sql_exec(db, "UPDATE entry SET body = NULL WHERE kind = 85"), SQLITE_OK);
	assert_int_equal(sqlite3_changes(db), 1);
	sqlite3_close(db);
	/* and the SQL knows the same kinds as entry_erasable() */
	for (int kind = 0; kind < 100; kind++) {
		char sql[80];

		snprintf(sql, sizeof(sql), "SELECT %d IN (10, 11, 12, 20, 85)", kind);
		assert_int_equal(house_number(h, "ledger.db", sql),
				 entry_erasable((enum entry_kind)kind));
	}
}

/* --- what follows */

static void derived(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);
	struct entry line = sample_line(5, "a", 3100), second = sample_line(5, "b", 901);
	struct entry voided = sample_voided(5, "a", 3100);

	house_open(h);
	house_write(h, &e);
	house_write(h, &line);
	house_write(h, &second);
	assert_int_equal(house_number(h, "ledger.db", "SELECT total FROM visit"), 4001);
	assert_int_equal(house_number(h, "ledger.db", "SELECT unbilled FROM balance"), 4001);
	house_write(h, &voided);
	assert_int_equal(house_number(h, "ledger.db", "SELECT total FROM visit"), 901);
	assert_int_equal(house_number(h, "ledger.db", "SELECT lines FROM visit"), 1);
	assert_int_equal(house_number(h, "ledger.db", "SELECT lines_ever FROM visit"), 2);
	assert_int_equal(house_number(h, "ledger.db", "SELECT unbilled FROM balance"), 901);
	assert_int_equal(house_number(h, "ledger.db", "SELECT voided FROM line WHERE key = 'a'"),
			 4);
	/* no float came near it */
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT count(*) FROM line WHERE typeof(total) <> 'integer'"),
			 0);
	house_close(h);
}

static void remembered(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);
	const struct visit *v;

	house_open(h);
	assert_true(h->recall->remembered.ledger_ok && h->recall->remembered.clean);
	assert_int_equal(h->recall->remembered.last_visit.n, 0);
	assert_int_equal(h->recall->clock_floor.ms, 0);
	house_write(h, &e);
	e.visit_opened.visit.n = 6;
	house_write(h, &e);
	for (uint64_t visit = 5; visit <= 6; visit++) {
		struct entry joined = sample_entry(ENTRY_VISIT_JOINED);

		joined.visit_joined.visit.n = visit;
		joined.visit_joined.bearer.byte[0] = (uint8_t)visit;
		house_write(h, &joined);
	}
	e = sample_line(6, "a", 250);
	house_write(h, &e);
	e = sample_entry(ENTRY_VISIT_CLOSED);
	house_write(h, &e);
	e = sample_entry(ENTRY_ALARM);
	house_write(h, &e);
	e.alarm.alarm.n = 4;
	house_write(h, &e);
	e.alarm.over = true;
	house_write(h, &e);
	e = sample_entry(ENTRY_DOOR);
	e.door.event = DOOR_EVENT_MODE;
	e.door.mode = DOOR_LOCKDOWN;
	house_write(h, &e);
	e.door.place = sample_place("yard");
	house_write(h, &e);
	e.door.mode = DOOR_LOCKED;
	house_write(h, &e);
	e.door.event = DOOR_EVENT_OPENED;
	e.door.mode = DOOR_UNLOCKED;
	house_write(h, &e);
	e = sample_entry(ENTRY_DOOR); /* a fire: the lockdown stands again when it is over */
	e.door.event = DOOR_EVENT_MODE;
	e.door.mode = DOOR_RELEASED_BY_FIRE;
	house_write(h, &e);
	house_close(h);

	house_open(h);
	assert_int_equal(h->recall->remembered.last_visit.n, 6);
	assert_int_equal(h->recall->remembered.last_alarm.n, 4);
	assert_int_equal(h->recall->remembered.visits, 1);
	v = &h->recall->remembered.visit[0];
	assert_int_equal(v->id.n, 6);
	assert_string_equal(v->place.name, "front");
	assert_int_equal(v->price_version, 7);
	assert_int_equal(v->lines, 1);
	assert_int_equal(money_minor(v->total), 250);
	assert_int_equal(v->bearers, 1);
	assert_int_equal(v->bearer[0].hash.byte[0], 6);
	assert_int_equal(h->recall->remembered.alarms, 1);
	assert_int_equal(h->recall->remembered.alarm[0].alarm.n, 3);
	assert_string_equal(h->recall->remembered.alarm[0].by, "owner");
	assert_int_equal(h->recall->remembered.alarm_at[0].ms, sample_entry(ENTRY_ALARM).at.ms);
	/* what a person said to each door last: a lockdown outlives a restart */
	assert_int_equal(h->recall->remembered.modes, 2);
	assert_string_equal(h->recall->remembered.mode[0].place.name, "front");
	assert_int_equal(h->recall->remembered.mode[0].mode, DOOR_LOCKDOWN);
	assert_string_equal(h->recall->remembered.mode[1].place.name, "yard");
	assert_int_equal(h->recall->remembered.mode[1].mode, DOOR_LOCKED);
	assert_int_equal(h->recall->balances, 1);
	assert_int_equal(money_minor(h->recall->balance[0].unbilled), 250);
	house_close(h);
}

static void used_tokens(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_ADMITTED);

	house_open(h);
	for (uint32_t i = 0; i < FRESH_TOKENS_MAX + 100; i++) {
		e.admitted.exp_s = 1790000000 + i;
		memcpy(e.admitted.cti, &i, sizeof(i));
		assert_true(house_push(h, &e, true));
		if (i % 512 == 0) {
			ledger_flush(h->ledger);
			house_committed(h, h->ticket);
		}
	}
	e.admitted.cti_len = 0; /* a nonce's: nothing to remember */
	house_write(h, &e);
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM token_used"),
			 FRESH_TOKENS_MAX);

	/* all that are kept, newest first */
	house_open_at(h, (struct wall){1790000000000});
	assert_int_equal(h->recall->remembered.tokens, FRESH_TOKENS_MAX);
	assert_int_equal(h->recall->remembered.token[0].exp_s, 1790000000 + FRESH_TOKENS_MAX + 99);
	assert_int_equal(h->recall->remembered.token[0].cti_len, 8);
	house_close(h);
	/* those that may still be fresh, with the skew */
	house_open_at(h, (struct wall){(1790000000 + FRESH_TOKENS_MAX) * INT64_C(1000)});
	assert_int_equal(h->recall->remembered.tokens, 100 + TOKEN_SKEW_S);
	/* the ring goes on where it was */
	e.admitted.cti_len = 8;
	e.admitted.exp_s = 1800000000;
	house_write(h, &e);
	house_close(h);
	house_open_at(h, (struct wall){1790000000000});
	assert_int_equal(h->recall->remembered.token[0].exp_s, 1800000000);
	assert_int_equal(h->recall->remembered.token[FRESH_TOKENS_MAX - 1].exp_s, 1790000000 + 101);
	house_close(h);
}

static struct entry clock_entry(bool trusted, int64_t ms)
{
	struct entry e = at(sample_entry(ENTRY_CLOCK), ms);

	e.clock.wall_trusted = trusted;
	return e;
}

static int64_t floor_after(struct house *h, const struct entry *e)
{
	int64_t floor;

	house_open(h);
	if (e)
		house_write(h, e);
	house_close(h);
	house_open(h);
	floor = h->recall->clock_floor.ms;
	house_close(h);
	return floor;
}

static void clock_floor(void **state)
{
	struct house *h = *state;
	struct entry start = at(sample_entry(ENTRY_START), 5000);
	struct entry lost = {.kind = ENTRY_LOST, .at = {9000}};
	struct entry e;

	assert_int_equal(floor_after(h, &lost), 0); /* nothing said that it is to be trusted */
	start.start.wall_trusted = false;
	assert_int_equal(floor_after(h, &start), 0);
	e = clock_entry(true, 6000);
	assert_int_equal(floor_after(h, &e), 6000);
	lost.at.ms = 8000;
	assert_int_equal(floor_after(h, &lost), 8000);
	/* trust is gone: what was known while it was there stays, what comes after does not count
	 */
	e = clock_entry(false, 99000);
	assert_int_equal(floor_after(h, &e), 8000);
	lost.at.ms = 99001;
	assert_int_equal(floor_after(h, &lost), 8000);
	/* somebody confirms a clock that is behind: that may lower it */
	e = clock_entry(true, 7000);
	assert_int_equal(floor_after(h, &e), 7000);
}

static void clean_stop(void **state)
{
	struct house *h = *state;
	struct entry start = sample_entry(ENTRY_START), stop = sample_entry(ENTRY_STOP);

	house_open(h);
	house_write(h, &start);
	house_close(h);
	house_open(h);
	assert_false(h->recall->remembered.clean);
	house_write(h, &stop);
	house_close(h);
	house_open(h);
	assert_true(h->recall->remembered.clean);
	house_close(h);
	/* cut off after it was opened and before the START row was on disk: not an orderly stop */
	house_open(h);
	assert_false(h->recall->remembered.clean);
	house_close(h);
}

static struct visit_book *ask(struct house *h, uint64_t visit)
{
	struct report report;

	assert_true(ledger_ask_visit(h->ledger, (struct visit_id){visit}));
	report = house_wait(h, REPORT_VISIT);
	assert_int_equal(report.visit.n, visit);
	return report.book;
}

static void books(void **state)
{
	struct house *h = *state;
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);
	struct entry closed = sample_entry(ENTRY_VISIT_CLOSED);
	struct entry joined = sample_entry(ENTRY_VISIT_JOINED);
	struct entry line;
	struct visit_book *book;

	house_open(h);
	assert_true(house_push(h, &opened, true));
	assert_true(house_push(h, &joined, true));
	for (int i = 0; i < 300; i++) {
		char key[16];

		snprintf(key, sizeof(key), "key-%d", i);
		line = sample_line(5, key, 100 + i);
		assert_true(house_push(h, &line, true));
	}
	line = sample_voided(5, "key-7", 107);
	assert_true(house_push(h, &line, true));
	ledger_flush(h->ledger);
	/* what was flushed before the question is in the answer, though no report was awaited */
	book = ask(h, 5);
	assert_true(book->known);
	assert_false(book->visit.over);
	assert_int_equal(book->lines, 300);
	assert_int_equal(book->visit.lines, 299);
	assert_int_equal(book->visit.bearers, 1);
	for (uint32_t i = 0; i < book->lines; i++) {
		assert_int_equal(money_minor(book->line[i].total), 100 + (int64_t)i);
		assert_int_equal(book->line[i].voided, i == 7);
		assert_string_equal(book->line[i].name, "Mellanmj\xc3\xb6lk 1,5 l");
	}
	free(book);

	closed.at.ms = 1790000000000;
	house_write(h, &closed);
	book = ask(h, 5);
	assert_true(book->known && book->visit.over);
	assert_int_equal(book->visit.end, END_EXIT);
	free(book);
	book = ask(h, 77);
	assert_false(book->known);
	free(book);
	book = ask(h, UINT64_MAX);
	assert_false(book->known);
	free(book);
	house_close(h);

	house_open_at(h, (struct wall){1790000000000 + VISIT_LATE_DAYS * DAY_MS - 60000});
	book = ask(h, 5);
	assert_true(book->known);
	free(book);
	house_close(h);
	house_open_at(h, (struct wall){1790000000000 + VISIT_LATE_DAYS * DAY_MS + 1});
	book = ask(h, 5);
	assert_false(book->known);
	free(book);
	house_close(h);
}

/*
 * A start reads what is open, not what has been: 100,000 entries, or as many as LEDGER_ROWS says,
 * of visits that are over and 20 that are not.
 */
#ifdef __SANITIZE_THREAD__ /* how many there are is no matter between threads */
#define MANY_ROWS 20000
#else
#define MANY_ROWS 100000
#endif

static void start_after_many(void **state)
{
	struct house *h = *state;
	const char *wish = getenv("LEDGER_ROWS");
	int64_t rows = wish ? strtoll(wish, NULL, 10) : MANY_ROWS, began, took;
	uint64_t visit = 0;
	struct entry e;

	house_open(h);
	for (int64_t n = 0; n < rows;) {
		e = sample_entry(ENTRY_VISIT_OPENED);
		e.visit_opened.visit.n = ++visit;
		e.visit_opened.customer = sample_customer((uint8_t)visit);
		house_push(h, &e, true);
		e = sample_entry(ENTRY_ADMITTED);
		e.admitted.visit.n = visit;
		house_push(h, &e, true);
		e = sample_entry(ENTRY_VISIT_JOINED);
		e.visit_joined.visit.n = visit;
		house_push(h, &e, true);
		for (int i = 0; i < 16; i++) {
			char key[40];

			snprintf(key, sizeof(key), "3f2a9c1e-7b55-4d21-9c7a-%04d", i);
			e = sample_line(visit, key, 100 + i);
			e.line.customer = sample_customer((uint8_t)visit);
			house_push(h, &e, true);
		}
		e = sample_entry(ENTRY_VISIT_CLOSED);
		e.visit_closed.visit.n = visit;
		n += 20;
		if (n < rows - 400)
			house_push(h, &e, true);
		ledger_flush(h->ledger);
		if (!ledger_room(h->ledger, false))
			house_committed(h, h->ticket);
	}
	house_close(h);
	began = thread_mono_us();
	house_open(h);
	took = (thread_mono_us() - began) / 1000;
	print_message("opened after %lld entries in %lld ms\n", (long long)rows, (long long)took);
	assert_true(took < 1000); /* the bench holds it to less, on a machine that is idle */
	assert_in_range(h->recall->remembered.visits, 20, 21);
	assert_int_equal(h->recall->remembered.visit[0].id.n, visit);
	assert_int_equal(h->recall->remembered.last_visit.n, visit);
	house_close(h);
}

/* --- the file */

static void modes(void **state)
{
	static const char *const files[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm"};
	struct house *h = *state;
	struct house inner = *h;
	char path[128];
	struct stat st;

	memcpy(inner.dir + strlen(inner.dir), "/state", sizeof("/state"));
	umask(0077);
	house_open(&inner);
	house_write(&inner, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	umask(0022);
	assert_int_equal(stat(inner.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 02750);
	for (int closed = 0; closed <= 1; closed++) {
		for (uint32_t i = 0; i < ARRAY_LEN(files); i++) {
			house_path(&inner, files[i], path);
			/* they stay after the close too: readers need them */
			assert_int_equal(stat(path, &st), 0);
			assert_int_equal(st.st_mode & 07777, 0640);
		}
		if (!closed)
			house_close(&inner);
	}
}

static void one_writer(void **state)
{
	struct house *h = *state;
	struct ledger *second;
	struct recall *recall;
	char why[200];

	house_open(h);
	assert_int_equal(ledger_open(h->dir, (struct wall){0}, &second, &recall, why), -EBUSY);
	assert_non_null(strstr(why, "written by another program"));
	house_close(h);
}

static void expect_refused(struct house *h, int error, const char *word)
{
	struct ledger *l;
	struct recall *recall;
	char why[200] = "";

	assert_int_equal(ledger_open(h->dir, (struct wall){0}, &l, &recall, why), error);
	if (!strstr(why, word))
		fail_msg("\"%s\" does not say \"%s\"", why, word);
}

static void run_sql(const struct house *h, const char *sql)
{
	sqlite3 *db = house_raw(h, "ledger.db");

	assert_int_equal(sql_exec(db, sql), SQLITE_OK);
	sqlite3_close(db);
}

static void not_ours(void **state)
{
	struct house *h = *state;
	char path[128];
	int fd;

	house_open(h);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {2}});
	house_close(h);
	run_sql(h, "PRAGMA user_version=99");
	expect_refused(h, -EPROTO, "newer program");
	run_sql(h, "PRAGMA user_version=6; PRAGMA application_id=7");
	expect_refused(h, -EBADMSG, "not a file of this program");
	run_sql(h, "PRAGMA application_id=1397443655; DROP TRIGGER entry_update;"
		   "UPDATE entry SET at = at + 1 WHERE seq = 2");
	expect_refused(h, -EBADMSG, "entry 2 is not what its hash says");
	run_sql(h, "UPDATE entry SET at = at - 1 WHERE seq = 2; UPDATE visit SET customer = x'00'");
	house_open(h);
	house_close(h);
	/* a row that cannot be: the tables are damaged */
	run_sql(h, "INSERT INTO visit(id, customer, place, price_version, opened_at)"
		   " VALUES(1, x'00', '', 1, 1)");
	expect_refused(h, -EBADMSG, "damaged");
	/* bytes over all of it */
	house_path(h, "ledger.db", path);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "this is no database, and it is not empty", 40, 0), 40);
	close(fd);
	house_path(h, "ledger.db-wal", path);
	unlink(path);
	expect_refused(h, -EBADMSG, "not a database");
	memcpy(h->dir + strlen(h->dir), "/x/y", sizeof("/x/y"));
	expect_refused(h, -ENOENT, "cannot be made");
	h->dir[strlen(h->dir) - 4] = '\0';
}

/* A child that writes as fast as it can and says what is on disk, until it is killed. */
static void write_until_killed(struct house *h, int out)
{
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);

	house_open(h);
	opened.visit_opened.visit.n = h->recall->remembered.last_visit.n + 1;
	house_write(h, &opened);
	for (uint32_t i = 0;; i++) {
		char key[16];
		struct entry line;
		struct report report;

		snprintf(key, sizeof(key), "k%u", i);
		line = sample_line(opened.visit_opened.visit.n, key, 100);
		house_push(h, &line, true);
		if (i % 5 != 4)
			continue;
		ledger_flush(h->ledger);
		report = house_committed(h, h->ticket);
		if (write(out, &report.head_seq, sizeof(report.head_seq)) < 0)
			_exit(1);
	}
}

static void killed(void **state)
{
	struct house *h = *state;
	uint64_t head = 0, said, rows;
	struct entry lost = {.kind = ENTRY_LOST, .lost = {1}};

	for (int round = 0; round < 8; round++) {
		int fds[2], status;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		if (child == 0) {
			close(fds[0]);
			write_until_killed(h, fds[1]);
		}
		close(fds[1]);
		for (int i = 0; i < 5 + 7 * round; i++)
			assert_int_equal(read(fds[0], &said, sizeof(said)), sizeof(said));
		kill(child, SIGKILL);
		/* what it said before it died, to the last word */
		while (read(fds[0], &said, sizeof(said)) == sizeof(said))
			head = said;
		close(fds[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));

		house_open(h);
		assert_true(h->recall->remembered.visits >= 1);
		rows = (uint64_t)house_number(h, "ledger.db", "SELECT max(seq) FROM entry");
		assert_true(rows >= head);
		/* five lines were under way at a time: all of them or none */
		assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) % 5 FROM line"), 0);
		house_write(h, &lost);
		house_close(h);
	}
	check_hashes(h, house_number(h, "ledger.db", "SELECT max(seq) FROM entry"));
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT (SELECT sum(total) FROM line) - (SELECT sum(total)"
				      " FROM visit)"),
			 0);
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT (SELECT sum(total) FROM line) - (SELECT sum(unbilled)"
				      " FROM balance)"),
			 0);
}

/* --- the office */

static struct entry of_office(enum office_event event, uint32_t epoch)
{
	return (struct entry){.kind = ENTRY_OFFICE,
			      .at = {1790000000000},
			      .office = {.event = event, .epoch = epoch}};
}

/* An epoch begins with the office's word, and never falls. */
static void epochs(void **state)
{
	struct house *h = *state;
	static const uint32_t expected[] = {0, 0, 1, 1, 4, 4, 4, 4};
	struct entry e;

	house_open(h);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	e = of_office(OFFICE_KEYS, 9);
	house_write(h, &e);
	e = of_office(OFFICE_ENROLLED, 1);
	house_write(h, &e);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {2}});
	e = of_office(OFFICE_EPOCH, 4);
	house_write(h, &e);
	house_close(h);
	house_open(h);
	assert_int_equal(h->recall->epoch, 4);
	e = of_office(OFFICE_EPOCH, 3);
	house_write(h, &e);
	e = of_office(OFFICE_EPOCH, 4);
	house_write(h, &e);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {3}});
	house_close(h);
	for (uint32_t i = 0; i < ARRAY_LEN(expected); i++) {
		char sql[80];

		snprintf(sql, sizeof(sql), "SELECT epoch FROM entry WHERE seq = %u", i + 1);
		assert_int_equal(house_number(h, "ledger.db", sql), expected[i]);
	}
	check_hashes(h, 8);
}

/* An epoch that falls, or begins by itself, is found by verify. */
static void epochs_forged(void **state)
{
	struct house *h = *state;
	static const struct {
		uint32_t epoch;
		enum entry_kind kind;
		const char *word;
	} forged[] = {{2, ENTRY_LOST, "without the office's word"}, {0, ENTRY_LOST, "older epoch"}};

	for (uint32_t i = 0; i < ARRAY_LEN(forged); i++) {
		struct entry e = of_office(OFFICE_ENROLLED, 1);
		uint8_t body[ENTRY_BODY_MAX], salt[SALT_SIZE] = {7};
		struct verify_result result;
		struct reader *r;
		struct store s;

		assert_int_equal(store_open(h->dir, 0, &s, h->why), 0);
		assert_int_equal(store_begin(&s), STORED_OK);
		assert_int_equal(store_append(&s, &e), STORED_OK);
		e = (struct entry){.kind = forged[i].kind, .lost = {1}};
		assert_int_equal(
			store_chain(&s, &(struct chained){.epoch = forged[i].epoch,
							  .kind = (uint16_t)e.kind,
							  .body = {body,
								   entry_encode(&e, salt, body)}}),
			STORED_OK);
		assert_int_equal(store_commit(&s), STORED_OK);
		store_close(&s);
		assert_int_equal(reader_open(h->dir, &r), 0);
		assert_int_equal(reader_verify(r, &result, NULL, NULL), 0);
		reader_close(r);
		assert_false(result.ok);
		assert_int_equal(result.bad_seq, 2);
		assert_non_null(strstr(result.why, forged[i].word));
		house_remove(h);
		assert_int_equal(mkdir(h->dir, 0700), 0);
	}
}

/* What the office has is known after a stop in order, and after the next commit; it may go back. */
static void acked_mark(void **state)
{
	struct house *h = *state;
	struct sha256 hash;
	sqlite3 *db;
	sqlite3_stmt *get;

	house_open(h);
	assert_int_equal(h->recall->acked, 0);
	for (uint32_t i = 0; i < 10; i++)
		house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {i + 1}});
	ledger_acked(h->ledger, 7);
	house_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {99}});
	assert_int_equal(
		house_number(h, "ledger.db", "SELECT value FROM meta WHERE name = 'acked'"), 7);
	ledger_acked(h->ledger, 5);
	house_close(h);
	house_open(h);
	assert_int_equal(h->recall->acked, 5);
	db = house_raw(h, "ledger.db");
	get = sql_prepare(db, "SELECT hash FROM entry WHERE seq = 5");
	assert_int_equal(sqlite3_step(get), SQLITE_ROW);
	assert_true(column_blob(get, 0, &hash, sizeof(hash)));
	sqlite3_finalize(get);
	sqlite3_close(db);
	assert_memory_equal(&h->recall->acked_hash, &hash, sizeof(hash));
	/* of what is not there nothing is kept */
	ledger_acked(h->ledger, 500);
	house_close(h);
	house_open(h);
	assert_int_equal(h->recall->acked, 5);
	house_close(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(chain),	T(triggers),	     T(derived), T(remembered), T(used_tokens),

		T(clock_floor), T(clean_stop),	     T(books),	 T(modes),	T(one_writer),
		T(not_ours),	T(start_after_many), T(killed),	 T(epochs),	T(epochs_forged),
		T(acked_mark),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
