/* sim_core_world.c: what happens in the shop, drawn at random: much of it what people do, some of
 * it what nobody should. */
#include "sim_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALL_0_MS 1795392000000LL

uint64_t world_draw(struct world *w, uint64_t below)
{
	uint64_t z = (w->random += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (z ^ (z >> 31)) % below;
}

static bool one_in(struct world *w, uint64_t n)
{
	return world_draw(w, n) == 0;
}

/* --- making the world
 * ------------------------------------------------------------------------------------ */

/* Discounts, levels of trust, checks. */
static void draw_rules(struct world *w, struct shop_config *c)
{
	c->past_best_before_bp = (uint16_t)(3333 * world_draw(w, 4));
	c->trust[TRUST_NEW].check_bp = (uint16_t)world_draw(w, 3000);
	c->trust[TRUST_RESTRICTED].check_bp = 10000;
	c->trust[TRUST_RESTRICTED].hours_apart = one_in(w, 2);
	for (uint32_t i = 0; i < 7; i++)
		c->trust[TRUST_RESTRICTED].hours[i] = (struct hours){600, 960};
	c->check.long_ms = one_in(w, 3) ? 0 : 60000 * (1 + (int64_t)world_draw(w, 20));
	c->check.voids_min = (uint32_t)world_draw(w, 4);
	c->check.voids_bp = (uint32_t)world_draw(w, 10001);
}

static void draw_config(struct world *w, struct shop_config *c)
{
	static const char *const names[DOORS_MAX] = {"front", "back", "side", "cellar"};
	bool all_day = !one_in(w, 3);

	*c = (struct shop_config){.shop = {"viken"}, .doors = 1 + (uint32_t)world_draw(w, 3)};
	for (uint32_t i = 0; i < c->doors; i++) {
		c->door[i] = door_config_default();
		snprintf(c->door[i].place.name, sizeof(c->door[i].place.name), "%s", names[i]);
		c->door[i].exit_sensing = (enum exit_sensing)world_draw(w, 3);
		c->door[i].relock = (enum relock)world_draw(w, 2);
		c->reader[c->readers++] =
			(struct reader_config){ROAD_SCANNER, false, (uint8_t)i, c->door[i].place};
		c->reader[c->readers++] =
			(struct reader_config){ROAD_PHONE, false, (uint8_t)i, c->door[i].place};
		c->reader[c->readers++] =
			(struct reader_config){ROAD_NFC, false, (uint8_t)i, c->door[i].place};
	}
	c->reader[c->readers++] = (struct reader_config){ROAD_NFC, true, 0, {"till"}};
	c->reader[c->readers++] = (struct reader_config){ROAD_SCANNER, true, 0, {"till"}};
	c->reader[c->readers++] = (struct reader_config){ROAD_PHONE, true, 0, {"till"}};
	for (uint32_t i = 0; i < 7; i++)
		c->hours[i] = all_day ? (struct hours){0, 1440} : (struct hours){360, 1320};
	c->occupancy_max = one_in(w, 2) ? 4 : 0;
	c->barred_classes = 1 << CLASS_ALCOHOL | 1 << CLASS_TOBACCO;
	draw_rules(w, c);
	room_draw(w, c);
	texts_draw(w, c);
}

static void draw_article(struct world *w, uint32_t i)
{
	struct article *a = &w->article[w->version][i];

	*a = (struct article){.known = !one_in(w, 8), .name = "goods", .vat_bp = 600};
	a->gtin.n = 7310865000000 + i;
	a->price = money_of((int64_t)world_draw(w, 20000));
	a->deposit = money_of(one_in(w, 3) ? (int64_t)world_draw(w, 500) : 0);
	a->vat_class = (enum vat_class)world_draw(w, VAT_CLASSES);
	a->vat_bp = (int32_t)world_draw(w, 2501);
	a->shrinking = one_in(w, 6);
	a->class =
		one_in(w, 10) ? (enum article_class)world_draw(w, ARTICLE_CLASSES) : CLASS_GROCERY;
	a->state = one_in(w, 10) ? (enum article_state)world_draw(w, ARTICLE_STATES) : ARTICLE_SOLD;
}

static void draw_member(struct world *w, uint32_t i)
{
	struct member *m = &w->member[i];

	memset(m, 0, sizeof(*m));
	memset(m->customer.byte, (int)i + 1, sizeof(m->customer.byte));
	m->blocked = one_in(w, 12);
	m->overdue = one_in(w, 12);
	m->extended = one_in(w, 4);
	m->limited = one_in(w, 4);
	m->credit_left = money_of((int64_t)world_draw(w, 60000) - 5000);
	m->role = one_in(w, 6) ? (enum role)world_draw(w, ROLES) : ROLE_MEMBER;
	m->trust = (enum trust)world_draw(w, TRUSTS);
	w->kid[i].byte[0] = (uint8_t)(i / 2 + 1); /* two members share each kid */
}

struct event *world_event(struct world *w, enum event_kind kind)
{
	struct event *e = &w->event;
	int64_t minute = w->wall_ms / 60000;

	memset(e, 0, sizeof(*e));
	w->perfect = false;
	w->draws++;
	e->kind = kind;
	e->now = (struct now){w->mono,
			      {w->wall_ms},
			      w->trusted,
			      (uint16_t)(minute % 10080),
			      {(int32_t)(w->wall_ms / 86400000)}};
	e->draw.visit_low = world_draw(w, UINT64_MAX);
	e->draw.alarm_code = (uint32_t)world_draw(w, one_in(w, 4) ? 3 : 900000) + 100000;
	memcpy(e->draw.bearer_hash.byte, &w->draws, sizeof(w->draws));
	snprintf(e->draw.line_key, sizeof(e->draw.line_key), "till-%u", w->draws);
	snprintf(e->draw.join_code, sizeof(e->draw.join_code), "J%07u",
		 (uint32_t)world_draw(w, 10000000));
	return e;
}

static void boot(struct world *w)
{
	static const uint8_t boot_id[BOOT_ID_SIZE] = {7};
	struct shop_config config = w->shop.config;
	struct event *e = world_event(w, EVENT_START);

	for (uint32_t i = 0; i < DOORS_MAX; i++) {
		struct world_door *d = &w->door[i];
		enum door_mode word = d->word == DOOR_LOCKDOWN ? DOOR_LOCKDOWN : DOOR_LOCKED;

		*d = (struct world_door){
			.word = word, .fire_changed = {-1000000}, .contact_changed = {-1000000}};
	}
	e->start.remembered = books_remembered(w);
	/* the word that was on disk is the one that holds */
	for (uint32_t i = 0; i < config.doors; i++) {
		w->door[i].word = DOOR_LOCKED;
		for (uint32_t j = 0; j < e->start.remembered.modes; j++)
			if (strcmp(e->start.remembered.mode[j].place.name,
				   config.door[i].place.name) == 0 &&
			    e->start.remembered.mode[j].mode == DOOR_LOCKDOWN)
				w->door[i].word = DOOR_LOCKDOWN;
	}
	w->running |= !w->full;
	memcpy(e->start.boot_id, boot_id, sizeof(boot_id));
	shop_init(&w->shop, &config);
	w->started = w->mono;
	world_step(w);
}

struct world *world_new(uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));

	CHECK(w);
	w->random = seed * 0x2545f4914f6cdd1dULL + 1;
	w->hash = 14695981039346656037ULL;
	w->mono.ms = 60000;
	w->wall_ms = WALL_0_MS + (int64_t)world_draw(w, 86400000);
	w->trusted = !one_in(w, 8);
	w->quiet = one_in(w, 6);
	draw_config(w, &w->shop.config);
	for (uint32_t i = 0; i < WORLD_MEMBERS; i++)
		draw_member(w, i);
	for (uint32_t i = 0; i < WORLD_ARTICLES; i++)
		draw_article(w, i);
	boot(w);
	texts_start(w);
	return w;
}

