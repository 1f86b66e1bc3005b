/*
 * close_gather.c: the lines that this month's invoices will bear, by household.
 *
 * Nothing in a line says that it is on an invoice; invoice_line does, and only that grows. So first
 * the lines of the invoices since the low-water mark are marked, one bit each; then the lines since
 * that mark are read once, in their order, and those that are left go to their households. How much
 * is read hangs on the months that are not settled, not on the years behind them.
 *
 * Left for later: lines bought after the month, lines of visits that still go on, and those of a
 * household that has its invoice of this month from before a crash.
 */
#include "ledger/close.h"
#include "ledger/pack.h"
#include "ledger/sql_each.h"

#include <stdlib.h>

#define HOUSEHOLDS_AT_FIRST  1024
#define LINES_AT_FIRST	     16384
#define INVOICES_A_YEAR	     1000000
#define READ_ENTRIES_AT_ONCE 2048 /* a millisecond of lines */

bool slice_spend(struct slice *s, uint32_t lines)
{
	s->lines += lines;
	s->since_look += lines;
	if (s->since_look < SLICE_LOOK && lines != 0)
		return !s->over;
	s->since_look = 0;
	s->over = s->lines >= SLICE_LINES_MAX || thread_mono_us() >= s->until_us ||
		  (s->lines >= SLICE_LINES_LEAST && s->hurry(s->data));
	return !s->over;
}

/* --- lines that are on invoices already */

static void mark_billed(struct close *c, uint64_t line)
{
	if (line >= c->low && line <= c->upto)
		c->billed[(line - c->low) / 64] |= (uint64_t)1 << (line - c->low) % 64;
}

static bool is_billed(const struct close *c, uint64_t line)
{
	return (c->billed[(line - c->low) / 64] >> (line - c->low) % 64 & 1) != 0;
}

/* The first invoice from `id` on, up to `last`; false: there is none. */
static bool invoice_from(struct desk *d, uint64_t id, uint64_t last, uint64_t *ret_id,
			 uint64_t *ret_seq)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_INVOICE_FROM);

	bind_u64(get, 1, id);
	bind_u64(get, 2, last);
	if (!desk_row(d, DESK_GET_INVOICE_FROM))
		return false;
	*ret_id = (uint64_t)column_i64(get, 0);
	*ret_seq = (uint64_t)column_i64(get, 1);
	desk_done(d, DESK_GET_INVOICE_FROM);
	return true;
}

/* In a year's series numbers rise with the entries, so the first that can bear a line from `low` on
 * is found by halving. */
static uint64_t first_to_mark(struct desk *d, const struct close *c, uint64_t last)
{
	uint64_t low = last - last % INVOICES_A_YEAR, high = last + 1, id, seq;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (!invoice_from(d, middle, last, &id, &seq) || seq > c->low)
			high = middle;
		else
			low = id + 1;
	}
	return low;
}

/* The next year's invoices to mark, from the newest back. False: all is marked. */
static bool next_year(struct desk *d, struct close *c)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_YEAR_BEFORE);
	uint64_t last = 0;

	bind_u64(get, 1, c->year_end);
	if (desk_row(d, DESK_GET_YEAR_BEFORE)) {
		last = (uint64_t)column_i64(get, 0);
		desk_done(d, DESK_GET_YEAR_BEFORE);
	}
	if (last == 0)
		return false;
	c->year_end = last - last % INVOICES_A_YEAR;
	c->billed_to = last;
	c->at = first_to_mark(d, c, last);
	c->at_line = 0;
	return true;
}

/* One row's lines. */
static uint32_t mark_pack(struct desk *d, struct close *c, const char *text)
{
	uint32_t lines = 0;
	uint64_t line;

	for (; text && pack_next(&text, &line); lines++)
		mark_billed(c, line);
	if (!text || *text != '\0')
		desk_damaged(d, "an invoice whose lines cannot be read");
	return lines;
}

/* True: there is more. */
static bool mark_some(struct desk *d, struct close *c, struct slice *s)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_BILLED);

	bind_u64(get, 1, c->at);
	bind_u64(get, 2, c->at_line);
	bind_u64(get, 3, c->billed_to);
	while (desk_row(d, DESK_GET_BILLED)) {
		uint32_t lines = mark_pack(d, c, (const char *)sqlite3_column_text(get, 2));

		c->at = (uint64_t)column_i64(get, 0);
		c->at_line = (uint64_t)column_i64(get, 1);
		if (!slice_spend(s, lines + 1)) {
			desk_done(d, DESK_GET_BILLED);
			return true;
		}
	}
	return next_year(d, c);
}

