/*
 * test_read.c: reading from another process's side: what is shown, beside a writer that goes on, of
 * files that are not there, and whether `verify` finds what was tampered with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "ledger_house.h"
#include "ledger/read.h"

static struct reader *reader;

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return reader_open(h.dir, &reader);
}

static int tear_down(void **state)
{
	reader_close(reader);
	house_remove(*state);
	return 0;
}

/* A visit with `lines` lines, the third voided, closed. */
static void write_visit(struct house *h, uint64_t visit, uint32_t lines)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	e.visit_opened.visit.n = visit;
	house_push(h, &e, true);
	e = sample_entry(ENTRY_VISIT_JOINED);
	e.visit_joined.visit.n = visit;
	house_push(h, &e, true);
	for (uint32_t i = 0; i < lines; i++) {
		char key[24];

		snprintf(key, sizeof(key), "line-%u", i);
		e = sample_line(visit, key, 100 + i);
		house_push(h, &e, true);
	}
	if (lines > 2) {
		e = sample_voided(visit, "line-2", 102);
		house_push(h, &e, true);
	}
	e = sample_entry(ENTRY_VISIT_CLOSED);
	e.visit_closed.visit.n = visit;
	house_write(h, &e);
}

static void nothing_yet(void **state)
{
	struct house *h = *state;
	struct seq_entry e;
	struct product p;
	uint64_t head = 7;

	assert_int_equal(reader_head(reader, &head), -ENOENT);
	assert_int_equal(head, 7);
	assert_int_equal(reader_entries(reader, 0, &e, 1), -ENOENT);
	assert_int_equal(reader_product(reader, (struct gtin){5}, &p), -ENOENT);
	/* and is there when it is: the same reader goes on */
	house_open(h);
	assert_int_equal(reader_head(reader, &head), 0);
	assert_int_equal(head, 0);
	assert_int_equal(reader_entries(reader, 0, &e, 1), 0);
	house_close(h);
}

static void entries(void **state)
{
	static struct seq_entry got[64];
	struct house *h = *state;
	uint64_t head;

	house_open(h);
	for (uint32_t i = 0; i < SAMPLES_ALONE; i++) {
		struct entry e = sample_entry(sample_kinds[i]);

		house_push(h, &e, true);
	}
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
	assert_int_equal(reader_head(reader, &head), 0);
	assert_int_equal(head, SAMPLES_ALONE);
	assert_int_equal(reader_entries(reader, 0, got, 64), SAMPLES_ALONE);
	for (uint32_t i = 0; i < SAMPLES_ALONE; i++) {
		struct entry e = sample_entry(sample_kinds[i]);
		char want[ENTRY_TEXT_SIZE], have[ENTRY_TEXT_SIZE];

		assert_int_equal(got[i].seq, i + 1);
		assert_true(got[i].readable && !got[i].erased);
		assert_int_equal(got[i].kind, e.kind);
		assert_int_equal(got[i].entry.at.ms, e.at.ms);
		entry_text(&e, want);
		entry_text(&got[i].entry, have);
		assert_string_equal(have, want);
	}
	assert_int_equal(reader_entries(reader, 3, got, 2), 2);
	assert_int_equal(got[0].seq, 4);
	assert_int_equal(reader_entries(reader, head, got, 64), 0);
	assert_int_equal(reader_entries(reader, UINT64_MAX, got, 64), 0);
	house_close(h);
	/* after a clean close too, and of an erased one only kind and time are left */
	assert_int_equal(house_number(h, "ledger.db",
				      "UPDATE entry SET body = NULL WHERE kind = 20"
				      " RETURNING seq"),
			 7);
	assert_int_equal(reader_entries(reader, 6, got, 1), 1);
	assert_true(got[0].erased && !got[0].readable);
	assert_int_equal(got[0].kind, ENTRY_DOOR);
	assert_int_equal(got[0].entry.at.ms, 1790000000000);
}

