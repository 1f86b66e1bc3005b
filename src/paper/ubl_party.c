/*
 * ubl_party.c: seller and buyer (EN 16931 BG-4, BG-7). A consumer is a name and an address, nothing
 * else: what a document does not need of a person is not in it.
 */
#include "paper/ubl_part.h"

#include <string.h>

/** The organisation number's scheme (ISO 6523), in Sweden alone. */
#define SWEDISH_REGISTER "0007"

static void address(struct xml *x, const struct party *p)
{
	xml_open(x, "cac:PostalAddress");
	xml_text(x, "cbc:StreetName", p->street);
	xml_text(x, "cbc:AdditionalStreetName", p->street2);
	xml_text(x, "cbc:CityName", p->city);
	xml_text(x, "cbc:PostalZone", p->postcode);
	xml_open(x, "cac:Country");
	xml_text(x, "cbc:IdentificationCode", p->country);
	xml_close(x, "cac:Country");
	xml_close(x, "cac:PostalAddress");
}

static void tax_scheme(struct xml *x, const char *id, const char *scheme)
{
	if (!id[0])
		return;
	xml_open(x, "cac:PartyTaxScheme");
	xml_text(x, "cbc:CompanyID", id);
	xml_open(x, "cac:TaxScheme");
	xml_text(x, "cbc:ID", scheme);
	xml_close(x, "cac:TaxScheme");
	xml_close(x, "cac:PartyTaxScheme");
}

static void legal(struct xml *x, const struct party *p, const char *form)
{
	xml_open(x, "cac:PartyLegalEntity");
	xml_text(x, "cbc:RegistrationName", p->name);
	xml_marked(x, "cbc:CompanyID", "schemeID", SWEDISH_REGISTER, p->organisation_number);
	xml_text(x, "cbc:CompanyLegalForm", form);
	xml_close(x, "cac:PartyLegalEntity");
}

static void contact(struct xml *x, const struct party *p)
{
	if (!p->phone[0] && !p->email[0])
		return;
	xml_open(x, "cac:Contact");
	xml_text(x, "cbc:Telephone", p->phone);
	xml_text(x, "cbc:ElectronicMail", p->email);
	xml_close(x, "cac:Contact");
}

void ubl_seller(struct ubl *u)
{
	const struct party *p = &u->parties->seller;
	char form[PARTY_TEXT_MAX + 32] = "";

	if (p->registered_office[0])
		snprintf(form, sizeof(form), "%s: %s", ubl_say(u, "Säte", "Registered office"),
			 p->registered_office);
	xml_open(&u->x, "cac:AccountingSupplierParty");
	xml_open(&u->x, "cac:Party");
	if (u->peppol)
		xml_marked(&u->x, "cbc:EndpointID", "schemeID", p->endpoint_scheme, p->endpoint);
	address(&u->x, p);
	tax_scheme(&u->x, p->vat_number, "VAT");
	/* in these very words, whatever the language (SE-R-005) */
	if (p->f_tax)
		tax_scheme(&u->x, "Godkänd för F-skatt", "TAX");
	legal(&u->x, p, form);
	contact(&u->x, p);
	xml_close(&u->x, "cac:Party");
	xml_close(&u->x, "cac:AccountingSupplierParty");
}

/** What of a buyer leaves the party file: of a consumer its name and address alone. */
static void buyer_shown(const struct ubl *u, struct party *ret)
{
	const struct party *p = &u->parties->buyer;

	*ret = *p;
	if (u->peppol)
		return;
	ret->organisation_number[0] = ret->vat_number[0] = '\0';
	ret->endpoint[0] = ret->phone[0] = ret->email[0] = '\0';
}

void ubl_buyer(struct ubl *u)
{
	struct party p;

	buyer_shown(u, &p);
	xml_open(&u->x, "cac:AccountingCustomerParty");
	xml_open(&u->x, "cac:Party");
	xml_marked(&u->x, "cbc:EndpointID", "schemeID", p.endpoint_scheme, p.endpoint);
	address(&u->x, &p);
	tax_scheme(&u->x, p.vat_number, "VAT");
	legal(&u->x, &p, "");
	contact(&u->x, &p);
	xml_close(&u->x, "cac:Party");
	xml_close(&u->x, "cac:AccountingCustomerParty");
}
