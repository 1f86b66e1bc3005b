/*
 * timeline_visit.c: one visit in order, from "door opened" to "billed". Its lines stand in their
 * table; what the door told, who was admitted and how it ended is read from the entries around it,
 * and is gone once those are erased, as it is at the shop. Pictures are not here.
 */
#include "officed/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/shops.h"

enum {
	STEPS_MAX = 1200,
	PLACES_MAX = 4,
	ENTRIES_BEFORE = 60,   /* the door and the admission come before the visit */
	ENTRIES_AFTER = 20000, /* of a busy shop while one is inside, and of the night after */
	ENTRIES_READ = 5000,
	BEFORE_MS = 30000,
	AFTER_MS = 20000,
};

struct step {
	int64_t seq;
	json_t *json;
};

struct looking {
	struct office *o;
	const struct ask *a;
	const char *shop;
	struct visit_id visit;
	struct timeline_visit v;
	bool there, truncated;
	uint32_t places; /* where it began, and where whoever joined it was let in */
	char place[PLACES_MAX][PLACE_MAX_LEN + 1];
	char ended[16], check[16];
	uint32_t steps;
	struct step step[STEPS_MAX];
	json_t *answer;
};

/* NULL: it has no room. */
static json_t *step_add(struct looking *l, const char *kind, int64_t seq, int64_t at)
{
	json_t *j;

	if (l->steps == STEPS_MAX) {
		l->truncated = true;
		return NULL;
	}
	j = json_pack("{s:s, s:o, s:I}", "kind", kind, "at", json_wall(at), "seq", (json_int_t)seq);
	l->step[l->steps++] = (struct step){seq, j};
	return j;
}

/** A word that only some steps have; of no step, nothing. */
static void put(json_t *step, const char *name, const char *text)
{
	if (step != NULL && text[0] != '\0')
		json_object_set_new(step, name, json_string(text));
}

static void put_new(json_t *step, const char *name, json_t *value)
{
	if (step != NULL)
		json_object_set_new(step, name, value);
	else
		json_decref(value);
}

/* --- what stands in entries */

static const char *road_text(enum road r)
{
	static const char *const words[ROADS] = {
		[ROAD_SCANNER] = "scanner", [ROAD_PHONE] = "phone", [ROAD_NFC] = "nfc"};

	return words[r];
}

static bool is_of(const struct looking *l, const char *place)
{
	for (uint32_t i = 0; i < l->places; i++)
		if (strcmp(l->place[i], place) == 0)
			return true;
	return false;
}

static void place_add(struct looking *l, const char *place)
{
	if (l->places < PLACES_MAX && !is_of(l, place))
		snprintf(l->place[l->places++], sizeof(l->place[0]), "%s", place);
}

static void admitted_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	json_t *j;

	if (e->admitted.visit.n != l->visit.n)
		return;
	place_add(l, e->admitted.place.name);
	j = step_add(l, "admitted", seq, at);
	put(j, "place", e->admitted.place.name);
	put(j, "road", road_text(e->admitted.road));
}

static void door_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	json_t *j;

	if (!is_of(l, e->door.place.name))
		return;
	j = step_add(l, "door", seq, at);
	put(j, "place", e->door.place.name);
	put(j, "event", door_event_word(e->door.event));
	put(j, "mode", door_mode_word(e->door.mode));
}

static void alarm_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	json_t *j;

	if (!is_of(l, e->alarm.place.name))
		return;
	j = step_add(l, "alarm", seq, at);
	put(j, "place", e->alarm.place.name);
	put(j, "by", e->alarm.by);
	put_new(j, "alarm",
		json_pack("{s:I, s:s, s:s, s:s}", "alarm", (json_int_t)e->alarm.alarm.n,
			  "condition", condition_word(e->alarm.condition), "state",
			  alarm_state_word(e->alarm.state), "severity",
			  severity_word(e->alarm.severity)));
}

static void check_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	json_t *j;

	if (e->check.visit.n != l->visit.n)
		return;
	snprintf(l->check, sizeof(l->check), "%s", check_state_word(e->check.state));
	j = step_add(l, "check", seq, at);
	put(j, "by", e->check.by);
	put_new(j, "check", json_pack("{s:s, s:s}", "state", l->check, "why", e->check.why));
}

static void closed_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	if (e->visit_closed.visit.n != l->visit.n)
		return;
	snprintf(l->ended, sizeof(l->ended), "%s", visit_end_word(e->visit_closed.end));
	put(step_add(l, "closed", seq, at), "event", l->ended);
}

