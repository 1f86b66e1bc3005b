/* read_entries.c: the chain's newest, and visits, as other programs see them. */
#include "ledger/reader.h"

struct entries_query {
	uint64_t after;
	struct seq_entry *ret;
	uint32_t max, n;
};

static void take_entry(sqlite3_stmt *get, struct seq_entry *e)
{
	struct span body = {sqlite3_column_blob(get, 4), (uint32_t)sqlite3_column_bytes(get, 4)};
	struct wall at = {column_i64(get, 2)};

	memset(e, 0, sizeof(*e));
	e->epoch = (uint32_t)column_i64(get, 0);
	e->seq = (uint64_t)column_i64(get, 1);
	e->kind = (uint16_t)column_i64(get, 3);
	e->erased = !body.data;
	e->readable = body.data && entry_decode(e->kind, body, &e->entry);
	e->entry.kind = (enum entry_kind)e->kind;
	e->entry.at = at;
}

static int entries_query(struct reader *r, void *data)
{
	struct entries_query *q = data;
	sqlite3_stmt *get = r->statement[READ_ENTRIES];
	int rc;

	q->n = 0;
	bind_u64(get, 1, q->after);
	bind_u64(get, 2, q->max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max)
		take_entry(get, &q->ret[q->n++]);
	return rc;
}

int reader_entries(struct reader *r, uint64_t after, struct seq_entry *ret, uint32_t max)
{
	struct entries_query q = {.after = after, .ret = ret, .max = max};
	int error;

	if (after > INT64_MAX || max == 0)
		return 0;
	error = reader_run(r, READ_LEDGER, entries_query, &q);
	return error < 0 ? error : (int)q.n;
}

static int head_query(struct reader *r, void *data)
{
	uint64_t *head = data;
	int rc = sqlite3_step(r->statement[READ_HEAD]);

	if (rc != SQLITE_ROW)
		return rc;
	*head = (uint64_t)column_i64(r->statement[READ_HEAD], 0);
	return SQLITE_OK;
}

int reader_head(struct reader *r, uint64_t *ret)
{
	uint64_t head = 0;
	int error = reader_run(r, READ_LEDGER, head_query, &head);

	if (error == 0)
		*ret = head;
	return error;
}

struct visit_query {
	struct visit_id id;
	const struct sha256 *bearer;
	struct visit visit;
	bool found;
	struct line *line;
	uint32_t lines, lines_max;
	char *names;
	uint32_t names_len, names_size;
};

static int take_visit(struct reader *r, struct visit_query *q)
{
	sqlite3_stmt *get = r->statement[READ_VISIT];
	int rc;

	bind_u64(get, 1, q->id.n);
	rc = sqlite3_step(get);
	if (rc != SQLITE_ROW)
		return rc;
	if (!row_visit(get, &q->visit))
		return SQLITE_CORRUPT;
	q->found = true;
	return SQLITE_OK;
}

/* Not in constant time: what is compared is the hash of a secret, and the row was found by the
 * visit's public name. */
static int take_bearers(struct reader *r, struct visit_query *q)
{
	sqlite3_stmt *get = r->statement[READ_BEARERS];
	bool speaks = !q->bearer;
	int rc;

	bind_u64(get, 1, q->id.n);
	bind_u64(get, 2, BEARERS_MAX);
	q->visit.bearers = 0;
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->visit.bearers < BEARERS_MAX) {
		struct bearer *b = &q->visit.bearer[q->visit.bearers++];

		if (!column_blob(get, 0, &b->hash, sizeof(b->hash)) ||
		    !column_blob(get, 1, &b->customer, sizeof(b->customer)))
			return SQLITE_CORRUPT;
		speaks |= q->bearer && memcmp(&b->hash, q->bearer, sizeof(b->hash)) == 0;
	}
	q->found = speaks;
	return rc;
}

static int take_lines(struct reader *r, struct visit_query *q)
{
	sqlite3_stmt *get = r->statement[READ_LINES];
	int rc;

	q->lines = q->names_len = 0;
	bind_u64(get, 1, q->id.n);
	bind_u64(get, 2, q->lines_max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->lines < q->lines_max) {
		struct line *l = &q->line[q->lines];
		uint32_t len = (uint32_t)sqlite3_column_bytes(get, ROW_LINE_NAME);

		if (!row_line(get, l) || len > ARTICLE_NAME_MAX)
			return SQLITE_CORRUPT;
		/* no room for the name is no reason to lose the line */
		l->name = "";
		if (len < q->names_size - q->names_len) {
			l->name = q->names + q->names_len;
			column_text(get, ROW_LINE_NAME, q->names + q->names_len, len + 1);
			q->names_len += len + 1;
		}
		q->lines++;
	}
	return rc;
}

/* One transaction, so that the sum is the sum of the lines that are shown. */
static int visit_query(struct reader *r, void *data)
{
	struct visit_query *q = data;
	int rc = sqlite3_step(r->statement[READ_BEGIN]);

	q->found = false;
	if (rc == SQLITE_DONE)
		rc = take_visit(r, q);
	if (rc == SQLITE_OK)
		rc = take_bearers(r, q);
	if (rc == SQLITE_DONE && q->found)
		rc = take_lines(r, q);
	/* reads still open would keep the transaction open */
	for (uint32_t i = READ_VISIT; i <= READ_LINES; i++)
		sqlite3_reset(r->statement[i]);
	if (rc == SQLITE_DONE || rc == SQLITE_ROW)
		rc = sqlite3_step(r->statement[READ_END]);
	return rc;
}

int reader_visit(struct reader *r, struct visit_id visit, const struct sha256 *bearer,
		 struct visit *ret, struct line *ret_line, uint32_t lines_max, uint32_t *ret_lines,
		 char *names, uint32_t names_size)
{
	struct visit_query q = {.id = visit,
				.bearer = bearer,
				.line = ret_line,
				.lines_max = lines_max,
				.names = names,
				.names_size = names_size};
	int error;

	if (visit.n == 0 || visit.n > INT64_MAX)
		return 0;
	error = reader_run(r, READ_LEDGER, visit_query, &q);
	if (error < 0 || !q.found)
		return error;
	*ret = q.visit;
	*ret_lines = q.lines;
	return 1;
}

struct visits_query {
	struct visit *ret;
	uint32_t max, n;
};

static int visits_query(struct reader *r, void *data)
{
	struct visits_query *q = data;
	sqlite3_stmt *get = r->statement[READ_VISITS];
	int rc;

	q->n = 0;
	bind_u64(get, 1, q->max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max)
		if (!row_visit(get, &q->ret[q->n++]))
			return SQLITE_CORRUPT;
	return rc;
}

int reader_visits(struct reader *r, struct visit *ret, uint32_t max)
{
	struct visits_query q = {.ret = ret, .max = max};
	int error;

	if (max == 0)
		return 0;
	error = reader_run(r, READ_LEDGER, visits_query, &q);
	return error < 0 ? error : (int)q.n;
}
