/*
 * sim_shop_village.c: the people of the village, drawn from the seed: who comes, scans, repeats,
 * takes back, leaves; and who tries an old token again.
 */
#include "sim_shop.h"

#include <stdio.h>

#define FIRST_MS 1795392000000LL /* 2026-11-23T00:00:00Z */
#define HOUR_MS	 3600000LL

uint64_t village_draw(struct village *v, uint64_t below)
{
	uint64_t x = v->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	x ^= x >> 31;
	return below ? x % below : x;
}

static bool one_in(struct village *v, uint64_t n)
{
	return village_draw(v, n) == 0;
}

static void draw_bytes(struct village *v, void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)village_draw(v, 256);
}

/* --- what there is */

static void make_people(struct village *v)
{
	for (uint32_t i = 0; i < VILLAGE_MEMBERS; i++) {
		struct villager *p = &v->villager[i];

		draw_bytes(v, &p->member.customer, sizeof(p->member.customer));
		draw_bytes(v, &p->kid, sizeof(p->kid));
		p->member.role = i == 0 ? ROLE_OWNER : i == 1 ? ROLE_STAFF : ROLE_MEMBER;
		p->member.extended = one_in(v, 5);
		p->member.overdue = one_in(v, 12);
		p->member.limited = i > 1 && one_in(v, 3);
		p->member.credit_left =
			money_of(p->member.limited ? 5000 + (int64_t)village_draw(v, 40000) : 0);
	}
	for (uint32_t i = 0; i < VILLAGE_PHONES; i++)
		v->phone[i].member = i % VILLAGE_MEMBERS;
}

static void make_article(struct village *v, struct article *a, uint32_t number)
{
	a->known = !one_in(v, 30);
	a->gtin.n = 7310000000000 + number;
	a->price = money_of((int64_t)village_draw(v, 9000));
	a->deposit = money_of(number % 3 == 0 ? 100 : 0);
	a->vat_bp = one_in(v, 4) ? 2500 : 600;
	a->vat_class = a->vat_bp == 600 ? VAT_FOOD : VAT_STANDARD;
	a->class = one_in(v, 25) ? CLASS_ALCOHOL : CLASS_GROCERY;
	a->state = one_in(v, 40) ? ARTICLE_RECALLED : ARTICLE_SOLD;
	a->name = "Filmj\303\266lk 1 l";
}

/* Each list changes some prices, and now and then what an article is. */
static void make_lists(struct village *v)
{
	for (uint32_t i = 0; i < VILLAGE_ARTICLES; i++)
		make_article(v, &v->article[0][i], i);
	for (uint32_t list = 1; list < VILLAGE_LISTS; list++) {
		memcpy(v->article[list], v->article[list - 1], sizeof(v->article[0]));
		for (uint32_t i = 0; i < VILLAGE_ARTICLES; i++) {
			if (one_in(v, 20))
				make_article(v, &v->article[list][i], i);
			else if (one_in(v, 3))
				v->article[list][i].price =
					money_of((int64_t)village_draw(v, 9000));
		}
	}
}

void village_make(struct village *v, uint64_t seed)
{
	static const char *const doors[VILLAGE_DOORS] = {"front", "yard"};
	struct shop_config *c = &v->config;

	memset(v, 0, sizeof(*v));
	v->seed = v->random = seed;
	v->trace = 14695981039346656037ULL;
	v->fd = -1;
	v->real_ms = FIRST_MS;
	v->mono_ms = 10000;
	make_people(v);
	make_lists(v);
	c->shop = (struct place){"viken"};
	c->doors = VILLAGE_DOORS;
	c->readers = READER_PHONES + 1;
	for (uint32_t i = 0; i < VILLAGE_DOORS; i++) {
		c->door[i] = door_config_default();
		snprintf(c->door[i].place.name, sizeof(c->door[i].place.name), "%s", doors[i]);
		c->reader[2 * i] =
			(struct reader_config){ROAD_SCANNER, false, (uint8_t)i, c->door[i].place};
		c->reader[2 * i + 1] =
			(struct reader_config){ROAD_PHONE, false, (uint8_t)i, c->door[i].place};
	}
	c->reader[READER_TILL] = (struct reader_config){ROAD_SCANNER, true, 0, {"till"}};
	c->reader[READER_PHONES] = (struct reader_config){ROAD_PHONE, true, 0, {"till"}};
	c->sensors = VILLAGE_SENSORS;
	c->sensor[0] = (struct sensor_config){{"milk"}, SENSOR_FRIDGE, 8000, SENSOR_NO_BOUND,
					      500,	60000,	       0,    600000};
	c->sensor[1] = (struct sensor_config){.place = {"cellar"}, .kind = SENSOR_WATER};
	c->ladder = ladder_config_default();
	c->barred_classes = 1 << CLASS_ALCOHOL;
	c->occupancy_max = one_in(v, 4) ? 6 : 0;
	for (uint32_t i = 0; i < 7; i++)
		c->hours[i] = (struct hours){0, 1440};
}

