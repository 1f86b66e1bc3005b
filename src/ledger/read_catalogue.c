/* read_catalogue.c: articles and members, as other programs see them. */
#include "ledger/reader.h"

#include <errno.h>

struct product_query {
	struct gtin gtin;
	struct product product;
	bool found;
};

static int take_product(sqlite3_stmt *get, struct product *p)
{
	if (column_i64(get, 3) < 0 || column_i64(get, 3) >= ARTICLE_CLASSES ||
	    column_i64(get, 4) < 0 || column_i64(get, 4) >= ARTICLE_STATES ||
	    column_i64(get, 6) < 0 || column_i64(get, 6) >= VAT_CLASSES || column_i64(get, 8) < 0 ||
	    column_i64(get, 8) > UINT16_MAX)
		return SQLITE_CORRUPT;
	*p = (struct product){
		.gtin = {(uint64_t)column_i64(get, 9)},
		.price = column_money(get, 1),
		.vat_bp = (int32_t)column_i64(get, 2),
		.class = (enum article_class)column_i64(get, 3),
		.state = (enum article_state)column_i64(get, 4),
		.price_version = (uint32_t)column_i64(get, 5),
		.vat_class = (enum vat_class)column_i64(get, 6),
		.deposit = column_money(get, 7),
		.reorder = (uint16_t)column_i64(get, 8),
	};
	column_text(get, 0, p->name, sizeof(p->name));
	return SQLITE_OK;
}

static int product_query(struct reader *r, void *data)
{
	struct product_query *q = data;
	sqlite3_stmt *get = r->statement[READ_PRODUCT];
	int rc;

	q->found = false;
	bind_u64(get, 1, q->gtin.n);
	rc = sqlite3_step(get);
	if (rc != SQLITE_ROW)
		return rc;
	rc = take_product(get, &q->product);
	q->found = rc == SQLITE_OK;
	return rc;
}

int reader_product(struct reader *r, struct gtin gtin, struct product *ret)
{
	struct product_query q = {.gtin = gtin};
	int error;

	if (gtin.n == 0 || gtin.n > INT64_MAX)
		return 0;
	error = reader_run(r, READ_CATALOGUE, product_query, &q);
	if (error < 0 || !q.found)
		return error;
	*ret = q.product;
	return 1;
}

struct products_query {
	struct gtin after;
	struct product *ret;
	uint32_t max, n;
	struct wall as_of;
};

static int products_query(struct reader *r, void *data)
{
	struct products_query *q = data;
	sqlite3_stmt *get = r->statement[READ_PRODUCTS], *at = r->statement[READ_PRICES_AT];
	int rc = sqlite3_step(at);

	q->n = 0;
	q->as_of.ms = rc == SQLITE_ROW ? column_i64(at, 0) : 0;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return rc;
	bind_u64(get, 1, q->after.n);
	bind_u64(get, 2, q->max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max) {
		rc = take_product(get, &q->ret[q->n]);
		if (rc != SQLITE_OK)
			return rc;
		q->n++;
	}
	return rc;
}

int reader_products(struct reader *r, struct gtin after, struct product *ret, uint32_t max,
		    struct wall *ret_as_of)
{
	struct products_query q = {.after = after, .ret = ret, .max = max};
	int error = after.n > INT64_MAX ? 0 : reader_run(r, READ_CATALOGUE, products_query, &q);

	if (error < 0)
		return error;
	*ret_as_of = q.as_of;
	return (int)q.n;
}

struct rates_query {
	struct entry tax, chart;
};

