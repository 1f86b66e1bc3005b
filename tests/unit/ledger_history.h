/* ledger_history.h: years in a shop by lot, from a seed: everything that may happen to its books,
 * in any order in which it may. */
#ifndef SHOP_TESTS_LEDGER_HISTORY_H
#define SHOP_TESTS_LEDGER_HISTORY_H

#include "books/invoice.h"
#include "books/vat.h"
#include "store_house.h"

#define T0     1790000000000 /* 2026-09-21 */
#define DAY_MS 86400000LL

enum {
	CUSTOMERS = 5,
	ARTICLES = 7,
	LINES_MAX = 4000,
	INVOICES_MAX = 400
};

struct a_line {
	uint64_t seq, visit;
	uint32_t customer;
	char key[16];
	int64_t total;
	int32_t vat_bp;
	enum {
		LINE_HOLDS,
		LINE_GONE,
		LINE_BILLED
	} state;
	bool sure;
};

struct an_invoice {
	struct entry_invoice i;
	uint32_t customer;
	bool credited;
};

struct history {
	struct shop *shop;
	uint64_t random;
	int64_t at;
	int64_t mono;
	uint8_t boot;
	bool trusted;
	bool full;		   /* the disk: what is left of the transaction is not tried */
	uint64_t visit[CUSTOMERS]; /* open; 0: none */
	uint64_t visits;
	struct a_line line[LINES_MAX];
	uint32_t lines;
	struct an_invoice invoice[INVOICES_MAX];
	uint32_t invoices, numbers, keys;
	char nobodys[8][16]; /* keys of payments that nobody has claimed */
	uint32_t unclaimed;
};

static inline uint64_t draw(struct history *y, uint64_t below)
{
	y->random ^= y->random << 13;
	y->random ^= y->random >> 7;
	y->random ^= y->random << 17;
	return y->random % below;
}

static inline uint64_t put(struct history *y, struct entry *e)
{
	y->at += (int64_t)draw(y, 3 * 3600000);
	e->at.ms = y->at;
	if (!y->full && store_append(&y->shop->store, e) != STORED_OK)
		y->full = true;
	return y->shop->store.head.seq;
}

static inline void put_key(struct history *y, char key[NAME_MAX_LEN + 1])
{
	snprintf(key, NAME_MAX_LEN + 1, "key-%u", y->keys++);
}

static inline void lot_clock(struct history *y)
{
	bool trusted = draw(y, 3) > 0;
	struct entry e;

	memset(&e, 0, sizeof(e));
	if (draw(y, 4) == 0) {
		e.kind = ENTRY_START;
		y->boot += (uint8_t)draw(y, 2);
		e.start = (struct entry_start){.boot_id = {y->boot},
					       .mono = {y->mono += 1000000},
					       .wall_trusted = trusted,
					       .utc_offset_min = 60};
	} else {
		e.kind = ENTRY_CLOCK;
		e.clock = (struct entry_clock){.boot_id = {y->boot},
					       .mono = {y->mono += 1000000},
					       .before = {y->at - (int64_t)draw(y, 300 * DAY_MS)},
					       .wall_trusted = trusted,
					       .utc_offset_min = 120};
	}
	y->trusted = trusted;
	put(y, &e);
	for (uint32_t i = 0; trusted && i < y->lines; i++)
		y->line[i].sure = true;
}

static inline void lot_visit(struct history *y, uint32_t customer)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	if (y->visit[customer] != 0) {
		e = sample_entry(ENTRY_VISIT_CLOSED);
		e.visit_closed.visit.n = y->visit[customer];
		y->visit[customer] = 0;
	} else {
		y->visit[customer] = ++y->visits;
		e.visit_opened.visit.n = y->visits;
		e.visit_opened.customer = sample_customer((uint8_t)(16 * (customer + 1)));
	}
	put(y, &e);
}

static inline void lot_line(struct history *y, uint32_t customer)
{
	static const int32_t rates[] = {2500, 1200, 600, 0};
	struct a_line *l = &y->line[y->lines];
	struct entry e;

	if (y->visit[customer] == 0 || y->lines == LINES_MAX)
		return;
	*l = (struct a_line){.visit = y->visit[customer],
			     .customer = customer,
			     .total = 1 + (int64_t)draw(y, 20000),
			     .vat_bp = rates[draw(y, ARRAY_LEN(rates))],
			     .sure = y->trusted};
	snprintf(l->key, sizeof(l->key), "l-%u", y->lines);
	e = sample_line(l->visit, l->key, l->total);
	e.line.customer = sample_customer((uint8_t)(16 * (customer + 1)));
	e.line.gtin.n = 7310865004700 + draw(y, ARTICLES);
	e.line.quantity_milli = 1 + (int32_t)draw(y, 5000);
	e.line.vat_bp = l->vat_bp;
	e.line.vat_class = draw(y, 2) ? VAT_FOOD : VAT_FIXED;
	e.line.deposit = money_of((int64_t)draw(y, (uint64_t)l->total + 1));
	e.line.bought.n = (int32_t)(y->at / DAY_MS);
	l->seq = put(y, &e);
	y->lines++;
}

