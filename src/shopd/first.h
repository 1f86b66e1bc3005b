/*
 * first.h: the first hour of a box: while it has no owner, and no office that says who is, it shows
 * a code on its own console that makes whoever holds it the owner, once.
 */
#ifndef SHOP_SHOPD_FIRST_H
#define SHOP_SHOPD_FIRST_H

#include "shopd/shopd.h"

/** What RUN/ has while a code is shown, and only then; 0600, for the console's login prompt. */
#define FIRST_ISSUE "first-owner.issue"

/** So many wrong codes within FIRST_MINUTE_MS, and for as long whoever brings another wrong one is
 * told to wait. The right one is always looked at. */
#define FIRST_WRONG_MAX 5
#define FIRST_MINUTE_MS 60000

/** first_look - the roster or the office has changed: a code is drawn, stays, or dies. */
void first_look(struct shopd *sd);

/** first_stop - nothing is shown any more. */
void first_stop(struct shopd *sd);

/** first_message - answers FIRST_OWNER; false: it is none. */
bool first_message(struct shopd *sd, uint32_t peer, const union message *m);

/** first_tell - MESSAGE_DONE with the code, for whoever may use shopctl; or why there is none. */
void first_tell(struct shopd *sd, uint32_t peer, uint32_t request);

/** first_changed - what became of the owner that was asked for, or taken back, under TAG_FIRST. */
void first_changed(struct shopd *sd, const struct changed *c);

#endif
