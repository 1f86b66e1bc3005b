/*
 * nights.c: what the books do by themselves: the month is closed in its first night, what has run
 * low is told to the contact who orders, what was kept long enough is erased, and the tables that
 * the configuration holds are put on record.
 *
 * All of it is looked at afresh whenever something may have changed (the ledger is there, the clock
 * was set, an answer came) and at least once an hour: what was due while the machine was off, or
 * while nobody knew what time it was, is then simply due. Days and minutes are the shop's own;
 * the timer runs on the monotonic clock and is armed anew from the wall's each time, so that a
 * night with 23 or 25 hours is one like any other.
 *
 * A close that is refused is told to the owner (an alarm, and a text), and tried again the next
 * night: by then the sums hold, or somebody has looked.
 */
#include "shopd/shopd.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MS	   3600000 /* at least so often */
#define SLACK_MS   1000
#define NOTICE_MAX 300 /* bytes of a text: two parts of SMS */

struct nights {
	struct timer *timer;
	bool known;	       /* the ledger has told what it remembers */
	struct period closed;  /* the newest month that is; 0: none */
	struct period first;   /* with lines, or the one in which we began to look */
	struct period closing; /* under way for us; 0: none */
	struct day refused_on; /* no other try on this day */
	bool booked, booking;  /* rates and accounts are on record; being put there */
	bool levelling;	       /* what stands on the shelves is being read for the notice */
	struct day erasing;    /* the day on which it was asked for; DAY_NONE: nothing is */
	struct day erased_on;  /* of that day all is gone that was to go */
	struct day noticed_on; /* the day's notice has been thought about */
	uint64_t noticed;      /* which articles the newest notice named; 0: none */
};

static void look(struct shopd *sd);

/* --- the shop's day and minute */

static int32_t minute_of_day(const struct now *now)
{
	return now->minute_of_week % 1440;
}

/* When it is this minute of that day by the shop's clock. An hour that a night does not have is the
 * one after it. */
static int64_t wall_ms(struct day day, int32_t minute)
{
	int32_t year, month, date;
	struct tm tm = {.tm_isdst = -1};

	day_civil(day, &year, &month, &date);
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = date;
	tm.tm_hour = minute / 60;
	tm.tm_min = minute % 60;
	return (int64_t)mktime(&tm) * 1000;
}

/* The next time that it is `minute` of a day. */
static int64_t next_ms(const struct now *now, int32_t minute)
{
	int64_t at = wall_ms(now->day, minute);

	return at > now->wall.ms ? at : wall_ms((struct day){now->day.n + 1}, minute);
}

static void arm(struct shopd *sd, const struct now *now)
{
	const struct config *c = &sd->config;
	int64_t wait = next_ms(now, c->books.close_at) - now->wall.ms;
	int64_t notice = next_ms(now, c->stock.notice_at) - now->wall.ms;

	if (c->stock.contact[0] && notice < wait)
		wait = notice;
	/* a minute later than exactly would be noticed by nobody, a moment too early by us */
	wait = wait < 0 ? LOOK_MS : wait + 50;
	timer_arm(sd->nights->timer, mono_add(now->mono, wait < LOOK_MS ? wait : LOOK_MS));
}

/* --- rates and accounts */

static bool tax_is(const struct entry_tax *a, const struct entry_tax *b)
{
	for (uint32_t i = 0; i < a->rates && a->rates == b->rates; i++)
		if (a->rate[i].class != b->rate[i].class ||
		    a->rate[i].vat_bp != b->rate[i].vat_bp ||
		    a->rate[i].from.n != b->rate[i].from.n)
			return false;
	return a->rates == b->rates;
}