static inline struct a_line *lot_of_lines(struct history *y)
{
	return y->lines ? &y->line[draw(y, y->lines)] : NULL;
}

static inline void lot_void(struct history *y)
{
	struct a_line *l = lot_of_lines(y);
	struct entry e;

	if (!l || l->state != LINE_HOLDS || y->visit[l->customer] != l->visit)
		return;
	e = sample_voided(l->visit, l->key, l->total);
	put(y, &e);
	l->state = LINE_GONE;
}

static inline void lot_line_credited(struct history *y)
{
	struct a_line *l = lot_of_lines(y);
	struct entry e = sample_entry(ENTRY_LINE_CREDITED);

	if (!l || l->state != LINE_HOLDS || y->visit[l->customer] == l->visit)
		return;
	e.line_credited.line = l->seq;
	e.line_credited.total = money_of(l->total);
	e.line_credited.reason = (enum credit_reason)draw(y, CREDIT_REASONS);
	put_key(y, e.line_credited.key);
	put(y, &e);
	l->state = LINE_GONE;
}

static inline void lot_stock(struct history *y)
{
	struct entry e = sample_entry(ENTRY_STOCK);

	e.stock.kind = (enum movement)(MOVEMENT_DELIVERY + draw(y, 4));
	e.stock.gtin.n = 7310865004700 + draw(y, ARTICLES);
	e.stock.quantity_milli = (int64_t)draw(y, 50000);
	e.stock.unit_cost =
		money_of(e.stock.kind == MOVEMENT_DELIVERY ? (int64_t)draw(y, 9999) : 0);
	put_key(y, e.stock.key);
	put(y, &e);
}

/* What the ledger itself says of a line: its rate may have been put right. */
static inline void line_as_it_is(struct history *y, const struct a_line *l, int32_t *ret_bp,
				 struct money *ret_vat)
{
	unsigned long long seq = l->seq;

	*ret_bp = (int32_t)shop_number(y->shop, "SELECT vat_bp FROM line WHERE seq = %llu", seq);
	*ret_vat = money_of(shop_number(y->shop, "SELECT vat FROM line WHERE seq = %llu", seq));
}

static inline void put_lines_of(struct history *y, const struct invoice_id id, const uint64_t *line,
				uint32_t n)
{
	struct entry e = {.kind = ENTRY_INVOICE_LINES};
	uint64_t before = 0;

	e.invoice_lines.invoice = id;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t step = line[i] - before;

		before = line[i];
		for (; step >= 0x80; step >>= 7)
			e.invoice_lines.packed[e.invoice_lines.packed_len++] =
				(uint8_t)(step | 0x80);
		e.invoice_lines.packed[e.invoice_lines.packed_len++] = (uint8_t)step;
		e.invoice_lines.lines++;
		/* an entry that begins anew says its first number whole */
		if (e.invoice_lines.packed_len > INVOICE_PACKED_MAX - 10 || i + 1 == n) {
			put(y, &e);
			e.invoice_lines.packed_len = e.invoice_lines.lines = 0;
			before = 0;
		}
	}
}

static inline void lot_invoice(struct history *y, uint32_t customer)
{
	struct invoice_sum sum = {0};
	uint64_t line[LINES_MAX];
	struct entry e = {.kind = ENTRY_INVOICE};
	struct an_invoice *made = &y->invoice[y->invoices];

	for (uint32_t i = 0; i < y->lines && y->invoices < INVOICES_MAX; i++) {
		struct a_line *l = &y->line[i];
		struct money vat;
		int32_t bp;

		if (l->customer != customer || l->state != LINE_HOLDS || !l->sure ||
		    l->visit == y->visit[customer])
			continue;
		line_as_it_is(y, l, &bp, &vat);
		assert_true(invoice_add(&sum, bp, money_of(l->total), vat));
		line[sum.lines - 1] = l->seq;
		l->state = LINE_BILLED;
	}
	if (sum.lines == 0)
		return;
	invoice_make(&sum, &e.invoice);
	e.invoice.invoice.n = 2026000001 + y->numbers++;
	e.invoice.customer = sample_customer((uint8_t)(16 * (customer + 1)));
	e.invoice.period.n = 202609;
	e.invoice.issued.n = (int32_t)(y->at / DAY_MS);
	e.invoice.due.n = e.invoice.issued.n + (int32_t)draw(y, 30);
	put_lines_of(y, e.invoice.invoice, line, sum.lines);
	put(y, &e);
	*made = (struct an_invoice){.i = e.invoice, .customer = customer};
	y->invoices++;
}

static inline void lot_credit_note(struct history *y)
{
	struct entry e = {.kind = ENTRY_CREDIT_NOTE};
	struct an_invoice *of;

	if (y->invoices == 0)
		return;
	of = &y->invoice[draw(y, y->invoices)];
	if (of->credited)
		return;
	of->credited = true;
	credit_whole(&of->i, &e.credit_note);
	e.credit_note.credit_note.n = 2026000001 + y->numbers++;
	e.credit_note.issued.n = (int32_t)(y->at / DAY_MS);
	e.credit_note.reason = (enum credit_reason)draw(y, CREDIT_REASONS);
	snprintf(e.credit_note.by, sizeof(e.credit_note.by), "owner");
	put_key(y, e.credit_note.key);
	put(y, &e);
}

