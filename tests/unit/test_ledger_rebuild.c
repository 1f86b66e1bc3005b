/*
 * test_ledger_rebuild.c: the tables follow from the entries and from nothing else: after a rich
 * history by lot, after a migration from the first form, after a rebuilding that was cut short; and
 * what was changed by hand is found.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "ledger_history.h"

/* --- a dump of every table, to hold two files against each other */

struct dump {
	char *text;
	size_t len;
};

static void dump_rows(sqlite3 *db, const char *table, FILE *out)
{
	char sql[128];
	sqlite3_stmt *rows;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2", table);
	rows = sql_prepare(db, sql);
	assert_non_null(rows);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		fprintf(out, "%s", table);
		for (int i = 0; i < sqlite3_column_count(rows); i++) {
			fprintf(out, "|%d:", sqlite3_column_type(rows, i));
			if (sqlite3_column_bytes(rows, i) > 0)
				fwrite(sqlite3_column_blob(rows, i), 1,
				       (size_t)sqlite3_column_bytes(rows, i), out);
		}
		fputc('\n', out);
	}
	sqlite3_finalize(rows);
}

/* Everything but the entries; also what is in no table of the list that rebuilding goes by. */
static struct dump dump_of(struct shop *h)
{
	sqlite3 *db = h->store.writer.db;
	struct dump d = {0};
	FILE *out = open_memstream(&d.text, &d.len);
	sqlite3_stmt *tables = sql_prepare(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"
					       " AND name <> 'entry' ORDER BY name");

	assert_non_null(out);
	while (sqlite3_step(tables) == SQLITE_ROW)
		dump_rows(db, (const char *)sqlite3_column_text(tables, 0), out);
	sqlite3_finalize(tables);
	fclose(out);
	return d;
}

static void assert_same_dump(struct dump a, struct dump b)
{
	size_t at = 0, line = 0;

	while (at < a.len && at < b.len && a.text[at] == b.text[at]) {
		if (a.text[at] == '\n')
			line = at + 1;
		at++;
	}
	if (a.len != b.len || at != a.len)
		fail_msg("%.200s\n  and\n%.200s", a.text + line, b.text + line);
	free(a.text);
	free(b.text);
}

