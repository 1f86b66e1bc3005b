/*
 * article_rows.c: articles and what they were, from the file into the flat arrays of
 * core/catalog.h.
 *
 * The rows are walked once in the order of (gtin, since), into memory that is reserved for the most
 * that they could fill; what is never touched of it costs nothing. A row that has ended is a past;
 * where a row begins and none ended just then, the article was absent before, which is a past too.
 * Pasts that no visit can be pinned to any more are left out.
 */
#include "ledger/shelf.h"

#define DAY_MS 86400000LL

struct walk {
	struct articles *into;
	uint32_t forgotten; /* pasts that ended in this version or before it are left out */
	bool too_many;	    /* pasts: begin again, and forget more */
	/* the row before */
	uint64_t gtin;
	uint32_t until;
	uint32_t name_at, name_len;
};

static bool take_columns(sqlite3_stmt *get, struct article_row *ret)
{
	int64_t gtin = column_i64(get, 0), vat = column_i64(get, 4);
	int64_t class = column_i64(get, 5), state = column_i64(get, 6);
	int64_t vat_class = column_i64(get, 8), deposit = column_i64(get, 9);
	int64_t reorder = column_i64(get, 10);

	if (gtin <= 0 || vat < 0 || vat > 10000 || class < 0 || class >= ARTICLE_CLASSES ||
	    state < 0 || state >= ARTICLE_STATES || vat_class < 0 || vat_class >= VAT_CLASSES ||
	    deposit < 0 || deposit > INT32_MAX || reorder < 0 || reorder > UINT16_MAX)
		return false;
	*ret = (struct article_row){
		.gtin = {(uint64_t)gtin},
		.price = column_money(get, 3),
		.deposit_minor = (int32_t)deposit,
		.vat_bp = (uint16_t)vat,
		.reorder = (uint16_t)reorder,
		.class = (uint8_t) class,
		.state = (uint8_t)state,
		.vat_class = (uint8_t)vat_class,
	};
	return true;
}

/* The name into the pool; twice the same of one article is kept once. */
static uint32_t take_name(struct walk *w, sqlite3_stmt *get, bool same_article)
{
	const char *name = (const char *)sqlite3_column_text(get, 7);
	uint32_t len = (uint32_t)sqlite3_column_bytes(get, 7);
	struct articles *a = w->into;

	if (same_article && len == w->name_len && memcmp(a->names + w->name_at, name, len) == 0)
		return w->name_at;
	w->name_at = a->names_len;
	w->name_len = len;
	memcpy(a->names + a->names_len, name, len); /* the NUL is there: the memory is zero */
	a->names_len += len + 1;
	return w->name_at;
}

static void put_past(struct walk *w, const struct article_row *row, uint32_t until, bool absent)
{
	if (w->into->pasts == PRICES_PAST_MAX) {
		w->too_many = true;
		return;
	}
	w->into->past[w->into->pasts++] =
		(struct article_past){.row = *row, .until = until, .absent = absent};
}

static bool take_row(struct walk *w, sqlite3_stmt *get, uint32_t version)
{
	uint32_t since = (uint32_t)column_i64(get, 1), until = (uint32_t)column_i64(get, 2);
	struct article_row row;
	bool same;

	if (!take_columns(get, &row) || column_i64(get, 1) <= 0 ||
	    column_i64(get, 1) > UINT32_MAX || column_i64(get, 2) < 0 ||
	    column_i64(get, 2) > UINT32_MAX || sqlite3_column_bytes(get, 7) > ARTICLE_NAME_MAX)
		return false;
	same = w->gtin == row.gtin.n;
	/* before the first price list of all there was no shop to be absent from */
	if (since > 1 && since > w->forgotten && (!same || w->until != since))
		put_past(w, &(struct article_row){.gtin = row.gtin}, since, true);
	if (until == 0 || until > version) {
		row.name_at = take_name(w, get, same);
		w->into->row[w->into->rows++] = row;
	} else if (until > w->forgotten) {
		row.name_at = take_name(w, get, same);
		put_past(w, &row, until, false);
	} else {
		w->name_len = UINT32_MAX; /* not in the pool */
	}
	w->gtin = row.gtin.n;
	w->until = until;
	return true;
}

