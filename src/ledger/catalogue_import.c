/*
 * catalogue_import.c: a price list from a sealed memfd.
 *
 * All of it is checked before any of it is written: the seals (nobody may change what has been
 * checked), the size, every field of every row, that no article comes twice. Then the list is laid
 * against the present one, and only what differs is written, into the version to come, in
 * transactions of ROWS_A_TRANSACTION; the last writes the version itself, and that is the switch. A
 * crash before it leaves rows of a version that never came, which import_tidy() takes away.
 *
 * The transactions before the switch are not synced one by one: its own sync carries them all.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "books/chart.h"

#define DAY_MS	    86400000LL
#define GTIN_MAX    99999999999999ULL
#define PRICE_MAX   1000000000 /* minor units: a typing error long before it */
#define DEPOSIT_MAX 1000000    /* minor units a piece: a keg's or a crate's */

struct order {
	uint64_t gtin;
	uint32_t row;
};

struct import {
	struct shelf *s;
	const struct import_row *row;
	uint32_t rows;
	struct order *order; /* by gtin */
	sqlite3_stmt *end, *begin;
	uint32_t version; /* the one to come */
	uint32_t written; /* in this transaction */
	import_with_fn *with;
	void *data;
};

const char *import_row_wrong(const struct import_row *r, const struct entry_chart *chart)
{
	if (r->gtin == 0 || r->gtin > GTIN_MAX)
		return "the gtin is not a number of at most 14 digits";
	if (r->price_minor < 0 || r->price_minor > PRICE_MAX)
		return "the price is out of range";
	if (r->deposit_minor < 0 || r->deposit_minor > DEPOSIT_MAX)
		return "the deposit is out of range";
	if (r->vat_class >= VAT_CLASSES || r->class >= ARTICLE_CLASSES ||
	    r->state >= ARTICLE_STATES)
		return "there is no such class or state";
	if (r->vat_bp > 10000 || (r->vat_class != VAT_FIXED && r->vat_bp != 0))
		return "the VAT rate is out of range, or stands beside a class";
	if (r->vat_class == VAT_FIXED && chart && !chart_rate(chart, r->vat_bp))
		return "no account in the chart is for its VAT rate";
	if (r->name_len < 1 || r->name_len > ARTICLE_NAME_MAX || !utf8_plain(r->name, r->name_len))
		return "the name is empty, not UTF-8, or has control characters";
	return NULL;
}

static int by_gtin(const void *a, const void *b)
{
	uint64_t x = ((const struct order *)a)->gtin, y = ((const struct order *)b)->gtin;

	return (x > y) - (x < y);
}

static void refuse(struct changed *ret, uint32_t row, uint64_t gtin, const char *wrong)
{
	ret->error = -EINVAL;
	why_format(ret->why, "row %u (gtin %llu): %s; nothing was changed", row + 1,
		   (unsigned long long)gtin, wrong);
}

static void order_rows(struct import *im)
{
	for (uint32_t i = 0; i < im->rows; i++)
		im->order[i] = (struct order){im->row[i].gtin, i};
	qsort(im->order, im->rows, sizeof(*im->order), by_gtin);
}

/* Every row by itself, then all by their order. */
static bool check_rows(struct import *im, struct changed *ret)
{
	for (uint32_t i = 0; i < im->rows; i++) {
		const char *wrong = import_row_wrong(&im->row[i], im->s->chart);

		if (wrong) {
			refuse(ret, i, im->row[i].gtin, wrong);
			return false;
		}
	}
	order_rows(im);
	for (uint32_t i = 1; i < im->rows; i++) {
		if (im->order[i].gtin != im->order[i - 1].gtin)
			continue;
		refuse(ret, im->order[i].row, im->order[i].gtin, "this article comes twice");
		return false;
	}
	return true;
}

static const struct import_row *map_rows(const struct change *c, struct changed *ret)
{
	const int wanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fcntl(c->fd, F_GET_SEALS);
	struct stat st;
	void *map = MAP_FAILED;

	if (seals < 0 || (seals & wanted) != wanted)
		why_format(ret->why, "the list does not come as a sealed memfd");
	else if (c->rows < 1 || c->rows > ARTICLES_MAX)
		why_format(ret->why, "a price list has 1 to %d articles", ARTICLES_MAX);
	else if (fstat(c->fd, &st) < 0 ||
		 (uint64_t)st.st_size != c->rows * (uint64_t)sizeof(struct import_row))
		why_format(ret->why, "the list is not as long as it says");
	else
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, c->fd, 0);
	if (map != MAP_FAILED)
		return map;
	ret->error = -EINVAL;
	return NULL;
}

