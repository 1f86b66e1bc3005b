/*
 * line_json.c: what a phone is told of a line. The answer to a purchase and the receipt read the
 * same: one comes from shopd, the other from the ledger, and both are written here.
 */
#include "counterd/line_json.h"

static void money_put(struct builder *b, const char *name, struct money m)
{
	json_put(b, name);
	json_int(b, money_minor(m));
}

static void warning_put(struct builder *b, struct day best_before)
{
	char day[DAY_TEXT_SIZE];

	day_text(best_before, day);
	json_put(b, ",\"warning\":\"past_best_before\",\"best_before\":");
	json_text(b, day);
}

void line_json_put(struct builder *b, const struct line *l, const char *currency)
{
	char gtin[GTIN_TEXT_MAX + 1];

	gtin_text(l->gtin, gtin);
	json_put(b, "\"key\":");
	json_text(b, l->key.text);
	json_put(b, ",\"gtin\":");
	json_text(b, gtin);
	json_put(b, ",\"name\":");
	json_text(b, l->name);
	json_put(b, ",\"quantity\":");
	json_int(b, l->quantity_milli);
	money_put(b, ",\"unit_price_minor\":", l->unit_price);
	money_put(b, ",\"list_price_minor\":", l->list_price);
	money_put(b, ",\"deposit_minor\":", l->deposit);
	money_put(b, ",\"total_minor\":", l->total);
	json_put(b, ",\"vat_bp\":");
	json_int(b, l->vat_bp);
	json_put(b, ",\"currency\":");
	json_text(b, currency);
	if (line_past_best_before(l))
		warning_put(b, l->best_before);
}
