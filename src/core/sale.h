/* sale.h: scan = bought (contracts 3): what becomes of a line, put, repeated or taken back. */
#ifndef SHOP_CORE_SALE_H
#define SHOP_CORE_SALE_H

#include "core/effect.h"

struct step;

/** sale_put, sale_void, sale_goods - the events. */
void sale_put(struct step *s, const struct event_line_put *e);
void sale_void(struct step *s, const struct event_line_void *e);
void sale_goods(struct step *s, const struct event_goods *e);

#endif