/* --- questions */

/* Trusted as contracts 1 say: synchronised, and neither below the floor nor far above it. */
static bool trust(struct village *v, int64_t wall_ms)
{
	if (v->vouched ||
	    (v->synchronised && (v->floor_ms == 0 || (wall_ms >= v->floor_ms &&
						      wall_ms - v->floor_ms <= 90 * 24 * HOUR_MS))))
		v->trusted = true;
	if (v->trusted && wall_ms > v->floor_ms)
		v->floor_ms = wall_ms;
	if (v->floor_ms > v->floor_max_ms)
		v->floor_max_ms = v->floor_ms;
	return v->trusted;
}

struct now village_now(struct village *v)
{
	int64_t wall_ms = v->real_ms + v->offset_ms;

	return (struct now){.mono = {v->mono_ms},
			    .wall = {wall_ms},
			    .wall_trusted = trust(v, wall_ms),
			    .minute_of_week = (uint16_t)(wall_ms / 60000 % 10080),
			    .day = {(int32_t)(wall_ms / 86400000)}};
}

struct ask village_ask(struct village *v, enum event_kind kind)
{
	struct ask a = v->fault;

	v->fault = (struct ask){0};
	a.kind = kind;
	a.tag = ++v->tags;
	a.now = village_now(v);
	a.list = v->list;
	a.blocked = v->blocked;
	a.draw.visit_low = village_draw(v, 0);
	draw_bytes(v, &a.draw.bearer_hash, sizeof(a.draw.bearer_hash));
	snprintf(a.draw.line_key, sizeof(a.draw.line_key), "till-%u", a.tag);
	snprintf(a.draw.join_code, sizeof(a.draw.join_code), "J%07u", a.tag % 10000000);
	a.forget = one_in(v, 30);
	return a;
}

struct pending village_question(struct village *v, enum event_kind kind)
{
	struct ask a = village_ask(v, kind);

	return (struct pending){.tag = a.tag,
				.ask = a,
				.phone = UINT32_MAX,
				.token = UINT32_MAX,
				.wish = UINT32_MAX,
				.lost = one_in(v, 8)};
}

/* Several phones at once: what they ask goes into one commit. The last of them waits. */
static void ask(struct village *v, struct pending *p)
{
	p->ask.hold = p->ask.hold ||
		      (v->pendings + 2 < VILLAGE_PENDING && !p->ask.disk_well && one_in(v, 4));
	village_send(v, p);
}

/* --- tokens */

static void sign(struct village *v, struct village_token *t, uint32_t member, uint8_t reader)
{
	struct claims *c = &t->token.claims;
	const char *purpose = reader >= READER_TILL ? "till" : v->config.reader[reader].place.name;

	memset(t, 0, sizeof(*t));
	t->member = member;
	t->reader = reader;
	t->token.proof = PROOF_GOOD;
	t->token.kid = v->villager[member].kid;
	t->token.member_known = true;
	t->token.member = v->villager[member].member;
	snprintf(c->audience, sizeof(c->audience), "%s/%s", v->config.shop.name, purpose);
	c->iat_s = v->real_ms / 1000;
	c->exp_s = c->iat_s + 60 + (int64_t)village_draw(v, 61);
	c->cti_len = (uint8_t)(8 + village_draw(v, 9));
	draw_bytes(v, c->cti, c->cti_len);
	draw_bytes(v, &t->token.bytes, sizeof(t->token.bytes));
	if (reader < READER_TILL && v->nonce_known[reader / 2] && one_in(v, 4)) {
		c->has_nonce = true;
		memcpy(c->nonce, v->nonce[reader / 2], NONCE_SIZE);
	}
}

