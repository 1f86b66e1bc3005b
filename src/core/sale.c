/*
 * sale.c: scan = bought (contracts 3): "each line is recorded at once under a key that the phone
 * made and kept."
 *
 * The order of the refusals: who speaks (nobody else learns anything), whether the question makes
 * sense, whether the disk can keep it, whether it was asked before, and only then the article, its
 * price and the credit. A refused line leaves no trace; a repeated one gets the stored answer.
 *
 * "Never refuse a sale because the books say the stock is zero": the core knows no stock.
 */
#include "core/sale.h"

#include <stdio.h>
#include <string.h>

#include "core/step.h"

#define LATE_MS	   (VISIT_LATE_DAYS * 86400000LL)
#define ONE_PIECE  1000
#define VAT_BP_MAX 10000

/* A line that is asked for, from a phone or a till. */
struct wish {
	struct visit *open; /* NULL: late, into `visit` that is over */
	const struct visit *visit;
	struct customer customer; /* who speaks, and pays */
	const struct member *member;
	struct line_key key;
	struct gtin gtin;
	int32_t quantity_milli;
	struct wall scanned_at;
	const struct article *then, *now;
	uint32_t price_version_now;
};

static bool article_sound(const struct article *a, struct gtin gtin)
{
	return a->known && a->gtin.n == gtin.n && gtin.n != 0 &&
	       money_compare(a->price, MONEY_ZERO) >= 0 && a->vat_bp >= 0 &&
	       a->vat_bp <= VAT_BP_MAX && (uint32_t)a->class < ARTICLE_CLASSES;
}

/* "Prices are pinned at entry; a later change counts only if lower." What came into the shop after
 * the visit began has today's price; what is gone from the list since has the one it had. */
static const struct article *pinned(const struct wish *w)
{
	bool then = article_sound(w->then, w->gtin), now = article_sound(w->now, w->gtin);

	if (then && now)
		return money_compare(w->now->price, w->then->price) < 0 ? w->now : w->then;
	if (then)
		return w->then;
	return now ? w->now : NULL;
}

/* "Refuse unknown articles, recalled or expired lots, goods barred by class (alcohol, tobacco,
 * medicine)": by what is known today, for a recall must not wait for the next visit. */
static enum answer judge_article(const struct shop_config *c, const struct wish *w)
{
	const struct article *a = article_sound(w->now, w->gtin) ? w->now : pinned(w);

	if (!a)
		return ANSWER_UNKNOWN_ARTICLE;
	if (c->barred_classes >> a->class & 1)
		return ANSWER_BARRED_CLASS;
	switch (a->state) {
	case ARTICLE_SOLD:
		return ANSWER_OK;
	case ARTICLE_RECALLED:
		return ANSWER_RECALLED;
	case ARTICLE_EXPIRED:
		return ANSWER_EXPIRED;
	}
	return ANSWER_UNKNOWN_ARTICLE;
}

static void line_of(const struct wish *w, const struct article *a, struct wall at, struct line *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->key = w->key;
	ret->gtin = w->gtin;
	ret->quantity_milli = w->quantity_milli;
	ret->unit_price = a->price;
	ret->vat_bp = a->vat_bp;
	ret->class = a->class;
	ret->late = !w->open;
	ret->price_version = a == w->then ? w->visit->price_version : w->price_version_now;
	ret->at = at;
	ret->scanned_at = w->scanned_at;
	ret->customer = w->customer;
	ret->name = a->name ? a->name : "";
}

/* The line that would be recorded and the visit's total with it, or why not. */
static enum answer judge_wish(const struct step *s, const struct wish *w, struct line *ret_line,
			      struct money *ret_total)
{
	enum answer answer = judge_article(&s->shop->config, w);

	if (w->visit->lines_ever >= VISIT_LINES_MAX)
		return ANSWER_VISIT_FULL;
	if (answer != ANSWER_OK)
		return answer;
	line_of(w, pinned(w), s->now->wall, ret_line);
	if (!money_times(ret_line->unit_price, w->quantity_milli, &ret_line->total) ||
	    !money_add(w->visit->total, ret_line->total, ret_total))
		return ANSWER_VISIT_FULL;
	if (w->member->limited && money_compare(ret_line->total, w->member->credit_left) > 0)
		return ANSWER_CREDIT_EXHAUSTED;
	return ANSWER_OK;
}

static void record_line(struct step *s, const struct visit *visit, const struct line *line)
{
	struct entry_line *e = &step_claim(s, ENTRY_LINE)->line;

	e->visit = visit->id;
	e->key = line->key;
	e->customer = line->customer;
	e->gtin = line->gtin;
	snprintf(e->name, sizeof(e->name), "%s", line->name);
	e->quantity_milli = line->quantity_milli;
	e->unit_price = line->unit_price;
	e->total = line->total;
	e->vat_bp = line->vat_bp;
	e->class = line->class;
	e->price_version = line->price_version;
	e->scanned_at = line->scanned_at;
	e->late = line->late;
}

/* Buys it, or says why not. */
static enum answer buy(struct step *s, const struct wish *w, struct line *ret_line,
		       struct money *ret_total)
{
	enum answer answer = judge_wish(s, w, ret_line, ret_total);

	if (answer != ANSWER_OK)
		return answer;
	record_line(s, w->visit, ret_line);
	if (w->open) {
		w->open->lines++;
		w->open->lines_ever++;
		w->open->total = *ret_total;
		w->open->last_at = s->now->mono;
	}
	return ANSWER_OK;
}

