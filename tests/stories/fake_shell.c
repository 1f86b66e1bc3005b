/* fake_shell.c: see fake_shell.h. */
#include "fake_shell.h"

#include "books/payment.h"
#include "books/vat.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MONDAY_MS                                                                                  \
	1795392000000LL /* 2026-11-23T00:00:00Z: a Monday; the stories' shop keeps UTC             \
			 */
#define DAY_MS 86400000LL
#define NO_LOT 9999 /* is in no share of less than all */

__attribute__((format(printf, 2, 3))) static void say(struct fake_shell *f, const char *format, ...)
{
	char text[ENTRY_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	f->say(f->data, text);
}

void fake_init(struct fake_shell *f, void (*say_line)(void *data, const char *text), void *data)
{
	struct shop_config *c = &f->config;

	memset(f, 0, sizeof(*f));
	f->say = say_line;
	f->data = data;
	f->wall_0_ms = MONDAY_MS;
	f->boot_ms = -1000000;
	f->trusted = true;
	f->version = 1;
	f->lot = NO_LOT;
	c->shop = (struct place){"viken"};
	c->doors = 1;
	c->door[0] = door_config_default();
	c->door[0].place = (struct place){"front"};
	c->readers = 6;
	c->reader[0] = (struct reader_config){ROAD_SCANNER, false, 0, c->door[0].place};
	c->reader[1] = (struct reader_config){ROAD_PHONE, false, 0, c->door[0].place};
	c->reader[2] = (struct reader_config){ROAD_SCANNER, true, 0, {"till"}};
	c->reader[3] = (struct reader_config){ROAD_PHONE, true, 0, {"till"}};
	c->reader[4] = (struct reader_config){ROAD_NFC, false, 0, c->door[0].place};
	c->reader[5] = (struct reader_config){ROAD_NFC, true, 0, {"till"}};
	c->barred_classes = 1 << CLASS_ALCOHOL | 1 << CLASS_TOBACCO | 1 << CLASS_MEDICINE;
	for (uint32_t i = 0; i < 7; i++)
		c->hours[i] = (struct hours){0, 1440};
	c->ladder = ladder_config_default();
	c->ladder.rehearse_days = 0;
	f->courier = true;
	f->contacts = (struct event_contacts){.contacts = 1,
					      .contact = {{.name = "owner", .step = 1}},
					      .roads = 1 << SMS_BY_GATEWAY};
}

/* --- clocks and steps
 * ------------------------------------------------------------------------------------ */

struct day fake_day(struct wall wall)
{
	return (struct day){(int32_t)(wall.ms / DAY_MS)};
}

static struct now now_of(const struct fake_shell *f)
{
	int64_t minute = f->at_ms / 60000 + f->weekday * 1440;
	struct wall wall = {f->wall_0_ms + f->weekday * DAY_MS + f->at_ms};

	return (struct now){.mono = {f->at_ms - f->boot_ms},
			    .wall = wall,
			    .wall_trusted = f->trusted,
			    .minute_of_week = (uint16_t)(minute % 10080),
			    .day = fake_day(wall)};
}

struct day fake_bought(const struct fake_shell *f, const struct visit *visit,
		       struct wall scanned_at)
{
	struct wall now = now_of(f).wall;
	struct wall end = visit && visit->over ? visit->closed_at : now;

	if (visit && scanned_at.ms >= visit->opened_at.ms && scanned_at.ms <= end.ms)
		return fake_day(scanned_at);
	return fake_day(end);
}

struct event fake_event(struct fake_shell *f, enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = now_of(f);
	f->draws++;
	e.draw.visit_low = f->draws | (uint64_t)f->lot << 24;
	e.draw.alarm_code = 100000 + f->draws;
	memset(&e.draw.bearer_hash, (int)(f->draws & 0xff), sizeof(e.draw.bearer_hash));
	e.draw.bearer_hash.byte[0] = (uint8_t)(f->draws >> 8);
	snprintf(e.draw.line_key, sizeof(e.draw.line_key), "till-%u", f->draws);
	snprintf(e.draw.join_code, sizeof(e.draw.join_code), "J%07u", f->draws % 10000000);
	return e;
}

static const char *reader_name(const struct fake_shell *f, uint8_t reader)
{
	return reader < f->config.readers ? f->config.reader[reader].place.name : "nowhere";
}

/* "text to owner: front forced, emergency" and what else there is to say */
static void say_notify(struct fake_shell *f, const struct effect_notify *n)
{
	char more[100] = "", many[40] = "";
	size_t at = 0;

	if (n->count > 1)
		snprintf(many, sizeof(many), "%u alarms, first ", n->count);
	if (n->condition == CONDITION_HELD_OPEN)
		at += (size_t)snprintf(more, sizeof(more), ", open %u s", n->open_s);
	if (n->value_known)
		at += (size_t)snprintf(more + at, sizeof(more) - at, ", %lld.%03lld",
				       (long long)n->value / 1000, llabs(n->value) % 1000);
	if (n->kind == TEXT_OVER)
		snprintf(more + at, sizeof(more) - at, ", it is over");
	if (n->kind == TEXT_TAKEN)
		snprintf(more + at, sizeof(more) - at, ", taken by %s", n->by);
	if (n->again)
		snprintf(more + at, sizeof(more) - at, ", again by the other road");
	say(f, "text to %s: %s%s%s%s, %s%s", n->contact, many, n->place.name,
	    n->place.name[0] ? " " : "", condition_word(n->condition), severity_word(n->severity),
	    more);
}

static void perform_now(struct fake_shell *f, const struct effect *e)
{
	static const char *const parts[DOOR_PARTS] = {"contact", "rex",	   "tamper",	"fire",
						      "strike",	 "buzzer", "light_yes", "light_no"};

	if (e->kind == EFFECT_OUTPUT)
		say(f, "%s: %s %s", f->config.door[e->output.door].place.name,
		    parts[e->output.part], e->output.level ? "on" : "off");
	else if (e->kind == EFFECT_LIGHT)
		say(f, "%s: light %s", reader_name(f, e->light.reader),
		    e->light.yes ? "yes" : "no");
	else if (e->kind == EFFECT_VERDICT && e->verdict.request.peer != 0)
		say(f, "answer: %s%s%s", verdict_word(e->verdict.verdict),
		    e->verdict.verdict == VERDICT_ADMITTED ? ", " : "",
		    e->verdict.verdict == VERDICT_ADMITTED ? role_word(e->verdict.role) : "");
	else if (e->kind == EFFECT_DONE)
		say(f, "answer: %s", e->done.ok ? "done" : "not done");
	else if (e->kind == EFFECT_NOTIFY)
		say_notify(f, &e->notify);
	else if (e->kind == EFFECT_ENOUGH)
		say(f, "enough about alarm %llu", (unsigned long long)e->enough.alarm.n);
	else if (e->kind == EFFECT_PICTURE && e->picture.kind == PICTURE_ALARM)
		say(f, "picture of alarm %llu", (unsigned long long)e->picture.ref);
	else if (e->kind == EFFECT_PICTURE)
		say(f, "picture of visit %016llx", (unsigned long long)e->picture.ref);
	else if (e->kind == EFFECT_LOG)
		say(f, "%s", e->log.text);
}

static void keep(struct fake_shell *f, const struct record *r)
{
	const struct entry *e = &r->entry;
	char text[ENTRY_TEXT_SIZE];

	entry_text(e, text);
	say(f, "%s", text);
	if (f->disk_full && !r->fact)
		return;
	CHECK(f->rows < FAKE_ROWS);
	f->row[f->rows++] = *e;
	if (e->kind == ENTRY_LINE) {
		CHECK(f->lines < FAKE_LINES);
		f->line[f->lines++] =
			(struct fake_line){.visit = e->line.visit,
					   .line = {.key = e->line.key,
						    .gtin = e->line.gtin,
						    .quantity_milli = e->line.quantity_milli,
						    .unit_price = e->line.unit_price,
						    .total = e->line.total,
						    .vat_bp = e->line.vat_bp,
						    .vat_class = e->line.vat_class,
						    .deposit = e->line.deposit,
						    .list_price = e->line.list_price,
						    .bought = e->line.bought,
						    .use_by = e->line.use_by,
						    .best_before = e->line.best_before,
						    .class = e->line.class,
						    .late = e->line.late,
						    .price_version = e->line.price_version,
						    .at = e->at,
						    .scanned_at = e->line.scanned_at,
						    .customer = e->line.customer,
						    .name = ""}};
		memcpy(f->line[f->lines - 1].line.lot, e->line.lot, sizeof(e->line.lot));
	}
	for (uint32_t i = 0; e->kind == ENTRY_LINE_VOIDED && i < f->lines; i++)
		if (f->line[i].visit.n == e->line_voided.visit.n &&
		    strcmp(f->line[i].line.key.text, e->line_voided.key.text) == 0)
			f->line[i].line.voided = true;
}

static void say_visit(struct fake_shell *f, const struct effect_visit *v)
{
	char credit[MONEY_TEXT_SIZE];

	if (v->verdict != VERDICT_ADMITTED || v->answer > ANSWER_REPEATED) {
		say(f, "answer: %s",
		    v->verdict != VERDICT_ADMITTED ? verdict_word(v->verdict)
						   : answer_word(v->answer));
		return;
	}
	money_text(v->credit_left, credit);
	say(f, "answer: visit %s, price list %u, credit %s",
	    v->answer == ANSWER_OK ? "opened" : "joined", v->price_version,
	    v->limited ? credit : "unlimited");
}

/* What not every line has: a VAT class, a deposit, a date that has passed. */
static void say_more(const struct line *l, char more[120])
{
	char deposit[MONEY_TEXT_SIZE], list[MONEY_TEXT_SIZE], day[DAY_TEXT_SIZE];
	int at = 0;

	more[0] = '\0';
	day_text(l->bought, day);
	if (l->vat_class != VAT_FIXED)
		at = snprintf(more, 120, ", %s of %s at %d", vat_class_word(l->vat_class), day,
			      l->vat_bp);
	money_text(l->deposit, deposit);
	money_text(l->list_price, list);
	day_text(l->best_before, day);
	if (money_compare(l->deposit, MONEY_ZERO) != 0)
		at += snprintf(more + at, 120 - (size_t)at, ", deposit %s", deposit);
	if (l->best_before.n != 0 && l->best_before.n < l->bought.n)
		snprintf(more + at, 120 - (size_t)at, ", best before %s, was %s", day, list);
}

static void say_line(struct fake_shell *f, const struct effect_line *l)
{
	char total[MONEY_TEXT_SIZE], visit[MONEY_TEXT_SIZE], more[120];

	if (l->answer > ANSWER_REPEATED) {
		say(f, "answer: %s", answer_word(l->answer));
		return;
	}
	money_text(l->line.total, total);
	money_text(l->visit_total, visit);
	say_more(&l->line, more);
	say(f, "answer: %s, %s %s%s%s, visit %s", answer_word(l->answer), l->line.key.text, total,
	    l->line.voided ? " voided" : "", more, visit);
}

/* Of a line that a phone had kept also what became of it: several share one beep. */
static void say_beep(struct fake_shell *f, const struct effect_beep *b)
{
	const char *reader = reader_name(f, b->reader);

	if (f->kept)
		say(f, "%s: %s %s", reader, b->key.text, answer_word(b->answer));
	if (!b->silent)
		say(f, "%s: beep %s", reader, b->yes ? "yes" : "no");
}

static void perform_after(struct fake_shell *f, const struct effect *e)
{
	if (e->kind == EFFECT_VISIT) {
		say_visit(f, &e->visit);
	} else if (e->kind == EFFECT_LINE) {
		say_line(f, &e->line);
	} else if (e->kind == EFFECT_CLOSED) {
		say(f, "answer: %s", answer_word(e->closed.answer));
	} else if (e->kind == EFFECT_INVITED) {
		say(f, "answer: %s%s%s", answer_word(e->invited.answer),
		    e->invited.join_code[0] ? ", code " : "", e->invited.join_code);
		memcpy(f->join_code, e->invited.join_code, sizeof(f->join_code));
	} else if (e->kind == EFFECT_BEEP) {
		say_beep(f, &e->beep);
	}
}

void fake_step(struct fake_shell *f, const struct event *e)
{
	shop_step(&f->shop, e, &f->effects);
	f->kept = e->kind == EVENT_GOODS && e->goods.key.text[0] != '\0';
	for (uint32_t i = 0; i < f->effects.nows; i++)
		perform_now(f, &f->effects.now[i]);
	for (uint32_t i = 0; i < f->effects.records; i++)
		keep(f, &f->effects.record[i]);
	for (uint32_t i = 0; i < f->effects.afters; i++)
		perform_after(f, &f->effects.after[i]);
}

bool fake_advance(struct fake_shell *f, int64_t at_ms)
{
	struct mono due;
	uint32_t standing = 0;

	while (due = shop_deadline(&f->shop), due.ms != MONO_NEVER.ms) {
		int64_t due_at = due.ms + f->boot_ms;
		struct event e;

		if (due_at > at_ms)
			break;
		standing = due_at > f->at_ms ? 0 : standing + 1;
		if (standing > VISITS_OPEN_MAX)
			return false;
		if (due_at > f->at_ms)
			f->at_ms = due_at;
		e = fake_event(f, EVENT_TIME);
		fake_step(f, &e);
	}
	f->at_ms = at_ms;
	return true;
}

/* --- the ledger
 * ------------------------------------------------------------------------------------ */

/** What the rows say of now: the fold that a real ledger keeps in its derived tables. */
struct recalled {
	struct visit visit[VISITS_OPEN_MAX];
	struct entry_admitted token[256];
	struct entry_alarm alarm[64];
	struct wall alarm_at[64];
	struct told_text told[64];
	struct entry_door mode[DOORS_MAX];
	struct remembered remembered;
};

static struct visit *recalled_visit(struct recalled *r, struct visit_id id)
{
	for (uint32_t i = 0; i < r->remembered.visits; i++)
		if (r->visit[i].id.n == id.n)
			return &r->visit[i];
	return NULL;
}

static void fold_visit(struct recalled *r, const struct entry *e)
{
	struct visit *v;

	if (e->kind == ENTRY_VISIT_OPENED) {
		CHECK(r->remembered.visits < VISITS_OPEN_MAX);
		v = &r->visit[r->remembered.visits++];
		*v = (struct visit){.id = e->visit_opened.visit,
				    .customer = e->visit_opened.customer,
				    .place = e->visit_opened.place,
				    .price_version = e->visit_opened.price_version,
				    .opened_at = e->at};
		r->remembered.last_visit = v->id;
	} else if (e->kind == ENTRY_VISIT_JOINED) {
		v = recalled_visit(r, e->visit_joined.visit);
		if (v && v->bearers < BEARERS_MAX)
			v->bearer[v->bearers++] =
				(struct bearer){e->visit_joined.bearer, e->visit_joined.customer};
	} else if (e->kind == ENTRY_VISIT_CLOSED) {
		v = recalled_visit(r, e->visit_closed.visit);
		if (v) {
			v->over = true;
			v->end = e->visit_closed.end;
			v->closed_at = e->at;
		}
	} else if (e->kind == ENTRY_LINE) {
		v = recalled_visit(r, e->line.visit);
		CHECK(v && money_add(v->total, e->line.total, &v->total));
		v->lines++;
		v->lines_ever++;
	} else if (e->kind == ENTRY_LINE_VOIDED) {
		v = recalled_visit(r, e->line_voided.visit);
		CHECK(v && v->lines > 0 && money_sub(v->total, e->line_voided.total, &v->total));
		v->lines--;
	}
}

static void fold_alarm(struct recalled *r, const struct entry *e)
{
	struct remembered *m = &r->remembered;
	uint32_t i = 0;

	while (i < m->alarms && r->alarm[i].alarm.n != e->alarm.alarm.n)
		i++;
	if (i == m->alarms) {
		CHECK(m->alarms < ARRAY_LEN(r->alarm));
		r->alarm_at[m->alarms++] = e->at;
	}
	r->alarm[i] = e->alarm;
	if (e->alarm.over) {
		r->alarm[i] = r->alarm[--m->alarms];
		r->alarm_at[i] = r->alarm_at[m->alarms];
	}
	if (e->alarm.alarm.n > m->last_alarm.n)
		m->last_alarm = e->alarm.alarm;
	if (e->alarm.condition == CONDITION_REHEARSAL && e->alarm.state == ALARM_RAISED)
		m->last_rehearsal = e->at;
}

static void fold_mode(struct recalled *r, const struct entry *e)
{
	uint32_t i = 0;

	if (e->door.event != DOOR_EVENT_MODE)
		return;
	while (i < r->remembered.modes && strcmp(r->mode[i].place.name, e->door.place.name) != 0)
		i++;
	if (i == r->remembered.modes)
		r->remembered.modes++;
	r->mode[i] = e->door;
}

static struct recalled *recall(const struct fake_shell *f)
{
	static struct recalled r;
	struct remembered *m = &r.remembered;

	memset(&r, 0, sizeof(r));
	m->clean = f->rows == 0 || f->row[f->rows - 1].kind == ENTRY_STOP;
	m->ledger_ok = !f->disk_full;
	if (f->rows > 0)
		m->last_rehearsal = f->row[0].at;
	for (uint32_t i = 0; i < f->rows; i++) {
		const struct entry *e = &f->row[i];

		fold_visit(&r, e);
		if (e->kind == ENTRY_ALARM)
			fold_alarm(&r, e);
		else if (e->kind == ENTRY_TOLD)
			r.told[m->tolds++ % ARRAY_LEN(r.told)] = (struct told_text){e->at, e->told};
		else if (e->kind == ENTRY_DOOR)
			fold_mode(&r, e);
		else if (e->kind == ENTRY_ADMITTED && e->admitted.cti_len > 0 &&
			 m->tokens < ARRAY_LEN(r.token))
			r.token[m->tokens++] = e->admitted;
	}
	m->tolds = m->tolds < ARRAY_LEN(r.told) ? m->tolds : ARRAY_LEN(r.told);
	m->told = r.told;
	m->visit = r.visit; /* those that are over are told apart by `over` */
	m->token = r.token;
	m->alarm = r.alarm;
	m->alarm_at = r.alarm_at;
	m->mode = r.mode;
	return &r;
}

/* What shopd adds to what the ledger remembers. */
static struct remembered remembered_of(struct fake_shell *f)
{
	struct recalled *r = recall(f);

	for (uint32_t i = 0; i < r->remembered.visits; i++) {
		struct member m = fake_member_now(f, r->visit[i].customer);

		r->visit[i].role = m.role;
		r->visit[i].trust = m.trust;
	}
	return r->remembered;
}

void fake_start(struct fake_shell *f)
{
	struct event e = fake_event(f, EVENT_START);

	e.start.remembered = remembered_of(f);
	shop_init(&f->shop, &f->config);
	fake_step(f, &e);
	if (f->courier)
		fake_contacts(f);
}

void fake_contacts(struct fake_shell *f)
{
	uint32_t draws = f->draws;
	struct event e = fake_event(f, EVENT_COURIER_UP);

	fake_step(f, &e);
	e = fake_event(f, EVENT_CONTACTS);
	e.contacts = f->contacts;
	f->draws = draws; /* nothing hangs on what was drawn for them */
	fake_step(f, &e);
}

void fake_power_cut(struct fake_shell *f)
{
	memset(&f->shop, 0xa5, sizeof(f->shop));
	f->shop.started = false;
	f->boot_ms = f->at_ms - 7000; /* as if it had booted in seven seconds */
}

void fake_ledger_well(struct fake_shell *f)
{
	struct event e = fake_event(f, EVENT_LEDGER);

	f->disk_full = false;
	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered = remembered_of(f);
	fake_step(f, &e);
}

/* --- roster, prices, phones
 * ------------------------------------------------------------------------------------ */

uint32_t fake_card_last(const struct fake_shell *f, struct kid kid)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < f->rows; i++) {
		const struct entry_admitted *a = &f->row[i].admitted;

		if (f->row[i].kind == ENTRY_ADMITTED && a->card_counter > last &&
		    memcmp(a->kid.byte, kid.byte, sizeof(kid.byte)) == 0)
			last = a->card_counter;
	}
	return last;
}

