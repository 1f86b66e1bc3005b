/*
 * derive_line.c: a line's money, into its visit, its customer's balance, the shelf and the
 * accounts, and out of them again. A line is posted as it is scanned: what it costs, the VAT in it,
 * and what its goods had cost. What takes it back takes back exactly what was posted.
 */
#include "ledger/derive.h"

#include "books/vat.h"

#define DAY_MS 86400000LL

void derive_sold(sqlite3_stmt *row, int at, struct sold *ret)
{
	*ret = (struct sold){
		.seq = (uint64_t)column_i64(row, at),
		.visit = {(uint64_t)column_i64(row, at + 1)},
		.gtin = {(uint64_t)column_i64(row, at + 3)},
		.quantity_milli = column_i64(row, at + 4),
		.money = {.total = column_money(row, at + 5),
			  .deposit = column_money(row, at + 6),
			  .vat_bp = (int32_t)column_i64(row, at + 7),
			  .cost = column_money(row, at + 8)},
	};
	CHECK(column_blob(row, at + 2, &ret->customer, sizeof(ret->customer)));
}

static enum stored add_to_visit(struct store *s, struct visit_id visit, struct money amount,
				int lines, int lines_ever)
{
	sqlite3_stmt *add = s->statement[DO_VISIT_ADD];

	bind_u64(add, 1, visit.n);
	bind_i64(add, 2, lines);
	bind_i64(add, 3, lines_ever);
	bind_money(add, 4, amount);
	bind_u64(add, 5, lines_ever > 0 ? s->head.seq : 0);
	return store_step(s, DO_VISIT_ADD, "adding to a visit");
}

static enum stored add_to_unbilled(struct store *s, struct customer customer, struct money amount)
{
	sqlite3_stmt *balance = s->statement[DO_BALANCE_LINE];

	bind_blob(balance, 1, customer.byte, sizeof(customer.byte));
	bind_money(balance, 2, amount);
	return store_step(s, DO_BALANCE_LINE, "adding to a balance");
}

enum stored derive_balance(struct store *s, struct customer customer, struct money unbilled,
			   struct money unpaid, struct money *ret_unpaid)
{
	sqlite3_stmt *balance = s->statement[DO_BALANCE];
	bool row;

	bind_blob(balance, 1, customer.byte, sizeof(customer.byte));
	bind_money(balance, 2, unbilled);
	bind_money(balance, 3, unpaid);
	if (derive_returning(s, DO_BALANCE, "moving a balance", &row) != STORED_OK)
		return STORED_FULL;
	CHECK(row);
	*ret_unpaid = column_money(balance, 0);
	return derive_returned(s, DO_BALANCE, "moving a balance");
}

enum stored derive_due(struct store *s, struct customer customer)
{
	sqlite3_stmt *due = s->statement[DO_BALANCE_DUE];

	bind_blob(due, 1, customer.byte, sizeof(customer.byte));
	return store_step(s, DO_BALANCE_DUE, "finding what is due");
}

/* Of a line from before lines had one: the day of its entry, in UTC. */
static struct day bought(struct wall at, const struct entry_line *l)
{
	int64_t days = at.ms / DAY_MS - (at.ms % DAY_MS < 0);

	if (l->bought.n != DAY_NONE.n)
		return l->bought;
	return days < 0 || days > DAY_MAX ? DAY_NONE : (struct day){(int32_t)days};
}

static enum stored put_line(struct store *s, struct wall at, const struct entry_line *l,
			    const struct line_money *money)
{
	sqlite3_stmt *insert = s->statement[DO_LINE];

	bind_u64(insert, 1, s->head.seq);
	bind_u64(insert, 2, l->visit.n);
	bind_text(insert, 3, l->key.text);
	bind_blob(insert, 4, l->customer.byte, sizeof(l->customer.byte));
	bind_u64(insert, 5, l->gtin.n);
	bind_text(insert, 6, l->name);
	bind_i64(insert, 7, l->quantity_milli);
	bind_money(insert, 8, l->unit_price);
	bind_money(insert, 9, l->list_price);
	bind_money(insert, 10, l->total);
	bind_money(insert, 11, l->deposit);
	bind_i64(insert, 12, l->vat_bp);
	bind_u64(insert, 13, (uint64_t)l->vat_class);
	bind_money(insert, 14, vat_included(l->total, l->vat_bp));
	bind_money(insert, 15, money->cost);
	bind_i64(insert, 16, bought(at, l).n);
	bind_i64(insert, 17, s->head.clock_trusted);
	bind_u64(insert, 18, (uint64_t)l->class);
	bind_u64(insert, 19, l->price_version);
	bind_i64(insert, 20, at.ms);
	bind_i64(insert, 21, l->scanned_at.ms);
	bind_i64(insert, 22, l->use_by.n);
	bind_i64(insert, 23, l->best_before.n);
	bind_text(insert, 24, l->lot);
	bind_i64(insert, 25, l->late);
	return store_step(s, DO_LINE, "keeping a line");
}

