/* books.c: the pieces of which pages about the books are built. */
#include "counterd/books.h"

#include <stdlib.h>
#include <string.h>

#include "books/number.h"
#include "counterd/counter.h"
#include "counterd/problem.h"

#define PAGE_FIXED 512

void json_member(struct builder *b, const char *name)
{
	if (b->len > 0 && b->data[b->len - 1] != '{')
		json_put(b, ",");
	json_text(b, name);
	json_put(b, ":");
}

void json_day(struct builder *b, struct day d)
{
	char text[DAY_TEXT_SIZE];

	day_text(d, text);
	if (d.n == 0)
		json_put(b, "null");
	else
		json_text(b, text);
}

void json_words(struct builder *b, const char *text)
{
	if (text && text[0])
		json_text(b, text);
	else
		json_put(b, "null");
}

void json_moment(struct builder *b, struct wall at)
{
	if (at.ms == 0)
		json_put(b, "null");
	else
		json_time(b, at);
}

void json_int_or_null(struct builder *b, const char *name, bool known, int64_t n)
{
	json_member(b, name);
	if (known)
		json_int(b, n);
	else
		json_put(b, "null");
}

void json_gtin(struct builder *b, struct gtin gtin)
{
	char text[GTIN_TEXT_MAX + 1];

	gtin_text(gtin, text);
	json_text(b, text);
}

void json_visit(struct builder *b, struct visit_id visit)
{
	char text[VISIT_TEXT_SIZE];

	visit_text(visit, text);
	json_words(b, visit.n ? text : "");
}

void json_customer(struct builder *b, struct customer customer)
{
	char text[2 * sizeof(customer.byte) + 1];

	hex_text(customer.byte, sizeof(customer.byte), text);
	json_text(b, text);
}

void json_number(struct builder *b, const struct config *c, struct invoice_id id)
{
	char text[NUMBER_TEXT_SIZE] = "";
	struct place shop;

	memcpy(shop.name, c->shop, sizeof(shop.name));
	if (number_valid(id))
		number_text(shop, id, text);
	json_words(b, text);
}

void json_money(struct builder *b, const char *name, struct money m)
{
	json_member(b, name);
	json_int(b, money_minor(m));
}

void json_currency(struct builder *b, const struct config *c)
{
	json_member(b, "currency");
	json_text(b, c->currency);
}

struct builder books_page(const char *name, uint32_t rows, uint32_t row_max)
{
	uint32_t size = PAGE_FIXED + rows * row_max;
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	json_put(&b, "{");
	json_member(&b, name);
	json_put(&b, "[");
	return b;
}

void books_send(struct counter *c, struct http_request *r, struct builder *b)
{
	struct http_answer answer = {
		.status = 200,
		.content_type = "application/json",
		.body = b->data,
		.body_len = b->len,
		.body_owned = true,
	};

	CHECK(!b->failed);
	reply_answer(c, r, &answer);
}

void books_told(struct counter *c, struct http_request *r, const union message *m, const char *name,
		uint32_t row_max, books_row_fn *write)
{
	const struct pending_list *list = &c->pending.list;
	struct builder b;

	if (m->done.error) {
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	b = books_page(name, list->rows, row_max);
	for (uint32_t i = 0; i < list->rows; i++) {
		json_put(&b, i > 0 ? "," : "");
		write(&b, &list->row[i]);
	}
	json_put(&b, "]}");
	books_send(c, r, &b);
}

void *books_rows(uint32_t max, size_t size)
{
	void *rows = calloc(max + 1, size);

	CHECK(rows);
	return rows;
}

uint32_t books_shown(int found, uint32_t max)
{
	CHECK(found >= 0);
	return (uint32_t)found < max ? (uint32_t)found : max;
}