void world_free(struct world *w)
{
	free(w->row);
	free(w->visit);
	free(w->line);
	free(w->admitted);
	free(w->opened);
	free(w->texts.text);
	free(w->texts.alarm);
	free(w);
}

/* --- one step
 * ------------------------------------------------------------------------------------ */

static void hear_command(struct world *w)
{
	const struct event_command *c = &w->event.command;
	struct world_door *d;
	static const enum door_mode words[COMMANDS] = {DOOR_LOCKED, DOOR_UNLOCKED, DOOR_PROPPED,
						       DOOR_LOCKDOWN, DOOR_LOCKED};
	bool ok = false;

	for (uint32_t i = 0; i < w->effects.nows; i++)
		if (w->effects.now[i].kind == EFFECT_DONE)
			ok = w->effects.now[i].done.ok;
	if (!ok || c->door >= w->shop.config.doors)
		return;
	d = &w->door[c->door];
	if (c->command == COMMAND_RELEASE) {
		d->allowed = mono_add(w->mono, 5000);
		d->admitted_once = true;
		return;
	}
	d->word = words[c->command];
	d->allowed.ms = 0;
	d->admitted_once = false;
	d->prop_end = mono_add(w->mono, c->hold_ms);
}

void world_step(struct world *w)
{
	for (uint32_t i = 0; i < w->shop.config.doors; i++)
		if (w->door[i].word == DOOR_PROPPED && w->mono.ms >= w->door[i].prop_end.ms)
			w->door[i].word = DOOR_LOCKED;
	room_before(w);
	shop_step(&w->shop, &w->event, &w->effects);
	w->steps++;
	if (w->event.kind == EVENT_COMMAND)
		hear_command(w);
	check_step(w);
	room_after(w);
	texts_after(w);
	if (one_in(w, 3) && !w->full)
		w->on_disk = w->rows;
}

