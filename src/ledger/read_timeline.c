/*
 * read_timeline.c: visits and alarms in one line, newest first (read_timeline.h).
 *
 * Visits and alarms are numbered in the order in which they happened, each for itself: a page is
 * two lists merged by time, and where it ends are two numbers. No entry says which visit an alarm
 * is about: a door held open belongs to the newest visit that was open then, somebody inside for
 * too long to the oldest. All other alarms are nobody's.
 */
#include "ledger/read_timeline.h"

#include <stdlib.h>

#include "ledger/read_rows.h"
#include "ledger/read_sight.h"

enum {
	VISIT_SHIFT = 24,   /* a visit's number begins with the second in which it was opened */
	OPEN_THEN_MAX = 32, /* visits that are looked at for one alarm */
	LEFT_MS = 2000,	    /* a visit that ended with the door's closing was open until just now */
};

#define ALARM_COLUMNS                                                                              \
	"SELECT id, condition, place, severity, state, over, acknowledged_by, raised_at,"          \
	" changed_at FROM alarm "

static bool take_alarm(sqlite3_stmt *s, struct sight_alarm *a)
{
	uint32_t condition, severity, state;

	*a = (struct sight_alarm){
		.id = {(uint64_t)column_i64(s, 0)},
		.over = column_i64(s, 5) != 0,
		.raised_at = {column_i64(s, 7)},
		.changed_at = {column_i64(s, 8)},
	};
	if (!row_word(s, 1, CONDITIONS, &condition) || condition == 0 ||
	    !row_word(s, 3, SEVERITIES, &severity) || !row_word(s, 4, ALARM_STATES, &state))
		return false;
	a->condition = (enum condition)condition;
	a->severity = (enum severity)severity;
	a->state = (enum alarm_state)state;
	column_text(s, 2, a->place.name, sizeof(a->place.name));
	column_text(s, 6, a->by, sizeof(a->by));
	return true;
}

/* --- whose alarm it is */

static bool about_a_visit(enum condition c)
{
	return c == CONDITION_HELD_OPEN || c == CONDITION_INSIDE_LONG;
}

/* `open`: visits that were opened by then, newest first. */
static int visit_about(sqlite3_stmt *open, struct sight_alarm *a)
{
	int64_t second = a->raised_at.ms / 1000;
	int rc;

	a->visit = (struct visit_id){0};
	if (!about_a_visit(a->condition) || second < 0)
		return SQLITE_OK;
	bind_i64(open, 1,
		 second >= INT64_MAX >> VISIT_SHIFT ? INT64_MAX : (second + 1) << VISIT_SHIFT);
	bind_i64(open, 2, OPEN_THEN_MAX);
	while ((rc = sqlite3_step(open)) == SQLITE_ROW) {
		bool was_open = column_i64(open, 2) == 0 ||
				column_i64(open, 1) + LEFT_MS >= a->raised_at.ms;

		if (!was_open || column_i64(open, 3) > a->raised_at.ms)
			continue;
		a->visit.n = (uint64_t)column_i64(open, 0);
		if (a->condition == CONDITION_HELD_OPEN)
			break;
	}
	return sqlite3_reset(open);
}

static sqlite3_stmt *prepare_open(struct reader *r, int *ret_rc)
{
	return rows_prepare(r,
			    "SELECT id, closed_at, over, opened_at FROM visit WHERE id < ?1"
			    " ORDER BY id DESC LIMIT ?2",
			    ret_rc);
}

int sight_alarms(struct reader *r, const struct sight_visit *visit, uint32_t visits,
		 struct sight_alarm *ret, uint32_t max, uint32_t *ret_n)
{
	struct wall first = {INT64_MAX}, last = {0};
	int rc = SQLITE_DONE;
	sqlite3_stmt *get, *open;
	struct sight_alarm a;

	*ret_n = 0;
	for (uint32_t i = 0; i < visits; i++) {
		int64_t end = visit[i].closed_at.ms ? visit[i].closed_at.ms + LEFT_MS : INT64_MAX;

		first.ms = visit[i].opened_at.ms < first.ms ? visit[i].opened_at.ms : first.ms;
		last.ms = end > last.ms ? end : last.ms;
	}
	get = rows_prepare(r,
			   ALARM_COLUMNS "WHERE condition IN (1, 28) AND raised_at >= ?1"
					 " AND raised_at <= ?2 ORDER BY id LIMIT ?3",
			   &rc);
	open = get ? prepare_open(r, &rc) : NULL;
	if (open) {
		bind_i64(get, 1, first.ms);
		bind_i64(get, 2, last.ms);
		bind_i64(get, 3, SIGHT_SCAN_MAX);
		while (*ret_n < max && (rc = sqlite3_step(get)) == SQLITE_ROW) {
			if (!take_alarm(get, &a))
				rc = SQLITE_CORRUPT;
			else
				rc = visit_about(open, &a);
			if (rc != SQLITE_OK)
				break;
			for (uint32_t i = 0; i < visits && *ret_n < max; i++)
				if (a.visit.n != 0 && visit[i].id.n == a.visit.n)
					ret[(*ret_n)++] = a;
		}
	}
	sqlite3_finalize(get);
	sqlite3_finalize(open);
	return rc == SQLITE_ROW || rc == SQLITE_OK ? SQLITE_DONE : rc;
}

