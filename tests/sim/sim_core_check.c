/*
 * sim_core_check.c: what must hold after every step, whatever happened, judged from the outside: by
 * what the shop said and what the world saw, never by what the core believes of itself.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_core.h"

void world_fail(struct world *w, const char *format, ...)
{
	va_list arguments;

	if (w->why[0] != '\0')
		return; /* the first cause */
	va_start(arguments, format);
	vsnprintf(w->why, sizeof(w->why), format, arguments);
	va_end(arguments);
}

/* --- the door: "the strike is on only with a reason"
 * ------------------------------------------------------------------------------------ */

static bool strike_has_reason(const struct world *w, uint32_t i)
{
	const struct world_door *d = &w->door[i];
	const struct door_config *c = &w->shop.config.door[i];
	bool closing = c->relock == RELOCK_ON_CLOSE && d->admitted_once &&
		       (d->contact || w->mono.ms - d->contact_changed.ms <= c->debounce_ms);

	if (d->fire || w->mono.ms - d->fire_changed.ms <= c->debounce_ms)
		return true;
	if (d->word == DOOR_UNLOCKED)
		return true;
	if (d->word == DOOR_PROPPED && w->mono.ms < d->prop_end.ms)
		return true;
	return d->word == DOOR_LOCKED && (w->mono.ms < d->allowed.ms || closing);
}

static void check_doors(struct world *w)
{
	for (uint32_t i = 0; i < w->shop.config.doors; i++) {
		const struct world_door *d = &w->door[i];

		if (d->strike && !strike_has_reason(w, i))
			world_fail(w, "door %u: the strike is on without a reason", i);
	}
}

/* --- tokens: "never admitted twice"
 * ------------------------------------------------------------------------------------ */

static bool outside_hours(const struct world *w, const struct member *m)
{
	const struct trust_config *t = &w->shop.config.trust[m->trust];
	uint16_t minute = w->event.now.minute_of_week % 1440;

	return m->role == ROLE_MEMBER && w->trusted && t->hours_apart &&
	       (minute < t->hours[0].open || minute >= t->hours[0].close);
}

/* "The counter never goes back", whatever the clock says. */
static void check_card(struct world *w, const struct showing *s)
{
	const struct token_shown *t = s->token;
	uint32_t *newest = &w->card_newest[t->kid.byte[1]];

	if (s->purpose == PURPOSE_SESSION)
		world_fail(w, "a card opened a session");
	if (!t->member_known)
		world_fail(w, "admitted nobody's card");
	if (t->card_counter <= *newest)
		world_fail(w, "a card's counter went back from %u to %u", *newest, t->card_counter);
	*newest = t->card_counter;
}

static void check_admitted(struct world *w, const struct showing *s)
{
	const struct token_shown *t = s->token;
	bool door = s->purpose == PURPOSE_DOOR;

	if (t->proof != PROOF_GOOD || t->member.blocked || t->pass_revoked)
		world_fail(w, "admitted what is not good, or blocked, or revoked");
	if (w->full && s->purpose != PURPOSE_SESSION)
		world_fail(w, "admitted while the disk is full");
	if (door && outside_hours(w, &t->member))
		world_fail(w, "admitted outside the hours of the level of trust");
	if (door && w->door[s->door].word == DOOR_LOCKDOWN)
		world_fail(w, "admitted in a lockdown");
	if (t->pass && !w->trusted)
		world_fail(w, "admitted a pass by a clock that is not trusted");
	if (t->card)
		check_card(w, s);
	if (t->pass || t->card)
		return;
	if (!t->claims.has_nonce &&
	    (!w->trusted || t->claims.exp_s <= w->wall_ms / 1000 ||
	     t->claims.iat_s > w->wall_ms / 1000 + 10 || t->claims.exp_s - t->claims.iat_s > 120))
		world_fail(w, "admitted by a wrong time");
	for (uint32_t i = 0; i < w->admitteds; i++) {
		const struct token_shown *a = &w->admitted[i];

		if (memcmp(a->kid.byte, t->kid.byte, KID_SIZE) == 0 &&
		    memcmp(a->claims.cti, t->claims.cti, CTI_SIZE_MAX) == 0)
			world_fail(w, "admitted the same token twice");
		if (t->claims.has_nonce && a->claims.has_nonce &&
		    memcmp(a->claims.nonce, t->claims.nonce, NONCE_SIZE) == 0)
			world_fail(w, "admitted the same nonce twice");
	}
	if (w->admitteds == w->admitteds_room) {
		w->admitteds_room = w->admitteds_room ? w->admitteds_room * 2 : 256;
		w->admitted = realloc(w->admitted, w->admitteds_room * sizeof(*w->admitted));
		CHECK(w->admitted);
	}
	w->admitted[w->admitteds++] = *t;
}

