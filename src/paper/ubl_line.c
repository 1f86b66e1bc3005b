/*
 * ubl_line.c: the lines (EN 16931 BG-25). Line amounts are net and come from the paper; the unit
 * price BT-146 is the only number that is made here, because the shelf's price includes VAT: line
 * net ÷ quantity, to as many places (six) as make quantity × price the line's net again
 * (PEPPOL-EN16931-R120). A deposit is a line of its own, right behind its goods.
 */
#include "paper/ubl_part.h"

#include <string.h>

#include "base/ids.h"

/** One line as the document has it. */
struct part {
	uint32_t id;
	const char *name, *description;
	struct gtin gtin; /* 0: none */
	struct day bought;
	int32_t quantity_milli, vat_bp;
	struct money net;
	struct money list_price; /* gross, before a discount; 0: there is none */
};

#define QUANTITY_ONE 1000
#define PRICE_PLACES 6
/** Öre are two of these places. */
#define PRICE_SCALE 10000

/** Numbers that a shop gives to its own or to weighed goods are nobody's outside it: GTIN-13 of
 * prefix 02 and 20 to 29, GTIN-8 that begin with 0 or 2 (GS1 General Specifications 1.4). */
static bool gtin_global(struct gtin gtin)
{
	char text[GTIN_TEXT_MAX + 1];

	gtin_text(gtin, text);
	if (strlen(text) == 8)
		return text[0] != '0' && text[0] != '2';
	return strlen(text) == 14 || (text[0] != '2' && !(text[0] == '0' && text[1] == '2'));
}

/** Digits of `value` / 10^places, without zeros at the end past `least` places. */
static void decimal_text(int64_t value, uint32_t places, uint32_t least, char *text, size_t size)
{
	int64_t one = 1;

	for (uint32_t i = 0; i < places; i++)
		one *= 10;
	while (places > least && value % 10 == 0) {
		value /= 10;
		one /= 10;
		places--;
	}
	if (places == 0)
		snprintf(text, size, "%lld", (long long)value);
	else
		snprintf(text, size, "%lld.%0*lld", (long long)(value / one), (int)places,
			 (long long)(value % one));
}

static void item(struct ubl *u, const struct part *p)
{
	const char *id = !p->gtin.n		? NULL
			 : gtin_global(p->gtin) ? "cac:StandardItemIdentification"
						: "cac:SellersItemIdentification";
	char gtin[GTIN_TEXT_MAX + 1] = "";

	if (id)
		gtin_text(p->gtin, gtin);
	xml_open(&u->x, "cac:Item");
	xml_text(&u->x, "cbc:Description", p->description);
	xml_text(&u->x, "cbc:Name", p->name[0] ? p->name : gtin[0] ? gtin : "-");
	if (id) {
		bool global = gtin_global(p->gtin);

		xml_open(&u->x, id);
		xml_marked(&u->x, "cbc:ID", global ? "schemeID" : NULL, "0160", gtin);
		xml_close(&u->x, id);
	}
	ubl_tax(u, "cac:ClassifiedTaxCategory", p->vat_bp, false);
	xml_close(&u->x, "cac:Item");
}

static void price_text(struct ubl *u, const char *element, int64_t scaled)
{
	char text[32];

	decimal_text(scaled, PRICE_PLACES, 2, text, sizeof(text));
	xml_marked(&u->x, element, "currencyID", u->x.currency, text);
}

/** BT-146; where the shelf's price was brought down also BT-147 and BT-148, before VAT like it. */
static void price(struct ubl *u, const struct part *p)
{
	struct money scaled, before = MONEY_ZERO;
	bool fits = money_ratio(p->net, (int64_t)QUANTITY_ONE * PRICE_SCALE, p->quantity_milli,
				&scaled);

	CHECK(fits); /* ubl_wrong() has bounded both */
	xml_open(&u->x, "cac:Price");
	price_text(u, "cbc:PriceAmount", money_minor(scaled));
	if (money_minor(p->list_price) > 0 &&
	    money_ratio(p->list_price, 10000 * PRICE_SCALE, 10000 + p->vat_bp, &before) &&
	    money_compare(before, scaled) > 0) {
		xml_open(&u->x, "cac:AllowanceCharge");
		xml_text(&u->x, "cbc:ChargeIndicator", "false");
		price_text(u, "cbc:Amount", money_minor(before) - money_minor(scaled));
		price_text(u, "cbc:BaseAmount", money_minor(before));
		xml_close(&u->x, "cac:AllowanceCharge");
	}
	xml_close(&u->x, "cac:Price");
}

static void part_write(struct ubl *u, const struct part *p)
{
	bool note = u->paper->credit_note;
	bool pieces = p->quantity_milli % QUANTITY_ONE == 0;
	char text[32];

	xml_open(&u->x, note ? "cac:CreditNoteLine" : "cac:InvoiceLine");
	snprintf(text, sizeof(text), "%u", p->id);
	xml_text(&u->x, "cbc:ID", text);
	decimal_text(p->quantity_milli, 3, 0, text, sizeof(text));
	xml_marked(&u->x, note ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", "unitCode",
		   pieces ? "C62" : "KGM", text);
	xml_money(&u->x, "cbc:LineExtensionAmount", p->net);
	if (p->bought.n) {
		xml_open(&u->x, "cac:InvoicePeriod");
		xml_day(&u->x, "cbc:StartDate", p->bought);
		xml_day(&u->x, "cbc:EndDate", p->bought);
		xml_close(&u->x, "cac:InvoicePeriod");
	}
	item(u, p);
	price(u, p);
	xml_close(&u->x, note ? "cac:CreditNoteLine" : "cac:InvoiceLine");
}

void ubl_lines(struct ubl *u)
{
	struct part p = {0};

	for (uint32_t i = 0; i < u->paper->lines; i++) {
		const struct paper_line *l = &u->paper->line[i];

		p.id++;
		p.name = l->name;
		p.description = "";
		p.gtin = l->gtin;
		p.bought = l->bought;
		p.quantity_milli = l->quantity_milli;
		p.vat_bp = l->vat_bp;
		p.net = l->net;
		p.list_price = money_compare(l->list_price, l->unit_price) > 0 ? l->list_price
									       : MONEY_ZERO;
		part_write(u, &p);
		if (money_minor(l->deposit) == 0 && money_minor(l->deposit_net) == 0)
			continue;
		p.id++;
		p.name = ubl_say(u, "Pant", "Deposit");
		p.description = l->name;
		p.gtin.n = 0;
		if (p.quantity_milli % QUANTITY_ONE != 0)
			p.quantity_milli = QUANTITY_ONE; /* no part of a piece bears a deposit */
		p.net = l->deposit_net;
		p.list_price = MONEY_ZERO;
		part_write(u, &p);
	}
}