static void show(struct village *v, uint32_t token, uint32_t phone)
{
	const struct village_token *t = &v->token[token];
	bool till = t->reader >= READER_TILL;
	struct pending p = village_question(v, till ? EVENT_TILL_TOKEN : EVENT_DOOR_TOKEN);

	p.token = token;
	p.phone = phone;
	p.ask.reader = t->reader;
	p.ask.token = t->token;
	if (phone != UINT32_MAX && v->join_code[0] && one_in(v, 3))
		memcpy(p.ask.join_code, v->join_code, sizeof(p.ask.join_code));
	ask(v, &p);
}

static void show_fresh(struct village *v, uint8_t reader)
{
	uint32_t token = v->tokens;
	uint32_t phone = (uint32_t)village_draw(v, VILLAGE_PHONES);

	if (token == VILLAGE_TOKENS)
		return;
	v->tokens++;
	sign(v, &v->token[token], v->phone[phone].member, reader);
	show(v, token, reader == READER_PHONES ? phone : UINT32_MAX);
}

/* Whoever photographed a code, or an impatient phone: mostly one of the last. */
static void show_again(struct village *v)
{
	uint32_t back = v->tokens > 12 && !one_in(v, 4) ? 12 : v->tokens;

	if (v->tokens == 0)
		return;
	v->replays++;
	show(v, v->tokens - 1 - (uint32_t)village_draw(v, back), UINT32_MAX);
}

void village_tries_again(struct village *v)
{
	for (uint32_t i = 0; i < 3 && i < v->tokens && v->fd >= 0; i++)
		show(v, v->tokens - 1 - i, UINT32_MAX);
}

/* --- lines */

static void put(struct village *v, uint32_t wish, bool other)
{
	struct pending p = village_question(v, EVENT_LINE_PUT);
	struct wish *w = &v->wish[wish];
	const struct village_visit *visit = village_visit(v, w->visit);
	int64_t price = visit ? village_price(v, w->article, visit->list) : -1;

	p.wish = wish;
	p.other = other;
	p.ask.visit = w->visit;
	p.ask.bearer = w->bearer;
	p.ask.key = w->key;
	p.ask.article = w->article;
	p.ask.quantity_milli = w->quantity_milli;
	p.ask.scanned_at.ms = one_in(v, 2) ? v->real_ms : 0;
	if (other && one_in(v, 2))
		p.ask.article = (w->article + 1) % VILLAGE_ARTICLES;
	else if (other)
		p.ask.quantity_milli = w->quantity_milli % 5000 + 1000;
	for (uint32_t i = 0; i < w->prices; i++)
		if (w->price[i] == price)
			price = -1;
	if (!other && price >= 0 && w->prices < ARRAY_LEN(w->price))
		w->price[w->prices++] = price;
	ask(v, &p);
}

static void put_new(struct village *v)
{
	uint32_t wish = v->wishes;
	struct wish *w = &v->wish[wish];
	const struct phone *phone = &v->phone[village_draw(v, VILLAGE_PHONES)];

	for (int tries = 0; tries < 20 && !phone->has_visit; tries++)
		phone = &v->phone[village_draw(v, VILLAGE_PHONES)];
	if (!phone->has_visit || wish == VILLAGE_WISHES)
		return;
	*w = (struct wish){.visit = phone->visit,
			   .bearer = phone->bearer,
			   .member = phone->member,
			   .article = (uint32_t)village_draw(v, VILLAGE_ARTICLES),
			   .quantity_milli =
				   one_in(v, 3) ? 1 + (int32_t)village_draw(v, 4000) : 1000};
	snprintf(w->key.text, sizeof(w->key.text), "%s-%u", one_in(v, 2) ? "k" : "a_line", wish);
	v->wishes++;
	put(v, wish, false);
}