static bool chart_is(const struct entry_chart *a, const struct entry_chart *b)
{
	for (uint32_t i = 0; i < a->rates && a->rates == b->rates; i++)
		if (a->rate[i].vat_bp != b->rate[i].vat_bp ||
		    a->rate[i].sales != b->rate[i].sales || a->rate[i].vat != b->rate[i].vat ||
		    a->rate[i].deposit != b->rate[i].deposit)
			return false;
	return a->rates == b->rates && a->receivable == b->receivable &&
	       a->rounding == b->rounding && a->stock == b->stock && a->received == b->received &&
	       a->cost == b->cost && a->waste == b->waste && a->shrink == b->shrink &&
	       a->own_use == b->own_use && a->bank == b->bank && a->unassigned == b->unassigned;
}

static void book(struct shopd *sd)
{
	struct nights *n = sd->nights;
	struct desk_request r = {.kind = DESK_BOOKS};

	if (n->booked || n->booking)
		return;
	r.tax = sd->config.tax;
	r.chart = sd->config.chart;
	n->booking = desk_ask(sd, &r);
}

static void booked(struct shopd *sd, const struct desk_result *r)
{
	struct nights *n = sd->nights;

	n->booking = false;
	/* what was refused stays so until somebody mends the configuration, and starts anew */
	n->booked = r->answer != DESK_UNAVAILABLE;
	if (r->answer == DESK_REFUSED)
		journal_line(sd, "books: rates and accounts of the configuration are not taken: %s",
			     r->why);
	else if (r->answer == DESK_DONE && r->seq != 0)
		journal_line(sd, "books: rates and accounts of the configuration are on record");
}

/* --- the month */

/* The month that is to be closed next, where its first night has come; else 0. */
static struct period close_due(const struct shopd *sd, const struct now *now)
{
	const struct nights *n = sd->nights;
	struct period next = n->closed.n ? period_add(n->closed, 1) : n->first;
	struct period today = period_of(now->day);

	if (next.n >= today.n)
		return (struct period){0};
	/* of months further back the first night is over */
	if (period_add(next, 1).n == today.n && now->day.n == period_first(today).n &&
	    minute_of_day(now) < sd->config.books.close_at)
		return (struct period){0};
	if (n->refused_on.n != 0 &&
	    (now->day.n == n->refused_on.n || minute_of_day(now) < sd->config.books.close_at))
		return (struct period){0};
	return next;
}

static void close_month(struct shopd *sd, const struct now *now)
{
	struct nights *n = sd->nights;
	struct desk_request r = {.kind = DESK_CLOSE, .policy = sd->config.books.close};
	char text[PERIOD_TEXT_SIZE];

	if (!now->wall_trusted)
		return; /* who knows which month it is */
	if (n->first.n == 0)
		n->first = period_of(now->day);
	if (n->closing.n != 0)
		return;
	r.period = close_due(sd, now);
	if (r.period.n == 0 || !desk_ask(sd, &r))
		return;
	n->closing = r.period;
	period_text(r.period, text);
	journal_line(sd, "books: closing %s", text);
}

static void close_told(struct shopd *sd, bool refused)
{
	struct event e = shopd_event(sd, EVENT_CLOSE);

	e.close.refused = refused;
	shopd_step(sd, &e);
}

/* Whoever asked for it: a month that is closed is closed. */
static void closed(struct shopd *sd, const struct desk_result *r, struct period period, bool own)
{
	struct nights *n = sd->nights;
	char text[PERIOD_TEXT_SIZE];

	if (r->answer == DESK_WORKING)
		return;
	if (own)
		n->closing = (struct period){0};
	period_text(period, text);
	if (r->answer == DESK_DONE || r->answer == DESK_REPEATED) {
		if (period.n > n->closed.n)
			n->closed = period;
		n->refused_on = DAY_NONE;
		journal_line(sd, "books: %s is closed, %u invoices", text, r->done);
		close_told(sd, false);
		look(sd); /* the month after it may be due too */
	} else if (r->answer == DESK_REFUSED) {
		journal_line(sd, "books: %s is not closed: %s", text, r->why);
		if (!own)
			return; /* they have read why */
		n->refused_on = time_now(sd).day;
		close_told(sd, true);
	}
}

/* --- what has run low */

