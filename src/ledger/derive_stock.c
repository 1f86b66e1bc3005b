/*
 * derive_stock.c: what stands on the shelf and what it cost, by moving average.
 *
 * On hand is a sum over all that was ever sold, delivered, counted and thrown away; it may be
 * negative, for goods are sold that nobody has scanned in. The value on the shelf is the stock
 * account's balance, article by article: whatever leaves takes its part of it, and the whole of it
 * with the last piece. Goods that the books do not have cost what the newest delivery cost; when
 * they are delivered after they were sold, they turn out to have cost what that delivery does, and
 * what the sales said too little or too much goes to the cost of goods.
 */
#include "ledger/derive.h"

void derive_forget(struct store *s)
{
	memset(s->shelf, 0, sizeof(s->shelf));
}

static struct shelf_row *slot_of(struct store *s, struct gtin gtin)
{
	return &s->shelf[gtin.n * 0x9e3779b97f4a7c15 >> 32 & (SHELF_SLOTS - 1)];
}

static struct shelf_row get(struct store *s, struct gtin gtin)
{
	sqlite3_stmt *row = s->statement[GET_STOCK];
	struct shelf_row r = {.gtin = gtin, .value = MONEY_ZERO, .unit_cost = MONEY_ZERO};

	if (slot_of(s, gtin)->gtin.n == gtin.n)
		return *slot_of(s, gtin);
	bind_u64(row, 1, gtin.n);
	if (derive_row(s, GET_STOCK)) {
		r.known = true;
		r.on_hand = column_i64(row, 0);
		r.value = column_money(row, 1);
		r.unit_cost = column_money(row, 2);
		r.counted = (uint64_t)column_i64(row, 3);
		r.shrunk = column_i64(row, 4);
		derive_read(s, GET_STOCK);
	}
	return r;
}

static enum stored put(struct store *s, const struct shelf_row *r)
{
	enum statement which = r->known ? DO_STOCK : DO_STOCK_NEW;
	sqlite3_stmt *row = s->statement[which];

	bind_u64(row, 1, r->gtin.n);
	bind_i64(row, 2, r->on_hand);
	bind_money(row, 3, r->value);
	bind_money(row, 4, r->unit_cost);
	bind_u64(row, 5, r->counted);
	bind_i64(row, 6, r->shrunk);
	*slot_of(s, r->gtin) = *r;
	slot_of(s, r->gtin)->known = true;
	return store_step(s, which, "keeping what is on hand");
}

/* Whether the average says something. */
static bool valued(const struct shelf_row *r)
{
	return r->on_hand > 0 && money_compare(r->value, MONEY_ZERO) >= 0;
}

/* What `quantity` of it costs; nothing where that is past counting. A few grams that the books
 * still have, at whatever value, say nothing of the kilogram that is sold beyond them. */
static struct money cost_of(const struct shelf_row *r, int64_t quantity)
{
	struct money cost = MONEY_ZERO, beyond = MONEY_ZERO;
	bool fits;

	if (valued(r) && quantity <= r->on_hand)
		fits = money_ratio(r->value, quantity, r->on_hand, &cost);
	else if (valued(r))
		fits = money_times(r->unit_cost, quantity - r->on_hand, &beyond) &&
		       money_add(r->value, beyond, &cost);
	else
		fits = money_times(r->unit_cost, quantity, &cost);
	return fits && money_compare(cost, MONEY_ZERO) > 0 ? cost : MONEY_ZERO;
}

/* Moves the shelf by a quantity and a value with their signs; a value that does not fit is none. */
static void move(struct shelf_row *r, int64_t quantity, struct money *value)
{
	bool past = __builtin_add_overflow(r->on_hand, quantity, &r->on_hand);

	CHECK(!past);
	if (!money_add(r->value, *value, &r->value))
		*value = MONEY_ZERO;
}

enum stored derive_sale(struct store *s, struct gtin gtin, int64_t quantity_milli,
			struct money *ret_cost)
{
	struct shelf_row r = get(s, gtin);
	struct money off = money_negative(cost_of(&r, quantity_milli));

	move(&r, -quantity_milli, &off);
	*ret_cost = money_negative(off);
	return put(s, &r);
}

enum stored derive_return(struct store *s, const struct sold *sold)
{
	struct shelf_row r = get(s, sold->gtin);
	struct money back = sold->money.cost;

	move(&r, sold->quantity_milli, &back);
	return put(s, &r);
}

/* What a count changes: what was counted is worth what it would cost, so what is missing goes at
 * the average, and what was too many comes at the newest delivery's cost. */
