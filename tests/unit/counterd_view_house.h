/*
 * counterd_view_house.h: what the owner's page looks at, played for counterd_house.h: the timeline,
 * sales, and shopd's word on how things stand. What is asked of VISIT_LARGE, or after alarm
 * LARGE_CURSOR, is as large as it can be; of VISIT_UNREADABLE, after BAD_CURSOR, or of the year
 * 1970, nothing can be read.
 */
#ifndef TESTS_UNIT_COUNTERD_VIEW_HOUSE_H
#define TESTS_UNIT_COUNTERD_VIEW_HOUSE_H

#include "ledger/read_order.h"
#include "ledger/read_sales.h"
#include "ledger/read_timeline.h"
#include "ledger/read_view.h"

#define LARGE_CURSOR 9
#define BAD_CURSOR   7
#define SEEN_AT	     1764000000000
#define STEPS_LARGE  200

static bool view_large; /* set before the house is: all that shopd says is */

/* --- the ledger --- */

int reader_baskets(struct reader *r, struct basket_row *ret, uint32_t max)
{
	(void)r;
	assert_true(max >= VISITS_OPEN_MAX);
	ret[0] = (struct basket_row){{VISIT_KNOWN}, 3, money_of(4250)};
	return 1;
}

int reader_role(struct reader *r, struct customer customer, enum role *ret)
{
	(void)r;
	*ret = ROLE_STAFF;
	return customer.byte[0] != 0;
}

static inline struct sight_visit play_sight_visit(uint64_t id, bool large)
{
	struct sight_visit v = {.id = {id},
				.place.name = "front",
				.opened_at = {SEEN_AT},
				.lines = large ? UINT32_MAX : 2,
				.total = money_of(large ? INT64_MIN : 2500)};

	memset(v.customer.byte, large ? 0xcc : 0, sizeof(v.customer.byte));
	if (!large)
		return v;
	memcpy(v.place.name, LONGEST_NAME, sizeof(LONGEST_NAME));
	v.closed_at = v.opened_at;
	v.invoice = number_of(2026, 999999);
	v.checked = true;
	v.check = CHECK_PASSED;
	return v;
}

static inline struct sight_alarm play_sight_alarm(uint64_t id, uint64_t visit)
{
	struct sight_alarm a = {.id = {id},
				.condition = CONDITION_SENSOR_FAILING,
				.severity = SEVERITY_EMERGENCY,
				.state = ALARM_ACKNOWLEDGED,
				.raised_at = {SEEN_AT},
				.changed_at = {SEEN_AT},
				.visit = {visit}};

	memcpy(a.place.name, LONGEST_NAME, sizeof(LONGEST_NAME));
	memset(a.by, 'b', NAME_MAX_LEN);
	return a;
}

int reader_sights(struct reader *r, struct sight_cursor before, uint32_t max, struct sights *ret)
{
	bool large = before.alarm.n == LARGE_CURSOR;

	(void)r;
	if (before.alarm.n == BAD_CURSOR)
		return -EAGAIN;
	ret->rows = large ? max : 2;
	ret->alarms = large ? SIGHT_ALARMS_MAX : 1;
	ret->more = true;
	ret->next = (struct sight_cursor){{VISIT_KNOWN}, {INT64_MAX}};
	for (uint32_t i = 0; i < ret->rows; i++) {
		ret->row[i].is_alarm = i % 2;
		if (ret->row[i].is_alarm)
			ret->row[i].alarm = play_sight_alarm(INT64_MAX, 0);
		else
			ret->row[i].visit = play_sight_visit(VISIT_KNOWN + i, large);
	}
	for (uint32_t i = 0; i < ret->alarms; i++)
		ret->alarm[i] = play_sight_alarm(INT64_MAX, VISIT_KNOWN);
	return 0;
}

static inline void play_sight_line(struct sight_line *l)
{
	*l = (struct sight_line){.seq = 42,
				 .gtin = {73101079},
				 .quantity_milli = QUANTITY_MAX_MILLI,
				 .unit_price = money_of(INT64_MIN),
				 .deposit = money_of(INT64_MIN),
				 .total = money_of(INT64_MIN),
				 .vat_bp = 10000,
				 .invoice = number_of(2026, 999999)};
	memset(l->key.text, 'k', NAME_MAX_LEN);
	memset(l->name, 1, ARTICLE_NAME_MAX);
}

/* One step of each kind, in turn. */
static inline void play_step(struct sight_step *s, uint32_t i)
{
	*s = (struct sight_step){.kind = (enum sight_kind)(i % SIGHT_KINDS),
				 .at = {SEEN_AT + i},
				 .seq = INT64_MAX,
				 .line = UINT32_MAX,
				 .invoice = UINT32_MAX};
	memcpy(s->place.name, LONGEST_NAME, sizeof(LONGEST_NAME));
	memset(s->by, 'b', NAME_MAX_LEN);
	if (s->kind == SIGHT_ALARM) {
		s->alarm.alarm.n = INT64_MAX;
		s->alarm.condition = CONDITION_SENSOR_FAILING;
	}
	if (s->kind == SIGHT_TOLD) {
		s->told.alarm.n = INT64_MAX;
		memcpy(s->told.contact.name, LONGEST_NAME, sizeof(LONGEST_NAME));
	}
	if (s->kind == SIGHT_CHECK)
		memset(s->check.why, 1, REASON_MAX);
	if (s->kind == SIGHT_REPORTED || s->kind == SIGHT_LINE_CREDITED)
		memset(s->report.why, 1, REASON_MAX);
	if (s->kind >= SIGHT_LINE && s->kind <= SIGHT_REPORTED)
		s->line = 0;
	if (s->kind >= SIGHT_INVOICE)
		s->invoice = s->kind == SIGHT_CREDIT_NOTE;
}

