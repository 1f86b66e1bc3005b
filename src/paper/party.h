/*
 * party.h: who sells and who pays, as read from a party file. The only place where a name is held:
 * for the length of one rendering, never on the shop's box (design 6).
 *
 * A party file is JSON, ≤ PARTY_FILE_MAX bytes: {"seller": {…}, "buyer": {…}, "language":
 * "sv"|"en"}. Words of a party: name, street, street2, postcode, city, country (ISO 3166-1
 * alpha-2), email, phone, organisation_number (10 digits), vat_number (SE + 12), endpoint {scheme,
 * id} (Peppol: "0007" organisation number, "0088" GLN), of a buyer: business (true: Peppol BIS
 * 3.0), reference (BT-10); of the seller: f_tax (true), bankgiro, plusgiro, iban, bic,
 * registered_office. Unknown words are refused by name.
 */
#ifndef SHOP_PAPER_PARTY_H
#define SHOP_PAPER_PARTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/words.h"

#define PARTY_FILE_MAX 16384
#define PARTY_TEXT_MAX 120 /* bytes of UTF-8 of one field */
#define PARTY_WHY_MAX  200

struct party {
	char name[PARTY_TEXT_MAX + 1];
	char street[PARTY_TEXT_MAX + 1], street2[PARTY_TEXT_MAX + 1];
	char postcode[16], city[PARTY_TEXT_MAX + 1], country[3];
	char email[PARTY_TEXT_MAX + 1], phone[32];
	char organisation_number[11]; /* digits; Luhn holds */
	char vat_number[15];
	char endpoint_scheme[5], endpoint[51];
	char reference[PARTY_TEXT_MAX + 1];
	bool business;
	bool f_tax;
	char bankgiro[9], plusgiro[9]; /* digits; Luhn holds */
	char iban[35], bic[12];	       /* ISO 13616 check digits hold */
	char registered_office[PARTY_TEXT_MAX + 1];
};

struct parties {
	struct party seller, buyer;
	enum language language; /* of the PDF */
};

/** party_read - parses `len` bytes of a party file. False with `why`: which word, what is wrong,
 * what is right. */
MUST_CHECK bool party_read(const char *text, uint32_t len, struct parties *ret,
			   char why[PARTY_WHY_MAX]);

#endif
