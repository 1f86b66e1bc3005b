/* bill_paper.h: an invoice or credit note of a shop, from its entries and lines, as its renderer
 * wants it. */
#ifndef SHOP_OFFICED_BILL_PAPER_H
#define SHOP_OFFICED_BILL_PAPER_H

#include "books/invoice.h"
#include "officed/office.h"

/** bill_paper - one allocation, the caller's: free(). NULL when there is none, its lines do not add
 * up (-EBADMSG in *ret_error, else 0), or the database failed (db_failed). Within a transaction. */
struct paper *bill_paper(struct office *o, const char *shop, struct invoice_id id, int *ret_error);

/** document_show - GET /v1/shops/{shop}/invoices/{number}; of a member who asks for herself, hers.
 */
extern route_fn document_show;

#endif
