/*
 * restore_numbers.c: the numbers that a box gave while it did not know of the office's: its visits
 * and alarms that the office knows as others.
 *
 * A visit is the same where its customer, its place and its moment are; an alarm where its code,
 * its condition and its place are. Under whatever number it is, it is that one. What is not the
 * same and has the number of another gets the next one that is free.
 */
#include "ledger/restore_again.h"

#include <stdlib.h>

/* --- what a number is by now */

/* Where `own` stands, or would. */
static uint32_t place_of(const struct again_map *m, uint64_t own)
{
	uint32_t low = 0, high = m->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (m->pair[middle].own < own)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool mapped(const struct again_map *m, uint64_t own, uint64_t *ret)
{
	uint32_t at = place_of(m, own);

	if (at == m->n || m->pair[at].own != own)
		return false;
	*ret = m->pair[at].now;
	return true;
}

static void map(struct again_map *m, uint64_t own, uint64_t now)
{
	uint32_t at = place_of(m, own);

	if (m->n == m->size) {
		m->size = m->size ? 2 * m->size : 64;
		m->pair = realloc(m->pair, m->size * sizeof(*m->pair));
		CHECK(m->pair);
	}
	memmove(&m->pair[at + 1], &m->pair[at], (m->n - at) * sizeof(*m->pair));
	m->pair[at] = (struct again_pair){own, now};
	m->n++;
}

/* The next that neither side has, nor will have. */
static uint64_t next_free(struct again *a, const char *sql, uint64_t last)
{
	int64_t newest = 0;
	int rc = sql_number(a->s->writer.db, sql, &newest);

	if (rc != SQLITE_OK)
		sql_panic(a->s->writer.db, rc, "reading the new ledger");
	return ((uint64_t)newest > last ? (uint64_t)newest : last) + 1;
}

static uint64_t new_visit(struct again *a)
{
	uint64_t next =
		next_free(a, "SELECT coalesce(max(id), 0) FROM visit", a->source->last_visit);

	for (uint32_t i = 0; i < a->visit.n; i++)
		if (a->visit.pair[i].now >= next)
			next = a->visit.pair[i].now + 1;
	return next;
}

/* A visit as it is told to begin: which it is, and whether the office has it. */
static bool visit_there(struct again *a, struct wall at, const struct entry_visit_opened *v,
			uint64_t *ret)
{
	sqlite3_stmt *get = again_get(a, AGAIN_VISIT);
	struct customer customer;
	char place[PLACE_MAX_LEN + 1];
	bool same;

	bind_u64(get, 1, v->visit.n);
	if (!again_row(a, AGAIN_VISIT)) {
		*ret = v->visit.n;
		return false;
	}
	column_text(get, 2, place, sizeof(place));
	same = column_blob(get, 0, &customer, sizeof(customer)) &&
	       customer_is(customer, v->customer) && column_i64(get, 1) == at.ms &&
	       strcmp(place, v->place.name) == 0;
	again_done(a, AGAIN_VISIT);
	*ret = v->visit.n;
	if (same)
		return true;
	get = again_get(a, AGAIN_SAME_VISIT);
	bind_u64(get, 1, v->visit.n);
	bind_i64(get, 2, at.ms);
	bind_blob(get, 3, v->customer.byte, sizeof(v->customer.byte));
	bind_text(get, 4, v->place.name);
	if (again_found(a, AGAIN_SAME_VISIT, ret))
		return true;
	*ret = new_visit(a);
	return false;
}

enum again_verdict again_opened(struct again *a, struct wall at, struct entry_visit_opened *v)
{
	uint64_t own = v->visit.n, now;
	bool there = visit_there(a, at, v, &now);

	map(&a->visit, own, now);
	v->visit.n = now;
	if (there)
		return AGAIN_THERE;
	return now == own ? AGAIN_APPEND : AGAIN_CHANGED;
}

/* A visit that an entry speaks of. One that this box never saw begin, and the office did, is
 * another's. */
bool again_visit(struct again *a, struct visit_id *visit)
{
	uint64_t own = visit->n, now = own;
	bool foreign;

	if (own == 0)
		return false;
	if (!mapped(&a->visit, own, &now)) {
		bind_u64(again_get(a, AGAIN_VISIT), 1, own);
		foreign = again_row(a, AGAIN_VISIT) && !source_visit(a->source, own);
		again_done(a, AGAIN_VISIT);
		if (foreign) {
			now = new_visit(a);
			map(&a->visit, own, now);
		}
	}
	visit->n = now;
	return now != own;
}

/* An alarm is another one where its code or its place is. */
static bool same_alarm(struct again *a, const struct entry_alarm *l)
{
	sqlite3_stmt *get = a->statement[AGAIN_ALARM];
	char place[PLACE_MAX_LEN + 1];

	column_text(get, 2, place, sizeof(place));
	return (uint32_t)column_i64(get, 0) == l->code &&
	       column_i64(get, 1) == (int64_t)l->condition && strcmp(place, l->place.name) == 0;
}

static uint64_t alarm_now(struct again *a, const struct entry_alarm *l)
{
	sqlite3_stmt *get = again_get(a, AGAIN_ALARM);
	uint64_t now = l->alarm.n;
	bool same;

	bind_u64(get, 1, l->alarm.n);
	if (!again_row(a, AGAIN_ALARM))
		return now;
	same = same_alarm(a, l);
	again_done(a, AGAIN_ALARM);
	if (same)
		return now;
	get = again_get(a, AGAIN_SAME_ALARM);
	bind_u64(get, 1, l->alarm.n);
	bind_u64(get, 2, l->code);
	bind_u64(get, 3, (uint64_t)l->condition);
	bind_text(get, 4, l->place.name);
	if (again_found(a, AGAIN_SAME_ALARM, &now))
		return now;
	return next_free(a, "SELECT coalesce(max(id), 0) FROM alarm", a->source->last_alarm);
}

bool again_alarm(struct again *a, struct entry_alarm *l)
{
	uint64_t own = l->alarm.n, now;

	if (!mapped(&a->alarm, own, &now)) {
		now = alarm_now(a, l);
		map(&a->alarm, own, now);
	}
	l->alarm.n = now;
	return now != own;
}

/* Of an alarm that was raised before the two parted: it has its number still. */
bool again_told(struct again *a, struct entry_told *t)
{
	uint64_t own = t->alarm.n, now = own;

	(void)mapped(&a->alarm, own, &now);
	t->alarm.n = now;
	return now != own;
}