/* --- visits and lines
 * ------------------------------------------------------------------------------------ */

static struct world_device *some_device(struct world *w)
{
	uint32_t known = w->devices < WORLD_DEVICES ? w->devices : WORLD_DEVICES;

	return known ? &w->device[world_draw(w, known)] : NULL;
}

static void call_of(struct world *w, const struct world_device *d, const char *key,
		    struct visit_call *c)
{
	struct world_visit *v;
	struct world_line *l = key ? books_line(w, d->visit, key) : NULL;

	c->visit = d->visit;
	c->bearer = d->bearer;
	c->request = (struct request){1, w->draws};
	if (one_in(w, 20))
		c->bearer.byte[31] ^= 1;
	v = books_visit(w, c->visit);
	if (v && v->visit.over) {
		w->past = v->visit;
		w->past.total = MONEY_ZERO;
		w->past.lines_ever = v->lines;
		for (uint32_t i = 0; i < w->lines; i++)
			if (w->line[i].visit.n == c->visit.n && !w->line[i].line.voided)
				CHECK(money_add(w->past.total, w->line[i].line.total,
						&w->past.total));
		c->past_known = true;
		c->past = &w->past;
	}
	c->earlier_known = l != NULL;
	if (l)
		c->earlier = l->line;
	for (uint32_t i = 0; i < WORLD_MEMBERS; i++)
		if (customer_is(w->member[i].customer, d->customer))
			c->member = w->member[i];
}

static void articles_of(struct world *w, struct visit_id visit, uint32_t i, struct article *then,
			struct article *now)
{
	const struct world_visit *v = books_visit(w, visit);

	*now = w->article[w->version][i];
	*then = w->article[v ? v->visit.price_version : w->version][i];
}

static void draw_key(struct world *w, struct line_key *ret)
{
	uint32_t key = one_in(w, 3) && w->line_keys > 0 ? (uint32_t)world_draw(w, w->line_keys)
							: w->line_keys++;

	if (w->line_keys > 40 && one_in(w, 2))
		key = w->line_keys - 1 - (uint32_t)world_draw(w, 20);
	snprintf(ret->text, sizeof(ret->text), one_in(w, 60) ? "bad key %u" : "k%u", key);
}

static struct day some_day(struct world *w)
{
	return (struct day){w->event.now.day.n + 3 - (int32_t)world_draw(w, 6)};
}

/* What is scanned of article `i`: the last two have labels with a weight, with a price. */
static void draw_goods(struct world *w, uint32_t i, struct gtin gtin, struct goods *ret)
{
	*ret = (struct goods){.gtin = gtin};
	if (one_in(w, 12))
		ret->use_by = some_day(w);
	if (one_in(w, 8))
		ret->best_before = some_day(w);
	if (one_in(w, 8))
		snprintf(ret->lot, sizeof(ret->lot), "L%u", (uint32_t)world_draw(w, 2));
	if (i == WORLD_ARTICLES - 1) {
		ret->measure = GOODS_WEIGHT;
		ret->quantity_milli = 1 + (int32_t)world_draw(w, one_in(w, 8) ? 2000000 : 3000);
	} else if (i == WORLD_ARTICLES - 2) {
		ret->measure = GOODS_PRICE;
		ret->price = money_of((int64_t)world_draw(w, 9999));
	}
}