static void run_sql(struct shop *h, const char *sql)
{
	if (sql_exec(h->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(h->store.writer.db));
}

/* --- rebuilding */

static void history_by_lot(void **state)
{
	struct shop *h = *state;
	const uint64_t seeds[] = {1, 2, 3, 20261122};
	struct dump before;

	for (uint32_t i = 0; i < ARRAY_LEN(seeds); i++) {
		struct history *y = begin_history(h, seeds[i]);

		print_message("seed %llu\n", (unsigned long long)seeds[i]);
		live(y, 3000);
		assert_true(y->invoices > 10 && y->lines > 500);
		shop_check_books(h);
		shop_check_rebuild(h);
		/* the same again, by the shop's own program as it opens */
		before = dump_of(h);
		run_sql(h, "UPDATE meta SET value = 0 WHERE name = 'derived'; DELETE FROM stock;"
			   "UPDATE balance SET unpaid = 7");
		shop_close(h);
		shop_open(h);
		assert_same_dump(before, dump_of(h));
		shop_close(h);
		free(y);
		nftw(h->dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
		assert_int_equal(mkdir(h->dir, 0700), 0);
	}
}

/* Tables that know of the first entries alone, as a rebuilding leaves them that is cut short. */
static void cut_short(void **state)
{
	struct shop *h = *state;
	struct shop early = {0};
	struct history *y = begin_history(h, 7);
	char sql[256];

	snprintf(early.dir, sizeof(early.dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(early.dir));
	live(y, 1500);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s/ledger.db'", early.dir);
	run_sql(h, sql);
	live(y, 1500);
	shop_open(&early);
	snprintf(sql, sizeof(sql),
		 "ATTACH '%s/ledger.db' AS whole; INSERT INTO main.entry SELECT * FROM whole.entry"
		 " WHERE seq > (SELECT max(seq) FROM main.entry); DETACH whole",
		 h->dir);
	run_sql(&early, sql);
	shop_close(&early);
	shop_open(&early);
	assert_same_dump(dump_of(h), dump_of(&early));
	assert_int_equal(early.store.head.seq, h->store.head.seq);
	assert_memory_equal(&early.store.head.tax, &h->store.head.tax, sizeof(h->store.head.tax));
	assert_memory_equal(&early.store.head.chart, &h->store.head.chart,
			    sizeof(h->store.head.chart));
	shop_check_rebuild(&early);
	/* and it goes on as if nothing had been */
	shop_begin(&early);
	shop_add(&early, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	shop_commit(&early);
	shop_close(&early);
	nftw(early.dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(y);
}

/* The disk is full at any page that the books need: nothing of the transaction is there. */
static void full_disk(void **state)
{
	struct shop *h = *state;
	struct history *y = begin_history(h, 13);
	uint32_t times = 0;

	live(y, 400);
	for (uint32_t more = 0; more < 12; more++) {
		uint64_t before = h->store.head.seq;
		struct history *kept = malloc(sizeof(*kept));
		char sql[64];

		assert_non_null(kept);
		*kept = *y;
		snprintf(sql, sizeof(sql), "PRAGMA max_page_count=%lld",
			 (long long)shop_number(h, "PRAGMA page_count") + more);
		run_sql(h, sql);
		shop_begin(h);
		for (uint32_t i = 0; i < 2000 && !y->full; i++)
			lot(y);
		times += y->full;
		store_rollback(&h->store);
		kept->random = y->random;
		*y = *kept;
		free(kept);
		run_sql(h, "PRAGMA max_page_count=1000000");
		assert_int_equal(h->store.head.seq, before);
		shop_check_books(h);
		shop_check_rebuild(h);
		live(y, 50);
	}
	assert_int_equal(times, 12);
	shop_check_rebuild(h);
	free(y);
}

struct told {
	uint32_t times;
	uint64_t done, all;
};

static void tell(void *data, uint64_t done, uint64_t all)
{
	struct told *t = data;

	assert_true(done > t->done && done <= all);
	*t = (struct told){t->times + 1, done, all};
}

static void open_and_sell(struct shop *h)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	shop_write(h, &e);
	e = sample_entry(ENTRY_LINE);
	shop_write(h, &e);
}

/* In transactions of bounded size, with word of how far it is. */
static void in_parts(void **state)
{
	struct shop *h = *state;
	const struct entry e = {.kind = ENTRY_LOST, .lost = {1}};
	struct told told = {0};
	char why[WHY_MAX];

	shop_open(h);
	shop_begin(h);
	for (uint32_t i = 0; i < 12000; i++)
		shop_add(h, &e);
	shop_commit(h);
	run_sql(h, "DELETE FROM meta WHERE name = 'derived'");
	assert_int_equal(store_rebuild(&h->store, tell, &told, why), 0);
	assert_true(told.times >= 3);
	assert_int_equal(told.done, 12000);
	assert_int_equal(told.all, 12000);
	told = (struct told){0};
	assert_int_equal(store_rebuild(&h->store, tell, &told, why), 0);
	assert_int_equal(told.times, 0); /* nothing was behind */

	/* what was at hand of a table is not taken for what is in it now */
	open_and_sell(h);
	run_sql(h, "UPDATE meta SET value = 0 WHERE name = 'derived'");
	assert_int_equal(store_rebuild(&h->store, NULL, NULL, why), 0);
	assert_int_equal(shop_number(h, "SELECT on_hand FROM stock"), -2000);
	shop_check_rebuild(h);
}

/* --- a file of the first form */

struct old_file {
	sqlite3 *db;
	EVP_MD_CTX *hash;
	EVP_MD *sha256;
	struct chain_entry last;
	struct sha256 head;
};

static void old_append(struct old_file *f, enum entry_kind kind, int64_t at, struct builder *body)
{
	sqlite3_stmt *insert = sql_prepare(
		f->db, "INSERT INTO entry(epoch, seq, at, kind, body, body_hash, prev_hash, hash)"
		       " VALUES(0, ?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	struct chain_entry link = {
		.seq = f->last.seq + 1,
		.at = {at},
		.kind = (uint16_t)kind,
		.body_hash = chain_sha256(f->hash, f->sha256, (struct span){body->data, body->len}),
		.prev_hash = f->head,
	};

	assert_false(body->failed);
	assert_non_null(insert);
	f->head = chain_hash(f->hash, f->sha256, &link);
	bind_u64(insert, 1, link.seq);
	bind_i64(insert, 2, at);
	bind_u64(insert, 3, (uint64_t)kind);
	bind_blob(insert, 4, body->data, body->len);
	bind_blob(insert, 5, link.body_hash.byte, 32);
	bind_blob(insert, 6, link.prev_hash.byte, 32);
	bind_blob(insert, 7, f->head.byte, 32);
	assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
	sqlite3_finalize(insert);
	f->last = link;
}

static const uint8_t salt[SALT_SIZE] = {7};

static struct builder old_body(uint8_t *room, uint32_t fields)
{
	struct builder b = builder_of(room, ENTRY_BODY_MAX);

	cbor_put_array(&b, 1 + fields);
	cbor_put_bytes(&b, salt, sizeof(salt));
	return b;
}

/* The forms of entries as they were: four fields of a start, thirteen of a line. */
static void old_start(struct old_file *f, int64_t at, bool trusted)
{
	uint8_t room[ENTRY_BODY_MAX];
	struct builder b = old_body(room, 4);
	const uint8_t boot[BOOT_ID_SIZE] = {1};

	cbor_put_bytes(&b, boot, sizeof(boot));
	cbor_put_uint(&b, 5);
	cbor_put_bool(&b, true);
	cbor_put_bool(&b, trusted);
	old_append(f, ENTRY_START, at, &b);
}

static void old_line(struct old_file *f, int64_t at, const char *key, int64_t total)
{
	uint8_t room[ENTRY_BODY_MAX];
	struct builder b = old_body(room, 13);
	struct customer customer = sample_customer(0xc0);

	cbor_put_uint(&b, 5);
	cbor_put_text(&b, key, (uint32_t)strlen(key));
	cbor_put_bytes(&b, customer.byte, sizeof(customer.byte));
	cbor_put_uint(&b, 7310865004703);
	cbor_put_text(&b, "Milk", 4);
	cbor_put_uint(&b, 1000);
	cbor_put_int(&b, total);
	cbor_put_int(&b, total);
	cbor_put_uint(&b, 1200);
	cbor_put_uint(&b, CLASS_GROCERY);
	cbor_put_uint(&b, 7);
	cbor_put_uint(&b, 0);
	cbor_put_bool(&b, false);
	old_append(f, ENTRY_LINE, at, &b);
}

static void same_as_now(struct old_file *f, const struct entry *e)
{
	uint8_t room[ENTRY_BODY_MAX];
	struct builder b = builder_of(room, sizeof(room));

	b.len = entry_encode(e, salt, room);
	old_append(f, e->kind, e->at.ms, &b);
}

static void make_old_file(struct shop *h, struct old_file *f)
{
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);
	struct entry voided = sample_voided(5, "k-2", 2000);
	char path[128];

	snprintf(path, sizeof(path), "%s/ledger.db", h->dir);
	assert_int_equal(sqlite3_open(path, &f->db), SQLITE_OK);
	f->hash = EVP_MD_CTX_new();
	f->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	assert_int_equal(sql_exec(f->db, "PRAGMA journal_mode=WAL"), SQLITE_OK);
	assert_int_equal(sql_exec(f->db, ledger_file.migration[0]), SQLITE_OK);
	assert_int_equal(sql_exec(f->db, "PRAGMA application_id=1397443655; PRAGMA user_version=1;"
					 "INSERT INTO meta VALUES('running', 1),"
					 " ('mode of front', 4), ('clock_floor', 17),"
					 " ('clock_trusted', 1);"
					 "INSERT INTO visit(id, customer, place, price_version,"
					 " opened_at) VALUES(9, x'00', '', 1, 1)"),
			 SQLITE_OK);
	old_start(f, T0, true);
	same_as_now(f, &opened);
	old_line(f, T0 + 1000, "k-1", 3100);
	old_line(f, T0 + 2000, "k-2", 2000);
	same_as_now(f, &voided);
	assert_int_equal(sqlite3_close(f->db), SQLITE_OK);
	EVP_MD_CTX_free(f->hash);
	EVP_MD_free(f->sha256);
}

static void first_form(void **state)
{
	struct shop *h = *state;
	struct old_file f = {0};

	make_old_file(h, &f);
	shop_open(h);
	assert_int_equal(h->store.head.seq, 5);
	assert_memory_equal(&h->store.head.hash, &f.head, sizeof(f.head));
	assert_int_equal(shop_number(h, "PRAGMA user_version"), ledger_file.migrations);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM sqlite_master WHERE name IN"
					" ('entry_update', 'entry_erasable') AND sql LIKE"
					" '%%(10, 11, 12, 20, 85)%%'"),
			 2);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM line"), 2);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM visit"), 1);
	assert_int_equal(shop_number(h, "SELECT list_price FROM line WHERE seq = 3"), 3100);
	assert_int_equal(shop_number(h, "SELECT bought FROM line WHERE seq = 3"), 20717);
	assert_int_equal(shop_number(h, "SELECT day_sure FROM line WHERE seq = 3"), 1);
	assert_int_equal(shop_posted(h, 3, 2621), -332);
	assert_int_equal(shop_account(h, 1510), 3100);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 3100);
	assert_int_equal(shop_number(h, "SELECT on_hand FROM stock"), -1000);
	/* the notes that outlive their entries, and one that is ahead of them */
	assert_int_equal(shop_number(h, "SELECT value FROM meta WHERE name = 'mode of front'"), 4);
	assert_true(h->store.head.running);
	assert_int_equal(h->store.head.clock_floor.ms, T0);
	assert_int_equal(shop_number(h, "SELECT value FROM meta WHERE name = 'derived'"), 5);
	shop_check_books(h);
	run_sql(h, "DELETE FROM meta WHERE name = 'mode of front'"); /* no entry tells of it */
	shop_check_rebuild(h);
}

