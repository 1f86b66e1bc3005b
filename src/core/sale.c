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

#include "core/price.h"
#include "core/step.h"

#define LATE_MS	  (VISIT_LATE_DAYS * 86400000LL)
#define ONE_PIECE 1000

/* The line that would be recorded and the visit's total with it, or why not. */
static enum answer judge_wish(const struct step *s, const struct wish *w, struct line *ret_line,
			      struct money *ret_total)
{
	enum answer answer = price_wish(&s->shop->config, s->now, w, ret_line);

	if (w->visit->lines_ever >= VISIT_LINES_MAX)
		return ANSWER_VISIT_FULL;
	if (answer != ANSWER_OK)
		return answer;
	if (!money_add(w->visit->total, ret_line->total, ret_total))
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
	e->bought = line->bought;
	e->vat_class = line->vat_class;
	e->deposit = line->deposit;
	e->list_price = line->list_price;
	e->use_by = line->use_by;
	e->best_before = line->best_before;
	memcpy(e->lot, line->lot, sizeof(e->lot));
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
		w->open->shrinking |= w->now->shrinking;
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
static enum answer judge_repeat(const struct line *earlier, const struct wish *w)
{
	if (earlier->voided)
		return ANSWER_VOIDED;
	return price_same(earlier, w) ? ANSWER_REPEATED : ANSWER_KEY_REUSED;
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
			 .goods = &e->goods,
			 .quantity_milli = e->quantity_milli,
			 .scanned_at = e->scanned_at,
			 .bought = e->bought,
			 .then = &e->then,
			 .now = &e->now,
			 .price_version_now = e->price_version};
	enum answer answer = caller(s, &e->call, &w.open, &w.visit, &w.customer);
	int32_t milli;

	if (answer != ANSWER_OK)
		return answer;
	if (!key_valid(&e->key) || !price_quantity(&w, &milli))
		return ANSWER_MALFORMED;
	if (!s->shop->ledger_ok)
		return ANSWER_LEDGER_UNAVAILABLE;
	if (!e->call.earlier_known)
		return buy(s, &w, ret_line, ret_total);
	*ret_line = e->call.earlier;
	*ret_total = w.visit->total;
	return judge_repeat(&e->call.earlier, &w);
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

/* What is scanned at a till: one piece, now, under a key drawn for it; or a line that a phone had
 * kept, under the phone's own key, so that it is the same line when the phone itself sends it. */
static struct wish till_wish(const struct step *s, const struct event_goods *e)
{
	bool kept = e->key.text[0] != '\0';
	struct wish w = {.customer = s->shop->visits.till[e->reader].customer,
			 .member = &e->member,
			 .key = e->key,
			 .goods = &e->goods,
			 .quantity_milli = kept ? e->quantity_milli : ONE_PIECE,
			 .bought = kept ? e->bought : s->now->day,
			 .then = &e->then,
			 .now = &e->now,
			 .price_version_now = e->price_version};

	if (kept)
		w.scanned_at = e->scanned_at;
	else
		memcpy(w.key.text, s->draw->line_key, sizeof(w.key.text));
	return w;
}

static enum answer scan(struct step *s, const struct event_goods *e, struct effect_beep *beep)
{
	struct wish w = till_wish(s, e);
	struct line line;
	struct money total;
	enum answer answer;
	int32_t milli;

	w.open = visits_find(&s->shop->visits, s->shop->visits.till[e->reader].visit);
	if (!w.open)
		return ANSWER_NO_VISIT;
	visits_till_touch(s, e->reader);
	w.visit = w.open;
	beep->visit = w.open->id;
	CHECK(key_valid(&w.key));
	if (!price_quantity(&w, &milli))
		return ANSWER_MALFORMED;
	if (!s->shop->ledger_ok)
		return ANSWER_LEDGER_UNAVAILABLE;
	answer = e->earlier_known ? judge_repeat(&e->earlier, &w) : buy(s, &w, &line, &total);
	if (answer == ANSWER_OK)
		beep->key = w.key;
	return answer;
}

void sale_goods(struct step *s, const struct event_goods *e)
{
	const struct shop_config *c = &s->shop->config;
	bool ours = e->reader < c->readers && c->reader[e->reader].till;
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	beep->reader = e->reader;
	beep->goods = true;
	beep->key = e->key;
	beep->gtin = e->goods.gtin;
	beep->answer = ours ? scan(s, e, beep) : ANSWER_NO_VISIT;
	beep->yes = !e->failed && beep->answer <= ANSWER_REPEATED;
	beep->silent = e->more;
}