/* The verdict on the event's token, from what was said about it. */
static bool verdict_of(const struct world *w, enum verdict *ret, uint32_t *ret_unlock_ms)
{
	const struct effects *e = &w->effects;

	*ret_unlock_ms = 0;
	for (uint32_t i = 0; i < e->nows; i++)
		if (e->now[i].kind == EFFECT_VERDICT) {
			*ret = e->now[i].verdict.verdict;
			*ret_unlock_ms = e->now[i].verdict.unlock_ms;
			return true;
		}
	for (uint32_t i = 0; i < e->afters; i++)
		if (e->after[i].kind == EFFECT_VISIT &&
		    e->after[i].visit.answer <= ANSWER_REPEATED) {
			*ret = e->after[i].visit.verdict;
			return true;
		}
	return false;
}

static void check_token(struct world *w)
{
	const struct event_token *e = &w->event.token;
	struct showing s = {.token = &e->token};
	uint32_t unlock_ms;
	enum verdict verdict;

	s.purpose = w->event.kind == EVENT_DOOR_TOKEN	? PURPOSE_DOOR
		    : w->event.kind == EVENT_TILL_TOKEN ? PURPOSE_TILL
							: PURPOSE_SESSION;
	s.door = w->shop.config.reader[e->reader].door;
	if (!verdict_of(w, &verdict, &unlock_ms))
		return;
	if (w->perfect && verdict != VERDICT_ADMITTED)
		world_fail(w, "a perfect token is refused: %s", verdict_word(verdict));
	if (verdict != VERDICT_ADMITTED) {
		w->refusals++;
		return;
	}
	w->admissions++;
	check_admitted(w, &s);
	if (s.purpose != PURPOSE_DOOR)
		return;
	w->door[s.door].allowed = mono_add(w->mono, unlock_ms);
	w->door[s.door].admitted_once = true;
	if (unlock_ms != 5000 && unlock_ms != 15000)
		world_fail(w, "a window of %u ms", unlock_ms);
}

/* --- money
 * ------------------------------------------------------------------------------------ */

/* Worked out the long way round: quantity x price in thousandths, half up. */
static int64_t total_of(int64_t price_minor, int64_t quantity_milli)
{
	__int128 exact = (__int128)price_minor * quantity_milli;

	return (int64_t)((exact + 500) / 1000);
}

static void check_credit(struct world *w, const struct entry_line *l)
{
	const struct member *m = w->event.kind == EVENT_GOODS ? &w->event.goods.member
							      : &w->event.line_put.call.member;

	if (m->limited && money_minor(l->total) > money_minor(m->credit_left))
		world_fail(w, "sold past the credit");
}

static int64_t shelf(const struct article *a)
{
	return money_minor(a->price) + money_minor(a->deposit);
}

static const struct goods *goods_of(const struct world *w)
{
	return w->event.kind == EVENT_GOODS ? &w->event.goods.goods : &w->event.line_put.goods;
}