/* --- households */

static uint32_t slot_of(const struct close *c, const struct customer *customer)
{
	uint64_t hash;

	memcpy(&hash, customer->byte, sizeof(hash));
	hash *= 0x9e3779b97f4a7c15U;
	return (uint32_t)(hash >> 32) & (c->slots - 1);
}

static uint32_t *find_slot(const struct close *c, const struct customer *customer)
{
	uint32_t at = slot_of(c, customer);

	while (c->slot[at] != NO_HOUSEHOLD &&
	       !customer_is(c->household[c->slot[at]].customer, *customer))
		at = (at + 1) & (c->slots - 1);
	return &c->slot[at];
}

/* At most half of the slots are taken. */
static void grow_households(struct close *c)
{
	c->households_size = c->households_size ? 2 * c->households_size : HOUSEHOLDS_AT_FIRST;
	c->household = realloc(c->household, c->households_size * sizeof(*c->household));
	free(c->slot);
	c->slots = 2 * c->households_size;
	c->slot = malloc(c->slots * sizeof(*c->slot));
	CHECK(c->household && c->slot);
	memset(c->slot, 0xff, c->slots * sizeof(*c->slot));
	for (uint32_t i = 0; i < c->households; i++)
		*find_slot(c, &c->household[i].customer) = i;
}

static struct household *household_of(struct close *c, const struct customer *customer)
{
	uint32_t *slot;

	if (c->households == c->households_size)
		grow_households(c);
	slot = find_slot(c, customer);
	if (*slot == NO_HOUSEHOLD) {
		*slot = c->households++;
		c->household[*slot] = (struct household){
			.customer = *customer, .first = NO_LINE, .last = NO_LINE};
	}
	return &c->household[*slot];
}

static void add_line(struct close *c, struct household *h, uint64_t seq)
{
	if (c->lines == c->lines_size) {
		c->lines_size = c->lines_size ? 2 * c->lines_size : LINES_AT_FIRST;
		c->line = realloc(c->line, c->lines_size * sizeof(*c->line));
		CHECK(c->line);
	}
	c->line[c->lines] = (struct close_line){.at = (uint32_t)(seq - c->low), .next = NO_LINE};
	if (h->first == NO_LINE)
		h->first = c->lines;
	else
		c->line[h->last].next = c->lines;
	h->last = c->lines++;
}

void close_credited(struct close *c, struct customer customer)
{
	uint32_t at = c->slots ? *find_slot(c, &customer) : NO_HOUSEHOLD;

	if (at != NO_HOUSEHOLD)
		c->household[at].apart = true;
}

/* --- before a crash */

/* An invoice that was full had a next one coming: its household goes on. True: there is more. */
static bool serve_some(struct desk *d, struct close *c, struct slice *s)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_PERIOD_BILLED);
	struct customer customer;

	bind_i64(get, 1, c->request.period.n);
	bind_u64(get, 2, c->at);
	while (desk_row(d, DESK_GET_PERIOD_BILLED)) {
		bool full =
			column_i64(get, 1) >= INVOICE_LINES_MAX || column_i64(get, 2) >= RATES_MAX;

		if (!column_blob(get, 0, &customer, sizeof(customer)))
			desk_damaged(d, "an invoice without its customer");
		c->at = (uint64_t)column_i64(get, 3);
		c->invoices++;
		household_of(c, &customer)->served = !full;
		if (!slice_spend(s, 1)) {
			desk_done(d, DESK_GET_PERIOD_BILLED);
			return true;
		}
	}
	return false;
}

/* --- lines */

static bool visit_open(const struct close *c, uint64_t visit)
{
	for (uint32_t i = 0; i < c->opens; i++)
		if (c->open[i] == visit)
			return true;
	return false;
}

static void read_open(struct desk *d, struct close *c)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_VISITS_OPEN);

	c->opens = 0;
	/* those that the core still knows; an older one that never ended is over */
	bind_u64(get, 1, VISITS_OPEN_MAX);
	while (desk_row(d, DESK_GET_VISITS_OPEN))
		c->open[c->opens++] = (uint64_t)column_i64(get, 0);
}

/* Months close in order. */
static bool in_order(const struct close *c, struct day bought, struct desk_result *r)
{
	struct period month = period_of(bought);
	char earlier[PERIOD_TEXT_SIZE], asked[PERIOD_TEXT_SIZE];

	if (month.n >= c->request.period.n || month.n <= c->before.period.n)
		return true;
	period_text(month, earlier);
	period_text(c->request.period, asked);
	desk_refuse(r, "%s is not closed yet: close it before %s, for months close in order",
		    earlier, asked);
	return false;
}

