/*
 * sim_year_days.c: who shops, when, and what becomes of it. Visits straddle midnight and the hours
 * that daylight saving time takes and gives; phones keep lines and send them days later; a visit is
 * left open over night; for hours or days the shop's clock is wrong by minutes or by years.
 */
#include "sim_year.h"

#include <stdio.h>

#define DAY_MS 86400000LL

/* --- what there is */

static uint64_t gtin_of(uint32_t n)
{
	uint64_t body = 731000000000ULL + n, sum = 0;

	for (uint64_t rest = body, weight = 3; rest > 0; rest /= 10, weight = 4 - weight)
		sum += rest % 10 * weight;
	return body * 10 + (10 - sum % 10) % 10;
}

static void make_article(struct year *y, uint32_t n)
{
	static const enum vat_class classes[] = {
		VAT_FOOD,    VAT_FOOD, VAT_FOOD,     VAT_FOOD,	     VAT_FOOD, VAT_STANDARD,
		VAT_CULTURE, VAT_NONE, VAT_STANDARD, VAT_RESTAURANT, VAT_FIXED};
	struct year_article *a = &y->article[n];

	a->gtin.n = gtin_of(n);
	snprintf(a->name, sizeof(a->name), "%s %u", n % 7 == 3 ? "Kött, \"av\" gården" : "Vara", n);
	a->vat_class = classes[year_draw(y, ARRAY_LEN(classes))];
	a->vat_bp = a->vat_class == VAT_FIXED ? 1200 : 0;
	a->price = 300 + (int64_t)year_draw(y, 9000);
	if (year_one_in(y, 15)) /* nothing, or next to nothing */
		a->price = (int64_t)year_draw(y, 6);
	a->weighed = year_one_in(y, 8);
	if (!a->weighed && year_one_in(y, 5))
		a->deposit = year_one_in(y, 2) ? 100 : 200;
}

void days_make(struct year *y)
{
	y->tax = vat_sweden();
	/* every fourth village is large enough for a close of several slices */
	y->crowd = y->seed % 4 == 0 ? 5 : 1;
	for (uint32_t i = 0; i < YEAR_MEMBERS; i++) {
		for (uint32_t b = 0; b < sizeof(y->member[i].byte); b++)
			y->member[i].byte[b] = (uint8_t)year_draw(y, 256);
		y->appetite[i] = i < 4 ? 2 : 20 + (uint32_t)year_draw(y, 80);
	}
	for (uint32_t i = 0; i < YEAR_ARTICLES; i++)
		make_article(y, i);
}

/* --- time */

static void run_on(struct year *y, int64_t ms)
{
	y->true_ms += ms;
	y->mono_ms += ms;
}

static void run_until(struct year *y, int64_t ms)
{
	if (ms > y->true_ms)
		run_on(y, ms - y->true_ms);
}

static int64_t shop_ms(const struct year *y)
{
	return y->true_ms + y->wrong_ms;
}

static void clock_steps(struct year *y, int64_t wrong_ms, bool trusted)
{
	struct entry e = {.kind = ENTRY_CLOCK};

	e.clock.before.ms = shop_ms(y);
	y->wrong_ms = wrong_ms;
	y->trusted = trusted;
	memcpy(e.clock.boot_id, y->boot, sizeof(y->boot));
	e.clock.mono.ms = y->mono_ms;
	e.clock.wall_trusted = trusted;
	e.clock.utc_offset_min = year_offset_min(shop_ms(y));
	shop_fact(y, &e);
}

/* What waits for the clock gets its day: the one that it was, as far as anybody can know. */
static void lines_put_right(struct year *y, bool same_boot)
{
	int64_t offset = year_offset_min(y->true_ms) * 60000LL;
	int32_t latest = (int32_t)((y->true_ms + offset) / DAY_MS);

	for (uint32_t i = y->lines; i-- > 0;) {
		struct year_line *l = &y->line[i];
		int32_t day = latest;

		if (!l->unsure)
			continue;
		if (same_boot && (l->true_ms + offset) / DAY_MS < latest)
			day = (int32_t)((l->true_ms + offset) / DAY_MS);
		l->unsure = false;
		y->put_right++;
		if (l->fate == FATE_HELD && y->article[l->article].vat_class != VAT_FIXED &&
		    vat_rate_on(&y->tax, y->article[l->article].vat_class, l->bought) !=
			    vat_rate_on(&y->tax, y->article[l->article].vat_class,
					(struct day){day}))
			y->rerated++;
		l->bought.n = day;
	}
}