static void check_dates(struct world *w, const struct entry_line *l, const struct goods *g)
{
	if (l->bought.n !=
	    (w->event.kind == EVENT_GOODS ? w->event.now.day.n : w->event.line_put.bought.n))
		world_fail(w, "bought on another day");
	if (l->use_by.n != g->use_by.n || l->best_before.n != g->best_before.n ||
	    strcmp(l->lot, g->lot) != 0)
		world_fail(w, "a line lost its dates or its lot");
	if (w->trusted && l->use_by.n != 0 && l->use_by.n < l->bought.n)
		world_fail(w, "sold after its use-by date");
}

/* What the line should cost, from what was scanned and from the article that holds. */
static void check_price(struct world *w, const struct entry_line *l, const struct article *a)
{
	const struct goods *g = goods_of(w);
	bool past = w->trusted && g->best_before.n != 0 && g->best_before.n < l->bought.n;
	int64_t list = money_minor(a->price), deposit = money_minor(a->deposit), unit;
	int64_t keep_bp = past ? 10000 - w->shop.config.past_best_before_bp : 10000;

	if (g->measure == GOODS_PRICE) {
		list = money_minor(g->price);
		deposit = 0;
	} else if (g->measure == GOODS_PIECES) {
		deposit = total_of(deposit, l->quantity_milli);
	}
	if (g->measure == GOODS_WEIGHT && l->quantity_milli != g->quantity_milli)
		world_fail(w, "another weight than the label's");
	if (g->measure == GOODS_PRICE && l->quantity_milli != 1000)
		world_fail(w, "a price label counted more than once");
	unit = (list * keep_bp + 5000) / 10000;
	if (money_minor(l->list_price) != list || money_minor(l->unit_price) != unit)
		world_fail(w, "sold at another price");
	if (unit > list)
		world_fail(w, "a discount that raises the price");
	if (money_minor(l->deposit) != deposit)
		world_fail(w, "another deposit");
	if (money_minor(l->total) != total_of(unit, l->quantity_milli) + deposit)
		world_fail(w, "a total that does not add up");
	if (l->vat_bp != a->vat_bp || l->vat_class != a->vat_class)
		world_fail(w, "another VAT rate");
	check_dates(w, l, g);
	w->labels += g->measure != GOODS_PIECES;
	w->deposits += deposit > 0;
	w->discounts += unit < list;
}

static void check_line_row(struct world *w, const struct entry_line *l)
{
	struct world_visit *v = books_visit(w, l->visit);
	const struct article *then = NULL, *now = NULL;

	if (!v) {
		world_fail(w, "a line without a visit");
		return;
	}
	if (books_line(w, l->visit, l->key.text))
		world_fail(w, "charged twice for one key");
	if (v->visit.over != l->late)
		world_fail(w, "late is %d of a visit that is %s", l->late,
			   v->visit.over ? "over" : "open");
	for (uint32_t i = 0; i < WORLD_ARTICLES; i++) {
		if (w->article[w->version][i].gtin.n != l->gtin.n)
			continue;
		then = &w->article[v->visit.price_version][i];
		now = &w->article[w->version][i];
	}
	if (!then || (!then->known && !now->known)) {
		world_fail(w, "sold what is not known");
		return;
	}
	check_price(w, l, then->known && (!now->known || shelf(then) <= shelf(now)) ? then : now);
	if (now->known &&
	    (now->state != ARTICLE_SOLD || (w->shop.config.barred_classes >> now->class & 1)))
		world_fail(w, "sold what is barred or recalled");
	check_credit(w, l);
	w->bought++;
}

static int64_t sum_of(const struct world *w, struct visit_id id)
{
	int64_t sum = 0;

	for (uint32_t i = w->lines; i > 0; i--)
		if (w->line[i - 1].visit.n == id.n && !w->line[i - 1].line.voided)
			sum += money_minor(w->line[i - 1].line.total);
	return sum;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->gtin.n == b->gtin.n && a->quantity_milli == b->quantity_milli &&
	       money_compare(a->unit_price, b->unit_price) == 0 &&
	       money_compare(a->list_price, b->list_price) == 0 &&
	       money_compare(a->deposit, b->deposit) == 0 &&
	       money_compare(a->total, b->total) == 0 && a->vat_bp == b->vat_bp &&
	       a->bought.n == b->bought.n && a->best_before.n == b->best_before.n &&
	       a->voided == b->voided;
}

