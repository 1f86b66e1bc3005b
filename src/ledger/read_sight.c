/*
 * read_sight.c: one visit with all its steps, from the door to its invoice: its row, its lines, and
 * what was found out and said about it afterwards. read_sight_past.c has what stands in entries
 * alone, read_sight_paper.c what became of the money.
 *
 * The steps are many small queries, each of one visit, one line or one invoice; that they are not
 * of one moment shows no more than that somebody is shopping.
 */
#include "ledger/read_sight.h"

#include <stdlib.h>

#include "ledger/read_rows.h"

struct sight_step *sight_step_new(struct sight_whole *w, enum sight_kind kind, struct wall at,
				  uint64_t seq)
{
	struct sight_step *step;

	if (w->steps == SIGHT_STEPS_MAX) {
		w->truncated = true;
		return NULL;
	}
	step = &w->step[w->steps++];
	*step = (struct sight_step){
		.kind = kind, .at = at, .seq = seq, .line = UINT32_MAX, .invoice = UINT32_MAX};
	return step;
}

/* --- its lines */

static bool take_line(sqlite3_stmt *s, struct sight_line *l)
{
	*l = (struct sight_line){
		.seq = (uint64_t)column_i64(s, 0),
		.gtin = {(uint64_t)column_i64(s, 2)},
		.quantity_milli = column_i64(s, 4),
		.unit_price = column_money(s, 5),
		.deposit = column_money(s, 6),
		.total = column_money(s, 7),
		.vat_bp = (int32_t)column_i64(s, 8),
		.voided = (uint64_t)column_i64(s, 9),
		.credited = (uint64_t)column_i64(s, 10),
		.late = column_i64(s, 11) != 0,
		.at = {column_i64(s, 12)},
	};
	column_text(s, 1, l->key.text, sizeof(l->key.text));
	column_text(s, 3, l->name, sizeof(l->name));
	return column_i64(s, 2) > 0 && column_blob(s, 13, &l->customer, sizeof(l->customer));
}

static int lines_read(struct reader *r, struct sight_whole *w)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		LINES_OF_VISIT "SELECT seq, key, gtin, name, quantity_milli, unit_price, deposit,"
			       " total, vat_bp, voided, credited, late, at, customer FROM line"
			       " JOIN chain USING(seq) ORDER BY seq LIMIT ?2",
		&rc);

	if (!get)
		return rc;
	bind_u64(get, 1, w->visit.id.n);
	bind_i64(get, 2, VISIT_LINES_MAX);
	while (w->lines < VISIT_LINES_MAX && (rc = sqlite3_step(get)) == SQLITE_ROW)
		if (!take_line(get, &w->line[w->lines++])) {
			rc = SQLITE_CORRUPT;
			break;
		}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

/* The entry that took a line back: when, and of a credit why and by whom. */
static int taken_back(struct sight_whole *w, sqlite3_stmt *entry, uint32_t line, bool credit)
{
	uint64_t seq = credit ? w->line[line].credited : w->line[line].voided;
	struct sight_step *step;
	struct entry e;
	struct span body;
	int rc;

	bind_u64(entry, 1, seq);
	rc = sqlite3_step(entry);
	if (rc == SQLITE_ROW) {
		step = sight_step_new(w, credit ? SIGHT_LINE_CREDITED : SIGHT_LINE_VOIDED,
				      (struct wall){column_i64(entry, 0)}, seq);
		body = (struct span){sqlite3_column_blob(entry, 2),
				     (uint32_t)sqlite3_column_bytes(entry, 2)};
		if (step)
			step->line = line;
		if (step && credit && entry_decode(ENTRY_LINE_CREDITED, body, &e)) {
			step->report.reason = e.line_credited.reason;
			memcpy(step->report.why, e.line_credited.why, sizeof(step->report.why));
			memcpy(step->by, e.line_credited.by, sizeof(step->by));
		}
	}
	return sqlite3_reset(entry);
}

static int lines_steps(struct reader *r, struct sight_whole *w)
{
	int rc;
	sqlite3_stmt *entry =
		rows_prepare(r, "SELECT at, kind, body FROM entry WHERE seq = ?1", &rc);
	struct sight_step *step;

	if (!entry)
		return rc;
	rc = SQLITE_OK;
	for (uint32_t i = 0; i < w->lines && rc == SQLITE_OK; i++) {
		const struct sight_line *l = &w->line[i];

		step = sight_step_new(w, SIGHT_LINE, l->at, l->seq);
		if (step)
			step->line = i;
		if (l->voided != 0)
			rc = taken_back(w, entry, i, false);
		if (l->credited != 0 && rc == SQLITE_OK)
			rc = taken_back(w, entry, i, true);
	}
	sqlite3_finalize(entry);
	return rc == SQLITE_OK ? SQLITE_DONE : rc;
}

/* --- what was said and found out */

static uint32_t line_at(const struct sight_whole *w, uint64_t seq)
{
	for (uint32_t i = 0; i < w->lines; i++)
		if (w->line[i].seq == seq)
			return i;
	return UINT32_MAX;
}

