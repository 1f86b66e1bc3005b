/* books.h: what the pages about invoices, stock and checks have in common: their JSON, one page of
 * it at a time. */
#ifndef SHOP_COUNTERD_BOOKS_H
#define SHOP_COUNTERD_BOOKS_H

#include "base/day.h"
#include "base/ids.h"
#include "base/money.h"
#include "counterd/config.h"
#include "counterd/reply.h"
#include "wire/entry.h"
#include "wire/message.h"

/** json_member - `,"name":` (the comma but for the first of an object); what follows is its value.
 */
void json_member(struct builder *b, const char *name);

/** Values; json_day of DAY_NONE, json_words of "", json_moment of 0, json_visit of no visit are
 * null. */
void json_day(struct builder *b, struct day d);
void json_words(struct builder *b, const char *text);
void json_moment(struct builder *b, struct wall at);
void json_gtin(struct builder *b, struct gtin gtin);
void json_visit(struct builder *b, struct visit_id visit);
void json_customer(struct builder *b, struct customer customer);
/** json_int_or_null - a member `name`: `n`, or null where it is not known. */
void json_int_or_null(struct builder *b, const char *name, bool known, int64_t n);
/** json_number - "VIKEN-2026-000123", or null where there is none. */
void json_number(struct builder *b, const struct config *c, struct invoice_id id);
/** json_money - a member `name` in minor units. json_currency - the member beside it. */
void json_money(struct builder *b, const char *name, struct money m);
void json_currency(struct builder *b, const struct config *c);

/** books_page - a builder for `rows` rows of `row_max` bytes and what stands around them; it begins
 * with `{"name":[`. Freed by books_send(). */
struct builder books_page(const char *name, uint32_t rows, uint32_t row_max);

/** books_send - 200 with all that was built; takes the builder's bytes. */
void books_send(struct counter *c, struct http_request *r, struct builder *b);

/** books_told - what shopd has told for pending_ask_list(), `m` its last word: 200 with a page of
 * the rows, each written by `write`; 503 where it could not tell. */
typedef void books_row_fn(struct builder *b, const union message *row);
void books_told(struct counter *c, struct http_request *r, const union message *m, const char *name,
		uint32_t row_max, books_row_fn *write);

/** Rows of a page as they are read: one more than are asked for tells whether there are more.
 * books_rows - room for `max` + 1 of them, the caller's to free. books_shown - how many of `found`
 * stand on the page. */
void *books_rows(uint32_t max, size_t size);
uint32_t books_shown(int found, uint32_t max);

#endif