static uint32_t some_wish(struct village *v)
{
	uint32_t back = v->wishes > 20 && !one_in(v, 4) ? 20 : v->wishes;

	for (int tries = 0; tries < 10 && v->wishes > 0; tries++) {
		uint32_t wish = v->wishes - 1 - (uint32_t)village_draw(v, back);

		if (!v->wish[wish].at_till)
			return wish;
	}
	return UINT32_MAX;
}

static void put_again(struct village *v, bool other)
{
	uint32_t wish = some_wish(v);

	/* with other content only where it is known what the answer must be */
	if (wish == UINT32_MAX || (other && !v->wish[wish].confirmed))
		return;
	put(v, wish, other);
}

static void take_back(struct village *v)
{
	uint32_t wish = some_wish(v);
	struct pending p;

	if (wish == UINT32_MAX)
		return;
	p = village_question(v, EVENT_LINE_VOID);
	p.wish = wish;
	p.ask.visit = v->wish[wish].visit;
	p.ask.bearer = v->wish[wish].bearer;
	p.ask.key = v->wish[wish].key;
	v->wish[wish].void_sent = true;
	ask(v, &p);
}

static void scan_at_till(struct village *v)
{
	struct wish *w = &v->wish[v->wishes];
	struct pending p;

	if (v->wishes == VILLAGE_WISHES)
		return;
	p = village_question(v, EVENT_GOODS);
	*w = (struct wish){.visit = v->till_visit,
			   .member = v->till_member,
			   .article = (uint32_t)village_draw(v, VILLAGE_ARTICLES),
			   .quantity_milli = 1000,
			   .at_till = true};
	memcpy(w->key.text, p.ask.draw.line_key, sizeof(w->key.text));
	p.ask.article = w->article;
	p.wish = v->wishes++;
	if (village_visit(v, w->visit)) {
		w->price[0] = village_price(v, w->article, village_visit(v, w->visit)->list);
		w->prices = 1;
	}
	ask(v, &p);
}

static void about_visit(struct village *v, enum event_kind kind)
{
	uint32_t phone = (uint32_t)village_draw(v, VILLAGE_PHONES);
	struct pending p;

	if (!v->phone[phone].has_visit)
		return;
	p = village_question(v, kind);
	p.phone = phone;
	p.ask.visit = v->phone[phone].visit;
	p.ask.bearer = v->phone[phone].bearer;
	ask(v, &p);
}

/* --- the rest of the world */

static void move_door(struct village *v)
{
	struct pending p = village_question(v, EVENT_PART);
	uint8_t door = (uint8_t)village_draw(v, VILLAGE_DOORS);

	p.ask.door = door;
	p.ask.part = one_in(v, 3) ? PART_REX : PART_CONTACT;
	p.ask.level = one_in(v, 2);
	if (p.ask.part == PART_CONTACT)
		p.ask.level = v->contact[door] = !v->contact[door];
	ask(v, &p);
	if (one_in(v, 5)) /* left open, or at rest */
		v->mono_ms += 9000, v->real_ms += 9000;
}

static void command(struct village *v)
{
	struct pending p = village_question(v, EVENT_COMMAND);

	p.ask.door = (uint8_t)village_draw(v, VILLAGE_DOORS);
	p.ask.command = (enum command)village_draw(v, COMMANDS);
	p.ask.hold_ms = 1000 + (int64_t)village_draw(v, 60000);
	if (v->lockdown[p.ask.door] != LOCKDOWN_NO)
		p.ask.command = one_in(v, 2) ? COMMAND_LOCK : p.ask.command;
	if (p.ask.command == COMMAND_LOCK || p.ask.command == COMMAND_LOCKDOWN)
		v->lockdown[p.ask.door] = LOCKDOWN_MAYBE;
	village_send(v, &p);
}

static void clock_moves(struct village *v)
{
	int64_t before_ms = v->real_ms + v->offset_ms;
	struct pending p;

	v->vouched = v->trusted = false;
	if (v->offset_ms != 0 || one_in(v, 3)) {
		v->offset_ms = 0;
		v->synchronised = true;
	} else {
		v->offset_ms = (int64_t)village_draw(v, 4 * HOUR_MS) - 2 * HOUR_MS;
	}
	if (one_in(v, 2)) { /* somebody vouches for it */
		v->vouched = true;
		v->floor_ms = v->real_ms + v->offset_ms;
	}
	p = village_question(v, EVENT_CLOCK);
	p.ask.before.ms = before_ms;
	village_send(v, &p);
}