struct fake_member *fake_member(struct fake_shell *f, const char *name)
{
	for (uint32_t i = 0; i < f->members; i++)
		if (strcmp(f->member[i].name, name) == 0)
			return &f->member[i];
	return NULL;
}

struct fake_article *fake_article(struct fake_shell *f, const char *name)
{
	for (uint32_t i = 0; i < f->articles; i++)
		if (strcmp(f->article[f->version - 1][i].name, name) == 0)
			return &f->article[f->version - 1][i];
	return NULL;
}

struct fake_device *fake_device(struct fake_shell *f, const char *name)
{
	for (uint32_t i = 0; i < f->devices; i++)
		if (strcmp(f->device[i].name, name) == 0)
			return &f->device[i];
	CHECK(f->devices < FAKE_DEVICES);
	snprintf(f->device[f->devices].name, sizeof(f->device[0].name), "%s", name);
	return &f->device[f->devices++];
}

static bool limit_of(const struct fake_shell *f, const struct fake_member *m, struct money *ret)
{
	const struct trust_config *t = &f->config.trust[m->member.trust];

	*ret = m->limited ? m->limit : t->credit_limit;
	if (t->limited && money_compare(t->credit_limit, *ret) < 0)
		*ret = t->credit_limit;
	return m->limited || t->limited;
}

