/*
 * sim_shop_life.c: one life of the shop: the real core and the real ledger in a process that may
 * die between any two effects. It does for the core what shopd does: looks up what stands in an
 * event, performs effects in their order (now, record, after), and lets no answer about money leave
 * before its ticket is on disk, which is CHECKed for each.
 *
 * The ledger is driven in step: after each flush its report is awaited, so that the same seed
 * writes the same rows in the same transactions.
 */
#include "sim_shop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/thread.h"

enum {
	NOTES_MAX = 4096,
	KNOWN_MAX = 512,
	WAITING_MAX = 64,
	BACKLOG_MAX = 256,
	TEXTS_MAX = 256,
	WAIT_MS = 30000,
	STANDING_MAX = 300,
};

struct note {
	struct visit_id visit;
	struct line line;
};

/** A visit whose lines are all among the notes. */
struct known {
	struct visit_id id;
	bool past_known;
	struct visit past;
};

struct waiting {
	uint64_t ticket;
	struct told told;
};

static struct {
	const struct village *v;
	int fd;
	struct ask ask;
	uint32_t points;
	uint64_t random;
	struct shop shop;
	struct mono last; /* of the newest step */

	struct ledger *ledger;
	uint64_t ticket, committed;
	bool full;
	struct money unbilled[VILLAGE_MEMBERS];
	uint32_t notes, knowns, waitings, backlogs;
	struct note note[NOTES_MAX];
	struct known known[KNOWN_MAX];
	struct waiting waiting[WAITING_MAX];
	struct record backlog[BACKLOG_MAX];
	uint32_t texts; /* asked for, and a road takes them next */
	struct effect_notify text[TEXTS_MAX];
} life;

static void step(const struct event *e);