static int reports_steps(struct reader *r, struct sight_whole *w)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		"SELECT p.seq, e.at, p.line, p.reason, p.why FROM reported p JOIN entry e"
		" ON e.seq = p.seq WHERE p.visit = ?1 ORDER BY p.seq LIMIT ?2",
		&rc);
	struct sight_step *step;
	uint32_t reason;

	if (!get)
		return rc;
	bind_u64(get, 1, w->visit.id.n);
	bind_i64(get, 2, VISIT_LINES_MAX);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		step = sight_step_new(w, SIGHT_REPORTED, (struct wall){column_i64(get, 1)},
				      (uint64_t)column_i64(get, 0));
		if (!step)
			break;
		if (!row_word(get, 3, CREDIT_REASONS, &reason)) {
			rc = SQLITE_CORRUPT;
			break;
		}
		step->line = line_at(w, (uint64_t)column_i64(get, 2));
		step->report.reason = (enum credit_reason)reason;
		column_text(get, 4, step->report.why, sizeof(step->report.why));
	}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

/* That it was picked, and, where it was looked at, what that found. */
static void check_steps_of(struct sight_whole *w, sqlite3_stmt *get, enum check_reason reason)
{
	enum check_state state = w->visit.check;
	struct sight_step *step = sight_step_new(w, SIGHT_CHECK, (struct wall){column_i64(get, 3)},
						 (uint64_t)column_i64(get, 0));

	if (step) {
		step->check.state = CHECK_PICKED;
		step->check.reason = reason;
	}
	if (state == CHECK_PICKED)
		return;
	step = sight_step_new(w, SIGHT_CHECK, (struct wall){column_i64(get, 1)},
			      (uint64_t)column_i64(get, 0));
	if (!step)
		return;
	step->check.state = state;
	step->check.reason = reason;
	column_text(get, 4, step->check.why, sizeof(step->check.why));
	column_text(get, 5, step->by, sizeof(step->by));
}

static int check_steps(struct reader *r, struct sight_whole *w)
{
	uint32_t reason;
	int rc;
	sqlite3_stmt *get =
		rows_prepare(r,
			     "SELECT k.seq, e.at, k.reason, k.picked_at, k.why, k.by FROM"
			     " visit_check k JOIN entry e ON e.seq = k.seq WHERE k.visit = ?1",
			     &rc);

	if (!get)
		return rc;
	bind_u64(get, 1, w->visit.id.n);
	rc = sqlite3_step(get);
	if (rc == SQLITE_ROW) {
		rc = row_word(get, 2, CHECK_REASONS, &reason) ? SQLITE_DONE : SQLITE_CORRUPT;
		if (rc == SQLITE_DONE)
			check_steps_of(w, get, (enum check_reason)reason);
	}
	sqlite3_finalize(get);
	return rc;
}

/* --- the whole */

static int visit_read(struct reader *r, struct visit_id visit, struct sight_whole *w)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(r, SIGHT_VISIT "WHERE v.id = ?1", &rc);

	if (!get)
		return rc;
	bind_u64(get, 1, visit.n);
	rc = sqlite3_step(get);
	if (rc == SQLITE_ROW && !sight_take_visit(get, &w->visit))
		rc = SQLITE_CORRUPT;
	sqlite3_finalize(get);
	return rc;
}

struct whole_query {
	struct visit_id visit;
	bool found;
	struct sight_whole *w;
};

static int whole_query(struct reader *r, void *data)
{
	static int (*const parts[])(struct reader * r, struct sight_whole * w) = {
		lines_read, lines_steps, reports_steps, check_steps, sight_papers, sight_entries};
	struct whole_query *q = data;
	int rc;

	q->w->lines = q->w->invoices = q->w->alarms = q->w->steps = 0;
	q->w->truncated = false;
	rc = visit_read(r, q->visit, q->w);
	q->found = rc == SQLITE_ROW;
	if (q->found)
		rc = sight_alarms(r, &q->w->visit, 1, q->w->alarm, SIGHT_ALARMS_MAX, &q->w->alarms);
	for (uint32_t i = 0; i < ARRAY_LEN(parts) && q->found && rc == SQLITE_DONE; i++)
		rc = parts[i](r, q->w);
	return rc;
}

static int by_time(const void *a, const void *b)
{
	const struct sight_step *x = a, *y = b;

	if (x->at.ms != y->at.ms)
		return x->at.ms < y->at.ms ? -1 : 1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

int reader_sight(struct reader *r, struct visit_id visit, struct sight_whole *ret)
{
	struct whole_query q = {.visit = visit, .w = ret};
	int error;

	if (visit.n == 0 || visit.n > INT64_MAX)
		return 0;
	error = reader_run(r, READ_LEDGER, whole_query, &q);
	if (error < 0 || !q.found)
		return error;
	if (ret->steps > 1)
		qsort(ret->step, ret->steps, sizeof(ret->step[0]), by_time);
	return 1;
}
