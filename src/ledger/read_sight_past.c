/*
 * read_sight_past.c: the steps of a visit that stand in entries alone: who was admitted, what the
 * doors told, the alarms and who was told of them. They are of kinds that are erased after a while;
 * what is gone is left out.
 *
 * Entries are in the order in which things happened, so those of a visit begin where its opening
 * stands: that is looked for by the time, which goes on with the entries but where a clock was set.
 */
#include "ledger/read_rows.h"
#include "ledger/read_sight.h"

enum {
	AFTER_MS = 3000, /* after the end: the door that settles */
};

struct past {
	struct sight_whole *w;
	struct wall to; /* what the door told after it is another's */
};

/* Which step an entry is; NULL: none of this visit. */
static struct sight_step *admitted(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (e->admitted.visit.n != p->w->visit.id.n)
		return NULL;
	step = sight_step_new(p->w, SIGHT_ADMITTED, e->at, seq);
	if (step) {
		step->place = e->admitted.place;
		step->admitted.road = e->admitted.road;
		step->admitted.token = e->admitted.cti_len > 0;
	}
	return step;
}

static bool door_is_ours(const struct past *p, const struct entry_door *d)
{
	return !d->customer_known || customer_is(d->customer, p->w->visit.customer);
}

static void door(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (!door_is_ours(p, &e->door) || e->at.ms > p->to.ms)
		return;
	step = sight_step_new(p->w, SIGHT_DOOR, e->at, seq);
	if (!step)
		return;
	step->place = e->door.place;
	step->door.event = e->door.event;
	step->door.mode = e->door.mode;
}

static bool alarm_is_ours(const struct past *p, struct alarm_id alarm)
{
	for (uint32_t i = 0; i < p->w->alarms; i++)
		if (p->w->alarm[i].id.n == alarm.n)
			return true;
	return false;
}

static void alarm(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (!alarm_is_ours(p, e->alarm.alarm))
		return;
	step = sight_step_new(p->w, SIGHT_ALARM, e->at, seq);
	if (!step)
		return;
	step->place = e->alarm.place;
	step->alarm.alarm = e->alarm.alarm;
	step->alarm.condition = e->alarm.condition;
	step->alarm.state = e->alarm.state;
	step->alarm.severity = e->alarm.severity;
	memcpy(step->by, e->alarm.by, sizeof(step->by));
}

static void told(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (!alarm_is_ours(p, e->told.alarm))
		return;
	step = sight_step_new(p->w, SIGHT_TOLD, e->at, seq);
	if (step)
		step->told = e->told;
}

static void joined(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;
	char customer[9];

	if (e->visit_joined.visit.n != p->w->visit.id.n)
		return;
	step = sight_step_new(p->w, SIGHT_JOINED, e->at, seq);
	hex_text(e->visit_joined.customer.byte, 4, customer);
	if (step)
		memcpy(step->by, customer, sizeof(customer));
}

static void opened(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (e->visit_opened.visit.n != p->w->visit.id.n)
		return;
	step = sight_step_new(p->w, SIGHT_OPENED, e->at, seq);
	if (step)
		step->place = e->visit_opened.place;
}

static void closed(const struct past *p, const struct entry *e, uint64_t seq)
{
	struct sight_step *step;

	if (e->visit_closed.visit.n != p->w->visit.id.n)
		return;
	step = sight_step_new(p->w, SIGHT_CLOSED, e->at, seq);
	if (step)
		step->end = e->visit_closed.end;
}

static void look(const struct past *p, const struct entry *e, uint64_t seq)
{
	switch ((int)e->kind) {
	case ENTRY_ADMITTED:
		(void)admitted(p, e, seq);
		return;
	case ENTRY_DOOR:
		door(p, e, seq);
		return;
	case ENTRY_ALARM:
		alarm(p, e, seq);
		return;
	case ENTRY_TOLD:
		told(p, e, seq);
		return;
	case ENTRY_VISIT_OPENED:
		opened(p, e, seq);
		return;
	case ENTRY_VISIT_JOINED:
		joined(p, e, seq);
		return;
	case ENTRY_VISIT_CLOSED:
		closed(p, e, seq);
		return;
	}
}

/* --- where they are */

/* The last entry before this moment, by halving. */
static int entry_before(struct reader *r, struct wall at, int64_t *ret)
{
	int64_t low = 0, high = 0;
	int rc = sql_number(r->connection[READ_LEDGER].db,
			    "SELECT coalesce(max(seq), 0) FROM entry", &high);
	sqlite3_stmt *get = rc == SQLITE_OK
				    ? rows_prepare(r, "SELECT at FROM entry WHERE seq = ?1", &rc)
				    : NULL;

	if (!get)
		return rc;
	while (low < high && rc == SQLITE_OK) {
		int64_t middle = low + (high - low + 1) / 2;

		bind_i64(get, 1, middle);
		if (sqlite3_step(get) == SQLITE_ROW && column_i64(get, 0) < at.ms)
			low = middle;
		else
			high = middle - 1;
		rc = sqlite3_reset(get);
	}
	sqlite3_finalize(get);
	*ret = low;
	return rc;
}

/* Until when there may be any: an alarm may be answered long after the visit. */
static struct wall until(const struct sight_whole *w)
{
	struct wall end = {INT64_MAX};

	if (w->visit.closed_at.ms == 0)
		return end;
	end.ms = w->visit.closed_at.ms + AFTER_MS;
	for (uint32_t i = 0; i < w->alarms; i++)
		if (w->alarm[i].changed_at.ms + AFTER_MS > end.ms)
			end.ms = w->alarm[i].changed_at.ms + AFTER_MS;
	return end;
}

static int walk(struct reader *r, struct past *p, int64_t after, struct wall end)
{
	uint32_t looked = 0;
	struct entry e;
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r, "SELECT seq, at, kind, body FROM entry WHERE seq > ?1 ORDER BY seq LIMIT ?2",
		&rc);

	if (!get)
		return rc;
	bind_i64(get, 1, after);
	bind_i64(get, 2, SIGHT_ENTRIES_MAX);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		uint16_t kind = (uint16_t)column_i64(get, 2);
		struct span body = {sqlite3_column_blob(get, 3),
				    (uint32_t)sqlite3_column_bytes(get, 3)};

		if (column_i64(get, 1) > end.ms)
			break;
		looked++;
		if (kind == ENTRY_LINE || !body.data || !entry_decode(kind, body, &e))
			continue;
		e.kind = (enum entry_kind)kind;
		e.at.ms = column_i64(get, 1);
		look(p, &e, (uint64_t)column_i64(get, 0));
	}
	sqlite3_finalize(get);
	p->w->truncated |= looked == SIGHT_ENTRIES_MAX;
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

int sight_entries(struct reader *r, struct sight_whole *w)
{
	struct past p = {.w = w, .to = {INT64_MAX}};
	int64_t after = 0;
	int rc;

	if (w->visit.closed_at.ms != 0)
		p.to.ms = w->visit.closed_at.ms + AFTER_MS;
	rc = entry_before(r, w->visit.opened_at, &after);
	return rc == SQLITE_OK ? walk(r, &p, after, until(w)) : rc;
}