static void put_line(struct world *w)
{
	struct world_device *d = some_device(w);
	struct event_line_put *p;
	uint32_t i = (uint32_t)world_draw(w, WORLD_ARTICLES);

	if (!d)
		return;
	p = &world_event(w, EVENT_LINE_PUT)->line_put;
	draw_key(w, &p->key);
	call_of(w, d, p->key.text, &p->call);
	articles_of(w, d->visit, i, &p->then, &p->now);
	draw_goods(w, i, p->now.gtin, &p->goods);
	p->bought.n = w->event.now.day.n - (int32_t)world_draw(w, one_in(w, 4) ? 3 : 1);
	if (one_in(w, 12))
		p->goods.gtin.n = world_draw(w, 3);
	p->quantity_milli = one_in(w, 10)
				    ? (int32_t)(uint32_t)world_draw(w, 1ULL << 32)
				    : 1 + (int32_t)world_draw(w, one_in(w, 4) ? 999000 : 3000);
	if (p->goods.measure != GOODS_PIECES && !one_in(w, 6))
		p->quantity_milli = 1000;
	p->price_version = w->version;
	world_step(w);
}

static void other_call(struct world *w)
{
	static const enum event_kind kinds[] = {EVENT_LINE_VOID, EVENT_LINE_VOID, EVENT_VISIT_CLOSE,
						EVENT_VISIT_INVITE};
	struct world_device *d = some_device(w);
	struct event *e;
	struct visit_call *c;
	struct line_key key;

	if (!d)
		return;
	e = world_event(w, kinds[world_draw(w, 4)]);
	draw_key(w, &key);
	c = e->kind == EVENT_LINE_VOID	   ? &e->line_void.call
	    : e->kind == EVENT_VISIT_CLOSE ? &e->visit_close.call
					   : &e->visit_invite.call;
	call_of(w, d, e->kind == EVENT_LINE_VOID ? key.text : NULL, c);
	if (e->kind == EVENT_LINE_VOID)
		e->line_void.key = key;
	world_step(w);
	if (e->kind == EVENT_VISIT_INVITE && w->effects.after[0].invited.join_code[0])
		memcpy(w->join_code, w->effects.after[0].invited.join_code, 9);
}

/* A line that a phone had kept, under a key that it may have sent itself. */
static void kept_by_phone(struct world *w, struct event_goods *g)
{
	const struct visit *visit = shop_till_visit(&w->shop, g->reader);
	const struct world_line *earlier;

	draw_key(w, &g->key);
	if (!name_valid(g->key.text, (uint32_t)strlen(g->key.text))) {
		g->key.text[0] = '\0'; /* no basket can hold it */
		return;
	}
	g->quantity_milli = 1000 * (1 + (int32_t)world_draw(w, 4)) - (one_in(w, 5) ? 500 : 0);
	g->bought = w->event.now.day;
	g->more = one_in(w, 2);
	g->failed = one_in(w, 5);
	earlier = visit ? books_line(w, visit->id, g->key.text) : NULL;
	g->earlier_known = earlier != NULL;
	if (earlier)
		g->earlier = earlier->line;
}

static void scan_goods(struct world *w)
{
	uint8_t reader = (uint8_t)(w->shop.config.readers - 2);
	uint32_t i = (uint32_t)world_draw(w, WORLD_ARTICLES);
	struct event *e = world_event(w, EVENT_GOODS);
	struct customer customer;

	e->goods.reader = one_in(w, 30) ? (uint8_t)world_draw(w, 256) : reader;
	if (shop_till_customer(&w->shop, e->goods.reader, &customer)) {
		articles_of(w, shop_till_visit(&w->shop, e->goods.reader)->id, i, &e->goods.then,
			    &e->goods.now);
		for (uint32_t j = 0; j < WORLD_MEMBERS; j++)
			if (customer_is(w->member[j].customer, customer))
				e->goods.member = w->member[j];
	}
	draw_goods(w, i, w->article[w->version][i].gtin, &e->goods.goods);
	e->goods.price_version = w->version;
	if (one_in(w, 3))
		kept_by_phone(w, &e->goods);
	world_step(w);
}

/* The screen beside the till: it asks to speak for who stands there, or says that they are done.
 * What it is given is made of the visit, as shopd makes it. */