/* Power is lost, and the clock comes up wrong: by minutes, by months, into the next year. */
static void clock_goes_wrong(struct year *y)
{
	static const int64_t scale[] = {90 * 60000LL, 3 * DAY_MS, 150 * DAY_MS, 500 * DAY_MS};
	int64_t most = scale[year_draw(y, ARRAY_LEN(scale))];

	shop_stop(y);
	run_on(y, 60000);
	y->trusted = false;
	y->wrong_ms = (int64_t)year_draw(y, (uint64_t)most) - most * 2 / 3;
	y->wrong_until.n = y->today.n + (int32_t)year_draw(y, 3);
	shop_start(y, true);
}

static void clock_comes_right(struct year *y)
{
	run_on(y, 60000);
	if (year_one_in(y, 3)) { /* only after another power cut: nobody knows the steps */
		shop_stop(y);
		run_on(y, 120000);
		y->wrong_ms = 0;
		y->trusted = true;
		shop_start(y, true);
		lines_put_right(y, false);
		return;
	}
	if (year_one_in(y, 2)) { /* shopd alone comes up again: the same boot */
		shop_stop(y);
		run_on(y, 30000);
		shop_start(y, false);
	}
	clock_steps(y, 0, true);
	lines_put_right(y, true);
}

/* Whether food has another rate tomorrow: no day is worse for a wrong clock. */
static bool rate_changes(const struct year *y)
{
	return vat_rate_on(&y->tax, VAT_FOOD, y->today) !=
	       vat_rate_on(&y->tax, VAT_FOOD, (struct day){y->today.n + 1});
}

/* --- lines */

static void push_line(struct year *y, uint32_t member, uint32_t article, struct visit_id visit,
		      const struct late_line *late)
{
	const struct year_article *a = &y->article[article];
	struct year_line *l = &y->line[y->lines];
	struct entry e = {.kind = ENTRY_LINE};
	struct entry_line *line = &e.line;
	struct money goods;

	CHECK(y->lines < YEAR_LINES);
	line->visit = visit;
	snprintf(line->key.text, sizeof(line->key.text), "k%u", y->lines);
	line->customer = y->member[member];
	line->gtin = a->gtin;
	snprintf(line->name, sizeof(line->name), "%s", a->name);
	line->quantity_milli = a->weighed ? 40 + (int32_t)year_draw(y, 3000)
					  : 1000 * (1 + (int32_t)year_draw(y, 4));
	line->list_price = money_of(a->price);
	line->unit_price = year_one_in(y, 12) ? money_of(a->price * 7 / 10) : line->list_price;
	line->deposit = money_of(a->deposit * (line->quantity_milli / 1000));
	CHECK(money_times(line->unit_price, line->quantity_milli, &goods));
	CHECK(money_add(goods, line->deposit, &line->total));
	line->bought = late ? late->scanned : year_local_day(shop_ms(y));
	line->vat_class = a->vat_class;
	line->vat_bp = a->vat_class == VAT_FIXED ? a->vat_bp
						 : vat_rate_on(&y->tax, a->vat_class, line->bought);
	line->late = late != NULL;
	line->scanned_at.ms = late ? late->scanned_ms : shop_ms(y);
	*l = (struct year_line){.visit = visit,
				.member = member,
				.article = article,
				.total = money_minor(line->total),
				.bought = line->bought,
				.at_ms = shop_ms(y),
				.true_ms = y->true_ms,
				.unsure = !y->trusted};
	y->lines++;
	y->late_ones += late != NULL;
	shop_fact(y, &e);
}

static void push_void(struct year *y, uint32_t at)
{
	struct year_line *l = &y->line[at];
	struct entry e = {.kind = ENTRY_LINE_VOIDED};

	e.line_voided.visit = l->visit;
	snprintf(e.line_voided.key.text, sizeof(e.line_voided.key.text), "k%u", at);
	e.line_voided.customer = y->member[l->member];
	e.line_voided.total = money_of(l->total);
	l->fate = FATE_VOIDED;
	y->voids++;
	shop_fact(y, &e);
}

/* --- visits */

static void push_close(struct year *y, struct visit_id visit, enum visit_end end)
{
	struct entry e = {.kind = ENTRY_VISIT_CLOSED};
	int64_t total = 0;

	e.visit_closed.visit = visit;
	e.visit_closed.end = end;
	for (uint32_t i = y->lines; i-- > 0 && y->line[i].visit.n + 8 > visit.n;)
		if (y->line[i].visit.n == visit.n && y->line[i].fate == FATE_HELD) {
			e.visit_closed.lines++;
			total += y->line[i].total;
		}
	e.visit_closed.total = money_of(total);
	shop_fact(y, &e);
}

static uint32_t draw_member(struct year *y)
{
	uint32_t member;

	do
		member = (uint32_t)year_draw(y, YEAR_MEMBERS);
	while (year_draw(y, 100) >= y->appetite[member]);
	return member;
}