static int by_gtin(const void *a, const void *b)
{
	const struct level *x = a, *y = b;

	return x->gtin.n < y->gtin.n ? -1 : x->gtin.n > y->gtin.n;
}

/** A text that grows as long as it fits. */
struct text {
	char bytes[NOTICE_MAX + 1];
	uint32_t articles, named; /* in all, and those whose name fitted */
	uint64_t set;
};

static void name_one(struct text *t, const char *name, int64_t on_hand_milli,
		     enum language language)
{
	static const char *const none[LANGUAGES] = {"slut", "sold out"};
	static const char *const left[LANGUAGES] = {"kvar", "left"};
	size_t have = strlen(t->bytes);
	char how_many[40], one[ARTICLE_NAME_MAX + 64];
	int len;

	if (on_hand_milli <= 0)
		snprintf(how_many, sizeof(how_many), "%s", none[language]);
	else if (on_hand_milli % 1000 == 0)
		snprintf(how_many, sizeof(how_many), "%lld %s", (long long)on_hand_milli / 1000,
			 left[language]);
	else
		snprintf(how_many, sizeof(how_many), "%lld%c%lld %s",
			 (long long)on_hand_milli / 1000, language == LANGUAGE_SV ? ',' : '.',
			 (long long)on_hand_milli % 1000 / 100, left[language]);
	len = snprintf(one, sizeof(one), "%s%s (%s)", t->named ? ", " : "", name, how_many);
	/* the end, " och 200000 till", must still fit */
	if (len < 0 || have + (size_t)len + 24 > NOTICE_MAX || t->named + 1 < t->articles)
		return;
	memcpy(t->bytes + have, one, (size_t)len + 1);
	t->named++;
}

static void low_find(const struct shopd *sd, const struct desk_result *r, struct text *t)
{
	for (uint32_t i = 0; i < sd->articles->rows; i++) {
		const struct article_row *row = &sd->articles->row[i];
		const struct level wanted = {.gtin = row->gtin};
		const struct level *level;
		int64_t on_hand;

		if (row->reorder == 0 || row->state != ARTICLE_SOLD)
			continue;
		level = r->levels > 0
				? bsearch(&wanted, r->level, r->levels, sizeof(wanted), by_gtin)
				: NULL;
		on_hand = level ? level->on_hand_milli : 0;
		if (on_hand > (int64_t)row->reorder * 1000)
			continue;
		t->articles++;
		/* FNV-1a over the numbers: whether it is the same set as yesterday */
		for (uint32_t byte = 0; byte < 8; byte++)
			t->set = (t->set ^ (row->gtin.n >> byte * 8 & 0xff)) *
				 UINT64_C(0x100000001b3);
		name_one(t, articles_name(sd->articles, row), on_hand,
			 (enum language)sd->config.stock.language);
	}
}

static void notice_write(const struct shopd *sd, const struct text *low, char words[400])
{
	bool swedish = sd->config.stock.language == LANGUAGE_SV;
	uint32_t more = low->articles - low->named;
	char rest[32] = "";

	if (more > 0 && swedish)
		snprintf(rest, sizeof(rest), " och %u till", more);
	else if (more > 0)
		snprintf(rest, sizeof(rest), " and %u more", more);
	snprintf(words, 400, "%c%s: %u %s: %s%s", toupper((unsigned char)sd->config.shop[0]),
		 sd->config.shop + 1, low->articles,
		 !swedish ? low->articles == 1 ? "article to order" : "articles to order"
		 : low->articles == 1 ? "vara att beställa"
				      : "varor att beställa",
		 low->bytes, rest);
}

static void levelled(struct shopd *sd, const struct desk_result *r)
{
	struct nights *n = sd->nights;
	struct text low = {.set = UINT64_C(0xcbf29ce484222325)};
	char words[400];

	if (!n->levelling)
		return;
	n->levelling = false;
	if (r->answer != DESK_DONE)
		return;
	low_find(sd, r, &low);
	if (low.articles == 0)
		low.set = 0;
	if (low.articles > 0 && low.set != n->noticed) {
		notice_write(sd, &low, words);
		if (!courier_notice(sd, sd->config.stock.contact, words))
			return; /* within the hour */
		journal_line(sd, "stock: %u articles to order, %s is told", low.articles,
			     sd->config.stock.contact);
	}
	n->noticed = low.set;
	n->noticed_on = time_now(sd).day;
}