static void reported_take(struct looking *l, const struct entry *e, int64_t seq, int64_t at)
{
	if (e->reported.visit.n == l->visit.n)
		put_new(step_add(l, "reported", seq, at), "report",
			json_pack("{s:s, s:s}", "reason", credit_reason_word(e->reported.reason),
				  "why", e->reported.why));
}

static void entry_take(struct looking *l, uint16_t kind, struct span body, int64_t seq, int64_t at)
{
	struct entry e;

	if (!entry_decode(kind, body, &e))
		return;
	if (kind == ENTRY_ADMITTED)
		admitted_take(l, &e, seq, at);
	else if (kind == ENTRY_DOOR)
		door_take(l, &e, seq, at);
	else if (kind == ENTRY_ALARM)
		alarm_take(l, &e, seq, at);
	else if (kind == ENTRY_CHECK)
		check_take(l, &e, seq, at);
	else if (kind == ENTRY_REPORTED)
		reported_take(l, &e, seq, at);
	else if (kind == ENTRY_VISIT_CLOSED)
		closed_take(l, &e, seq, at);
	else if (kind == ENTRY_VISIT_OPENED && e.visit_opened.visit.n == l->visit.n)
		put(step_add(l, "opened", seq, at), "place", e.visit_opened.place.name);
	else if (kind == ENTRY_VISIT_JOINED && e.visit_joined.visit.n == l->visit.n)
		(void)step_add(l, "joined", seq, at);
}

/* Whoever is inside has no end yet: then it is all until now. */
static void entries_read(struct looking *l)
{
	int64_t end = l->v.closed_at > 0 ? l->v.closed_at + AFTER_MS : l->a->now.ms + AFTER_MS;
	struct db_rows *rows;

	db_ask(l->o->db, &rows,
	       "SELECT seq, kind, at, body FROM entry WHERE shop = $1 AND seq >= $2 AND seq <= $3"
	       " AND kind IN (10, 20, 30, 40, 41, 42, 80, 81) AND body IS NOT NULL"
	       " AND (kind = 80 OR kind = 81 OR (at >= $4 AND at <= $5)) ORDER BY seq LIMIT $6",
	       DB_VALUES(db_text(l->shop), db_int(l->v.seq - ENTRIES_BEFORE),
			 db_int(l->v.seq + ENTRIES_AFTER), db_int(l->v.opened_at - BEFORE_MS),
			 db_int(end), db_int(ENTRIES_READ)));
	while (db_next(rows))
		entry_take(l, (uint16_t)db_col_int(rows, 1), db_col_bytes(rows, 3),
			   db_col_int(rows, 0), db_col_int(rows, 2));
	db_rows_end(rows);
}

/* --- lines */

static int64_t entry_at(struct looking *l, int64_t seq)
{
	int64_t at = 0;

	db_one(l->o->db, &at, "SELECT at FROM entry WHERE shop = $1 AND seq = $2 LIMIT 1",
	       DB_VALUES(db_text(l->shop), db_int(seq)));
	return at;
}

static json_t *line_json(struct db_rows *rows)
{
	return json_pack("{s:s, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b}", "key",
			 db_col_text(rows, 1), "gtin", pull_gtin(db_col_int(rows, 2)), "name",
			 db_col_text(rows, 3), "quantity", (json_int_t)db_col_int(rows, 4),
			 "unit_price_minor", (json_int_t)db_col_int(rows, 5), "deposit_minor",
			 (json_int_t)db_col_int(rows, 6), "total_minor",
			 (json_int_t)db_col_int(rows, 7), "vat_bp", (json_int_t)db_col_int(rows, 8),
			 "voided", db_col_int(rows, 10) != 0, "credited", db_col_int(rows, 11) != 0,
			 "late", db_col_int(rows, 12) != 0);
}

static void line_take(struct looking *l, struct db_rows *rows)
{
	int64_t voided = db_col_int(rows, 10), credited = db_col_int(rows, 11);
	json_t *line = line_json(rows);

	put_new(step_add(l, "line", db_col_int(rows, 0), db_col_int(rows, 9)), "line",
		json_incref(line));
	if (voided > 0)
		put_new(step_add(l, "line_voided", voided, entry_at(l, voided)), "line",
			json_incref(line));
	if (credited > 0)
		put_new(step_add(l, "line_credited", credited, entry_at(l, credited)), "line",
			json_incref(line));
	json_decref(line);
}