/* What a query hands every line to. */
struct reading {
	struct desk *d;
	struct close *c;
	struct desk_result *r; /* refused: the other lines are let pass */
	uint32_t lines;
};

/* A line that is this month's, or was left over. */
static void bill_line(struct reading *g, uint64_t seq, struct day bought, sqlite3_value **value)
{
	struct close *c = g->c;
	struct money total = money_of(sqlite3_value_int64(value[3]));
	const struct customer *customer = sqlite3_value_blob(value[2]);
	struct household *h;

	if (!customer || sqlite3_value_bytes(value[2]) != sizeof(*customer))
		desk_damaged(g->d, "a line without its customer");
	if (money_compare(total, MONEY_ZERO) < 0) {
		desk_refuse(g->r, "line %llu is of less than nothing: credit it, then close again",
			    (unsigned long long)seq);
		return;
	}
	h = household_of(c, customer);
	if (h->served)
		return;
	if (!h->apart && !invoice_add(&h->sum, (int32_t)sqlite3_value_int64(value[4]), total,
				      money_of(sqlite3_value_int64(value[5]))))
		h->apart = true;
	if (h->first == NO_LINE || bought.n < h->oldest.n)
		h->oldest = bought;
	add_line(c, h, seq);
}

/* seq, visit, customer, total, vat_bp, vat, bought */
static void take_line(void *data, sqlite3_value **value)
{
	struct reading *g = data;
	struct close *c = g->c;
	uint64_t seq = (uint64_t)sqlite3_value_int64(value[0]);
	struct day bought = {(int32_t)sqlite3_value_int64(value[6])};

	g->lines++;
	if (g->r->answer == DESK_REFUSED || bought.n > c->last.n || is_billed(c, seq) ||
	    !in_order(c, bought, g->r))
		return;
	if (c->opens > 0 && visit_open(c, (uint64_t)sqlite3_value_int64(value[1])))
		return;
	bill_line(g, seq, bought, value);
}

/* True: there is more, or refused: r->answer says which. */
static bool read_some(struct desk *d, struct close *c, struct slice *s, struct desk_result *r)
{
	struct reading g = {.d = d, .c = c, .r = r};

	while (c->at < c->upto) {
		sqlite3_stmt *get = desk_get(d, DESK_GET_LINES);
		uint64_t to = c->at + READ_ENTRIES_AT_ONCE;
		int rc;

		if (to > c->upto)
			to = c->upto;
		bind_u64(get, 1, c->at);
		bind_u64(get, 2, to);
		g.lines = 0;
		rc = sql_each(get, take_line, &g);
		if (rc != SQLITE_DONE)
			sql_panic(d->store->writer.db, rc, "reading lines");
		c->at = to;
		if (r->answer == DESK_REFUSED || !slice_spend(s, g.lines + SLICE_LOOK))
			return true;
	}
	return false;
}

/* --- the phases */

static void begin(struct desk *d, struct close *c)
{
	c->upto = d->store->head.seq;
	if (c->upto < c->low)
		c->upto = c->low;
	CHECK(c->upto - c->low < UINT32_MAX);
	c->billed = calloc((c->upto - c->low) / 64 + 1, sizeof(*c->billed));
	CHECK(c->billed);
	c->year_end = INT64_MAX;
	grow_households(c);
	read_open(d, c);
}

bool gather_slice(struct desk *d, struct close *c, struct slice *s, struct desk_result *r)
{
	switch (c->phase) {
	case CLOSE_BILLED:
		if (!c->billed) {
			begin(d, c);
			if (next_year(d, c))
				return true;
		} else if (mark_some(d, c, s)) {
			return true;
		}
		c->at = 0;
		c->phase = CLOSE_SERVED;
		return true;
	case CLOSE_SERVED:
		if (!serve_some(d, c, s)) {
			c->at = c->low > 0 ? c->low - 1 : 0;
			c->phase = CLOSE_LINES;
		}
		return true;
	case CLOSE_LINES:
		if (!read_some(d, c, s, r)) {
			free(c->billed);
			c->billed = NULL;
			c->phase = CLOSE_INVOICES;
		}
		return r->answer != DESK_REFUSED;
	case CLOSE_INVOICES:
	case CLOSE_SUMS:
		break;
	}
	CHECK(false);
	return false;
}

void gather_free(struct close *c)
{
	free(c->billed);
	free(c->line);
	free(c->household);
	free(c->slot);
	c->billed = NULL;
	c->line = NULL;
	c->household = NULL;
	c->slot = NULL;
	c->lines = c->lines_size = c->households_size = c->slots = 0;
}