static void notice(struct shopd *sd, const struct now *now)
{
	struct nights *n = sd->nights;
	struct desk_request r = {.kind = DESK_LEVELS};

	if (!sd->config.stock.contact[0] || n->levelling || n->noticed_on.n == now->day.n ||
	    minute_of_day(now) < sd->config.stock.notice_at)
		return;
	n->levelling = desk_ask(sd, &r);
}

/* --- what was kept long enough */

/* Once a day, in the hour in which months are closed: door logs older than policy keeps them. Who
 * knows what is old while nobody knows what time it is. */
static void erase(struct shopd *sd, const struct now *now)
{
	struct nights *n = sd->nights;
	int64_t days = sd->policy.door_log_days;

	if (days == 0 || !now->wall_trusted || n->erasing.n != 0 || n->erased_on.n == now->day.n ||
	    minute_of_day(now) < sd->config.books.close_at || now->day.n <= days)
		return;
	if (keep_erase(sd, NULL,
		       (struct wall){wall_ms((struct day){now->day.n - (int32_t)days}, 0)},
		       ERASE_NIGHTS))
		n->erasing = now->day;
}

void nights_erased(struct shopd *sd, bool done)
{
	struct nights *n = sd->nights;

	if (done)
		n->erased_on = n->erasing;
	n->erasing = DAY_NONE;
}

/* --- when to look */

static void look(struct shopd *sd)
{
	struct now now = time_now(sd);

	arm(sd, &now);
	if (!sd->nights->known || !sd->ledger || sd->shop.stopped)
		return;
	book(sd);
	close_month(sd, &now);
	notice(sd, &now);
	erase(sd, &now);
}

static void on_timer(void *data)
{
	look(data);
}

void nights_answer(struct shopd *sd, const struct desk_result *r, struct period period, bool own)
{
	switch (r->kind) {
	case DESK_CLOSE:
		closed(sd, r, period, own);
		break;
	case DESK_BOOKS:
		booked(sd, r);
		break;
	case DESK_LEVELS:
		levelled(sd, r);
		break;
	case DESK_CREDIT:
	case DESK_STOCK:
	case DESK_PAYMENT:
	case DESK_ASSIGN:
	case DESK_CHECK:
	case DESK_REPORT:
		break;
	}
}

void nights_recall(struct shopd *sd, const struct recall *recall)
{
	struct nights *n = sd->nights;
	struct now now = time_now(sd);

	if (recall->closed.n > n->closed.n)
		n->closed = recall->closed;
	if (recall->first_line.n != 0)
		n->first = period_of(recall->first_line);
	n->booked = tax_is(&recall->tax, &sd->config.tax) &&
		    chart_is(&recall->chart, &sd->config.chart);
	/* today's notice was given before the start, or is tomorrow's: each restart would give it
	 * again */
	if (!n->known && minute_of_day(&now) >= sd->config.stock.notice_at)
		n->noticed_on = now.day;
	n->known = true;
	/* which articles shrink */
	desk_ask(sd, &(struct desk_request){.kind = DESK_LEVELS});
	look(sd);
}

void nights_clock(struct shopd *sd)
{
	look(sd);
}

int nights_start(struct shopd *sd)
{
	sd->nights = malloc(sizeof(*sd->nights));
	if (!sd->nights)
		return -ENOMEM;
	memset(sd->nights, 0, sizeof(*sd->nights));
	return timer_add(sd->loop, WATCH_IDLE, SLACK_MS, on_timer, sd, &sd->nights->timer);
}

void nights_stop(struct shopd *sd)
{
	if (sd->nights)
		timer_free(sd->nights->timer);
	free(sd->nights);
	sd->nights = NULL;
}
