/* party_words.h: what a word of a party file may say, each checked and brought into the form that
 * documents want. Internal to paper/. */
#ifndef SHOP_PAPER_PARTY_WORDS_H
#define SHOP_PAPER_PARTY_WORDS_H

#include "paper/party.h"

/** Checks `text` and writes its plain form into `to` (`size` bytes with the NUL). NULL, or what
 * would be right, in words. */
typedef const char *party_take(const char *text, char *to, uint32_t size);

party_take party_text, party_country, party_email, party_phone, party_organisation, party_vat,
	party_bankgiro, party_plusgiro, party_iban, party_bic, party_scheme, party_endpoint;

/** party_gln - 13 digits with a right check digit (GS1). */
bool party_gln(const char *digits);
/** party_luhn - whether the last of these digits checks the others. */
bool party_luhn(const char *digits);

#endif
