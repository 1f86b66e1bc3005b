/*
 * products.c: GET /v1/products and /v1/products/{gtin}: what articles cost now, from the catalogue
 * on disk; a phone keeps the list for when the shop is out of reach. The VAT rate is the one of
 * today by the box's own time zone, for whoever is curious: what a line bears is for shopd to say.
 */
#include <stdlib.h>
#include <time.h>

#include "books/vat.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define PRODUCT_JSON_MAX (512 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))

static struct day today(void)
{
	time_t now_s = (time_t)(loop_wall().ms / 1000);
	struct day day = DAY_NONE;
	struct tm local;

	if (localtime_r(&now_s, &local) &&
	    !day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day))
		day = DAY_NONE;
	return day;
}

/* The rates that hold; false when the ledger cannot be read. */
static bool rates_now(struct counter *c, struct entry_tax *ret)
{
	int error;

	*ret = (struct entry_tax){0};
	error = reader_rates(c->reader, ret, NULL);
	if (ret->rates == 0 || vat_tax_wrong(ret))
		*ret = vat_sweden();
	return error >= 0;
}

static void product_write(struct builder *b, const struct config *config, const struct product *p,
			  const struct entry_tax *tax)
{
	int32_t vat_bp =
		p->vat_class == VAT_FIXED ? p->vat_bp : vat_rate_on(tax, p->vat_class, today());

	json_put(b, "{");
	json_member(b, "gtin");
	json_gtin(b, p->gtin);
	json_put(b, ",\"name\":");
	json_text(b, p->name);
	json_put(b, ",\"unit_price_minor\":");
	json_int(b, money_minor(p->price));
	json_put(b, ",\"deposit_minor\":");
	json_int(b, money_minor(p->deposit));
	json_put(b, ",\"currency\":");
	json_text(b, config->currency);
	json_put(b, ",\"vat_bp\":");
	json_int(b, vat_bp);
	json_put(b, ",\"vat_class\":");
	json_text(b, vat_class_word(p->vat_class));
	json_put(b, ",\"class\":");
	json_text(b, article_class_word(p->class));
	json_put(b, ",\"state\":");
	json_text(b, article_state_word(p->state));
	json_put(b, ",\"price_version\":");
	json_int(b, p->price_version);
	json_put(b, "}");
}

static bool any_by_class(const struct product *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i].vat_class != VAT_FIXED)
			return true;
	return false;
}

void product_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	char body[PRODUCT_JSON_MAX];
	struct builder b = builder_of(body, sizeof(body));
	struct entry_tax tax = {0};
	struct product product;
	struct gtin gtin;
	int found = 0;

	if (gtin_parse(param->text, param->len, &gtin))
		found = reader_product(c->reader, gtin, &product);
	if (found == 0) {
		problem_answer(c, call->request, ANSWER_UNKNOWN_ARTICLE);
		return;
	}
	if (found < 0 || (any_by_class(&product, 1) && !rates_now(c, &tax))) {
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
		return;
	}
	product_write(&b, &c->config, &product, &tax);
	reply_json(c, call->request, 200, &b);
}

static void products_reply(struct counter *c, struct http_request *r, const struct product *p,
			   uint32_t n, bool more, struct wall as_of)
{
	struct entry_tax tax = {0};
	struct builder b;

	if (any_by_class(p, n) && !rates_now(c, &tax)) {
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	b = books_page("products", n, PRODUCT_JSON_MAX);
	for (uint32_t i = 0; i < n; i++) {
		json_put(&b, i > 0 ? "," : "");
		product_write(&b, &c->config, &p[i], &tax);
	}
	json_put(&b, "]");
	json_member(&b, "next");
	if (more)
		json_gtin(&b, p[n - 1].gtin);
	else
		json_put(&b, "null");
	json_member(&b, "prices_as_of");
	json_moment(&b, as_of);
	json_put(&b, "}");
	books_send(c, r, &b);
}

void products_list(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct product *p = books_rows(q->max, sizeof(*p));
	struct wall as_of;
	int found = reader_products(c->reader, q->after_gtin, p, q->max + 1, &as_of);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		products_reply(c, call->request, p, books_shown(found, q->max),
			       (uint32_t)found > q->max, as_of);
	free(p);
}