static int rates_one(struct reader *r, enum entry_kind kind, struct entry *ret)
{
	sqlite3_stmt *get = r->statement[READ_RATES];
	int rc;

	*ret = (struct entry){0};
	bind_u64(get, 1, kind);
	rc = sqlite3_step(get);
	if (rc == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		rc = entry_decode((uint16_t)kind, body, ret) ? SQLITE_DONE : SQLITE_CORRUPT;
	}
	sqlite3_reset(get);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int rates_query(struct reader *r, void *data)
{
	struct rates_query *q = data;
	int rc = rates_one(r, ENTRY_TAX, &q->tax);

	return rc == SQLITE_OK ? rates_one(r, ENTRY_CHART, &q->chart) : rc;
}

int reader_rates(struct reader *r, struct entry_tax *ret_tax, struct entry_chart *ret_chart)
{
	struct rates_query q;
	int error = reader_run(r, READ_LEDGER, rates_query, &q);

	if (error < 0)
		return error;
	if (ret_tax)
		*ret_tax = q.tax.tax;
	if (ret_chart)
		*ret_chart = q.chart.chart;
	return 0;
}

struct members_query {
	const struct kid *after;
	struct member_listed *ret;
	uint32_t max, n;
};

static int members_query(struct reader *r, void *data)
{
	struct members_query *q = data;
	sqlite3_stmt *get = r->statement[READ_MEMBERS];
	int rc;

	q->n = 0;
	/* nothing at all comes before every kid */
	bind_blob(get, 1, q->after ? (const void *)q->after->byte : "", q->after ? KID_SIZE : 0);
	bind_u64(get, 2, q->max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max) {
		struct member_listed *m = &q->ret[q->n++];

		*m = (struct member_listed){.flags = (uint16_t)column_i64(get, 2),
					    .credit_limit = column_money(get, 4)};
		if (!column_blob(get, 0, &m->kid, sizeof(m->kid)) ||
		    !column_blob(get, 1, &m->customer, sizeof(m->customer)) ||
		    column_i64(get, 3) < 0 || column_i64(get, 3) >= ROLES ||
		    column_i64(get, 5) < 0 || column_i64(get, 5) >= TRUSTS)
			return SQLITE_CORRUPT;
		m->role = (enum role)column_i64(get, 3);
		m->trust = (enum trust)column_i64(get, 5);
	}
	return rc;
}

/* What they owe stands in the other file, and is 0 where that is not there yet. */
static int unbilled_query(struct reader *r, void *data)
{
	struct members_query *q = data;
	sqlite3_stmt *get = r->statement[READ_UNBILLED];

	for (uint32_t i = 0; i < q->n; i++) {
		struct member_listed *m = &q->ret[i];
		int rc;

		bind_blob(get, 1, m->customer.byte, sizeof(m->customer.byte));
		rc = sqlite3_step(get);
		m->unbilled = rc == SQLITE_ROW ? column_money(get, 0) : MONEY_ZERO;
		m->unpaid = rc == SQLITE_ROW ? column_money(get, 1) : MONEY_ZERO;
		m->oldest_due.n = rc == SQLITE_ROW ? (int32_t)column_i64(get, 2) : 0;
		sqlite3_reset(get);
		if (rc != SQLITE_ROW && rc != SQLITE_DONE)
			return rc;
	}
	return SQLITE_OK;
}

int reader_members(struct reader *r, const struct kid *after, struct member_listed *ret,
		   uint32_t max)
{
	struct members_query q = {.after = after, .ret = ret, .max = max};
	int error;

	if (max == 0)
		return 0;
	error = reader_run(r, READ_CATALOGUE, members_query, &q);
	if (error < 0)
		return error;
	/* before the first start there is a catalogue and no ledger: nobody has bought anything */
	error = reader_run(r, READ_LEDGER, unbilled_query, &q);
	return error < 0 && error != -ENOENT ? error : (int)q.n;
}

struct cards_query {
	const struct kid *after;
	struct card_listed *ret;
	uint32_t max, n;
};

static int cards_query(struct reader *r, void *data)
{
	struct cards_query *q = data;
	sqlite3_stmt *get = r->statement[READ_CARDS];
	int rc;

	q->n = 0;
	bind_blob(get, 1, q->after ? (const void *)q->after->byte : "", q->after ? KID_SIZE : 0);
	bind_u64(get, 2, q->max);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && q->n < q->max) {
		struct card_listed *c = &q->ret[q->n++];

		*c = (struct card_listed){.flags = (uint16_t)column_i64(get, 2)};
		if (!column_blob(get, 0, &c->kid, sizeof(c->kid)) ||
		    !column_blob(get, 1, &c->customer, sizeof(c->customer)) ||
		    column_i64(get, 3) < 0 || column_i64(get, 3) >= ROLES)
			return SQLITE_CORRUPT;
		c->role = (enum role)column_i64(get, 3);
	}
	return rc;
}

int reader_cards(struct reader *r, const struct kid *after, struct card_listed *ret, uint32_t max)
{
	struct cards_query q = {.after = after, .ret = ret, .max = max};
	int error = max == 0 ? 0 : reader_run(r, READ_CATALOGUE, cards_query, &q);

	return error < 0 ? error : (int)q.n;
}
