/*
 * verify.c: whether the ledger still says what it said. It recomputes the hash of every body that
 * is there and of every link, finds gaps, and holds the lines' table, which people are billed from,
 * against the entries that it was derived from. It believes no column that it can compute.
 *
 * It reads in short queries while the shop goes on; what is appended meanwhile is read too, up to
 * the point where a last look finds nothing new. A ledger whose end was cut off is a shorter true
 * one: that only the office's copy of the head can tell (contracts 5).
 */
#include "ledger/reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	ROWS_A_QUERY = 10000,
	/* the shop may write all the time: after so many looks the balances are not compared */
	LAST_LOOKS = 20,
};

/* What tells one purchase from another: the first bytes of a hash over visit and key. Two different
 * ones of a million share it once in thirty million ledgers. */
struct keys {
	uint64_t *key;
	size_t count, size;
};

struct sums {
	uint64_t lines;
	struct money total;
};

struct check {
	struct verify_result *ret;
	EVP_MD_CTX *hash;
	EVP_MD *sha256;
	uint64_t all;	     /* entries, as known so far */
	uint64_t last, from; /* seq of the newest that was checked; of the one before this query */
	struct sha256 head;
	uint32_t epoch;				   /* of that newest */
	struct sums lines;			   /* of the line entries in this query */
	struct sums scanned, voided, voided_table; /* of all so far */
	struct sums
		billed;	  /* of all so far: invoices, and lines credited before they were on one */
	struct keys keys; /* of all purchases so far */
	/* the query's own, kept when it is run again */
	size_t keys_before;
	uint64_t last_before;
	struct verify_result result_before;
	struct sums scanned_before, voided_before, billed_before;
	struct sha256 head_before;
	uint32_t epoch_before;
};

__attribute__((format(printf, 3, 4))) static void bad(struct check *c, uint64_t seq,
						      const char *format, ...)
{
	va_list arguments;

	if (!c->ret->ok)
		return;
	c->ret->ok = false;
	c->ret->bad_seq = seq;
	va_start(arguments, format);
	vsnprintf(c->ret->why, sizeof(c->ret->why), format, arguments);
	va_end(arguments);
}

static bool add(struct sums *sums, struct money amount)
{
	sums->lines++;
	return money_add(sums->total, amount, &sums->total);
}

