/* read_view.c: what is in the baskets of those who are inside, and who they are to the shop. */
#include "ledger/read_view.h"

#include "ledger/read_rows.h"

static bool take_basket(sqlite3_stmt *s, void *row)
{
	*(struct basket_row *)row = (struct basket_row){
		.visit = {(uint64_t)column_i64(s, 0)},
		.lines = (uint32_t)column_i64(s, 1),
		.total = column_money(s, 2),
	};
	return true;
}

int reader_baskets(struct reader *r, struct basket_row *ret, uint32_t max)
{
	struct rows_query q = {
		.sql = "SELECT id, lines, total FROM visit WHERE over = 0 ORDER BY id LIMIT ?1",
		.take = take_basket,
		.ret = ret,
		.size = sizeof(*ret),
		.max = max,
	};

	return rows_read(r, &q);
}

struct role_query {
	struct customer customer;
	enum role role;
	bool found;
};

static int role_query(struct reader *r, void *data)
{
	struct role_query *q = data;
	sqlite3 *db = r->connection[READ_CATALOGUE].db;
	sqlite3_stmt *get = sql_prepare(db, "SELECT role FROM member WHERE customer = ?1");
	int rc;

	if (!get)
		return sqlite3_extended_errcode(db);
	bind_blob(get, 1, q->customer.byte, sizeof(q->customer.byte));
	rc = sqlite3_step(get);
	q->found = rc == SQLITE_ROW && column_i64(get, 0) >= 0 && column_i64(get, 0) < ROLES;
	if (q->found)
		q->role = (enum role)column_i64(get, 0);
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

int reader_role(struct reader *r, struct customer customer, enum role *ret)
{
	struct role_query q = {.customer = customer};
	int error = reader_run(r, READ_CATALOGUE, role_query, &q);

	if (error < 0)
		return error;
	if (q.found)
		*ret = q.role;
	return q.found;
}
