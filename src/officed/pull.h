/*
 * pull.h: what accounting systems pull by cursor, shared among its files.
 *
 *   pull.c           cursors, pages, who may see which shop, ETags
 *   pull_document.c  an invoice or a credit note as JSON
 *   pull_invoices.c, pull_sales.c, pull_days.c, pull_stock.c   the pages
 *
 * Batches that brought something are numbered in the order of their commits (table arrival); a
 * cursor is a place in that order, so nothing that is committed later is ever behind it. A row can
 * come more than once (a line whose day was put right), and what came last holds.
 */
#ifndef SHOP_OFFICED_PULL_H
#define SHOP_OFFICED_PULL_H

#include <jansson.h>

#include "officed/office.h"

enum {
	PULL_LIMIT = 200, /* rows of a page where none are asked for */
	PULL_LIMIT_MAX = 1000,
	PULL_SCAN = 5000,  /* rows looked at for a page at most, where many are not for this eye */
	PULL_WINDOW = 500, /* batches that a page looks into at most */
	CURRENCY_SIZE = 4,
};

/** A place among arrivals: after entry `seq` of batch `n`; seq INT64_MAX: after all of it. */
struct pull_cursor {
	int64_t n, seq;
};

/** What a page asks for. */
struct pull_page {
	const struct ask *a;
	struct reply *r;
	const char *shop; /* '': all that the asker may see */
	struct pull_cursor after;
	int64_t limit;
	/* the answer in the making */
	struct pull_cursor at; /* where it ends */
	json_t *rows;
	int64_t scanned;
	int64_t window;	 /* the last batch that is looked into */
	bool more, full; /* there are batches behind the window; rows of it that found no room */
};

/** pull_page_ask - shop, limit, after. False with the problem in *r. pull_page_begin - once more
 * from its start. */
MUST_CHECK bool pull_page_ask(struct pull_page *p, const struct ask *a, struct reply *r);
void pull_page_begin(struct pull_page *p);

/** What a batch has to have brought to be looked into. */
enum pull_what {
	PULL_LINES,
	PULL_INVOICES,
};
/** pull_window - sets p->window and p->more; false when there is nothing new. */
bool pull_window(struct db *d, struct pull_page *p, enum pull_what what);

/** pull_rows - rows to ask the database for. pull_mine - whether the asker may see this shop. */
int64_t pull_rows(const struct pull_page *p);
bool pull_mine(const struct pull_page *p, const char *shop);
/** pull_take - one more row looked at, at this place; with `value` it is on the page (taken over).
 * False: the page is full. */
bool pull_take(struct pull_page *p, int64_t n, int64_t seq, json_t *value);
/** pull_page_send - the page as JSON: its rows under `name`, `next`, `up_to_date`. */
void pull_page_send(struct pull_page *p, const char *name);

/** pull_send - a JSON answer with its ETag, or 304 where the asker has it. Takes `value` over. */
void pull_send(const struct ask *a, struct reply *r, json_t *value);

/** pull_customer, pull_day, pull_gtin, pull_number - values in the words of the API. */
json_t *pull_customer(struct span bytes);
json_t *pull_day(int64_t day);
json_t *pull_gtin(int64_t gtin);
json_t *pull_number(const char *shop, int64_t id);

/** pull_document - an invoice or a credit note; `credited` and `paid` as they are now. */
json_t *pull_document(const char *shop, const char *currency, uint64_t seq, const struct entry *e,
		      int64_t credited, int64_t paid);
/** pull_document_json - the same as it was made, as text for a webhook: free(). */
char *pull_document_json(const char *shop, const char *currency, uint64_t seq,
			 const struct entry *e);

/* --- routes */
int pull_invoices(struct office *o, const struct ask *a, struct reply *r);
int pull_sales(struct office *o, const struct ask *a, struct reply *r);
int pull_days(struct office *o, const struct ask *a, struct reply *r);
int pull_stock(struct office *o, const struct ask *a, struct reply *r);

#endif