static void keep_late(struct year *y, uint32_t member, struct visit_id visit)
{
	if (!y->trusted || y->lates == YEAR_LATE)
		return;
	y->late[y->lates++] =
		(struct late_line){.member = member,
				   .article = (uint32_t)year_draw(y, YEAR_ARTICLES),
				   .visit = visit,
				   .scanned = year_local_day(y->true_ms),
				   .scanned_ms = y->true_ms,
				   .comes = {y->today.n + 1 + (int32_t)year_draw(y, 6)}};
}

/* One visit: `lines` of them, `pace` apart. */
static void shops(struct year *y, uint32_t member, uint32_t lines, int64_t pace_ms)
{
	struct entry e = {.kind = ENTRY_VISIT_OPENED};
	struct day began = year_local_day(y->true_ms);
	uint32_t first = y->lines;

	e.visit_opened.visit.n = ++y->visits;
	e.visit_opened.customer = y->member[member];
	snprintf(e.visit_opened.place.name, sizeof(e.visit_opened.place.name), "front");
	e.visit_opened.price_version = 1;
	shop_fact(y, &e);
	for (uint32_t i = 0; i < lines; i++) {
		run_on(y, pace_ms / 2 + (int64_t)year_draw(y, (uint64_t)pace_ms));
		push_line(y, member, (uint32_t)year_draw(y, YEAR_ARTICLES), e.visit_opened.visit,
			  NULL);
		y->midnight_lines += year_local_day(y->true_ms).n != began.n;
	}
	for (uint32_t i = first; i < y->lines; i++)
		if (year_one_in(y, 12))
			push_void(y, i);
	if (year_one_in(y, 12))
		keep_late(y, member, e.visit_opened.visit);
	run_on(y, pace_ms);
	if (y->open.n == 0 && year_one_in(y, 20)) {
		y->open = e.visit_opened.visit; /* nobody closed it */
		return;
	}
	push_close(y, e.visit_opened.visit, END_EXIT);
}

static void late_lines_come(struct year *y)
{
	for (uint32_t i = 0; i < y->lates;) {
		struct late_line late = y->late[i];

		if (y->today.n < late.comes.n || !y->trusted) {
			i++;
			continue;
		}
		y->late[i] = y->late[--y->lates];
		push_line(y, late.member, late.article, late.visit, &late);
	}
}

/* The visit that stood open over night; perhaps something is put back first. */
static void forgotten_visit_ends(struct year *y)
{
	if (y->open.n == 0)
		return;
	for (uint32_t i = y->lines; i-- > 0 && y->line[i].visit.n + 8 > y->open.n;)
		if (y->line[i].visit.n == y->open.n && y->line[i].fate == FATE_HELD &&
		    year_one_in(y, 8))
			push_void(y, i);
	push_close(y, y->open, END_SILENCE);
	y->open.n = 0;
}

/* The night after a month's end: its close; refused as long as the month or the clock forbid it. */
static void close_month(struct year *y)
{
	struct period now = period_of(y->today), last = period_add(now, -1);

	if (last.n < period_of(y->first).n || y->closed.n == last.n)
		return;
	if (!y->trusted) {
		shop_closes_not(y, last, "clock is not trusted");
		return;
	}
	if (year_one_in(y, 4))
		shop_closes_not(y, now, "is not over yet");
	shop_close(y, last);
	desk_invoices(y);
}

void days_end(struct year *y)
{
	if (!y->trusted)
		clock_comes_right(y);
	forgotten_visit_ends(y);
}

void day_live(struct year *y)
{
	uint32_t visits = y->crowd * (uint32_t)year_draw(y, 6);

	run_until(y, year_instant(y->today, 10));
	close_month(y);
	if (day_weekday(y->today) == 6 && year_one_in(y, 2)) {
		run_until(y, year_instant(y->today, 110)); /* over 02:00 or 03:00 */
		shops(y, draw_member(y), 10, 6 * 60000);
	}
	run_until(y, year_instant(y->today, 6 * 60 + 30));
	if (!y->trusted && y->today.n >= y->wrong_until.n)
		clock_comes_right(y);
	else if (!y->trusted && year_one_in(y, 3))
		clock_steps(y, y->wrong_ms + (int64_t)year_draw(y, 3 * DAY_MS) - DAY_MS, false);
	forgotten_visit_ends(y);
	late_lines_come(y);
	if (y->trusted)
		desk_morning(y);
	for (uint32_t i = 0; i < visits; i++) {
		run_until(y, year_instant(y->today, 7 * 60 + (int32_t)(i * 160 / y->crowd)));
		shops(y, draw_member(y), 1 + (uint32_t)year_draw(y, YEAR_LINES_VISIT), 40000);
	}
	if (y->trusted && year_one_in(y, rate_changes(y) ? 2 : 40))
		clock_goes_wrong(y);
	if (year_one_in(y, 6)) {
		run_until(y, year_instant(y->today, 23 * 60 + 57));
		shops(y, draw_member(y), 6, 45000);
	}
	shop_settle(y);
}