/* After each ROWS_A_TRANSACTION rows the transaction ends and the next begins. */
static int count_row(struct import *im)
{
	int rc;

	if (++im->written < ROWS_A_TRANSACTION)
		return SQLITE_OK;
	im->written = 0;
	rc = sql_exec(im->s->writer.db, "COMMIT");
	return rc == SQLITE_OK ? sql_exec(im->s->writer.db, "BEGIN IMMEDIATE") : rc;
}

static int step(struct import *im, sqlite3_stmt *write)
{
	int rc = sqlite3_step(write);

	sqlite3_reset(write);
	return rc == SQLITE_DONE ? count_row(im) : rc;
}

static int end_row(struct import *im, const struct article_row *old)
{
	bind_u64(im->end, 1, old->gtin.n);
	bind_u64(im->end, 2, im->version);
	return step(im, im->end);
}

static int begin_row(struct import *im, const struct import_row *fresh)
{
	bind_u64(im->begin, 1, fresh->gtin);
	bind_u64(im->begin, 2, im->version);
	bind_i64(im->begin, 3, fresh->price_minor);
	bind_i64(im->begin, 4, fresh->vat_bp);
	bind_u64(im->begin, 5, fresh->class);
	bind_u64(im->begin, 6, fresh->state);
	sqlite3_bind_text(im->begin, 7, fresh->name, fresh->name_len, SQLITE_STATIC);
	bind_u64(im->begin, 8, fresh->vat_class);
	bind_i64(im->begin, 9, fresh->deposit_minor);
	bind_u64(im->begin, 10, fresh->reorder);
	return step(im, im->begin);
}

static bool same(const struct articles *a, const struct article_row *old,
		 const struct import_row *fresh)
{
	const char *name = articles_name(a, old);

	return money_minor(old->price) == fresh->price_minor && old->vat_bp == fresh->vat_bp &&
	       old->vat_class == fresh->vat_class && old->deposit_minor == fresh->deposit_minor &&
	       old->reorder == fresh->reorder && old->class == fresh->class &&
	       old->state == fresh->state && strlen(name) == fresh->name_len &&
	       memcmp(name, fresh->name, fresh->name_len) == 0;
}

/* Both lists are in the order of their gtins: one pass finds what went, came, changed. */
static int write_differences(struct import *im)
{
	const struct articles *a = im->s->articles;
	uint32_t o = 0, n = 0;
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && (o < a->rows || n < im->rows)) {
		const struct article_row *old = o < a->rows ? &a->row[o] : NULL;
		const struct import_row *fresh = n < im->rows ? &im->row[im->order[n].row] : NULL;
		bool has_old = old && (!fresh || old->gtin.n <= fresh->gtin);
		bool has_fresh = fresh && (!old || fresh->gtin <= old->gtin.n);

		o += has_old;
		n += has_fresh;
		if (has_old && has_fresh && same(a, old, fresh))
			continue;
		if (has_old)
			rc = end_row(im, old);
		if (rc == SQLITE_OK && has_fresh)
			rc = begin_row(im, fresh);
	}
	return rc;
}

static int note_importing(sqlite3 *db, bool importing)
{
	return sql_exec(db, importing ? "INSERT OR REPLACE INTO meta VALUES('importing', 1)"
				      : "DELETE FROM meta WHERE name = 'importing'");
}

