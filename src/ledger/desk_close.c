/*
 * desk_close.c: the month's close, from the question whether the month may be closed to the entry
 * that says it is.
 *
 * A close is many short transactions with room for scans between them. Whatever ends it half way, a
 * power cut, a full disk, a stop, leaves whole invoices and no PERIOD_CLOSED; asked again it makes
 * the invoices that are missing. At the end the books have to agree with themselves (audit.h), else
 * the month stays open and the answer says where they do not.
 */
#include "ledger/close.h"

#include <stdio.h>
#include <stdlib.h>

#define DUE_DAYS_MAX	366
#define ROLL_MONTHS_MAX 24

/* --- may it be closed? */

static bool read_before(struct desk *d, struct entry_period_closed *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_CLOSED);
	struct entry e;

	*ret = (struct entry_period_closed){0};
	if (!desk_row(d, DESK_GET_CLOSED))
		return false;
	desk_entry(d, get, 0, &e);
	desk_done(d, DESK_GET_CLOSED);
	*ret = e.period_closed;
	return true;
}

static bool policy_bad(const struct close_policy *p, struct desk_result *r)
{
	if (p->due_days < 0 || p->due_days > DUE_DAYS_MAX)
		desk_refuse(r, "an invoice is due 0 to %d days after its day", DUE_DAYS_MAX);
	else if (money_compare(p->roll_least, MONEY_ZERO) < 0)
		desk_refuse(r, "the least sum of an invoice is less than nothing");
	else if (p->roll_months < 0 || p->roll_months > ROLL_MONTHS_MAX)
		desk_refuse(r, "a small sum waits for 0 to %d months", ROLL_MONTHS_MAX);
	else
		return false;
	return true;
}

static bool period_bad(struct period p, struct desk_result *r)
{
	if (p.n / 100 >= 1970 && p.n / 100 <= 9998 && p.n % 100 >= 1 && p.n % 100 <= 12)
		return false;
	desk_refuse(r, "that is no month: say it as 2026-10");
	return true;
}

/* Already closed: the same answer again. */
static bool is_closed(struct desk *d, struct period period, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_PERIOD);

	bind_i64(get, 1, period.n);
	if (!desk_row(d, DESK_GET_PERIOD))
		return false;
	r->seq = (uint64_t)column_i64(get, 0);
	r->done = r->all = (uint32_t)column_i64(get, 1);
	r->answer = DESK_REPEATED;
	desk_done(d, DESK_GET_PERIOD);
	return true;
}

static bool month_runs(const struct desk_request *q, struct desk_result *r)
{
	struct day next = period_first(period_add(q->period, 1));
	char month[PERIOD_TEXT_SIZE], from[DAY_TEXT_SIZE];

	period_text(q->period, month);
	if (!q->clock_trusted) {
		desk_refuse(r,
			    "the shop's clock is not trusted, so nobody knows whether %s is over: "
			    "shopctl clock trust, or wait for the network",
			    month);
		return true;
	}
	if (q->today.n >= next.n)
		return false;
	day_text(next, from);
	desk_refuse(r, "%s is not over yet: it can be closed from %s on", month, from);
	return true;
}

/* A line whose day nobody knows could be of any month. */
static bool any_unsure(struct desk *d, struct desk_result *r)
{
	uint64_t seq;

	desk_get(d, DESK_GET_UNSURE);
	if (!desk_row(d, DESK_GET_UNSURE))
		return false;
	seq = (uint64_t)column_i64(d->statement[DESK_GET_UNSURE], 0);
	desk_done(d, DESK_GET_UNSURE);
	desk_refuse(r,
		    "line %llu was bought while the clock was not trusted, and its day is not put "
		    "right yet: wait until the clock has been trusted",
		    (unsigned long long)seq);
	return true;
}

static bool out_of_turn(struct period asked, struct period newest, struct desk_result *r)
{
	char month[PERIOD_TEXT_SIZE], closed[PERIOD_TEXT_SIZE];

	if (asked.n > newest.n)
		return false;
	period_text(asked, month);
	period_text(newest, closed);
	desk_refuse(r, "%s is closed already: what is left of %s goes on the next invoices", closed,
		    month);
	return true;
}

