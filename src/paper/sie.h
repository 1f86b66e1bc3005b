/*
 * sie.h: the books of a month as SIE 4I (sie.se, "SIE filformat" utgåva 4C), for any Swedish
 * bookkeeping program: CP437, CRLF, one #VER a day and kind, one #TRANS an account.
 */
#ifndef SHOP_PAPER_SIE_H
#define SHOP_PAPER_SIE_H

#include <stdio.h>

#include "base/day.h"
#include "base/money.h"
#include "paper/party.h"
#include "wire/entry.h"

struct sie; /* a file being written */

/** sie_begin - the head (#FLAGGA #FORMAT #PROGRAM #GEN #SIETYP #FNAMN #ORGNR #KONTO …).
 * sie_verification - begins one: series, number, day, text. sie_transaction - one account of it.
 * sie_end - closes the last one, checks that every one sums to 0, frees: 0, or -errno of the
 * stream, -EINVAL when one did not. */
MUST_CHECK int sie_begin(FILE *out, const struct party *seller, const struct entry_chart *chart,
			 struct day generated, struct sie **ret);
void sie_verification(struct sie *s, char series, uint32_t number, struct day day,
		      const char *text);
void sie_transaction(struct sie *s, uint32_t account, struct money amount);
MUST_CHECK int sie_end(struct sie *s);

#endif