static void check_answers(struct world *w)
{
	for (uint32_t i = 0; i < w->effects.afters; i++) {
		const struct effect *e = &w->effects.after[i];
		const struct world_line *line;

		if (e->kind != EFFECT_LINE || e->line.answer > ANSWER_REPEATED)
			continue;
		if (money_minor(e->line.visit_total) != sum_of(w, e->line.visit))
			world_fail(w, "a visit's total is not the sum of its lines");
		line = books_line(w, e->line.visit, e->line.line.key.text);
		if (!line)
			world_fail(w, "an answer about a line that is not in the books");
		else if (!same_line(&line->line, &e->line.line))
			world_fail(w, "an answer that is not as the books have the line");
	}
}

void check_books(struct world *w)
{
	uint32_t open = 0;

	for (uint32_t i = 0; i < w->visits; i++) {
		const struct visit *v = &w->visit[i].visit;
		const struct visit *have = shop_visit(&w->shop, v->id);

		open += !v->over;
		if (v->over == (have != NULL))
			world_fail(w, "a visit is %s in the books only", v->over ? "over" : "open");
		if (have && money_minor(have->total) != sum_of(w, v->id))
			world_fail(w, "the core's total is not the books' sum");
	}
	if (open != w->shop.visits.count)
		world_fail(w, "%u visits are open, the core says %u", open, w->shop.visits.count);
	for (uint32_t i = 0; i < w->lines; i++)
		for (uint32_t j = 0; j < i; j++)
			if (w->line[i].visit.n == w->line[j].visit.n &&
			    strcmp(w->line[i].line.key.text, w->line[j].line.key.text) == 0)
				world_fail(w, "two lines of one key");
}

/* --- checks: a question to the owner about a visit that is over, and never about his own
 * ------------------------------------------------------------------------------------ */

static void lines_of(const struct world *w, struct visit_id id, uint32_t *ret_kept,
		     uint32_t *ret_ever)
{
	*ret_kept = *ret_ever = 0;
	for (uint32_t i = 0; i < w->lines; i++) {
		if (w->line[i].visit.n != id.n)
			continue;
		++*ret_ever;
		*ret_kept += !w->line[i].line.voided;
	}
}

static bool reason_holds(const struct world *w, const struct entry_check *c, uint32_t kept,
			 uint32_t ever)
{
	const struct check_config *rule = &w->shop.config.check;
	bool voids = rule->voids_min > 0 && ever - kept >= rule->voids_min &&
		     (ever - kept) * 10000 >= rule->voids_bp * ever;

	if (c->reason == CHECK_LONG_AND_EMPTY)
		return kept == 0 && rule->long_ms > 0;
	if (c->reason == CHECK_MANY_VOIDS)
		return voids;
	return !voids && (c->reason == CHECK_SHARE || (c->reason == CHECK_SHRINKING_ARTICLE));
}

/* The row of a visit's end, and what comes after it. */
static void check_ended(struct world *w, uint32_t row)
{
	const struct entry *e = &w->effects.record[row].entry;
	const struct entry *next =
		row + 1 < w->effects.records ? &w->effects.record[row + 1].entry : NULL;
	const struct world_opened *by = books_opened(w, e->visit_closed.visit);
	bool picked = next && next->kind == ENTRY_CHECK;
	uint32_t kept, ever;

	lines_of(w, e->visit_closed.visit, &kept, &ever);
	if (picked &&
	    (next->check.visit.n != e->visit_closed.visit.n || next->check.state != CHECK_PICKED))
		world_fail(w, "a check of another visit");
	else if (picked && by && by->role != ROLE_MEMBER)
		world_fail(w, "a visit of owner, staff or delivery was picked");
	else if (picked && !reason_holds(w, &next->check, kept, ever))
		world_fail(w, "picked for %s, which is not so",
			   check_reason_word(next->check.reason));
	else if (!picked && by && by->role == ROLE_MEMBER && by->trust == TRUST_RESTRICTED)
		world_fail(w, "every visit of a restricted member is to be picked");
	w->checks += picked;
}

