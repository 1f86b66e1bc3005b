/*
 * invoices.c: GET /v1/invoices and /v1/invoices/{number}: invoices and credit notes as the shop has
 * cut them, for the owner and the office. Who the customer is, the shop does not know; what stands
 * on paper (UBL, PDF) is made where that is known.
 */
#include <stdlib.h>
#include <string.h>

#include "books/number.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "ledger/read_books.h"

/* Bytes of JSON: an invoice's own members, one rate, one line. */
#define HEAD_JSON_MAX	 (900 + JSON_TEXT_MAX(REASON_MAX))
#define RATE_JSON_MAX	 200
#define INVOICE_JSON_MAX (HEAD_JSON_MAX + RATES_MAX * RATE_JSON_MAX)
#define LINE_JSON_MAX	 (520 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))

static void rates_write(struct builder *b, const struct config *c, const struct invoice_row *i)
{
	json_member(b, "vat");
	json_put(b, "[");
	for (uint32_t n = 0; n < i->rates && n < RATES_MAX; n++) {
		json_put(b, n > 0 ? ",{" : "{");
		json_member(b, "vat_bp");
		json_int(b, i->rate[n].vat_bp);
		json_money(b, "gross_minor", i->rate[n].gross);
		json_money(b, "base_minor", i->rate[n].base);
		json_money(b, "vat_minor", i->rate[n].vat);
		json_currency(b, c);
		json_put(b, "}");
	}
	json_put(b, "]");
}

/* What an invoice still wants; a credit note wants nothing. */
static void left_write(struct builder *b, const struct invoice_row *i)
{
	struct money left = i->payable;

	if (i->original.n == 0 && money_sub(left, i->credited, &left) &&
	    money_sub(left, i->paid, &left)) {
		json_money(b, "left_minor", left);
		return;
	}
	json_member(b, "left_minor");
	json_put(b, "null");
}

/* What a credit note says of the invoice that it mirrors; null on an invoice. */
static void note_write(struct builder *b, const struct config *c, const struct invoice_row *i)
{
	bool note = i->original.n != 0;

	json_member(b, "original");
	json_number(b, c, i->original);
	json_int_or_null(b, "line", note && i->line != 0, (int64_t)i->line);
	json_member(b, "reason");
	json_words(b, note ? credit_reason_word(i->reason) : "");
	json_member(b, "why");
	json_words(b, note ? i->why : "");
}

static void ocr_write(struct builder *b, const struct invoice_row *i)
{
	char text[OCR_TEXT_SIZE] = "";

	if (i->original.n == 0 && number_valid(i->id))
		ocr_text(i->id, text);
	json_member(b, "ocr");
	json_words(b, text);
}

/* The members, without the braces: one invoice adds its lines. */
static void invoice_write(struct builder *b, const struct config *c, const struct invoice_row *i)
{
	char period[PERIOD_TEXT_SIZE];

	period_text(i->period, period);
	json_member(b, "number");
	json_number(b, c, i->id);
	json_member(b, "kind");
	json_text(b, i->original.n ? "credit_note" : "invoice");
	json_member(b, "seq");
	json_int(b, (int64_t)i->seq);
	json_member(b, "customer");
	json_customer(b, i->customer);
	json_member(b, "period");
	json_words(b, i->period.n ? period : "");
	json_member(b, "issued");
	json_day(b, i->issued);
	json_member(b, "due");
	json_day(b, i->due);
	ocr_write(b, i);
	json_member(b, "line_count");
	json_int(b, i->lines);
	rates_write(b, c, i);
	json_money(b, "gross_minor", i->gross);
	json_money(b, "rounding_minor", i->rounding);
	json_money(b, "payable_minor", i->payable);
	json_money(b, "credited_minor", i->credited);
	json_money(b, "paid_minor", i->paid);
	left_write(b, i);
	json_currency(b, c);
	note_write(b, c, i);
}

static void invoices_reply(struct counter *c, struct http_request *r, const struct invoice_row *row,
			   uint32_t found, uint32_t max)
{
	uint32_t shown = books_shown((int)found, max);
	struct builder b = books_page("invoices", shown, INVOICE_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		invoice_write(&b, &c->config, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "next");
	if (found > shown)
		json_number(&b, &c->config, row[shown - 1].id);
	else
		json_put(&b, "null");
	json_put(&b, "}");
	books_send(c, r, &b);
}

void invoices_list(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct invoice_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_invoices(c->reader, q->period, q->after_number, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		invoices_reply(c, call->request, row, (uint32_t)found, q->max);
	free(row);
}

/* --- one of them, with its lines --- */

static void line_write(struct builder *b, const struct config *c, const struct paper_line *l)
{
	json_member(b, "seq");
	json_int(b, (int64_t)l->seq);
	json_member(b, "bought");
	json_day(b, l->bought);
	json_member(b, "gtin");
	json_gtin(b, l->gtin);
	json_member(b, "name");
	json_text(b, l->name);
	json_member(b, "quantity");
	json_int(b, l->quantity_milli);
	json_money(b, "unit_price_minor", l->unit_price);
	json_money(b, "list_price_minor", l->list_price);
	json_member(b, "vat_bp");
	json_int(b, l->vat_bp);
	json_money(b, "goods_minor", l->gross);
	json_money(b, "deposit_minor", l->deposit);
	json_money(b, "goods_net_minor", l->net);
	json_money(b, "deposit_net_minor", l->deposit_net);
	json_currency(b, c);
	json_member(b, "late");
	json_bool(b, l->late);
}

static void paper_reply(struct counter *c, struct http_request *r, const struct invoice_row *row,
			const struct paper *p)
{
	uint32_t size = 64 + INVOICE_JSON_MAX + p->lines * LINE_JSON_MAX;
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	json_put(&b, "{");
	invoice_write(&b, &c->config, row);
	json_member(&b, "lines");
	json_put(&b, "[");
	for (uint32_t i = 0; i < p->lines; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		line_write(&b, &c->config, &p->line[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]}");
	books_send(c, r, &b);
}

void invoice_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct paper *paper = NULL;
	struct invoice_row row;
	struct invoice_id id;
	struct place shop;
	int found = 0;

	memcpy(shop.name, c->config.shop, sizeof(shop.name));
	if (number_parse(shop, param->text, param->len, &id))
		found = reader_invoice(c->reader, id, &row);
	if (found > 0)
		found = reader_paper(c->reader, id, &paper);
	if (found > 0)
		paper_reply(c, call->request, &row, paper);
	else
		problem_fault(c, call->request, found == 0 ? FAULT_NOT_FOUND : FAULT_UNAVAILABLE);
	free(paper);
}