static struct money count_value(const struct shelf_row *r, int64_t counted)
{
	struct money change = MONEY_ZERO;

	return money_sub(cost_of(r, counted), r->value, &change) ? change : MONEY_ZERO;
}

static enum stored put_movement(struct store *s, const struct entry_stock *e, int64_t quantity,
				struct money value)
{
	sqlite3_stmt *insert = s->statement[DO_MOVEMENT];

	bind_u64(insert, 1, s->head.seq);
	bind_u64(insert, 2, (uint64_t)e->kind);
	bind_u64(insert, 3, e->gtin.n);
	bind_i64(insert, 4, quantity);
	bind_money(insert, 5, value);
	bind_i64(insert, 6, e->day.n);
	bind_i64(insert, 7, e->use_by.n);
	bind_i64(insert, 8, e->best_before.n);
	bind_text(insert, 9, e->lot);
	bind_text(insert, 10, e->why);
	bind_text(insert, 11, e->by);
	return store_step(s, DO_MOVEMENT, "keeping a movement");
}

/* How far the shelf moves, in pieces and in value. */
static struct money movement_of(const struct shelf_row *r, const struct entry_stock *e,
				int64_t *ret_quantity)
{
	struct money value = MONEY_ZERO;
	bool past;

	switch (e->kind) {
	case MOVEMENT_DELIVERY:
		*ret_quantity = e->quantity_milli;
		return money_times(e->unit_cost, e->quantity_milli, &value) ? value : MONEY_ZERO;
	case MOVEMENT_COUNT:
		past = __builtin_sub_overflow(e->quantity_milli, r->on_hand, ret_quantity);
		CHECK(!past);
		return count_value(r, e->quantity_milli);
	case MOVEMENT_WASTE:
	case MOVEMENT_OWN_USE:
		*ret_quantity = -e->quantity_milli;
		return money_negative(cost_of(r, e->quantity_milli));
	case MOVEMENT_SALE:
	case MOVEMENT_RETURN:
		break; /* lines: no entry of this kind is one */
	}
	*ret_quantity = 0;
	return MONEY_ZERO;
}

/* A movement, as it is done to the shelf. */
struct moved {
	int64_t quantity;
	struct money value;
	struct postings postings;
};

/* A delivery to a shelf that lacked goods: what is there then, or is lacking still, is worth what
 * came. *ret: by how much that is more than what was reckoned before. */
static bool put_right(struct shelf_row *r, struct money *ret)
{
	struct money now;

	if (!money_times(r->unit_cost, r->on_hand, &now) || !money_sub(now, r->value, ret))
		return false;
	r->value = now;
	return true;
}

/* Moves the shelf. False: by a value that is past what can be posted; then it is none. */
static bool moves(const struct entry_chart *chart, const struct entry_stock *e, struct shelf_row *r,
		  struct moved *ret)
{
	const struct shelf_row before = *r;
	struct money late = MONEY_ZERO;
	bool fits = true;

	ret->value = movement_of(r, e, &ret->quantity);
	move(r, ret->quantity, &ret->value);
	if (e->kind == MOVEMENT_DELIVERY) {
		r->unit_cost = e->unit_cost;
		if (!valued(&before))
			fits = put_right(r, &late);
		fits = fits && post_delivery(chart, ret->value, late, &ret->postings);
	} else {
		fits = post_stock(chart, e->kind, ret->value, &ret->postings);
	}
	if (!fits) {
		r->value = before.value;
		ret->value = MONEY_ZERO;
		ret->postings.count = 0;
	}
	return fits;
}

bool derive_stock_fits(struct store *s, const struct entry_stock *e, struct money most)
{
	struct shelf_row r = get(s, e->gtin);
	struct moved m;

	return moves(&s->head.chart, e, &r, &m) && money_compare(r.value, most) <= 0 &&
	       money_compare(r.value, money_negative(most)) >= 0;
}

enum stored derive_stock(struct store *s, const struct entry_stock *e)
{
	struct shelf_row r = get(s, e->gtin);
	struct moved m;

	/* the desk has refused what does not fit; without it, only pieces are known */
	(void)moves(&s->head.chart, e, &r, &m);
	if (e->kind == MOVEMENT_COUNT) {
		r.counted = s->head.seq;
		r.shrunk = -m.quantity;
	}
	if (put(s, &r) != STORED_OK || put_movement(s, e, m.quantity, m.value) != STORED_OK ||
	    derive_key(s, e->key) != STORED_OK)
		return STORED_FULL;
	return derive_post(s, &m.postings);
}