static void visits(void **state)
{
	static struct line lines[64];
	static char names[64 * 32];
	struct house *h = *state;
	struct entry joined = sample_entry(ENTRY_VISIT_JOINED);
	struct sha256 wrong = {{1}};
	struct visit v, all[4];
	uint32_t n;

	house_open(h);
	write_visit(h, 11, 5);
	write_visit(h, 12, 0);
	write_visit(h, 13, 1);
	assert_int_equal(reader_visit(reader, (struct visit_id){11}, NULL, &v, lines, 64, &n, names,
				      sizeof(names)),
			 1);
	assert_int_equal(n, 5);
	assert_true(v.over);
	assert_int_equal(v.lines, 4);
	assert_int_equal(money_minor(v.total), 100 + 101 + 103 + 104);
	for (uint32_t i = 0; i < n; i++) {
		char key[24];

		snprintf(key, sizeof(key), "line-%u", i);
		assert_string_equal(lines[i].key.text, key);
		assert_int_equal(lines[i].voided, i == 2);
		assert_string_equal(lines[i].name, "Mellanmj\xc3\xb6lk 1,5 l");
	}
	assert_int_equal(reader_visit(reader, (struct visit_id){11}, &joined.visit_joined.bearer,
				      &v, lines, 2, &n, names, 20),
			 1);
	assert_int_equal(n, 2);
	assert_string_equal(lines[1].name, ""); /* no room for its name */
	assert_int_equal(reader_visit(reader, (struct visit_id){11}, &wrong, &v, lines, 64, &n,
				      names, sizeof(names)),
			 0);
	assert_int_equal(reader_visit(reader, (struct visit_id){10}, NULL, &v, lines, 64, &n, names,
				      sizeof(names)),
			 0);
	assert_int_equal(reader_visit(reader, (struct visit_id){UINT64_MAX}, NULL, &v, lines, 64,
				      &n, names, sizeof(names)),
			 0);
	assert_int_equal(reader_visits(reader, all, 2), 2);
	assert_int_equal(all[0].id.n, 13);
	assert_int_equal(all[1].id.n, 12);
	house_close(h);
}

/* --- beside a writer */

static void beside_writer(void **state)
{
	static struct line lines[256];
	static char names[256 * 32];
	struct house *h = *state;
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);
	uint64_t head, seen = 0;
	struct visit v;
	uint32_t n;

	house_open(h);
	house_write(h, &opened);
	for (uint32_t i = 0; i < 200; i++) {
		struct money sum = MONEY_ZERO;
		struct entry e;
		char key[24];

		snprintf(key, sizeof(key), "%u", i);
		e = sample_line(5, key, 100 + i);
		house_push(h, &e, true);
		ledger_flush(h->ledger);
		/* at any moment what is seen fits together, and never goes back */
		assert_int_equal(reader_head(reader, &head), 0);
		assert_true(head >= seen && head <= h->ticket);
		seen = head;
		assert_int_equal(reader_visit(reader, (struct visit_id){5}, NULL, &v, lines, 256,
					      &n, names, sizeof(names)),
				 1);
		assert_int_equal(v.lines, n);
		for (uint32_t j = 0; j < n; j++)
			assert_true(money_add(sum, lines[j].total, &sum));
		assert_int_equal(money_compare(sum, v.total), 0);
	}
	/* what is reported as on disk can be read */
	head = house_committed(h, h->ticket).head_seq;
	assert_int_equal(reader_head(reader, &seen), 0);
	assert_int_equal(seen, head);
	house_close(h);
}