int reader_sight(struct reader *r, struct visit_id visit, struct sight_whole *ret)
{
	bool large = visit.n == VISIT_LARGE;

	(void)r;
	if (visit.n == VISIT_UNREADABLE)
		return -EAGAIN;
	if (visit.n < VISIT_KNOWN || visit.n > VISIT_LARGE)
		return 0;
	ret->visit = play_sight_visit(visit.n, large);
	ret->alarms = 1;
	ret->alarm[0] = play_sight_alarm(17, visit.n);
	ret->lines = 1;
	play_sight_line(&ret->line[0]);
	ret->invoices = 2;
	for (uint32_t i = 0; i < ret->invoices; i++)
		ret->invoice[i] = (struct sight_invoice){.id = number_of(2026, 999999 - i),
							 .note = i == 1,
							 .period = {OCTOBER},
							 .issued = {20759},
							 .due = {20789},
							 .payable = money_of(10000),
							 .paid = money_of(4000)};
	ret->truncated = large;
	ret->steps = large ? STEPS_LARGE : SIGHT_KINDS;
	for (uint32_t i = 0; i < ret->steps; i++)
		play_step(&ret->step[i], i);
	return 1;
}

/* --- sales --- */

struct sales {
	enum sales_by by;
	struct day from, to;
	uint32_t steps;
	struct sold_row row[SALES_DAYS_MAX];
};

struct sales *sales_new(enum sales_by by, struct day from, struct day to)
{
	struct sales *s = calloc(1, sizeof(*s));

	CHECK(s && to.n - from.n < SALES_DAYS_MAX);
	s->by = by;
	s->from = from;
	s->to = to;
	return s;
}

void sales_free(struct sales *s)
{
	free(s);
}

int sales_step(struct reader *r, struct sales *s)
{
	(void)r;
	return s->from.n == 2 ? -EAGAIN : s->steps++ < 3;
}

const struct sold_row *sales_rows(struct sales *s, uint32_t *ret_rows)
{
	static const uint32_t rows[SALES_BYS] = {24, 7, 0, SALES_DAYS_MAX};

	*ret_rows = s->by == SALES_BY_DAY ? (uint32_t)(s->to.n - s->from.n) + 1 : rows[s->by];
	for (uint32_t i = 0; i < *ret_rows; i++)
		s->row[i] = (struct sold_row){.key = s->by == SALES_BY_DAY ? (uint64_t)s->from.n + i
						     : s->by == SALES_BY_ARTICLE ? 7310865004703
										 : i,
					      .last_seq = 42,
					      .lines = UINT32_MAX,
					      .quantity_milli = INT64_MIN,
					      .total = money_of(INT64_MIN)};
	return s->row;
}

struct sold_row sales_total(const struct sales *s)
{
	(void)s;
	return (struct sold_row){.lines = 7, .total = money_of(4250)};
}

const struct sold_row *sales_of(const struct sales *s, struct gtin gtin)
{
	static const struct sold_row row = {.lines = 4, .quantity_milli = 40000};

	(void)s;
	return gtin.n == 7310865004703 ? &row : NULL;
}

int reader_line_name(struct reader *r, uint64_t seq, char name[ARTICLE_NAME_MAX + 1])
{
	(void)r;
	memcpy(name, NASTY_NAME, sizeof(NASTY_NAME));
	return seq != 0;
}

int reader_reorders(struct reader *r, struct gtin after, struct reorder_row *ret, uint32_t max)
{
	(void)r;
	if (after.n >= 7310865004703 || max == 0)
		return 0;
	ret[0] = (struct reorder_row){.gtin = {7310865004703}, .reorder_milli = 12000};
	return 1;
}

/* --- shopd --- */

static inline void play_door(struct message_door *d)
{
	*d = (struct message_door){.mode = DOOR_RELEASED_BY_FIRE,
				   .physical = PHYSICAL_CLOSED,
				   .alarm = DOOR_HELD_OPEN,
				   .since_ms = SEEN_AT};
	memcpy(d->name, view_large ? LONGEST_NAME : "front", view_large ? PLACE_MAX_LEN : 5);
}