/* --- visits */

bool sight_take_visit(sqlite3_stmt *s, struct sight_visit *v)
{
	uint32_t end, check = 0;

	*v = (struct sight_visit){
		.id = {(uint64_t)column_i64(s, 0)},
		.opened_at = {column_i64(s, 3)},
		.closed_at = {column_i64(s, 5) != 0 ? column_i64(s, 4) : 0},
		.lines = (uint32_t)column_i64(s, 7),
		.total = column_money(s, 8),
		.last_line = (uint64_t)column_i64(s, 9),
		.checked = sqlite3_column_type(s, 10) != SQLITE_NULL,
	};
	if (!column_blob(s, 1, &v->customer, sizeof(v->customer)) ||
	    !row_word(s, 6, VISIT_ENDS, &end) ||
	    (v->checked && !row_word(s, 10, CHECK_STATES, &check)))
		return false;
	v->end = (enum visit_end)end;
	v->check = (enum check_state)check;
	column_text(s, 2, v->place.name, sizeof(v->place.name));
	return true;
}

sqlite3_stmt *sight_invoice_prepare(struct reader *r, int *ret_rc)
{
	return rows_prepare(
		r,
		"SELECT i.id FROM invoice i WHERE i.customer = ?1 AND i.original = 0"
		" AND i.seq > ?2 AND EXISTS (SELECT 1 FROM invoice_pack p, json_each(p.lines) j"
		" WHERE p.invoice = i.id AND p.first = (SELECT max(first) FROM invoice_pack"
		" WHERE invoice = i.id AND first <= ?2) AND j.value = ?2) ORDER BY i.id LIMIT 1",
		ret_rc);
}

int sight_invoice_of(sqlite3_stmt *get, const struct customer *customer, uint64_t line,
		     struct invoice_id *ret)
{
	*ret = (struct invoice_id){0};
	bind_blob(get, 1, customer->byte, sizeof(customer->byte));
	bind_u64(get, 2, line);
	if (sqlite3_step(get) == SQLITE_ROW)
		ret->n = (uint64_t)column_i64(get, 0);
	return sqlite3_reset(get);
}

/* The newest line of a visit that holds, and its invoice. */
static int invoice_of_visit(sqlite3_stmt *line, sqlite3_stmt *invoice, struct sight_visit *v)
{
	struct customer customer;
	uint64_t seq = 0;
	int rc;

	if (v->lines == 0)
		return SQLITE_OK;
	bind_u64(line, 1, v->id.n);
	if (sqlite3_step(line) == SQLITE_ROW && column_blob(line, 1, &customer, sizeof(customer)))
		seq = (uint64_t)column_i64(line, 0);
	rc = sqlite3_reset(line);
	return rc == SQLITE_OK && seq != 0 ? sight_invoice_of(invoice, &customer, seq, &v->invoice)
					   : rc;
}

static int invoices_of(struct reader *r, struct sight_visit *visit, uint32_t visits)
{
	int rc = SQLITE_OK;
	sqlite3_stmt *line =
		rows_prepare(r,
			     LINES_OF_VISIT "SELECT seq, customer FROM line JOIN chain USING(seq)"
					    " WHERE voided = 0 AND credited = 0"
					    " ORDER BY seq DESC LIMIT 1",
			     &rc);
	sqlite3_stmt *invoice = line ? sight_invoice_prepare(r, &rc) : NULL;

	for (uint32_t i = 0; invoice && i < visits && rc == SQLITE_OK; i++)
		rc = invoice_of_visit(line, invoice, &visit[i]);
	sqlite3_finalize(line);
	sqlite3_finalize(invoice);
	return rc == SQLITE_OK ? SQLITE_DONE : rc;
}

/* --- a page */