int import_tidy(struct shelf *s)
{
	char sql[160];
	int64_t importing = 0;
	int rc = sql_number(s->writer.db, "SELECT count(*) FROM meta WHERE name = 'importing'",
			    &importing);

	if (rc != SQLITE_OK || importing == 0)
		return rc;
	sqlite3_snprintf(sizeof(sql), sql,
			 "DELETE FROM article WHERE since > %u;"
			 "UPDATE article SET until = 0 WHERE until > %u;",
			 s->version, s->version);
	rc = sql_exec(s->writer.db, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = sql_exec(s->writer.db, sql);
	if (rc == SQLITE_OK)
		rc = note_importing(s->writer.db, false);
	return rc == SQLITE_OK ? sql_exec(s->writer.db, "COMMIT") : rc;
}

int price_version_new(struct shelf *s, uint32_t version, struct wall now)
{
	sqlite3 *db = s->writer.db;
	sqlite3_stmt *write =
		sql_prepare(db, "INSERT INTO price_version(version, at, rows) VALUES(?1, ?2,"
				" (SELECT count(*) FROM article WHERE until = 0))");
	int rc = write ? SQLITE_OK : sqlite3_extended_errcode(db);

	if (write) {
		bind_u64(write, 1, version);
		bind_i64(write, 2, now.ms);
		rc = sqlite3_step(write);
	}
	sqlite3_finalize(write);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int switch_version(struct import *im, struct wall now)
{
	sqlite3 *db = im->s->writer.db;
	int rc = price_version_new(im->s, im->version, now);

	if (rc == SQLITE_OK)
		rc = note_importing(db, false);
	if (rc == SQLITE_OK && im->with)
		rc = im->with(im->s, im->data);
	return rc == SQLITE_OK ? sql_exec(db, "COMMIT") : rc;
}

static int write_list(struct import *im, struct wall now)
{
	sqlite3 *db = im->s->writer.db;
	int rc = import_tidy(im->s);

	if (rc == SQLITE_OK)
		rc = note_importing(db, true);
	if (rc == SQLITE_OK)
		rc = sql_exec(db, "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = write_differences(im);
	if (rc == SQLITE_OK)
		rc = sql_exec(db, "COMMIT; PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
	return rc == SQLITE_OK ? switch_version(im, now) : rc;
}

/* Takes away what nobody can be pinned to any more, in small transactions. What fails here is tried
 * again after the next import. */
static void prune(struct shelf *s, struct wall now)
{
	char sql[480];
	int rc;

	sqlite3_snprintf(
		sizeof(sql), sql,
		"DELETE FROM article WHERE (gtin, since) IN (SELECT gtin, since FROM article"
		" WHERE until > 0 AND until <= max("
		" (SELECT coalesce(max(version), 0) FROM price_version WHERE at < %lld),"
		" (SELECT coalesce((SELECT until FROM article WHERE until > 0"
		"  ORDER BY until DESC LIMIT 1 OFFSET %d), 0))) LIMIT %d)",
		(long long)(now.ms - PAST_DAYS * DAY_MS), PRICES_PAST_MAX, ROWS_A_TRANSACTION);
	do {
		rc = sql_exec(s->writer.db, sql);
	} while (rc == SQLITE_OK && sqlite3_changes(s->writer.db) > 0);
}

/* The rows are right, and in order. */
static int import_rows(struct import *im, struct wall now, struct articles **ret)
{
	struct shelf *s = im->s;
	sqlite3 *db = s->writer.db;
	int rc;

	im->version = s->version + 1;
	im->end = sql_prepare(db, "UPDATE article SET until = ?2 WHERE gtin = ?1 AND until = 0");
	im->begin = sql_prepare(db, "INSERT INTO article(gtin, since, until, price, vat_bp, class,"
				    " state, name, vat_class, deposit, reorder)"
				    " VALUES(?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	rc = im->end && im->begin ? write_list(im, now) : sqlite3_extended_errcode(db);
	sqlite3_finalize(im->end);
	sqlite3_finalize(im->begin);
	if (rc == SQLITE_OK) {
		s->version = im->version;
		s->made_at = now;
		prune(s, now);
		rc = articles_load(s, now, ret);
	}
	return rc;
}

int import_list(struct shelf *s, const struct import_row *row, uint32_t rows, struct wall now,
		import_with_fn *with, void *data, struct articles **ret)
{
	struct import im = {.s = s, .row = row, .rows = rows, .with = with, .data = data};
	int rc;

	im.order = region_new((rows + 1) * sizeof(*im.order));
	order_rows(&im);
	rc = import_rows(&im, now, ret);
	region_free(im.order);
	return rc;
}

/* As large as before: what a list has used goes back to the system. */
void shelf_trim(struct shelf *s)
{
	sql_exec(s->writer.db, "PRAGMA synchronous=FULL");
	sqlite3_wal_checkpoint_v2(s->writer.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_db_release_memory(s->writer.db);
	malloc_trim(0);
}

void change_import(struct shelf *s, const struct change *c, struct wall now, struct changed *ret)
{
	struct import im = {.s = s, .row = map_rows(c, ret), .rows = c->rows};
	int rc;

	if (!im.row)
		return;
	im.order = region_new(im.rows * sizeof(*im.order));
	if (check_rows(&im, ret)) {
		rc = import_rows(&im, now, &ret->articles);
		if (rc != SQLITE_OK)
			shelf_fail(s, rc, "importing a price list", ret);
		else
			ret->rows = im.rows;
	}
	region_free(im.order);
	munmap((void *)(uintptr_t)im.row, im.rows * sizeof(*im.row));
	shelf_trim(s);
}
