/*
 * erase.c: a member who wants to be forgotten (GDPR art. 17). What goes: mail, phone, keys, who has
 * looked, invitations, labels of passes; at the shops the keys, and the door's log of this
 * customer. What stays, under the random customer key: invoices, the lines and payments on them,
 * for the seven years of Bokföringslagen 7 kap. 2 §, and with an invoice the name and address that
 * stand on it (5 kap. 7 §: an accounting record names its counterparty, and is kept as it was
 * sent). These are shown nowhere but on the document. Who never got an invoice leaves no name. The
 * answer tells both.
 *
 * Somebody who owes is not forgotten by mistake: it is refused in words, unless `force` is said.
 *
 * The shops are told MEMBER_GONE and ERASE. Which shops those were stays in member_shop: a box that
 * is restored from an old backup has to be told again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "officed/pass.h"
#include "officed/view.h"

enum {
	KEEP_YEARS = 7,
	FORGET_MAX = 200, /* in one run of the job */
};

struct erasing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	int64_t force;
	json_t *answer;
};

#define DAY_MS INT64_C(86400000)
/** An invitation that has run out is forgotten after thirty days. */
#define INVITATION_KEEP_MS (30 * DAY_MS)

/** Invoices that wait to be mailed. */
static int64_t unmailed(struct office *o, const struct customer *c)
{
	int64_t n = 0;

	db_one(o->db, &n, "SELECT count(*) FROM bundle WHERE customer = $1 AND due_at > 0 LIMIT 1",
	       DB_VALUES(db_bytes(c->byte, sizeof(c->byte))));
	return n;
}

/** Lines that no invoice bears yet: the shop will make one of them. */
static bool unbilled(struct office *o, const struct customer *c)
{
	int64_t one;

	return db_one(o->db, &one,
		      "SELECT 1 FROM visit v JOIN line l ON l.shop = v.shop AND l.visit = v.visit"
		      " WHERE v.customer = $1 AND l.voided = 0 AND l.credited = 0 AND l.seq >"
		      " COALESCE((SELECT max(p.seq) FROM period_closed p WHERE p.shop = v.shop), 0)"
		      " LIMIT 1",
		      DB_VALUES(db_bytes(c->byte, sizeof(c->byte))));
}

/** The last day for which a name has to stand on an invoice; 0: there is none. */
static struct day books_until(struct office *o, const struct customer *c)
{
	int32_t year = 1970, month, date;
	int64_t newest = 0;
	struct day until = {0};

	db_one(o->db, &newest,
	       "SELECT COALESCE(max(issued), 0) FROM invoice WHERE customer = $1 LIMIT 1",
	       DB_VALUES(db_bytes(c->byte, sizeof(c->byte))));
	if (newest == 0)
		return until;
	day_civil((struct day){(int32_t)newest}, &year, &month, &date);
	/* a box says on which day: it may say any */
	if (!day_of(year + KEEP_YEARS, 12, 31, &until))
		until.n = DAY_MAX;
	return until;
}

/** Whether somebody still has to write to them. */
static bool owes(struct office *o, const struct customer *c)
{
	int64_t minor;

	return open_invoices(o, c, &minor) > 0 || unmailed(o, c) > 0 || unbilled(o, c);
}

static bool may_go(struct erasing *e, const struct person *p)
{
	int64_t minor = 0, n = open_invoices(e->o, &p->customer, &minor);

	if (e->force || (n == 0 && !unbilled(e->o, &p->customer)) || db_failed(e->o->db))
		return true;
	if (n > 0)
		reply_problem(
			e->r, 409, "invoices_unpaid",
			"%lld invoices are not paid, %lld.%02lld in all. Wait until they are, "
			"or say force=1: then what they need of the address stays until then.",
			(long long)n, (long long)(minor / 100), (long long)(minor % 100));
	else
		reply_problem(e->r, 409, "purchases_unbilled",
			      "There are purchases that no invoice bears yet. Wait for the month's "
			      "close, or say force=1: then the address stays until they are paid.");
	return false;
}

static void shops_tell(struct erasing *e, const struct person *p)
{
	struct sync_change gone = {.kind = SYNC_MEMBER_GONE, .gone = p->customer};
	struct sync_change erase = {.kind = SYNC_ERASE, .gone = p->customer};

	feed_add_member(e->o, p->member, &gone, e->a->now);
	feed_add_member(e->o, p->member, &erase, e->a->now);
}