struct page {
	struct sight_cursor before;
	uint32_t max;
	struct sights *ret;
	uint32_t visits, alarms;
	struct sight_visit visit[SIGHTS_MAX + 1];
	struct sight_alarm alarm[SIGHTS_MAX + 1];
	struct wall horizon;  /* alarms that were raised before it were not looked at … */
	struct alarm_id last; /* … nor those of lower numbers */
};

static int page_visits(struct reader *r, struct page *p)
{
	int rc;
	sqlite3_stmt *get =
		rows_prepare(r, SIGHT_VISIT "WHERE v.id < ?1 ORDER BY v.id DESC LIMIT ?2", &rc);

	if (!get)
		return rc;
	p->visits = 0;
	bind_u64(get, 1, p->before.visit.n);
	bind_i64(get, 2, p->max + 1);
	while (p->visits <= p->max && (rc = sqlite3_step(get)) == SQLITE_ROW)
		if (!sight_take_visit(get, &p->visit[p->visits++])) {
			rc = SQLITE_CORRUPT;
			break;
		}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static int page_alarms(struct reader *r, struct page *p)
{
	uint32_t looked = 0;
	int rc;
	sqlite3_stmt *get =
		rows_prepare(r, ALARM_COLUMNS "WHERE id < ?1 ORDER BY id DESC LIMIT ?2", &rc);
	sqlite3_stmt *open = get ? prepare_open(r, &rc) : NULL;

	p->alarms = 0;
	p->horizon = (struct wall){INT64_MIN};
	if (open) {
		bind_u64(get, 1, p->before.alarm.n);
		bind_i64(get, 2, SIGHT_SCAN_MAX);
		while (p->alarms <= p->max && (rc = sqlite3_step(get)) == SQLITE_ROW) {
			struct sight_alarm *a = &p->alarm[p->alarms];

			rc = take_alarm(get, a) ? visit_about(open, a) : SQLITE_CORRUPT;
			if (rc != SQLITE_OK)
				break;
			rc = SQLITE_ROW;
			p->alarms += a->visit.n == 0;
			if (++looked < SIGHT_SCAN_MAX)
				continue;
			p->horizon = a->raised_at;
			p->last = a->id;
		}
	}
	sqlite3_finalize(get);
	sqlite3_finalize(open);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

/* Takes the newer of the two heads, row by row. */
static void merge(struct page *p)
{
	struct sights *s = p->ret;
	uint32_t v = 0, a = 0;

	s->rows = 0;
	s->next = p->before;
	while (s->rows < p->max && (v < p->visits || a < p->alarms)) {
		struct sight *row = &s->row[s->rows];

		if (v < p->visits && p->visit[v].opened_at.ms < p->horizon.ms && a == p->alarms)
			break; /* an alarm may belong before it */
		s->rows++;
		row->is_alarm =
			v == p->visits ||
			(a < p->alarms && p->alarm[a].raised_at.ms > p->visit[v].opened_at.ms);
		if (row->is_alarm) {
			row->alarm = p->alarm[a++];
			s->next.alarm = row->alarm.id;
		} else {
			row->visit = p->visit[v++];
			s->next.visit = row->visit.id;
		}
	}
	s->more = v < p->visits || a < p->alarms || p->horizon.ms != INT64_MIN;
	/* a long row of alarms that stand at their visits: go on behind them */
	if (a == p->alarms && p->horizon.ms != INT64_MIN)
		s->next.alarm = p->last;
}

static int page_query(struct reader *r, void *data)
{
	struct page *p = data;
	struct sights *s = p->ret;
	struct sight_visit *shown = p->visit;
	uint32_t visits = 0;
	int rc = page_visits(r, p);

	if (rc == SQLITE_DONE)
		rc = page_alarms(r, p);
	if (rc != SQLITE_DONE)
		return rc;
	rc = invoices_of(r, p->visit, p->visits);
	merge(p);
	for (uint32_t i = 0; i < s->rows; i++)
		visits += !s->row[i].is_alarm;
	if (rc == SQLITE_DONE && visits > 0)
		rc = sight_alarms(r, shown, visits, s->alarm, SIGHT_ALARMS_MAX, &s->alarms);
	else
		s->alarms = 0;
	return rc;
}

int reader_sights(struct reader *r, struct sight_cursor before, uint32_t max, struct sights *ret)
{
	struct page *p;
	int error;

	CHECK(max > 0 && max <= SIGHTS_MAX);
	p = calloc(1, sizeof(*p));
	CHECK(p);
	p->before = before;
	p->max = max;
	p->ret = ret;
	error = reader_run(r, READ_LEDGER, page_query, p);
	free(p);
	return error;
}
