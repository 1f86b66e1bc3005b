/*
 * catalogue_due.c: prices that the office has told of beforehand begin by the shop's own clock, net
 * or no net. All that are due begin in one version of the price list.
 */
#include "ledger/shelf.h"

int due_find(struct shelf *s)
{
	return sql_number(s->writer.db, "SELECT coalesce(min(valid_from), 0) FROM article_next",
			  &s->due.ms);
}

/* One statement each; ?1 is the moment, ?2 the version to come. Of several that are due the one
 * that began last holds. */
static const char *const begin[] = {
	"UPDATE article SET until = ?2 WHERE until = 0"
	" AND gtin IN (SELECT gtin FROM article_next WHERE valid_from <= ?1)",
	"INSERT INTO article(gtin, since, until, price, vat_bp, class, state, name, vat_class,"
	" deposit, reorder) SELECT gtin, ?2, 0, price, vat_bp, class, state, name, vat_class, "
	"deposit,"
	" reorder FROM article_next n WHERE valid_from = (SELECT max(valid_from) FROM article_next"
	" WHERE gtin = n.gtin AND valid_from <= ?1)",
	"DELETE FROM article_next WHERE valid_from <= ?1 AND ?2 > 0",
};

static int write_due(struct shelf *s, uint32_t version, struct wall now)
{
	int rc = sql_exec(s->writer.db, "BEGIN IMMEDIATE");

	for (uint32_t i = 0; i < ARRAY_LEN(begin) && rc == SQLITE_OK; i++) {
		sqlite3_stmt *write = sql_prepare(s->writer.db, begin[i]);

		rc = write ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);
		if (write) {
			bind_i64(write, 1, now.ms);
			bind_u64(write, 2, version);
			rc = sqlite3_step(write);
		}
		sqlite3_finalize(write);
		rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
	}
	if (rc == SQLITE_OK)
		rc = price_version_new(s, version, now);
	return rc == SQLITE_OK ? sql_exec(s->writer.db, "COMMIT") : rc;
}

void change_due(struct shelf *s, struct wall now, struct changed *ret)
{
	uint32_t version = s->version + 1;
	int rc = SQLITE_OK;

	if (s->due.ms == 0 || now.ms < s->due.ms)
		return;
	rc = write_due(s, version, now);
	if (rc == SQLITE_OK) {
		s->version = version;
		s->made_at = now;
		rc = articles_load(s, now, &ret->articles);
	}
	if (rc == SQLITE_OK)
		rc = due_find(s);
	if (rc != SQLITE_OK)
		shelf_fail(s, rc, "beginning prices that are due", ret);
}