static void rows_blank(struct erasing *e, struct person *p)
{
	struct db *d = e->o->db;

	db_do(d, "DELETE FROM member_key WHERE member = $1", DB_VALUES(db_text(p->member)));
	db_do(d, "DELETE FROM look WHERE member = $1", DB_VALUES(db_text(p->member)));
	db_do(d, "DELETE FROM invitation WHERE member = $1", DB_VALUES(db_text(p->member)));
	pass_revoke_all(e->o, p->member, e->a->now);
	p->state = MEMBER_ERASED;
	p->role = ROLE_MEMBER;
	p->flags = 0;
	p->credit_limit = 0;
	p->changed_at = p->erased_at = e->a->now.ms;
	if (owes(e->o, &p->customer)) {
		party_reduce(p->party, p->mail_invoices);
	} else if (books_until(e->o, &p->customer).n != 0) {
		party_reduce(p->party, false);
		p->mail_invoices = false;
	} else {
		explicit_bzero(p->party, sizeof(p->party));
		p->mail_invoices = false;
	}
	person_write(e->o, p, false);
}

/* --- the answer */

static void kept_add(json_t *kept, const char *what, int64_t count, const char *why, json_t *until)
{
	if (count > 0)
		json_array_append_new(kept,
				      json_pack("{s:s, s:I, s:s, s:o}", "what", what, "count",
						(json_int_t)count, "why", why, "until", until));
	else
		json_decref(until);
}

/** The last day of the seventh year after the one that a document belongs to. */
static json_t *seven_years(int64_t day)
{
	int32_t year = 1970, month, date;
	char text[24];

	day_civil((struct day){(int32_t)day}, &year, &month, &date);
	snprintf(text, sizeof(text), "%04d-12-31", year + KEEP_YEARS);
	return json_string(text);
}