static inline void play_inside(uint32_t request, union message *m)
{
	message_init(m, MESSAGE_INSIDE_IS, request);
	m->inside_is.visits = view_large ? INSIDE_MAX : 1;
	for (uint32_t i = 0; i < m->inside_is.visits; i++) {
		m->inside_is.visit[i].visit = view_large ? INT64_MAX : VISIT_KNOWN;
		m->inside_is.visit[i].since_ms = SEEN_AT;
		m->inside_is.visit[i].role = ROLE_DELIVERY;
		memcpy(m->inside_is.visit[i].place, LONGEST_NAME, PLACE_MAX_LEN);
	}
}

static inline void play_now(uint32_t request, union message *m)
{
	struct message_now_is *n = &m->now_is;

	message_init(m, MESSAGE_NOW_IS, request);
	n->doors = view_large ? DOORS_MAX : 1;
	for (uint32_t i = 0; i < n->doors; i++)
		play_door(&n->door[i]);
	n->clock_trusted = !view_large;
	n->ledger_ok = n->courier_connected = !view_large;
	n->enrolled = view_large;
	n->alarms_open = view_large ? UINT32_MAX : 0;
	n->road = view_large ? CARRIED_NO_ROAD : CARRIED_WELL;
	n->head_seq = view_large ? INT64_MAX : 42;
	n->heard_at_ms = n->unsent_since_ms = SEEN_AT;
	n->free_mib = view_large ? INT64_MAX : -1;
	n->contacts = view_large ? 0 : 2;
	n->sms_roads = 1;
	n->rehearse_days = 30;
	n->rehearsed_at_ms = SEEN_AT;
}

static inline void play_settings(uint32_t request, union message *m)
{
	struct message_settings_is *s = &m->settings_is;

	message_init(m, MESSAGE_SETTINGS_IS, request);
	s->doors = view_large ? DOORS_MAX : 1;
	s->tills = view_large ? TILLS_MAX : 0;
	for (uint32_t i = 0; i < s->doors; i++) {
		memcpy(s->door[i].name, LONGEST_NAME, PLACE_MAX_LEN);
		s->door[i].unlock_ms = s->door[i].settle_ms = INT32_MIN;
	}
	for (uint32_t i = 0; i < s->tills; i++)
		memcpy(s->till[i].name, LONGEST_NAME, PLACE_MAX_LEN);
	for (uint32_t i = 0; i < 6; i++)
		s->hours[i].close = 1440;
	s->barred = (1U << ARTICLE_CLASSES) - 1;
	s->sms_roads = 3;
	s->trust[TRUST_NEW].limited = 1;
	s->trust[TRUST_NEW].credit_limit_minor = INT64_MIN;
	s->inside_ms = s->refusals_ms = s->disk_free_mb = s->sync_max_hours = INT64_MIN;
	memset(s->time_zone, 'Z', sizeof(s->time_zone) - 1);
	memset(s->office, 'u', sizeof(s->office) - 1);
}

static inline void play_contact(uint32_t request, union message *m)
{
	message_init(m, MESSAGE_CONTACT, request);
	m->contact.count = m->contact.step = CONTACTS_MAX;
	m->contact.open = 60;
	m->contact.close = 1439;
	memcpy(m->contact.name, LONGEST_NAME, PLACE_MAX_LEN);
}

/* The i-th of what is said of a view; false past the end. */
static inline bool play_view(const struct message_view *v, uint32_t i, union message *ret)
{
	uint32_t request = v->head.request;
	uint32_t inside = view_large ? VISITS_OPEN_MAX / INSIDE_MAX : 1;
	uint32_t rows = v->what == VIEW_NOW	 ? inside
			: v->what == VIEW_HEALTH ? (view_large ? ALARMS_MAX : 0) + sensors_there
						 : CONTACTS_MAX + sensors_there;

	if (i > rows)
		return false;
	if (i == rows && v->what == VIEW_SETTINGS)
		play_settings(request, ret);
	else if (i == rows)
		play_now(request, ret);
	else if (v->what == VIEW_NOW)
		play_inside(request, ret);
	else if (i >= rows - sensors_there)
		play_sensor(i - (rows - sensors_there), request, ret);
	else if (v->what == VIEW_HEALTH)
		play_alarm(0, request, ret);
	else
		play_contact(request, ret);
	return true;
}

/* The first byte of the token is the verdict on it; the second, where that is good, what else is
 * wrong. */
static inline bool play_asked(const struct message_door_asked *d, union message *ret)
{
	if (d->token[0] == SILENT)
		return false;
	message_init(ret, MESSAGE_DOORS_ARE, d->head.request);
	if (d->token[0] != VERDICT_ADMITTED && d->token[0] < VERDICTS) {
		message_init(ret, MESSAGE_VERDICT, d->head.request);
		ret->verdict.verdict = d->token[0];
	} else if (d->token[0] == WRONG_TYPE) {
		message_init(ret, MESSAGE_ANSWER, d->head.request);
		ret->answer.answer = ANSWER_LEDGER_UNAVAILABLE;
	} else if (d->token_len > 1 && d->token[1] != 0) {
		message_init(ret, MESSAGE_DONE, d->head.request);
		ret->done.error = 1;
		ret->done.number = d->token[1];
	} else {
		ret->doors_are.doors = 1;
		play_door(&ret->doors_are.door[0]);
	}
	return true;
}

#endif
