/*
 * products.c: GET /v1/products/{gtin}: what an article costs now, from the catalogue on disk. The
 * VAT rate is the one of today by the box's own time zone, for whoever is curious: what a line
 * bears is for shopd to say.
 */
#include <time.h>

#include "books/vat.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

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

/* False when the ledger cannot be read. */
static bool rate_today(struct counter *c, const struct product *p, int32_t *ret_bp)
{
	struct entry_tax tax = {0};
	int error = 0;

	*ret_bp = p->vat_bp;
	if (p->vat_class == VAT_FIXED)
		return true;
	error = reader_rates(c->reader, &tax, NULL);
	if (tax.rates == 0 || vat_tax_wrong(&tax))
		tax = vat_sweden();
	*ret_bp = vat_rate_on(&tax, p->vat_class, today());
	return error >= 0;
}

static void product_reply(struct counter *c, struct http_request *r, const struct product *p,
			  int32_t vat_bp)
{
	char body[512 + JSON_TEXT_MAX(ARTICLE_NAME_MAX)], gtin[GTIN_TEXT_MAX + 1];
	struct builder b = builder_of(body, sizeof(body));

	gtin_text(p->gtin, gtin);
	json_put(&b, "{\"gtin\":");
	json_text(&b, gtin);
	json_put(&b, ",\"name\":");
	json_text(&b, p->name);
	json_put(&b, ",\"unit_price_minor\":");
	json_int(&b, money_minor(p->price));
	json_put(&b, ",\"deposit_minor\":");
	json_int(&b, money_minor(p->deposit));
	json_put(&b, ",\"currency\":");
	json_text(&b, c->config.currency);
	json_put(&b, ",\"vat_bp\":");
	json_int(&b, vat_bp);
	json_put(&b, ",\"vat_class\":");
	json_text(&b, vat_class_word(p->vat_class));
	json_put(&b, ",\"class\":");
	json_text(&b, article_class_word(p->class));
	json_put(&b, ",\"state\":");
	json_text(&b, article_state_word(p->state));
	json_put(&b, ",\"price_version\":");
	json_int(&b, p->price_version);
	json_put(&b, "}");
	reply_json(c, r, 200, &b);
}

void product_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct product product;
	struct gtin gtin;
	int32_t vat_bp = 0;
	int found = 0;

	if (gtin_parse(param->text, param->len, &gtin))
		found = reader_product(c->reader, gtin, &product);
	if (found > 0 && rate_today(c, &product, &vat_bp))
		product_reply(c, call->request, &product, vat_bp);
	else if (found == 0)
		problem_answer(c, call->request, ANSWER_UNKNOWN_ARTICLE);
	else
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
}
