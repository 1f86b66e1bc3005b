/*
 * desk_visit.c: the results of checks, and what shoppers report.
 *
 * A check is a question about a visit, never about a person, and its result is said once: who
 * thinks otherwise later picks the visit anew. A report waits for the owner until it is answered by
 * a credit or by the visit's check.
 */
#include "ledger/desk_inside.h"

#include <stdio.h>

static bool visit_known(struct desk *d, struct visit_id visit)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_VISIT);

	if (visit.n == 0 || visit.n > INT64_MAX)
		return false;
	bind_u64(get, 1, visit.n);
	if (!desk_row(d, DESK_GET_VISIT))
		return false;
	desk_done(d, DESK_GET_VISIT);
	return true;
}

struct checked {
	bool picked; /* there is a check at all */
	uint64_t seq;
	struct entry_check is;
};

static struct checked read_check(struct desk *d, struct visit_id visit)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_CHECK);
	struct checked c = {0};

	bind_u64(get, 1, visit.n);
	if (!desk_row(d, DESK_GET_CHECK))
		return c;
	c.picked = true;
	c.seq = (uint64_t)column_i64(get, 0);
	c.is.visit = visit;
	c.is.state = (enum check_state)column_i64(get, 1);
	c.is.reason = (enum check_reason)column_i64(get, 2);
	column_text(get, 3, c.is.why, sizeof(c.is.why));
	column_text(get, 4, c.is.by, sizeof(c.is.by));
	desk_done(d, DESK_GET_CHECK);
	return c;
}

static enum stored repeated(uint64_t seq, struct desk_result *r)
{
	r->answer = DESK_REPEATED;
	r->seq = seq;
	return STORED_OK;
}

/* The owner wants to look at a visit that nothing else picked. */
static enum stored pick(struct desk *d, const struct checked *was, struct entry *e,
			struct desk_result *r)
{
	if (was->picked && was->is.state == CHECK_PICKED)
		return repeated(was->seq, r);
	if (was->picked)
		return desk_refuse(r, "that visit was checked already: %s, by %s",
				   check_state_word(was->is.state), was->is.by);
	e->check.reason = CHECK_OWNER;
	return desk_append(d, e, r);
}

static enum stored result(struct desk *d, const struct checked *was, struct entry *e,
			  struct desk_result *r)
{
	if (!was->picked)
		return desk_refuse(r, "that visit was not picked for a check: pick it first");
	if (was->is.state != CHECK_PICKED) {
		if (was->is.state == e->check.state && strcmp(was->is.why, e->check.why) == 0 &&
		    strcmp(was->is.by, e->check.by) == 0)
			return repeated(was->seq, r);
		return desk_refuse(r, "that visit was checked already: %s, by %s",
				   check_state_word(was->is.state), was->is.by);
	}
	e->check.reason = was->is.reason;
	return desk_append(d, e, r);
}

enum stored desk_check(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_CHECK, .at = q->at, .check = q->entry.check};
	struct checked was;

	if (desk_by_bad(e.check.by, r) ||
	    desk_text_bad("what was found", e.check.why, sizeof(e.check.why), r))
		return STORED_OK;
	if ((uint32_t)e.check.state >= CHECK_STATES)
		return desk_refuse(r, "a check passes, fails or is waived");
	if (!visit_known(d, e.check.visit))
		return desk_refuse(r, "there is no such visit");
	was = read_check(d, e.check.visit);
	return e.check.state == CHECK_PICKED ? pick(d, &was, &e, r) : result(d, &was, &e, r);
}

/* The line of that key in that visit; 0: there is none. */
static uint64_t line_of(struct desk *d, struct visit_id visit, const char *key)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LINE_OF_KEY);
	uint64_t seq = 0;

	bind_u64(get, 1, visit.n);
	bind_text(get, 2, key);
	if (desk_row(d, DESK_GET_LINE_OF_KEY)) {
		seq = (uint64_t)column_i64(get, 0);
		desk_done(d, DESK_GET_LINE_OF_KEY);
	}
	return seq;
}

static bool report_bad(const struct entry_reported *p, struct desk_result *r)
{
	if (desk_text_bad("what is wrong", p->why, sizeof(p->why), r))
		return true;
	if (p->reason != CREDIT_WRONG_LINE && p->reason != CREDIT_BROKEN &&
	    p->reason != CREDIT_PRICE) {
		desk_refuse(r, "a line can be reported as wrong, as broken, or for its price");
		return true;
	}
	if (!name_valid(p->line.text, (uint32_t)strnlen(p->line.text, sizeof(p->line.text)))) {
		desk_refuse(r, "which line is meant is not told");
		return true;
	}
	return false;
}

enum stored desk_reported(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_REPORTED, .at = q->at, .reported = q->entry.reported};
	const struct entry_reported *p = &e.reported;
	char why[REASON_MAX + 1];
	sqlite3_stmt *get;
	uint64_t line;

	if (report_bad(p, r))
		return STORED_OK;
	if (!visit_known(d, p->visit))
		return desk_refuse(r, "there is no such visit");
	line = line_of(d, p->visit, p->line.text);
	if (line == 0)
		return desk_refuse(r, "there is no such line in that visit");
	get = desk_get(d, DESK_GET_REPORTED);
	bind_u64(get, 1, line);
	if (desk_row(d, DESK_GET_REPORTED)) {
		uint64_t seq = (uint64_t)column_i64(get, 0);
		bool same = column_i64(get, 1) == (int64_t)p->reason;

		column_text(get, 2, why, sizeof(why));
		desk_done(d, DESK_GET_REPORTED);
		if (same && strcmp(why, p->why) == 0)
			return repeated(seq, r);
		return desk_refuse(r, "that line is reported already: the owner will look at it");
	}
	return desk_append(d, &e, r);
}