/* --- rows and the trace
 * ------------------------------------------------------------------------------------ */

static void mix(struct world *w, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++)
		w->hash = (w->hash ^ byte[i]) * 1099511628211ULL;
}

/* Every row must go to disk and come back the same. */
static void check_row(struct world *w, const struct entry *e)
{
	static const uint8_t salt[SALT_SIZE] = {1};
	uint8_t body[ENTRY_BODY_MAX], again[ENTRY_BODY_MAX];
	struct entry back;
	uint32_t len = entry_encode(e, salt, body);

	mix(w, body, len);
	if (!entry_decode((uint16_t)e->kind, (struct span){body, len}, &back)) {
		world_fail(w, "a row of kind %d cannot be read back", e->kind);
		return;
	}
	back.at = e->at;
	if (entry_encode(&back, salt, again) != len || memcmp(body, again, len) != 0)
		world_fail(w, "a row of kind %d comes back different", e->kind);
}

static void see_outputs(struct world *w)
{
	for (uint32_t i = 0; i < w->effects.nows; i++) {
		const struct effect *e = &w->effects.now[i];
		uint32_t kind = (uint32_t)e->kind;

		mix(w, &kind, sizeof(kind));
		if (e->kind == EFFECT_LOG)
			mix(w, e->log.text, strlen(e->log.text));
		if (e->kind != EFFECT_OUTPUT)
			continue;
		if (e->output.part == PART_STRIKE)
			w->door[e->output.door].strike = e->output.level;
		else if (e->output.part == PART_BUZZER)
			w->door[e->output.door].buzzer = e->output.level;
		else
			world_fail(w, "an output that is an input");
	}
}

static void check_alarms(struct world *w)
{
	const struct alarms *a = &w->shop.alarms;

	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (a->alarm[i].code == a->alarm[j].code ||
			    (a->alarm[i].condition == a->alarm[j].condition &&
			     strcmp(a->alarm[i].place.name, a->alarm[j].place.name) == 0))
				world_fail(w, "two alarms of one code, or of one condition");
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

void check_step(struct world *w)
{
	const struct effects *e = &w->effects;
	uint32_t counts[4] = {(uint32_t)w->event.kind, e->nows, e->records, e->afters};

	mix(w, &w->mono, sizeof(w->mono));
	mix(w, counts, sizeof(counts));
	w->nows_max = most(w->nows_max, e->nows);
	w->records_max = most(w->records_max, e->records);
	w->afters_max = most(w->afters_max, e->afters);
	see_outputs(w);
	if (w->event.kind == EVENT_DOOR_TOKEN || w->event.kind == EVENT_TILL_TOKEN ||
	    w->event.kind == EVENT_SESSION_TOKEN)
		check_token(w);
	for (uint32_t i = 0; i < e->records; i++) {
		check_row(w, &e->record[i].entry);
		if (e->record[i].entry.kind == ENTRY_VISIT_OPENED)
			books_open_by(w, e->record[i].entry.visit_opened.visit,
				      &w->event.token.token.member);
		if (e->record[i].entry.kind == ENTRY_VISIT_CLOSED)
			check_ended(w, i);
		if (e->record[i].entry.kind == ENTRY_CHECK &&
		    (i == 0 || e->record[i - 1].entry.kind != ENTRY_VISIT_CLOSED))
			world_fail(w, "a check of a visit that did not end");
		if (e->record[i].entry.kind == ENTRY_LINE)
			check_line_row(w, &e->record[i].entry.line);
		books_keep(w, &e->record[i]);
	}
	check_answers(w);
	check_doors(w);
	check_alarms(w);
}
