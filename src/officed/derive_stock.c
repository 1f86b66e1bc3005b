/*
 * derive_stock.c: what a batch does to the shelf: one number an article, whatever the order in
 * which its entries come to be looked at. On hand is a sum over all that was ever sold, delivered
 * and thrown away, from the newest count on; it may be negative (contracts 3).
 */
#include "officed/derive.h"

#include <stdlib.h>

static uint32_t slot_of(const struct derive *x, struct gtin gtin)
{
	uint32_t i = (uint32_t)(gtin.n * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (i &= x->stock_slots - 1; x->stock_slot[i] != 0; i = (i + 1) & (x->stock_slots - 1))
		if (x->stock[x->stock_slot[i] - 1].gtin.n == gtin.n)
			break;
	return i;
}

/* Twice the articles, and as many slots again. */
static void grow(struct derive *x)
{
	x->stocks_size = x->stocks_size ? 2 * x->stocks_size : 256;
	x->stock_slots = 2 * x->stocks_size;
	x->stock = realloc(x->stock, x->stocks_size * sizeof(*x->stock));
	free(x->stock_slot);
	x->stock_slot = calloc(x->stock_slots, sizeof(*x->stock_slot));
	CHECK(x->stock && x->stock_slot);
	for (uint32_t i = 0; i < x->stocks; i++)
		x->stock_slot[slot_of(x, x->stock[i].gtin)] = i + 1;
}

static struct derived_stock *of(struct derive *x, struct gtin gtin, uint64_t seq)
{
	struct derived_stock *s;
	uint32_t slot;

	if (x->stocks == x->stocks_size)
		grow(x);
	slot = slot_of(x, gtin);
	if (x->stock_slot[slot] == 0) {
		x->stock[x->stocks] = (struct derived_stock){.gtin = gtin};
		x->stock_slot[slot] = ++x->stocks;
	}
	s = &x->stock[x->stock_slot[slot] - 1];
	if (seq > s->seq)
		s->seq = seq;
	return s;
}

void derive_move(struct derive *x, struct gtin gtin, int64_t quantity_milli, uint64_t seq)
{
	struct derived_stock *s = of(x, gtin, seq);

	/* what stood on the shelf when it was counted holds what came before */
	if (!s->counted || seq > s->counted_seq)
		s->quantity_milli += quantity_milli;
}

/* Entries of this kind come in their order, and before whatever waits: what was moved by then came
 * before the count. */
static void count(struct derive *x, const struct fact *f)
{
	struct derived_stock *s = of(x, f->e.stock.gtin, f->raw.seq);

	s->counted = true;
	s->counted_seq = f->raw.seq;
	s->quantity_milli = f->e.stock.quantity_milli;
}

static void deliver(struct derive *x, const struct fact *f)
{
	struct derived_stock *s;

	derive_move(x, f->e.stock.gtin, f->e.stock.quantity_milli, f->raw.seq);
	s = of(x, f->e.stock.gtin, f->raw.seq);
	s->delivered = true;
	s->unit_cost = money_minor(f->e.stock.unit_cost);
}

void derive_stock_entry(struct derive *x, const struct fact *f)
{
	switch (f->e.stock.kind) {
	case MOVEMENT_DELIVERY:
		deliver(x, f);
		break;
	case MOVEMENT_COUNT:
		count(x, f);
		break;
	case MOVEMENT_WASTE:
	case MOVEMENT_OWN_USE:
		derive_move(x, f->e.stock.gtin, -f->e.stock.quantity_milli, f->raw.seq);
		break;
	case MOVEMENT_SALE:
	case MOVEMENT_RETURN:
		break; /* lines: no entry of this kind is one */
	}
}

/* --- into the table */

#define STOCK_INTO                                                                                 \
	"stock(shop, gtin, on_hand_milli, unit_cost, seq)"                                         \
	" ON CONFLICT(shop, gtin) DO UPDATE SET seq = excluded.seq, on_hand_milli = "
#define STOCK_MORE "stock.on_hand_milli + excluded.on_hand_milli"
#define STOCK_SET  "excluded.on_hand_milli"
#define STOCK_COST ", unit_cost = excluded.unit_cost"

enum {
	STOCK_COLUMNS = 5
};

/* Those that were counted or not, and delivered or not, at once. */
static void put(struct derive *x, const char *into, bool counted, bool delivered,
		struct db_value *value)
{
	struct db_value *v = value;

	for (uint32_t i = 0; i < x->stocks; i++) {
		const struct derived_stock *s = &x->stock[i];

		if (s->counted != counted || s->delivered != delivered)
			continue;
		*v++ = db_text(x->shop);
		*v++ = db_int((int64_t)s->gtin.n);
		*v++ = db_int(s->quantity_milli);
		*v++ = db_int(s->unit_cost);
		*v++ = db_int((int64_t)s->seq);
	}
	db_bulk(x->o->db, into, STOCK_COLUMNS, (uint32_t)(v - value) / STOCK_COLUMNS, value);
}

void derive_put_stock(struct derive *x)
{
	struct db_value *value = malloc((STOCK_COLUMNS * x->stocks + 1) * sizeof(*value));

	CHECK(value);
	put(x, STOCK_INTO STOCK_MORE, false, false, value);
	put(x, STOCK_INTO STOCK_MORE STOCK_COST, false, true, value);
	put(x, STOCK_INTO STOCK_SET, true, false, value);
	put(x, STOCK_INTO STOCK_SET STOCK_COST, true, true, value);
	free(value);
}
