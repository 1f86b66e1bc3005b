/* store_sales.h: what a small shop does, for the tests of what follows from it: all of it bought by
 * one customer, 0xc0. */
#ifndef SHOP_TESTS_STORE_SALES_H
#define SHOP_TESTS_STORE_SALES_H

#include "store_house.h"

#define MILK   7310865004703LL
#define COFFEE 7310865004710LL
#define T0     1790000000000 /* 2026-09-21, 15:33 UTC */

static inline void start(struct shop *h)
{
	struct entry e = sample_entry(ENTRY_START);

	shop_open(h);
	shop_write(h, &e);
}

static inline void open_visit(struct shop *h, uint64_t visit, uint8_t customer)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	e.visit_opened.visit.n = visit;
	e.visit_opened.customer = sample_customer(customer);
	shop_write(h, &e);
}

static inline void close_visit(struct shop *h, uint64_t visit)
{
	struct entry e = sample_entry(ENTRY_VISIT_CLOSED);

	e.visit_closed.visit.n = visit;
	shop_write(h, &e);
}

/* A line of one piece, for customer 0xc0. */
static inline struct entry piece(uint64_t visit, const char *key, uint64_t gtin, int64_t total,
				 int32_t vat_bp)
{
	struct entry e = sample_line(visit, key, total);

	e.line.gtin.n = gtin;
	e.line.quantity_milli = 1000;
	e.line.unit_price = e.line.list_price = e.line.total;
	e.line.vat_bp = vat_bp;
	return e;
}

static inline uint64_t sell(struct shop *h, uint64_t visit, const char *key, uint64_t gtin,
			    int64_t total, int32_t vat_bp)
{
	struct entry e = piece(visit, key, gtin, total, vat_bp);

	return shop_write(h, &e);
}

static inline struct entry moved(enum movement kind, uint64_t gtin, int64_t quantity,
				 int64_t unit_cost, const char *key)
{
	struct entry e = sample_entry(ENTRY_STOCK);

	e.stock.kind = kind;
	e.stock.gtin.n = gtin;
	e.stock.quantity_milli = quantity;
	e.stock.unit_cost = money_of(unit_cost);
	snprintf(e.stock.key, sizeof(e.stock.key), "%s", key);
	return e;
}

static inline uint64_t move(struct shop *h, enum movement kind, int64_t quantity, int64_t unit_cost)
{
	static uint32_t n;
	char key[16];
	struct entry e;

	snprintf(key, sizeof(key), "m-%u", n++);
	e = moved(kind, MILK, quantity, unit_cost, key);
	return shop_write(h, &e);
}

static inline void assert_stock(struct shop *h, int64_t on_hand, int64_t value)
{
	assert_int_equal(shop_number(h, "SELECT on_hand FROM stock WHERE gtin = %lld", MILK),
			 on_hand);
	assert_int_equal(shop_number(h, "SELECT value FROM stock WHERE gtin = %lld", MILK), value);
}

#endif