static bool is_overdue(const struct fake_shell *f, const struct fake_member *m)
{
	const struct reminder_policy policy = reminder_policy_default();
	const struct owed owed = {.due = m->oldest_due, .payable = money_of(1)};

	return m->oldest_due.n != 0 && reminder_due(&policy, &owed, now_of(f).day) == REMINDER_BAR;
}

struct member fake_member_now(struct fake_shell *f, struct customer customer)
{
	for (uint32_t i = 0; i < f->members; i++) {
		struct member m = f->member[i].member;

		if (!customer_is(m.customer, customer))
			continue;
		m.limited = limit_of(f, &f->member[i], &m.credit_left);
		m.overdue |= is_overdue(f, &f->member[i]);
		CHECK(money_sub(m.credit_left, f->member[i].unpaid, &m.credit_left));
		for (uint32_t j = 0; j < f->lines; j++)
			if (customer_is(f->line[j].line.customer, customer) &&
			    !f->line[j].line.voided)
				CHECK(money_sub(m.credit_left, f->line[j].line.total,
						&m.credit_left));
		return m;
	}
	return (struct member){.customer = customer};
}

static struct article article_in(const struct fake_shell *f, const char *name, uint32_t version,
				 struct day bought)
{
	const struct entry_tax tax = vat_sweden();

