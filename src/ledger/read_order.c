/* read_order.c: one query of the catalogue, prepared when it is asked: a command line's, now and
 * then. */
#include "ledger/read_order.h"

#include "ledger/reader.h"

struct reorders_query {
	struct gtin after;
	struct reorder_row *ret;
	uint32_t max, n;
};

#define TODAY "(SELECT coalesce(max(version), 0) FROM price_version)"

static int reorders_query(struct reader *r, void *data)
{
	struct reorders_query *q = data;
	sqlite3 *db = r->connection[READ_CATALOGUE].db;
	sqlite3_stmt *get = sql_prepare(
		db, "SELECT gtin, name, reorder FROM article WHERE gtin > ?1 AND reorder > 0"
		    " AND state = 0 AND since <= " TODAY " AND (until = 0 OR until > " TODAY
		    ") ORDER BY gtin LIMIT ?2");
	int rc = SQLITE_DONE;

	if (!get)
		return sqlite3_extended_errcode(db);
	q->n = 0;
	bind_u64(get, 1, q->after.n);
	bind_u64(get, 2, q->max);
	while (q->n < q->max && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct reorder_row *row = &q->ret[q->n++];

		row->gtin = (struct gtin){(uint64_t)column_i64(get, 0)};
		column_text(get, 1, row->name, sizeof(row->name));
		row->reorder_milli = column_i64(get, 2) * 1000;
	}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

int reader_reorders(struct reader *r, struct gtin after, struct reorder_row *ret, uint32_t max)
{
	struct reorders_query q = {.after = after, .ret = ret, .max = max};
	int error = reader_run(r, READ_CATALOGUE, reorders_query, &q);

	return error < 0 ? error : (int)q.n;
}
