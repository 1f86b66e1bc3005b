/*
 * ubl.h: an invoice or credit note as UBL 2.1 XML: EN 16931 core for consumers, Peppol BIS
 * Billing 3.0 for businesses (consumers cannot receive Peppol). Every amount is exact to the öre
 * and comes from the paper; nothing is computed again.
 */
#ifndef SHOP_PAPER_UBL_H
#define SHOP_PAPER_UBL_H

#include <stdio.h>

#include "books/invoice.h"
#include "paper/party.h"

/** ubl_write - 0, or -errno of the stream; -EINVAL with `why` when the parties lack what the
 * profile asks for (a business buyer without endpoint …). */
MUST_CHECK int ubl_write(const struct paper *p, const struct parties *parties, FILE *out,
			 char why[PARTY_WHY_MAX]);

#endif
