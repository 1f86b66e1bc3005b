/* invoice_json.h: an invoice or credit note for programs and for people; the same words as the HTTP
 * API's. */
#ifndef SHOP_SHOPCTL_INVOICE_JSON_H
#define SHOP_SHOPCTL_INVOICE_JSON_H

#include "shopctl/desk.h"
#include "shopctl/text.h"

/** invoice_json - one as an object; NULL when memory ran out. */
json_t *invoice_json(const struct shop_rules *s, const struct invoice_row *i);
/** invoice_line_json - one line of its paper. */
json_t *invoice_line_json(const struct paper_line *l);

/** invoice_left - what is still to be paid; 0 of a credit note. */
struct money invoice_left(const struct invoice_row *i);

/** invoice_table - titles. invoice_cells - one row of it. */
void invoice_table(struct table *t);
void invoice_cells(struct table *t, const struct shop_rules *s, const struct invoice_row *i);

#endif
