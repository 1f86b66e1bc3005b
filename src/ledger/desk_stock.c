/*
 * desk_stock.c: deliveries, counts, waste and own use, judged before they are kept for ever; and
 * what stands on the shelves.
 *
 * The bounds are wide for any shop and narrow enough that no sum over all that may be said here in
 * a lifetime leaves 64 bits: a typing error is told at once, not found at the year's end.
 */
#include "ledger/derive.h"
#include "ledger/desk_inside.h"

#include <stdlib.h>

#define GTIN_MAX	  99999999999999
#define STOCK_MAX_MILLI	  1000000000LL	       /* a million pieces or kilograms at once … */
#define ON_HAND_MAX_MILLI 1000000000000LL      /* … and a thousand times that on the shelf */
#define UNIT_COST_MAX	  1000000000LL	       /* ten million kronor a piece */
#define VALUE_MAX	  100000000000000000LL /* half of what can be posted */
#define LEVELS_AT_FIRST	  256

static bool days_bad(const struct desk_request *q, struct desk_result *r)
{
	const struct entry_stock *s = &q->entry.stock;

	if (desk_day_bad("the day", s->day, r) || desk_day_bad("the use-by date", s->use_by, r) ||
	    desk_day_bad("the best-before date", s->best_before, r))
		return true;
	/* no clock is needed to write goods down, but one that is trusted is believed */
	if (q->clock_trusted && s->day.n > q->today.n) {
		desk_refuse(r, "that day has not come yet: a movement is written down when it has "
			       "happened");
		return true;
	}
	return false;
}

/* What can be said of the movement alone. */
static bool movement_bad(const struct entry_stock *s, struct desk_result *r)
{
	bool zero_may_be = s->kind == MOVEMENT_COUNT;
	int64_t cost = money_minor(s->unit_cost);

	if (s->kind < MOVEMENT_DELIVERY || s->kind > MOVEMENT_OWN_USE)
		desk_refuse(r, "only deliveries, counts, waste and own use are written down here");
	else if (s->gtin.n == 0 || s->gtin.n > GTIN_MAX)
		desk_refuse(r, "that is no article's number");
	else if (s->quantity_milli < 0 || (s->quantity_milli == 0 && !zero_may_be))
		desk_refuse(r, "the quantity has to be more than nothing; what went is told by the "
			       "kind of movement, not by a minus");
	else if (s->quantity_milli > STOCK_MAX_MILLI)
		desk_refuse(r, "more than a million pieces: that is a typing error, or several "
			       "deliveries");
	else if (cost != 0 && s->kind != MOVEMENT_DELIVERY)
		desk_refuse(r, "only a delivery tells what a piece has cost");
	else if (cost < 0 || cost > UNIT_COST_MAX)
		desk_refuse(r, "the cost of a piece is less than nothing, or past ten million");
	else
		return false;
	return true;
}

/* Whether what would stand on the shelf can still be reckoned with. */
static bool level_bad(struct desk *d, const struct entry_stock *s, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_STOCK);
	int64_t on_hand = 0, value = 0;
	struct money comes;

	bind_u64(get, 1, s->gtin.n);
	if (desk_row(d, DESK_GET_STOCK)) {
		on_hand = column_i64(get, 0);
		value = column_i64(get, 1);
		desk_done(d, DESK_GET_STOCK);
	}
	if (llabs(on_hand) + s->quantity_milli <= ON_HAND_MAX_MILLI &&
	    money_times(s->unit_cost, s->quantity_milli, &comes) &&
	    llabs(value) + money_minor(comes) <= VALUE_MAX &&
	    derive_stock_fits(d->store, s, money_of(VALUE_MAX)))
		return false;
	desk_refuse(r, "with that the shelf would hold more than can be: count it first");
	return true;
}

static void tell_level(struct desk *d, struct gtin gtin, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_STOCK);

	r->level = calloc(1, sizeof(*r->level));
	CHECK(r->level);
	r->levels = 1;
	r->level[0].gtin = gtin;
	bind_u64(get, 1, gtin.n);
	if (desk_row(d, DESK_GET_STOCK)) {
		r->level[0].on_hand_milli = column_i64(get, 0);
		r->level[0].shrunk_milli = column_i64(get, 2);
		desk_done(d, DESK_GET_STOCK);
	}
}

static bool same(const struct entry_stock *was, const struct entry_stock *is)
{
	return was->kind == is->kind && was->gtin.n == is->gtin.n &&
	       was->quantity_milli == is->quantity_milli &&
	       money_compare(was->unit_cost, is->unit_cost) == 0 && was->use_by.n == is->use_by.n &&
	       was->best_before.n == is->best_before.n &&
	       (is->day.n == 0 || was->day.n == is->day.n) && strcmp(was->lot, is->lot) == 0 &&
	       strcmp(was->why, is->why) == 0 && strcmp(was->by, is->by) == 0;
}

enum stored desk_stock(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_STOCK, .at = q->at, .stock = q->entry.stock}, earlier;
	struct entry_stock *s = &e.stock;
	enum stored stored;

	if (desk_key_bad(s->key, r) || desk_by_bad(s->by, r) ||
	    desk_text_bad("the reason", s->why, sizeof(s->why), r) ||
	    desk_text_bad("the lot", s->lot, sizeof(s->lot), r))
		return STORED_OK;
	if (desk_key(d, s->key, &r->seq, &earlier)) {
		if (earlier.kind != ENTRY_STOCK || !same(&earlier.stock, s))
			return desk_refuse(r, "key_reused: this key was given to something else; "
					      "make a new one for each movement");
		r->answer = DESK_REPEATED;
		tell_level(d, s->gtin, r);
		return STORED_OK;
	}
	if (movement_bad(s, r) || days_bad(q, r) || level_bad(d, s, r))
		return STORED_OK;
	if (s->day.n == 0)
		s->day = q->today;
	stored = desk_append(d, &e, r);
	if (stored == STORED_OK)
		tell_level(d, s->gtin, r);
	return stored;
}

enum stored desk_levels(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LEVELS);
	uint32_t size = 0;

	(void)q;
	while (desk_row(d, DESK_GET_LEVELS)) {
		if (r->levels == size) {
			size = size ? 2 * size : LEVELS_AT_FIRST;
			r->level = realloc(r->level, size * sizeof(*r->level));
			CHECK(r->level);
		}
		r->level[r->levels++] = (struct level){.gtin = {(uint64_t)column_i64(get, 0)},
						       .on_hand_milli = column_i64(get, 1),
						       .shrunk_milli = column_i64(get, 2)};
	}
	return STORED_OK;
}