static void touch_screen(struct world *w)
{
	uint8_t reader = (uint8_t)(w->shop.config.readers - 2);
	const struct visit *visit = shop_till_visit(&w->shop, reader);
	struct event *e = world_event(w, one_in(w, 6) ? EVENT_TILL_LEAVE : EVENT_TILL_VISIT);
	struct customer customer = {{0}};

	e->till = (struct event_till){.reader = reader, .request = {1, w->draws}};
	memset(e->draw.bearer_hash.byte, 0xee, sizeof(e->draw.bearer_hash.byte));
	if (visit)
		memcpy(e->draw.bearer_hash.byte, &visit->id.n, sizeof(visit->id.n));
	if (shop_till_customer(&w->shop, reader, &customer))
		for (uint32_t j = 0; j < WORLD_MEMBERS; j++)
			if (customer_is(w->member[j].customer, customer))
				e->till.member = w->member[j];
	world_step(w);
	if (e->kind == EVENT_TILL_VISIT && w->effects.after[0].visit.visit.n != 0)
		w->device[w->devices++ % WORLD_DEVICES] = (struct world_device){
			w->effects.after[0].visit.visit, e->draw.bearer_hash, customer};
}

/* --- doors, clocks, disks, people
 * ------------------------------------------------------------------------------------ */

static void move_part(struct world *w)
{
	struct event *e = world_event(w, EVENT_PART);
	struct world_door *d;

	e->part.door = (uint8_t)world_draw(w, w->shop.config.doors);
	e->part.part = one_in(w, 2) ? PART_CONTACT : (enum door_part)world_draw(w, DOOR_PARTS);
	e->part.level = one_in(w, e->part.part == PART_FIRE ? 5 : 2);
	e->part.lost = one_in(w, 25);
	d = &w->door[e->part.door];
	if (e->part.part == PART_FIRE && !e->part.lost) {
		if (d->fire != e->part.level)
			d->fire_changed = w->mono;
		d->fire = e->part.level;
	}
	/* lost before the end of the fire was believed: then the fire is what holds */
	if (e->part.part == PART_FIRE && e->part.lost &&
	    w->mono.ms - d->fire_changed.ms < w->shop.config.door[e->part.door].debounce_ms)
		d->fire = true;
	if (e->part.part == PART_CONTACT) {
		bool open = e->part.level && !e->part.lost;

		d->contact_lost = e->part.lost;
		if (d->contact != open)
			d->contact_changed = w->mono;
		d->contact = open;
	}
	world_step(w);
}

static void command(struct world *w)
{
	struct event *e = world_event(w, EVENT_COMMAND);

	e->command.door = one_in(w, 20) ? 200 : (uint8_t)world_draw(w, w->shop.config.doors);
	e->command.command = one_in(w, 2) ? COMMAND_LOCK : (enum command)world_draw(w, COMMANDS);
	e->command.hold_ms =
		one_in(w, 8) ? (int64_t)world_draw(w, UINT64_MAX) : (int64_t)world_draw(w, 60000);
	world_step(w);
}

/* A person at the owner's page, or at the command line. */
static void alarm_word(struct world *w)
{
	uint32_t open = shop_alarms_open(&w->shop);
	const struct alarm *a = shop_alarm_at(&w->shop, (uint32_t)world_draw(w, open + 4));
	struct event *e = world_event(w, EVENT_ALARM_ACK);

	e->alarm_ack.alarm.n = one_in(w, 2) ? (a ? a->id.n : world_draw(w, 40)) : 0;
	e->alarm_ack.code = a ? a->code : (uint32_t)world_draw(w, 200000);
	memset(e->alarm_ack.by, 'o', one_in(w, 3) ? sizeof(e->alarm_ack.by) : 4);
	world_step(w);
}

static void clock_news(struct world *w)
{
	struct wall before = {w->wall_ms};
	int64_t step_ms = (int64_t)world_draw(w, 600000) - 100000;

	if (one_in(w, 2)) {
		w->trusted = !w->trusted || one_in(w, 2);
	} else {
		w->wall_ms += step_ms;
		w->went_back |= step_ms < 0;
	}
	world_event(w, EVENT_CLOCK)->clock.before = before;
	world_step(w);
}

static void disk_news(struct world *w)
{
	struct event *e = world_event(w, EVENT_LEDGER);

	if (w->full) {
		w->full = false;
		w->running = true;
		w->on_disk = w->rows;
		e->ledger.news = LEDGER_WELL;
		e->ledger.remembered = books_remembered(w);
	} else if (one_in(w, 4)) {
		uint32_t keep = w->on_disk;

		/* what was claimed and is not on disk was never confirmed to anybody */
		for (uint32_t i = w->on_disk; i < w->rows; i++)
			if (w->row[i].fact)
				w->row[keep++] = w->row[i];
		w->rows = keep;
		books_rebuild(w);
		w->full = true;
		e->ledger.news = LEDGER_FULL;
	} else {
		return;
	}
	world_step(w);
}

