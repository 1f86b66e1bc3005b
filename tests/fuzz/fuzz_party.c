/*
 * fuzz_party.c: any bytes at all as a party file. What is refused says why and leaves nothing; what
 * is taken keeps the promises of party.h, and goes through the UBL writer and the payment code.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/number.h"
#include "paper/letters.h"
#include "paper/party_words.h"
#include "paper/payqr.h"
#include "paper/ubl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_hold(const char *text, size_t room)
{
	uint32_t letter;

	CHECK(memchr(text, '\0', room));
	while ((letter = letter_next(&text)) != 0)
		CHECK(letter_shown(letter));
}

static void party_hold(const struct party *p)
{
	text_hold(p->name, sizeof(p->name));
	text_hold(p->street2, sizeof(p->street2));
	text_hold(p->email, sizeof(p->email));
	CHECK(p->name[0] && p->street[0] && p->city[0]);
	CHECK(strlen(p->country) == 2);
	CHECK(!p->organisation_number[0] || party_luhn(p->organisation_number));
	CHECK(!p->bankgiro[0] || (strlen(p->bankgiro) >= 7 && party_luhn(p->bankgiro)));
	CHECK(!p->plusgiro[0] || party_luhn(p->plusgiro));
	CHECK(!p->endpoint[0] == !p->endpoint_scheme[0]);
	CHECK(!p->iban[0] || strlen(p->iban) >= 15);
}

/* One paper of one line, 106.00 at 6 %. */
static void documents_hold(const struct parties *parties)
{
	struct paper_line line = {.seq = 1,
				  .bought = {20000},
				  .name = "Vara",
				  .quantity_milli = 1000,
				  .vat_bp = 600,
				  .gross = money_of(10600),
				  .net = money_of(10000)};
	struct paper p = {.shop = {"viken"},
			  .currency = "SEK",
			  .id = number_of(2026, 1),
			  .issued = {20001},
			  .due = {20031},
			  .rates = 1,
			  .rate = {{.vat_bp = 600,
				    .gross = money_of(10600),
				    .base = money_of(10000),
				    .vat = money_of(600)}},
			  .gross = money_of(10600),
			  .payable = money_of(10600),
			  .lines = 1,
			  .line = &line};
	char why[PARTY_WHY_MAX] = "", text[PAYQR_SIZE], *xml = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&xml, &size);

	CHECK(out);
	int err = ubl_write(&p, parties, out, why);
	fclose(out);
	CHECK((err == 0) == (size > 0) && (err == 0) == (why[0] == '\0'));
	free(xml);
	if (payqr_text(&p, parties, text) == 0)
		CHECK(strlen(text) < PAYQR_SIZE);
	memcpy(p.currency, "EUR", 4);
	if (payqr_text(&p, parties, text) == 0)
		CHECK(strlen(text) <= 331);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parties parties = {0};
	char why[PARTY_WHY_MAX] = "";

	if (size > PARTY_FILE_MAX + 1)
		return 0;
	if (!party_read((const char *)data, (uint32_t)size, &parties, why)) {
		static const struct parties none;

		CHECK(why[0] && memchr(why, '\0', sizeof(why)));
		CHECK(memcmp(&parties, &none, sizeof(none)) == 0);
		return 0;
	}
	party_hold(&parties.seller);
	party_hold(&parties.buyer);
	documents_hold(&parties);
	return 0;
}