/* The core promises that a line's key comes once in a visit: twice would be paid twice. */
static void keep_key(struct check *c, const struct entry_line *l)
{
	uint8_t bytes[sizeof(l->visit.n) + NAME_MAX_LEN];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct keys *k = &c->keys;
	struct sha256 sum;

	build_u64(&b, l->visit.n);
	build_bytes(&b, l->key.text, (uint32_t)strlen(l->key.text));
	CHECK(!b.failed);
	sum = chain_sha256(c->hash, c->sha256, (struct span){bytes, b.len});
	if (k->count == k->size) {
		k->size = k->size ? 2 * k->size : 4096;
		k->key = realloc(k->key, k->size * sizeof(*k->key));
		CHECK(k->key);
	}
	memcpy(&k->key[k->count++], sum.byte, sizeof(*k->key));
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void check_keys(struct check *c)
{
	const struct keys *k = &c->keys;

	if (k->count > 0)
		qsort(k->key, k->count, sizeof(*k->key), by_value);
	for (size_t i = 1; i < k->count; i++)
		if (k->key[i] == k->key[i - 1])
			bad(c, c->last, "two purchases of one visit have the same key");
}

/* What an entry says about money, so that the tables can be held against it. */
static void count_money(struct check *c, uint64_t seq, uint16_t kind, struct span body)
{
	struct entry e;

	if (kind != ENTRY_LINE && kind != ENTRY_LINE_VOIDED && kind != ENTRY_LINE_CREDITED &&
	    kind != ENTRY_INVOICE)
		return;
	if (!body.data)
		bad(c, seq, "a purchase was erased");
	else if (!entry_decode(kind, body, &e))
		bad(c, seq, "a purchase cannot be read");
	else if (kind == ENTRY_LINE &&
		 (!add(&c->lines, e.line.total) || !add(&c->scanned, e.line.total)))
		bad(c, seq, "the purchases are more than can be counted");
	else if (kind == ENTRY_LINE_VOIDED && !add(&c->voided, e.line_voided.total))
		bad(c, seq, "what was voided is more than can be counted");
	else if (kind == ENTRY_LINE_CREDITED && !add(&c->billed, e.line_credited.total))
		bad(c, seq, "what was credited is more than can be counted");
	else if (kind == ENTRY_INVOICE && !add(&c->billed, e.invoice.gross))
		bad(c, seq, "what was invoiced is more than can be counted");
	else if (kind == ENTRY_LINE)
		keep_key(c, &e.line);
}

static void check_body(struct check *c, const struct chain_entry *link, struct span body)
{
	struct sha256 sum;

	if (!body.data) {
		c->ret->erased++;
		if (!entry_erasable((enum entry_kind)link->kind))
			bad(c, link->seq, "an entry of a kind that is never erased has no body");
		return;
	}
	sum = chain_sha256(c->hash, c->sha256, body);
	if (memcmp(&sum, &link->body_hash, sizeof(sum)) != 0)
		bad(c, link->seq, "the body is not the one that was recorded");
}

/* Epochs only rise, and the first entry of each is the office's word that it begins. */
static void check_epoch(struct check *c, const struct chain_entry *link, struct span body)
{
	struct entry e;

	if (link->epoch < c->epoch)
		bad(c, link->seq, "it is of an older epoch than the entry before it");
	if (link->epoch > c->epoch &&
	    (link->kind != ENTRY_OFFICE || !body.data || !entry_decode(link->kind, body, &e) ||
	     e.office.event == OFFICE_KEYS || e.office.epoch != link->epoch))
		bad(c, link->seq, "a new epoch begins without the office's word");
	c->epoch = link->epoch;
}

static void check_row(struct check *c, sqlite3_stmt *get)
{
	struct span body = {sqlite3_column_blob(get, 7), (uint32_t)sqlite3_column_bytes(get, 7)};
	struct chain_entry link = {
		.epoch = (uint32_t)column_i64(get, 0),
		.seq = (uint64_t)column_i64(get, 1),
		.at = {column_i64(get, 2)},
		.kind = (uint16_t)column_i64(get, 3),
	};
	struct sha256 hash, again;

	if (link.seq != c->last + 1)
		bad(c, c->last + 1, "entries %" PRIu64 " to %" PRIu64 " are missing", c->last + 1,
		    link.seq - 1);
	if (!column_blob(get, 4, &link.body_hash, sizeof(hash)) ||
	    !column_blob(get, 5, &link.prev_hash, sizeof(hash)) ||
	    !column_blob(get, 6, &hash, sizeof(hash))) {
		bad(c, link.seq, "a hash is not 32 bytes");
		return;
	}
	if (memcmp(&link.prev_hash, &c->head, sizeof(c->head)) != 0)
		bad(c, link.seq, "it does not follow the entry before it");
	again = chain_hash(c->hash, c->sha256, &link);
	if (memcmp(&hash, &again, sizeof(hash)) != 0)
		bad(c, link.seq, "the entry is not what its hash says");
	check_epoch(c, &link, body);
	check_body(c, &link, body);
	count_money(c, link.seq, link.kind, body);
	c->ret->entries++;
	c->last = link.seq;
	c->head = hash;
}

/* A query that was stopped by a busy file is run again, from what was known before it. */
static int chain_query(struct reader *r, void *data)
{
	struct check *c = data;
	sqlite3_stmt *get = r->statement[READ_CHAIN];
	int rc;

	c->last = c->last_before;
	c->head = c->head_before;
	c->epoch = c->epoch_before;
	*c->ret = c->result_before;
	c->scanned = c->scanned_before;
	c->voided = c->voided_before;
	c->billed = c->billed_before;
	c->keys.count = c->keys_before;
	c->lines = (struct sums){0};
	bind_u64(get, 1, c->last);
	bind_u64(get, 2, ROWS_A_QUERY);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && c->ret->ok)
		check_row(c, get);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int lines_query(struct reader *r, void *data)
{
	struct check *c = data;
	sqlite3_stmt *get = r->statement[READ_LINE_SUMS];
	int rc;

	bind_u64(get, 1, c->from);
	bind_u64(get, 2, c->last);
	bind_u64(get, 3, INT64_MAX);
	rc = sqlite3_step(get);
	if (rc != SQLITE_ROW)
		return rc;
	if ((uint64_t)column_i64(get, 0) != c->lines.lines ||
	    money_compare(column_money(get, 1), c->lines.total) != 0)
		bad(c, c->last, "entries %" PRIu64 " to %" PRIu64 ": the table of lines differs",
		    c->from + 1, c->last);
	return SQLITE_OK;
}

/* From the start: what is voided may have been scanned long before. */
static int voided_query(struct reader *r, void *data)
{
	struct check *c = data;
	sqlite3_stmt *get = r->statement[READ_LINE_SUMS];
	struct money total;
	int rc;

	bind_u64(get, 1, c->from);
	bind_u64(get, 2, c->from + ROWS_A_QUERY);
	bind_u64(get, 3, c->last);
	rc = sqlite3_step(get);
	if (rc != SQLITE_ROW)
		return rc;
	total = column_money(get, 3);
	c->voided_table.lines += (uint64_t)column_i64(get, 2);
	if (!money_add(c->voided_table.total, total, &c->voided_table.total))
		bad(c, c->last, "what was voided is more than can be counted");
	return SQLITE_OK;
}

static int check_voided(struct reader *r, struct check *c)
{
	int error = 0;

	for (c->from = 0; error == 0 && c->ret->ok && c->from < c->last; c->from += ROWS_A_QUERY)
		error = reader_run(r, READ_LEDGER, voided_query, c);
	if (error == 0 && c->ret->ok &&
	    (c->voided.lines != c->voided_table.lines ||
	     money_compare(c->voided.total, c->voided_table.total) != 0))
		bad(c, c->last, "the table of lines has other voids than the entries");
	return error;
}

/* The next entries, and the lines that came of them. */
static int check_more(struct reader *r, struct check *c)
{
	int error;

	c->from = c->last;
	c->last_before = c->last;
	c->head_before = c->head;
	c->epoch_before = c->epoch;
	c->result_before = *c->ret;
	c->scanned_before = c->scanned;
	c->voided_before = c->voided;
	c->billed_before = c->billed;
	c->keys_before = c->keys.count;
	error = reader_run(r, READ_LEDGER, chain_query, c);
	if (error == 0 && c->ret->ok && c->last > c->from)
		error = reader_run(r, READ_LEDGER, lines_query, c);
	return error;
}

struct balance_query {
	struct money sum;
	uint64_t head;
};

static int balance_query(struct reader *r, void *data)
{
	struct balance_query *q = data;
	sqlite3_stmt *get = r->statement[READ_BALANCE_SUM];
	int rc = sqlite3_step(get);

	if (rc != SQLITE_ROW)
		return rc;
	q->sum = column_money(get, 0);
	q->head = (uint64_t)column_i64(get, 1);
	return SQLITE_OK;
}

/* What is to be billed is what was scanned less what was voided, credited and billed, once we have
 * seen all there is. */
static int check_balances(struct reader *r, struct check *c)
{
	struct balance_query q;
	struct money owed;
	int error = 0;

	for (int look = 0; error == 0 && c->ret->ok && look < LAST_LOOKS; look++) {
		error = reader_run(r, READ_LEDGER, balance_query, &q);
		if (error < 0 || q.head == c->last)
			break;
		error = check_more(r, c);
	}
	if (error < 0 || !c->ret->ok || q.head != c->last)
		return error;
	if (!money_sub(c->scanned.total, c->voided.total, &owed) ||
	    !money_sub(owed, c->billed.total, &owed) || money_compare(owed, q.sum) != 0)
		bad(c, c->last, "the balances are not the sum of the lines that are on no invoice");
	return 0;
}

static int check_chain(struct reader *r, struct check *c,
		       void (*progress)(void *data, uint64_t done, uint64_t all), void *data)
{
	uint64_t before;
	int error = reader_head(r, &c->all);

	while (error == 0 && c->ret->ok) {
		before = c->last;
		error = check_more(r, c);
		if (progress)
			progress(data, c->last, c->all > c->last ? c->all : c->last);
		if (c->last == before)
			break;
	}
	return error;
}

int reader_verify(struct reader *r, struct verify_result *ret,
		  void (*progress)(void *data, uint64_t done, uint64_t all), void *data)
{
	struct verify_result result = {.ok = true};
	struct check c = {.ret = &result,
			  .hash = EVP_MD_CTX_new(),
			  .sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)};
	int error = c.hash && c.sha256 ? 0 : -ENOMEM;

	if (error == 0)
		error = check_chain(r, &c, progress, data);
	if (error == 0)
		error = check_balances(r, &c);
	if (error == 0)
		error = check_voided(r, &c);
	if (error == 0)
		check_keys(&c);
	result.head = c.head;
	if (error == 0)
		*ret = result;
	free(c.keys.key);
	EVP_MD_CTX_free(c.hash);
	EVP_MD_free(c.sha256);
	return error;
}
