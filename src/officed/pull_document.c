/*
 * pull_document.c: an invoice or a credit note in the words of the API, from the entry that made
 * it. Who the customer is and what a person wrote about it is not in it: names stay with those who
 * may see members.
 */
#include <stdlib.h>

#include "books/number.h"
#include "officed/pull.h"

static void put(json_t *o, const char *name, json_t *value)
{
	json_object_set_new(o, name, value);
}

static void put_money(json_t *o, const char *name, struct money m)
{
	put(o, name, json_integer(money_minor(m)));
}

static json_t *rates_json(const struct invoice_rate *rate, uint32_t rates, const char *currency)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < rates; i++) {
		json_t *o = json_object();

		put(o, "vat_bp", json_integer(rate[i].vat_bp));
		put_money(o, "gross_minor", rate[i].gross);
		put_money(o, "base_minor", rate[i].base);
		put_money(o, "vat_minor", rate[i].vat);
		put(o, "currency", json_string(currency));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *period_json(struct period p)
{
	char text[PERIOD_TEXT_SIZE];

	period_text(p, text);
	return json_string(text);
}

static json_t *ocr_json(struct invoice_id id)
{
	char text[OCR_TEXT_SIZE];

	if (!number_valid(id))
		return json_null();
	ocr_text(id, text);
	return json_string(text);
}

static void put_invoice(json_t *o, const char *shop, const char *currency,
			const struct entry_invoice *i, int64_t credited, int64_t paid)
{
	put(o, "number", pull_number(shop, (int64_t)i->invoice.n));
	put(o, "kind", json_string("invoice"));
	put(o, "customer",
	    pull_customer((struct span){i->customer.byte, sizeof(i->customer.byte)}));
	put(o, "period", period_json(i->period));
	put(o, "issued", pull_day(i->issued.n));
	put(o, "due", pull_day(i->due.n));
	put(o, "ocr", ocr_json(i->invoice));
	put(o, "line_count", json_integer(i->lines));
	put(o, "vat", rates_json(i->rate, i->rates, currency));
	put_money(o, "gross_minor", i->gross);
	put_money(o, "rounding_minor", i->rounding);
	put_money(o, "payable_minor", i->payable);
	put(o, "credited_minor", json_integer(credited));
	put(o, "paid_minor", json_integer(paid));
	put(o, "left_minor", json_integer(money_minor(i->payable) - credited - paid));
	put(o, "original", json_null());
	put(o, "line", json_null());
	put(o, "reason", json_null());
}

static void put_note(json_t *o, const char *shop, const char *currency,
		     const struct entry_credit_note *n)
{
	put(o, "number", pull_number(shop, (int64_t)n->credit_note.n));
	put(o, "kind", json_string("credit_note"));
	put(o, "customer",
	    pull_customer((struct span){n->customer.byte, sizeof(n->customer.byte)}));
	put(o, "period", period_json(period_of(n->issued)));
	put(o, "issued", pull_day(n->issued.n));
	put(o, "due", json_null());
	put(o, "ocr", json_null());
	put(o, "line_count", n->line != 0 ? json_integer(1) : json_null());
	put(o, "vat", rates_json(n->rate, n->rates, currency));
	put_money(o, "gross_minor", n->gross);
	put_money(o, "rounding_minor", n->rounding);
	put_money(o, "payable_minor", n->payable);
	put(o, "credited_minor", json_integer(0));
	put(o, "paid_minor", json_integer(0));
	put(o, "left_minor", json_null());
	put(o, "original", pull_number(shop, (int64_t)n->invoice.n));
	put(o, "line", n->line != 0 ? json_integer((int64_t)n->line) : json_null());
	put(o, "reason", json_string(credit_reason_word(n->reason)));
}

json_t *pull_document(const char *shop, const char *currency, uint64_t seq, const struct entry *e,
		      int64_t credited, int64_t paid)
{
	json_t *o = json_object();

	put(o, "shop", json_string(shop));
	put(o, "seq", json_integer((int64_t)seq));
	put(o, "currency", json_string(currency));
	if (e->kind == ENTRY_INVOICE)
		put_invoice(o, shop, currency, &e->invoice, credited, paid);
	else
		put_note(o, shop, currency, &e->credit_note);
	return o;
}

char *pull_document_json(const char *shop, const char *currency, uint64_t seq,
			 const struct entry *e)
{
	json_t *o = pull_document(shop, currency, seq, e, 0, 0);
	char *text = json_dumps(o, JSON_COMPACT);

	CHECK(text);
	json_decref(o);
	return text;
}
