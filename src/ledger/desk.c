/*
 * desk.c: a request at the desk, from its question to its answer.
 *
 * Each request is judged inside the transaction that it may write: what was read holds until the
 * commit. A refusal rolls back, so a judge may find out late that something is wrong; so does a
 * disk without room. A request's key is looked up before anything else is: what was done once is
 * answered again, even where it would be refused today.
 */
#include "ledger/desk_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

#define DAY_LAST 2932896 /* 9999-12-31: what a body can hold */

struct desk_result *desk_result_new(enum desk_kind kind, uint32_t tag)
{
	struct desk_result *r = calloc(1, sizeof(*r));

	CHECK(r);
	r->kind = kind;
	r->tag = tag;
	return r;
}

void desk_result_free(struct desk_result *r)
{
	if (!r)
		return;
	free(r->change);
	free(r->level);
	free(r);
}

enum stored desk_refuse(struct desk_result *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(r->why, sizeof(r->why), format, arguments);
	va_end(arguments);
	r->answer = DESK_REFUSED;
	return STORED_OK;
}

enum stored desk_append(struct desk *d, const struct entry *e, struct desk_result *r)
{
	enum stored stored = store_append(d->store, e);

	if (stored == STORED_OK) {
		r->answer = DESK_DONE;
		r->seq = d->store->head.seq;
	}
	return stored;
}

struct balance desk_balance(struct desk *d, struct customer customer)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_BALANCE);
	struct balance b = {.customer = customer};

	bind_blob(get, 1, customer.byte, sizeof(customer.byte));
	if (desk_row(d, DESK_GET_BALANCE)) {
		b.unbilled = column_money(get, 0);
		b.unpaid = column_money(get, 1);
		b.oldest_due.n = (int32_t)column_i64(get, 2);
		desk_done(d, DESK_GET_BALANCE);
	}
	return b;
}

void desk_changed(struct desk *d, const struct balance *before, struct desk_result *r)
{
	struct balance now = desk_balance(d, before->customer);
	struct balance_change c = {.customer = now.customer, .oldest_due = now.oldest_due};

	if (!money_sub(now.unbilled, before->unbilled, &c.unbilled) ||
	    !money_sub(now.unpaid, before->unpaid, &c.unpaid))
		desk_damaged(d, "a balance past all bounds");
	/* room for a power of two of them: a close has many */
	if ((r->changes & (r->changes - 1)) == 0) {
		r->change =
			realloc(r->change, (r->changes ? 2 * r->changes : 1) * sizeof(*r->change));
		CHECK(r->change);
	}
	r->change[r->changes++] = c;
}

void desk_entry(struct desk *d, sqlite3_stmt *s, int at, struct entry *ret)
{
	struct span body = {sqlite3_column_blob(s, at + 1),
			    (uint32_t)sqlite3_column_bytes(s, at + 1)};

	if (!body.data || !entry_decode((uint16_t)column_i64(s, at), body, ret))
		desk_damaged(d, "an entry of the books cannot be read");
}

bool desk_key(struct desk *d, const char *key, uint64_t *ret_seq, struct entry *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_KEY);

	bind_text(get, 1, key);
	if (!desk_row(d, DESK_GET_KEY))
		return false;
	*ret_seq = (uint64_t)column_i64(get, 0);
	desk_entry(d, get, 1, ret);
	desk_done(d, DESK_GET_KEY);
	return true;
}

bool desk_key_bad(const char key[NAME_MAX_LEN + 1], struct desk_result *r)
{
	if (name_valid(key, (uint32_t)strnlen(key, NAME_MAX_LEN + 1)))
		return false;
	desk_refuse(r, "the request bears no key: 1 to 64 letters, digits, - or _, made for it "
		       "alone");
	return true;
}

bool desk_by_bad(const char by[NAME_MAX_LEN + 1], struct desk_result *r)
{
	if (name_valid(by, (uint32_t)strnlen(by, NAME_MAX_LEN + 1)))
		return false;
	desk_refuse(r, "who asks is not told: a name of 1 to 64 letters, digits, - or _");
	return true;
}

bool desk_text_bad(const char *what, const char *text, uint32_t size, struct desk_result *r)
{
	uint32_t len = (uint32_t)strnlen(text, size);
	bool bad = len == size || !utf8_plain(text, len); /* what a body may hold (wire/entry.c) */

	if (bad)
		desk_refuse(r, "%s is not plain text of at most %u bytes", what, size - 1);
	return bad;
}

bool desk_day_bad(const char *what, struct day day, struct desk_result *r)
{
	if (day.n >= 0 && day.n <= DAY_LAST)
		return false;
	desk_refuse(r, "%s is no date between 1970 and 9999", what);
	return true;
}

bool desk_next_number(struct desk *d, struct day issued, struct invoice_id *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_NUMBER);
	int32_t year, month, day;
	struct invoice_id newest = {0};

	day_civil(issued, &year, &month, &day);
	bind_u64(get, 1, number_of(year, 1).n);
	bind_u64(get, 2, number_of(year, INVOICE_COUNTER_MAX).n);
	if (desk_row(d, DESK_GET_NUMBER)) {
		newest.n = (uint64_t)column_i64(get, 0);
		desk_done(d, DESK_GET_NUMBER);
	}
	if (newest.n == 0)
		*ret = number_of(year, 1);
	else if (number_counter(newest) < INVOICE_COUNTER_MAX)
		*ret = number_of(year, number_counter(newest) + 1);
	else
		return false;
	return true;
}

static void no_room(struct desk_result *r)
{
	r->answer = DESK_UNAVAILABLE;
	r->changes = 0;
	r->seq = 0;
	r->invoice.n = 0;
	snprintf(r->why, sizeof(r->why),
		 "the disk is full, nothing was written: make room, then ask again");
}

struct desk_result *desk_answer_unavailable(const struct desk_request *q)
{
	struct desk_result *r = desk_result_new(q->kind, q->tag);

	no_room(r);
	return r;
}

/* The transaction around a judge: kept when something was done, else as if it had not been. */
static void transact(struct desk *d, const struct desk_request *q, desk_judge *judge,
		     struct desk_result *r)
{
	enum stored stored = store_begin(d->store);

	if (stored == STORED_OK)
		stored = judge(d, q, r);
	if (stored == STORED_OK && r->answer == DESK_DONE)
		stored = store_commit(d->store);
	else
		store_rollback(d->store);
	if (stored != STORED_OK) {
		store_rollback(d->store);
		no_room(r);
	}
}

struct desk_result *desk_do(struct desk *d, const struct desk_request *q)
{
	static desk_judge *const judges[DESK_KINDS] = {
		[DESK_CREDIT] = desk_credit,   [DESK_STOCK] = desk_stock,
		[DESK_PAYMENT] = desk_payment, [DESK_ASSIGN] = desk_assign,
		[DESK_CHECK] = desk_check,     [DESK_REPORT] = desk_reported,
		[DESK_BOOKS] = desk_books,     [DESK_LEVELS] = desk_levels,
	};
	struct desk_result *r = desk_result_new(q->kind, q->tag);

	if (q->kind == DESK_CLOSE) {
		if (d->close)
			desk_refuse(r, "a month is being closed at this moment: wait until it is");
		else
			d->close = close_begin(d, q, r);
		if (r->answer != DESK_DONE || !d->close)
			return r;
		desk_result_free(r);
		return NULL;
	}
	if ((uint32_t)q->kind < DESK_KINDS && judges[q->kind])
		transact(d, q, judges[q->kind], r);
	else
		desk_refuse(r, "nobody knows what was asked");
	return r;
}
