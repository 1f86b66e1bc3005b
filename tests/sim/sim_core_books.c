/*
 * sim_core_books.c: the world's disk. Rows are queued, written in groups, lost in a power cut,
 * refused when the disk is full; visits and lines are derived from them by adding up, as an
 * accountant would.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_core.h"

void *world_room(void *array, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? *room * 2 : 256;
	array = realloc(array, *room * size);
	CHECK(array);
	return array;
}

struct world_visit *books_visit(struct world *w, struct visit_id id)
{
	for (uint32_t i = w->visits; i > 0; i--)
		if (w->visit[i - 1].visit.id.n == id.n)
			return &w->visit[i - 1];
	return NULL;
}

struct world_line *books_line(struct world *w, struct visit_id id, const char *key)
{
	for (uint32_t i = w->lines; i > 0; i--)
		if (w->line[i - 1].visit.n == id.n &&
		    strcmp(w->line[i - 1].line.key.text, key) == 0)
			return &w->line[i - 1];
	return NULL;
}

struct world_opened *books_opened(const struct world *w, struct visit_id id)
{
	for (uint32_t i = w->openeds; i > 0; i--)
		if (w->opened[i - 1].visit.n == id.n)
			return &w->opened[i - 1];
	return NULL;
}

void books_open_by(struct world *w, struct visit_id id, const struct member *member)
{
	w->opened = world_room(w->opened, w->openeds, &w->openeds_room, sizeof(*w->opened));
	w->opened[w->openeds++] = (struct world_opened){
		.visit = id, .role = member->role, .trust = member->trust, .mono_ms = w->mono.ms};
}

static void derive_visit(struct world *w, const struct entry *e)
{
	struct world_visit *v;

	if (e->kind == ENTRY_VISIT_OPENED) {
		w->visit = world_room(w->visit, w->visits, &w->visits_room, sizeof(*w->visit));
		v = &w->visit[w->visits++];
		memset(v, 0, sizeof(*v));
		v->visit.id = e->visit_opened.visit;
		v->visit.customer = e->visit_opened.customer;
		v->visit.place = e->visit_opened.place;
		v->visit.price_version = e->visit_opened.price_version;
		v->visit.opened_at = e->at;
		return;
	}
	if (e->kind == ENTRY_VISIT_JOINED) {
		struct bearer bearer = {e->visit_joined.bearer, e->visit_joined.customer};

		v = books_visit(w, e->visit_joined.visit);
		if (!v)
			return; /* its opening was a claim that the full disk refused */
		if (v->visit.bearers < BEARERS_MAX)
			v->visit.bearer[v->visit.bearers++] = bearer;
		else
			v->visit.bearer[0] = bearer; /* which one went does not matter here */
	} else {
		v = books_visit(w, e->visit_closed.visit);
		if (!v)
			return;
		v->visit.over = true;
		v->visit.end = e->visit_closed.end;
		v->visit.closed_at = e->at;
	}
}

static void derive_line(struct world *w, const struct entry *e)
{
	struct world_visit *v;
	struct world_line *l;

	if (e->kind == ENTRY_LINE_VOIDED) {
		l = books_line(w, e->line_voided.visit, e->line_voided.key.text);
		CHECK(l && !l->line.voided);
		l->line.voided = true;
		return;
	}
	v = books_visit(w, e->line.visit);
	CHECK(v);
	v->lines++;
	w->line = world_room(w->line, w->lines, &w->lines_room, sizeof(*w->line));
	l = &w->line[w->lines++];
	memset(l, 0, sizeof(*l));
	l->visit = e->line.visit;
	l->line.key = e->line.key;
	l->line.gtin = e->line.gtin;
	l->line.quantity_milli = e->line.quantity_milli;
	l->line.unit_price = e->line.unit_price;
	l->line.total = e->line.total;
	l->line.deposit = e->line.deposit;
	l->line.list_price = e->line.list_price;
	l->line.vat_class = e->line.vat_class;
	l->line.bought = e->line.bought;
	l->line.use_by = e->line.use_by;
	l->line.best_before = e->line.best_before;
	memcpy(l->line.lot, e->line.lot, sizeof(l->line.lot));
	l->line.vat_bp = e->line.vat_bp;
	l->line.class = e->line.class;
	l->line.late = e->line.late;
	l->line.price_version = e->line.price_version;
	l->line.at = e->at;
	l->line.scanned_at = e->line.scanned_at;
	l->line.customer = e->line.customer;
	l->line.name = "";
}

