/*
 * payqr.h: what the payment QR on an invoice says: EPC069-12 v2 for EUR, the Swedish invoice QR
 * (UsingQR specification 1.0: one line of JSON) for SEK.
 */
#ifndef SHOP_PAPER_PAYQR_H
#define SHOP_PAPER_PAYQR_H

#include "books/invoice.h"
#include "paper/party.h"

/** EPC069-12: ≤ 331 bytes (version 13, level M). The Swedish one is shorter. */
#define PAYQR_SIZE 400

/** payqr_text - 0 and NUL-terminated text; -EINVAL when the seller has no account for the currency,
 * or nothing is to be paid. */
MUST_CHECK int payqr_text(const struct paper *p, const struct parties *parties,
			  char text[PAYQR_SIZE]);

#endif