struct close *close_begin(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry_period_closed before;
	struct close *c;

	if (period_bad(q->period, r) || policy_bad(&q->policy, r) || is_closed(d, q->period, r) ||
	    month_runs(q, r))
		return NULL;
	if (read_before(d, &before) && out_of_turn(q->period, before.period, r))
		return NULL;
	if (any_unsure(d, r))
		return NULL;
	c = calloc(1, sizeof(*c));
	CHECK(c);
	c->request = *q;
	c->began = thread_mono();
	c->before = before;
	c->last.n = period_first(period_add(q->period, 1)).n - 1;
	/* the numbers of entries begin with 1 */
	c->low = before.low > 0 ? before.low : 1;
	c->answer = desk_result_new(DESK_CLOSE, q->tag);
	return c;
}

void close_free(struct close *c)
{
	if (!c)
		return;
	gather_free(c);
	audit_free(c->audit);
	desk_result_free(c->answer);
	free(c);
}

/* --- the sums, and the end */

static uint32_t invoices_of(struct desk *d, struct period period)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_PERIOD_COUNT);
	uint32_t n = 0;

	bind_i64(get, 1, period.n);
	if (desk_row(d, DESK_GET_PERIOD_COUNT)) {
		n = (uint32_t)column_i64(get, 0);
		desk_done(d, DESK_GET_PERIOD_COUNT);
	}
	return n;
}

/* The month is closed: STORED_FULL when there is no room to say so. */
static enum stored end(struct desk *d, struct close *c, const struct audit_found *found,
		       struct desk_result *r)
{
	struct entry e = {
		.kind = ENTRY_PERIOD_CLOSED, .at = close_now(c), .period_closed = found->sums};
	enum stored stored = store_begin(d->store);

	e.period_closed.period = c->request.period;
	e.period_closed.invoices = c->invoices = invoices_of(d, c->request.period);
	if (stored == STORED_OK)
		stored = desk_append(d, &e, r);
	if (stored == STORED_OK)
		stored = store_commit(d->store);
	if (stored != STORED_OK)
		store_rollback(d->store);
	return stored;
}

/* True: the close is at its end, *r answers it. */
static bool sum_up(struct desk *d, struct close *c, struct slice *s, struct desk_result *r,
		   enum stored *ret_stored)
{
	struct audit_found found;
	int rc = SQLITE_OK;

	if (!c->audit) {
		if (any_unsure(d, r))
			return true;
		gather_free(c);
		c->audit = audit_new(&c->before, d->store->head.seq);
	}
	while (!s->over && rc == SQLITE_OK) {
		rc = audit_step(c->audit, d->store->writer.db, &found);
		slice_spend(s, SLICE_LOOK);
	}
	if (rc == SQLITE_OK)
		return false;
	if (rc != SQLITE_DONE)
		sql_panic(d->store->writer.db, rc, "adding up the books");
	if (!found.ok)
		desk_refuse(r, "%s", found.why);
	else
		*ret_stored = end(d, c, &found, r);
	return true;
}

/* --- slices */

/* Hands over what was gathered in the answer; the close goes on with a fresh one. */
static struct desk_result *tell(struct close *c, enum desk_answer answer)
{
	struct desk_result *r = c->answer;

	r->answer = answer;
	r->done = c->invoices;
	r->all = c->households > c->invoices ? c->households : c->invoices;
	c->answer = desk_result_new(DESK_CLOSE, c->request.tag);
	return r;
}

static struct desk_result *finish(struct desk *d, enum desk_answer answer)
{
	struct desk_result *r = tell(d->close, answer);

	close_free(d->close);
	d->close = NULL;
	return r;
}

struct desk_result *desk_drop(struct desk *d)
{
	snprintf(d->close->answer->why, sizeof(d->close->answer->why),
		 "the disk is full: the invoices made by now stand, make room and close again");
	return finish(d, DESK_UNAVAILABLE);
}

struct desk_result *desk_slice(struct desk *d, bool may_tell, desk_hurry_fn *hurry, void *data)
{
	struct close *c = d->close;
	struct slice s = {.until_us = thread_mono_us() + SLICE_US, .hurry = hurry, .data = data};
	enum stored stored = STORED_OK;
	bool ended = false;

	if (c->phase < CLOSE_INVOICES) {
		ended = !gather_slice(d, c, &s, c->answer);
	} else if (c->phase == CLOSE_INVOICES) {
		stored = bill_slice(d, c, &s, c->answer);
		ended = c->answer->answer == DESK_REFUSED;
		if (c->next == c->households)
			c->phase = CLOSE_SUMS;
	} else {
		ended = sum_up(d, c, &s, c->answer, &stored);
	}
	if (stored != STORED_OK)
		return desk_drop(d);
	if (ended)
		return finish(d, c->answer->answer);
	return may_tell && c->answer->changes > 0 ? tell(c, DESK_WORKING) : NULL;
}