	if (version < 1 || version > f->version)
		return (struct article){0};
	for (uint32_t i = 0; i < f->articles; i++) {
		struct article a = f->article[version - 1][i].article;

		if (strcmp(f->article[version - 1][i].name, name) != 0)
			continue;
		if (a.vat_class != VAT_FIXED)
			a.vat_bp = vat_rate_on(&tax, a.vat_class, bought);
		return a;
	}
	return (struct article){0};
}

void fake_articles(struct fake_shell *f, const char *name, uint32_t version, struct day bought,
		   struct article *then, struct article *now)
{
	*then = article_in(f, name, version, bought);
	*now = article_in(f, name, f->version, bought);
}

const char *fake_named(const struct fake_shell *f, struct gtin gtin)
{
	for (uint32_t i = 0; i < f->articles; i++)
		if (f->article[f->version - 1][i].article.gtin.n == gtin.n)
			return f->article[f->version - 1][i].name;
	return "";
}

void fake_reprice(struct fake_shell *f)
{
	CHECK(f->version < FAKE_VERSIONS);
	memcpy(f->article[f->version], f->article[f->version - 1], sizeof(f->article[0]));
	f->version++;
}

void fake_call(struct fake_shell *f, const struct fake_device *d, const char *key,
	       struct visit *past, struct visit_call *ret)
{
	struct recalled *r = recall(f);
	const struct visit *visit = recalled_visit(r, d->visit);

	memset(ret, 0, sizeof(*ret));
	ret->request = (struct request){1, 1};
	ret->visit = d->visit;
	ret->bearer = d->bearer;
	if (visit && visit->over) {
		*past = *visit;
		ret->past_known = true;
		ret->past = past;
	}
	for (uint32_t i = 0; visit && i < visit->bearers; i++)
		if (memcmp(visit->bearer[i].hash.byte, d->bearer.byte, 32) == 0)
			ret->member = fake_member_now(f, visit->bearer[i].customer);
	for (uint32_t i = 0; key && i < f->lines; i++)
		if (f->line[i].visit.n == d->visit.n &&
		    strcmp(f->line[i].line.key.text, key) == 0) {
			ret->earlier_known = true;
			ret->earlier = f->line[i].line;
		}
}