static int walk_all(struct shelf *s, int64_t rows, struct walk *w)
{
	sqlite3_stmt *get =
		sql_prepare(s->writer.db, "SELECT gtin, since, until, price, vat_bp, class, state,"
					  " name, vat_class, deposit, reorder"
					  " FROM article WHERE since <= ?1"
					  " ORDER BY gtin, since");
	int rc = get ? SQLITE_ROW : sqlite3_extended_errcode(s->writer.db);

	if (get)
		bind_u64(get, 1, s->version);
	w->name_len = UINT32_MAX;
	while (rc == SQLITE_ROW && !w->too_many && (rc = sqlite3_step(get)) == SQLITE_ROW)
		if (rows-- == 0 || !take_row(w, get, s->version))
			rc = SQLITE_CORRUPT;
	sqlite3_finalize(get);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* The newest version that was made so long ago that no visit of before it is spoken of any more. */
static int find_forgotten(struct shelf *s, struct wall now, uint32_t *ret)
{
	sqlite3_stmt *get = sql_prepare(
		s->writer.db, "SELECT coalesce(max(version), 0) FROM price_version WHERE at < ?1");
	int rc = get ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);

	if (get) {
		bind_i64(get, 1, now.ms - PAST_DAYS * DAY_MS);
		rc = sqlite3_step(get);
		*ret = (uint32_t)column_i64(get, 0);
	}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* Room for what `rows` rows can be at most: each one an article or a past, and absent before. */
static struct articles *articles_new(int64_t rows)
{
	size_t pasts = 2 * (size_t)rows < PRICES_PAST_MAX ? 2 * (size_t)rows : PRICES_PAST_MAX;
	size_t rows_at = 64;
	size_t pasts_at = rows_at + (size_t)rows * sizeof(struct article_row);
	size_t names_at = pasts_at + pasts * sizeof(struct article_past);
	uint8_t *base = region_new(names_at + (size_t)rows * (ARTICLE_NAME_MAX + 1));
	struct articles *a = (struct articles *)(void *)base;

	_Static_assert(sizeof(struct articles) <= 64, "the rows follow the struct");
	a->row = (struct article_row *)(void *)(base + rows_at);
	a->past = (struct article_past *)(void *)(base + pasts_at);
	a->names = (char *)base + names_at;
	return a;
}

/* Fills what is not forgotten; *ret is NULL when there was too much of it. */
static int load_once(struct shelf *s, int64_t rows, uint32_t forgotten, struct articles **ret)
{
	struct walk w = {.forgotten = forgotten, .into = articles_new(rows)};
	int rc = walk_all(s, rows, &w);

	if (rc == SQLITE_OK && w.into->rows > ARTICLES_MAX)
		rc = SQLITE_CORRUPT;
	if (rc != SQLITE_OK || w.too_many) {
		articles_free(w.into);
		w.into = NULL;
	}
	*ret = w.into;
	return rc;
}

int articles_load(struct shelf *s, struct wall now, struct articles **ret)
{
	uint32_t forgotten = 0;
	int64_t rows = 0;
	struct articles *a = NULL;
	int rc = find_forgotten(s, now, &forgotten);

	if (rc == SQLITE_OK)
		rc = sql_number(s->writer.db, "SELECT count(*) FROM article", &rows);
	while (rc == SQLITE_OK && !a) {
		rc = load_once(s, rows, forgotten, &a);
		/* more than there is room for: the older half of the versions goes */
		CHECK(a || rc != SQLITE_OK || forgotten < s->version);
		forgotten += (s->version - forgotten + 1) / 2;
	}
	if (rc != SQLITE_OK)
		return rc;
	a->version = s->version;
	a->made_at = s->made_at;
	*ret = a;
	return SQLITE_OK;
}