/* Between two effects: here the process may be killed. */
static void point(void)
{
	if (++life.points != life.ask.die_at)
		return;
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static void tell(struct told *t)
{
	CHECK(send(life.fd, t, sizeof(*t), 0) == (ssize_t)sizeof(*t));
}

/* --- events */

static uint64_t draw(void)
{
	uint64_t x = life.random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static struct event event_of(enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = life.ask.now;
	e.draw = life.ask.draw;
	e.draw.visit_low ^= draw();
	e.draw.alarm_code = 100000 + (uint32_t)(draw() % 900000);
	return e;
}

static struct member member_of(struct customer customer)
{
	for (uint32_t i = 0; i < VILLAGE_MEMBERS; i++) {
		struct member m = life.v->villager[i].member;

		if (!customer_is(m.customer, customer))
			continue;
		m.blocked = life.ask.blocked >> i & 1;
		CHECK(money_sub(m.credit_left, life.unbilled[i], &m.credit_left));
		return m;
	}
	return (struct member){.customer = customer};
}

static void add_to_balance(struct customer customer, struct money amount, bool take_off)
{
	for (uint32_t i = 0; i < VILLAGE_MEMBERS; i++)
		if (customer_is(life.v->villager[i].member.customer, customer))
			CHECK(take_off ? money_sub(life.unbilled[i], amount, &life.unbilled[i])
				       : money_add(life.unbilled[i], amount, &life.unbilled[i]));
}

static void balances_from(const struct recall *r)
{
	memset(life.unbilled, 0, sizeof(life.unbilled));
	for (uint32_t i = 0; i < r->balances; i++)
		add_to_balance(r->balance[i].customer, r->balance[i].unbilled, false);
}

/* --- what is kept of visits in memory */

static struct known *known_of(struct visit_id id)
{
	for (uint32_t i = 0; i < life.knowns; i++)
		if (life.known[i].id.n == id.n)
			return &life.known[i];
	return NULL;
}

static void forget(struct visit_id id)
{
	struct known *k = known_of(id);
	uint32_t left = 0;

	if (k)
		*k = life.known[--life.knowns];
	for (uint32_t i = 0; i < life.notes; i++)
		if (life.note[i].visit.n != id.n)
			life.note[left++] = life.note[i];
	life.notes = left;
}

static struct known *learn(struct visit_id id)
{
	forget(id);
	CHECK(life.knowns < KNOWN_MAX);
	life.known[life.knowns] = (struct known){.id = id};
	return &life.known[life.knowns++];
}

static void note_line(struct visit_id visit, const struct line *line)
{
	CHECK(life.notes < NOTES_MAX);
	life.note[life.notes] = (struct note){visit, *line};
	life.note[life.notes++].line.name = "";
}

static struct note *note_of(struct visit_id visit, const char *key)
{
	for (uint32_t i = 0; i < life.notes; i++)
		if (life.note[i].visit.n == visit.n && strcmp(life.note[i].line.key.text, key) == 0)
			return &life.note[i];
	return NULL;
}

static void remember(const struct entry *e)
{
	if (e->kind == ENTRY_VISIT_OPENED) {
		learn(e->visit_opened.visit);
	} else if (e->kind == ENTRY_LINE) {
		const struct entry_line *l = &e->line;
		struct line line = {.key = l->key,
				    .gtin = l->gtin,
				    .quantity_milli = l->quantity_milli,
				    .unit_price = l->unit_price,
				    .total = l->total,
				    .vat_bp = l->vat_bp,
				    .vat_class = l->vat_class,
				    .deposit = l->deposit,
				    .list_price = l->list_price,
				    .bought = l->bought,
				    .price_version = l->price_version,
				    .customer = l->customer};

		add_to_balance(l->customer, l->total, false);
		if (l->late)
			forget(l->visit); /* its copy has grown old */
		else if (known_of(l->visit))
			note_line(l->visit, &line);
	} else if (e->kind == ENTRY_LINE_VOIDED) {
		struct note *n = note_of(e->line_voided.visit, e->line_voided.key.text);

		add_to_balance(e->line_voided.customer, e->line_voided.total, true);
		if (n)
			n->line.voided = true;
	} else if (e->kind == ENTRY_VISIT_CLOSED) {
		forget(e->visit_closed.visit);
	}
}

/* --- the ledger */

/* What is on disk is answered; the rest is refused. */
static void refuse_waiting(void)
{
	struct told full = {.kind = TOLD_FULL};

	for (uint32_t i = 0; i < life.waitings; i++)
		if (life.waiting[i].ticket <= life.committed)
			tell(&life.waiting[i].told);
	life.waitings = 0;
	tell(&full);
}

static bool next_report(struct report *ret)
{
	struct pollfd fd = {.fd = ledger_fd(life.ledger), .events = POLLIN};

	for (int tries = 0; tries < 3; tries++) {
		if (ledger_report(life.ledger, ret))
			return true;
		CHECK(poll(&fd, 1, WAIT_MS) == 1);
	}
	return false;
}

static void disk_is_full(const struct report *r)
{
	struct event e = event_of(EVENT_LEDGER);

	CHECK(!life.full && r->ticket <= life.ticket);
	life.full = true;
	life.notes = life.knowns = 0;
	refuse_waiting();
	e.ledger.news = LEDGER_FULL;
	step(&e);
}

/* All that was pushed is on disk, or was refused. */
static void write_down(void)
{
	struct report r;

	if (!life.ledger || life.committed == life.ticket)
		return;
	point();
	ledger_flush(life.ledger);
	while (!life.full && life.committed < life.ticket) {
		CHECK(next_report(&r));
		CHECK(r.kind == REPORT_COMMITTED || r.kind == REPORT_FULL);
		if (r.kind == REPORT_FULL) {
			disk_is_full(&r);
		} else {
			CHECK(r.ticket <= life.ticket && r.ticket > life.committed);
			life.committed = r.ticket;
		}
	}
	point();
}

static void answers_leave(void)
{
	for (uint32_t i = 0; i < life.waitings; i++) {
		point();
		/* "Money: record, then reply" */
		CHECK(life.waiting[i].ticket <= life.committed);
		tell(&life.waiting[i].told);
	}
	life.waitings = 0;
}

static void settle(void)
{
	write_down();
	if (life.full || !life.ledger) {
		/* who still waits would wait for the disk to be well: told to come again */
		if (life.waitings > 0)
			refuse_waiting();
		return;
	}
	answers_leave();
}

static void keep(const struct record *r)
{
	point();
	if (!life.ledger) {
		CHECK(r->fact);
		CHECK(life.backlogs < BACKLOG_MAX);
		life.backlog[life.backlogs++] = *r;
		return;
	}
	CHECK(r->fact || !life.full);
	remember(&r->entry);
	CHECK(ledger_push(life.ledger, r, life.ticket));
}

static void well(const struct recall *recall, uint32_t lost)
{
	struct event e;

	life.full = false;
	life.notes = life.knowns = 0;
	balances_from(recall);
	e = event_of(EVENT_LEDGER);
	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered = recall->remembered;
	step(&e);
	if (lost > 0) {
		e = event_of(EVENT_ROWS_LOST);
		e.rows_lost.rows = lost;
		step(&e);
	}
	settle();
}

/* --- a step and its effects */

static void perform_now(const struct effect *e)
{
	struct told t = {.kind = TOLD_EFFECT, .tag = life.ask.tag, .effect = *e};

	point();
	tell(&t);
	if (e->kind != EFFECT_NOTIFY)
		return;
	CHECK(life.texts < TEXTS_MAX);
	life.text[life.texts++] = e->notify;
}

static void queue(const struct effect *e)
{
	struct waiting *w = &life.waiting[life.waitings];

	CHECK(life.waitings < WAITING_MAX);
	life.waitings++;
	*w = (struct waiting){.ticket = life.ticket,
			      .told = {.kind = TOLD_EFFECT,
				       .tag = life.ask.tag,
				       .effect = *e,
				       .bearer = life.ask.draw.bearer_hash}};
}

static void step(const struct event *e)
{
	struct effects effects;

	shop_step(&life.shop, e, &effects);
	life.last = e->now.mono;
	for (uint32_t i = 0; i < effects.nows; i++)
		perform_now(&effects.now[i]);
	if (effects.records > 0 && life.ledger)
		life.ticket++;
	for (uint32_t i = 0; i < effects.records; i++)
		keep(&effects.record[i]);
	for (uint32_t i = 0; i < effects.afters; i++)
		queue(&effects.after[i]);
}

/* Every deadline before this ask, at its own time. */
static void time_passes(void)
{
	const struct now now = life.ask.now;
	uint32_t standing = 0;

	while (shop_deadline(&life.shop).ms <= now.mono.ms) {
		struct mono due = shop_deadline(&life.shop);
		struct event e = event_of(EVENT_TIME);

		standing = due.ms > life.last.ms ? 0 : standing + 1;
		CHECK(standing < STANDING_MAX);
		e.now.mono = due.ms > life.last.ms ? due : life.last;
		e.now.wall.ms -= now.mono.ms - e.now.mono.ms;
		step(&e);
		write_down();
	}
}

/* --- filling in events */

static void load(struct visit_id id)
{
	struct known *k;
	struct report r;

	settle();
	CHECK(ledger_ask_visit(life.ledger, id));
	CHECK(next_report(&r) && r.kind == REPORT_VISIT && r.visit.n == id.n);
	k = learn(id);
	if (r.book->known) {
		k->past_known = r.book->visit.over;
		k->past = r.book->visit;
		for (uint32_t i = 0; i < r.book->lines; i++)
			note_line(id, &r.book->line[i]);
	}
	free(r.book);
}

static void fill_call(struct visit_call *c, const char *key)
{
	const struct visit *open = shop_visit(&life.shop, life.ask.visit), *visit;
	struct known *k = known_of(life.ask.visit);
	const struct note *n;

	if (life.ledger && (!k || (!open && !k->past_known))) {
		load(life.ask.visit);
		open = shop_visit(&life.shop, life.ask.visit); /* the disk may have filled up */
		k = known_of(life.ask.visit);
	}
	c->request = (struct request){1, life.ask.tag};
	c->visit = life.ask.visit;
	c->bearer = life.ask.bearer;
	c->past_known = !open && k && k->past_known;
	c->past = c->past_known ? &k->past : NULL;
	n = key ? note_of(c->visit, key) : NULL;
	c->earlier_known = n != NULL;
	if (n)
		c->earlier = n->line;
	visit = open ? open : c->past;
	for (uint32_t i = 0; visit && i < visit->bearers; i++)
		if (memcmp(&visit->bearer[i].hash, &c->bearer, sizeof(c->bearer)) == 0)
			c->member = member_of(visit->bearer[i].customer);
}

static void fill_article(uint32_t list, struct article *then, struct article *now)
{
	*then = life.v->article[list][life.ask.article];
	*now = life.v->article[life.ask.list][life.ask.article];
}

static uint32_t list_of(struct visit_id id)
{
	const struct visit *open = shop_visit(&life.shop, id);
	const struct known *k = known_of(id);

	if (open)
		return open->price_version;
	return k && k->past_known ? k->past.price_version : life.ask.list;
}

static void fill_token(struct event_token *e)
{
	e->reader = life.ask.reader;
	e->request = (struct request){life.ask.reader % 2, life.ask.tag};
	e->token = life.ask.token;
	e->price_version = life.ask.list;
	memcpy(e->join_code, life.ask.join_code, sizeof(e->join_code));
	if (e->token.member_known)
		e->token.member = member_of(e->token.member.customer);
}

static void fill_line(struct event *e)
{
	if (e->kind == EVENT_LINE_VOID) {
		e->line_void.key = life.ask.key;
		fill_call(&e->line_void.call, life.ask.key.text);
		return;
	}
	fill_call(&e->line_put.call, life.ask.key.text);
	e->line_put.key = life.ask.key;
	e->line_put.goods.gtin = life.v->article[0][life.ask.article].gtin;
	e->line_put.quantity_milli = life.ask.quantity_milli;
	e->line_put.scanned_at = life.ask.scanned_at;
	e->line_put.bought = e->now.day;
	e->line_put.price_version = life.ask.list;
	fill_article(list_of(life.ask.visit), &e->line_put.then, &e->line_put.now);
}

static void fill_goods(struct event_goods *g)
{
	const struct visit *at_till = shop_till_visit(&life.shop, READER_TILL);
	struct customer customer;

	g->reader = READER_TILL;
	g->goods.gtin = life.v->article[0][life.ask.article].gtin;
	g->price_version = life.ask.list;
	fill_article(at_till ? at_till->price_version : life.ask.list, &g->then, &g->now);
	if (shop_till_customer(&life.shop, READER_TILL, &customer))
		g->member = member_of(customer);
}

static void fill_rest(struct event *e)
{
	const struct ask *a = &life.ask;

	if (e->kind == EVENT_PART)
		e->part = (struct event_part){a->door, a->part, a->level, false};
	else if (e->kind == EVENT_COMMAND)
		e->command = (struct event_command){{1, a->tag}, a->door, a->command, a->hold_ms};
	else if (e->kind == EVENT_NONCE) {
		e->nonce.door = a->door;
		memcpy(e->nonce.nonce, a->nonce, NONCE_SIZE);
	} else if (e->kind == EVENT_ALARM_ACK) {
		e->alarm_ack.request = (struct request){1, a->tag};
		e->alarm_ack.code = a->alarm_code;
		memcpy(e->alarm_ack.by, "owner", 6);
	} else if (e->kind == EVENT_REPLY) {
		e->reply.code = a->alarm_code;
		memcpy(e->reply.contact, "owner", 6);
	} else if (e->kind == EVENT_SENSOR)
		e->sensor = (struct event_sensor){.sensor = a->sensor, .value = a->value};
	else if (e->kind == EVENT_ROSTER)
		e->roster.blocked = a->customer;
	else if (e->kind == EVENT_CLOCK)
		e->clock.before = a->before;
}

/* Without room for its row nothing is asked of the core: come again. */
static bool must_wait(void)
{
	const enum event_kind kind = life.ask.kind;

	return (kind == EVENT_LINE_PUT || kind == EVENT_LINE_VOID || kind == EVENT_VISIT_CLOSE ||
		kind == EVENT_VISIT_INVITE) &&
	       (!life.ledger || !ledger_room(life.ledger, false));
}

/* courierd, which lives a little longer than this shop: a road takes each text. */
static void texts_leave(struct mono at)
{
	for (uint32_t i = 0; i < life.texts; i++) {
		struct event e = event_of(EVENT_NOTIFIED);

		e.now.mono = at;
		e.notified.alarm = life.text[i].alarm;
		e.notified.kind = life.text[i].kind;
		e.notified.outcome = TEXT_LEFT;
		e.notified.texts = 1 + life.text[i].again;
		memcpy(e.notified.contact, life.text[i].contact, sizeof(e.notified.contact));
		step(&e);
	}
	life.texts = 0;
}

static void name_contacts(void)
{
	struct event e = event_of(EVENT_CONTACTS);

	e.contacts.contacts = 2;
	e.contacts.roads = 3;
	e.contacts.contact[0] = (struct contact){.name = "owner", .step = 1};
	e.contacts.contact[1] =
		(struct contact){.name = "neighbour", .role = CONTACT_NEIGHBOUR, .step = 2};
	step(&e);
}

static void do_ask(void)
{
	struct event e;

	if (life.ask.forget)
		life.notes = life.knowns = 0;
	time_passes();
	e = event_of(life.ask.kind);
	if (e.kind == EVENT_TIME || must_wait()) {
		settle();
		return;
	}
	if (e.kind == EVENT_DOOR_TOKEN || e.kind == EVENT_TILL_TOKEN)
		fill_token(&e.token);
	else if (e.kind == EVENT_LINE_PUT || e.kind == EVENT_LINE_VOID)
		fill_line(&e);
	else if (e.kind == EVENT_VISIT_CLOSE)
		fill_call(&e.visit_close.call, NULL);
	else if (e.kind == EVENT_VISIT_INVITE)
		fill_call(&e.visit_invite.call, NULL);
	else if (e.kind == EVENT_GOODS)
		fill_goods(&e.goods);
	else
		fill_rest(&e);
	if (e.kind == EVENT_STOP)
		settle(); /* what follows the stop itself nobody waits for */
	step(&e);
	if (e.kind == EVENT_STOP)
		return;
	texts_leave(e.now.mono);
	if (!life.ask.hold)
		settle();
}

/* --- from start to end */

static bool open_ledger(struct recall **ret)
{
	const struct ledger_tuning tuning = {.retry_ms = 1};
	char why[WHY_MAX] = "";
	int r = ledger_open_tuned(life.v->dir, life.ask.now.wall, tuning, &life.ledger, ret, why);

	if (r == 0)
		return true;
	life.ledger = NULL;
	if (r != -ENOSPC) {
		fprintf(stderr, "seed %llu: the ledger does not open: %s\n",
			(unsigned long long)life.v->seed, why);
		abort();
	}
	return false;
}

static void start(void)
{
	struct event e = event_of(EVENT_START);
	struct told t = {.kind = TOLD_STARTED};
	struct recall *recall = NULL;

	t.ledger = open_ledger(&recall);
	if (recall) {
		t.clean = recall->remembered.clean;
		t.clock_floor = recall->clock_floor;
		balances_from(recall);
		e.start.remembered = recall->remembered;
	}
	tell(&t);
	shop_init(&life.shop, &life.v->config);
	life.last = life.ask.now.mono;
	step(&e);
	name_contacts();
	settle();
	ledger_recall_free(recall);
}

/* There is room again: what was kept is written, or the ledger opens at last. */
static void become_well(void)
{
	struct recall *recall;
	struct report r;

	disk_empty();
	if (life.ledger && life.full) {
		CHECK(next_report(&r) && r.kind == REPORT_WELL);
		CHECK(r.ticket <= life.ticket);
		life.committed = r.ticket;
		well(r.recall, r.rows_lost);
		ledger_recall_free(r.recall);
	} else if (!life.ledger) {
		CHECK(open_ledger(&recall));
		life.ticket++;
		for (uint32_t i = 0; i < life.backlogs; i++)
			CHECK(ledger_push(life.ledger, &life.backlog[i], life.ticket));
		life.backlogs = 0;
		well(recall, 0);
		ledger_recall_free(recall);
	}
}

static void set_faults(void)
{
	life.points = 0;
	if (life.ask.sync_fails)
		disk_sync_fails();
	if (life.ask.die_at_call > 0)
		disk_die_at(life.ask.die_at_call);
	if (life.ask.disk_full)
		disk_fill(life.ask.disk_room);
}

_Noreturn void life_run(const struct village *v, int fd)
{
	struct told done = {.kind = TOLD_DONE};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memset(&life, 0, sizeof(life));
	life.v = v;
	life.fd = fd;
	disk_on();
	while (recv(fd, &life.ask, sizeof(life.ask), 0) == (ssize_t)sizeof(life.ask)) {
		life.random = life.ask.draw.visit_low;
		set_faults();
		if (life.ask.kind == EVENT_START) {
			start();
		} else {
			if (life.ask.disk_well)
				become_well();
			do_ask();
		}
		done.tag = life.ask.tag;
		if (life.ask.kind == EVENT_STOP) {
			if (life.ledger)
				ledger_stop(life.ledger);
			tell(&done);
			_exit(0);
		}
		tell(&done);
	}
	_exit(1);
}
