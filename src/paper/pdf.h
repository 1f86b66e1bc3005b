/*
 * pdf.h: an invoice or credit note as PDF, A4, by cairo, in Swedish or English, with the payment QR
 * by libqrencode. For a short-lived process: cairo and fontconfig keep what they have loaded.
 */
#ifndef SHOP_PAPER_PDF_H
#define SHOP_PAPER_PDF_H

#include <stdio.h>

#include "books/invoice.h"
#include "paper/party.h"

/** pdf_write - 0, or -errno; any number of lines, over as many pages as they need. */
MUST_CHECK int pdf_write(const struct paper *p, const struct parties *parties, FILE *out);

#endif