enum stored derive_line(struct store *s, struct wall at, const struct entry_line *l)
{
	struct line_money money = {.total = l->total, .deposit = l->deposit, .vat_bp = l->vat_bp};
	struct entry_chart room;
	struct postings postings;

	if (derive_sale(s, l->gtin, l->quantity_milli, &money.cost) != STORED_OK ||
	    put_line(s, at, l, &money) != STORED_OK ||
	    add_to_visit(s, l->visit, l->total, 1, 1) != STORED_OK ||
	    add_to_unbilled(s, l->customer, l->total) != STORED_OK)
		return STORED_FULL;
	/* an amount that no book can hold is in none, and the sums say so (audit.c) */
	if (!post_line(derive_chart(s, &l->vat_bp, 1, &room), &money, &postings))
		return STORED_OK;
	return derive_post(s, &postings);
}

/* All that a line did, back; `reason` says where its goods are. */
static enum stored take_back(struct store *s, const struct sold *sold, enum credit_reason reason)
{
	struct money back = money_negative(sold->money.total);
	struct entry_chart room;
	struct postings postings;

	if (add_to_visit(s, sold->visit, back, -1, 0) != STORED_OK ||
	    add_to_unbilled(s, sold->customer, back) != STORED_OK ||
	    (reason == CREDIT_WRONG_LINE && derive_return(s, sold) != STORED_OK))
		return STORED_FULL;
	if (!post_line_back(derive_chart(s, &sold->money.vat_bp, 1, &room), &sold->money, reason,
			    &postings))
		return STORED_OK;
	return derive_post(s, &postings);
}

/* A mark on a line, by a statement that returns the line. */
static enum stored mark_line(struct store *s, enum statement which, struct sold *ret)
{
	bool row;

	if (derive_returning(s, which, "taking a line back", &row) != STORED_OK)
		return STORED_FULL;
	if (!row)
		return derive_wrong(s, "a line was taken back that is not there");
	derive_sold(s->statement[which], 0, ret);
	return derive_returned(s, which, "taking a line back");
}

static const char other_total[] = "a line was taken back at another total than its own";

enum stored derive_voided(struct store *s, const struct entry_line_voided *l)
{
	sqlite3_stmt *update = s->statement[DO_LINE_VOIDED];
	struct sold sold;

	bind_u64(update, 1, l->visit.n);
	bind_text(update, 2, l->key.text);
	bind_u64(update, 3, s->head.seq);
	if (mark_line(s, DO_LINE_VOIDED, &sold) != STORED_OK)
		return STORED_FULL;
	if (money_compare(sold.money.total, l->total) != 0)
		return derive_wrong(s, other_total);
	return take_back(s, &sold, CREDIT_WRONG_LINE);
}

enum stored derive_credited(struct store *s, const struct entry_line_credited *l)
{
	sqlite3_stmt *update = s->statement[DO_LINE_CREDITED];
	struct sold sold;

	bind_u64(update, 1, l->line);
	bind_u64(update, 2, s->head.seq);
	if (mark_line(s, DO_LINE_CREDITED, &sold) != STORED_OK)
		return STORED_FULL;
	if (money_compare(sold.money.total, l->total) != 0)
		return derive_wrong(s, other_total);
	if (take_back(s, &sold, l->reason) != STORED_OK ||
	    derive_answered(s, DO_ANSWERED_LINE, l->line) != STORED_OK)
		return STORED_FULL;
	return derive_key(s, l->key);
}