/* --- what differs is found */

static void planted(void **state)
{
	static const struct {
		const char *sql, *table, *key, *why;
	} faults[] = {
		{"UPDATE balance SET unpaid = unpaid + 1 WHERE customer = (SELECT min(customer)"
		 " FROM balance)",
		 "balance", "10111213", "unpaid is "},
		{"UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM posting)",
		 "posting", NULL, "amount is "},
		{"UPDATE line SET vat = vat + 1 WHERE seq = (SELECT max(seq) FROM line)", "line",
		 NULL, "vat is "},
		{"DELETE FROM line WHERE seq = (SELECT max(seq) FROM line)", "line", NULL,
		 "missing"},
		{"INSERT INTO stock(gtin) VALUES(99999999999999)", "stock", "99999999999999",
		 "no entry tells"},
		{"DELETE FROM invoice_pack WHERE invoice = 2026000001", "invoice_pack", NULL,
		 "other rows"},
		{"UPDATE meta SET value = value + 1 WHERE name = 'clock_floor'", "meta",
		 "clock_floor", "value is "},
		{"UPDATE meta SET value = value - 1 WHERE name = 'derived'", "meta", "derived",
		 "value is "},
		{"DELETE FROM desk_key WHERE key = (SELECT max(key) FROM desk_key)", "desk_key",
		 NULL, "missing"},
	};
	struct shop *h = *state;
	struct history *y = begin_history(h, 11);
	struct rebuild_found found;

	live(y, 1200);
	shop_check_rebuild(h);
	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		run_sql(h, "BEGIN");
		run_sql(h, faults[i].sql);
		assert_int_equal(sqlite3_changes(h->store.writer.db), 1);
		run_sql(h, "COMMIT");
		assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), 0);
		assert_false(found.ok);
		assert_string_equal(found.table, faults[i].table);
		if (faults[i].key)
			assert_string_equal(found.key, faults[i].key);
		if (!strstr(found.why, faults[i].why))
			fail_msg("%s: %s: %s", faults[i].sql, found.key, found.why);
		/* made right by the shop's own program */
		run_sql(h, "UPDATE meta SET value = 0 WHERE name = 'derived'");
		shop_close(h);
		shop_open(h);
		shop_check_rebuild(h);
	}
	free(y);
}

