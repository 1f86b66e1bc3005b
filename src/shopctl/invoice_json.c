/* invoice_json.c: what stands on an invoice, told. Nothing is reckoned here but what is left to
 * pay. */
#include "shopctl/invoice_json.h"

#include "books/number.h"

struct money invoice_left(const struct invoice_row *i)
{
	struct money left = i->payable;

	if (i->original.n != 0 || !money_sub(left, i->credited, &left) ||
	    !money_sub(left, i->paid, &left))
		return MONEY_ZERO;
	return left;
}

static json_t *rates_json(const struct invoice_row *i)
{
	json_t *array = json_array();

	for (uint32_t n = 0; n < i->rates && n < RATES_MAX; n++)
		json_array_append_new(
			array, json_pack("{s:i, s:o, s:o, s:o, s:s}", "vat_bp", i->rate[n].vat_bp,
					 "gross_minor", json_minor(i->rate[n].gross), "base_minor",
					 json_minor(i->rate[n].base), "vat_minor",
					 json_minor(i->rate[n].vat), "currency", CURRENCY));
	return array;
}

json_t *invoice_json(const struct shop_rules *s, const struct invoice_row *i)
{
	char period[PERIOD_TEXT_SIZE] = "", ocr[OCR_TEXT_SIZE] = "";
	bool note = i->original.n != 0;
	json_t *o = json_object();

	if (i->period.n != 0)
		period_text(i->period, period);
	if (!note && number_valid(i->id))
		ocr_text(i->id, ocr);
	json_object_set_new(o, "number", json_number(s, i->id));
	json_object_set_new(o, "kind", json_string(note ? "credit_note" : "invoice"));
	json_object_set_new(o, "seq", json_integer((json_int_t)i->seq));
	json_object_set_new(o, "customer", json_hex(i->customer.byte, sizeof(i->customer.byte)));
	json_object_set_new(o, "period", json_text_or_null(period));
	json_object_set_new(o, "issued", json_day(i->issued));
	json_object_set_new(o, "due", json_day(i->due));
	json_object_set_new(o, "ocr", json_text_or_null(ocr));
	json_object_set_new(o, "line_count", json_integer(i->lines));
	json_object_set_new(o, "vat", rates_json(i));
	json_object_set_new(o, "gross_minor", json_minor(i->gross));
	json_object_set_new(o, "rounding_minor", json_minor(i->rounding));
	json_object_set_new(o, "payable_minor", json_minor(i->payable));
	json_object_set_new(o, "credited_minor", json_minor(i->credited));
	json_object_set_new(o, "paid_minor", json_minor(i->paid));
	json_object_set_new(o, "left_minor", note ? json_null() : json_minor(invoice_left(i)));
	json_object_set_new(o, "currency", json_string(CURRENCY));
	json_object_set_new(o, "original", json_number(s, i->original));
	json_object_set_new(o, "line", i->line ? json_integer((json_int_t)i->line) : json_null());
	json_object_set_new(o, "reason",
			    note ? json_string(credit_reason_word(i->reason)) : json_null());
	json_object_set_new(o, "why", json_text_or_null(note ? i->why : ""));
	return o;
}

json_t *invoice_line_json(const struct paper_line *l)
{
	return json_pack(
		"{s:I, s:o, s:o, s:o, s:i, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:s, s:b}", "seq",
		(json_int_t)l->seq, "bought", json_day(l->bought), "gtin", json_gtin(l->gtin),
		"name", json_clean(l->name), "quantity", l->quantity_milli, "unit_price_minor",
		json_minor(l->unit_price), "list_price_minor", json_minor(l->list_price), "vat_bp",
		l->vat_bp, "goods_minor", json_minor(l->gross), "deposit_minor",
		json_minor(l->deposit), "goods_net_minor", json_minor(l->net), "deposit_net_minor",
		json_minor(l->deposit_net), "currency", CURRENCY, "late", l->late);
}

void invoice_table(struct table *t)
{
	static const char *const title[] = {"number", "customer", "month",     "issued", "due",
					    ">lines", ">payable", ">credited", ">paid",	 "remarks"};

	table_init(t, title, ARRAY_LEN(title));
}

/* Nothing was paid of what was all taken back. An invoice of öre alone comes to 0: that is paid. */
static const char *standing(const struct invoice_row *i)
{
	if (money_compare(invoice_left(i), MONEY_ZERO) > 0)
		return "";
	return money_compare(i->credited, MONEY_ZERO) > 0 &&
			       money_compare(i->credited, i->payable) >= 0
		       ? "credited"
		       : "paid";
}

void invoice_cells(struct table *t, const struct shop_rules *s, const struct invoice_row *i)
{
	char number[NUMBER_TEXT_SIZE], customer[33], period[PERIOD_TEXT_SIZE], day[DAY_TEXT_SIZE],
		money[MONEY_TEXT_SIZE];

	number_words(s, i->id, number);
	table_cell(t, "%s", number);
	hex_text(i->customer.byte, sizeof(i->customer.byte), customer);
	table_cell(t, "%s", customer);
	period_text(i->period, period);
	table_cell(t, "%s", i->period.n ? period : "-");
	day_words(i->issued, day);
	table_cell(t, "%s", day);
	day_words(i->due, day);
	table_cell(t, "%s", day);
	table_cell(t, "%u", i->lines);
	money_text(i->payable, money);
	table_cell(t, "%s%s", i->original.n ? "-" : "", money);
	money_text(i->credited, money);
	table_cell(t, "%s", money);
	money_text(i->paid, money);
	table_cell(t, "%s", money);
	number_words(s, i->original, number);
	if (i->original.n)
		table_cell(t, "credits %s: %s", number, credit_reason_word(i->reason));
	else
		table_cell(t, "%s", standing(i));
}