static void block_somebody(struct village *v)
{
	uint32_t member = (uint32_t)village_draw(v, VILLAGE_MEMBERS);
	struct pending p;

	v->blocked = one_in(v, 2) ? v->blocked & ~(1U << member) : v->blocked | 1U << member;
	if (!(v->blocked >> member & 1))
		return;
	p = village_question(v, EVENT_ROSTER);
	p.ask.customer = v->villager[member].member.customer;
	village_send(v, &p);
}

static void show_nonce(struct village *v)
{
	struct pending p = village_question(v, EVENT_NONCE);

	p.ask.door = (uint8_t)village_draw(v, VILLAGE_DOORS);
	draw_bytes(v, p.ask.nonce, NONCE_SIZE);
	memcpy(v->nonce[p.ask.door], p.ask.nonce, NONCE_SIZE);
	v->nonce_known[p.ask.door] = true;
	village_send(v, &p);
}

static void acknowledge(struct village *v)
{
	struct pending p = village_question(v, one_in(v, 2) ? EVENT_REPLY : EVENT_ALARM_ACK);

	p.ask.alarm_code = v->alarm_code;
	village_send(v, &p);
}

static void sensor_speaks(struct village *v)
{
	struct pending p = village_question(v, EVENT_SENSOR);

	p.ask.sensor = (uint8_t)village_draw(v, VILLAGE_SENSORS);
	p.ask.value = p.ask.sensor == 0 ? 7000 + (int64_t)village_draw(v, 2000)
					: (int64_t)village_draw(v, 2);
	ask(v, &p);
}

static void disk_changes(struct village *v)
{
	struct pending p;

	if (v->full || !v->ledger) {
		v->fault.disk_well = true;
	} else if (one_in(v, 3)) {
		v->fault.disk_full = true;
		v->fault.disk_room = (uint32_t)village_draw(v, 60000);
		return; /* it fills up under somebody's question */
	} else {
		return;
	}
	p = village_question(v, EVENT_TIME);
	v->full = false;
	v->ledger = true;
	village_send(v, &p);
}

static void time_passes(struct village *v)
{
	int64_t ms = (int64_t)village_draw(v, 2500);

	if (one_in(v, 25))
		ms = (int64_t)village_draw(v, 100000);
	if (one_in(v, 300))
		ms = 2 * HOUR_MS + (int64_t)village_draw(v, HOUR_MS);
	if (one_in(v, 2000))
		ms = 8 * 24 * HOUR_MS;
	v->mono_ms += ms;
	v->real_ms += ms;
}

void village_goes_on(struct village *v)
{
	uint64_t what = village_draw(v, 100);

	time_passes(v);
	if (one_in(v, 40) && v->list + 1 < VILLAGE_LISTS)
		v->list++;
	if ((v->full || !v->ledger) && what < 15)
		what = 99;
	if (what < 12)
		show_fresh(v, (uint8_t)village_draw(v, READER_TILL));
	else if (what < 20)
		show_fresh(v, READER_PHONES);
	else if (what < 23)
		show_fresh(v, READER_TILL);
	else if (what < 30)
		show_again(v);
	else if (what < 52)
		put_new(v);
	else if (what < 64)
		put_again(v, false);
	else if (what < 67)
		put_again(v, true);
	else if (what < 74)
		take_back(v);
	else if (what < 79)
		scan_at_till(v);
	else if (what < 82)
		about_visit(v, EVENT_VISIT_CLOSE);
	else if (what < 84)
		about_visit(v, EVENT_VISIT_INVITE);
	else if (what < 88)
		move_door(v);
	else if (what < 90)
		sensor_speaks(v);
	else if (what < 91)
		command(v);
	else if (what < 93)
		clock_moves(v);
	else if (what < 95)
		block_somebody(v);
	else if (what < 97)
		show_nonce(v);
	else if (what < 98)
		acknowledge(v);
	else
		disk_changes(v);
}