/* An entry that no program of ours would have written: the chain is not what is looked at here. */
static void forge(struct shop *h, const struct entry *e)
{
	uint8_t body[ENTRY_BODY_MAX];
	uint32_t len = entry_encode(e, salt, body);
	sqlite3_stmt *insert = sql_prepare(
		h->store.writer.db,
		"INSERT INTO entry SELECT 0, max(seq) + 1, ?1, ?2, ?3, zeroblob(32), zeroblob(32),"
		" zeroblob(32) FROM entry");

	assert_non_null(insert);
	bind_i64(insert, 1, e->at.ms);
	bind_u64(insert, 2, (uint64_t)e->kind);
	bind_blob(insert, 3, body, len);
	assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
	sqlite3_finalize(insert);
}

static struct entry forgery(uint32_t which)
{
	static const enum entry_kind kinds[] = {
		ENTRY_LINE_VOIDED,	ENTRY_LINE_CREDITED, ENTRY_INVOICE_LINES,
		ENTRY_INVOICE,		ENTRY_CREDIT_NOTE,   ENTRY_CREDIT_NOTE,
		ENTRY_PAYMENT_ASSIGNED, ENTRY_VISIT_OPENED,  ENTRY_LINE,
	};
	struct entry e;

	if (which == ARRAY_LEN(kinds))
		return (struct entry){0};
	e = sample_entry(kinds[which]);
	if (e.kind == ENTRY_LINE_VOIDED)
		e.line_voided.total = money_of(1); /* the line is there, and cost more */
	if (e.kind == ENTRY_INVOICE)
		e.invoice.rounding = money_of(1);
	if (which == 5)
		e.credit_note.line = 0;
	if (e.kind == ENTRY_LINE)
		e.line.total = money_of(INT64_MAX);
	return e;
}

