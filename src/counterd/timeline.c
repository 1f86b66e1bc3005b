/*
 * timeline.c: GET /v1/timeline: visits and alarms in one line, the newest first, with the pictures
 * that were taken beside them. The ledger is read at once, for that is a page; the folder of
 * pictures a slice a turn, for it may hold tens of thousands.
 */
#include <stdio.h>
#include <stdlib.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/timeline_json.h"
#include "ledger/read_view.h"

#define ROW_JSON_MAX                                                                               \
	(64 + (SIGHT_VISIT_JSON_MAX > SIGHT_ALARM_JSON_MAX ? SIGHT_VISIT_JSON_MAX                  \
							   : SIGHT_ALARM_JSON_MAX))

/* --- what stands in each row --- */

void sight_visit_write(struct builder *b, struct counter *c, const struct sight_visit *v)
{
	enum role role;
	bool known = reader_role(c->reader, v->customer, &role) > 0;

	json_member(b, "visit");
	json_visit(b, v->id);
	json_member(b, "customer");
	json_customer(b, v->customer);
	json_member(b, "role");
	json_words(b, known ? role_word(role) : "");
	json_member(b, "door");
	json_words(b, v->place.name);
	json_member(b, "opened_at");
	json_time(b, v->opened_at);
	json_member(b, "closed_at");
	json_moment(b, v->closed_at);
	json_member(b, "ended");
	json_words(b, v->closed_at.ms != 0 ? visit_end_word(v->end) : "");
	json_member(b, "lines");
	json_int(b, v->lines);
	json_money(b, "total_minor", v->total);
	json_currency(b, &c->config);
	json_member(b, "invoice");
	json_number(b, &c->config, v->invoice);
	json_member(b, "check");
	json_words(b, v->checked ? check_state_word(v->check) : "");
}

void sight_alarm_write(struct builder *b, const struct sight_alarm *a)
{
	json_member(b, "alarm");
	json_int(b, (int64_t)a->id.n);
	json_member(b, "condition");
	json_text(b, condition_word(a->condition));
	json_member(b, "severity");
	json_text(b, severity_word(a->severity));
	json_member(b, "state");
	json_text(b, alarm_state_word(a->state));
	json_member(b, "over");
	json_bool(b, a->over);
	json_member(b, "place");
	json_words(b, a->place.name);
	json_member(b, "door");
	json_words(b, condition_at_door(a->condition) ? a->place.name : "");
	json_member(b, "raised_at");
	json_moment(b, a->raised_at);
	json_member(b, "changed_at");
	json_moment(b, a->changed_at);
	json_member(b, "acknowledged_by");
	json_words(b, a->by);
}

void shots_write(struct builder *b, const struct shots *s, uint32_t of)
{
	bool first = true;

	json_member(b, "pictures");
	json_put(b, "[");
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->shot[i].of != of)
			continue;
		json_put(b, first ? "" : ",");
		first = false;
		json_text(b, s->shot[i].name);
	}
	json_put(b, "]");
}

/* --- a page --- */

struct looking {
	struct sights sights;
	struct shots shots;
	uint32_t of[SIGHTS_MAX];	     /* each row's pictures … */
	uint32_t of_alarm[SIGHT_ALARMS_MAX]; /* … and each alarm's that stands at one */
};

static void looking_end(void *data)
{
	struct looking *l = data;

	shots_close(&l->shots);
	free(l);
}

/* The alarms of a visit; their pictures are the visit's too. */
static void alarms_write(struct builder *b, const struct looking *l, struct visit_id visit)
{
	bool first = true;

	json_member(b, "alarms");
	json_put(b, "[");
	for (uint32_t i = 0; i < l->sights.alarms; i++) {
		if (l->sights.alarm[i].visit.n != visit.n)
			continue;
		json_put(b, first ? "{" : ",{");
		first = false;
		sight_alarm_write(b, &l->sights.alarm[i]);
		json_put(b, "}");
	}
	json_put(b, "]");
}

static void row_write(struct builder *b, struct counter *c, const struct looking *l, uint32_t i)
{
	const struct sight *row = &l->sights.row[i];

	json_put(b, i > 0 ? ",{" : "{");
	json_member(b, "kind");
	json_text(b, row->is_alarm ? "alarm" : "visit");
	if (row->is_alarm) {
		sight_alarm_write(b, &row->alarm);
	} else {
		sight_visit_write(b, c, &row->visit);
		alarms_write(b, l, row->visit.id);
	}
	shots_write(b, &l->shots, l->of[i]);
	json_put(b, "}");
}

static void cursor_write(struct builder *b, const struct sights *s)
{
	char visit[VISIT_TEXT_SIZE], alarm[VISIT_TEXT_SIZE], text[2 * VISIT_TEXT_SIZE];

	visit_text(s->next.visit, visit);
	visit_text((struct visit_id){s->next.alarm.n}, alarm);
	snprintf(text, sizeof(text), "%s-%s", visit, alarm);
	json_member(b, "next");
	json_words(b, s->more ? text : "");
}

static void page_reply(struct counter *c, struct http_request *r, const struct looking *l)
{
	const struct sights *s = &l->sights;
	uint32_t size = 256 + s->rows * ROW_JSON_MAX + s->alarms * SIGHT_ALARM_JSON_MAX +
			l->shots.n * SHOT_JSON_MAX;
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	json_put(&b, "{\"rows\":[");
	for (uint32_t i = 0; i < s->rows; i++)
		row_write(&b, c, l, i);
	json_put(&b, "]");
	cursor_write(&b, s);
	json_put(&b, "}");
	books_send(c, r, &b);
}

static bool go_on(struct counter *c, struct http_request *r, void *data)
{
	struct looking *l = data;

	if (shots_look(&l->shots))
		return true;
	/* an alarm's pictures stand with its visit's */
	for (uint32_t i = 0; i < l->shots.n; i++)
		for (uint32_t a = 0; a < l->sights.alarms; a++)
			for (uint32_t v = 0;
			     l->shots.shot[i].of == l->of_alarm[a] && v < l->sights.rows; v++)
				if (!l->sights.row[v].is_alarm &&
				    l->sights.row[v].visit.id.n == l->sights.alarm[a].visit.n)
					l->shots.shot[i].of = l->of[v];
	page_reply(c, r, l);
	return false;
}

static void want_all(struct looking *l)
{
	const struct sights *s = &l->sights;

	for (uint32_t i = 0; i < s->rows; i++)
		l->of[i] = s->row[i].is_alarm
				   ? shots_want(&l->shots, PICTURE_ALARM, s->row[i].alarm.id.n)
				   : shots_want(&l->shots, PICTURE_ENTRY, s->row[i].visit.id.n);
	for (uint32_t i = 0; i < s->alarms; i++)
		l->of_alarm[i] = shots_want(&l->shots, PICTURE_ALARM, s->alarm[i].id.n);
}

void timeline_list(struct counter *c, const struct call *call)
{
	struct looking *l = malloc(sizeof(*l));

	CHECK(l);
	if (reader_sights(c->reader, call->query.before, call->query.max, &l->sights) < 0) {
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
		free(l);
		return;
	}
	shots_open(c, &l->shots);
	want_all(l);
	turns_hold(c, call->request, go_on, looking_end, l);
}