static inline void lot_payment(struct history *y)
{
	struct entry e = sample_entry(ENTRY_PAYMENT);
	uint32_t customer = (uint32_t)draw(y, CUSTOMERS);

	e.payment.amount = money_of((int64_t)draw(y, 60000) - 12000);
	e.payment.customer = sample_customer((uint8_t)(16 * (customer + 1)));
	e.payment.invoice.n = 0;
	if (y->invoices && draw(y, 2))
		e.payment.invoice = y->invoice[draw(y, y->invoices)].i.invoice;
	put_key(y, e.payment.key);
	if (draw(y, 5) == 0 && y->unclaimed < ARRAY_LEN(y->nobodys)) {
		memset(&e.payment.customer, 0, sizeof(e.payment.customer));
		snprintf(y->nobodys[y->unclaimed++], sizeof(y->nobodys[0]), "%.15s", e.payment.key);
	}
	put(y, &e);
}

static inline void lot_assigned(struct history *y)
{
	struct entry e = sample_entry(ENTRY_PAYMENT_ASSIGNED);

	if (y->unclaimed == 0)
		return;
	snprintf(e.payment_assigned.key, sizeof(e.payment_assigned.key), "%s",
		 y->nobodys[--y->unclaimed]);
	e.payment_assigned.customer = sample_customer((uint8_t)(16 * (1 + draw(y, CUSTOMERS))));
	put(y, &e);
}

static inline void lot_visit_looked_at(struct history *y)
{
	struct a_line *l = lot_of_lines(y);
	struct entry e = sample_entry(draw(y, 2) ? ENTRY_CHECK : ENTRY_REPORTED);

	if (!l)
		return;
	if (e.kind == ENTRY_CHECK) {
		e.check.visit.n = l->visit;
		e.check.state = (enum check_state)draw(y, CHECK_STATES);
		e.check.reason = (enum check_reason)draw(y, CHECK_REASONS);
	} else {
		e.reported.visit.n = l->visit;
		snprintf(e.reported.line.text, sizeof(e.reported.line.text), "%s", l->key);
	}
	put(y, &e);
}

static inline void lot_other(struct history *y)
{
	static const enum entry_kind kinds[] = {ENTRY_ADMITTED, ENTRY_REFUSED, ENTRY_DOOR,
						ENTRY_ALARM,	ENTRY_LOST,    ENTRY_TAX,
						ENTRY_CHART};
	struct entry e = sample_entry(kinds[draw(y, ARRAY_LEN(kinds))]);

	if (e.kind == ENTRY_DOOR && draw(y, 2)) {
		e.door.event = DOOR_EVENT_MODE;
		e.door.mode = (enum door_mode)draw(y, DOOR_MODES);
	}
	if (e.kind == ENTRY_ADMITTED)
		e.admitted.cti_len = draw(y, 2) ? CTI_SIZE_MAX : 0;
	if (e.kind == ENTRY_CHART && draw(y, 2)) {
		e.chart = chart_bas();
		e.chart.receivable = 1510;
	}
	put(y, &e);
}

static inline void lot(struct history *y)
{
	uint32_t customer = (uint32_t)draw(y, CUSTOMERS);
	uint64_t what = draw(y, 100);

	if (what < 45)
		lot_line(y, customer);
	else if (what < 57)
		lot_visit(y, customer);
	else if (what < 63)
		lot_void(y);
	else if (what < 66)
		lot_line_credited(y);
	else if (what < 76)
		lot_stock(y);
	else if (what < 79)
		lot_invoice(y, customer);
	else if (what < 81)
		lot_credit_note(y);
	else if (what < 87)
		lot_payment(y);
	else if (what < 89)
		lot_assigned(y);
	else if (what < 93)
		lot_visit_looked_at(y);
	else if (what < 96)
		lot_clock(y);
	else
		lot_other(y);
}

/* Some transactions are rolled back: what they did must leave no trace, in memory either. */
static inline void live(struct history *y, uint32_t steps)
{
	static struct history kept;

	for (uint32_t i = 0; i < steps;) {
		uint32_t together = 1 + (uint32_t)draw(y, 20);
		bool back = draw(y, 10) == 0;

		if (back)
			kept = *y;
		shop_begin(y->shop);
		for (uint32_t k = 0; k < together; k++, i++)
			lot(y);
		if (back) {
			uint64_t random = y->random;

			store_rollback(&y->shop->store);
			*y = kept;
			y->random = random;
		} else {
			assert_false(y->full);
			shop_commit(y->shop);
		}
	}
}

static inline struct history *begin_history(struct shop *h, uint64_t seed)
{
	struct history *y = calloc(1, sizeof(*y));
	struct entry e = sample_entry(ENTRY_START);

	assert_non_null(y);
	y->shop = h;
	y->random = seed * 0x9e3779b97f4a7c15 + 1;
	y->at = T0;
	y->trusted = true;
	shop_open(h);
	shop_write(h, &e);
	return y;
}

#endif
