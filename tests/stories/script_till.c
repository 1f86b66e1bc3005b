/*
 * script_till.c: the screen beside the till, and the lines that a phone had kept and shows it.
 *
 *   till: screen NAME                  it asks to speak for who stands there, and is NAME from then
 * on till: leaves                       they are done till: kept KEY ARTICLE [quantity=] [at=]
 * [more] [failed]    a line off a phone's screen
 */
#include "script_words.h"

/* Made of the visit, as shopd makes it: the same again for the same one. */
static bool screen(struct fake_shell *f, const struct words *w)
{
	const struct visit *visit = shop_till_visit(&f->shop, 2);
	const struct effect *after = &f->effects.after[0];
	struct event e = fake_event(f, EVENT_TILL_VISIT);
	struct customer customer;
	struct fake_device *d;

	if (w->count != 3)
		return false;
	e.till = (struct event_till){.reader = 2, .request = {1, 1}};
	memset(e.draw.bearer_hash.byte, 0xee, sizeof(e.draw.bearer_hash.byte));
	if (visit)
		memcpy(e.draw.bearer_hash.byte, &visit->id.n, sizeof(visit->id.n));
	if (shop_till_customer(&f->shop, 2, &customer))
		e.till.member = fake_member_now(f, customer);
	fake_step(f, &e);
	if (f->effects.afters == 0 || after->visit.visit.n == 0)
		return true;
	d = fake_device(f, w->word[2]);
	d->bearer = e.draw.bearer_hash;
	d->visit = after->visit.visit;
	return true;
}

static bool leaves(struct fake_shell *f)
{
	struct event e = fake_event(f, EVENT_TILL_LEAVE);

	e.till.reader = 2;
	fake_step(f, &e);
	return true;
}

static bool kept(struct fake_shell *f, const struct words *w)
{
	const struct visit *visit = shop_till_visit(&f->shop, 2);
	struct event e = fake_event(f, EVENT_GOODS);
	struct event_goods *g = &e.goods;
	struct fake_device here = {.visit = visit ? visit->id : (struct visit_id){0}};
	struct visit_call call;
	struct customer customer;
	struct visit past;

	if (w->count < 4)
		return false;
	g->reader = 2;
	g->price_version = f->version;
	snprintf(g->key.text, sizeof(g->key.text), "%s", w->word[2]);
	g->quantity_milli = (int32_t)number(option(w, "quantity"), 1000);
	g->scanned_at = script_scanned_at(f, w);
	g->bought = fake_bought(f, visit, g->scanned_at);
	g->more = flag(w, "more");
	g->failed = flag(w, "failed");
	fake_articles(f, w->word[3], visit ? visit->price_version : f->version, g->bought, &g->then,
		      &g->now);
	g->goods.gtin = g->now.known ? g->now.gtin : g->then.gtin;
	if (shop_till_customer(&f->shop, 2, &customer))
		g->member = fake_member_now(f, customer);
	fake_call(f, &here, w->word[2], &past, &call);
	g->earlier_known = visit && call.earlier_known;
	g->earlier = call.earlier;
	fake_step(f, &e);
	return true;
}

bool script_till(struct fake_shell *f, const struct words *w)
{
	if (!is(w, 0, "till:"))
		return false;
	if (is(w, 1, "screen"))
		return screen(f, w);
	if (is(w, 1, "leaves") && w->count == 2)
		return leaves(f);
	return is(w, 1, "kept") && kept(f, w);
}
