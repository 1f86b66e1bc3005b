/* products.c: GET /v1/products/{gtin}: what an article costs now, from the catalogue on disk. */
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

static void product_reply(struct counter *c, struct http_request *r, const struct product *p)
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
	json_put(&b, ",\"currency\":");
	json_text(&b, c->config.currency);
	json_put(&b, ",\"vat_bp\":");
	json_int(&b, p->vat_bp);
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
	int found = 0;

	if (gtin_parse(param->text, param->len, &gtin))
		found = reader_product(c->reader, gtin, &product);
	if (found > 0)
		product_reply(c, call->request, &product);
	else if (found == 0)
		problem_answer(c, call->request, ANSWER_UNKNOWN_ARTICLE);
	else
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
}
