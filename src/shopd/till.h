/* till.h: goods and baskets at a till's scanner. */
#ifndef SHOP_SHOPD_TILL_H
#define SHOP_SHOPD_TILL_H

#include "shopd/shopd.h"

/** till_goods - a frame that is no token and no basket. */
void till_goods(struct shopd *sd, uint8_t reader, struct span frame);

/** till_basket_text - whether a frame begins as a basket does. till_basket - such a frame, into the
 * visit of who stands there. */
bool till_basket_text(struct span frame);
void till_basket(struct shopd *sd, uint8_t reader, struct span frame);

/** till_booked - the book of `visit`, for which a basket waited, is there (`read`), or cannot be
 * had now. */
void till_booked(struct shopd *sd, uint8_t reader, struct visit_id visit, bool read);

/** till_no_room - what was shown at this till is refused: the disk has no room, or its queue. */
void till_no_room(struct shopd *sd, uint8_t reader, bool token);

#endif
