/*
 * price.c: what goods cost (contracts 3).
 *
 *   total = unit price × quantity + deposit × pieces
 *
 * "Prices are pinned at entry; a later change counts only if lower." A label from the scale says
 * how much it is, and the price list what a kilogram costs; a label with a price says what this
 * piece costs, with all that is in it. What is past its use-by date is refused. What is past its
 * best-before date is sold, for less if the shop says so: the old price stays beside the new one,
 * which is never higher.
 *
 * Dates are held against the day on which the goods were bought, which for a line that a phone had
 * kept is the day of the visit. While the clock is not trusted they are not judged: a day that may
 * be any day must neither refuse the whole shelf nor give it away.
 */
#include "core/price.h"

#include <string.h>

#define ONE_PIECE    1000
#define BASIS_POINTS 10000

static bool article_sound(const struct article *a, struct gtin gtin)
{
	struct money sum;

	return a->known && a->gtin.n == gtin.n && gtin.n != 0 &&
	       money_compare(a->price, MONEY_ZERO) >= 0 &&
	       money_compare(a->deposit, MONEY_ZERO) >= 0 &&
	       money_add(a->price, a->deposit, &sum) && a->vat_bp >= 0 &&
	       a->vat_bp <= BASIS_POINTS && (uint32_t)a->class < ARTICLE_CLASSES &&
	       (uint32_t)a->vat_class < VAT_CLASSES;
}

static struct money with_deposit(const struct article *a)
{
	struct money sum = a->price;

	CHECK(money_add(a->price, a->deposit, &sum)); /* article_sound() saw to it */
	return sum;
}

/* What came into the shop after the visit began has today's price; what is gone from the list since
 * has the one it had. */
static const struct article *pinned(const struct wish *w)
{
	bool then = article_sound(w->then, w->goods->gtin);
	bool now = article_sound(w->now, w->goods->gtin);

	if (then && now)
		return money_compare(with_deposit(w->now), with_deposit(w->then)) < 0 ? w->now
										      : w->then;
	if (then)
		return w->then;
	return now ? w->now : NULL;
}

/* "Refuse unknown articles, recalled or expired lots, goods barred by class (alcohol, tobacco,
 * medicine)": by what is known today, for a recall must not wait for the next visit. */
static enum answer judge_article(const struct shop_config *c, const struct now *now,
				 const struct wish *w)
{
	const struct article *a = article_sound(w->now, w->goods->gtin) ? w->now : pinned(w);

	if (!a)
		return ANSWER_UNKNOWN_ARTICLE;
	if (c->barred_classes >> a->class & 1)
		return ANSWER_BARRED_CLASS;
	if (a->state == ARTICLE_RECALLED)
		return ANSWER_RECALLED;
	if (a->state == ARTICLE_EXPIRED)
		return ANSWER_EXPIRED;
	if (a->state != ARTICLE_SOLD)
		return ANSWER_UNKNOWN_ARTICLE;
	if (now->wall_trusted && w->goods->use_by.n != 0 && w->goods->use_by.n < w->bought.n)
		return ANSWER_EXPIRED;
	return ANSWER_OK;
}

bool price_quantity(const struct wish *w, int32_t *ret_milli)
{
	int32_t milli = w->quantity_milli;

	/* two labels of the same weight are two things: each is scanned, under a key of its own */
	if (w->goods->measure != GOODS_PIECES && milli != ONE_PIECE)
		return false;
	if (w->goods->measure == GOODS_WEIGHT)
		milli = w->goods->quantity_milli;
	if (milli < 1 || milli > QUANTITY_MAX_MILLI)
		return false;
	*ret_milli = milli;
	return true;
}

static bool past_best_before(const struct now *now, const struct wish *w)
{
	return now->wall_trusted && w->goods->best_before.n != 0 &&
	       w->goods->best_before.n < w->bought.n;
}

static bool price_unit(const struct shop_config *c, const struct now *now, const struct wish *w,
		       const struct article *a, struct line *ret)
{
	ret->list_price = w->goods->measure == GOODS_PRICE ? w->goods->price : a->price;
	ret->unit_price = ret->list_price;
	return !past_best_before(now, w) ||
	       money_ratio(ret->list_price, BASIS_POINTS - c->past_best_before_bp, BASIS_POINTS,
			   &ret->unit_price);
}

/* A label's price has the deposit in it; what is weighed is one piece. */
static bool price_deposit(const struct wish *w, const struct article *a, struct line *ret)
{
	ret->deposit = MONEY_ZERO;
	switch (w->goods->measure) {
	case GOODS_PRICE:
		return true;
	case GOODS_WEIGHT:
		ret->deposit = a->deposit;
		return true;
	case GOODS_PIECES:
		return money_times(a->deposit, ret->quantity_milli, &ret->deposit);
	}
	return false;
}

static void line_of(const struct wish *w, const struct article *a, struct wall at, struct line *ret)
{
	*ret = (struct line){
		.key = w->key,
		.gtin = w->goods->gtin,
		.vat_bp = a->vat_bp,
		.vat_class = a->vat_class,
		.class = a->class,
		.bought = w->bought,
		.use_by = w->goods->use_by,
		.best_before = w->goods->best_before,
		.late = !w->open,
		.price_version = a == w->then ? w->visit->price_version : w->price_version_now,
		.at = at,
		.scanned_at = w->scanned_at,
		.customer = w->customer,
		.name = a->name ? a->name : "",
	};
	memcpy(ret->lot, w->goods->lot, sizeof(ret->lot));
	ret->lot[sizeof(ret->lot) - 1] = '\0';
}

enum answer price_wish(const struct shop_config *c, const struct now *now, const struct wish *w,
		       struct line *ret)
{
	enum answer answer = judge_article(c, now, w);
	const struct article *a = pinned(w);
	struct money goods;

	if (answer != ANSWER_OK)
		return answer;
	if (w->goods->measure == GOODS_PRICE && money_compare(w->goods->price, MONEY_ZERO) <= 0)
		return ANSWER_UNKNOWN_ARTICLE;
	line_of(w, a, now->wall, ret);
	CHECK(price_quantity(w, &ret->quantity_milli));
	if (!price_unit(c, now, w, a, ret) || !price_deposit(w, a, ret) ||
	    !money_times(ret->unit_price, ret->quantity_milli, &goods) ||
	    !money_add(goods, ret->deposit, &ret->total))
		return ANSWER_VISIT_FULL;
	return ANSWER_OK;
}

bool price_same(const struct line *earlier, const struct wish *w)
{
	int32_t milli;

	if (!price_quantity(w, &milli) || earlier->quantity_milli != milli ||
	    earlier->gtin.n != w->goods->gtin.n)
		return false;
	if (w->goods->measure == GOODS_PRICE &&
	    money_compare(earlier->list_price, w->goods->price) != 0)
		return false;
	return earlier->use_by.n == w->goods->use_by.n &&
	       earlier->best_before.n == w->goods->best_before.n &&
	       strncmp(earlier->lot, w->goods->lot, LOT_MAX) == 0;
}