static void restart(struct world *w)
{
	if (one_in(w, 2)) {
		world_event(w, EVENT_STOP);
		world_step(w);
		w->on_disk = w->full ? w->on_disk : w->rows;
		w->running &= w->full;
	}
	w->rows = w->on_disk;
	tokens_cards_recall(w);
	w->mono.ms = 5000 + (int64_t)world_draw(w, 60000);
	w->wall_ms += (int64_t)world_draw(w, one_in(w, 2) ? 5000 : 100000);
	w->restarts++;
	boot(w);
	tokens_try_again(w);
	texts_start(w);
}

static void people_change(struct world *w)
{
	uint32_t i = (uint32_t)world_draw(w, WORLD_MEMBERS);
	struct event *e;

	if (one_in(w, 2) && w->version + 1 < WORLD_VERSIONS) {
		memcpy(w->article[w->version + 1], w->article[w->version], sizeof(w->article[0]));
		w->version++;
		draw_article(w, (uint32_t)world_draw(w, WORLD_ARTICLES));
		return;
	}
	draw_member(w, i);
	if (!w->member[i].blocked)
		return;
	e = world_event(w, EVENT_ROSTER);
	e->roster.blocked = w->member[i].customer;
	world_step(w);
}

static void rare(struct world *w)
{
	switch (world_draw(w, 8)) {
	case 0:
		clock_news(w);
		return;
	case 1:
	case 2:
		disk_news(w);
		return;
	case 3:
		if (one_in(w, 4))
			restart(w);
		return;
	case 4:
		world_event(w, EVENT_ROWS_LOST)->rows_lost.rows = (uint32_t)world_draw(w, 99);
		world_step(w);
		return;
	default:
		people_change(w);
		return;
	}
}

static void happen(struct world *w)
{
	uint64_t what = world_draw(w, 100);

	if (one_in(w, w->quiet ? 2 : 5)) {
		room_happens(w);
		return;
	}
	if (one_in(w, 4)) {
		texts_happen(w);
		return;
	}
	if (w->quiet && !one_in(w, 10)) {
		move_part(w);
		return;
	}
	if (what < 25) {
		tokens_show(w);
	} else if (what < 50) {
		put_line(w);
	} else if (what < 58) {
		other_call(w);
	} else if (what < 64) {
		scan_goods(w);
	} else if (what < 65) {
		touch_screen(w);
	} else if (what < 85) {
		move_part(w);
	} else if (what < 88) {
		command(w);
	} else if (what < 92) {
		alarm_word(w);
	} else if (what < 94) {
		world_event(w, EVENT_FRAME_REFUSED)->frame_refused.reader =
			(uint8_t)world_draw(w, 20);
		world_step(w);
	} else if (what < 96) {
		tokens_nonce(w);
	} else {
		rare(w);
	}
}

static int64_t draw_pause(struct world *w)
{
	switch (world_draw(w, 8)) {
	case 0:
		return 0;
	case 1:
	case 2:
		return (int64_t)world_draw(w, 60);
	case 3:
	case 4:
	case 5:
		return (int64_t)world_draw(w, 3000);
	case 6:
		return (int64_t)world_draw(w, 20000);
	default:
		return (int64_t)world_draw(w, one_in(w, 40) ? 8000000 : 100000);
	}
}

/* "shop_deadline exact": a step at the deadline gets on, and soon there is no more to do. */
static void keep_deadlines(struct world *w, struct mono until)
{
	uint32_t standing = 0;

	while (shop_deadline(&w->shop).ms <= until.ms) {
		int64_t due_ms = shop_deadline(&w->shop).ms;

		standing = due_ms > w->mono.ms ? 0 : standing + 1;
		if (standing > 100) {
			world_fail(w, "a deadline that does not move on");
			return;
		}
		if (due_ms > w->mono.ms) {
			w->wall_ms += due_ms - w->mono.ms;
			w->mono.ms = due_ms;
		}
		world_event(w, EVENT_TIME);
		world_step(w);
	}
}

void world_go_on(struct world *w)
{
	struct mono until = mono_add(w->mono, draw_pause(w));

	if (!one_in(w, 8)) /* now and then the machine was too busy to come in time */
		keep_deadlines(w, until);
	w->wall_ms += until.ms - w->mono.ms;
	w->mono = until;
	happen(w);
	if (!w->full && w->steps % 64 == 0)
		check_books(w);
}