/* Who speaks for which visit: for 7 days also for one that is over. */
static enum answer caller(struct step *s, const struct visit_call *c, struct visit **ret_open,
			  const struct visit **ret_visit, struct customer *ret_customer)
{
	enum answer answer;
	int64_t over_ms;

	*ret_open = visits_called(s, c, &answer);
	*ret_visit = *ret_open;
	if (!*ret_open) {
		if (answer != ANSWER_VISIT_OVER)
			return answer;
		over_ms = s->now->wall.ms - c->past->closed_at.ms;
		if (s->now->wall_trusted && over_ms > LATE_MS)
			return ANSWER_VISIT_OVER;
		*ret_visit = c->past;
	}
	*ret_customer = visit_bearer(*ret_visit, &c->bearer)->customer;
	return ANSWER_OK;
}

static bool key_valid(const struct line_key *key)
{
	uint32_t len = 0;

	while (len < sizeof(key->text) && key->text[len] != '\0')
		len++;
	return name_valid(key->text, len);
}

/* "Same key + same body -> same reply; same key + other body -> conflict"; "a voided key stays so".
 */
static enum answer judge_repeat(const struct line *earlier, const struct event_line_put *e)
{
	if (earlier->voided)
		return ANSWER_VOIDED;
	if (earlier->gtin.n == e->goods.gtin.n && earlier->quantity_milli == e->quantity_milli)
		return ANSWER_REPEATED;
	return ANSWER_KEY_REUSED;
}

static void answer_line(struct step *s, const struct visit_call *c, enum answer answer,
			const struct line *line, struct money total)
{
	struct effect_line *e = &step_after(s, EFFECT_LINE)->line;

	e->request = c->request;
	e->visit = c->visit;
	e->answer = answer;
	if (answer != ANSWER_OK && answer != ANSWER_REPEATED)
		return;
	e->line = *line;
	e->visit_total = total;
}

static enum answer put(struct step *s, const struct event_line_put *e, struct line *ret_line,
		       struct money *ret_total)
{
	struct wish w = {.member = &e->call.member,
			 .key = e->key,
			 .gtin = e->goods.gtin,
			 .quantity_milli = e->quantity_milli,
			 .scanned_at = e->scanned_at,
			 .then = &e->then,
			 .now = &e->now,
			 .price_version_now = e->price_version};
	enum answer answer = caller(s, &e->call, &w.open, &w.visit, &w.customer);

	if (answer != ANSWER_OK)
		return answer;
	if (!key_valid(&e->key) || e->quantity_milli < 1 || e->quantity_milli > QUANTITY_MAX_MILLI)
		return ANSWER_MALFORMED;
	if (!s->shop->ledger_ok)
		return ANSWER_LEDGER_UNAVAILABLE;
	if (!e->call.earlier_known)
		return buy(s, &w, ret_line, ret_total);
	*ret_line = e->call.earlier;
	*ret_total = w.visit->total;
	return judge_repeat(&e->call.earlier, e);
}

void sale_put(struct step *s, const struct event_line_put *e)
{
	struct line line;
	struct money total = MONEY_ZERO;
	enum answer answer = put(s, e, &line, &total);

	answer_line(s, &e->call, answer, &line, total);
}

/* A line can be taken back while the visit lasts; what was carried out of the shop is settled with
 * its owner. */
static enum answer void_line(struct step *s, const struct event_line_void *e, struct line *ret_line,
			     struct money *ret_total)
{
	struct visit *open;
	const struct visit *visit;
	struct customer customer;
	struct entry_line_voided *row;
	enum answer answer = caller(s, &e->call, &open, &visit, &customer);

	if (answer != ANSWER_OK)
		return answer;
	if (!key_valid(&e->key))
		return ANSWER_MALFORMED;
	if (!s->shop->ledger_ok)
		return ANSWER_LEDGER_UNAVAILABLE;
	if (!e->call.earlier_known)
		return ANSWER_UNKNOWN_LINE;
	*ret_line = e->call.earlier;
	*ret_total = visit->total;
	if (ret_line->voided)
		return ANSWER_REPEATED;
	if (!open || open->lines == 0 || !money_sub(open->total, ret_line->total, ret_total))
		return ANSWER_VISIT_OVER;
	ret_line->voided = true;
	open->lines--;
	open->total = *ret_total;
	open->last_at = s->now->mono;
	row = &step_claim(s, ENTRY_LINE_VOIDED)->line_voided;
	row->visit = open->id;
	row->key = e->key;
	row->customer = ret_line->customer;
	row->total = ret_line->total;
	return ANSWER_OK;
}

void sale_void(struct step *s, const struct event_line_void *e)
{
	struct line line;
	struct money total = MONEY_ZERO;
	enum answer answer = void_line(s, e, &line, &total);

	answer_line(s, &e->call, answer, &line, total);
}

static enum answer scan(struct step *s, const struct event_goods *e)
{
	struct till *till = &s->shop->visits.till[e->reader];
	struct line line;
	struct money total;
	struct wish w = {.customer = till->customer,
			 .member = &e->member,
			 .gtin = e->goods.gtin,
			 .quantity_milli = ONE_PIECE,
			 .then = &e->then,
			 .now = &e->now,
			 .price_version_now = e->price_version};

	w.open = visits_find(&s->shop->visits, till->visit);
	if (!w.open)
		return ANSWER_UNAUTHORIZED;
	visits_till_touch(s, e->reader);
	w.visit = w.open;
	memcpy(w.key.text, s->draw->line_key, sizeof(w.key.text));
	CHECK(key_valid(&w.key));
	return s->shop->ledger_ok ? buy(s, &w, &line, &total) : ANSWER_LEDGER_UNAVAILABLE;
}

void sale_goods(struct step *s, const struct event_goods *e)
{
	const struct shop_config *c = &s->shop->config;
	bool ours = e->reader < c->readers && c->reader[e->reader].till;
	bool yes = ours && scan(s, e) == ANSWER_OK;
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	beep->reader = e->reader;
	beep->yes = yes;
}
