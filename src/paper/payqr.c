/*
 * payqr.c: what a payment QR says. For kronor the Swedish invoice QR: one line of JSON, in plain
 * ASCII (å as \u00e5) so that no bank's scanner has to guess an encoding, giros with their hyphen
 * because banks refuse them without. For euro EPC069-12 version 2; the OCR number stands there as
 * text, since the structured field takes ISO 11649 references alone and banks refuse others in it.
 *
 * Amounts are written from whole öre or cents, never by way of a fraction.
 */
#include "paper/payqr.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "books/number.h"
#include "paper/letters.h"

/** Letters of a payee's name in EPC069-12; bytes of it in the Swedish one, which says nothing of a
 * bound: a code of a longer one would be hard to read off paper. */
#define NAME_LETTERS_MAX 70
#define NAME_SIZE_MAX	 100
/** EPC069-12: 0.01 to 999999999.99. */
#define EPC_MINOR_MAX 99999999999
/** EPC069-12: version 13, level M. */
#define EPC_SIZE_MAX 331

/** A text being built; `full` once something did not fit. */
struct qr {
	char *text;
	size_t len;
	bool full;
};

__attribute__((format(printf, 2, 3))) static void put(struct qr *q, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(q->text + q->len, PAYQR_SIZE - q->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= PAYQR_SIZE - q->len)
		q->full = true;
	else
		q->len += (size_t)n;
}

/** A JSON string in ASCII: everything else by its UTF-16 units. */
static void put_string(struct qr *q, const char *text)
{
	size_t end = q->len + NAME_SIZE_MAX;
	uint32_t letter;

	put(q, "\"");
	while (q->len < end && (letter = letter_next(&text)) != 0) {
		if (letter == '"' || letter == '\\')
			put(q, "\\%c", (int)letter);
		else if (letter >= 0x20 && letter < 0x7f)
			put(q, "%c", (int)letter);
		else if (letter < 0x10000)
			put(q, "\\u%04x", letter);
		else
			put(q, "\\u%04x\\u%04x", 0xd800 + ((letter - 0x10000) >> 10),
			    0xdc00 + ((letter - 0x10000) & 0x3ff));
	}
	put(q, "\"");
}

/** "9912346" as "991-2346": the hyphen stands before the last `tail` digits. */
static void put_hyphened(struct qr *q, const char *digits, int tail)
{
	int head = (int)strlen(digits) - tail;

	put(q, "\"%.*s-%s\"", head, digits, digits + head);
}

static void put_day(struct qr *q, const char *word, struct day day)
{
	int32_t year, month, of_month;

	day_civil(day, &year, &month, &of_month);
	put(q, ",\"%s\":\"%04d%02d%02d\"", word, (int)year, (int)month, (int)of_month);
}

/** The Swedish invoice QR, with the first of the seller's bankgiro, plusgiro, IBAN. */
static int invoice_qr(const struct paper *p, const struct party *seller, struct qr *q)
{
	char amount[MONEY_TEXT_SIZE], ocr[OCR_TEXT_SIZE];

	if (!seller->organisation_number[0] || !seller->name[0] || !p->due.n)
		return -EINVAL;
	if (!seller->bankgiro[0] && !seller->plusgiro[0] && !seller->iban[0])
		return -EINVAL;
	money_text(p->payable, amount);
	ocr_text(p->id, ocr);
	put(q, "{\"uqr\":1,\"tp\":1,\"nme\":");
	put_string(q, seller->name);
	put(q, ",\"cid\":");
	put_hyphened(q, seller->organisation_number, 4);
	put(q, ",\"iref\":\"%s\"", ocr);
	put_day(q, "idt", p->issued);
	put_day(q, "ddt", p->due);
	put(q, ",\"due\":%s,\"cur\":\"SEK\",\"pt\":", amount);
	if (seller->bankgiro[0]) {
		put(q, "\"BG\",\"acc\":");
		put_hyphened(q, seller->bankgiro, 4);
	} else if (seller->plusgiro[0]) {
		put(q, "\"PG\",\"acc\":");
		put_hyphened(q, seller->plusgiro, 1);
	} else {
		put(q, "\"IBAN\",\"acc\":\"%s\"", seller->iban);
		if (seller->bic[0])
			put(q, ",\"bc\":\"%s\"", seller->bic);
	}
	put(q, "}");
	return 0;
}

/** EPC069-12: lines; BIC may be missing within the EEA, purpose and structured reference are. */
static int epc_qr(const struct paper *p, const struct party *seller, struct qr *q)
{
	char amount[MONEY_TEXT_SIZE], ocr[OCR_TEXT_SIZE];
	const char *rest = seller->name;

	if (!seller->iban[0] || !seller->name[0] || money_minor(p->payable) > EPC_MINOR_MAX)
		return -EINVAL;
	money_text(p->payable, amount);
	ocr_text(p->id, ocr);
	for (uint32_t n = 0; n < NAME_LETTERS_MAX; n++)
		letter_next(&rest);
	put(q, "BCD\n002\n1\nSCT\n%s\n%.*s\n%s\nEUR%s\n\n\n%s", seller->bic,
	    (int)(rest - seller->name), seller->name, seller->iban, amount, ocr);
	return q->len <= EPC_SIZE_MAX ? 0 : -EINVAL;
}

int payqr_text(const struct paper *p, const struct parties *parties, char text[PAYQR_SIZE])
{
	char made[PAYQR_SIZE];
	struct qr q = {made, 0, false};
	int err = -EINVAL;

	if (p->credit_note || money_minor(p->payable) <= 0)
		return -EINVAL;
	if (strcmp(p->currency, "SEK") == 0)
		err = invoice_qr(p, &parties->seller, &q);
	else if (strcmp(p->currency, "EUR") == 0)
		err = epc_qr(p, &parties->seller, &q);
	if (err != 0 || q.full)
		return -EINVAL;
	memcpy(text, made, q.len + 1);
	return 0;
}