/* A forged entry is told by its number; nothing ends for it. */
static void forged(void **state)
{
	struct shop *h = *state;
	struct rebuild_found found;
	struct entry e;

	for (uint32_t i = 0; (e = forgery(i)).kind != 0; i++) {
		shop_open(h);
		open_and_sell(h);
		forge(h, &e);
		assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), -EBADMSG);
		assert_false(found.ok);
		assert_string_equal(found.table, "entry");
		assert_string_equal(found.key, "3");
		assert_non_null(strstr(found.why, "cannot follow"));
		shop_close(h);
		nftw(h->dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
		assert_int_equal(mkdir(h->dir, 0700), 0);
	}
}

struct writer {
	struct history *history;
	_Atomic bool stop;
	uint32_t times;
};

static void *write_on(void *data)
{
	struct writer *w = data;

	while (!w->stop && w->times++ < 400)
		live(w->history, 20);
	return NULL;
}

/* The shop goes on while its books are looked at: what is compared is always of one moment. */
static void while_the_shop_writes(void **state)
{
	struct shop *h = *state;
	struct writer w = {.history = begin_history(h, 17)};
	struct rebuild_found found;
	uint64_t before;
	pthread_t thread;

	live(w.history, 2000);
	before = h->store.head.seq;
	assert_int_equal(pthread_create(&thread, NULL, write_on, &w), 0);
	for (uint32_t i = 0; i < 4 || (found.entries <= before && i < 200); i++) {
		assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), 0);
		if (!found.ok) /* the thread is ours to end first */
			break;
	}
	w.stop = true;
	pthread_join(thread, NULL);
	if (!found.ok)
		fail_msg("%s %s: %s", found.table, found.key, found.why);
	assert_true(found.entries > before);
	shop_check_rebuild(h);
	free(w.history);
}

/* Door rows whose bodies are gone take nothing of the books with them. */
static void erased(void **state)
{
	struct shop *h = *state;
	struct history *y = begin_history(h, 5);
	struct rebuild_found found;
	struct dump before;

	live(y, 1000);
	run_sql(h, "UPDATE entry SET body = NULL WHERE kind IN (10, 11, 12, 20, 85) AND seq <"
		   " (SELECT max(seq) FROM entry)");
	assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), 0);
	assert_true(found.ok);
	assert_true(found.erased > 5);
	run_sql(h, "DELETE FROM token_used"); /* what an erased row told of is gone with it */
	before = dump_of(h);
	run_sql(h, "UPDATE meta SET value = 0 WHERE name = 'derived'");
	shop_close(h);
	shop_open(h);
	assert_same_dump(before, dump_of(h));
	free(y);
}

static void not_to_be_checked(void **state)
{
	struct shop *h = *state;
	struct rebuild_found found;
	struct old_file f = {0};

	assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), -ENOENT);
	assert_false(found.ok);
	assert_non_null(strstr(found.why, "ledger.db"));
	make_old_file(h, &f);
	assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), -EPROTO);
	assert_non_null(strstr(found.why, "of form 1"));
	shop_open(h);
	run_sql(h, "PRAGMA application_id=7");
	assert_int_equal(ledger_rebuild_check(h->dir, &found, NULL, NULL), -EBADMSG);
}

/* A folder's name is no part of a URI that could say more than it should. */
static void odd_folder(void **state)
{
	struct shop *h = *state;
	struct shop odd = {0};
	const struct entry e = {.kind = ENTRY_LOST, .lost = {1}};

	snprintf(odd.dir, sizeof(odd.dir), "%.40s/a %%41?b=#c", h->dir);
	shop_open(&odd);
	shop_write(&odd, &e);
	shop_check_rebuild(&odd);
	shop_close(&odd);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(history_by_lot),
		UNIT(cut_short),
		UNIT(full_disk),
		UNIT(in_parts),
		UNIT(first_form),
		UNIT(planted),
		UNIT(erased),
		UNIT(forged),
		UNIT(while_the_shop_writes),
		UNIT(not_to_be_checked),
		UNIT(odd_folder),
	};

	return cmocka_run_group_tests_name("ledger_rebuild", tests, NULL, NULL);
}