/* After a writer that was killed, and after another file has come in its place. */
static void after_a_kill(void **state)
{
	struct house *h = *state;
	int fds[2], status;
	uint64_t head;
	pid_t child;
	char from[128], to[128];
	static const char *const parts[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm"};

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		house_open(h);
		write_visit(h, 5, 20);
		if (write(fds[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(fds[0], from, 1), 1);
	assert_int_equal(reader_head(reader, &head), 0);
	assert_int_equal(head, 24);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(reader_head(reader, &head), 0);
	assert_int_equal(head, 24);
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		house_path(h, parts[i], from);
		snprintf(to, sizeof(to), "%.100s.old", from);
		assert_int_equal(rename(from, to), 0);
	}
	assert_int_equal(reader_head(reader, &head), -ENOENT);
	house_open(h);
	write_visit(h, 5, 0);
	assert_int_equal(reader_head(reader, &head), 0);
	assert_int_equal(head, 3);
	house_close(h);
	close(fds[0]);
	close(fds[1]);
}

/* --- verify */

static struct verify_result verify(void)
{
	struct verify_result result;

	assert_int_equal(reader_verify(reader, &result, NULL, NULL), 0);
	return result;
}

static void tamper(const struct house *h, const char *sql)
{
	sqlite3 *db;

	/* in one process SQLite shares what the reader has opened for reading only */
	reader_close(reader);
	db = house_raw(h, "ledger.db");
	assert_int_equal(sql_exec(db, "DROP TRIGGER IF EXISTS entry_update;"
				      "DROP TRIGGER IF EXISTS entry_delete;"
				      "DROP TRIGGER IF EXISTS entry_insert"),
			 SQLITE_OK);
	assert_int_equal(sql_exec(db, sql), SQLITE_OK);
	assert_true(sqlite3_changes(db) > 0);
	sqlite3_close(db);
	assert_int_equal(reader_open(h->dir, &reader), 0);
}

static void expect_bad(uint64_t seq, const char *word)
{
	struct verify_result result = verify();

	assert_false(result.ok);
	if (seq != 0)
		assert_int_equal(result.bad_seq, seq);
	if (!strstr(result.why, word))
		fail_msg("\"%s\" does not say \"%s\"", result.why, word);
}

static void verify_finds(void **state)
{
	/* entry 3 is a line with the key "line-0"; each harm is put right after the look */
	static const struct {
		const char *harm, *mend, *word;
		uint64_t seq;
	} harms[] = {
		{"UPDATE entry SET at = at + 1 WHERE seq = 3",
		 "UPDATE entry SET at = at - 1 WHERE seq = 3", "what its hash says", 3},
		{"UPDATE entry SET kind = 20 WHERE seq = 3",
		 "UPDATE entry SET kind = 50 WHERE seq = 3", "what its hash says", 3},
		{"UPDATE entry SET epoch = 1 WHERE seq = 3",
		 "UPDATE entry SET epoch = 0 WHERE seq = 3", "what its hash says", 3},
		{"UPDATE entry SET body = cast(substr(body, 1, 20) || 'L' || substr(body, 22) AS"
		 " BLOB) WHERE seq = 3",
		 "UPDATE entry SET body = cast(substr(body, 1, 20) || 'l' || substr(body, 22) AS"
		 " BLOB) WHERE seq = 3",
		 "not the one that was recorded", 3},
		{"UPDATE line SET total = total - 1 WHERE key = 'line-0'",
		 "UPDATE line SET total = total + 1 WHERE key = 'line-0'",
		 "the table of lines differs", 0},
		{"UPDATE line SET voided = 3 WHERE key = 'line-1'",
		 "UPDATE line SET voided = 0 WHERE key = 'line-1'", "other voids", 0},
		{"UPDATE balance SET unbilled = unbilled - 100",
		 "UPDATE balance SET unbilled = unbilled + 100", "balances", 0},
		{"DELETE FROM entry WHERE seq = 4", NULL, "missing", 4},
	};
	struct house *h = *state;
	struct entry admitted = sample_entry(ENTRY_ADMITTED);
	struct verify_result before, after;

	house_open(h);
	write_visit(h, 5, 4);
	house_write(h, &admitted);
	house_write(h, &admitted);
	house_close(h);
	before = verify();
	assert_true(before.ok);
	assert_int_equal(before.entries, 10);
	assert_int_equal(before.erased, 0);
	/* an erasure that is allowed breaks nothing */
	tamper(h, "UPDATE entry SET body = NULL WHERE seq = 9");
	after = verify();
	assert_true(after.ok);
	assert_int_equal(after.erased, 1);
	assert_memory_equal(&after.head, &before.head, sizeof(before.head));
	for (uint32_t i = 0; i < ARRAY_LEN(harms); i++) {
		tamper(h, harms[i].harm);
		expect_bad(harms[i].seq, harms[i].word);
		if (!harms[i].mend)
			continue;
		tamper(h, harms[i].mend);
		assert_true(verify().ok);
	}
}

static void verify_finds_erasure(void **state)
{
	struct house *h = *state;

	house_open(h);
	write_visit(h, 5, 4);
	house_close(h);
	tamper(h, "UPDATE entry SET body = NULL WHERE kind = 50 AND seq = 3");
	expect_bad(3, "never erased");
}

/* A rewritten chain whose every hash is right from there on is found at the seam. */
static void verify_finds_a_seam(void **state)
{
	struct house *h = *state;

	house_open(h);
	write_visit(h, 5, 4);
	house_close(h);
	tamper(h, "UPDATE entry SET prev_hash = zeroblob(32) WHERE seq = 4");
	expect_bad(4, "does not follow");
}

/* The writer trusts the core that a key comes once in a visit; here somebody looks. */
static void verify_finds_a_repeat(void **state)
{
	struct house *h = *state;
	struct entry line = sample_line(6, "line-1", 100);

	house_open(h);
	write_visit(h, 5, 4);
	house_write(h, &line); /* the same key of another visit is another purchase */
	assert_true(verify().ok);
	line = sample_line(5, "line-1", 100);
	house_write(h, &line);
	expect_bad(0, "the same key");
	house_close(h);
}

static void told_progress(void *data, uint64_t done, uint64_t all)
{
	uint64_t *last = data;

	assert_true(done >= *last && done <= all);
	*last = done;
}

static void verify_while_written(void **state)
{
	struct house *h = *state;
	struct verify_result result;
	uint64_t last = 0;

	house_open(h);
	for (uint64_t visit = 1; visit <= 60; visit++) {
		struct entry e = sample_entry(ENTRY_LOST);

		write_visit(h, visit, 400);
		/* and some that are under way while it is read */
		house_push(h, &e, true);
		ledger_flush(h->ledger);
		if (visit % 20 != 0)
			continue;
		assert_int_equal(reader_verify(reader, &result, told_progress, &last), 0);
		if (!result.ok)
			fail_msg("entry %llu: %s", (unsigned long long)result.bad_seq, result.why);
		assert_true(result.entries >= (visit - 1) * 404);
		last = 0;
	}
	house_close(h);
	assert_int_equal(verify().entries, 60 * 405);
}

/* --- as they are carried */

struct carried {
	uint64_t first, last;
	uint32_t n, enough, erased;
	bool over;
};

/* Every byte that the hash is made of, and the hash. */
static bool carry(void *data, const struct raw_entry *e)
{
	static EVP_MD_CTX *hash;
	static EVP_MD *sha256;
	static struct sha256 before;
	struct carried *c = data;
	struct chain_entry link;
	struct sha256 again;

	if (!hash) {
		hash = EVP_MD_CTX_new();
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	}
	if (!e) { /* from the beginning */
		c->over = true;
		c->n = c->erased = 0;
		return true;
	}
	link = (struct chain_entry){.epoch = e->epoch, .seq = e->seq, .at = e->at, .kind = e->kind};
	if (e->erased)
		memcpy(&link.body_hash, e->body.data, sizeof(link.body_hash));
	else
		link.body_hash = chain_sha256(hash, sha256, e->body);
	if (e->seq == 1)
		before = (struct sha256){{0}};
	if (c->n > 0 || e->seq == 1) {
		link.prev_hash = before;
		again = chain_hash(hash, sha256, &link);
		assert_memory_equal(&again, &e->hash, sizeof(again));
	}
	before = e->hash;
	if (c->n == 0)
		c->first = e->seq;
	else
		assert_int_equal(e->seq, c->last + 1);
	if (c->enough > 0 && c->n == c->enough)
		return false;
	c->last = e->seq;
	c->n++;
	c->erased += e->erased;
	return true;
}

static void raw(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_REFUSED);
	struct carried c = {0};
	sqlite3 *db;

	assert_int_equal(reader_raw(reader, 0, 10, carry, &c), -ENOENT);
	house_open(h);
	assert_int_equal(reader_raw(reader, 0, 10, carry, &c), 0);
	for (uint64_t visit = 1; visit <= 8; visit++)
		write_visit(h, visit, 400);
	house_write(h, &e);
	db = house_raw(h, "ledger.db");
	assert_int_equal(sql_exec(db, "UPDATE entry SET body = NULL WHERE kind = 11"), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(reader_raw(reader, 0, 10000, carry, &c), 8 * 404 + 1);
	assert_int_equal(c.last, 8 * 404 + 1);
	assert_int_equal(c.erased, 1);
	c = (struct carried){0};
	assert_int_equal(reader_raw(reader, 1000, 1500, carry, &c), 1500);
	assert_int_equal(c.first, 1001);
	assert_int_equal(c.last, 2500);
	c = (struct carried){.enough = 1100};
	assert_int_equal(reader_raw(reader, 5, 3000, carry, &c), 1100);
	assert_int_equal(c.last, 1105);
	c = (struct carried){0};
	assert_int_equal(reader_raw(reader, 8 * 404 + 1, 10, carry, &c), 0);
	assert_int_equal(reader_raw(reader, UINT64_MAX, 10, carry, &c), 0);
	assert_int_equal(reader_raw(reader, 0, 0, carry, &c), 0);
	assert_false(c.over);
	house_close(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(nothing_yet),
		T(entries),
		T(visits),
		T(beside_writer),
		T(after_a_kill),
		T(verify_finds),
		T(verify_finds_erasure),
		T(verify_finds_a_seam),
		T(verify_finds_a_repeat),
		T(verify_while_written),
		T(raw),
	};

	return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