static void lines_read(struct looking *l)
{
	struct db_rows *rows;

	db_ask(l->o->db, &rows,
	       "SELECT seq, key, gtin, name, quantity_milli, unit_price, deposit, total, vat_bp, "
	       "at,"
	       " voided, credited, late FROM line WHERE shop = $1 AND visit = $2 ORDER BY seq"
	       " LIMIT $3",
	       DB_VALUES(db_text(l->shop), db_int((int64_t)l->visit.n), db_int(STEPS_MAX)));
	while (db_next(rows))
		line_take(l, rows);
	db_rows_end(rows);
}

/* --- what it came to */

static const char *payment_text(int64_t payable, int64_t paid, int64_t credited)
{
	if (credited > 0 && credited >= payable)
		return "credited";
	if (payable > paid + credited)
		return paid > 0 ? "part_paid" : "unpaid";
	return "paid";
}

/** The invoice's step; how it stands with its money. */
static const char *bill_read(struct looking *l)
{
	const char *payment = "unbilled";
	struct db_rows *rows;

	if (l->v.lines == 0)
		return "nothing";
	if (l->v.invoice == 0)
		return payment;
	db_ask(l->o->db, &rows,
	       "SELECT seq, issued, due, payable, paid, credited FROM invoice WHERE shop = $1 AND"
	       " id = $2 LIMIT 1",
	       DB_VALUES(db_text(l->shop), db_int(l->v.invoice)));
	if (db_next(rows)) {
		int64_t seq = db_col_int(rows, 0);

		payment =
			payment_text(db_col_int(rows, 3), db_col_int(rows, 4), db_col_int(rows, 5));
		put_new(step_add(l, "invoice", seq, entry_at(l, seq)), "invoice",
			json_pack("{s:o, s:s, s:o, s:o, s:I, s:I, s:I, s:s}", "number",
				  pull_number(l->shop, l->v.invoice), "kind", "invoice", "issued",
				  pull_day(db_col_int(rows, 1)), "due",
				  pull_day(db_col_int(rows, 2)), "payable_minor",
				  (json_int_t)db_col_int(rows, 3), "paid_minor",
				  (json_int_t)db_col_int(rows, 4), "credited_minor",
				  (json_int_t)db_col_int(rows, 5), "state", payment));
	}
	db_rows_end(rows);
	return payment;
}

static int by_seq(const void *a, const void *b)
{
	const struct step *l = a, *r = b;

	return (l->seq > r->seq) - (l->seq < r->seq);
}

static void forget(struct looking *l)
{
	for (uint32_t i = 0; i < l->steps; i++)
		json_decref(l->step[i].json);
	l->steps = 0;
	json_decref(l->answer);
	l->answer = NULL;
}

static int show_work(struct db *d, void *data)
{
	struct looking *l = data;
	char currency[CURRENCY_SIZE];
	json_t *steps = json_array();
	const char *payment;

	forget(l);
	l->truncated = false;
	l->ended[0] = l->check[0] = '\0';
	l->there = timeline_currency(l->o, l->shop, currency) &&
		   timeline_visits(l->o, l->shop, 0, (int64_t)l->visit.n, 1, &l->v) == 1;
	if (l->there) {
		l->places = 0;
		place_add(l, l->v.place);
		entries_read(l);
		lines_read(l);
		payment = bill_read(l);
		qsort(l->step, l->steps, sizeof(l->step[0]), by_seq);
		for (uint32_t i = 0; i < l->steps; i++)
			json_array_append(steps, l->step[i].json);
		l->answer = timeline_visit_json(l->shop, currency, &l->v);
		if (l->check[0] != '\0')
			json_object_set_new(l->answer, "check", json_string(l->check));
		json_object_set_new(l->answer, "ended",
				    l->ended[0] != '\0' ? json_string(l->ended) : json_null());
		json_object_set_new(l->answer, "payment", json_string(payment));
		json_object_set_new(l->answer, "truncated", json_boolean(l->truncated));
		json_object_set(l->answer, "steps", steps);
	}
	json_decref(steps);
	return db_failed(d);
}

int timeline_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct looking *l;
	int error = 0;

	if (!timeline_owner(a, r))
		return 0;
	l = calloc(1, sizeof(*l));
	CHECK(l != NULL);
	l->o = o;
	l->a = a;
	l->shop = a->param[0];
	if (visit_parse(a->param[1], (uint32_t)strlen(a->param[1]), &l->visit) &&
	    l->visit.n <= INT64_MAX)
		error = db_read(o->db, show_work, l);
	if (error == 0 && l->there)
		reply_json(r, 200, json_incref(l->answer));
	else if (error == 0)
		reply_problem(r, 404, "unknown_visit", "The shop has told of no such visit.");
	forget(l);
	free(l);
	return error;
}