static void derive(struct world *w, const struct entry *e)
{
	if (e->kind == ENTRY_VISIT_OPENED || e->kind == ENTRY_VISIT_JOINED ||
	    e->kind == ENTRY_VISIT_CLOSED)
		derive_visit(w, e);
	else if (e->kind == ENTRY_LINE || e->kind == ENTRY_LINE_VOIDED)
		derive_line(w, e);
}

void books_keep(struct world *w, const struct record *r)
{
	if (w->full && !r->fact) {
		world_fail(w, "a claim while the disk is full");
		return;
	}
	w->row = world_room(w->row, w->rows, &w->rows_room, sizeof(*w->row));
	w->row[w->rows++] = *r;
	derive(w, &r->entry);
}

void books_rebuild(struct world *w)
{
	w->visits = w->lines = 0;
	for (uint32_t i = 0; i < w->rows; i++)
		derive(w, &w->row[i].entry);
}

/* --- what a start is told
 * ------------------------------------------------------------------------------------ */

static struct {
	struct visit visit[VISITS_OPEN_MAX];
	struct entry_admitted token[512];
	struct entry_alarm alarm[64];
	struct entry_door mode[DOORS_MAX];
} told;

static void tell_alarm(struct remembered *r, const struct entry_alarm *e)
{
	uint32_t i = 0;

	while (i < r->alarms && told.alarm[i].alarm.n != e->alarm.n)
		i++;
	if (i == ARRAY_LEN(told.alarm))
		return;
	if (i == r->alarms)
		r->alarms++;
	told.alarm[i] = *e;
	if (e->over)
		told.alarm[i] = told.alarm[--r->alarms];
	if (e->alarm.n > r->last_alarm.n)
		r->last_alarm = e->alarm;
}

static void tell_mode(struct remembered *r, const struct entry_door *e)
{
	uint32_t i = 0;

	if (e->event != DOOR_EVENT_MODE)
		return;
	while (i < r->modes && strcmp(told.mode[i].place.name, e->place.name) != 0)
		i++;
	if (i == r->modes)
		r->modes++;
	told.mode[i] = *e;
}

static void tell_visits(struct world *w, struct remembered *r)
{
	for (uint32_t i = 0; i < w->visits; i++) {
		struct visit *v = &w->visit[i].visit;
		const struct world_opened *by = books_opened(w, v->id);

		if (v->id.n > r->last_visit.n)
			r->last_visit = v->id;
		if (v->over || r->visits == VISITS_OPEN_MAX)
			continue;
		v->lines = 0;
		v->lines_ever = w->visit[i].lines;
		v->total = MONEY_ZERO;
		for (uint32_t j = 0; j < w->lines; j++)
			if (w->line[j].visit.n == v->id.n && !w->line[j].line.voided) {
				v->lines++;
				CHECK(money_add(v->total, w->line[j].line.total, &v->total));
			}
		told.visit[r->visits] = *v;
		if (by) {
			told.visit[r->visits].role = by->role;
			told.visit[r->visits].trust = by->trust;
		}
		r->visits++;
	}
}

struct remembered books_remembered(struct world *w)
{
	struct remembered r = {.ledger_ok = !w->full};

	books_rebuild(w);
	r.clean = !w->running;
	for (uint32_t i = 0; i < w->rows; i++) {
		const struct entry *e = &w->row[i].entry;

		if (e->kind == ENTRY_ALARM)
			tell_alarm(&r, &e->alarm);
		else if (e->kind == ENTRY_DOOR)
			tell_mode(&r, &e->door);
	}
	for (uint32_t i = w->rows; i > 0 && r.tokens < ARRAY_LEN(told.token); i--)
		if (w->row[i - 1].entry.kind == ENTRY_ADMITTED &&
		    w->row[i - 1].entry.admitted.cti_len > 0)
			told.token[r.tokens++] = w->row[i - 1].entry.admitted;
	tell_visits(w, &r);
	r.visit = told.visit;
	r.token = told.token;
	r.alarm = told.alarm;
	r.mode = told.mode;
	return r;
}