static void books_add(struct erasing *e, const struct person *p, json_t *kept)
{
	static const char law[] =
		"Bokföringslagen 7 kap. 2 §: accounts are kept until the end of the seventh year "
		"after the calendar year in which the financial year ended";
	struct db_value c = db_bytes(p->customer.byte, sizeof(p->customer.byte));
	int64_t invoices = 0, newest = 0, lines = 0, line_day = 0, payments = 0, paid_day = 0;
	struct db_rows *rows;

	db_ask(e->o->db, &rows,
	       "SELECT count(*), COALESCE(max(issued), 0) FROM invoice WHERE customer = $1 LIMIT 1",
	       DB_VALUES(c));
	if (db_next(rows)) {
		invoices = db_col_int(rows, 0);
		newest = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	db_ask(e->o->db, &rows,
	       "SELECT count(*), COALESCE(max(bought), 0) FROM line WHERE customer = $1 LIMIT 1",
	       DB_VALUES(c));
	if (db_next(rows)) {
		lines = db_col_int(rows, 0);
		line_day = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	db_ask(e->o->db, &rows,
	       "SELECT count(*), COALESCE(max(booked), 0) FROM payment WHERE customer = $1 LIMIT 1",
	       DB_VALUES(c));
	if (db_next(rows)) {
		payments = db_col_int(rows, 0);
		paid_day = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	kept_add(kept, "invoices", invoices, law, seven_years(newest));
	kept_add(kept, "lines", lines, law, seven_years(line_day));
	kept_add(kept, "payments", payments, law, seven_years(paid_day));
}

static json_t *name_until(struct erasing *e, const struct person *p)
{
	struct day until = books_until(e->o, &p->customer);
	char text[DAY_TEXT_SIZE];

	if (until.n == 0)
		return json_string("seven years after the invoice that is to come");
	day_text(until, text);
	return json_string(text);
}

static void answer_make(struct erasing *e, const struct person *p)
{
	static const char *const gone[] = {"name and address",
					   "mail address and phone",
					   "keys of phones and cards",
					   "who has looked",
					   "invitations",
					   "passes",
					   "the door's log of this customer, at the shops"};
	json_t *kept = json_array(), *went = json_array();

	books_add(e, p, kept);
	if (p->party[0])
		kept_add(kept, "name and address", 1,
			 "they stand on invoices, which are kept as they were sent "
			 "(Bokföringslagen 5 kap. 7 §, 7 kap. 2 §); they are shown nowhere else",
			 name_until(e, p));
	if (p->party[0] && p->mail_invoices)
		kept_add(kept, "mail address", 1,
			 "invoices that are not paid or not made yet need it",
			 json_string("when they are paid"));
	for (uint32_t i = 0; i < ARRAY_LEN(gone); i++)
		if (!(i == 0 && p->party[0]) && !(i == 1 && p->mail_invoices))
			json_array_append_new(went, json_string(gone[i]));
	json_decref(e->answer);
	e->answer = json_pack("{s:s, s:o, s:o, s:o}", "member", p->member, "erased_at",
			      json_wall(p->erased_at), "kept", kept, "gone", went);
}

static int erase_work(struct db *d, void *data)
{
	struct erasing *e = data;
	struct person p;

	person_hold(e->o, e->a->param[0]);
	if (!person_find(e->o, e->a, REACH_ALL, &p, e->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (p.state != MEMBER_ERASED) {
		if (!may_go(e, &p))
			return WORK_REFUSED;
		shops_tell(e, &p);
		rows_blank(e, &p);
	}
	answer_make(e, &p);
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** DELETE /v1/members/{member}?force=1: again the same answer */
int member_erase(struct office *o, const struct ask *a, struct reply *r)
{
	struct erasing e = {.o = o, .a = a, .r = r};
	int error;

	if (!ask_query_int(a, "force", 0, 1, 0, &e.force, r))
		return 0;
	error = db_transact(o->db, erase_work, &e);
	if (error == 0)
		reply_json(r, 200, json_incref(e.answer));
	json_decref(e.answer);
	return work_answered(error);
}

/* --- once it is paid */

struct forgetting {
	struct office *o;
	struct wall now;
	int64_t gone;
};

static void party_put(struct db *d, const char *member, const char *party, struct wall now)
{
	db_do(d,
	      "UPDATE member SET party = $2, mail_invoices = 0, changed_at = $3 WHERE member = $1",
	      DB_VALUES(db_text(member), db_text(party), db_int(now.ms)));
}

/* One of those that were erased and still stand on something. */
static void forget_one(struct forgetting *f, struct db_rows *rows, const struct customer *c)
{
	const char *member = db_col_text(rows, 0);
	struct day until = books_until(f->o, c);
	char party[PARTY_JSON_MAX + 1];

	if (owes(f->o, c)) {
		/* looked at last the next time */
		db_do(f->o->db, "UPDATE member SET changed_at = $2 WHERE member = $1",
		      DB_VALUES(db_text(member), db_int(f->now.ms)));
		return;
	}
	snprintf(party, sizeof(party), "%s", db_col_text(rows, 2));
	if (f->now.ms / DAY_MS > until.n)
		explicit_bzero(party, sizeof(party));
	else
		party_reduce(party, false);
	f->gone += strcmp(party, db_col_text(rows, 2)) != 0;
	party_put(f->o->db, member, party, f->now);
	explicit_bzero(party, sizeof(party));
}

static int forget_work(struct db *d, void *data)
{
	struct forgetting *f = data;
	struct db_rows *rows;

	f->gone = 0;
	db_do(d, "DELETE FROM invitation WHERE expires_at < $1",
	      DB_VALUES(db_int(f->now.ms - INVITATION_KEEP_MS)));
	db_ask(d, &rows,
	       "SELECT member, customer, party FROM member WHERE state = 4 AND party <> ''"
	       " ORDER BY changed_at LIMIT 200",
	       0, NULL);
	while (db_next(rows)) {
		struct span bytes = db_col_bytes(rows, 1);
		struct customer c;

		if (bytes.len != sizeof(c))
			continue;
		memcpy(&c, bytes.data, sizeof(c));
		forget_one(f, rows, &c);
	}
	db_rows_end(rows);
	return db_failed(d);
}

int64_t people_forget(struct office *o, struct wall now)
{
	struct forgetting f = {.o = o, .now = now};
	int error = db_transact(o->db, forget_work, &f);

	return error < 0 ? error : f.gone;
}
