/*
 * read_raw.c: entries as they are carried to the office: bytes that nobody has to understand on the
 * way. One short query after another, so that a batch of any size never keeps the shop's writer
 * from its checkpoint.
 */
#include "ledger/reader.h"

#define ROWS_A_QUERY 1024

struct raw_query {
	uint64_t after, last;
	uint32_t max, n;
	bool told; /* this query has given some away */
	bool enough;
	raw_entry_fn *take;
	void *data;
};

/* False: the row holds what it cannot hold. */
static bool raw_of(sqlite3_stmt *get, struct raw_entry *e)
{
	*e = (struct raw_entry){
		.epoch = (uint32_t)column_i64(get, 0),
		.seq = (uint64_t)column_i64(get, 1),
		.at = {column_i64(get, 2)},
		.kind = (uint16_t)column_i64(get, 3),
		.erased = sqlite3_column_type(get, 4) == SQLITE_NULL,
	};
	if (e->erased)
		e->body = (struct span){sqlite3_column_blob(get, 5), sizeof(e->hash.byte)};
	else
		e->body = (struct span){sqlite3_column_blob(get, 4),
					(uint32_t)sqlite3_column_bytes(get, 4)};
	return e->body.data && sqlite3_column_bytes(get, 5) == (int)sizeof(e->hash.byte) &&
	       column_blob(get, 6, &e->hash, sizeof(e->hash));
}

/* Run again, it cannot take back what it has given: it says so and begins anew. */
static void start_over(struct raw_query *q)
{
	if (q->told)
		q->take(q->data, NULL);
	if (q->told || q->n == 0)
		q->last = q->after;
	if (q->told)
		q->n = 0;
	q->told = false;
	q->enough = false;
}

static int raw_query(struct reader *r, void *data)
{
	struct raw_query *q = data;
	sqlite3_stmt *get = r->statement[READ_RAW];
	uint32_t most;
	struct raw_entry e;
	int rc;

	start_over(q);
	most = q->max - q->n < ROWS_A_QUERY ? q->max - q->n : ROWS_A_QUERY;
	bind_u64(get, 1, q->last);
	bind_u64(get, 2, most);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		if (!raw_of(get, &e))
			return SQLITE_CORRUPT;
		q->told = true;
		if (!q->take(q->data, &e)) {
			q->enough = true;
			return SQLITE_OK;
		}
		q->last = e.seq;
		q->n++;
		most--;
	}
	if (rc == SQLITE_DONE && most > 0)
		q->enough = true; /* there are no more */
	return rc;
}

int reader_raw(struct reader *r, uint64_t after, uint32_t max, raw_entry_fn *take, void *data)
{
	struct raw_query q = {
		.after = after, .last = after, .max = max, .take = take, .data = data};
	int error = 0;

	if (after > INT64_MAX || max > INT32_MAX)
		return 0;
	while (error == 0 && !q.enough && q.n < max) {
		error = reader_run(r, READ_LEDGER, raw_query, &q);
		q.told = false;
	}
	return error < 0 ? error : (int)q.n;
}
