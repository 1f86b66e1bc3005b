/* shown.h: what becomes of a token that is shown, and who is told. */
#ifndef SHOP_CORE_SHOWN_H
#define SHOP_CORE_SHOWN_H

#include "core/event.h"

struct step;

/** shown_at_door - lets in, or refuses. */
void shown_at_door(struct step *s, const struct event_token *e);

/** shown_at_till - the member's visit is joined or opened: for the till's scanner, or for the phone
 * that asked, which gets a bearer. */
void shown_at_till(struct step *s, const struct event_token *e);

/** shown_for_session - a browser wants to know who it speaks for. */
void shown_for_session(struct step *s, const struct event_token *e);

/** shown_no_token - a frame that is no token at all. */
void shown_no_token(struct step *s, const struct event_frame_refused *e);

#endif
